"""Les règles des constantes : exemples d’abord, propriétés ensuite."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soins import regles
from soins.regles import Releve

AU = datetime(2026, 11, 19, 9, 5)
POIDS = regles.lire_constante(
    "poids",
    "Poids",
    {
        "unite_affichee": "kg",
        "decimales": 1,
        "rejet": {"min": 2, "max": 350},
        "rejet_adulte": {"min": 20, "max": 350},
        "alertes": [
            {"op": "variation_pct_30j", "valeur": -5, "niveau": "alerte"},
            {"op": "variation_pct_180j", "valeur": -10, "niveau": "alerte"},
            {"op": "variation_kg_3j", "valeur": 2, "niveau": "attention"},
        ],
    },
)
TEMPERATURE = regles.lire_constante(
    "temperature",
    "Température",
    {
        "unite_affichee": "°C",
        "decimales": 1,
        "rejet": {"min": 25, "max": 45},
        "alertes": [
            {"op": ">=", "valeur": 39.1, "niveau": "alerte"},
            {"op": ">=", "valeur": 37.8, "niveau": "attention"},
            {"op": "<=", "valeur": 35.0, "niveau": "alerte"},
        ],
    },
)
SATURATION = regles.lire_constante(
    "spo2",
    "Saturation en oxygène",
    {
        "unite_affichee": "%",
        "court": "Saturation",
        "decimales": 0,
        "rejet": {"min": 40, "max": 100},
        "alertes": [{"op": "<=", "valeur": 91, "niveau": "alerte"}],
    },
)


def il_y_a(jours, valeur):
    return Releve(AU - timedelta(days=jours), Decimal(str(valeur)))


def alerte_de(constante, *releves, age=81):
    return regles.alerter(constante, releves, age=age)


def test_l_exemple_de_la_maquette_perd_5_3_pour_cent_en_un_mois():
    alerte = alerte_de(POIDS, il_y_a(38, 56.6), il_y_a(31, 56.4), il_y_a(17, 55), il_y_a(0, 53.4))
    assert alerte.titre == "Perte de poids : 5,3 % en un mois"
    assert alerte.detail == "53,4 kg contre 56,4 kg le 19/10."
    assert alerte.ton == "rouge"


@pytest.mark.parametrize(
    "avant, apres, alerte", [(60, "57.0", True), (60, "57.1", False), (60, "61", False)]
)
def test_le_seuil_de_cinq_pour_cent_est_compris(avant, apres, alerte):
    assert bool(alerte_de(POIDS, il_y_a(30, avant), il_y_a(0, apres))) is alerte


def test_une_pesee_mensuelle_un_jour_en_retard_ne_cache_pas_la_perte():
    assert alerte_de(POIDS, il_y_a(31, 60), il_y_a(0, 56)).titre.endswith("en un mois")


def test_une_vieille_pesee_ne_compte_pas_quand_une_plus_recente_couvre_la_fenetre():
    assert alerte_de(POIDS, il_y_a(44, 60), il_y_a(20, 57.5), il_y_a(0, 57)) is None


def test_dix_pour_cent_en_six_mois():
    releves = [il_y_a(jours, 60 - (180 - jours) / 30) for jours in range(180, 0, -30)]
    alerte = alerte_de(POIDS, *releves, il_y_a(0, 54))
    assert alerte.titre == "Perte de poids : 10,0 % en six mois"


def test_deux_kilos_en_trois_jours_font_penser_au_coeur():
    alerte = alerte_de(POIDS, il_y_a(3, 60), il_y_a(0, 62.3))
    assert (alerte.niveau, alerte.titre) == ("attention", "Prise de poids : 2,3 kg en 3 jours")


def test_une_seule_pesee_ne_dit_rien():
    assert alerte_de(POIDS, il_y_a(0, 45)) is None
    assert regles.alerter(POIDS, [], age=80) is None


def test_la_plus_grave_des_alertes_l_emporte():
    assert alerte_de(TEMPERATURE, il_y_a(0, 39.2)).niveau == "alerte"
    assert alerte_de(TEMPERATURE, il_y_a(0, 38)).niveau == "attention"
    basse = alerte_de(TEMPERATURE, il_y_a(0, 34.9))
    assert (basse.titre, basse.detail) == ("Température : 34,9 °C", "Seuil bas : 35,0 °C.")
    assert alerte_de(TEMPERATURE, il_y_a(0, 36.8)) is None


def test_les_seuils_d_adulte_ne_jugent_pas_un_enfant():
    assert alerte_de(SATURATION, il_y_a(0, 90), age=80)
    assert alerte_de(SATURATION, il_y_a(0, 90), age=9) is None


@pytest.mark.parametrize(
    "valeur, age, extrait",
    [
        ("600", 80, "Attendu entre 20 et 350 kg"),
        ("9.5", 80, "Attendu entre 20"),
        ("9.5", 3, ""),
        ("1", 3, "Attendu entre 2"),
        ("53.45", 80, "1 chiffre après la virgule"),
        ("53.40", 80, ""),
    ],
)
def test_une_valeur_impossible_est_refusee_avec_ce_qu_il_faut_faire(valeur, age, extrait):
    message = regles.refus(POIDS, Decimal(valeur), age=age)
    assert extrait in message and bool(extrait) == bool(message)


def test_une_saturation_est_un_nombre_entier():
    assert regles.refus(SATURATION, Decimal("96.5"), age=80) == "Écrivez un nombre entier."


def test_une_pression_inversee_est_refusee():
    assert "inversées" in regles.refus_pression(Decimal(80), Decimal(140))
    assert not regles.refus_pression(Decimal(140), Decimal(80))


@pytest.mark.parametrize(
    "valeur, age, niveau",
    [
        ("21.9", 70, "attention"),
        ("19.9", 82, "alerte"),
        ("22.0", 82, None),
        ("18.4", 40, "attention"),
        ("16.9", 40, "alerte"),
        ("15", 10, None),
    ],
)
def test_l_imc_se_lit_selon_l_age(valeur, age, niveau):
    alerte = regles.alerter_imc(Decimal(valeur), age=age)
    assert (alerte.niveau if alerte else None) == niveau


def test_l_imc_de_la_maquette():
    assert regles.imc(Decimal("53.4"), Decimal("160")) == Decimal("20.9")


@pytest.mark.parametrize(
    "jours, mots",
    [
        (0, "un jour"),
        (1, "un jour"),
        (3, "3 jours"),
        (21, "3 semaines"),
        (31, "un mois"),
        (62, "deux mois"),
        (183, "six mois"),
        (270, "9 mois"),
    ],
)
def test_une_duree_se_dit(jours, mots):
    assert regles.duree_en_mots(jours) == mots


# ---------------------------------------------------------------- propriétés

kilos = st.decimals(min_value="20", max_value="150", places=1)
releves = st.lists(
    st.builds(il_y_a, st.integers(min_value=0, max_value=260), kilos),
    min_size=1,
    max_size=12,
    unique_by=lambda r: r.le,
)
temperatures = st.decimals(min_value="25", max_value="45", places=1)


@given(releves)
def test_l_ordre_de_saisie_ne_compte_pas(serie):
    assert regles.alerter(POIDS, serie, age=80) == regles.alerter(POIDS, serie[::-1], age=80)


@given(releves)
def test_une_pesee_hors_de_toute_fenetre_ne_change_rien(serie):
    vieille = il_y_a(900, "149.9")
    assert regles.alerter(POIDS, [vieille, *serie], age=80) == regles.alerter(POIDS, serie, age=80)


@given(releves)
def test_une_perte_signalee_est_une_vraie_perte(serie):
    alerte = regles.alerter(POIDS, serie, age=80)
    if alerte and alerte.niveau == "alerte":
        dernier = max(serie, key=lambda r: r.le)
        plus_lourd = max(r.valeur for r in serie)
        assert regles.perte_pct(plus_lourd, dernier.valeur) >= 5


@given(kilos, st.integers(min_value=1, max_value=40))
def test_un_poids_stable_n_alerte_jamais(poids, nombre):
    serie = [Releve(AU - timedelta(days=7 * i), poids) for i in range(nombre)]
    assert regles.alerter(POIDS, serie, age=80) is None


@given(temperatures)
def test_ce_qui_est_dans_les_bornes_est_accepte_et_ce_qui_en_sort_refuse(valeur):
    assert regles.refus(TEMPERATURE, valeur, age=80) == ""
    assert regles.refus(TEMPERATURE, valeur + 21, age=80)


@given(temperatures, temperatures)
def test_plus_chaud_n_est_jamais_moins_grave_au_dessus_de_la_normale(a, b):
    grave = [None, "attention", "alerte"]
    haute, basse = max(a, b), min(a, b)
    if basse >= Decimal("36"):
        niveaux = [
            x.niveau if (x := alerte_de(TEMPERATURE, Releve(AU, v))) else None
            for v in (basse, haute)
        ]
        assert grave.index(niveaux[0]) <= grave.index(niveaux[1])


@given(kilos, st.decimals(min_value="100", max_value="210", places=0))
def test_l_imc_croit_avec_le_poids(poids, taille):
    assert regles.imc(poids + 10, taille) > regles.imc(poids, taille)
