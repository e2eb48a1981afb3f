"""« Voir comme » : la vraie politique, pour un autre."""

import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier
from habilitations.models import ReglageDroit
from habilitations.politique import Habilitation
from habilitations.simulation import lectures
from habilitations.simulation.habilitation import de_role
from tests.habilitations.factories import (
    AffectationFactory,
    BrisDeGlaceFactory,
    MembreEquipeFactory,
    acces_portail,
)
from tests.habilitations.simulation.outils import (
    ADRESSE,
    comme,
    dossier_vu,
    noms,
    resident,
    role_dans,
    soignante,
)
from tests.outils import connecter
from tests.socle.factories import DossierFactory, OrganismeFactory

pytestmark = pytest.mark.django_db
# ------------------------------------------------------------------ ce que l’on voit


def test_le_cadre_choisit_un_role_et_un_lieu_et_voit_qui_s_ouvrirait(
    cadre, magnolia, durand, legoff
):
    choix = cadre.get(ADRESSE)
    assertContains(choix, "Simuler ce rôle")
    assertNotContains(choix, "Simulation :")
    page = cadre.get(ADRESSE, role_dans("AS", magnolia))
    assertContains(page, "Simulation : ce que voit le rôle « Aide-soignant")
    assertContains(page, "Magnolia")
    assert noms(page) == {"DURAND"}
    assert "no-store" in page["Cache-Control"]


def test_un_role_dans_toute_la_maison_ouvre_toutes_les_unites(cadre, maison, durand, legoff):
    assert noms(cadre.get(ADRESSE, role_dans("AS", maison))) == {"DURAND", "LE GOFF"}


def test_depuis_la_fiche_d_un_collegue_on_voit_ce_qu_il_voit(cadre, magnolia, durand, legoff):
    nadia = soignante(magnolia)
    fiche = cadre.get(reverse("equipe_membre", args=[nadia.pk])).content.decode()
    lien = re.search(r'href="(/equipe/voir-comme/\?compte=\d+)"', fiche)[1]
    page = cadre.get(lien)
    assertContains(page, f"Simulation : ce que voit {nadia}")
    assert noms(page) == {"DURAND"}


def test_les_droits_se_disent_en_mots_ce_qui_reste_ferme_aussi(cadre, magnolia):
    simulation = cadre.get(ADRESSE, role_dans("AS", magnolia)).context["simulation"]
    droits = dict(simulation.droits())
    assert Bloc.TRA.label in droits["lit et écrit"]
    assert Bloc.PSY.label in droits[""]
    assert sum(len(parties) for parties in droits.values()) == len(Bloc)
    medecin = cadre.get(ADRESSE, role_dans("MEDECIN", magnolia)).context["simulation"]
    assert any(Bloc.PRE.label in p and "prescrit" in g for g, p in medecin.droits())


def test_sur_un_dossier_la_page_dit_les_onglets_les_parties_et_pourquoi(cadre, magnolia, durand):
    page = cadre.get(dossier_vu(durand), role_dans("AS", magnolia))
    assertContains(page, "Simulation : ce que voit")
    assertContains(page, "Vous êtes aide-soignant")
    parties = {p["libelle"]: p for p in page.context["parties"]}
    assert parties[Bloc.TRA.label]["gestes"] == "lit et écrit"
    ferme = parties[Bloc.OBS.label]
    assert not ferme["gestes"] and "Votre fonction" in ferme["raisons"][0]
    assert all(ouvert in (True, False) for _, ouvert in page.context["onglets_simules"])
    assert page.context["onglets_simules"]


def test_sur_un_dossier_ferme_la_page_dit_ce_qui_manque(cadre, magnolia, legoff):
    page = cadre.get(dossier_vu(legoff), role_dans("AS", magnolia))
    assertContains(page, "Ce dossier reste fermé")
    assertContains(page, "pas dans votre unité")


def test_la_page_du_dossier_s_ouvre_depuis_pourquoi_je_vois(cadre, durand):
    pourquoi = cadre.get(reverse("oppositions:pourquoi", args=[durand.pk]))
    assertContains(pourquoi, dossier_vu(durand))
    assertContains(cadre.get(dossier_vu(durand)), "Simuler ce rôle")


def test_la_matrice_mene_a_la_simulation_pour_qui_administre(maison):
    admin = connecter(AffectationFactory(role="ADMIN_SI", etablissement=maison).compte)
    dpo = connecter(AffectationFactory(role="DPO", etablissement=maison).compte)
    assertContains(admin.get("/habilitations/matrice/"), ADRESSE)
    assertContains(admin.get("/habilitations/matrice/AS/"), f"{ADRESSE}?role=AS")
    assertNotContains(dpo.get("/habilitations/matrice/"), ADRESSE)
    assertContains(admin.get(ADRESSE, {"role": "AS"}), '<option value="AS" selected>')


