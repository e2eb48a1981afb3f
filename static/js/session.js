// Prévient 60 s avant le verrouillage ; sans réponse, enregistre le brouillon puis verrouille.
// L'activité est partagée entre les onglets et redite au serveur, qui tient le vrai délai.
// Une session qui se ferme dans un onglet quitte tous les autres, qui enregistrent d'abord.
const { delai: secondes, presence, compte } = document.documentElement.dataset;
const delai = Number(secondes) * 1000;
const dialogue = document.getElementById("session");
const CLE = "dui-activite";
const canal = new BroadcastChannel("dui-session");
let dite = Date.now(), attendus = 0, parti = false;

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

const attendre = (delai) => new Promise((fin) => setTimeout(fin, delai));
const ici = () => encodeURIComponent(location.pathname + location.search);

function enregistrer() {
  const attentes = [];
  document.dispatchEvent(new CustomEvent("dui:enregistrer", { detail: attentes }));
  return Promise.race([Promise.allSettled(attentes), attendre(3000)]);
}

// Les autres onglets répondent aussitôt « attends », puis « pret » quand leur texte est gardé.
async function prevenir() {
  const limite = Date.now() + 3000;
  attendus = 0;
  canal.postMessage("fermer");
  do await attendre(100); while (attendus > 0 && Date.now() < limite);
}

// Le texte d'abord, la porte ensuite ; la page retrouvée est celle que dit la barre d'adresse.
async function fermer(form) {
  clearInterval(horloge);
  parti = true;
  await Promise.all([enregistrer(), prevenir()]);
  if (form.matches("[action^='/verrou/']")) form.action = `/verrou/?suite=${ici()}`;
  form.submit();
}

async function fermee() {
  const reponse = await fetch(presence, { redirect: "manual" }).catch(() => null);
  return reponse && (reponse.type === "opaqueredirect" || reponse.headers.get("Dui-Compte") !== compte);
}

function partir() {
  parti = document.body.hidden = true;
  clearInterval(horloge);
  location.replace(`/verrou/?suite=${ici()}`);
}

// Fermée ailleurs : rien ne reste à l'écran, et l'on part quand le serveur le confirme.
async function suivre() {
  parti = document.body.hidden = true;
  canal.postMessage("attends");
  await enregistrer();
  canal.postMessage("pret");
  for (let essai = 0; essai < 20 && !(await fermee()); essai += 1) await attendre(250);
  partir();
}

async function verifier() {
  if (!parti && presence && document.visibilityState === "visible" && (await fermee())) partir();
}

const suites = {
  fermer: () => (parti ? null : suivre()),
  attends: () => { attendus += 1; },
  pret: () => { attendus -= 1; },
};
canal.addEventListener("message", ({ data }) => suites[data]());
document.addEventListener("visibilitychange", verifier);
addEventListener("pageshow", (e) => e.persisted && verifier());

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
