"""Les pages du journal : qui a ouvert ce dossier, mes accès, ce qui est à surveiller."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.models import EntreeJournal
from habilitations.exports import inerte
from habilitations.models import ReglageDroit
from tests.accompagnement.factories import TransmissionFactory
from tests.habilitations.factories import AffectationFactory, BrisDeGlaceFactory
from tests.habilitations.journal.traces import a, adresse, contenu, noter
from tests.outils import connecter
from tests.socle.factories import (
    CompteFactory,
    DossierFactory,
    UsagerFactory,
)

pytestmark = pytest.mark.django_db
PAGES_DU_DOSSIER = ("journal_dossier", "journal_dossier_imprimable", "journal_dossier_csv")


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
    assertNotContains(direction.get("/"), 'href="/journal/"')
    ReglageDroit.objects.create(
        organisme=dossier.organisme,
        role_id="DIRECTEUR",
        bloc="AUD",
        action="voir",
        accorde=True,
        motif="Conseil",
    )
    client = connecter(direction.compte)
    page = client.get(adresse("journal_dossier", dossier))
    assertContains(page, "Qui a ouvert ce dossier")
    assertContains(client.get("/"), 'href="/journal/"')
    ailleurs = en_tant_que(DossierFactory(), role="DIRECTEUR")
    assert ailleurs.get(adresse("journal_dossier", dossier)).status_code == 404


# ------------------------------------------------------------------ qui a ouvert ce dossier


def test_chaque_ligne_se_lit_comme_une_phrase(dpo, claire, dossier):
    claire.get(reverse("accompagnement:transmissions", args=[dossier.pk]))
    page = dpo.get(adresse("journal_dossier", dossier))
    assertContains(page, "<b>Claire Martin</b>, infirmière, a lu les transmissions")
    assertContains(page, "adresse 127.0.0.1")
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


@pytest.mark.parametrize(
    ("filtre", "message"),
    [
        ("du=04/03/2026&au=02/03/2026", "La fin précède le début."),
        ("du=31/02/2026", "Écrivez la date comme 19/11/2026."),
        ("au=01/01/0026", "Vérifiez l’année"),
    ],
)
def test_des_dates_impossibles_se_disent_au_champ(dpo, dossier, filtre, message):
    for adresse_page in ("/journal/", adresse("journal_dossier", dossier), "/moi/journal/"):
        page = dpo.get(f"{adresse_page}?{filtre}")
        assertContains(page, message)
        assertContains(page, "Rien n’a été cherché")
        assertNotContains(page, "Rien à surveiller")
    for copie in ("journal_dossier_csv", "journal_dossier_imprimable"):
        reponse = dpo.get(f"{adresse(copie, dossier)}?{filtre}")
        assert reponse.status_code == 302
    assert not EntreeJournal.objects.filter(action__in=("exporter", "imprimer")).exists()


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
    assertContains(page, "Écrivez la date comme 19/11/2026.")
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


@pytest.mark.parametrize("debut", ["\u00a0=1", "\u200b=1", " \u00a0\u200b＝1", "\n=1", "\t=1"])
def test_un_blanc_invisible_ne_cache_pas_une_formule(debut):
    assert inerte(debut).startswith("'")
    assert inerte("a lu =1") == "a lu =1"


@pytest.mark.parametrize("debut", ["=1", "+1", "@A1", "＝1+1", "|calc", '"=1'])
def test_une_formule_devient_un_texte_dans_l_export(dpo, dossier, debut):
    noter(CompteFactory(first_name=debut, last_name="Zorro"), dossier)
    texte = contenu(dpo.get(adresse("journal_dossier_csv", dossier) + "?personne=zorro"))
    lignes = list(csv.reader(io.StringIO(texte.removeprefix("\ufeff")), delimiter=";"))
    assert lignes[1][3] == f"'{debut} Zorro"


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
