"""What a hand does on a page, counted; what the page asks of the network, written down."""

import re

from django.conf import settings
from django.http import HttpResponse
from django_otp.oath import totp

from habilitations.moyens import postes
from tests.outils import connecter
from tests.socle.factories import MOT_DE_PASSE

# A click is one pointer activation, one Enter or one shortcut; typing is free (AC-01).
COMPTEUR = """
(() => {
  const CLE = "gestes-comptes";
  const noter = (geste) => {
    const gestes = JSON.parse(sessionStorage.getItem(CLE) ?? "[]");
    sessionStorage.setItem(CLE, JSON.stringify([...gestes, geste]));
  };
  const quoi = (e) => e.target.closest?.("a, button, label")?.innerText ?? e.target.nodeName;
  addEventListener("pointerdown", (e) => e.isTrusted && noter(`clic ${quoi(e)}`), true);
  addEventListener("keydown", (e) => {
    if (!e.isTrusted || ["Alt", "Control", "Shift"].includes(e.key)) return;
    const entree = e.key === "Enter" && !e.target.matches?.("textarea");
    if (entree || e.altKey || e.ctrlKey) noter(`touche ${e.key}`);
  }, true);
})();
"""


def gestes(page) -> list[str]:
    return page.evaluate("JSON.parse(sessionStorage.getItem('gestes-comptes') ?? '[]')")


def ouvrir_session(contexte, compte, url) -> None:
    """Sign in by the cookie: the two pages have their own test."""
    cle = connecter(compte).cookies[settings.SESSION_COOKIE_NAME].value
    contexte.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cle, "url": url}])


def etre_le_poste(contexte, poste, secret, url) -> None:
    """This browser is the enrolled workstation."""
    reponse = HttpResponse()
    postes.poser_le_cookie(reponse, poste, secret)
    valeur = reponse.cookies[settings.COOKIE_POSTE].value
    contexte.add_cookies([{"name": settings.COOKIE_POSTE, "value": valeur, "url": url}])


def code_actuel(compte) -> str:
    appareil = compte.totpdevice_set.get(confirmed=True)
    return f"{totp(appareil.bin_key, appareil.step, appareil.t0, appareil.digits):06d}"


def se_connecter(page, compte) -> None:
    """Both sign-in pages, as typed."""
    page.get_by_label("Identifiant").fill(compte.username)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    page.get_by_label("Code à 6 chiffres").fill(code_actuel(compte))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/connexion/" not in url and "/reprise/" not in url)


def ralentir(page, millisecondes: int) -> None:
    """Every answer of the server takes that much longer, as on a bad Wi-Fi."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    lent = {"latency": millisecondes, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", lent | {"offline": False})


def aller_au_texte(page) -> None:
    """From the targets to the first text, as the Tab key goes."""
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('textarea')"):
            return
    raise AssertionError("la zone de texte ne suit pas les cibles")


# Counts the requests of a script that still wait for an answer and that nobody has given up.
ATTENTES = """
(() => {
  const vrai = window.fetch, enVol = new Set();
  window.dui = { envoyees: [], abandonnees: 0, pic: 0 };
  window.fetch = async (adresse, options = {}) => {
    const attente = { signal: options.signal };
    enVol.add(attente);
    dui.envoyees.push(String(adresse));
    options.signal?.addEventListener("abort", () => { dui.abandonnees += enVol.has(attente); });
    dui.pic = Math.max(dui.pic, [...enVol].filter((a) => !a.signal?.aborted).length);
    try { return await vrai(adresse, options); } finally { enVol.delete(attente); }
  };
})();
"""


class Surveillance:
    """What no page may do, whatever the test: a script error, an error 500, a foreign request."""

    def __init__(self, url):
        self.url, self.fautes = url, []

    def suivre(self, page):
        page.on("pageerror", lambda e: self.fautes.append(f"{page.url} : {e}"))
        page.on("console", lambda m: self._console(page, m))
        page.on("request", self._requete)
        page.on("response", self._reponse)

    def _console(self, page, message):
        # A refused answer (403, 409, 422…) is also said in the console: the test judges it.
        if message.type == "error" and not re.match("Failed to load resource", message.text):
            self.fautes.append(f"{page.url} : {message.text}")

    def _requete(self, requete):
        if not requete.url.startswith((self.url, "data:", "blob:", "about:")):
            self.fautes.append(f"requête vers ailleurs : {requete.url}")

    def _reponse(self, reponse):
        if reponse.status >= 500:
            self.fautes.append(f"{reponse.status} {reponse.url}")
