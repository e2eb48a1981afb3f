"""Contrôler une pièce, signaler, juger : qui peut, ce que l'histoire garde."""

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, ProgrammingError, transaction

from administratif.identification import pieces, services
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import ControlePiece, Usager
from dui.socle.statuts import Cause
from tests.identite.outils import PIECE, de, dossier_au_statut, relu
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
# ------------------------------------------------------------------ pièces


@pytest.mark.parametrize(
    ("avant", "apres"), [("PROV", "VALI"), ("RECUP", "QUAL")], ids=["provisoire", "récupérée"]
)
def test_une_piece_sure_et_conforme_valide_l_identite(avant, apres, en_tant_que):
    dossier = dossier_au_statut(avant)
    h = de(en_tant_que, dossier)
    controle = services.controler_piece(h, dossier, **PIECE)
    usager = relu(dossier)
    assert usager.statut_identite == apres
    assert (controle.statut_avant, controle.statut_apres) == (avant, apres)
    assert (controle.fait_par, controle.piece) == (h.compte, "PA")
    histoire = usager.history.latest()
    assert histoire.history_user == h.compte
    assert histoire.history_change_reason == "Pièce d’identité contrôlée : Passeport"


def test_une_piece_faible_est_notee_sans_rien_valider(en_tant_que):
    dossier = dossier_au_statut("PROV")
    h = de(en_tant_que, dossier)
    controle = services.controler_piece(h, dossier, **PIECE | {"piece": "PC"})
    assert (controle.confiance, controle.statut_apres) == ("faible", "PROV")
    assert relu(dossier).statut_identite == "PROV"


def test_un_trait_different_sur_une_identite_recuperee_retire_le_matricule(en_tant_que):
    dossier = dossier_au_statut("RECUP")
    h = de(en_tant_que, dossier)
    controle = services.controler_piece(h, dossier, **PIECE | {"differents": ["sexe"]})
    usager = relu(dossier)
    assert (usager.statut_identite, usager.matricule_ins, usager.oid_ins) == ("PROV", "", "")
    assert (controle.resultat, controle.differents) == ("different", ["sexe"])
    assert usager.history.earliest().matricule_ins  # the history keeps it


def test_un_trait_different_sur_une_provisoire_ne_valide_rien(en_tant_que):
    dossier = dossier_au_statut("PROV")
    services.controler_piece(
        de(en_tant_que, dossier), dossier, **PIECE | {"differents": ["prenoms"]}
    )
    assert relu(dossier).statut_identite == "PROV"


def test_une_identite_deja_validee_ou_douteuse_ne_se_valide_pas(en_tant_que):
    for dossier in (dossier_au_statut("VALI"), DossierFactory(usager__douteuse=True)):
        with pytest.raises(ValidationError):
            services.controler_piece(de(en_tant_que, dossier), dossier, **PIECE)


def test_deux_controles_qui_se_croisent_sont_un_conflit(en_tant_que):
    dossier = dossier_au_statut("PROV")
    services.controler_piece(de(en_tant_que, dossier), dossier, **PIECE | {"piece": "PC"})
    with pytest.raises(ConflitDeVersion):
        services.controler_piece(de(en_tant_que, dossier), dossier, **PIECE)


def test_le_livret_de_famille_ne_vaut_qu_en_ehpad_et_sa_condition_confirmee(en_tant_que):
    ehpad = DossierFactory(sejour__etablissement__categorie="500")
    h = de(en_tant_que, ehpad)
    with pytest.raises(ValidationError, match="Entrée directe en EHPAD"):
        services.controler_piece(h, ehpad, **PIECE | {"piece": "LECV"})
    services.controler_piece(h, ehpad, **PIECE | {"piece": "LECV", "condition": True})
    assert relu(ehpad).statut_identite == "VALI"

    ailleurs = DossierFactory(sejour__etablissement__categorie="183")
    with pytest.raises(ValidationError, match="Choisissez la pièce"):
        services.controler_piece(
            de(en_tant_que, ailleurs), ailleurs, **PIECE | {"piece": "LECV", "condition": True}
        )


def test_les_pieces_de_mineur_ne_se_proposent_qu_aux_mineurs():
    dossier = DossierFactory()
    maison = dossier.sejours.get().etablissement
    adulte = {p.code for p in pieces.proposees(dossier, maison, 40)}
    enfant = {p.code for p in pieces.proposees(dossier, maison, 9)}
    assert enfant - adulte == {"AN", "LE", "DC"}


