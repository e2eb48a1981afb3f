"""La présence se lit à une heure repère, demi-journée par demi-journée."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accompagnement.presences.regles import (
    PRESENT,
    Demi,
    Intervalle,
    Mois,
    compter,
    journee,
    jours_du_mois,
    mois_avant,
    taux,
    verrouille,
)

DEMIS = [
    Demi("matin", "Matin", time(7), time(12), time(10)),
    Demi("apres_midi", "Après-midi", time(12), time(19), time(15)),
    Demi("nuit", "Nuit", time(19), time(7), time(23)),
]
JOUR = date(2026, 3, 2)
MOTIFS = {"AH": {"facturable": True}, "AS": {"compte_en_activite": True, "facturable": True}}


def codes(jour, *absences, entree=date(2020, 1, 1), sortie=None):
    trouves = journee(jour, DEMIS, entree=entree, sortie=sortie, absences=absences)
    return [s.code for s in trouves]


def a(heure, jour=JOUR):
    return datetime.combine(jour, time(heure))


def test_partie_a_neuf_heures_elle_n_est_deja_plus_la_le_matin():
    hopital = Intervalle(a(9), None, "AH")
    assert codes(JOUR, hopital) == ["AH", "AH", "AH"]
    assert codes(JOUR, Intervalle(a(11), None, "AH")) == [PRESENT, "AH", "AH"]
    assert codes(JOUR, Intervalle(a(9), a(18), "AW")) == ["AW", "AW", PRESENT]


def test_le_jour_d_entree_compte_et_celui_de_la_sortie_ne_compte_pas():
    assert codes(JOUR, entree=JOUR) == [PRESENT] * 3
    assert codes(JOUR, sortie=JOUR) == [""] * 3
    assert codes(JOUR - timedelta(days=1), entree=JOUR) == [""] * 3


def test_l_absence_reelle_l_emporte_sur_la_prevue():
    prevue = Intervalle(a(8), a(20), "AW", prevue=True)
    reelle = Intervalle(a(14), None, "AH")
    trouves = journee(JOUR, DEMIS, entree=JOUR, sortie=None, absences=[prevue, reelle])
    assert [(s.code, s.prevue) for s in trouves] == [("AW", True), ("AH", False), ("AH", False)]


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 60))
def test_chaque_demi_journee_n_a_qu_un_etat_et_le_compte_ne_depasse_jamais_le_sejour(x, y, entree):
    debut, fin = sorted((x, y))
    base = datetime.combine(JOUR, time())
    absence = Intervalle(base + timedelta(hours=debut), base + timedelta(hours=fin), "AH")
    jours = [JOUR + timedelta(days=n) for n in range(20)]
    arrivee = JOUR + timedelta(days=entree // 4)
    lues = [journee(j, DEMIS, entree=arrivee, sortie=None, absences=[absence]) for j in jours]
    assert all(len(j) == 3 and {s.code for s in j} <= {"", "P", "AH"} for j in lues)
    mois = compter(lues, [0, 1, 2], MOTIFS)
    assert 0 <= mois.presence <= mois.facturable <= mois.sejour + 1e-9 <= 20.0001
    assert mois.presence == mois.activite  # a hospital is no activity


def test_un_stage_compte_en_activite_et_un_hopital_seulement_en_facturation():
    stage = journee(JOUR, DEMIS, entree=JOUR, sortie=None, absences=[Intervalle(a(6), a(18), "AS")])
    hopital = journee(
        JOUR, DEMIS, entree=JOUR, sortie=None, absences=[Intervalle(a(6), None, "AH")]
    )
    assert compter([stage], [0, 1], MOTIFS) == Mois(1, 0, 1, 1)
    assert compter([hopital], [2], MOTIFS) == Mois(1, 0, 0, 1)


def test_sans_place_le_taux_n_est_pas_zero_mais_inconnu():
    assert taux(12, 0) is None
    assert taux(30, 31) == 96.8


def test_les_mois_se_suivent():
    assert len(jours_du_mois(date(2028, 2, 1))) == 29
    assert [mois_avant(date(2026, 1, 1), n).isoformat() for n in (0, 1, 13)] == [
        "2026-01-01", "2025-12-01", "2024-12-01",
    ]  # fmt: skip


@given(st.integers(0, 30), st.integers(0, 30))
def test_un_jour_se_ferme_quand_son_delai_est_passe(recul, delai):
    assert verrouille(JOUR, JOUR + timedelta(days=recul), delai) == (recul > delai)
    assert not verrouille(JOUR, JOUR + timedelta(days=recul), None)
