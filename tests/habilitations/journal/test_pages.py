"""Les pages du journal : qui a ouvert ce dossier, mes accès, ce qui est à surveiller."""

import csv
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.models import EntreeJournal
from habilitations.journal.export import cellule
from habilitations.models import Droit
from tests.accompagnement.factories import TransmissionFactory
from tests.habilitations.factories import AffectationFactory, BrisDeGlaceFactory, acces_portail
from tests.outils import connecter
from tests.socle.factories import (
    CompteFactory,
    DossierFactory,
    EtablissementFactory,
    ProfessionnelFactory,
    UsagerFactory,
)

pytestmark = pytest.mark.django_db
PAGES_DU_DOSSIER = ("journal_dossier", "journal_dossier_imprimable", "journal_dossier_csv")


@pytest.fixture
def dossier():
    usager = UsagerFactory(nom_naissance="DURAND", premier_prenom="MARIE")
    return DossierFactory(usager=usager, gir=2)


@pytest.fixture
def maison(dossier):
    return dossier.sejours.get().etablissement


@pytest.fixture
def dpo(dossier, en_tant_que):
    compte = CompteFactory(first_name="Thomas", last_name="Retailleau")
    return en_tant_que(dossier, role="DPO", compte=compte)


@pytest.fixture
def claire(maison):
    compte = CompteFactory(first_name="Claire", last_name="Martin")
    AffectationFactory(compte=compte, etablissement=maison)
    ProfessionnelFactory(compte=compte, libelle_fonction="Infirmière")
    return connecter(compte)


def adresse(nom, dossier):
    return reverse(nom, args=[dossier.pk])


def contenu(reponse) -> str:
    return b"".join(reponse.streaming_content).decode()


def noter(compte=None, dossier=None, action="voir", bloc="TRA", le=None, **champs):
    """Une trace, telle que l’application l’écrit, à une heure choisie."""
    champs = {"cible": "", "titre_acces": "affectation", "contexte": {}} | champs
    entree = EntreeJournal(acteur=compte, dossier=dossier, action=action, bloc=bloc, **champs)
    entree.horodatage = le or timezone.now()
    entree._meta.get_field("horodatage").auto_now_add = False
    try:
        entree.save()
    finally:
        entree._meta.get_field("horodatage").auto_now_add = True
    return entree


def a(heure, minute=0, jour=date(2026, 3, 2)):
    return datetime(jour.year, jour.month, jour.day, heure, minute, tzinfo=ZoneInfo("Europe/Paris"))


# ------------------------------------------------------------------ trois acteurs


@pytest.mark.parametrize("page", PAGES_DU_DOSSIER)
def test_le_dpo_ouvre_le_journal_d_un_dossier(dpo, dossier, page):
    assert dpo.get(adresse(page, dossier)).status_code == 200


@pytest.mark.parametrize("page", PAGES_DU_DOSSIER)
def test_une_infirmiere_du_service_ne_l_ouvre_pas_et_le_refus_est_note(claire, dossier, page):
    assert claire.get(adresse(page, dossier)).status_code == 403
    trace = EntreeJournal.objects.get(dossier=dossier)
    assert (trace.action, trace.bloc) == ("refus", "AUD")


@pytest.mark.parametrize("page", PAGES_DU_DOSSIER)
def test_le_dpo_d_une_autre_maison_ne_le_trouve_pas(dossier, en_tant_que, page):
    ailleurs = en_tant_que(DossierFactory(), role="DPO")
    assert ailleurs.get(adresse(page, dossier)).status_code == 404
    assert EntreeJournal.objects.get(dossier=dossier).action == "refus"


def test_le_journal_des_maisons_s_ouvre_au_dpo_et_a_lui_seul(dpo, claire, dossier, sur_le_portail):
    assert dpo.get("/journal/").status_code == 200
    assert claire.get("/journal/").status_code == 403
    assert sur_le_portail(dossier).get("/journal/").status_code == 404


def test_mes_acces_s_ouvrent_a_chaque_professionnel_pas_au_portail(claire, dossier, sur_le_portail):
    assert claire.get("/moi/journal/").status_code == 200
    assert sur_le_portail(dossier).get("/moi/journal/").status_code == 404


