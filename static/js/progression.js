// Suit un travail long : redemande le fragment chaque seconde, montre le résultat quand il est là.
async function suivre(bloc) {
  while (bloc.isConnected && bloc.dataset.termine !== "oui" && bloc.dataset.progression) {
    await new Promise((resoudre) => setTimeout(resoudre, 1000));
    try {
      const headers = { "HX-Request": "true", Accept: "text/html" };
      const reponse = await fetch(bloc.dataset.progression, { headers, redirect: "error" });
      if (!reponse.ok) continue;
      const modele = document.createElement("template");
      modele.innerHTML = await reponse.text();
      const neuf = modele.content.querySelector("[data-progression]");
      if (!neuf) return;
      if (neuf.dataset.termine === "oui" && neuf.dataset.suite) return location.replace(neuf.dataset.suite);
      if (neuf.dataset.termine === "oui") bloc.setAttribute("role", "status");
      bloc.replaceChildren(...neuf.childNodes);
      Object.assign(bloc.dataset, { progression: neuf.dataset.progression, termine: neuf.dataset.termine });
    } catch { /* réseau coupé : la seconde suivante réessaie */ }
  }
}

document.querySelectorAll("[data-progression]").forEach(suivre);
