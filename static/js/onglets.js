// Au téléphone, la liste des onglets défile : elle s'ouvre sur l'onglet courant.
const liste = document.querySelector(".onglets__liste");
const courant = liste?.querySelector("[aria-current]");
if (courant) liste.scrollLeft = courant.offsetLeft - (liste.clientWidth - courant.offsetWidth) / 2;
