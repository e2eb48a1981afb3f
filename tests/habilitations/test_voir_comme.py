"""« Voir comme » : la vraie politique, pour un autre, jamais plus que ce que l’on voit soi-même."""

import re

import pytest
from django.contrib import auth
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from dui.socle.models import Dossier, EntreeJournal
from habilitations.bris import services as bris
from habilitations.equipe.lectures import LieuDonnable, perimetres
from habilitations.models import Affectation, Interdiction, ReglageDroit, Role
from habilitations.politique import Habilitation
from habilitations.simulation import lectures
from habilitations.simulation.habilitation import de_collegue, de_role
from tests.habilitations.factories import (
    AffectationFactory,
    BrisDeGlaceFactory,
    MembreEquipeFactory,
    acces_portail,
)
from tests.outils import connecter
from tests.socle.factories import (
    CompteFactory,
    DossierFactory,
    EtablissementFactory,
    OrganismeFactory,
    SejourFactory,
    UniteFactory,
    UsagerFactory,
)

pytestmark = pytest.mark.django_db
ADRESSE = "/equipe/voir-comme/"


@pytest.fixture
def maison():
    return EtablissementFactory(nom="EHPAD Les Tilleuls")


@pytest.fixture
def magnolia(maison):
    return UniteFactory(etablissement=maison, nom="Magnolia")


@pytest.fixture
def glycine(maison):
    return UniteFactory(etablissement=maison, nom="Glycine")


def resident(nom, unite):
    return DossierFactory(usager=UsagerFactory(nom_naissance=nom), sejour__unite=unite)


@pytest.fixture
def durand(magnolia):
    return resident("DURAND", magnolia)


@pytest.fixture
def legoff(glycine):
    return resident("LE GOFF", glycine)


@pytest.fixture
def cadre(maison):
    return connecter(AffectationFactory(role="IDEC", etablissement=maison).compte)


def soignante(unite, role="AS", **champs):
    champs = {"portee": "unite", "compte": CompteFactory(first_name="Nadia")} | champs
    return AffectationFactory(role=role, unite=unite, **champs).compte


def role_dans(role, lieu) -> dict:
    sorte = "unite" if lieu._meta.model_name == "unite" else "etablissement"
    return {"role": role, "lieu": f"{sorte}:{lieu.pk}"}


def comme(compte) -> dict:
    return {"compte": compte.pk}


def dossier_vu(dossier) -> str:
    return reverse("voir_comme_dossier", args=[dossier.pk])


def noms(reponse) -> set[str]:
    return {d.usager.nom_naissance for d in reponse.context["page"].lignes}


# ------------------------------------------------------------------ ce que l’on voit


def test_le_cadre_choisit_un_role_et_un_lieu_et_voit_qui_s_ouvrirait(
    cadre, magnolia, durand, legoff
):
    choix = cadre.get(ADRESSE)
    assertContains(choix, "Simuler ce rôle")
    assertNotContains(choix, "Simulation :")
    page = cadre.get(ADRESSE, role_dans("AS", magnolia))
    assertContains(page, "Simulation : ce que voit le rôle « Aide-soignant")
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
    assertContains(page, f"Simulation : ce que voit {nadia}")
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
    assertContains(page, "Simulation : ce que voit")
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


# ------------------------------------------------------------------ jamais plus que le cadre


def test_un_role_plus_large_que_celui_du_cadre_ne_montre_rien_de_plus(maison, durand):
    """La direction n’ouvre pas les notes du psychologue : la simulation n’en dit rien."""
    compte = AffectationFactory(role="DIRECTEUR", etablissement=maison).compte
    direction, h = connecter(compte), Habilitation(compte)
    page = direction.get(dossier_vu(durand), role_dans("PSYCHOLOGUE", maison))
    montrees = {p["libelle"] for p in page.context["parties"]}
    siennes = {b.label for b in Bloc if h.peut_pour(durand, b, Action.RESUME)}
    assert montrees == siennes
    assert Bloc.PSY.label in page.context["au_dela"] and Bloc.PSY.label not in montrees


