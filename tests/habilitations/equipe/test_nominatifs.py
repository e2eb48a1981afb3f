"""Redonner un accès, c’est pouvoir le prendre : ce qu’il ouvre en nom propre compte aussi."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dui.socle.enums import Bloc
from habilitations.equipe.lectures import repond_de
from habilitations.models import Interdiction
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory, acces_portail
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
HIER = timezone.localdate() - timedelta(days=1)


def demander_un_code(client, compte) -> int:
    return client.post(f"/equipe/{compte.pk}/acces/", {"motif": "second_facteur"}).status_code


def test_le_cadre_ne_reprend_pas_un_compte_qui_ouvre_un_dossier_d_ailleurs(cadre, soignante):
    compte = soignante.compte
    acces_portail(compte, DossierFactory(), Bloc.TRA, qualite="")
    assert not repond_de(cadre.habilitation, compte)
    assert demander_un_code(cadre, compte) == 403
    compte.refresh_from_db()
    assert compte.has_usable_password()


def test_ni_celui_d_un_ancien_devenu_proche_sur_le_portail(cadre, unite):
    ancien = AffectationFactory(role="AS", etablissement=unite.etablissement, fin=HIER).compte
    acces_portail(ancien, DossierFactory())
    assert demander_un_code(cadre, ancien) == 403


def test_un_acces_en_nom_propre_sur_un_dossier_qu_il_gere_ou_fini_ne_l_empeche_pas(
    cadre, soignante, unite
):
    ici = DossierFactory(sejour__unite=unite)
    acces_portail(soignante.compte, ici, Bloc.TRA, qualite="")
    acces_portail(soignante.compte, DossierFactory(), Bloc.TRA, qualite="", fin=HIER)
    assert demander_un_code(cadre, soignante.compte) == 200
    Interdiction.objects.create(
        compte=cadre.compte,
        dossier=ici,
        blocs=[],
        origine="personne",
        decidee_par=soignante.compte,
    )
    assert demander_un_code(cadre, soignante.compte) == 403


def test_l_administrateur_qui_ne_lit_aucun_dossier_n_en_repond_pas(soignante, unite):
    technique = AffectationFactory(role="ADMIN_SI", etablissement=unite.etablissement)
    h = Habilitation(technique.compte)
    assert repond_de(h, soignante.compte)
    acces_portail(soignante.compte, DossierFactory(sejour__unite=unite), Bloc.TRA, qualite="")
    assert not repond_de(h, soignante.compte)
