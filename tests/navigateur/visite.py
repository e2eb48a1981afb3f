"""How to open each page of the product: with which account, which session, which identifiers."""

import re
import time
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error

from dui.socle.models import Brouillon, SaisieEnAttente
from habilitations.connexion import attente
from tests.navigateur.chromium import CONTEXTE, DELAI, ECRANS
from tests.navigateur.gestes import etre_le_poste
from tests.navigateur.pages import Route

# Together they open every page of the professionals.
ROLES = (
    "IDE", "AS", "MEDCO", "IDEC", "SECRETAIRE", "DIRECTEUR", "DPO", "IDENTITOVIG", "ADMIN_SI",
    "EDUCATEUR",
)  # fmt: skip
SESSIONS = {
    "verrou": "verrouillee",
    "connexion": "anonyme",
    "connexion_code": "a_confirmer",
    "connexion_enrolement": "a_enroler",
    "connexion_secours": "a_confirmer",
    "relais": "au_poste",
}


class PasUnePage(Exception):
    """The address answers a file or a fragment, which other tests check."""


class Visite:
    """Everything is written at once, before the tests open their own transactions."""

    def __init__(self, chromium, url, quartier, routes):
        self.chromium, self.url, self.quartier = chromium, url, quartier
        self.soignante = quartier.professionnel(*ROLES)
        self.parent = quartier.portail()
        self.nouvelle = quartier.professionnel("AS")
        self.nouvelle.totpdevice_set.all().delete()
        quartier.transmettre()
        quartier.tout_remplir(quartier.dossier, self.soignante)
        # Enough for several printed sheets.
        quartier.transmettre([quartier.dossier], chacun=25)
        self.saisie = SaisieEnAttente.objects.create(
            compte=self.soignante, chemin="/", champs={"donnees": ["Texte interrompu."]}
        )
        self.brouillon = Brouillon.objects.create(
            compte=self.soignante,
            formulaire="Nouvelle transmission",
            dossier=quartier.dossier,
            chemin=reverse("accompagnement:transmission_nouvelle", args=[quartier.dossier.pk]),
            saisies={"donnees": ["Une phrase commencée puis laissée."]},
            extrait="Une phrase commencée puis laissée.",
        )
        self.adresses = {r.nom: reverse(r.nom, kwargs=self.identifiants(r)) for r in routes}
        self.poste = self._premier("poste_de_travail")
        self.onglets = {nom: self._onglet(nom) for nom in (*SESSIONS.values(), "pro", "portail")}

    def ouvrir(self, route: Route):
        """The page, in a profile kept for all the pages of the same account."""
        page = self.onglets["portail" if route.du_portail else SESSIONS.get(route.nom, "pro")]
        page.set_viewport_size(ECRANS[1366])
        adresse = self.adresses[route.nom]
        try:
            reponse = page.goto(adresse)
        except Error as erreur:
            if not re.search("Download is starting|ERR_ABORTED", str(erreur)):
                raise
            raise PasUnePage(f"{adresse} ne répond pas une page") from None
        sorte = reponse.headers.get("content-type", "")
        if "text/html" not in sorte or not page.title():
            raise PasUnePage(f"{adresse} répond un fragment ou une donnée")
        assert reponse.status == 200, f"{adresse} répond {reponse.status}"
        return page

    def _onglet(self, session):
        contexte = self.chromium.new_context(base_url=self.url, **CONTEXTE)
        contexte.set_default_timeout(DELAI)
        if session == "au_poste":
            etre_le_poste(contexte, self.poste, self.quartier.secret_du_poste, self.url)
        if donnees := self._donnees(session):
            cle = {"name": settings.SESSION_COOKIE_NAME, "value": garder_session(donnees)}
            contexte.add_cookies([cle | {"url": self.url}])
        return contexte.new_page()

    def _donnees(self, session) -> dict:
        maintenant = int(time.time())
        return {
            "anonyme": {},
            "au_poste": {},
            "a_confirmer": attente.faits(self.soignante),
            "a_enroler": attente.faits(self.nouvelle),
            "pro": identite(self.soignante) | {"activite": maintenant, "preuve": maintenant},
            "verrouillee": identite(self.soignante) | {"verrouille": True},
            "portail": identite(self.parent) | {"activite": maintenant},
        }[session]

    def identifiants(self, route) -> dict:
        valeurs = {nom: self._identifiant(nom) for nom in route.parametres}
        if route.nom == "administratif:identite_annuler_sortie":
            valeurs["sejour_id"] = self.quartier.ancien_sejour.pk
        if route.nom == "accompagnement:transmission_macrocible_corriger":
            valeurs["transmission_id"] = self.quartier.macrocible(self.soignante).pk
        if route.nom == "accompagnement:evaluation_remplir":
            valeurs["evaluation_id"] = self.quartier.evaluation_en_cours.pk
        if route.nom.startswith("coordination:maison_"):
            valeurs |= self.quartier.de_la_maison(valeurs)
        if route.nom == "coordination:evenement_preuve":
            valeurs["document_id"] = self.quartier.preuve.pk
        if route.nom == "accompagnement:evaluation_piece":
            jointe, piece = self.quartier.evaluation_jointe, self.quartier.piece
            valeurs |= {"evaluation_id": jointe.pk, "document_id": piece.pk}
        if route.nom == "accompagnement:repas_invites":  # at night, the round is yesterday's
            valeurs["jour"] = timezone.localdate().isoformat()
        if route.nom == "accompagnement:transmission_photo":
            photo = self.quartier.photo
            valeurs |= {"transmission_id": photo.transmission_id, "document_id": photo.document_id}
        if route.nom == "relation_usager:document":
            valeurs["document_id"] = self.quartier.document.pk
        if route.nom == "coordination:visite":
            valeurs["rendez_vous_id"] = self.quartier.visite.pk
        return valeurs

    def _identifiant(self, nom):
        """`dossier_id` is the record of the visit; another `x_id` is the first x of that record."""
        if nom == "dossier_id":
            return self.quartier.dossier.pk
        if nom in self.quartier.codes:
            return self.quartier.codes[nom]
        if nom == "cle":
            return self.quartier.bris_a_revoir().cle
        if nom in self.quartier.du_projet:
            return self.quartier.du_projet[nom]
        objets = {"saisie_id": self.saisie, "brouillon_id": self.brouillon}
        if nom == "suite_id":
            return self.quartier.suite(self.soignante).pk
        objets["rendez_vous_id"] = self.quartier.rendez_vous
        objets["sejour_id"] = self.quartier.dossier.sejours.latest("entree_le")
        if nom in objets:
            return objets[nom].pk
        return self._premier(nom.removesuffix("_id")).pk

    def _premier(self, nom):
        [modele] = [m for m in apps.get_models() if m._meta.model_name == nom.replace("_", "")]
        lignes = modele._default_manager.order_by("pk")
        champs = {c.name for c in modele._meta.fields}
        if "dossier" in champs:
            lignes = lignes.filter(dossier=self.quartier.dossier)
        if "auteur" in champs:
            lignes = lignes.filter(auteur=self.soignante)
        return lignes.first() or self._creer(modele)

    def _creer(self, modele):
        fabrique = getattr(self.quartier, f"creer_{modele._meta.model_name}", None)
        assert fabrique, f"le quartier ne sait pas créer : {modele._meta.verbose_name}"
        return fabrique(self.soignante)

    def fermer(self):
        for page in self.onglets.values():
            page.context.close()


def identite(compte) -> dict:
    """What a session holds once both factors are proven."""
    return {
        SESSION_KEY: str(compte.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: compte.get_session_auth_hash(),
    }


def garder_session(donnees) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(donnees)
    session.create()
    return session.session_key