def test_une_direction_a_qui_l_organisme_donne_ce_droit_lit_le_journal(dossier, en_tant_que):
    direction = en_tant_que(dossier, role="DIRECTEUR")
    assert direction.get(adresse("journal_dossier", dossier)).status_code == 403
    Droit.objects.create(role_id="DIRECTEUR", bloc="AUD", action="voir")
    page = connecter(direction.compte).get(adresse("journal_dossier", dossier))
    assertContains(page, "Qui a ouvert ce dossier")


# ------------------------------------------------------------------ qui a ouvert ce dossier


def test_chaque_ligne_se_lit_comme_une_phrase(dpo, claire, dossier):
    claire.get(reverse("accompagnement:transmissions", args=[dossier.pk]))
    page = dpo.get(adresse("journal_dossier", dossier))
    assertContains(page, "<b>Claire Martin</b>, infirmière, a lu les transmissions")
    assertContains(page, "depuis le poste 127.0.0.1")
    for technique in ("TRA", "accompagnement:"):
        assertNotContains(page, f">{technique}<")
    assert "accompagnement:transmissions" not in page.content.decode()


def test_les_ouvertures_d_une_meme_heure_tiennent_en_une_ligne(dpo, dossier, claire):
    for minute in (5, 20, 50):
        noter(claire.compte, dossier, le=a(9, minute))
    noter(claire.compte, dossier, le=a(10, 1))
    noter(claire.compte, dossier, bloc="CST", le=a(10, 2))
    [(jour, lignes)] = (
        dpo.get(adresse("journal_dossier", dossier) + "?au=02/03/2026").context["page"].jours
    )
    assert jour == date(2026, 3, 2)
    assert [(ligne.nombre, ligne.entree.bloc) for ligne in lignes] == [
        (1, "CST"),
        (1, "TRA"),
        (3, "TRA"),
    ]
    assert (lignes[2].debut, lignes[2].entree.horodatage) == (a(9, 5), a(9, 50))


def test_un_refus_dit_ce_qui_a_ete_essaye(dpo, dossier, en_tant_que):
    en_tant_que(DossierFactory()).get(reverse("accompagnement:transmissions", args=[dossier.pk]))
    page = dpo.get(adresse("journal_dossier", dossier) + "?genre=refus")
    assertContains(page, "a essayé de lire les transmissions, sans en avoir le droit")
    assertContains(page, "Refusé")


def test_un_bris_de_glace_se_voit_et_se_filtre(dpo, dossier, maison, claire):
    compte = AffectationFactory(etablissement=maison, portee="equipe").compte
    BrisDeGlaceFactory(compte=compte, dossier=dossier)
    connecter(compte).get(reverse("dossier", args=[dossier.pk]))
    claire.get(reverse("dossier", args=[dossier.pk]))
    page = dpo.get(adresse("journal_dossier", dossier) + "?genre=bris")
    [(_, lignes)] = page.context["page"].jours
    assert {ligne.entree.acteur for ligne in lignes} == {compte}
    assertContains(page, "par bris de glace")


@pytest.mark.parametrize(
    ("filtre", "attendues"),
    [
        ("personne=martin", {"TRA", "CST"}),
        ("personne=claire+MARTIN", {"TRA", "CST"}),
        ("personne=inconnue", set()),
        ("genre=saisies", {"CST"}),
        ("genre=copies", {"AGE"}),
        ("bloc=TRA", {"TRA"}),
        ("du=03/03/2026&au=03/03/2026", {"CST"}),
        ("au=02/03/2026", {"TRA"}),
    ],
)
def test_les_filtres_du_journal(dpo, claire, dossier, filtre, attendues):
    autre = CompteFactory(first_name="Yann", last_name="Kerbrat")
    noter(claire.compte, dossier, le=a(9))
    noter(claire.compte, dossier, action="saisir", bloc="CST", le=a(9, jour=date(2026, 3, 3)))
    noter(autre, dossier, action="imprimer", bloc="AGE", le=a(9, jour=date(2026, 3, 4)))
    page = dpo.get(adresse("journal_dossier", dossier) + f"?{filtre}").context["page"]
    blocs = {ligne.entree.bloc for _, lignes in page.jours for ligne in lignes}
    assert blocs - {"AUD"} == attendues


def test_un_filtre_illisible_ne_montre_rien_et_le_dit(dpo, dossier):
    page = dpo.get(adresse("journal_dossier", dossier) + "?du=hier")
    assertContains(page, "Saisissez une date valide")
    assert page.context["page"].jours == []


