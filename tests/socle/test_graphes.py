"""Les courbes : justes, lisibles sans être vues."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from dui.socle import graphes
from dui.socle.graphes import Seuil, courbe, intervalles

JEUDI = datetime(2026, 11, 19, 13, 10, tzinfo=UTC)  # 14:10 à Paris


def rendu(gabarit: str, **contexte) -> str:
    return Template(gabarit).render(Context(contexte))


jours = st.dates(date(2000, 1, 1), date(2040, 1, 1))
valeurs = st.floats(-500, 500, allow_nan=False).map(lambda v: round(v, 1))
mesures = st.lists(st.tuples(jours, valeurs), min_size=1, max_size=40, unique_by=lambda m: m[0])


@given(valeurs, valeurs)
def test_les_graduations_sont_rondes_et_encadrent(a, b):
    bas, haut = min(a, b), max(a, b)
    ticks = graphes.graduations(bas, haut)
    assert 2 <= len(ticks) <= graphes.GRADUATIONS_MAX
    assert ticks[0] <= bas and ticks[-1] >= haut
    ecarts = {round(y - x, 6) for x, y in pairwise(ticks)}
    assert len(ecarts) == 1 and ecarts.pop() > 0


@given(mesures)
def test_une_courbe_tient_dans_son_cadre_et_suit_le_temps(serie):
    g = courbe(serie, titre="Poids", unite="kg")
    couples = [tuple(map(float, p.split(","))) for p in g.trace.split()]
    assert len(couples) == len(serie) == len(g.lignes)
    assert [x for x, _ in couples] == sorted(x for x, _ in couples)
    for x, y in couples:
        assert float(g.x0) <= x <= float(g.x1)
        assert graphes.HAUT - 0.1 <= y <= graphes.HAUTEUR - graphes.BAS + 0.1


@given(mesures)
def test_les_etiquettes_du_temps_ne_se_touchent_pas(serie):
    places = [float(a["x"]) for a in courbe(serie, titre="Poids").abscisses]
    assert all(b - a >= graphes.ECART_ABSCISSES - 0.1 for a, b in pairwise(places))


@given(mesures)
def test_aucun_nombre_du_dessin_n_a_de_virgule(serie):
    svg = render_to_string("composants/graphe_svg.html", {"g": courbe(serie, titre="Poids")})
    nombres = re.findall(r'\s(?:x|y|x1|x2|y1|y2|cx|cy|r)="([^"]*)"', svg)
    assert nombres
    for nombre in nombres:
        float(nombre)


def test_une_mesure_hors_seuil_est_marquee_et_ecrite():
    g = intervalles(
        [(date(2026, 11, 9), 88, 162), (date(2026, 11, 10), 74, 128)],
        titre="Pression",
        unite="mmHg",
        seuils=[Seuil(150)],
    )
    assert [b["hors"] for b in g.barres] == [True, False]
    assert [b["texte"] for b in g.barres] == ["162", ""]
    assert g.derniere == "128/74 mmHg"
    assert "de 162/88 à 128/74 mmHg" in g.resume


def test_une_courbe_se_lit_sans_se_voir():
    g = courbe([(date(2026, 10, 19), 56.4), (date(2026, 11, 19), 53.4)], titre="Poids", unite="kg")
    html = rendu('{% graphe g titre="Poids" %}', g=g)
    assert 'aria-label="Poids, 2 mesures du 19/10/2026 au 19/11/2026 : de 56,4 à 53,4 kg."' in html
    assert "<details>" in html and "53,4 kg" in html


def test_sans_mesure_il_n_y_a_pas_de_graphique():
    assert courbe([], titre="Poids") is None
    assert intervalles([], titre="Pression") is None


def test_une_heure_s_ecrit_dans_le_fuseau_de_l_etablissement():
    g = courbe([(JEUDI, 37.2), (JEUDI + timedelta(hours=4), 38.1)], titre="Température")
    assert [a["texte"] for a in g.abscisses] == ["14:10", "18:10"]


def test_la_variation_compare_a_la_mesure_d_avant():
    serie = [(date(2026, 9, 1), 57.0), (date(2026, 10, 18), 56.4), (date(2026, 11, 19), 53.4)]
    assert graphes.variation(serie, 30) == pytest.approx(-3.0)
    assert graphes.variation(serie[-1:], 30) is None


@given(st.lists(st.integers(), max_size=300), st.integers(2, 60))
def test_eclaircir_garde_la_derniere(serie, maximum):
    gardees = graphes.eclaircir(serie, maximum)
    assert len(gardees) <= max(maximum, 0) or gardees == serie
    assert not serie or gardees[-1] == serie[-1]
