"""The provider over a loopback socket."""

import json
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from dui.demonstration.ecoute import ecouter
from dui.demonstration.psc import pages
from dui.demonstration.psc.fournisseur import PROTOCOLE, ROYAUME, Erreur, Fournisseur

TAILLE_MAX = 64 * 1024


class Guichet(BaseHTTPRequestHandler):
    fournisseur: Fournisseur

    def log_message(self, format, *args):
        """Silent: addresses hold codes."""

    def do_GET(self):
        champs = dict(parse_qsl(urlsplit(self.path).query))
        routes = {
            f"{ROYAUME}/.well-known/wallet-openid-configuration": self.decouvrir,
            f"{PROTOCOLE}/certs": self.certifier,
            f"{PROTOCOLE}/userinfo": self.renseigner,
            f"{PROTOCOLE}/logout": self.sortir,
            "/auth": self.choisir,
            "/e-cps": self.telephone,
        }
        self._servir(routes, champs)

    def do_POST(self):
        longueur = int(self.headers.get("Content-Length") or 0)
        corps = self.rfile.read(min(longueur, TAILLE_MAX)).decode()
        routes = {
            f"{PROTOCOLE}/token": self.delivrer,
            f"{PROTOCOLE}/ext/ciba/auth": self.sonner,
            "/auth": self.repondre,
            "/e-cps": self.repondre_au_telephone,
        }
        self._servir(routes, dict(parse_qsl(corps, keep_blank_values=True)))

    def _servir(self, routes, champs):
        geste = routes.get(urlsplit(self.path).path)
        if self.fournisseur.travers.statut:
            self._repondre(self.fournisseur.travers.statut, b"panne", "text/plain")
            return
        try:
            if geste is None:
                raise Erreur("not_found", 404)
            geste(champs)
        except Erreur as erreur:
            self._json({"error": erreur.code}, erreur.statut)

    # ------------------------------------------------------------ read by the product

    def decouvrir(self, champs):
        self._json(self.fournisseur.document())

    def certifier(self, champs):
        self._json(self.fournisseur.certificats())

    def renseigner(self, champs):
        porteur = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self._json(self.fournisseur.userinfo(porteur))

    def delivrer(self, champs):
        self._json(self.fournisseur.jetons(*self._client(), champs))

    def sonner(self, champs):
        self._json(self.fournisseur.demander_ciba(*self._client(), champs))

    # ------------------------------------------------------------ seen by the person

    def choisir(self, champs):
        demande = self.fournisseur.recevoir(champs)
        self._page(pages.choix(demande, list(self.fournisseur.professionnels.values())))

    def repondre(self, champs):
        retour = self.fournisseur.repondre(champs.get("demande", ""), champs.get("qui", ""))
        self._rediriger(retour)

    def telephone(self, champs):
        self._page(pages.e_cps(self.fournisseur.en_attente()))

    def repondre_au_telephone(self, champs):
        self.fournisseur.repondre_ciba(champs.get("demande", ""), champs.get("reponse", ""))
        self._rediriger("/e-cps")

    def sortir(self, champs):
        retour = self.fournisseur.sortir(champs)
        if retour:
            self._rediriger(retour)
        else:
            self._page(pages.sortie())

    # ------------------------------------------------------------ answers

    def _client(self) -> tuple[str, str]:
        """client_secret_basic."""
        try:
            brut = self.headers.get("Authorization", "").removeprefix("Basic ")
            client, _, secret = b64decode(brut, validate=True).decode().partition(":")
        except ValueError:
            raise Erreur("invalid_client", 401) from None
        return unquote_plus(client), unquote_plus(secret)

    def _json(self, contenu, statut=200):
        self._repondre(statut, json.dumps(contenu).encode(), "application/json")

    def _page(self, html):
        self._repondre(200, html.encode(), "text/html; charset=utf-8")

    def _rediriger(self, adresse):
        self._repondre(302, b"", "text/plain", Location=adresse)

    def _repondre(self, statut, corps, sorte, **entetes):
        self.send_response(statut)
        entetes |= {"Content-Type": sorte, "Content-Length": str(len(corps))}
        for nom, valeur in entetes.items():
            self.send_header(nom.replace("_", "-"), valeur)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(corps)


def ouvrir(fournisseur: Fournisseur, port: int = 0) -> ThreadingHTTPServer:
    """Listens on 127.0.0.1 in a thread of its own; the caller closes."""
    guichet = type("Guichet", (Guichet,), {"fournisseur": fournisseur})
    serveur = ecouter(guichet, port)
    fournisseur.racine = f"http://127.0.0.1:{serveur.server_port}"
    return serveur
