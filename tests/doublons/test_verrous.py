"""Une fusion et un autre geste sur les mêmes personnes : l’un attend l’autre, aucun ne tombe."""

from threading import Event
from time import sleep

import pytest
from django.db import transaction

from administratif.doublons import services
from administratif.services.communs import noter
from administratif.services.gestes import ouvrir
from admission.creation import services as creation
from dui.socle.enums import Bloc
from dui.socle.models import Dossier, Fusion
from habilitations.politique import Habilitation
from tests.doublons.factories import TRAITS, cellule, dossier, paire, proposer
from tests.habilitations.factories import AffectationFactory
from tests.identite.test_creations_simultanees import lancer

pytestmark = pytest.mark.django_db(transaction=True)
LE_TEMPS_DE_LA_FUSION = 1


def secretaire(maison) -> Habilitation:
    return Habilitation(AffectationFactory(role="SECRETAIRE", etablissement=maison).compte)


def proposee(a, b):
    """(geste qui approuve une fois le signal donné, signal)."""
    doublon, approbateur, signal = paire(a, b), cellule(a, b), Event()
    proposer(doublon, a)

    def approuver():
        signal.wait(10)
        return services.approuver(approbateur, doublon.pk)

    return approuver, signal


def test_un_geste_sur_l_identite_hors_de_la_page_du_dossier_ne_s_etreint_pas_avec_une_fusion():
    """INSi, la quarantaine, un lot : la personne est tenue, le dossier n’est cité qu’ensuite."""
    a, b = dossier(), dossier(nom_naissance="LE GOF")
    h = secretaire(b.sejours.get().etablissement)
    approuver, tenue = proposee(a, b)

    @transaction.atomic
    def geste():
        usager = ouvrir(h, b, Bloc.ID)
        tenue.set()
        sleep(LE_TEMPS_DE_LA_FUSION)
        noter(h, "identite.essai", usager, b)
        return "fait"

    fait, faite = lancer([geste, approuver])
    assert fait == "fait" and isinstance(faite, Fusion), (fait, faite)


@pytest.mark.lent
def test_une_creation_qui_signale_deux_homonymes_ne_s_etreint_pas_avec_leur_fusion(monkeypatch):
    a, b = sorted((dossier(), dossier()), key=lambda d: d.usager_id)
    for d, nom in ((a, "LE GOZ"), (b, "LE GOA")):  # the list by name is not that of the keys
        d.usager.nom_naissance = nom
        d.usager.save()
    maison = a.sejours.get().etablissement
    h = secretaire(maison)
    approuver, tenue = proposee(a, b)
    signaler = creation._signaler_homonyme

    def lentement(*args):
        signaler(*args)
        tenue.set()
        sleep(LE_TEMPS_DE_LA_FUSION)

    monkeypatch.setattr(creation, "_signaler_homonyme", lentement)

    def creer():
        traits = TRAITS | {"nom_naissance": "LE GOE"}
        vus = {str(a.pk), str(b.pk)}
        return creation.creer(h, maison, vus=vus, motif_homonyme="Vue avec elle.", **traits)

    cree, faite = lancer([creer, approuver])
    assert isinstance(cree, Dossier) and isinstance(faite, Fusion), (cree, faite)
