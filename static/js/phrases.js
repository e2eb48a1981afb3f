// Phrases usuelles : celles de la cible choisie ; une pression ajoute la phrase aux données, sans
// rien effacer. Sans script, ce qui est coché s'ajoute à l'enregistrement.
function ajouter(zone, phrase) {
  if (zone.value.includes(phrase)) return;
  const debut = zone.value.trimEnd();
  zone.value = debut ? `${debut} ${phrase}` : phrase;
  zone.dispatchEvent(new Event("input", { bubbles: true }));
}

function montrer(bloc, code) {
  const lots = [...bloc.querySelectorAll("[data-cible]")];
  for (const lot of lots) lot.hidden = lot.dataset.cible !== code;
  bloc.hidden = lots.every((lot) => lot.hidden);
  bloc.open = !bloc.hidden;
}

function suivre(bloc) {
  const form = bloc.closest("form");
  const choisie = () => {
    const cible = form.querySelector('[name="cible"]:checked');
    return cible?.dataset.code ?? cible?.value;
  };
  form.addEventListener("change", (e) => {
    if (e.target.name === "cible") montrer(bloc, choisie());
    if (e.target.name !== "phrases" || !e.target.checked) return;
    e.target.checked = false;
    ajouter(form.elements.donnees, e.target.value);
  });
  bloc.classList.add("phrases--choisies");
  montrer(bloc, choisie());
}

document.querySelectorAll("[data-phrases]").forEach(suivre);
