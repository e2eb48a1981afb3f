"""Les garde-fous de la suite de tests tiennent eux-mêmes."""

import socket

import pytest
from django.template import Context, engines
from pytest_socket import SocketConnectBlockedError

from dui.socle.models import Usager
from tests.outils import fautes_de_page
from tests.socle.factories import (
    CompteFactory,
    ContactFactory,
    DocumentFactory,
    DossierFactory,
    SejourFactory,
    UniteFactory,
    UsagerFactory,
)


def rendre(source, **contexte):
    return engines["django"].from_string(source).template.render(Context(contexte))


def test_un_nom_inconnu_dans_un_gabarit_fait_echouer():
    with pytest.raises(pytest.fail.Exception, match="faute_de_frappe"):
        rendre("{{ faute_de_frappe }}")


def test_un_nom_facultatif_se_dit_par_default_ou_par_if():
    assert rendre("{{ peut_etre|default:'rien' }}{% if autre %}x{% endif %}") == "rien"


@pytest.mark.django_db
def test_un_objet_lie_absent_n_affiche_rien():
    compte = CompteFactory()
    assert rendre("{{ c.professionnel.nom|default:'—' }}", c=compte) == "—"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        '<p style="color:red">',
        '<a href="#" onclick="x()">',
        '<a href="javascript:x()">',
        "<p>{{ nom }}</p>",
    ],
)
def test_une_page_en_infraction_est_vue(html):
    assert fautes_de_page(html)


def test_une_page_correcte_passe():
    assert not fautes_de_page('<script type="module" src="/x.js"></script><p class="a">a</p>')


@pytest.mark.django_db
def test_une_requete_sans_ordre_est_melangee():
    assert "RANDOM()" in str(Usager.objects.all().query)


@pytest.mark.django_db
def test_une_requete_ordonnee_ou_agregee_reste_telle_quelle():
    UsagerFactory()
    assert Usager.objects.count() == 1
    assert Usager.objects.exists()
    assert "RANDOM()" not in str(Usager.objects.order_by("pk").query)


@pytest.mark.django_db
def test_un_verrou_sans_of_est_refuse():
    with pytest.raises(AssertionError, match="of="):
        Usager.objects.select_for_update()


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_le_reseau_est_ferme():
    with pytest.raises(SocketConnectBlockedError), socket.socket() as s:
        s.connect(("192.0.2.1", 443))


@pytest.mark.django_db
def test_un_dossier_nait_avec_son_sejour_en_cours():
    sejour = DossierFactory().sejours.get()
    assert sejour.place.unite == sejour.unite
    assert sejour.unite.etablissement == sejour.etablissement


@pytest.mark.django_db
def test_les_fabriques_placent_ou_l_on_veut():
    unite = UniteFactory()
    assert DossierFactory(sejour__unite=unite).sejours.get().etablissement == unite.etablissement
    assert not DossierFactory(sejour=None).sejours.exists()
    assert SejourFactory(unite=None).place is None
    assert ContactFactory().dossier.sejours.exists()
    assert DocumentFactory().taille == 14