def test_le_journal_se_feuillette_sans_oublier_ni_repeter(dpo, dossier):
    comptes = CompteFactory.create_batch(230)
    entrees = [noter(c, dossier) for c in comptes]
    suite, vues = "", []
    while suite is not None:
        page = dpo.get(adresse("journal_dossier", dossier) + (suite or "")).context["page"]
        vues += [e.pk for e in page.tranche.lignes if e.acteur_id != dpo.compte.pk]
        suite = page.tranche.anciens or None
    assert vues == [e.pk for e in reversed(entrees)]


@pytest.mark.parametrize("curseur", ["x", "-1", "9" * 30, "1;drop", "٣", "2026-01-01_3"])
@pytest.mark.parametrize("page", ["/journal/", "/moi/journal/", "dossier"])
def test_un_curseur_invente_rend_la_premiere_page(dpo, dossier, page, curseur):
    page = adresse("journal_dossier", dossier) if page == "dossier" else page
    reponse = dpo.get(page, {"avant": curseur})
    assert reponse.status_code == 200 and not reponse.context["page"].tranche.recents


def test_le_dpo_sait_de_qui_il_s_agit_sans_donnee_de_sante(dpo, dossier):
    TransmissionFactory(dossier=dossier, donnees="Refuse la toilette.")
    page = dpo.get(adresse("journal_dossier", dossier))
    assertContains(page, "DURAND")
    assertNotContains(page, "Refuse la toilette")
    assertNotContains(page, "Groupe iso-ressources")
    assertNotContains(page, "Identité nationale de santé")


def test_l_onglet_n_apparait_qu_a_qui_a_le_droit(claire, dpo, dossier):
    lien = adresse("journal_dossier", dossier)
    assertNotContains(claire.get(reverse("dossier", args=[dossier.pk])), lien)
    assertContains(dpo.get(lien), f'href="{lien}"')
    assertContains(dpo.get("/journal/"), 'href="/journal/"')


# ------------------------------------------------------------------ copies


def test_la_version_imprimable_porte_l_identite_et_se_note(dpo, claire, dossier):
    noter(claire.compte, dossier)
    page = dpo.get(adresse("journal_dossier_imprimable", dossier))
    assertContains(page, "DURAND")
    assertContains(page, "<b>Claire Martin</b>, infirmière, a lu les transmissions")
    assert EntreeJournal.objects.filter(action="imprimer", bloc="AUD", dossier=dossier).count() == 1


def test_l_export_est_note_et_se_relit(dpo, claire, dossier):
    noter(claire.compte, dossier, le=a(9, 5), contexte={"adresse": "10.0.0.7"})
    reponse = dpo.get(adresse("journal_dossier_csv", dossier) + "?au=02/03/2026")
    assert reponse.headers["Content-Disposition"].startswith('attachment; filename="journal-')
    texte = contenu(reponse)
    assert texte.startswith("\ufeff")
    [entetes, ligne] = csv.reader(io.StringIO(texte.removeprefix("\ufeff")), delimiter=";")
    assert len(entetes) == len(ligne)
    assert ligne[0] == dossier.numero
    assert ligne[1:6] == [
        "02/03/2026", "09:05:00", "Claire Martin", "Infirmière", "a lu les transmissions"
    ]  # fmt: skip
    assert ligne[7] == "10.0.0.7"
    trace = EntreeJournal.objects.get(action="exporter", dossier=dossier)
    assert (trace.acteur, trace.bloc) == (dpo.compte, "AUD")


@pytest.mark.parametrize("debut", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "  =1"])
def test_une_formule_devient_un_texte(debut):
    assert cellule(debut) == f"'{debut}"
    assert cellule("a lu =1") == "a lu =1"


@pytest.mark.parametrize("signe", ["=", "+", "-", "@"])
def test_un_nom_de_compte_n_est_jamais_une_formule_dans_l_export(dpo, dossier, signe):
    pirate = CompteFactory(first_name=f"{signe}cmd|'/C calc'!A0", last_name="Zorro")
    noter(pirate, dossier)
    texte = contenu(dpo.get(adresse("journal_dossier_csv", dossier) + "?personne=zorro"))
    lignes = list(csv.reader(io.StringIO(texte.removeprefix("\ufeff")), delimiter=";"))
    assert lignes[1][3].startswith("'") and "cmd" in lignes[1][3]


