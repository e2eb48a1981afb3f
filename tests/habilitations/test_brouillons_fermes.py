"""Un brouillon ne nomme plus la personne dont le dossier s’est fermé à son auteur."""

import pytest

from dui.socle.models import Brouillon
from habilitations import politique
from habilitations.models import Interdiction
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter
from tests.socle.factories import CompteFactory, DossierFactory, UsagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["dresser la liste", "interroger chacun"])
def dossier(request, monkeypatch):
    if request.param == "interroger chacun":
        monkeypatch.setattr(politique, "MAISONS_NOMBREUSES", -1)
    return DossierFactory(usager=UsagerFactory(nom_naissance="ZIMMERMANN"))


def test_apres_une_opposition_ni_l_accueil_ni_les_brouillons_ne_nomment_la_personne(dossier):
    maison = dossier.sejours.get().etablissement
    auteur, autre = AffectationFactory.create_batch(2, etablissement=maison)
    for compte in (auteur.compte, autre.compte):
        for n, ou in enumerate((dossier, None)):
            Brouillon.objects.create(
                compte=compte, dossier=ou, objet=f"f{n}", extrait="Texte tapé", chemin="/"
            )
    Interdiction.objects.create(
        compte=auteur.compte, dossier=dossier, origine="personne", decidee_par=CompteFactory()
    )
    for compte, nombre in ((auteur.compte, 1), (autre.compte, 2)):
        client = connecter(compte)
        for page in ("/", "/brouillons/"):
            reponse = client.get(page)
            lue = reponse.content.decode()
            assert ("ZIMMERMANN" in lue) == (compte == autre.compte), page
            assert reponse.context["coque"].nb_brouillons == nombre
        assert "Texte tapé" in client.get("/brouillons/").content.decode()
