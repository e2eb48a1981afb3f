"""Créer avec cinq traits, ne jamais créer deux fois."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from admission.creation import lectures, services
from dui.socle import datamatrix
from dui.socle.models import Dossier, Etablissement, LieuNaissance, Usager
from tests.identite.recherche import (
    CINQ,
    CREER,
    RECHERCHE,
    TRAITS,
    chercher,
    connue,
    creer,
    vers_la_creation,
)
from tests.outils import formulaire_de
from tests.socle.factories import EtablissementFactory, SejourFactory

pytestmark = pytest.mark.django_db


def test_cinq_traits_suffisent(maison, secretaire):
    page = vers_la_creation(secretaire, naissance="12/03/1940", nom="Leg")
    reponse = creer(secretaire, page, **CINQ)
    dossier = Dossier.objects.get()
    assert reponse.url == reverse("administratif:identite", args=[dossier.pk])
    usager, sejour = dossier.usager, dossier.sejours.get()
    assert (usager.nom_naissance, usager.prenoms, usager.sexe) == ("LE GOFF", "MARIE", "F")
    assert (usager.statut_identite, usager.recueil, usager.homonyme) == ("PROV", "SM", False)
    assert (usager.nom_utilise, usager.prenom_utilise) == ("", "")  # never filled by itself
    assert (sejour.etablissement, sejour.entree_le) == (maison, timezone.localdate())
    assert dossier.numero == f"{timezone.localdate():%Y}-00001"
    histoire = usager.history.get()
    assert histoire.history_user == secretaire.compte
    assert histoire.history_change_reason == services.MOTIF
    assert secretaire.get(reponse.url).status_code == 200


def test_ce_qui_a_ete_cherche_se_relit_avant_de_creer(secretaire):
    page = chercher(secretaire, naissance="00/03/1940", nom="Leg").content.decode()
    assert "03/1940 (jour inconnu)" in page and "<dd>Leg</dd>" in page
    assert "Début du prénom</dt>" not in page


@pytest.mark.parametrize("manque", list(CINQ))
def test_chacun_des_cinq_traits_est_exige(manque, secretaire):
    page = vers_la_creation(secretaire, naissance="12/03/1940")
    assert creer(secretaire, page, **CINQ | {manque: ""}).status_code == 422
    assert not Dossier.objects.exists()


def test_sans_recherche_ou_avec_celle_d_un_autre_rien_ne_se_cree(maison, secretaire, en_tant_que):
    page = vers_la_creation(secretaire, naissance="12/03/1940")
    _, lus = formulaire_de(page)
    collegue = en_tant_que(role="SECRETAIRE", etablissement=maison)
    _, siens = formulaire_de(collegue.get(RECHERCHE))
    for recherche in ("", "faux", lus["recherche"]):
        envoi = siens | CINQ | {"recherche": recherche}
        assert collegue.post(CREER, envoi).url == RECHERCHE
    assert secretaire.get(CREER).status_code == 405
    assert not Dossier.objects.exists()


def test_creer_malgre_un_proche_marque_les_deux_homonymes(maison, secretaire):
    proche = connue(maison, nom_naissance="LE GOF", lieu_naissance_cog="59350")
    page = chercher(secretaire, naissance="12/03/1940")
    assert "Aucune de ces personnes" in page.content.decode()
    action, lus = formulaire_de(page, CREER)
    assert creer(secretaire, secretaire.post(action, lus), **CINQ).status_code == 302
    nouveau = Dossier.objects.exclude(pk=proche.pk).get()
    proche.usager.refresh_from_db()
    assert nouveau.usager.homonyme and proche.usager.homonyme
    assert nouveau.numero in proche.usager.history.latest().history_change_reason


def test_marquer_l_homonyme_n_efface_pas_ce_qu_un_autre_vient_d_enregistrer(
    maison, secretaire, monkeypatch
):
    proche = connue(maison, nom_naissance="LE GOF", lieu_naissance_cog="59350")
    page = vers_la_creation(secretaire, naissance="12/03/1940")
    relire = lectures.ressemblants

    def puis_un_autre_enregistre(*args):
        proches = relire(*args)
        lignes = Usager.objects.filter(pk=proche.usager_id)
        lignes.update_sans_historique(motif="essai", nom_utilise="Morvan", version=2)
        return proches

    monkeypatch.setattr(lectures, "ressemblants", puis_un_autre_enregistre)
    assert creer(secretaire, page, **CINQ).status_code == 302
    proche.usager.refresh_from_db()
    assert (proche.usager.homonyme, proche.usager.nom_utilise) == (True, "Morvan")
    assert proche.usager.version == 3


def test_des_traits_identiques_demandent_comment_on_le_sait(maison, secretaire):
    connue(maison)
    page = vers_la_creation(secretaire, naissance="12/03/1940")
    reponse = creer(secretaire, page, **CINQ)
    texte = reponse.content.decode()
    assert reponse.status_code == 422 and "déjà connue" in texte
    assert "(facultatif)" not in texte.partition("Comment savez-vous")[2].partition("</label>")[0]
    reponse = creer(secretaire, page, **CINQ, motif_homonyme="Deux cartes d’identité vues")
    assert reponse.status_code == 302
    assert Usager.objects.filter(homonyme=True).count() == 2


def test_le_second_envoi_du_meme_formulaire_montre_le_premier(secretaire):
    page = vers_la_creation(secretaire, naissance="12/03/1940")
    assert creer(secretaire, page, **CINQ).status_code == 302
    reponse = creer(secretaire, page, **CINQ)
    assert reponse.status_code == 409
    assert "déjà créée" in reponse.content.decode() and "LE GOFF" in reponse.content.decode()
    assert Dossier.objects.count() == 1


# ------------------------------------------------------------------ lieu de naissance


@pytest.fixture
def lieux():
    for code, nom in (("49328", "Saumur"), ("93066", "Saint-Denis"), ("97411", "Saint-Denis")):
        LieuNaissance.objects.create(code=code, libelle=nom, nature="commune")
    LieuNaissance.objects.create(code="99352", libelle="Algérie", nature="pays")


@pytest.mark.parametrize(
    ("texte", "code", "nom"),
    [
        ("saumur", "49328", "Saumur"),
        ("ALGERIE", "99352", "Algérie"),
        ("49328", "49328", "Saumur"),
        ("2a004", "2A004", ""),
        ("inconnu", "99999", ""),
        ("99999", "99999", ""),
    ],
)
def test_le_lieu_s_ecrit_par_son_nom_ou_son_code(texte, code, nom, secretaire, lieux):
    page = vers_la_creation(secretaire, naissance="12/03/1940")
    assert creer(secretaire, page, **CINQ | {"lieu": texte}).status_code == 302
    usager = Usager.objects.get()
    assert (usager.lieu_naissance_cog, usager.commune_naissance) == (code, nom)


def test_deux_communes_du_meme_nom_se_choisissent(secretaire, lieux):
    page = vers_la_creation(secretaire, naissance="12/03/1940")
    reponse = creer(secretaire, page, **CINQ | {"lieu": "Saint Denis"})
    assert (
        reponse.status_code == 422 and "Saint-Denis, La Réunion (97411)" in reponse.content.decode()
    )
    assert creer(secretaire, reponse, lieu_choisi="97411").status_code == 302
    assert Usager.objects.get().lieu_naissance_cog == "97411"


def test_un_lieu_introuvable_dit_quoi_ecrire(secretaire, lieux):
    page = vers_la_creation(secretaire, naissance="12/03/1940")
    reponse = creer(secretaire, page, **CINQ | {"lieu": "Nulle-Part"})
    assert reponse.status_code == 422 and "inconnu" in reponse.content.decode()


# ------------------------------------------------------------------ datamatrix

ZOE = datamatrix.TraitsLus(
    "275126322074974", "1.2.250.1.213.1.4.8", "ZOE", "ADRUN", "F", date(1975, 12, 31), "63220"
)


def scan(**traits):
    return datamatrix.composer(datamatrix.TraitsLus(**vars(ZOE) | traits)).replace(
        datamatrix.GS, "<GS>"
    )


def test_d_un_datamatrix_au_dossier_en_trois_gestes(secretaire):
    """Ouvrir la page et lire le code, « créer l’identité », « créer l’identité »."""
    page = chercher(secretaire, scan=scan())
    action, lus = formulaire_de(page, CREER)
    page = secretaire.post(action, lus)
    reponse = creer(secretaire, page)
    assert reponse.status_code == 302
    usager = Usager.objects.get()
    assert (usager.nom_naissance, usager.prenoms, usager.lieu_naissance_cog) == (
        "ADRUN",
        "ZOE",
        "63220",
    )
    assert (usager.recueil, usager.statut_identite) == ("CB", "PROV")
    assert (usager.matricule_ins, usager.ins_affiche) == ("275126322074974", "")


@pytest.mark.parametrize("corrige", [{"nom_naissance": "ADRUNE"}, {"lieu": "59350"}])
def test_un_trait_corrige_apres_la_lecture_perd_le_matricule_lu(corrige, secretaire):
    action, lus = formulaire_de(chercher(secretaire, scan=scan()), CREER)
    page = secretaire.post(action, lus)
    assert creer(secretaire, page, **corrige).status_code == 302
    usager = Usager.objects.get()
    assert (usager.matricule_ins, usager.recueil) == ("", "SM")


def test_le_matricule_lu_retrouve_la_personne_sous_d_autres_traits(maison, secretaire):
    connue(
        maison,
        nom_naissance="AUTRE",
        matricule_ins=ZOE.matricule,
        oid_ins=ZOE.oid,
        ins_recuperee=True,
    )
    assert "AUTRE" in chercher(secretaire, scan=scan()).content.decode()


def test_un_code_illisible_dit_pourquoi_a_son_champ(secretaire):
    for texte in (scan().replace("<GS>", ""), "DC04FR", scan(matricule="275126322074975")):
        reponse = chercher(secretaire, scan=texte)
        assert reponse.status_code == 422
        assert "id_scan" in reponse.content.decode()
    assert not Dossier.objects.exists()


def test_en_production_un_datamatrix_de_test_est_refuse(secretaire, settings):
    code = scan(oid="1.2.250.1.213.1.4.11")
    assert chercher(secretaire, scan=code).status_code == 200
    settings.DEMONSTRATION = False
    reponse = chercher(secretaire, scan=code)
    assert reponse.status_code == 422 and "identité de test" in reponse.content.decode()


# ------------------------------------------------------------------ qui peut


@pytest.mark.parametrize(
    ("role", "statut"), [("SECRETAIRE", 200), ("IDENTITOVIG", 200), ("IDE", 403)]
)
def test_qui_cherche_pour_creer(role, statut, maison, en_tant_que):
    client = en_tant_que(role=role, etablissement=maison)
    assert client.get(RECHERCHE).status_code == statut


def test_on_ne_cree_pas_dans_la_maison_d_un_autre(maison, secretaire):
    ailleurs = EtablissementFactory()
    with pytest.raises(Etablissement.DoesNotExist):
        services.creer(secretaire.habilitation, ailleurs, vus=set(), **TRAITS)
    with pytest.raises(Etablissement.DoesNotExist):
        services.accueillir(secretaire.habilitation, ailleurs, SejourFactory().dossier_id)


def test_la_cellule_cree_sans_accueillir_une_autre_maison(maison, en_tant_que):
    cellule = en_tant_que(role="IDENTITOVIG", etablissement=maison)
    dossier = connue(EtablissementFactory())
    page = chercher(cellule, naissance="12/03/1940").content.decode()
    assert "accueillir ici" not in page and "Dossier tenu ailleurs" in page
    with pytest.raises(Etablissement.DoesNotExist):
        services.accueillir(cellule.habilitation, maison, dossier.pk)


def test_la_secretaire_d_un_autre_organisme_ne_voit_rien(maison, en_tant_que):
    from dui.socle.models import Organisme

    connue(maison)
    organisme = Organisme.objects.create(nom="Autre", finess_ej="750000001")
    client = en_tant_que(role="SECRETAIRE", etablissement=EtablissementFactory(organisme=organisme))
    assert "LE GOFF" not in chercher(client, naissance="12/03/1940").content.decode()
