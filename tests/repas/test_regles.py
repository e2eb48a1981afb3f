"""Qui mange, quel est le repas en cours, ce que compte une cuisine : sans base."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accompagnement.presences.regles import HORS_SEJOUR, PRESENT, Statut
from accompagnement.repas.regles import Couvert, Repas, attendu, denombrer, repas_courant

JOUR = date(2026, 11, 22)
DEJEUNER = Repas("dejeuner", "Déjeuner", time(11, 45), time(15), time(12, 15))
DINER = Repas("diner", "Dîner", time(18), time(22), time(18, 45))
MOTIFS = {"AH": {"repas_decompte": True}, "AO": {"repas_decompte": False}}
TOUS = ["dejeuner", "diner"]


@pytest.mark.parametrize(
    ("heure", "jour", "repas"),
    [
        (time(6), JOUR - timedelta(days=1), DINER),
        (time(11, 44), JOUR - timedelta(days=1), DINER),
        (time(11, 45), JOUR, DEJEUNER),
        (time(17, 59), JOUR, DEJEUNER),
        (time(23, 59), JOUR, DINER),
    ],
)
def test_le_repas_en_cours_est_le_dernier_commence(heure, jour, repas):
    assert repas_courant([DEJEUNER, DINER], datetime.combine(JOUR, heure)) == (jour, repas)


@pytest.mark.parametrize(
    ("statut", "compris", "mange"),
    [
        (Statut(PRESENT), TOUS, True),
        (Statut(PRESENT, prevue=True), TOUS, True),
        (Statut(PRESENT), ["diner"], False),
        (Statut(HORS_SEJOUR), TOUS, False),
        (Statut("AH"), TOUS, False),
        (Statut("AH", prevue=True), TOUS, False),
        (Statut("AO"), TOUS, True),  # the house keeps the meal of this reason
        (Statut("inconnu"), TOUS, False),
    ],
)
def test_un_couvert_se_dresse_pour_qui_est_la_et_dont_le_sejour_comprend_ce_repas(
    statut, compris, mange
):
    assert attendu(statut, "dejeuner", compris, MOTIFS) is mange


couverts = st.lists(
    st.builds(
        Couvert,
        repas=st.sampled_from(TOUS),
        texture=st.sampled_from(["", "mixee", "normale"]),
        regimes=st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    )
)


@given(couverts)
def test_les_textures_se_partagent_les_couverts_et_aucun_regime_ne_les_depasse(lus):
    textures = denombrer(lus, TOUS, lambda c: [c.texture])
    totaux = [sum(c.repas == r for c in lus) for r in TOUS]
    sommes = [sum(x.nombres[rang] for x in textures.values()) for rang in range(len(TOUS))]
    assert sommes == totaux
    for ligne in denombrer(lus, TOUS, lambda c: c.regimes).values():
        assert all(n <= t for n, t in zip(ligne.nombres, totaux, strict=True))
        assert not ligne.vide
