"""Quand une cible revient à l’équipe."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accompagnement.cibles import catalogue, regles

JOURS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
DELAIS = st.integers(1, 60)


@given(JOURS, DELAIS, st.none() | JOURS)
def test_une_cible_revient_au_plus_tard_a_la_fin_du_delai(nouvelles, delai, relance):
    due = regles.echeance(nouvelles, delai, relance)
    assert due <= nouvelles + timedelta(days=delai)
    assert relance is None or due <= relance
    assert due in (relance, nouvelles + timedelta(days=delai))


@given(JOURS, st.none() | JOURS)
def test_ce_qu_on_ecrit_le_jour_dit_repond_a_la_relance(ecrit, relance):
    reste = regles.relance_encore_due(relance, ecrit)
    assert reste is None or (reste == relance and reste > ecrit)
    if relance == ecrit:
        assert reste is None


def test_chaque_macrocible_a_ses_rubriques_une_seule_fois():
    moments = catalogue.moments()
    assert {m.structure for m in moments.values()} == {"MTVED", "SAED"}
    for moment in moments.values():
        noms = [r.code for r in moment.rubriques]
        assert len(noms) == len(set(noms)) >= 4
    assert [r.libelle for r in moments["entree"].rubriques][:2] == ["Maladie", "Thérapeutique"]


def test_aucune_phrase_usuelle_ne_sert_a_deux_cibles(db):
    toutes = [p for lot in catalogue.phrases().values() for p in lot]
    assert len(toutes) == len(set(toutes))
    assert all(p.endswith(".") and len(p) < 80 for p in toutes)
    assert all(catalogue.delai_de_relance(code) > 0 for code in catalogue.phrases())
