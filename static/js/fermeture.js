// Une session fermée dans un onglet quitte tous les autres, qui enregistrent d'abord leur texte.
const { presence, compte } = document.documentElement.dataset;
const canal = new BroadcastChannel("dui-session");
let attendus = 0, parti = false;

const attendre = (delai) => new Promise((fin) => setTimeout(fin, delai));
const verrou = () => `/verrou/?suite=${encodeURIComponent(location.pathname + location.search)}`;

function enregistrer() {
  const attentes = [];
  document.dispatchEvent(new CustomEvent("dui:enregistrer", { detail: attentes }));
  return Promise.race([Promise.allSettled(attentes), attendre(3000)]);
}

// Les autres onglets répondent aussitôt « attends », puis « pret » quand leur texte est gardé.
async function prevenir() {
  const limite = Date.now() + 3000;
  canal.postMessage("fermer");
  do await attendre(100); while (attendus > 0 && Date.now() < limite);
}

// Le texte d'abord, la porte ensuite ; la page retrouvée est celle que dit la barre d'adresse.
async function fermer(form) {
  if (parti) return;
  parti = true;
  await Promise.all([enregistrer(), prevenir()]);
  if (form.matches("[action^='/verrou/']")) form.action = verrou();
  form.submit();
}

async function fermee() {
  const reponse = await fetch(presence, { redirect: "manual" }).catch(() => null);
  return reponse && (reponse.type === "opaqueredirect" || reponse.headers.get("Dui-Compte") !== compte);
}

function partir() {
  parti = document.body.hidden = true;
  location.replace(verrou());
}

// Rien ne reste à l'écran, et l'on part quand le serveur confirme que la session est fermée.
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

const suites = { fermer: () => parti || suivre(), attends: () => { attendus += 1; }, pret: () => { attendus -= 1; } };
canal.addEventListener("message", ({ data }) => suites[data]());
document.addEventListener("dui:fermer", ({ detail }) => fermer(detail));
document.addEventListener("visibilitychange", verifier);
addEventListener("pageshow", (e) => e.persisted && (parti ? location.reload() : verifier()));
