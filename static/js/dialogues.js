// Ouvre et ferme les <dialog> natifs ; ferme les menus quand on clique ailleurs ou sur Échap.
const natif = "command" in HTMLButtonElement.prototype; // command="show-modal" suffit
const menus = () => document.querySelectorAll("details:is(.deroulant, .rail__plus)[open]");

document.addEventListener("click", (e) => {
  const ouvreur = e.target.closest("[data-dialogue]");
  if (ouvreur && !(natif && ouvreur.hasAttribute("command"))) {
    const dialogue = document.getElementById(ouvreur.dataset.dialogue);
    if (dialogue && !dialogue.open) dialogue.showModal();
  }
  const fermeur = e.target.closest("[data-fermer]");
  if (fermeur) fermeur.closest("dialog")?.close();
  if (e.target instanceof HTMLDialogElement) e.target.close(); // le fond
  for (const menu of menus()) if (!menu.contains(e.target)) menu.open = false;
});

document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
