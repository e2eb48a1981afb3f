"""Ouvrir et fermer le portail à quelqu’un."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from dui.socle.enums import Bloc
from dui.socle.models import EntreeJournal, Evenement
from habilitations.models import Droit
from habilitations.politique import Habilitation
from relation_usager.services import fermer_acces_portail, ouvrir_acces_portail
from tests.habilitations.factories import AffectationFactory
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def cadre(dossier):
    etablissement = dossier.sejours.get().etablissement
    return Habilitation(AffectationFactory(role="IDEC", etablissement=etablissement).compte)


@pytest.fixture
def compte():
    return CompteFactory()


def ouverts(compte, dossier):
    h = Habilitation(compte)
    return {b for b in Bloc.values if h.ouvre(dossier, b)}


def de_la_matrice(role):
    return set(Droit.objects.filter(role=role).values_list("bloc", flat=True))


def test_la_personne_recoit_ce_que_dit_la_matrice(cadre, dossier, compte):
    ouvrir_acces_portail(cadre, dossier, compte=compte, qualite="USAGER", motif="Sa demande")
    assert ouverts(compte, dossier) == de_la_matrice("USAGER")
    assert Habilitation(compte).qualite(dossier) == "USAGER"


@pytest.mark.parametrize("qualite", ["PERS_CONF", "PROCHE"])
def test_sans_accord_de_la_personne_rien_ne_s_ouvre(cadre, dossier, compte, qualite):
    with pytest.raises(ValidationError, match="doit accepter"):
        ouvrir_acces_portail(cadre, dossier, compte=compte, qualite=qualite, motif="Sa fille")
    assert not ouverts(compte, dossier)


def test_l_accord_vaut_bloc_par_bloc(cadre, dossier, compte):
    ouvrir_acces_portail(
        cadre, dossier, compte=compte, qualite="PERS_CONF", motif="Accord oral", accords=["ANI"]
    )
    assert ouverts(compte, dossier) == {"ANI"}


def test_on_n_accorde_pas_plus_que_la_matrice(cadre, dossier, compte):
    with pytest.raises(ValidationError, match="ne donne jamais accès"):
        ouvrir_acces_portail(
            cadre, dossier, compte=compte, qualite="PROCHE", motif="x", accords=["ANI", "OBS"]
        )


def test_le_representant_legal_ne_lit_la_sante_que_s_il_represente_la_personne(
    cadre, dossier, compte
):
    ouvrir_acces_portail(cadre, dossier, compte=compte, qualite="REP_LEGAL", motif="Curatelle")
    assert not ouverts(compte, dossier) & {"PRE", "RES", "VAC", "FAC"}
    ouvrir_acces_portail(
        cadre, dossier, compte=compte, qualite="REP_LEGAL", motif="Tutelle à la personne",
        accords=["PRE", "RES", "VAC", "FAC"],
    )  # fmt: skip
    assert ouverts(compte, dossier) == de_la_matrice("REP_LEGAL")


def test_ouvrir_de_nouveau_remplace(cadre, dossier, compte):
    accords = {"compte": compte, "qualite": "PERS_CONF", "motif": "x"}
    ouvrir_acces_portail(cadre, dossier, accords=["ANI", "PP"], **accords)
    ouvrir_acces_portail(cadre, dossier, accords=["PP"], **accords)
    assert ouverts(compte, dossier) == {"PP"}


def test_fermer_ferme_tout_de_suite_et_garde_la_trace(cadre, dossier, compte):
    acces = ouvrir_acces_portail(cadre, dossier, compte=compte, qualite="USAGER", motif="x")
    assert fermer_acces_portail(cadre, dossier, compte=compte, motif="À sa demande") == len(acces)
    assert not ouverts(compte, dossier)
    types = list(Evenement.objects.order_by("pk").values_list("type", flat=True))
    assert types == ["portail.acces_ouvert", "portail.acces_ferme"]
    assert EntreeJournal.objects.filter(action="administrer", acteur=cadre.compte).count() == 2


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"qualite": "IDE"}, "n’ouvre pas le portail"),
        ({"qualite": "INCONNUE"}, "n’ouvre pas le portail"),
        ({"motif": " "}, "Dites pourquoi"),
        ({"fin": timezone.localdate() - timedelta(days=1)}, "déjà passée"),
    ],
)
def test_une_ouverture_incomplete_se_refuse(cadre, dossier, compte, champs, message):
    with pytest.raises(ValidationError, match=message):
        ouvrir_acces_portail(
            cadre, dossier, **({"compte": compte, "qualite": "USAGER", "motif": "x"} | champs)
        )


def test_un_professionnel_garde_un_compte_a_part(cadre, dossier):
    with pytest.raises(ValidationError, match="compte à part"):
        ouvrir_acces_portail(
            cadre, dossier, compte=cadre.compte, qualite="PROCHE", motif="x", accords=["ANI"]
        )


def test_fermer_sans_dire_pourquoi_se_refuse(cadre, dossier, compte):
    with pytest.raises(ValidationError, match="pourquoi"):
        fermer_acces_portail(cadre, dossier, compte=compte, motif="")
