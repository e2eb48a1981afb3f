"""A workstation that signs in by the provider, as a browser does: every hop is a real request."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
from django.test import Client

from dui.connecteurs.reseau import autorites
from dui.demonstration.psc.professionnels import activite, userinfo
from dui.socle.models import EntreeJournal
from habilitations.psc.identites import declarer
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, fautes_de_page, jeton_de
from tests.socle.factories import EtablissementFactory

RPPS = "899700900002"


def professionnel(identifiant=RPPS, profession="60", activites=None):
    activites = [activite("990000028", "990000010", "EHPAD")] if activites is None else activites
    return userinfo(identifiant, "Jeanne", "Dupont", [(profession, activites)])


@dataclass(frozen=True)
class Maison:
    finess: str
    nom: str

    def employer(self, fournisseur, identifiant=RPPS, compte=None, role="IDE"):
        """An account of this house, declared for this provider."""
        from dui.socle.models import Etablissement

        etablissement = Etablissement.objects.filter(finess=self.finess).first()
        etablissement = etablissement or EtablissementFactory(finess=self.finess, nom=self.nom)
        options = {"compte": compte} if compte else {}
        compte = AffectationFactory(etablissement=etablissement, role=role, **options).compte
        if not compte.identites_professionnelles.exists():
            declarer(compte, identifiant, emetteur=fournisseur.emetteur)
        return compte


MAISON = Maison("990000028", "EHPAD Les Tilleuls")
AUTRE_MAISON = Maison("990000036", "MAS Le Verger")


class ClientPSC(ClientVerifie):
    """The protocol comes back by GET: there, and only there, a GET signs in."""

    def request(self, **requete):
        if not requete["PATH_INFO"].startswith("/connexion/psc/"):
            return super().request(**requete)
        reponse = Client.request(self, **requete)
        assert not fautes_de_page(reponse.content.decode())
        return reponse


class Poste:
    def __init__(self, fournisseur):
        self.fournisseur, self.client = fournisseur, ClientPSC()

    def partir(self, suite="") -> str:
        """From the button of the sign-in page: the address of the provider."""
        champs = jeton_de(self.client.get(f"/connexion/{suite}"))
        reponse = self.client.post(f"/connexion/psc/{suite}", champs)
        assert reponse.status_code == 200, reponse.headers.get("Location")
        adresse = reponse["Refresh"].removeprefix("0; url=")
        assert adresse in unescape(reponse.content.decode())
        return adresse

    def au_fournisseur(self, adresse, qui=RPPS) -> str:
        """One clicks on one's name: the way back, as a path of ours."""
        with httpx.Client(trust_env=False, verify=autorites()) as http:
            page = http.get(adresse)
            assert page.status_code == 200, page.text
            demande = re.search(r'name="demande" value="([^"]+)"', page.text)[1]
            racine = self.fournisseur.racine
            retour = http.post(f"{racine}/auth", data={"demande": demande, "qui": qui})
        assert retour.status_code == 302, retour.text
        return retour.headers["Location"].removeprefix("http://testserver")

    def entrer(self, qui=RPPS, suite=""):
        """The whole journey, but for a choice that would be asked."""
        return self.client.get(self.au_fournisseur(self.partir(suite), qui))

    @property
    def connecte(self) -> bool:
        return "_auth_user_id" in self.client.session and not self.client.session.get("verrouille")


def parametre(adresse, nom) -> str:
    return parse_qs(urlsplit(adresse).query)[nom][0]


def messages_de(client) -> str:
    return client.get("/connexion/").content.decode()


def dernier_motif() -> str:
    return EntreeJournal.objects.filter(action="connexion_refusee").latest("pk").contexte["motif"]
