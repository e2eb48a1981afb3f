"""Contrôler une pièce, signaler, juger, accepter INSi : qui peut, ce que l'histoire garde."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.urls import reverse

from administratif import services as administratif
from administratif.identification import pieces, regles, services
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import ControlePiece, Dossier, Evenement, Usager
from dui.socle.statuts import Cause
from tests.identite.outils import INSI, dossier_au_statut, poster
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory, EtablissementFactory, UsagerFactory

pytestmark = pytest.mark.django_db
PIECE = {"version_lue": 1, "piece": "PA", "differents": []}


def de(en_tant_que, dossier, role="SECRETAIRE"):
    return en_tant_que(dossier, role=role).habilitation


def relu(dossier):
    return Usager.objects.get(pk=dossier.usager_id)


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
    assert histoire.history_change_reason == "Pièce d’identité contrôlée : Passeport"


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
        "Identité signalée douteuse : Deux dates",
        "Doute levé : Acte de naissance",
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


# ------------------------------------------------------------------ pages : trois acteurs


def adresse(nom, dossier):
    return reverse(f"administratif:identite_{nom}", args=[dossier.pk])


@pytest.mark.parametrize(
    ("page", "role", "statut"),
    [
        ("valider", "SECRETAIRE", 200),
        ("valider", "IDE", 403),
        ("signaler", "SECRETAIRE", 200),
        ("signaler", "AS", 403),
        ("juger", "IDENTITOVIG", 200),
        ("juger", "SECRETAIRE", 403),
    ],
)
def test_qui_ouvre_quelle_page(page, role, statut, en_tant_que):
    dossier = DossierFactory()
    assert en_tant_que(dossier, role=role).get(adresse(page, dossier)).status_code == statut
    ailleurs = en_tant_que(role="SECRETAIRE", etablissement=EtablissementFactory())
    assert ailleurs.get(adresse(page, dossier)).status_code == 404


def test_la_page_ne_coche_rien_d_avance_et_refuse_un_trait_oublie(en_tant_que):
    dossier = dossier_au_statut("PROV")
    client = en_tant_que(dossier, role="SECRETAIRE")
    page = client.get(adresse("valider", dossier))
    assert "checked" not in page.content.decode()
    reponse = poster(client, adresse("valider", dossier), piece="PA", trait_sexe="conforme")
    assert reponse.status_code == 422
    assert "Comparez ce trait" in reponse.content.decode()
    assert relu(dossier).statut_identite == "PROV"


def test_valider_trait_par_trait_puis_lire_qui_l_a_fait(en_tant_que):
    dossier = dossier_au_statut("PROV")
    client = en_tant_que(dossier, role="SECRETAIRE")
    traits = {f"trait_{nom}": "conforme" for nom in regles.TRAITS}
    reponse = poster(client, adresse("valider", dossier), piece="CN", **traits)
    assert reponse.status_code == 302
    fiche = client.get(reverse("administratif:identite", args=[dossier.pk])).content.decode()
    assert "Validée" in fiche and "Carte nationale d’identité" in fiche
    assert client.compte.get_full_name() in fiche
    assert "Valider l’identité" not in fiche


def ailleurs(dossier, **champs):
    """Quelqu’un d’autre enregistre, dans un autre onglet."""
    lignes = Usager.objects.filter(pk=dossier.usager_id)
    lignes.update_sans_historique(motif="essai", version=2, **champs)


def test_un_trait_change_pendant_le_controle_se_compare_de_nouveau(en_tant_que):
    dossier = dossier_au_statut("PROV", nom_naissance="DURAND")
    client = en_tant_que(dossier, role="SECRETAIRE")
    action, lus = formulaire_de(client.get(adresse("valider", dossier)))
    ailleurs(dossier, nom_naissance="DUPOND")
    traits = {f"trait_{nom}": "conforme" for nom in regles.TRAITS}
    saisie = lus | {"piece": "PA", "commentaire": "Passeport neuf"} | traits
    reponse = client.post(action, saisie)
    assert (reponse.status_code, relu(dossier).statut_identite) == (409, "PROV")
    page = reponse.content.decode()
    assert "a changé depuis que vous l’avez lue" in page and "DUPOND" in page
    action, gardes = formulaire_de(reponse)
    assert (gardes["piece"], gardes["commentaire"]) == (["PA"], ["Passeport neuf"])
    assert client.post(action, gardes).status_code == 422  # no trait is answered beforehand
    assert client.post(action, gardes | traits).status_code == 302
    assert relu(dossier).statut_identite == "VALI"


@pytest.mark.parametrize(
    ("page", "role", "champs"),
    [
        ("signaler", "SECRETAIRE", {"cause": "doute", "motif": "Deux dates de naissance"}),
        ("juger", "IDENTITOVIG", {"cause": "fictive", "motif": "Séance de formation"}),
    ],
)
def test_un_signalement_croise_ne_se_perd_pas(page, role, champs, en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role=role)
    action, lus = formulaire_de(client.get(adresse(page, dossier)))
    ailleurs(dossier, nom_utilise="Le Bihan")
    reponse = client.post(action, lus | champs)
    assert reponse.status_code == 409
    action, gardes = formulaire_de(reponse)
    assert gardes["motif"] == [champs["motif"]]
    assert client.post(action, gardes).status_code == 302
    usager = relu(dossier)
    assert usager.douteuse or usager.fictive


def test_la_secretaire_lit_que_les_traits_sont_verrouilles(en_tant_que):
    dossier = dossier_au_statut("QUAL")
    client = en_tant_que(dossier, role="SECRETAIRE")
    fiche = client.get(reverse("administratif:identite", args=[dossier.pk])).content.decode()
    assert "verrouillés" in fiche and "identite/traits/" not in fiche
    assert client.get(adresse("traits", dossier)).status_code == 403
    assert Dossier.objects.get(pk=dossier.pk).usager.statut_identite == "QUAL"


# ------------------------------------------------------------------ réglage des pièces

PIECES = reverse("administratif:pieces_identite")


@pytest.mark.parametrize(
    ("role", "statut"), [("ADMIN_SI", 200), ("SECRETAIRE", 403), ("IDENTITOVIG", 403)]
)
def test_qui_regle_les_pieces(role, statut, en_tant_que):
    client = en_tant_que(role=role, etablissement=EtablissementFactory())
    assert client.get(PIECES).status_code == statut


def test_le_proche_ne_trouve_pas_la_page_des_pieces(sur_le_portail):
    assert sur_le_portail(DossierFactory()).get(PIECES).status_code == 404


def test_retirer_une_piece_de_la_liste_la_retire_du_controle(en_tant_que):
    dossier = DossierFactory()
    maison = dossier.sejours.get().etablissement
    administrateur = en_tant_que(role="ADMIN_SI", etablissement=maison)
    action, lus = formulaire_de(administrateur.get(PIECES))
    lus.pop("PA-proposee")
    assert administrateur.post(action, lus | {"TC-confiance": "faible"}).status_code == 302
    offertes = {p.code: p.valide for p in pieces.proposees(dossier, maison, 40)}
    assert "PA" not in offertes and offertes["CN"] and not offertes["TC"]
    reglages = Evenement.objects.filter(type="identite.piece_reglee")
    assert sorted(e.charge["code"] for e in reglages) == ["PA", "TC"]


def test_une_piece_faible_ne_se_releve_pas_meme_en_forcant_le_formulaire(en_tant_que):
    maison = EtablissementFactory()
    administrateur = en_tant_que(role="ADMIN_SI", etablissement=maison)
    action, lus = formulaire_de(administrateur.get(PIECES))
    assert administrateur.post(action, lus | {"PC-confiance": "elevee"}).status_code == 422
