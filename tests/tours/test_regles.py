"""Les moments de la journée et ce que compte un tour."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from soins.tours.regles import (
    Compte,
    Moment,
    apres_coup,
    couvre_la_journee,
    jours_en_mots,
    moment_courant,
    part_individuelle,
)

MATIN = Moment("matin", "Matin", "Tour du matin", time(6, 30), time(14))
SOIR = Moment("soir", "Soir", "Tour du soir", time(14), time(21))
NUIT = Moment("nuit", "Nuit", "Tour de nuit", time(21), time(6, 30))
TOUS = [MATIN, SOIR, NUIT]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_chaque_instant_tombe_dans_un_tour_et_un_seul(instant):
    jour, moment = moment_courant(TOUS, instant)
    debut, fin = moment.bornes(jour)
    assert debut <= instant < fin
    autres = [m for m in TOUS if m != moment]
    for decalage in (-1, 0):
        for autre in autres:
            d, f = autre.bornes(jour + timedelta(days=decalage))
            assert not d <= instant < f


def test_la_nuit_appartient_au_jour_ou_elle_commence():
    assert moment_courant(TOUS, datetime(2026, 3, 2, 3, 15)) == (date(2026, 3, 1), NUIT)
    assert NUIT.a_l_heure(date(2026, 3, 1), time(3, 15)) == datetime(2026, 3, 2, 3, 15)
    assert NUIT.a_l_heure(date(2026, 3, 1), time(22)) == datetime(2026, 3, 1, 22)
    assert MATIN.a_l_heure(date(2026, 3, 1), time(7)) == datetime(2026, 3, 1, 7)


def test_un_trou_ou_un_chevauchement_se_voit():
    assert couvre_la_journee(TOUS)
    assert not couvre_la_journee([MATIN, NUIT])
    assert not couvre_la_journee([MATIN, SOIR, Moment("n", "", "", time(20), time(6, 30))])


@given(st.integers(-90, 300), st.integers(0, 90))
def test_au_dela_du_seuil_la_saisie_est_dite_apres_coup(minutes, seuil):
    fait = datetime(2026, 3, 1, 8)
    tard = apres_coup(fait, fait + timedelta(minutes=minutes), timedelta(minutes=seuil))
    assert tard == (minutes > seuil)


def test_une_heure_pile_n_est_pas_apres_coup_une_heure_et_une_minute_l_est():
    fait, heure = datetime(2026, 3, 1, 8), timedelta(hours=1)
    assert not apres_coup(fait, fait + heure, heure)
    assert apres_coup(fait, fait + heure + timedelta(minutes=1), heure)


def test_les_jours_se_disent_comme_on_parle():
    assert jours_en_mots(range(1, 8)) == "tous les jours"
    assert jours_en_mots([1, 2, 3, 4, 5, 6]) == "tous les jours sauf le dimanche"
    assert jours_en_mots([4, 1]) == "lundi et jeudi"
    assert jours_en_mots([2]) == "mardi"


def test_un_tour_sans_acte_n_est_pas_un_tour_fini():
    assert not Compte().fini
    assert Compte(3, 3, 1).fini and Compte(3, 1).restent == 2


def test_sans_acte_aucun_geste_n_a_ete_demande():
    assert part_individuelle([]) == 0
    assert part_individuelle([True, False, False, False]) == 0.25
