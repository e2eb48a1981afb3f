// Clés d'accès (WebAuthn) : demande le défi, fait signer la clé, poste sa réponse dans le formulaire.
const versOctets = (texte) =>
  Uint8Array.from(atob(texte.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const versTexte = (octets) =>
  btoa(String.fromCharCode(...new Uint8Array(octets)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function lire({ publicKey: options }) {
  options.challenge = versOctets(options.challenge);
  if (options.user) options.user.id = versOctets(options.user.id);
  for (const liste of [options.allowCredentials, options.excludeCredentials]) {
    for (const cle of liste ?? []) cle.id = versOctets(cle.id);
  }
  return options;
}

function ecrire(creance) {
  const response = {};
  const champs = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  for (const champ of champs) {
    if (creance.response[champ]) response[champ] = versTexte(creance.response[champ]);
  }
  return JSON.stringify({ id: creance.id, rawId: creance.id, type: creance.type, response });
}

async function signer(form) {
  const reponse = await fetch(form.dataset.cle, { method: "POST", body: new FormData(form) });
  if (!reponse.ok || reponse.redirected) throw new Error(reponse.status);
  const publicKey = lire(await reponse.json());
  const ceremonie = publicKey.user ? "create" : "get";
  return ecrire(await navigator.credentials[ceremonie]({ publicKey }));
}

async function envoyer(evenement) {
  evenement.preventDefault();
  const form = evenement.target, etat = form.querySelector("[data-etat-cle]");
  etat.textContent = "Suivez ce que demande la clé…";
  try {
    form.elements.reponse.value = await signer(form);
    form.submit();
  } catch {
    etat.textContent = "La clé n’a pas répondu. Recommencez, ou prenez un autre moyen.";
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-cle]")) {
    form.hidden = false;
    form.addEventListener("submit", envoyer);
  }
  for (const texte of document.querySelectorAll("[data-sans-cle]")) texte.hidden = true;
}
