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

const AUTRE = "Recommencez, ou prenez un autre moyen.";
const DIRES = {
  NotAllowedError: `La clé n’a pas répondu, ou le geste a été annulé. ${AUTRE}`,
  InvalidStateError: "Cette clé est déjà enregistrée pour votre compte.",
  NotSupportedError: `Cette clé ne convient pas : elle doit vérifier qui la tient. ${AUTRE}`,
  ConstraintError: `Cette clé ne convient pas : elle doit vérifier qui la tient. ${AUTRE}`,
  NetworkError: "Le serveur n’a pas préparé la vérification. Rechargez la page, puis recommencez.",
};

function dire({ name, domaine }) {
  if (name !== "SecurityError") return DIRES[name] ?? `La clé n’a pas pu être lue. ${AUTRE}`;
  return `Les clés ne servent pas à l’adresse « ${location.hostname} » : ouvrez le DUI à l’adresse « ${domaine} ».`;
}

// Un formulaire entier (data-cle), ou le bouton d'un formulaire qui se prouve aussi autrement.
async function signer(cible, form) {
  const caches = [...form.querySelectorAll("input[type=hidden]")].map((c) => [c.name, c.value]);
  const reponse = await fetch(cible.dataset.cle, { method: "POST", body: new URLSearchParams(caches) });
  if (!reponse.ok || reponse.redirected) throw new DOMException("", "NetworkError");
  const publicKey = lire(await reponse.json());
  const ceremonie = publicKey.user ? "create" : "get";
  try {
    return ecrire(await navigator.credentials[ceremonie]({ publicKey }));
  } catch ({ name }) {
    throw { name, domaine: publicKey.rpId ?? publicKey.rp.id };
  }
}

async function envoyer(evenement) {
  evenement.preventDefault();
  const cible = evenement.currentTarget, form = cible.form ?? cible;
  const etat = form.querySelector("[data-etat-cle]");
  if (cible !== form && !form.reportValidity()) return;
  etat.textContent = "Suivez ce que demande la clé…";
  try {
    form.elements.reponse.value = await signer(cible, form);
    form.submit();
  } catch (erreur) {
    etat.textContent = dire(erreur);
  }
}

if (window.PublicKeyCredential) {
  for (const cible of document.querySelectorAll("[data-cle]")) {
    cible.hidden = false;
    cible.addEventListener(cible.form ? "click" : "submit", envoyer);
  }
  for (const texte of document.querySelectorAll("[data-sans-cle]")) texte.hidden = true;
}
