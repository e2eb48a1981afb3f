// Recherche dans l'annuaire santé pendant la frappe : le serveur rend le fragment, la page suit.
function suivre(form) {
  const cible = document.getElementById(form.dataset.annuaire);
  const adresse = form.dataset.fragment || location.pathname;
  let requete = null, minuterie = 0;

  async function chercher() {
    requete?.abort();
    requete = new AbortController();
    const parametres = new URLSearchParams(new FormData(form));
    const headers = { "HX-Request": "true", Accept: "text/html" };
    const options = { headers, signal: requete.signal, redirect: "error" };
    const reponse = await fetch(`${adresse}?${parametres}`, options);
    if (!reponse.ok) return;
    // Ce qui est déjà choisi le reste, même si la recherche change.
    const choisi = cible.querySelector("input[type=radio]:checked")?.closest("label");
    cible.innerHTML = await reponse.text();
    if (!choisi) return;
    const valeur = choisi.querySelector("input").value;
    const meme = [...cible.querySelectorAll("input[type=radio]")].find((i) => i.value === valeur);
    if (meme) meme.checked = true;
    else cible.prepend(choisi);
  }

  form.addEventListener("input", () => {
    clearTimeout(minuterie);
    minuterie = setTimeout(() => chercher().catch(() => {}), 200);
  });
}

document.querySelectorAll("form[data-annuaire]").forEach(suivre);