def test_l_export_se_fait_par_lots_et_s_arrete_a_son_plafond(
    dpo, dossier, claire, settings, monkeypatch
):
    monkeypatch.setattr("habilitations.journal.lectures.LOT", 3)
    settings.JOURNAL_EXPORT_MAXIMUM = 8
    entrees = [noter(claire.compte, dossier, le=a(9, n)) for n in range(12)]
    texte = contenu(dpo.get(adresse("journal_dossier_csv", dossier) + "?personne=martin"))
    heures = [ligne.split(";")[2] for ligne in texte.splitlines()[1:]]
    assert heures == [f"{timezone.localtime(e.horodatage):%H:%M:%S}" for e in entrees[:3:-1]]


# ------------------------------------------------------------------ mes accès


def test_je_vois_ce_que_j_ai_ouvert_et_mes_connexions(claire, dossier):
    claire.get(reverse("accompagnement:transmissions", args=[dossier.pk]))
    noter(claire.compte, action="connexion", bloc="", titre_acces="")
    noter(claire.compte, action="connexion_refusee", bloc="", titre_acces="")
    noter(CompteFactory(first_name="Yann"), dossier)
    page = claire.get("/moi/journal/")
    assertContains(page, "Vous avez lu les transmissions")
    assertContains(page, "DURAND")
    assertContains(page, "Vous avez ouvert une session")
    assertContains(page, "Vous avez essayé de vous connecter, sans succès")
    assertNotContains(page, "Yann")


def test_un_dossier_qui_m_a_ete_refuse_n_est_pas_nomme(claire):
    etranger = DossierFactory(usager=UsagerFactory(nom_naissance="ZIMMERMANN"))
    claire.get(reverse("dossier", args=[etranger.pk]))
    page = claire.get("/moi/journal/")
    assertContains(page, "sans en avoir le droit, dans un dossier qui ne vous est pas ouvert")
    assertNotContains(page, "ZIMMERMANN")


def test_mes_acces_sont_dans_le_menu_du_compte(claire):
    assertContains(claire.get("/moi/journal/"), 'href="/moi/journal/"')


# ------------------------------------------------------------------ le journal des maisons


def surveillees(client, suite=""):
    return [e.pk for e in client.get(f"/journal/{suite}").context["page"].tranche.lignes]


def test_on_y_surveille_l_extraordinaire_pas_le_quotidien(dpo, claire, dossier):
    attendues = [
        noter(claire.compte, dossier, action="refus", titre_acces="aucun", cible="voir x"),
        noter(claire.compte, dossier, action="imprimer", cible="Transmissions"),
        noter(claire.compte, dossier, titre_acces="bris_de_glace"),
        noter(claire.compte, action="connexion_refusee", bloc="", titre_acces=""),
        noter(claire.compte, dossier, action="acte_a_venir"),
    ]
    for action in ("voir", "saisir", "lister", "connexion"):
        noter(claire.compte, dossier, action=action)
    assert surveillees(dpo) == [e.pk for e in reversed(attendues)]


def test_seules_les_traces_de_mes_maisons(dpo, claire, dossier, maison):
    ailleurs = DossierFactory()
    inconnu = AffectationFactory(etablissement=EtablissementFactory()).compte
    ici = [
        noter(inconnu, dossier, action="refus"),  # on tente d’ouvrir un dossier d’ici
        noter(claire.compte, action="connexion_refusee", bloc=""),
    ]
    noter(claire.compte, ailleurs, action="refus")  # regarde la maison de ce dossier
    noter(inconnu, action="connexion_refusee", bloc="")
    noter(None, action="connexion_refusee", bloc="")
    assert surveillees(dpo) == [e.pk for e in reversed(ici)]


def test_une_trace_suit_le_compte_la_ou_il_travaillait_ce_jour_la(dpo, maison):
    parti = AffectationFactory(
        etablissement=maison, debut=date(2025, 1, 1), fin=date(2025, 6, 30)
    ).compte
    AffectationFactory(compte=parti, etablissement=EtablissementFactory(), debut=date(2025, 7, 1))
    avant = noter(parti, action="connexion_refusee", bloc="", le=a(9, jour=date(2025, 6, 30)))
    noter(parti, action="connexion_refusee", bloc="", le=a(9, jour=date(2025, 7, 1)))
    assert surveillees(dpo) == [avant.pk]