def test_un_compte_suspendu_n_ouvre_rien(cadre, magnolia, durand):
    nadia = soignante(magnolia)
    nadia.is_active = False
    nadia.save()
    page = cadre.get(ADRESSE, comme(nadia))
    assertContains(page, "Accès suspendu")
    assert noms(page) == set()


def test_les_personnes_se_suivent_par_nom_sans_nom_dans_l_adresse(cadre, magnolia, monkeypatch):
    monkeypatch.setattr(lectures, "TAILLE", 3)
    attendus = {f"NOM {lettre}" for lettre in "GBADCFEH"}
    for nom in sorted(attendus, reverse=True):
        resident(nom, magnolia)
    resident("NOM C", magnolia)  # a homonym
    lus, suite = [], f"?role=AS&lieu=unite:{magnolia.pk}"
    while suite:
        page = cadre.get(f"{ADRESSE}{suite}").context["page"]
        lus += [d.usager.nom_naissance for d in page.lignes]
        suite = page.anciens
        assert "NOM" not in suite.upper()
    assert lus == sorted([*attendus, "NOM C"])


def test_un_repere_etranger_ramene_a_la_premiere_page(cadre, magnolia, durand):
    ailleurs = DossierFactory()
    page = cadre.get(ADRESSE, role_dans("AS", magnolia) | {"avant": ailleurs.pk})
    assert noms(page) == {"DURAND"}


# ------------------------------------------------------------------ la vraie politique


@pytest.mark.parametrize("portee", ["unite", "etablissement"])
def test_le_role_simule_ouvre_ce_qu_ouvrirait_un_vrai_compte(
    maison, magnolia, durand, legoff, portee
):
    unite = magnolia if portee == "unite" else None
    for role in lectures.roles():
        vrai = AffectationFactory(role=role, etablissement=maison, unite=unite, portee=portee)
        reelle, simulee = Habilitation(vrai.compte), de_role(role, maison, unite)
        for bloc in Bloc:
            for action in Action:
                assert simulee.peut(bloc, action) == reelle.peut(bloc, action)
                for dossier in (durand, legoff):
                    attendu = reelle.peut_pour(dossier, bloc, action)
                    assert simulee.peut_pour(dossier, bloc, action) == attendu, (role, bloc, action)
        vus = Dossier.objects.visibles(simulee, Bloc.ID, Action.RESUME)
        assert set(vus) == set(Dossier.objects.visibles(reelle, Bloc.ID, Action.RESUME))


def test_ce_que_l_organisme_a_change_dans_la_matrice_compte(cadre, magnolia):
    ReglageDroit.objects.create(
        organisme=OrganismeFactory(),
        role_id="AS",
        bloc="PSY",
        action="voir",
        accorde=True,
        motif="Essai sur une unité.",
    )
    simulation = cadre.get(ADRESSE, role_dans("AS", magnolia)).context["simulation"]
    assert Bloc.PSY.label in dict(simulation.droits())["lit"]


def test_un_collegue_d_equipe_ne_voit_que_les_personnes_de_son_equipe(
    cadre, maison, durand, legoff
):
    educateur = AffectationFactory(role="EDUCATEUR", etablissement=maison, portee="equipe").compte
    MembreEquipeFactory(compte=educateur, dossier=durand)
    assert noms(cadre.get(ADRESSE, comme(educateur))) == {"DURAND"}
    page = cadre.get(dossier_vu(durand), comme(educateur))
    assertContains(page, "de l’équipe de la personne depuis")


def test_un_acces_a_son_nom_ailleurs_ne_se_lit_pas_dans_les_droits(cadre, magnolia, durand):
    nadia = soignante(magnolia)
    acces_portail(nadia, DossierFactory(), Bloc.SOC, qualite="")
    acces_portail(nadia, durand, Bloc.VAC, qualite="")
    page = cadre.get(ADRESSE, comme(nadia))
    fermees = dict(page.context["simulation"].droits())[""]
    assert {Bloc.SOC.label, Bloc.VAC.label} <= set(fermees)
    parties = {
        p["libelle"]: p for p in cadre.get(dossier_vu(durand), comme(nadia)).context["parties"]
    }
    assert parties[Bloc.VAC.label]["gestes"] == "lit"


def test_ce_qui_fut_ouvert_par_bris_de_glace_ne_se_simule_pas(cadre, maison, durand):
    ide = AffectationFactory(role="IDE", etablissement=maison, portee="equipe").compte
    BrisDeGlaceFactory(compte=ide, dossier=durand)
    assert Habilitation(ide).peut_pour(durand, Bloc.TRA)
    assert noms(cadre.get(ADRESSE, comme(ide))) == set()
    assertNotContains(cadre.get(dossier_vu(durand), comme(ide)), "par bris de glace")