def test_un_cadre_d_une_unite_ne_simule_que_la_sienne(maison, magnolia, glycine, durand, legoff):
    client = connecter(AffectationFactory(role="IDEC", unite=magnolia, portee="unite").compte)
    assert noms(client.get(ADRESSE, role_dans("AS", magnolia))) == {"DURAND"}
    assert client.get(ADRESSE, role_dans("AS", glycine)).status_code == 404
    assert client.get(ADRESSE, role_dans("AS", maison)).status_code == 404
    # A colleague of both: only what is of mine.
    partout = AffectationFactory(role="AS", unite=magnolia, portee="etablissement").compte
    assert noms(client.get(ADRESSE, comme(partout))) == {"DURAND"}
    assert client.get(dossier_vu(legoff), comme(partout)).status_code == 404


def test_un_cadre_d_equipe_ne_decouvre_personne_par_un_role_de_toute_la_maison(
    maison, durand, legoff
):
    cadre = AffectationFactory(role="IDEC", etablissement=maison, portee="equipe").compte
    MembreEquipeFactory(compte=cadre, dossier=durand)
    page = connecter(cadre).get(ADRESSE, role_dans("MEDECIN", maison))
    assert noms(page) == {"DURAND"}
    assertNotContains(page, "LE GOFF")


def test_la_ou_le_cadre_ne_fait_que_soigner_rien_ne_se_simule(maison, magnolia, durand):
    """Cadre aux Tilleuls, infirmière ailleurs avec le même collègue."""
    ailleurs = UniteFactory(nom="Ailleurs")
    lointain = resident("LOINTAIN", ailleurs)
    cadre = AffectationFactory(role="IDEC", etablissement=maison).compte
    AffectationFactory(role="IDE", etablissement=ailleurs.etablissement, compte=cadre)
    nadia = soignante(magnolia)
    AffectationFactory(role="AS", etablissement=ailleurs.etablissement, compte=nadia)
    client = connecter(cadre)
    page = client.get(ADRESSE, comme(nadia))
    assert noms(page) == {"DURAND"}
    assert [a.etablissement for a in page.context["simulation"].simulee.affectations] == [maison]
    assert client.get(dossier_vu(lointain), comme(nadia)).status_code == 403
    assert client.get(ADRESSE, role_dans("AS", ailleurs.etablissement)).status_code == 404


def test_un_sejour_ailleurs_ne_se_devine_pas(cadre, magnolia, durand):
    autre = UniteFactory(nom="Hôpital de jour")
    SejourFactory(dossier=durand, unite=autre, place=None)
    page = cadre.get(ADRESSE, role_dans("AS", magnolia))
    assertContains(page, "DURAND")
    assertNotContains(page, "Hôpital de jour")


def interdire(compte, dossier, *blocs):
    return Interdiction.objects.create(
        compte=compte,
        dossier=dossier,
        blocs=list(blocs),
        origine="personne",
        decidee_par=CompteFactory(),
    )


def test_l_opposition_faite_au_cadre_et_celle_faite_au_collegue_ferment_toutes_deux(
    cadre, magnolia, durand
):
    nadia = soignante(magnolia)
    for nom in ("BENALI", "PETIT"):
        resident(nom, magnolia)
    benali, petit = (Dossier.objects.get(usager__nom_naissance=nom) for nom in ("BENALI", "PETIT"))
    interdire(cadre.compte, benali)
    interdire(nadia, petit)
    assert noms(cadre.get(ADRESSE, comme(nadia))) == {"DURAND"}
    assert cadre.get(dossier_vu(benali), comme(nadia)).status_code == 404
    ferme = cadre.get(dossier_vu(petit), comme(nadia))
    assertContains(ferme, "Ce dossier reste fermé")
    assertContains(ferme, "Opposition de la personne")


