"""Ce qui se compare, s’annonce et se juge sans base ni horloge."""

import uuid
from copy import deepcopy
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accompagnement.projets import comparaison, echeances, mots, tendances, trames
from accompagnement.projets import contenu as contenus
from accompagnement.projets.contenu import GENRES, Champ

TRAME = trames.trame("ehpad")
CLES = [str(uuid.UUID(int=n)) for n in range(1, 6)]
TEXTES = st.text("abcé’ ", min_size=1, max_size=6).filter(str.strip)


def _valeur(champ: Champ):
    if champ.multiple:
        return st.lists(st.sampled_from(CLES), min_size=1, unique=True)
    if champ.sorte == contenus.JOUR:
        return st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(date.isoformat)
    return TEXTES


def _element(genre):
    champs = {c.nom: _valeur(c) for c in genre.champs}
    return st.fixed_dictionaries({}, optional=champs)


def _elements(genre):
    cles = st.lists(st.sampled_from(CLES), unique=True, max_size=4)
    return cles.flatmap(
        lambda choisies: st.tuples(
            *(_element(genre).map(lambda e, c=c: e | {"id": c}) for c in choisies)
        )
    ).map(list)


CADRES = st.fixed_dictionaries(
    {}, optional={c.nom: _valeur(c) for c in contenus.champs_du_cadre(TRAME)}
)
CONTENUS = st.fixed_dictionaries(
    {"trame": st.just("ehpad"), "cadre": CADRES, **{c: _elements(g) for c, g in GENRES.items()}}
)


@pytest.mark.lent
@given(CONTENUS)
def test_une_version_ne_differe_pas_d_elle_meme(contenu):
    assert comparaison.comparer(contenu, deepcopy(contenu), TRAME) == []


@pytest.mark.lent
@given(CONTENUS, CONTENUS)
def test_lue_a_l_envers_la_comparaison_dit_le_contraire(avant, apres):
    aller = comparaison.comparer(avant, apres, TRAME)
    retour = comparaison.comparer(apres, avant, TRAME)

    assert sorted(map(repr, (c.inverse() for c in aller))) == sorted(
        map(repr, (c.direct() for c in retour))
    )


@pytest.mark.lent
@given(CONTENUS, CONTENUS)
def test_rien_ne_change_sans_se_dire(avant, apres):
    """Ce que la comparaison tait est égal : chaque champ de chaque élément y passe."""
    if not comparaison.comparer(avant, apres, TRAME):
        for genre in GENRES:
            lus = [{e["id"]: e for e in c[genre]} for c in (avant, apres)]
            assert lus[0].keys() == lus[1].keys()


@pytest.mark.lent
@given(CONTENUS, st.sampled_from(list(GENRES)), st.sampled_from(CLES))
def test_un_element_retire_ne_laisse_aucun_lien(contenu, genre, cle):
    reste = contenus.sans(contenu, genre, cle)

    for code, autre in GENRES.items():
        liens = [
            c.nom
            for c in autre.champs
            if c.sorte in (contenus.LIEN, contenus.LIENS) and c.liste == genre
        ]
        for element in reste[code]:
            assert all(cle not in element.get(nom, "") for nom in liens)
    assert contenus.trouver(reste, genre, cle) is None


def test_les_changements_se_lisent():
    cle = CLES[0]
    avant = contenus.vide(TRAME) | {
        "objectif": [{"id": cle, "titre": "Marcher", "date_fin": "2026-03-12"}]
    }
    apres = contenus.avec(
        avant, "objectif", {"id": cle, "titre": "Marcher", "date_fin": "2026-06-30"}
    )
    apres = contenus.avec(apres, "action", {"id": CLES[1], "titre": "Kiné"})
    dire = lambda champ, valeur: valeur  # noqa: E731

    phrases = [comparaison.en_phrase(c, dire) for c in comparaison.comparer(avant, apres, TRAME)]

    assert phrases == [
        "Objectif « Marcher », échéance : 2026-03-12 → 2026-06-30",
        "Action ajoutée : Kiné",
    ]


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Adam", "d’Adam"), ("Élise", "d’Élise"), ("Hélène", "d’Hélène"), ("Yves", "d’Yves"),
        ("Marie", "de Marie"), ("Hamza", "de Hamza"), ("Yanis", "de Yanis"), ("", "de "),
    ],
)  # fmt: skip
def test_on_dit_l_attente_d_adam_et_celle_de_marie(nom, attendu):
    assert mots.de(nom) == attendu


