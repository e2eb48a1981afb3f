// Prévient 60 s avant le verrouillage ; sans réponse, demande la fermeture (fermeture.js).
// L'activité est partagée entre les onglets et redite au serveur, qui tient le vrai délai.
const { delai: secondes, presence } = document.documentElement.dataset;
const delai = Number(secondes) * 1000;
const dialogue = document.getElementById("session");
const CLE = "dui-activite";
let dite = Date.now();

const derniere = () => Number(localStorage.getItem(CLE)) || Date.now();

function bouger() {
  if (dialogue.open) return;
  localStorage.setItem(CLE, Date.now());
  if (Date.now() - dite > delai / 3) dire();
}

function dire() {
  dite = Date.now();
  fetch(presence, { redirect: "manual" }).catch(() => {});
}

function rester() {
  bouger();
  dire();
}

function fermer(form) {
  clearInterval(horloge);
  document.dispatchEvent(new CustomEvent("dui:fermer", { detail: form }));
}

function veiller() {
  const reste = delai - (Date.now() - derniere());
  if (reste <= 0) return fermer(document.getElementById("verrouiller"));
  if (reste > 60000) return dialogue.open && dialogue.close();
  if (!dialogue.open) dialogue.showModal();
  dialogue.querySelector("[data-decompte]").textContent = `${Math.ceil(reste / 1000)} secondes`;
}

let horloge = 0;
for (const form of document.querySelectorAll("form:is([action^='/verrou/'], [action='/deconnexion/'])")) {
  form.addEventListener("submit", (e) => { e.preventDefault(); fermer(form); });
}
if (delai && dialogue) {
  localStorage.setItem(CLE, Date.now());
  for (const geste of ["pointerdown", "keydown", "wheel"]) {
    document.addEventListener(geste, bouger, { passive: true });
  }
  dialogue.addEventListener("close", rester);
  dialogue.querySelector("[data-rester]").addEventListener("click", () => dialogue.close());
  horloge = setInterval(veiller, 1000);
}