def test_l_opposition_au_cadre_sur_l_identite_seule_lui_cache_la_simulation(
    cadre, magnolia, durand
):
    interdire(cadre.compte, durand, "ID")
    assert noms(cadre.get(ADRESSE, role_dans("AS", magnolia))) == set()
    assert cadre.get(dossier_vu(durand), role_dans("AS", magnolia)).status_code == 404


def test_une_opposition_ne_se_dit_qu_a_qui_lit_la_partie_juridique(cadre, magnolia, durand):
    nadia = soignante(magnolia)
    interdire(nadia, durand, "TRA")
    interdire(cadre.compte, durand, "JUR")
    page = cadre.get(dossier_vu(durand), comme(nadia))
    parties = {p["libelle"]: p for p in page.context["parties"]}
    assert parties[Bloc.TRA.label]["raisons"] == [lectures.SANS_DIRE]
    assertNotContains(page, "Opposition de la personne")


# ------------------------------------------------------------------ qui peut


def test_un_soignant_n_ouvre_pas_la_simulation_le_portail_ne_la_trouve_pas(magnolia, durand):
    soin = connecter(soignante(magnolia, "IDE"))
    assert soin.get(ADRESSE).status_code == 403
    assert soin.get(dossier_vu(durand), role_dans("AS", magnolia)).status_code == 403
    proche = CompteFactory()
    acces_portail(proche, durand, Bloc.ANI)
    assert connecter(proche).get(ADRESSE).status_code == 404
    assert connecter(proche).get(dossier_vu(durand)).status_code == 404


def test_l_administrateur_lit_les_droits_et_ne_decouvre_personne(maison, magnolia, durand):
    admin = connecter(AffectationFactory(role="ADMIN_SI", etablissement=maison).compte)
    page = admin.get(ADRESSE, role_dans("AS", magnolia))
    assertContains(page, "Lit et écrit")
    assertNotContains(page, "DURAND")
    assert admin.get(dossier_vu(durand), role_dans("AS", magnolia)).status_code == 404


def test_le_cadre_d_ailleurs_ne_trouve_ni_lieu_ni_collegue_ni_dossier(maison, magnolia, durand):
    nadia = soignante(magnolia)
    autre = connecter(AffectationFactory(role="IDEC").compte)
    for parametres in (role_dans("AS", magnolia), role_dans("AS", maison), comme(nadia)):
        assert autre.get(ADRESSE, parametres).status_code == 404
    assert autre.get(dossier_vu(durand)).status_code == 404


@pytest.mark.parametrize(
    "parametres",
    [
        {"compte": "x"},
        {"compte": "999999"},
        {"compte": "-1"},
        {"role": "INCONNU", "lieu": "{lieu}"},
        {"role": "USAGER", "lieu": "{lieu}"},
        {"role": "AS", "lieu": "unite:x"},
        {"role": "", "lieu": "{lieu}"},
    ],
)
def test_une_demande_qui_n_existe_pas_est_introuvable(cadre, maison, parametres):
    ici = f"etablissement:{maison.pk}"
    remplis = {nom: valeur.replace("{lieu}", ici) for nom, valeur in parametres.items()}
    assert cadre.get(ADRESSE, remplis).status_code == 404


# ------------------------------------------------------------------ rien que lire


def test_l_adresse_porte_tout_et_la_session_rien(cadre, magnolia, durand):
    avant = dict(cadre.session.items())
    cadre.get(ADRESSE, comme(soignante(magnolia)))
    cadre.get(dossier_vu(durand), role_dans("MEDECIN", magnolia))
    assert dict(cadre.session.items()) == avant
    assert cadre.post(ADRESSE, role_dans("AS", magnolia)).status_code == 405
    assert cadre.post(dossier_vu(durand), role_dans("AS", magnolia)).status_code == 405


