// Une longue liste de cases : on y cherche un nom ou une chambre. Ce qui est coché reste à l'écran.
const simple = (texte) => texte.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae");
const couper = (texte) => texte.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
// « O’Neil » se cherche « neil », « o’neil » ou « oneil ».
const mots = (texte) => [...couper(texte), ...couper(texte.replace(/['’]/g, ""))];

function champDeRecherche(liste) {
  const boite = document.createElement("div");
  boite.className = "filtre-liste";
  const entree = document.createElement("input");
  Object.assign(entree, { type: "search", className: "entree", autocomplete: "off" });
  entree.placeholder = "Chercher dans la liste…";
  entree.setAttribute("aria-label", `Chercher dans la liste : ${liste.querySelector("legend").textContent.trim()}`);
  const compte = document.createElement("span");
  compte.className = "discret";
  compte.setAttribute("role", "status");
  boite.append(entree, compte);
  liste.querySelector(".champ__corps").prepend(boite);
  return { entree, compte };
}

function filtrer(liste) {
  const { entree, compte } = champDeRecherche(liste);
  const lignes = [...liste.querySelectorAll("label")].map((label) => ({
    label,
    coche: label.querySelector("input"),
    noms: mots(simple(label.textContent)),
  }));
  const chercher = () => {
    const cherches = couper(simple(entree.value));
    const repond = (noms) => cherches.every((mot) => noms.some((nom) => nom.startsWith(mot)));
    for (const { label, coche, noms } of lignes) label.hidden = !coche.checked && !repond(noms);
  };
  const dire = () => {
    const cochees = lignes.filter((l) => l.coche.checked).length;
    const vues = lignes.filter((l) => !l.label.hidden).length;
    const choix = cochees > 1 ? `${cochees} cases cochées` : cochees ? "1 case cochée" : "";
    compte.textContent = [entree.value.trim() ? `${vues} sur ${lignes.length}` : "", choix].filter(Boolean).join(", ");
  };
  entree.addEventListener("input", (e) => {
    e.stopPropagation(); // not part of the form: nothing to keep as a draft
    chercher();
    dire();
  });
  entree.addEventListener("keydown", (e) => {
    if (e.key === "Enter") e.preventDefault();
  });
  liste.addEventListener("change", dire); // décocher ne cache rien : on se trompe, on recoche
  dire();
}

for (const liste of document.querySelectorAll("[data-filtre]"))
  if (liste.querySelector("[type=checkbox]")) filtrer(liste);
