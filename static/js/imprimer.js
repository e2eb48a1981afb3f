// [data-imprimer] ouvre l'impression du navigateur ; Alt+P le clique aussi, par raccourcis.js.
document.addEventListener("click", (e) => {
  if (!e.target.closest("[data-imprimer]")) return;
  e.preventDefault();
  print();
});
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("main details:not([open])")) {
    details.open = true;
    addEventListener("afterprint", () => { details.open = false; }, { once: true });
  }
});