@pytest.mark.parametrize("sorte", ["role", "collegue"])
def test_une_habilitation_simulee_ne_signe_rien_et_n_ouvre_aucune_session(
    rf, cadre, maison, magnolia, durand, sorte
):
    nadia = soignante(magnolia, "IDE")
    simulee = de_collegue(nadia, perimetres(Habilitation(cadre.compte)))
    if sorte == "role":
        simulee = de_role(Role.objects.get(pk="IDE"), maison, magnolia)
    avant = EntreeJournal.objects.count()
    with pytest.raises(ValueError, match="Compte"):
        consigner(simulee, "voir", dossier=durand, bloc="TRA", titre="")
    with pytest.raises((ValueError, bris.NonAutorise, nadia.DoesNotExist)):
        bris.ouvrir(simulee, durand, code_motif="urgence", motif="x" * 30)
    with pytest.raises((AttributeError, TypeError)):
        auth.login(rf.get("/"), simulee.compte)
    with pytest.raises(ValueError, match="Compte"):
        Affectation(compte=simulee.compte)
    assert EntreeJournal.objects.count() == avant


def test_chaque_usage_laisse_qui_pour_qui_ou_et_sur_qui(cadre, magnolia, durand):
    nadia = soignante(magnolia)
    cadre.get(ADRESSE, role_dans("AS", magnolia))
    cadre.get(dossier_vu(durand), comme(nadia))
    liste, fiche = EntreeJournal.objects.filter(action="simulation").order_by("pk")
    assert (liste.acteur, liste.dossier, liste.bloc) == (cadre.compte, None, "PAR")
    assert liste.contexte["simulation"] == role_dans("AS", magnolia)
    assert (fiche.acteur, fiche.dossier) == (cadre.compte, durand)
    assert fiche.contexte["simulation"] == {"compte": str(nadia.pk)}
    assertContains(
        cadre.get(reverse("mon_journal")), "avez simulé ce que verrait un collègue ou un rôle"
    )
    assert not EntreeJournal.objects.filter(acteur=nadia).exists()


def test_un_refus_laisse_une_trace(magnolia):
    client = connecter(soignante(magnolia, "IDE"))
    client.get(ADRESSE, role_dans("AS", magnolia))
    assert EntreeJournal.objects.filter(action="refus", acteur=client.compte, bloc="PAR").exists()


# ------------------------------------------------------------------ combien


def requetes(client, adresse, parametres) -> int:
    with CaptureQueriesContext(
        connection,
    ) as lues:
        assert client.get(adresse, parametres).status_code == 200
    controle = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return len([q for q in lues.captured_queries if not q["sql"].startswith(controle)])


def test_quinze_requetes_suffisent_quel_que_soit_le_nombre(cadre, maison, magnolia, durand):
    nadia = soignante(magnolia)
    educateur = AffectationFactory(role="EDUCATEUR", etablissement=maison, portee="equipe").compte
    MembreEquipeFactory(compte=educateur, dossier=durand)
    pages = [
        (adresse, parametres)
        for adresse in (ADRESSE, dossier_vu(durand))
        for parametres in (role_dans("AS", magnolia), comme(nadia), comme(educateur))
    ]
    avant = [requetes(cadre, *p) for p in pages]
    for rang in range(60):
        resident(f"NOM {rang}", magnolia)
    assert [requetes(cadre, *p) for p in pages] == avant
    assert max(avant) <= 15, avant


def test_un_lieu_se_nomme_comme_dans_l_equipe(cadre, maison, magnolia):
    lieu = LieuDonnable("Les Tilleuls : Magnolia", maison.pk, magnolia.pk)
    role = Role.objects.get(pk="AS")
    simulation = lectures.d_un_role(Habilitation(cadre.compte), role, lieu)
    assert simulation.parametres == {"role": "AS", "lieu": lieu.valeur}
    [supposee] = simulation.simulee.affectations
    assert (supposee.unite, supposee.portee) == (magnolia, "unite")
    assert supposee.debut == timezone.localdate() and supposee.fin is None
