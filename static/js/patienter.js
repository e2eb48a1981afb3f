// form[data-patienter] : un appel au-dehors est parti, on le dit et on n'en fait pas un second.
function suivre(form) {
  const etat = form.querySelector("[data-patience]");
  form.addEventListener("submit", (e) => {
    if (form.dataset.parti) return e.preventDefault();
    form.dataset.parti = "oui";
    form.setAttribute("aria-busy", "true");
    for (const bouton of form.querySelectorAll("button")) bouton.setAttribute("aria-disabled", "true");
    etat.textContent = etat.dataset.patience;
  });
}

function reprendre(form) {
  delete form.dataset.parti;
  form.removeAttribute("aria-busy");
  for (const bouton of form.querySelectorAll("button")) bouton.removeAttribute("aria-disabled");
  form.querySelector("[data-patience]").textContent = "";
}

const formulaires = document.querySelectorAll("form[data-patienter]");
formulaires.forEach(suivre);
// « Précédent » retrouve la page telle qu'on l'a quittée.
addEventListener("pageshow", (e) => e.persisted && formulaires.forEach(reprendre));
