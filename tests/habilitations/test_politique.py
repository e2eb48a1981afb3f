"""La règle d’accès : chaque branche a son oui et son non, chaque date son bord, en heure locale."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte, Dossier
from habilitations import politique
from habilitations.models import Droit
from habilitations.politique import Habilitation
from tests.habilitations.factories import (
    AffectationFactory,
    BrisDeGlaceFactory,
    MembreEquipeFactory,
    acces_portail,
)
from tests.socle.factories import (
    CompteFactory,
    DossierFactory,
    EtablissementFactory,
    SejourFactory,
    UniteFactory,
)

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True, params=["dresser la liste", "interroger chacun"])
def maniere(request, monkeypatch):
    """Les deux formes de la même règle : celle d’une maison, celle d’un siège."""
    if request.param == "interroger chacun":
        monkeypatch.setattr(politique, "MAISONS_NOMBREUSES", -1)


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def sejour(dossier):
    return dossier.sejours.get()


def voit(compte, dossier, bloc=Bloc.TRA, action=Action.VOIR) -> bool:
    compte = Compte.objects.get(pk=compte.pk)
    return (
        Dossier.objects.visibles(Habilitation(compte), bloc, action).filter(pk=dossier.pk).exists()
    )


def le(jour: str, heure: str):
    return time_machine.travel(datetime.fromisoformat(f"{jour}T{heure}").replace(tzinfo=PARIS))


# ------------------------------------------------------------------ affectation


def test_l_affectation_a_l_etablissement_ouvre_ses_dossiers_et_pas_ceux_des_autres(dossier, sejour):
    compte = AffectationFactory(etablissement=sejour.etablissement).compte
    assert voit(compte, dossier)
    assert not voit(compte, DossierFactory())


def test_la_portee_unite_s_arrete_a_l_unite(dossier, sejour):
    voisine = DossierFactory(sejour__unite=UniteFactory(etablissement=sejour.etablissement))
    compte = AffectationFactory(unite=sejour.unite, portee="unite").compte
    assert voit(compte, dossier)
    assert not voit(compte, voisine)


def test_la_portee_equipe_demande_d_etre_de_l_equipe(dossier, sejour):
    compte = AffectationFactory(etablissement=sejour.etablissement, portee="equipe").compte
    assert not voit(compte, dossier)
    MembreEquipeFactory(compte=compte, dossier=dossier)
    assert voit(compte, dossier)


def test_etre_de_l_equipe_sans_affectation_n_ouvre_rien(dossier):
    assert not voit(MembreEquipeFactory(dossier=dossier).compte, dossier)


def test_etre_de_l_equipe_ailleurs_que_dans_son_etablissement_n_ouvre_rien(dossier):
    compte = AffectationFactory(portee="equipe").compte
    MembreEquipeFactory(compte=compte, dossier=dossier)
    assert not voit(compte, dossier)


def test_le_role_borne_ce_que_l_affectation_ouvre(dossier, sejour):
    compte = AffectationFactory(role="ASH", etablissement=sejour.etablissement).compte
    assert not voit(compte, dossier, Bloc.PRE)
    assert not voit(compte, dossier, Bloc.OBS)


def test_une_affectation_commence_le_matin_de_son_debut_et_finit_le_soir_de_sa_fin(dossier, sejour):
    compte = AffectationFactory(
        etablissement=sejour.etablissement, debut=date(2026, 9, 1), fin=date(2026, 9, 30)
    ).compte
    with le("2026-08-31", "23:59"):
        assert not voit(compte, dossier)
    with le("2026-09-01", "00:01"):
        assert voit(compte, dossier)
    with le("2026-09-30", "23:59"):
        assert voit(compte, dossier)
    with le("2026-10-01", "00:01"):
        assert not voit(compte, dossier)


def test_l_equipe_a_ses_dates_elle_aussi(dossier, sejour):
    compte = AffectationFactory(etablissement=sejour.etablissement, portee="equipe").compte
    MembreEquipeFactory(
        compte=compte, dossier=dossier, debut=date(2026, 9, 1), fin=date(2026, 9, 30)
    )
    with le("2026-08-31", "23:59"):
        assert not voit(compte, dossier)
    with le("2026-09-30", "23:59"):
        assert voit(compte, dossier)
    with le("2026-10-01", "00:01"):
        assert not voit(compte, dossier)


def test_deux_affectations_ajoutent_leurs_droits(dossier, sejour):
    compte = AffectationFactory(role="ANIMATEUR", etablissement=sejour.etablissement).compte
    assert not voit(compte, dossier, Bloc.PLS)
    AffectationFactory(compte=compte, role="IDE", etablissement=sejour.etablissement)
    assert voit(compte, dossier, Bloc.PLS)


def test_le_droit_d_un_role_ne_deborde_pas_sur_le_lieu_d_un_autre(dossier, sejour):
    """Infirmière ici, animatrice là-bas : là-bas, elle ne lit pas le plan de soins."""
    la_bas = DossierFactory()
    compte = AffectationFactory(role="IDE", etablissement=sejour.etablissement).compte
    AffectationFactory(
        compte=compte, role="ANIMATEUR", etablissement=la_bas.sejours.get().etablissement
    )
    assert voit(compte, dossier, Bloc.PLS)
    assert voit(compte, la_bas, Bloc.ANI)
    assert not voit(compte, la_bas, Bloc.PLS)


def test_un_compte_inactif_ne_voit_plus_rien(dossier, sejour):
    compte = AffectationFactory(etablissement=sejour.etablissement).compte
    acces_portail(compte, dossier, Bloc.PP)
    compte.is_active = False
    compte.save()
    assert not voit(compte, dossier)
    assert not voit(compte, dossier, Bloc.PP)


def test_un_superutilisateur_n_est_pas_un_soignant(dossier):
    compte = CompteFactory(is_superuser=True, is_staff=True)
    assert not voit(compte, dossier)
    assert not compte.has_perm("TRA.voir", dossier)


# ------------------------------------------------------------------ séjour


def test_apres_la_sortie_l_equipe_garde_l_acces_le_temps_du_delai(dossier, sejour):
    compte = AffectationFactory(etablissement=sejour.etablissement).compte
    sejour.sortie_le = date(2026, 9, 1)  # délai de fermeture : 30 jours
    sejour.save()
    with le("2026-10-01", "23:59"):
        assert voit(compte, dossier)
    with le("2026-10-02", "00:01"):
        assert not voit(compte, dossier)


def test_chaque_etablissement_a_son_delai_de_fermeture():
    court = EtablissementFactory(delai_fermeture_jours=0)
    dossier = DossierFactory(sejour__etablissement=court, sejour__sortie_le=date(2026, 9, 1))
    compte = AffectationFactory(etablissement=court).compte
    with le("2026-09-01", "23:00"):
        assert voit(compte, dossier)
    with le("2026-09-02", "00:01"):
        assert not voit(compte, dossier)


def test_une_entree_prevue_s_ouvre_deja_a_l_equipe():
    dossier = DossierFactory(sejour__entree_le=timezone.localdate() + timedelta(days=10))
    compte = AffectationFactory(etablissement=dossier.sejours.get().etablissement).compte
    assert voit(compte, dossier)


def test_un_nouveau_sejour_rouvre_le_dossier_au_seul_nouvel_etablissement(dossier, sejour):
    sejour.sortie_le = date(2024, 6, 1)
    sejour.save()
    nouveau = SejourFactory(dossier=dossier, entree_le=date(2024, 6, 1))
    assert voit(AffectationFactory(etablissement=nouveau.etablissement).compte, dossier)
    assert not voit(AffectationFactory(etablissement=sejour.etablissement).compte, dossier)


def test_un_dossier_sans_sejour_n_est_ouvert_a_personne():
    dossier = DossierFactory(sejour=None)
    assert not voit(AffectationFactory().compte, dossier)


# ------------------------------------------------------------------ bris de glace


@pytest.fixture
def hors_equipe(sejour):
    return AffectationFactory(etablissement=sejour.etablissement, portee="equipe").compte


def test_le_bris_de_glace_leve_la_condition_d_equipe(dossier, hors_equipe):
    assert not voit(hors_equipe, dossier)
    BrisDeGlaceFactory(compte=hors_equipe, dossier=dossier)
    assert voit(hors_equipe, dossier)


def test_le_bris_de_glace_ne_leve_jamais_la_matrice(dossier, sejour):
    compte = AffectationFactory(
        role="ASH", etablissement=sejour.etablissement, portee="equipe"
    ).compte
    BrisDeGlaceFactory(compte=compte, dossier=dossier)
    assert not voit(compte, dossier, Bloc.PRE)


def test_le_bris_de_glace_ne_sort_pas_de_l_etablissement(dossier):
    ailleurs = AffectationFactory(portee="equipe").compte
    BrisDeGlaceFactory(compte=ailleurs, dossier=dossier)
    assert not voit(ailleurs, dossier)


def test_le_bris_de_glace_ne_sort_pas_de_l_unite(dossier, sejour):
    """Il lève la condition d’équipe ; une portée « unité » n’en a pas."""
    autre = UniteFactory(etablissement=sejour.etablissement)
    compte = AffectationFactory(unite=autre, portee="unite").compte
    BrisDeGlaceFactory(compte=compte, dossier=dossier)
    assert not voit(compte, dossier)


def test_le_bris_de_glace_d_un_dossier_n_en_ouvre_pas_un_autre(dossier, sejour, hors_equipe):
    BrisDeGlaceFactory(compte=hors_equipe, dossier=dossier)
    assert not voit(hors_equipe, DossierFactory(sejour__unite=sejour.unite))


def test_le_bris_de_glace_s_eteint_a_l_heure_dite(dossier, hors_equipe):
    fin = timezone.now() + timedelta(hours=4)
    BrisDeGlaceFactory(compte=hors_equipe, dossier=dossier, expire_le=fin)
    with time_machine.travel(fin - timedelta(seconds=1)):
        assert voit(hors_equipe, dossier)
    with time_machine.travel(fin + timedelta(seconds=1)):
        assert not voit(hors_equipe, dossier)


# ------------------------------------------------------------------ accès nominatif


def test_l_acces_nominatif_ouvre_un_bloc_d_un_dossier_et_rien_d_autre(dossier, sejour):
    compte = CompteFactory()
    acces_portail(compte, dossier, Bloc.ANI)
    assert voit(compte, dossier, Bloc.ANI)
    assert not voit(compte, dossier, Bloc.PP)
    assert not voit(compte, dossier, Bloc.ANI, Action.SAISIR)
    assert not voit(compte, DossierFactory(sejour__unite=sejour.unite), Bloc.ANI)


def test_l_acces_nominatif_vaut_jusqu_au_soir_de_sa_fin(dossier):
    compte = CompteFactory()
    acces_portail(compte, dossier, Bloc.ANI, fin=date(2026, 9, 30))
    with le("2026-09-30", "23:59"):
        assert voit(compte, dossier, Bloc.ANI)
    with le("2026-10-01", "00:01"):
        assert not voit(compte, dossier, Bloc.ANI)


def test_l_acces_nominatif_survit_a_la_sortie(dossier, sejour):
    """La personne garde l’accès à son dossier quand l’équipe ne l’a plus."""
    compte = CompteFactory()
    acces_portail(compte, dossier, Bloc.AUD)
    sejour.sortie_le = date(2024, 6, 1)
    sejour.save()
    assert voit(compte, dossier, Bloc.AUD)


# ------------------------------------------------------------------ actions et matrice


def test_voir_emporte_l_essentiel_mais_l_essentiel_n_emporte_pas_voir(dossier, sejour):
    Droit.objects.filter(role_id__in=["ASH", "IDE"], bloc=Bloc.ANT).delete()
    Droit.objects.create(role_id="ASH", bloc=Bloc.ANT, action=Action.RESUME)
    Droit.objects.create(role_id="IDE", bloc=Bloc.ANT, action=Action.VOIR)
    ash = AffectationFactory(role="ASH", etablissement=sejour.etablissement).compte
    ide = AffectationFactory(role="IDE", etablissement=sejour.etablissement).compte
    assert voit(ide, dossier, Bloc.ANT, Action.RESUME)
    assert voit(ash, dossier, Bloc.ANT, Action.RESUME)
    assert not voit(ash, dossier, Bloc.ANT, Action.VOIR)


def test_voir_emporte_l_essentiel_pour_un_acces_nominatif_aussi(dossier):
    compte = CompteFactory()
    acces_portail(compte, dossier, Bloc.ANT)
    assert voit(compte, dossier, Bloc.ANT, Action.RESUME)


def test_voir_ne_donne_pas_saisir(dossier, sejour):
    compte = AffectationFactory(role="DIM", etablissement=sejour.etablissement).compte
    assert voit(compte, dossier, Bloc.ID)
    assert not voit(compte, dossier, Bloc.ID, Action.SAISIR)


def test_changer_une_case_de_la_matrice_vaut_partout_a_la_requete_suivante(dossier, sejour):
    compte = AffectationFactory(etablissement=sejour.etablissement).compte
    assert voit(compte, dossier, Bloc.TRA)
    Droit.objects.filter(role_id="IDE", bloc=Bloc.TRA, action=Action.VOIR).delete()
    assert not voit(compte, dossier, Bloc.TRA)
