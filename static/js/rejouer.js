// After a sign-in, what was being saved is saved at once; without this script, one click does it.
const formulaire = document.querySelector("form[data-rejouer]");
if (formulaire) formulaire.requestSubmit();