def test_un_identifiant_inconnu_regarde_qui_veille_sur_toutes_les_maisons(dpo, maison):
    entree = noter(None, action="connexion_refusee", bloc="", titre_acces="")
    assertContains(dpo.get("/journal/"), "Un identifiant inconnu")
    EtablissementFactory()
    assert entree.pk not in surveillees(connecter(dpo.compte))


def test_l_echec_d_un_compte_du_portail_suit_son_dossier(dpo, dossier):
    compte, autre = CompteFactory.create_batch(2)
    acces_portail(compte, dossier)
    acces_portail(autre, DossierFactory())
    echec = noter(compte, action="connexion_refusee", bloc="", titre_acces="")
    noter(autre, action="connexion_refusee", bloc="", titre_acces="")
    assert surveillees(dpo) == [echec.pk]


def test_un_mot_de_passe_refuse_est_rattache_au_compte_vise(client, dpo, claire):
    client.post(
        "/connexion/", {"identifiant": claire.compte.username, "mot_de_passe": "ce n’est pas lui"}
    )
    assert EntreeJournal.objects.get(action="connexion_refusee").acteur == claire.compte
    page = dpo.get("/journal/?genre=echecs")
    assertContains(page, "<b>Claire Martin</b>, infirmière, a essayé de se connecter, sans succès")


def test_le_journal_des_maisons_se_feuillette(dpo, claire, dossier):
    le = a(9)
    entrees = [
        noter(claire.compte, dossier, action="refus", le=le + timedelta(seconds=n // 3))
        for n in range(230)
    ]
    suite, vues = "", []
    while suite is not None:
        page = dpo.get(f"/journal/{suite}").context["page"]
        vues += [e.pk for e in page.tranche.lignes]
        suite = page.tranche.anciens or None
    assert vues == [e.pk for e in reversed(entrees)]


def test_on_trouve_le_journal_d_un_dossier_par_son_nom(dpo, dossier):
    DossierFactory(usager=UsagerFactory(nom_naissance="DURANDEAU"))
    page = dpo.get("/journal/", {"dossier": "durand"})
    assert page.context["dossiers"] == [dossier]
    assertContains(page, adresse("journal_dossier", dossier))


# ------------------------------------------------------------------ coût


def compter(client, page) -> int:
    with CaptureQueriesContext(connection) as capture:
        assert client.get(page).status_code == 200
    controle = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return len([q for q in capture.captured_queries if not q["sql"].startswith(controle)])


def remplir(dossier, maison, nombre):
    for _ in range(nombre):
        compte = AffectationFactory(etablissement=maison).compte
        voisin = DossierFactory(sejour__etablissement=maison)
        for d in (dossier, voisin):
            noter(compte, d)
            noter(compte, d, action="refus", cible="voir x")
            noter(None, d, action="imprimer")


def test_le_portail_dit_qui_a_ouvert_mon_dossier_au_meme_prix(dossier, maison, sur_le_portail):
    client, page = sur_le_portail(dossier), reverse("relation_usager:acces", args=[dossier.pk])
    remplir(dossier, maison, 3)
    client.get(page)
    avant = compter(client, page)
    remplir(dossier, maison, 27)
    assert compter(client, page) == avant <= 15


def test_dix_fois_plus_de_lignes_ne_coutent_pas_une_requete_de_plus(
    dossier, maison, dpo, en_tant_que
):
    Droit.objects.create(role_id="DPO", bloc="ID", action="resume")
    client = connecter(dpo.compte)
    pages = (
        adresse("journal_dossier", dossier),
        adresse("journal_dossier_imprimable", dossier),
        "/journal/",
        "/moi/journal/",
    )
    remplir(dossier, maison, 3)
    noter(client.compte, dossier)
    for page in pages:
        client.get(page)
    avant = {page: compter(client, page) for page in pages}
    remplir(dossier, maison, 27)
    for d in DossierFactory.create_batch(30, sejour__etablissement=maison):
        noter(client.compte, d)
    apres = {page: compter(client, page) for page in pages}
    assert apres == avant
    assert max(avant.values()) <= 15
