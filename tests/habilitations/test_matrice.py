"""La matrice entière par chaque chemin, et ce que la règle nourrit."""

from datetime import date
from functools import reduce
from operator import and_, or_

import pytest

from dui.socle.enums import Action, Bloc
from dui.socle.models import Contact, Dossier, Sejour
from habilitations.models import Role
from habilitations.politique import Habilitation
from tests.habilitations.factories import (
    AffectationFactory,
    BrisDeGlaceFactory,
    MembreEquipeFactory,
)
from tests.socle.factories import (
    CompteFactory,
    ContactFactory,
    DossierFactory,
    UniteFactory,
)

pytestmark = pytest.mark.django_db
CHEMINS = ("etablissement", "unite", "equipe", "equipe sans membre", "bris", "ailleurs", "rien")
OUVRANTS = {"etablissement", "unite", "equipe", "bris"}


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def sejour(dossier):
    return dossier.sejours.get()


def emprunter(chemin, role, dossier, sejour):
    if chemin == "rien":
        return CompteFactory()
    if chemin == "ailleurs":
        return AffectationFactory(role=role).compte
    portee = chemin if chemin in ("etablissement", "unite") else "equipe"
    unite = sejour.unite if portee == "unite" else None
    compte = AffectationFactory(
        role=role, etablissement=sejour.etablissement, unite=unite, portee=portee
    ).compte
    if chemin == "equipe":
        MembreEquipeFactory(compte=compte, dossier=dossier)
    if chemin == "bris":
        BrisDeGlaceFactory(compte=compte, dossier=dossier)
    return compte


@pytest.mark.lent
@pytest.mark.parametrize("chemin", CHEMINS)
def test_toute_la_matrice_par_chaque_chemin(chemin, dossier, sejour):
    """27 rôles × 35 blocs × 7 actions : ouvert si la case et le chemin le disent, sinon fermé."""
    for role in Role.objects.all():
        h = Habilitation(emprunter(chemin, role.pk, dossier, sejour))
        cases = set(role.droits.values_list("bloc", "action"))
        cases |= {(bloc, Action.RESUME.value) for bloc, action in cases if action == Action.VOIR}
        permises = {(b, a) for b in Bloc.values for a in Action.values if h.peut(b, a)}
        assert permises == (set() if chemin == "rien" else cases), role.pk
        conditions = [h.condition_dossier(bloc, action) for bloc, action in cases]
        ici = Dossier.objects.filter(pk=dossier.pk)
        if chemin in OUVRANTS:
            assert ici.filter(reduce(and_, conditions)).exists(), role.pk
        else:
            assert not ici.filter(reduce(or_, conditions)).exists(), role.pk
        voulu = cases if chemin in OUVRANTS else set()
        assert {c for c in cases if h.peut_pour(dossier, *c)} == voulu, role.pk
        ouverts = {c for c in cases if dossier.pk in h.ouverts([sejour], *c)}
        assert ouverts == voulu, role.pk


# ------------------------------------------------------------------ ce que la règle nourrit


def test_les_lignes_liees_suivent_leur_propre_bloc(dossier, sejour):
    ContactFactory(dossier=dossier)
    dim = Habilitation(AffectationFactory(role="DIM", etablissement=sejour.etablissement).compte)
    ide = Habilitation(AffectationFactory(etablissement=sejour.etablissement).compte)
    assert Contact.objects.visibles(ide).count() == 1
    assert Sejour.objects.visibles(ide).count() == 1
    assert not Contact.objects.visibles(dim).exists()


def test_has_perm_repond_comme_les_pages(dossier, sejour):
    compte = AffectationFactory(etablissement=sejour.etablissement).compte
    assert compte.has_perm("TRA.saisir", dossier)
    assert not compte.has_perm("PRE.prescrire", dossier)
    assert not compte.has_perm("TRA.saisir")


@pytest.mark.parametrize(
    ("chemin", "titre"),
    [
        ("etablissement", "affectation"),
        ("unite", "affectation"),
        ("equipe", "equipe"),
        ("bris", "bris_de_glace"),
        ("rien", "nominatif"),
    ],
)
def test_le_journal_saura_par_quel_chemin(chemin, titre, dossier, sejour):
    assert Habilitation(emprunter(chemin, "IDE", dossier, sejour)).titre(dossier) == titre


def test_on_signe_de_la_fonction_tenue_la_ou_sejourne_la_personne(dossier, sejour):
    affectation = AffectationFactory(role="IDEC", debut=date(2020, 1, 6))
    AffectationFactory(compte=affectation.compte, role="IDE", etablissement=sejour.etablissement)
    h = Habilitation(affectation.compte)
    assert h.fonction == affectation.role.fonction_courte
    assert h.fonction_pour(dossier) == "IDE"


def test_les_unites_de_l_habilitation_sont_les_siennes(dossier, sejour):
    voisine = UniteFactory(etablissement=sejour.etablissement)
    large = Habilitation(AffectationFactory(etablissement=sejour.etablissement).compte)
    etroite = Habilitation(AffectationFactory(unite=sejour.unite, portee="unite").compte)
    assert {u.pk for u in large.unites} == {sejour.unite.pk, voisine.pk}
    assert {u.pk for u in etroite.unites} == {sejour.unite.pk}


def test_la_liste_d_une_page_coute_une_requete_quel_que_soit_le_nombre_de_dossiers(
    sejour, django_assert_num_queries
):
    DossierFactory.create_batch(30, sejour__unite=sejour.unite)
    h = Habilitation(AffectationFactory(etablissement=sejour.etablissement).compte)
    h.peut(Bloc.TRA)  # affectations puis droits : deux requêtes, une fois par page
    with django_assert_num_queries(1):
        assert len(Dossier.objects.visibles(h, Bloc.TRA)) == 31
