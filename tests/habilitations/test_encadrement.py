"""Un cadre d’unité règle les postes de son unité, pas ceux de la maison ni son délai."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from habilitations.models import DelaiVerrouillage, PosteDeTravail
from tests.habilitations.connexion import poster
from tests.habilitations.factories import AffectationFactory, PosteDeTravailFactory
from tests.outils import connecter
from tests.socle.factories import EtablissementFactory, UniteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def maison():
    return EtablissementFactory()


@pytest.fixture
def unite(maison):
    return UniteFactory(etablissement=maison)


@pytest.fixture
def cadre_d_unite(unite):
    return connecter(AffectationFactory(role="IDEC", unite=unite, portee="unite").compte)


@pytest.fixture
def postes(maison, unite):
    voisine = UniteFactory(etablissement=maison)
    lieux = {"unite": unite, "voisine": voisine, "maison": None}
    return {n: PosteDeTravailFactory(etablissement=maison, unite=u) for n, u in lieux.items()}


def revoquer(client, poste) -> int:
    return client.post(f"/postes/{poste.pk}/revoquer/").status_code


def test_il_ne_revoque_que_les_postes_de_son_unite(cadre_d_unite, postes):
    for ailleurs in ("voisine", "maison"):
        assert cadre_d_unite.get(f"/postes/{postes[ailleurs].pk}/").status_code == 404
        assert revoquer(cadre_d_unite, postes[ailleurs]) == 404
    assert revoquer(cadre_d_unite, postes["unite"]) == 302


def test_le_cadre_de_la_maison_les_regle_tous_celui_d_ailleurs_aucun(maison, postes):
    etranger = connecter(AffectationFactory(role="IDEC").compte)
    assert {revoquer(etranger, p) for p in postes.values()} == {404}
    cadre = connecter(AffectationFactory(role="IDEC", etablissement=maison).compte)
    assert {revoquer(cadre, p) for p in postes.values()} == {302}


def test_il_n_enrole_que_dans_son_unite(cadre_d_unite, maison, unite, postes):
    champs = {"nom": "Salle", "delai_minutes": ""}
    for lieu in (f"e{maison.pk}", f"u{postes['voisine'].unite_id}"):
        assert poster(cadre_d_unite, "/postes/", lieu=lieu, **champs).status_code == 422
    assert poster(cadre_d_unite, "/postes/", lieu=f"u{unite.pk}", **champs).status_code == 302
    assert PosteDeTravail.objects.get(nom="Salle").unite == unite


def test_le_delai_de_la_maison_est_a_qui_l_encadre_en_entier(cadre_d_unite, maison):
    delai = {"etablissement": maison.pk, "role": "", "minutes": "120"}
    assertNotContains(cadre_d_unite.get("/postes/"), "Fixer ce délai")
    cadre_d_unite.post("/postes/delais/", delai)
    assert not DelaiVerrouillage.objects.exists()
    cadre = connecter(AffectationFactory(role="IDEC", etablissement=maison).compte)
    assertContains(cadre.get("/postes/"), "Fixer ce délai")
    cadre.post("/postes/delais/", delai)
    assert DelaiVerrouillage.objects.get().minutes == 120
