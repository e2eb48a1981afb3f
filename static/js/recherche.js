// Suggestions sous le champ de recherche : une seule requête à la fois, la précédente abandonnée.
function suivre(form) {
  const champ = form.querySelector("input[type=search]");
  let liste = null, requete = null, minuterie = 0;

  const options = () => [...(liste?.querySelectorAll("[role=option]") ?? [])];

  function fermer() {
    liste?.remove();
    liste = null;
    champ.setAttribute("aria-expanded", "false");
    champ.removeAttribute("aria-activedescendant");
  }

  function choisir(pas) {
    const tous = options();
    if (!tous.length || !pas) return;
    const actuel = tous.findIndex((o) => o.ariaSelected === "true");
    const suivant = (actuel + pas + tous.length + (actuel < 0 && pas < 0 ? 1 : 0)) % tous.length;
    tous.forEach((o, i) => { o.ariaSelected = String(i === suivant); o.id ||= `suggestion-${i}`; });
    champ.setAttribute("aria-activedescendant", tous[suivant].id);
    tous[suivant].scrollIntoView({ block: "nearest" });
  }

  async function chercher() {
    requete?.abort();
    if (champ.value.trim().length < 2) return fermer();
    requete = new AbortController();
    const url = `${form.action}?q=${encodeURIComponent(champ.value)}`;
    const headers = { "HX-Request": "true", Accept: "text/html" };
    const reponse = await fetch(url, { headers, signal: requete.signal, redirect: "error" });
    if (!reponse.ok) return fermer();
    const [html, avant] = [await reponse.text(), options().find((o) => o.ariaSelected === "true")];
    fermer();
    form.insertAdjacentHTML("beforeend", html);
    if (!(liste = form.querySelector("[role=listbox]"))) return;
    champ.setAttribute("aria-controls", liste.id);
    champ.setAttribute("aria-expanded", "true");
    choisir(options().findIndex((o) => avant?.href && o.href === avant.href) + 1);
  }

  Object.assign(champ, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
  champ.addEventListener("input", () => {
    clearTimeout(minuterie);
    minuterie = setTimeout(() => chercher().catch(() => {}), 120);
  });
  champ.addEventListener("keydown", (e) => {
    const choisie = options().find((o) => o.ariaSelected === "true");
    if (e.key === "ArrowDown" || e.key === "ArrowUp") choisir(e.key === "ArrowDown" ? 1 : -1);
    else if (e.key === "Enter" && choisie) choisie.click();
    else if (e.key === "Escape" && liste) fermer();
    else return;
    e.preventDefault();
  });
  // Sans quoi l'appui sur un résultat fermerait la liste avant le clic.
  form.addEventListener("mousedown", (e) => { if (liste?.contains(e.target)) e.preventDefault(); });
  form.addEventListener("focusout", (e) => { if (!form.contains(e.relatedTarget)) fermer(); });
}

document.querySelectorAll("form[data-recherche]").forEach(suivre);
