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

function ecrire({ id, type, response: recue }) {
  const champs = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const dits = champs.filter((champ) => recue[champ]).map((champ) => [champ, versTexte(recue[champ])]);
  return JSON.stringify({ id, rawId: id, type, response: Object.fromEntries(dits) });
}

// Ce que l'on dit de chaque erreur est écrit dans la page (_etat_cle.html).
function dire(etat, { name, domaine }) {
  const texte = etat.dataset[name.toLowerCase()] ?? etat.dataset.autre;
  etat.textContent = texte.replace("ICI", location.hostname).replace("DOMAINE", domaine);
}

// Un formulaire entier (data-cle), ou le bouton d'un formulaire qui se prouve aussi autrement.
async function signer(cible, form) {
  const caches = [...form.querySelectorAll("input[type=hidden]")].map((c) => [c.name, c.value]);
  const reponse = await fetch(cible.dataset.cle, { method: "POST", body: new URLSearchParams(caches) });
  if (!reponse.ok || reponse.redirected) throw new DOMException("", "NetworkError");
  const publicKey = lire(await reponse.json());
  const ceremonie = publicKey.user ? "create" : "get";
  const refuser = ({ name }) => { throw { name, domaine: publicKey.rpId ?? publicKey.rp.id }; };
  return ecrire(await navigator.credentials[ceremonie]({ publicKey }).catch(refuser));
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
    dire(etat, erreur);
  }
}

if (window.PublicKeyCredential) {
  for (const cible of document.querySelectorAll("[data-cle]")) {
    cible.hidden = false;
    cible.addEventListener(cible.form ? "click" : "submit", envoyer);
  }
  for (const texte of document.querySelectorAll("[data-sans-cle]")) texte.hidden = true;
}
