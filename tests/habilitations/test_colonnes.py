"""Ce que la politique lit en SQL dit la même chose que les modèles."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dui.socle.models import Unite
from habilitations.models import AccesNominatif, Droit, Interdiction, ReglageDroit
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory, acces_portail
from tests.socle.factories import CompteFactory, DossierFactory, OrganismeFactory, UniteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def infirmiere():
    return AffectationFactory(role="IDE").compte


def lue(compte):
    return Habilitation(compte).affectations[0]


def interdire(compte, *blocs, levee=False):
    return Interdiction.objects.create(
        compte=compte,
        dossier=DossierFactory(),
        blocs=list(blocs),
        origine="personne",
        decidee_par=compte,
        levee_le=timezone.now() if levee else None,
    )


def test_les_droits_sont_ceux_du_role_corriges_par_son_organisme(infirmiere):
    affectation = infirmiere.affectations.get()
    livres = set(Droit.objects.filter(role="IDE").values_list("bloc", "action"))
    bloc, action = sorted(livres)[0]
    autre = OrganismeFactory(finess_ej="590000999")
    for organisme in (affectation.etablissement.organisme, autre):
        ReglageDroit.objects.create(
            organisme=organisme, role_id="IDE", bloc=bloc, action=action,
            accorde=False, motif="Essai",
        )  # fmt: skip
        bloc, action = sorted(livres)[1]
    lus = {(d["bloc"], d["action"]) for d in lue(infirmiere).droits}
    assert lus == livres - {sorted(livres)[0]}


def test_les_unites_sont_celles_de_la_maison_dans_leur_ordre(infirmiere):
    maison = infirmiere.affectations.get().etablissement
    for nom, ordre in (("Zinnia", 1), ("Acacia", 2), ("Bleuet", 2)):
        UniteFactory(etablissement=maison, nom=nom, ordre=ordre)
    UniteFactory(nom="Ailleurs")
    attendues = Unite.objects.filter(etablissement=maison).order_by("ordre", "nom", "pk")
    assert Habilitation(infirmiere).unites == list(attendues)
    assert [u.nom for u in Habilitation(infirmiere).unites] == [u.nom for u in attendues]


@pytest.mark.parametrize("professionnel", [True, False])
def test_les_droits_nominatifs_sont_ceux_en_cours(professionnel):
    compte = AffectationFactory(role="IDE").compte if professionnel else CompteFactory()
    jour = timezone.localdate()
    fins = {"PSY": None, "SOC": jour, "EDU": jour - timedelta(days=1), "JUR": jour + timedelta(1)}
    for bloc, fin in fins.items():
        acces_portail(compte, DossierFactory(), bloc, fin=fin)
    acces_portail(CompteFactory(), DossierFactory(), "NUT")
    en_cours = AccesNominatif.objects.en_cours().filter(user=compte)
    attendus = set(en_cours.values_list("permission__codename", flat=True))
    assert attendus == {"voir_PSY", "voir_SOC", "voir_JUR"}
    assert set(Habilitation(compte)._exceptions[0]) == attendus


@pytest.mark.parametrize("professionnel", [True, False])
def test_les_interdictions_sont_celles_en_cours(professionnel):
    compte = AffectationFactory(role="IDE").compte if professionnel else CompteFactory()
    entiere, partielle = interdire(compte), interdire(compte, "PSY", "SOC")
    interdire(compte, levee=True)
    interdire(CompteFactory())
    assert set(Interdiction.objects.en_cours().filter(compte=compte)) == {entiere, partielle}
    assert Habilitation(compte)._interdits == {
        "": {entiere.dossier_id},
        "PSY": {partielle.dossier_id},
        "SOC": {partielle.dossier_id},
    }
