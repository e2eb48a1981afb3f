"""Ce qu’INSi répond : ce que l’on en prend, et les traits qu’il verrouille."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from administratif import services as administratif
from administratif.identification import regles, services
from dui.socle.models import Evenement
from dui.socle.statuts import Cause
from tests.identite.outils import INSI, de, dossier_au_statut, relu
from tests.socle.factories import UsagerFactory

pytestmark = pytest.mark.django_db
# ------------------------------------------------------------------ INSi


def test_accepter_insi_prend_ses_traits_et_garde_les_anciens(en_tant_que):
    dossier = dossier_au_statut("PROV")
    h = de(en_tant_que, dossier)
    ancien = dossier.usager.nom_naissance
    services.accepter_insi(h, dossier, version_lue=1, **INSI)
    usager = relu(dossier)
    assert (usager.statut_identite, usager.nom_naissance, usager.recueil) == (
        "RECUP",
        "ADRUN",
        "INSI",
    )
    assert usager.interroge_insi_le
    assert usager.history.earliest().nom_naissance == ancien
    assert "ADRUN" not in str(Evenement.objects.latest("pk").charge)


def test_une_validee_devient_qualifiee_si_insi_dit_la_meme_personne(en_tant_que):
    traits = INSI["traits"] | {"prenoms": "ZOE", "premier_prenom": "ZOE"}
    dossier = dossier_au_statut("VALI", **traits, commune_naissance="")
    services.accepter_insi(de(en_tant_que, dossier), dossier, version_lue=1, **INSI)
    assert relu(dossier).statut_identite == "QUAL"


def test_sur_une_validee_qu_insi_contredit_rien_n_est_pris(en_tant_que):
    dossier = dossier_au_statut("VALI")
    avant = dossier.usager
    services.accepter_insi(de(en_tant_que, dossier), dossier, version_lue=1, **INSI)
    usager = relu(dossier)
    assert (usager.statut_identite, usager.matricule_ins) == ("VALI", "")
    assert (usager.nom_naissance, usager.date_naissance) == (
        avant.nom_naissance,
        avant.date_naissance,
    )
    assert "nom_naissance" in Evenement.objects.latest("pk").charge["traits"]


def test_une_cle_fausse_d_insi_est_acceptee_et_notee(en_tant_que):
    dossier = dossier_au_statut("PROV")
    services.accepter_insi(
        de(en_tant_que, dossier), dossier, version_lue=1, **INSI | {"matricule": "181036322045660"}
    )
    assert relu(dossier).statut_identite == "RECUP"
    assert Evenement.objects.latest("pk").charge["cle_juste"] is False


def test_le_meme_matricule_ne_sert_pas_a_deux_identites(en_tant_que):
    for rang in range(2):
        dossier = dossier_au_statut("PROV")
        h = de(en_tant_que, dossier)
        if rang == 0:
            services.accepter_insi(h, dossier, version_lue=1, **INSI)
            continue
        with pytest.raises(ValidationError, match="déjà ce matricule"):
            services.accepter_insi(h, dossier, version_lue=1, **INSI)
    with pytest.raises(IntegrityError), transaction.atomic():
        UsagerFactory(ins_recuperee=True, matricule_ins=INSI["matricule"], oid_ins=INSI["oid"])


@pytest.mark.parametrize("oid", ["1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11", "1.2.3"])
def test_en_production_une_identite_de_test_n_entre_pas(oid, en_tant_que, settings):
    settings.DEMONSTRATION = False
    dossier = dossier_au_statut("PROV")
    with pytest.raises(ValidationError, match="INS utilisable"):
        services.accepter_insi(
            de(en_tant_que, dossier), dossier, version_lue=1, **INSI | {"oid": oid}
        )
    assert relu(dossier).matricule_ins == ""


@pytest.mark.parametrize(
    ("avant", "cause", "apres", "garde"),
    [
        ("QUAL", Cause.VERIFICATION_OK, "QUAL", True),
        ("QUAL", Cause.VERIFICATION_KO, "VALI", False),
        ("RECUP", Cause.VERIFICATION_KO, "PROV", False),
        ("PROV", Cause.INSI_AUCUNE, "PROV", False),
        ("VALI", Cause.INSI_PLUSIEURS, "VALI", False),
    ],
)
def test_une_reponse_sans_traits_change_ce_que_dit_la_table(
    avant, cause, apres, garde, en_tant_que
):
    dossier = dossier_au_statut(avant)
    services.noter_appel_insi(de(en_tant_que, dossier), dossier, cause=cause)
    usager = relu(dossier)
    assert (usager.statut_identite, bool(usager.matricule_ins)) == (apres, garde)


@pytest.mark.parametrize(
    ("champ", "valeur", "attendu"),
    [
        ("nom_naissance", "LE-GOFF", []),
        ("nom_naissance", "LE GOF", ["nom_naissance"]),
        ("prenoms", "JEAN", []),
        ("prenoms", "PIERRE", ["prenoms"]),
        ("sexe", "F", ["sexe"]),
        ("date_naissance", date(1940, 3, 13), ["date_naissance"]),
        ("lieu_naissance_cog", "99999", []),
        ("lieu_naissance_cog", "59350", ["lieu_naissance_cog"]),
    ],
)
def test_insi_et_nos_traits_se_comparent_comme_le_dit_le_guide(champ, valeur, attendu):
    locaux = {
        "nom_naissance": "LE GOFF",
        "prenoms": "JEAN PIERRE",
        "sexe": "M",
        "date_naissance": date(1940, 3, 12),
        "lieu_naissance_cog": "49328",
    }
    assert regles.divergences(locaux, locaux | {champ: valeur}) == attendu


# ------------------------------------------------------------------ verrou des traits


@pytest.mark.parametrize("statut", ["RECUP", "QUAL"])
def test_les_traits_venus_d_insi_sont_verrouilles_sauf_pour_la_cellule(statut, en_tant_que):
    dossier = dossier_au_statut(statut)
    traits = {n: getattr(dossier.usager, n) for n in administratif.identite.TRAITS}
    corriger = {"version_lue": 1, "motif": "Erreur", "confirmer": True, **traits, "sexe": "M"}
    with pytest.raises(PermissionDenied, match="cellule"):
        administratif.corriger_traits(de(en_tant_que, dossier), dossier, **corriger)
    administratif.corriger_traits(de(en_tant_que, dossier, "IDENTITOVIG"), dossier, **corriger)
    usager = relu(dossier)
    assert (usager.statut_identite, usager.matricule_ins, usager.recueil) == ("PROV", "", "SM")


def test_le_nom_de_la_commune_se_precise_sans_perdre_l_ins(en_tant_que):
    dossier = dossier_au_statut("QUAL")
    traits = {n: getattr(dossier.usager, n) for n in administratif.identite.TRAITS}
    administratif.corriger_traits(
        de(en_tant_que, dossier, "IDENTITOVIG"),
        dossier,
        version_lue=1,
        motif="Précision",
        **traits | {"commune_naissance": "Lille-Centre"},
    )
    assert relu(dossier).statut_identite == "QUAL"


@pytest.mark.parametrize("statut", ["PROV", "RECUP", "VALI", "QUAL"])
def test_le_nom_utilise_ne_change_jamais_le_statut(statut, en_tant_que):
    dossier = dossier_au_statut(statut)
    champs = dict.fromkeys(administratif.identite.USAGE, "") | {"nom_utilise": "Le Bihan"}
    administratif.modifier_usage(de(en_tant_que, dossier), dossier, version_lue=1, **champs)
    assert relu(dossier).statut_identite == statut
