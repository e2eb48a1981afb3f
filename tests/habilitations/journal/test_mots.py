"""Le journal ne raconte que ce qui a eu lieu, avec ce qui a changé et pour qui."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.models import EntreeJournal
from habilitations.bris import services as bris
from habilitations.equipe import services as equipe
from habilitations.journal import mots
from habilitations.models import Role
from habilitations.politique import Habilitation
from habilitations.reglages import services as reglages
from tests.habilitations.factories import AffectationFactory
from tests.habilitations.journal.traces import a, adresse, noter
from tests.outils import connecter
from tests.socle.factories import ProfessionnelFactory

pytestmark = pytest.mark.django_db


def phrases(client, page="/journal/") -> list[str]:
    return [
        f"{ligne.qui} {ligne.phrase}"
        for _, lignes in client.get(page).context["page"].jours
        for ligne in lignes
    ]


@pytest.mark.parametrize(
    ("cible", "attendue"),
    [
        (
            "GET administration:socle_compte_changelist",
            "a ouvert l’administration : la liste, comptes",
        ),
        ("GET administration:index", "a ouvert l’administration"),
        (
            "POST administration:habilitations_affectation_change 7",
            "a envoyé un formulaire de l’administration : affectations, n° 7",
        ),
    ],
)
def test_ouvrir_une_page_d_administration_n_est_pas_changer_un_droit(cible, attendue):
    entree = EntreeJournal(action="administrer", bloc="PAR", cible=cible)
    assert mots.phrase(entree).lower() == attendue


def test_une_page_refusee_n_est_pas_un_changement_essaye(dpo, claire):
    claire.get(reverse("equipe"))
    claire.post(reverse("matrice_role", args=["AS"]))
    assert phrases(dpo, "/journal/?genre=refus") == [
        "Claire Martin a essayé d’écrire dans les comptes et les droits, sans en avoir le droit",
        "Claire Martin a essayé d’ouvrir, pour administrer, les comptes et les droits, "
        "sans en avoir le droit",
    ]


def test_un_changement_de_la_matrice_dit_quel_droit_et_quel_role(dpo, maison):
    admin = Habilitation(AffectationFactory(role="ADMIN_SI", etablissement=maison).compte)
    for role in ("ANIMATEUR", "ASH"):
        reglages.regler(
            admin,
            role=Role.objects.get(pk=role),
            bloc="TRA",
            action="voir",
            accorde=True,
            motif="Demandé par la direction.",
        )
    assert phrases(dpo) == [
        f"{admin.compte} a accordé le droit « Consulter » sur « Transmissions ciblées » "
        f"au rôle « {role} »"
        for role in ("Agent de service / agent hôtelier", "Animateur")
    ]


def test_un_acte_sur_un_compte_dit_lequel(dpo, maison, claire):
    cadre = AffectationFactory(role="IDEC", etablissement=maison).compte
    equipe.suspendre(Habilitation(cadre), claire.compte)
    assert f"{cadre} a suspendu le compte de Claire Martin" in phrases(dpo)
    siennes = phrases(connecter(cadre), "/moi/journal/")
    assert any("avez suspendu le compte de Claire Martin" in p for p in siennes)


def test_briser_la_glace_ne_se_dit_qu_une_fois(dpo, dossier, maison):
    compte = AffectationFactory(role="IDE", etablissement=maison, portee="equipe").compte
    bris.ouvrir(
        Habilitation(compte), dossier, code_motif="urgence", motif="Malaise au salon, seule."
    )
    page = dpo.get(adresse("journal_dossier", dossier)).content.decode()
    assert page.count("par bris de glace") == 1


def test_ouvrir_la_revue_n_est_pas_ouvrir_une_liste(dpo):
    dpo.get(reverse("bris_de_glace:revue"))
    assert "Vous avez lu les bris de glace à revoir" in dpo.get("/moi/journal/").content.decode()


def test_la_phrase_se_lit_sans_faute(dpo, dossier, maison):
    dim = AffectationFactory(role="MEDCO", etablissement=maison).compte
    ProfessionnelFactory(compte=dim, libelle_fonction="Médecin DIM")
    for minute in (54, 56):
        noter(dim, dossier, le=a(12, minute), contexte={"adresse": "10.0.0.7"})
    noter(None, dossier, action="verification", bloc="", titre_acces="", le=a(13))
    page = dpo.get(adresse("journal_dossier", dossier))
    assertContains(page, "<b>Le logiciel</b> a vérifié le journal")
    assertContains(page, "</b>, médecin DIM, a lu les transmissions, 2 fois depuis")
    assertContains(page, "adresse 10.0.0.7")
    assertNotContains(page, "depuis le poste")
