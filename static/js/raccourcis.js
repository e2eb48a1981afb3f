// Raccourcis clavier, listés par « ? » ; coupés par data-raccourcis="non" sur <html>.
const champ = (e) => e.target.closest?.("input, textarea, select, [contenteditable]");
const lien = (nom) => document.querySelector(`[data-raccourci="${nom}"]`);
const formulaire = () =>
  document.querySelector("form[data-principal]") ??
  document.querySelector(".actions-bas")?.closest("form");

function envoyer(form) {
  if (!form) return false;
  form.requestSubmit(form.querySelector(".bouton--principal:not([type=button])"));
  return true;
}

function chercher() {
  const recherche = document.getElementById("recherche");
  recherche?.focus();
  recherche?.select();
  return Boolean(recherche);
}

function aide() {
  const dialogue = document.getElementById("raccourcis");
  if (!dialogue || dialogue.open) return false;
  dialogue.showModal();
  return true;
}

function suivre(nom) {
  const cible = lien(nom);
  cible?.click();
  return Boolean(cible);
}

const avecAlt = {
  KeyT: () => suivre("transmission"),
  KeyS: () => envoyer(formulaire()),
  KeyP: () => suivre("imprimer"),
  ArrowLeft: (e) => !champ(e) && suivre("precedent"),
  ArrowRight: (e) => !champ(e) && suivre("suivant"),
};

function geste(e) {
  if (e.altKey && !e.ctrlKey && !e.metaKey) return avecAlt[e.code]?.(e);
  if (e.ctrlKey || e.metaKey) {
    if (e.key === "k") return chercher();
    if (e.key === "Enter") return e.target.matches("textarea") && envoyer(e.target.form);
    return false;
  }
  if (champ(e)) return false;
  return e.key === "/" ? chercher() : e.key === "?" && aide();
}

if (document.documentElement.dataset.raccourcis !== "non") {
  document.addEventListener("keydown", (e) => {
    if (!e.defaultPrevented && !e.repeat && geste(e)) e.preventDefault();
  });
}