def test_l_organisme_baisse_la_confiance_et_ne_la_releve_jamais(en_tant_que):
    dossier = DossierFactory()
    maison = dossier.sejours.get().etablissement
    h = de(en_tant_que, dossier, "ADMIN_SI")
    for code, confiance in (("TC", "faible"), ("PC", "elevee"), ("CM", "elevee")):
        services.regler_piece(h, maison, code=code, proposee=True, confiance=confiance)
    services.regler_piece(h, maison, code="CE", proposee=False, confiance="faible")
    valides = {p.code: p.valide for p in pieces.proposees(dossier, maison, 40)}
    assert (valides["TC"], valides["PC"], valides["CM"]) == (False, False, True)
    assert "CE" not in valides and "CC" not in valides
    secretaire = de(en_tant_que, dossier)
    with pytest.raises(type(maison).DoesNotExist):
        services.regler_piece(secretaire, maison, code="PC", proposee=True, confiance="elevee")


def test_un_controle_ne_se_reecrit_pas(en_tant_que):
    dossier = dossier_au_statut("PROV")
    controle = services.controler_piece(de(en_tant_que, dossier), dossier, **PIECE)
    for geste in (lambda: ControlePiece.objects.filter(pk=controle.pk).delete(), controle.save):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            geste()


# ------------------------------------------------------------------ attributs


def test_signaler_un_doute_rend_provisoire_et_lever_le_doute_revient_a_la_cellule(en_tant_que):
    dossier = dossier_au_statut("QUAL")
    secretaire, cellule = (
        de(en_tant_que, dossier),
        de(en_tant_que, dossier, "IDENTITOVIG"),
    )
    services.changer_attribut(
        secretaire, dossier, version_lue=1, cause=Cause.DOUTE, motif="Deux dates"
    )
    usager = relu(dossier)
    assert (usager.douteuse, usager.statut_identite, usager.matricule_ins) == (True, "PROV", "")
    lever = {"version_lue": 2, "cause": Cause.DOUTE_LEVE, "motif": "Acte de naissance"}
    with pytest.raises(Usager.DoesNotExist):
        services.changer_attribut(secretaire, dossier, **lever)
    services.changer_attribut(cellule, dossier, **lever)
    assert not relu(dossier).douteuse
    raisons = [h.history_change_reason for h in usager.history.order_by("history_id")]
    assert raisons[1:] == [
        "Identité signalée douteuse : Deux dates",
        "Doute levé : Acte de naissance",
    ]


@pytest.mark.parametrize("cause", [Cause.DOUTE, Cause.HOMONYME, Cause.FICTIVE])
def test_un_attribut_demande_son_motif_et_ne_se_pose_pas_deux_fois(cause, en_tant_que):
    dossier = DossierFactory()
    h = de(en_tant_que, dossier, "IDENTITOVIG")
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        services.changer_attribut(h, dossier, version_lue=1, cause=cause, motif=" ")
    services.changer_attribut(h, dossier, version_lue=1, cause=cause, motif="Vu")
    with pytest.raises(ValidationError):
        services.changer_attribut(h, dossier, version_lue=2, cause=cause, motif="Vu")


def test_une_fictive_ne_devient_ni_homonyme_ni_validee(en_tant_que):
    dossier = DossierFactory(usager__fictive=True)
    h = de(en_tant_que, dossier, "IDENTITOVIG")
    with pytest.raises(ValidationError, match="aucun autre attribut"):
        services.changer_attribut(h, dossier, version_lue=1, cause=Cause.HOMONYME, motif="x")
    with pytest.raises(ValidationError, match="levez d’abord"):
        services.controler_piece(h, dossier, **PIECE)


def test_annuler_un_controle_garde_la_trace_des_deux(en_tant_que):
    dossier = dossier_au_statut("RECUP")
    services.controler_piece(de(en_tant_que, dossier), dossier, **PIECE)
    cellule = de(en_tant_que, dossier, "IDENTITOVIG")
    services.annuler_controle(cellule, dossier, version_lue=2, motif="Autre personne")
    assert relu(dossier).statut_identite == "RECUP"
    assert relu(dossier).matricule_ins
    resultats = ControlePiece.objects.order_by("fait_le").values_list("resultat", flat=True)
    assert list(resultats) == ["conforme", "annule"]