@pytest.mark.parametrize(
    ("reste", "niveau", "ton", "titre"),
    [
        (61, "tranquille", "vert", "Révision à jour"),
        (60, "bientot", "gris", "Révision dans 60 jours"),
        (31, "bientot", "gris", "Révision dans 31 jours"),
        (30, "bientot", "bleu", "Révision dans 30 jours"),
        (1, "bientot", "bleu", "Révision dans 1 jour"),
        (0, "retard", "ambre", "Révision : c’est aujourd’hui"),
        (-6, "retard", "ambre", "Révision en retard de 6 jours"),
        (-89, "retard", "ambre", "Révision en retard de 89 jours"),
        (-90, "retard", "ambre", "Révision en retard de 3 mois"),
        (-729, "retard", "ambre", "Révision en retard de 24 mois"),
        (-730, "retard", "ambre", "Révision en retard de 2 ans"),
    ],
)
def test_une_echeance_s_annonce_a_soixante_jours_trente_jours_et_le_jour(reste, niveau, ton, titre):
    jour = date(2026, 11, 22)
    seuils = trames.reglages()["alertes_jours"]
    alerte = echeances.echeance("Révision", jour + timedelta(days=reste), jour, seuils)

    assert (alerte.niveau, alerte.ton, alerte.titre) == (niveau, ton, titre)


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 48))
def test_ajouter_des_mois_tombe_dans_le_bon_mois(jour, mois):
    apres = echeances.ajouter_mois(jour, mois)

    assert (apres.year * 12 + apres.month) - (jour.year * 12 + jour.month) == mois
    assert apres.day <= jour.day


JOUR = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("statut", "mesures", "sens", "attendue"),
    [
        ("", [], [], tendances.A_COMMENCER),
        ("ACTIF", [], [], tendances.STABLE),
        ("ANNULE", [(JOUR, 100)], [], tendances.ABANDONNE),
        ("TERMINE", [], [], tendances.ATTEINT),
        ("", [(JOUR, 100)], [], tendances.ATTEINT),
        ("", [(JOUR, 10), (JOUR, 40)], [(JOUR, "contre")], tendances.PROGRESSE),
        ("", [(JOUR, 40), (JOUR, 10)], [], tendances.RECULE),
        ("", [], [(JOUR, "pour"), (JOUR, "pour"), (JOUR, "contre")], tendances.PROGRESSE),
        ("", [], [(JOUR, "contre")], tendances.RECULE),
        ("", [], [(JOUR, "neutre")], tendances.STABLE),
        ("", [], [(JOUR - timedelta(days=90), "contre")], tendances.A_COMMENCER),
    ],
)
def test_la_tendance_suit_l_etat_puis_les_mesures_puis_les_traces(statut, mesures, sens, attendue):
    assert tendances.lire(statut, mesures, sens, JOUR, 60) == attendue


def test_chaque_trame_est_complete_et_la_maison_donne_la_sienne():
    from dui.socle.models import Etablissement

    codes = set(trames.toutes())
    assert codes >= {"ehpad", "ime", "itep", "savs", "samsah", "ssiad", "pde"}
    for trame in trames.toutes().values():
        assert trame.volets
        assert 0 < trame.bilan_mois <= trame.revue_mois <= 12
    maison = lambda domaine, categorie: Etablissement(domaine=domaine, categorie=categorie)  # noqa: E731
    assert trames.pour(maison("PH", "186")).code == "itep"
    assert trames.pour(maison("PH", "446")).code == "savs"
    assert trames.pour(maison("PA", "500")).code == "ehpad"
    assert trames.pour(maison("DOM", "354")).code == "ssiad"
    assert trames.pour(maison("PDE", "177")).code == "pde"
    assert trames.pour(maison("AHI", "214")).code == "autre"


def test_chaque_pictogramme_propose_existe():
    from dui.socle.templatetags.outils import noms_du_sprite

    assert set(trames.reglages()["pictogrammes"]) <= noms_du_sprite("icones")
