// Enregistre le brouillon d'un formulaire : 1,5 s après la frappe, au plus tard toutes les 4 s.
// « Enregistré à 14:02 » n'est dit qu'après la réponse du serveur ; un échec garde tout.
function suivre(form) {
  const etat = form.querySelector("[data-etat-brouillon]");
  let change = false, enCours = null, minuterie = 0, depuis = 0, arret = false;

  function dire(nom, ton, champ, texte) {
    const contenu = form.querySelector(`template[data-etat="${nom}"]`)?.content.cloneNode(true);
    if (!etat || !contenu) return;
    if (texte) contenu.querySelector(champ).textContent = texte;
    etat.className = `etat-brouillon ${ton}`;
    etat.replaceChildren(contenu);
  }

  function envoi(options) {
    const corps = new FormData(form);
    for (const [nom, valeur] of [...corps]) if (valeur instanceof File) corps.delete(nom);
    return fetch(form.dataset.brouillon, { method: "POST", body: corps, headers: { Accept: "application/json" }, ...options });
  }

  async function tenter() {
    [change, depuis] = [false, 0];
    dire("cours", "gris");
    const reponse = await envoi({ redirect: "manual", signal: AbortSignal.timeout(8000) });
    arret = reponse.type === "opaqueredirect" || reponse.status === 401;
    const { enregistre_a: heure, reprise } = reponse.ok ? await reponse.json() : {};
    if (!heure) throw new SyntaxError();
    const ici = new URL(location); // with the house: read again, the page is that of the draft
    for (const [nom, valeur] of new URL(reprise, location).searchParams) ici.searchParams.set(nom, valeur);
    history.replaceState(history.state, "", ici);
    dire("enregistre", "", "[data-heure]", heure);
  }

  function echouer(erreur) {
    change = true;
    const cause = erreur instanceof SyntaxError ? "le serveur n’a pas répondu" : "";
    dire(arret ? "ferme" : "echec", "rouge", "[data-cause]", arret ? "" : cause);
    return 5000;
  }

  function enregistrer() {
    clearTimeout(minuterie);
    if (!change || arret) return enCours;
    const fini = (delai) => { enCours = null; if (change) programmer(delai); };
    enCours ??= tenter().then(() => 1500, echouer).then(fini);
    return enCours;
  }
  function programmer(delai) { clearTimeout(minuterie); minuterie = setTimeout(enregistrer, delai); }

  form.addEventListener("input", () => {
    [change, depuis] = [true, depuis || Date.now()];
    programmer(Math.max(0, Math.min(1500, 4000 - (Date.now() - depuis))));
  });
  form.addEventListener("focusout", enregistrer);
  form.addEventListener("submit", () => { arret = true; });
  addEventListener("pageshow", () => { arret = false; });
  addEventListener("pagehide", () => { if (change && !arret) envoi({ keepalive: true }); });
  document.addEventListener("dui:enregistrer", (e) => e.detail.push(Promise.resolve(enregistrer()).then(enregistrer)));
}
document.querySelectorAll("form[data-brouillon]").forEach(suivre);
