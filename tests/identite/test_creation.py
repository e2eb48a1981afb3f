"""Chercher avant de créer, créer avec cinq traits, ne jamais créer deux fois."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from admission.creation import lectures, services
from admission.creation.criteres import Criteres
from dui.socle import datamatrix
from dui.socle.models import Dossier, EntreeJournal, Etablissement, LieuNaissance, Usager
from habilitations.journal.mots import phrase
from habilitations.models import Interdiction
from tests.habilitations.factories import AffectationFactory
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory, EtablissementFactory, SejourFactory

pytestmark = pytest.mark.django_db
RECHERCHE, CREER = reverse("identites:rechercher"), reverse("identites:creer")
ACCUEILLIR = reverse("identites:accueillir")
JOUR = date(1940, 3, 12)
TRAITS = {
    "nom_naissance": "LE GOFF",
    "premier_prenom": "MARIE",
    "prenoms": "MARIE JEANNE",
    "sexe": "F",
    "date_naissance": JOUR,
    "lieu_naissance_cog": "49328",
}
CINQ = {
    "nom_naissance": "Le Goff",
    "premier_prenom": "Marie",
    "naissance": "12/03/1940",
    "sexe": "F",
    "lieu": "49328",
}


@pytest.fixture
def maison():
    return EtablissementFactory()


@pytest.fixture
def secretaire(maison, en_tant_que):
    return en_tant_que(role="SECRETAIRE", etablissement=maison)


def connue(maison, **usager):
    traits = TRAITS | usager
    return DossierFactory(
        sejour__etablissement=maison, **{f"usager__{nom}": v for nom, v in traits.items()}
    )


def noms(proches):
    return [p.usager.nom_naissance for p in proches]


def chercher(client, **champs):
    action, lus = formulaire_de(client.get(RECHERCHE))
    return client.post(action, lus | champs)


def vers_la_creation(client, **champs):
    """La recherche, puis « créer » : la page de création."""
    action, lus = formulaire_de(chercher(client, **champs), CREER)
    return client.post(action, lus)


def creer(client, page, **champs):
    action, lus = formulaire_de(page)
    return client.post(action, lus | champs)


# ------------------------------------------------------------------ recherche


@pytest.mark.parametrize(
    ("usager", "naissance", "nom", "prenom"),
    [
        ({}, JOUR, "", ""),
        ({}, JOUR, "LEG", ""),
        ({}, JOUR, "le-", "mar"),
        ({}, date(1940, 12, 3), "LE", ""),
        ({"nom_naissance": "MARTIN", "nom_utilise": "LE GOFF"}, JOUR, "LEG", ""),
        ({"nom_naissance": "MARIE", "premier_prenom": "LE GOFF"}, JOUR, "MAR", ""),
        ({"nom_naissance": "LA GOFF"}, JOUR, "LEG", ""),
        ({"prenom_utilise": "Maïté"}, JOUR, "", "mai"),
        ({"date_naissance": date(1940, 3, 1), "naissance_incomplete": "jour"}, JOUR, "LE", ""),
        ({"date_naissance": date(1940, 12, 31), "naissance_incomplete": "jour_mois"}, JOUR, "", ""),
        ({"date_naissance": date(1942, 12, 31), "naissance_incomplete": "annee"}, JOUR, "", ""),
    ],
)
def test_les_identites_proches_se_trouvent(usager, naissance, nom, prenom, maison, secretaire):
    connue(maison, **usager)
    trouves = lectures.chercher(
        secretaire.habilitation, maison, Criteres(naissance, nom=nom, prenom=prenom)
    )
    assert len(trouves) == 1


@pytest.mark.parametrize(
    ("naissance", "nom", "prenom"),
    [(date(1941, 3, 12), "", ""), (JOUR, "ZZZ", ""), (JOUR, "LE ", "PAU")],
)
def test_les_autres_ne_se_montrent_pas(naissance, nom, prenom, maison, secretaire):
    connue(maison)
    criteres = Criteres(naissance, nom=nom, prenom=prenom)
    assert lectures.chercher(secretaire.habilitation, maison, criteres) == []


def test_une_date_incomplete_cherche_tout_ce_qu_elle_peut_vouloir_dire(maison, secretaire):
    connue(maison)
    h = secretaire.habilitation
    assert lectures.chercher(h, maison, Criteres(date(1940, 3, 1), "jour"))
    assert lectures.chercher(h, maison, Criteres(date(1940, 12, 31), "jour_mois"))
    assert lectures.chercher(h, maison, Criteres(date(1938, 12, 31), "annee"))
    assert not lectures.chercher(h, maison, Criteres(date(1940, 4, 1), "jour"))


def test_la_date_ou_le_datamatrix_est_exige_et_trois_lettres_sont_le_plus(secretaire):
    reponse = chercher(secretaire, nom="Leg")
    assert reponse.status_code == 422 and "date de naissance" in reponse.content.decode()
    assert chercher(secretaire, naissance="12/03/1940", nom="Lego").status_code == 422
    assert chercher(secretaire, naissance="31/02/1940").status_code == 422


def test_la_recherche_montre_l_autre_maison_sans_dire_ou_ni_ouvrir(maison, secretaire):
    """L’identité est cherchée dans tout l’organisme ; le dossier, lui, reste fermé."""
    ailleurs = EtablissementFactory(nom="Maison des Pins")
    dossier = connue(ailleurs)
    page = chercher(secretaire, naissance="12/03/1940").content.decode()
    assert "LE GOFF" in page and "accueillir ici" in page
    assert "Maison des Pins" not in page and dossier.numero not in page
    assert reverse("dossier", args=[dossier.pk]) not in page


def test_ce_qu_une_interdiction_ferme_ne_dit_que_son_existence(maison, secretaire):
    dossier = connue(maison)
    Interdiction.objects.create(
        dossier=dossier,
        compte=secretaire.compte,
        blocs=[],
        origine="personne",
        decidee_par=AffectationFactory(etablissement=maison).compte,
    )
    page = chercher(secretaire, naissance="12/03/1940")
    assert "LE GOFF" not in page.content.decode()
    assert "hors de votre portée" in page.content.decode()


def test_la_recherche_est_journalisee_sans_ses_valeurs(secretaire):
    chercher(secretaire, naissance="12/03/1940", nom="Leg")
    trace = EntreeJournal.objects.filter(cible="recherche avant création").get()
    assert trace.contexte["lettres du nom"] == 3 and trace.contexte["résultats"] == 0
    assert "1940" not in str(trace.contexte) and "Leg" not in str(trace.contexte)


def test_qui_est_montre_sans_etre_ouvert_le_lit_dans_son_journal(maison, secretaire):
    """Une ligne par personne d’une autre maison ; aucune pour la sienne, ni pour une interdite."""
    ailleurs = connue(EtablissementFactory())
    connue(maison)
    interdite = connue(EtablissementFactory())
    Interdiction.objects.create(
        dossier=interdite,
        compte=secretaire.compte,
        blocs=[],
        origine="personne",
        decidee_par=AffectationFactory(etablissement=maison).compte,
    )
    chercher(secretaire, naissance="12/03/1940")
    trace = EntreeJournal.objects.exclude(dossier=None).get()
    assert (trace.dossier, trace.titre_acces, trace.bloc) == (ailleurs, "aucun", "ID")
    assert phrase(trace) == "a vu l’identité, parmi celles qui ressemblent à une autre"


def test_une_date_changee_apres_la_recherche_ne_montre_personne_sans_trace(maison, secretaire):
    page = vers_la_creation(secretaire, naissance="01/01/1950")
    ailleurs = connue(EtablissementFactory())
    assert creer(secretaire, page, **CINQ).status_code == 409
    assert EntreeJournal.objects.filter(cible="recherche avant création").count() == 2
    assert EntreeJournal.objects.filter(dossier=ailleurs, cible="identite.proche").count() == 1


def test_trente_proches_ne_coutent_pas_plus_de_requetes(maison, secretaire):
    action, lus = formulaire_de(secretaire.get(RECHERCHE))
    nombres = []
    for fois in (1, 30):
        for _ in range(fois):
            connue(maison)
        with CaptureQueriesContext(connection) as requetes:
            secretaire.post(action, lus | {"naissance": "12/03/1940"})
        nombres.append(len(requetes))
    assert nombres[0] == nombres[1] <= 18, nombres  # 15, and the savepoints of the request


def test_une_liste_trop_longue_dit_de_preciser(maison, secretaire, monkeypatch):
    monkeypatch.setattr(lectures, "MAXIMUM", 1)
    connue(maison)
    connue(maison)
    page = chercher(secretaire, naissance="12/03/1940")
    assert "ajoutez des lettres" in page.content.decode()
    assert len(page.context["proches"]) == 1


# ------------------------------------------------------------------ création


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
    assert reponse.status_code == 422 and "déjà connue" in reponse.content.decode()
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
    assert reponse.status_code == 422 and "Saint-Denis (97411)" in reponse.content.decode()
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


# ------------------------------------------------------------------ accueillir


def test_une_personne_partie_depuis_longtemps_revient_sous_la_meme_identite(maison, secretaire):
    dossier = connue(maison)
    sejour = dossier.sejours.get()
    sejour.sortie_le = timezone.localdate() - timedelta(days=200)
    sejour.mode_sortie = "domicile"
    sejour.save()
    page = chercher(secretaire, naissance="12/03/1940")
    action, lus = formulaire_de(page, ACCUEILLIR)
    reponse = secretaire.post(action, lus)
    assert reponse.url == reverse("administratif:identite", args=[dossier.pk])
    assert dossier.sejours.count() == 2 and Usager.objects.count() == 1
    traces = EntreeJournal.objects.filter(dossier=dossier, cible="sejour.ouvert")
    assert phrase(traces.get()) == "a accueilli la personne, par un nouveau séjour"
    secretaire.post(action, lus)
    assert (dossier.sejours.count(), traces.count()) == (2, 1)


def test_on_n_accueille_que_qui_la_recherche_a_montre(maison, secretaire):
    autre = DossierFactory(usager__date_naissance=date(1950, 1, 1))
    connue(EtablissementFactory())
    action, lus = formulaire_de(chercher(secretaire, naissance="12/03/1940"), ACCUEILLIR)
    assert secretaire.post(action, lus | {"dossier": str(autre.pk)}).url == RECHERCHE
    assert secretaire.post(action, lus | {"dossier": "x"}).url == RECHERCHE
    assert autre.sejours.count() == 1


def test_une_personne_decedee_ou_interdite_ne_s_accueille_pas(maison, secretaire):
    ailleurs = EtablissementFactory()
    decede = connue(ailleurs, date_deces=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="décès"):
        services.accueillir(secretaire.habilitation, maison, decede.pk)
    ferme = connue(ailleurs, nom_naissance="AUTRE")
    Interdiction.objects.create(
        dossier=ferme,
        compte=secretaire.compte,
        blocs=[],
        origine="personne",
        decidee_par=AffectationFactory(etablissement=maison).compte,
    )
    with pytest.raises(Dossier.DoesNotExist):
        services.accueillir(type(secretaire.habilitation)(secretaire.compte), maison, ferme.pk)


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
