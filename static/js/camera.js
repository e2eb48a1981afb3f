// [data-camera="champ"] : lit un datamatrix avec l'appareil photo, là où le navigateur sait le faire.
const zone = document.querySelector("[data-camera]");
const PAUSE = 200;

async function sait() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("data_matrix");
}

async function lire(video, champ, dire) {
  const flux = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const fermer = () => flux.getTracks().forEach((piste) => piste.stop());
  addEventListener("pagehide", fermer, { once: true });
  video.srcObject = flux;
  video.hidden = false;
  await video.play();
  dire("Présentez le code devant l’appareil.");
  const detecteur = new BarcodeDetector({ formats: ["data_matrix"] });
  while (flux.active) {
    const [trouve] = await detecteur.detect(video);
    if (trouve?.rawValue.includes("IS01")) {
      fermer();
      champ.value = trouve.rawValue.replaceAll("\u001d", "<GS>");
      champ.form.requestSubmit();
      return;
    }
    await new Promise((suite) => setTimeout(suite, PAUSE));
  }
}

if (zone && (await sait())) {
  zone.hidden = false;
  const dire = (texte) => { zone.querySelector("[role=status]").textContent = texte; };
  zone.querySelector("[data-camera-ouvrir]").addEventListener("click", () => {
    lire(zone.querySelector("video"), document.getElementById(zone.dataset.camera), dire).catch(() => {
      dire("L’appareil photo n’est pas disponible : utilisez le lecteur ou la saisie.");
    });
  });
}
