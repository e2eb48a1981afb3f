"""Two tabs, two residents, one session: what is written about one never reaches the other (AC-15).

The person is in the address, never in the session. The views are called without the middleware,
so that ten thousand gestures in a random order take seconds.
"""

import random
from uuid import uuid4

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from accompagnement.models import Transmission
from dui.socle import brouillons
from dui.socle.models import Brouillon
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.socle.factories import DossierFactory, UniteFactory

GESTES, TIRAGES = 10_000, 4
# As in life: one types more often than one saves.
CHOIX = ("taper", "garder", "enregistrer", "ouvrir")
POIDS = (12, 3, 1, 1)


class Poste:
    """A browser: one account, one session shared by its tabs."""

    def __init__(self, compte):
        self.compte, self.session = compte, {}
        self.habilitation = Habilitation(compte)

    def envoyer(self, adresse, saisie):
        requete = RequestFactory().post(adresse, saisie, HTTP_ACCEPT="application/json")
        requete.user, requete.session = self.compte, self.session
        requete.habilitation = self.habilitation
        requete._messages = FallbackStorage(requete)
        requete.resolver_match = trouve = resolve(requete.path_info)
        reponse = trouve.func(requete, *trouve.args, **trouve.kwargs)
        assert reponse.status_code in (200, 302), reponse.status_code
        return reponse


class Onglet:
    def __init__(self, poste, dossier):
        self.poste, self.dossier = poste, dossier
        self.ecrits, self.frappes = set(), 0
        self.adresse = reverse("accompagnement:transmission_nouvelle", args=[dossier.pk])
        self.ouvrir()

    def ouvrir(self):
        self.cle = str(uuid4())
        self.taper()

    def taper(self):
        self.frappes += 1
        self.texte = f"{self.dossier.numero} : note {self.frappes}"

    def saisie(self):
        maintenant = timezone.localtime()
        return {
            "cle_saisie": self.cle,
            "forme": "ciblee",
            "cible": "alimentation",
            "donnees": self.texte,
            "importance": "courante",
            "heure": f"{maintenant:%H:%M}",
            "jour": maintenant.date().isoformat(),
        }

    def garder(self):
        adresse = brouillons.adresse(dossier=self.dossier, objet=self.cle)
        self.poste.envoyer(adresse, self.saisie())

    def enregistrer(self):
        self.poste.envoyer(self.adresse, self.saisie())
        self.ecrits.add(self.texte)
        self.ouvrir()


@pytest.mark.lent
@pytest.mark.parametrize("graine", range(TIRAGES))
def test_deux_onglets_ne_se_melangent_dans_aucun_ordre(db, graine):
    des, unite = random.Random(graine), UniteFactory()
    dossiers = DossierFactory.create_batch(2, sejour__unite=unite)
    poste = Poste(AffectationFactory(role="AS", unite=unite, portee="unite").compte)
    onglets = [Onglet(poste, dossier) for dossier in dossiers]
    for _ in range(GESTES // TIRAGES):
        onglet = des.choice(onglets)
        [geste] = des.choices(CHOIX, POIDS)
        getattr(onglet, geste)()
    for onglet in onglets:
        ecrits = Transmission.objects.filter(dossier=onglet.dossier).values_list(
            "donnees", flat=True
        )
        assert set(ecrits) == onglet.ecrits
        for brouillon in Brouillon.objects.filter(dossier=onglet.dossier, clos_le=None):
            assert brouillon.saisies["donnees"][0].startswith(onglet.dossier.numero)
    assert not [cle for cle, valeur in poste.session.items() if "dossier" in f"{cle}{valeur}"]
