"""Ce qui revient, revient à l’heure de la maison : changements d’heure, outre-mer, fins de mois."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.agenda import regles
from coordination.agenda.regles import Repetition, RepetitionRefusee, dates, instant, plage

PARIS = "Europe/Paris"
FUSEAUX = [
    PARIS, "Indian/Reunion", "America/Guadeloupe", "America/Martinique", "America/Cayenne",
    "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "America/Miquelon",
]  # fmt: skip
jours = st.dates(date(2020, 1, 1), date(2040, 12, 31))
heures = st.times().map(lambda t: t.replace(second=0, microsecond=0))
fuseaux = st.sampled_from(FUSEAUX)
repetitions = st.builds(
    Repetition,
    frequence=st.sampled_from(sorted(regles.FREQUENCES)),
    intervalle=st.integers(1, 6),
    jours=st.lists(st.integers(0, 6), unique=True).map(tuple),
    nombre=st.integers(1, 40),
)


def local(moment, fuseau=PARIS):
    return moment.astimezone(ZoneInfo(fuseau))


# ------------------------------------------------------------------ the two nights


@pytest.mark.parametrize("annee", range(2024, 2034))
def test_une_activite_de_dix_heures_reste_a_dix_heures_toute_l_annee(annee):
    r = Repetition("semaine", jusqu_au=date(annee, 12, 31))
    lieux = [instant(j, time(10), PARIS) for j in dates(r, date(annee, 1, 4))]
    assert {local(m).time() for m in lieux} == {time(10)}
    assert {m.hour for m in lieux} == {8, 9}  # en UTC, elle bouge


def test_la_nuit_de_printemps_deux_heures_trente_se_vit_a_trois_heures_trente():
    moment = instant(date(2027, 3, 28), time(2, 30), PARIS)
    assert moment == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert local(moment).time() == time(3, 30)


def test_la_nuit_d_automne_deux_heures_trente_est_la_premiere_des_deux():
    moment = instant(date(2027, 10, 31), time(2, 30), PARIS)
    assert moment == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert local(moment).utcoffset() == timedelta(hours=2)


def test_une_plage_de_nuit_finit_a_l_heure_dite_meme_si_la_nuit_est_plus_courte():
    debut, fin = plage(date(2027, 3, 27), time(22), time(7), PARIS)
    assert (local(fin).time(), fin - debut) == (time(7), timedelta(hours=8))
    debut, fin = plage(date(2027, 10, 30), time(22), time(7), PARIS)
    assert (local(fin).time(), fin - debut) == (time(7), timedelta(hours=10))


def test_une_plage_que_le_saut_d_heure_retournerait_garde_sa_duree():
    debut, fin = plage(date(2027, 3, 28), time(2, 30), time(3, 15), PARIS)
    assert (local(debut).time(), fin - debut) == (time(3, 30), timedelta(minutes=45))


def test_saint_pierre_et_miquelon_change_d_heure_un_autre_jour_que_paris():
    apres = instant(date(2027, 3, 15), time(10), "America/Miquelon")
    assert apres.hour == 12 and instant(date(2027, 3, 10), time(10), "America/Miquelon").hour == 13
    assert instant(date(2027, 3, 15), time(10), PARIS).hour == 9


@pytest.mark.parametrize(
    ("fuseau", "heure_utc"),
    [("Indian/Reunion", 6), ("America/Guadeloupe", 14), ("Pacific/Tahiti", 20)],
)
@pytest.mark.parametrize("jour", [date(2027, 1, 12), date(2027, 7, 13)])
def test_outre_mer_dix_heures_est_la_meme_heure_ete_comme_hiver(fuseau, heure_utc, jour):
    assert instant(jour, time(10), fuseau).hour == heure_utc


def test_a_noumea_le_lundi_matin_est_encore_dimanche_a_paris():
    moment = instant(date(2027, 3, 29), time(8), "Pacific/Noumea")
    assert moment == datetime(2027, 3, 28, 21, tzinfo=UTC)
    semaine = dates(Repetition("semaine", jours=(0,), nombre=3), date(2027, 3, 29))
    assert [local(instant(j, time(8), "Pacific/Noumea"), "Pacific/Noumea").weekday()
            for j in semaine] == [0, 0, 0]  # fmt: skip


@given(jours, heures, fuseaux)
def test_l_heure_vecue_est_l_heure_ecrite_ou_une_heure_de_plus_quand_elle_n_existe_pas(j, h, f):
    vecue = local(instant(j, h, f), f)
    ecrite = datetime.combine(j, h)
    assert vecue.replace(tzinfo=None) in (ecrite, ecrite + timedelta(hours=1))
    if vecue.replace(tzinfo=None) == ecrite:
        assert vecue.fold == 0


@given(jours, heures, heures, fuseaux)
def test_une_plage_finit_toujours_apres_avoir_commence(j, h1, h2, f):
    debut, fin = plage(j, h1, h2, f)
    assert timedelta(0) < fin - debut <= timedelta(hours=25)


# ------------------------------------------------------------------ what comes back


@given(repetitions, jours)
def test_les_dates_avancent_a_partir_de_la_premiere_et_jamais_plus_que_demande(r, premier):
    try:
        trouvees = dates(r, premier)
    except RepetitionRefusee:
        return
    assert trouvees == sorted(set(trouvees)) and trouvees[0] >= premier
    assert len(trouvees) <= r.nombre and trouvees[-1] <= premier + regles.HORIZON


@given(repetitions, jours, st.integers(1, 500))
def test_une_fin_par_date_donne_le_debut_de_la_meme_suite(r, premier, duree):
    fin = premier + timedelta(days=duree)
    sans_fin = Repetition(r.frequence, r.intervalle, r.jours, nombre=regles.AU_PLUS)
    try:
        bornees = dates(Repetition(r.frequence, r.intervalle, r.jours, jusqu_au=fin), premier)
        toutes = dates(sans_fin, premier)
    except RepetitionRefusee:
        return
    assert bornees == [j for j in toutes if j <= fin]


@given(repetitions, jours, st.data())
def test_une_exception_ote_cette_date_et_nulle_autre(r, premier, donnees):
    r = Repetition(r.frequence, r.intervalle, r.jours, jusqu_au=premier + timedelta(days=200))
    try:
        toutes = dates(r, premier)
    except RepetitionRefusee:
        return
    otee = donnees.draw(st.sampled_from(toutes))
    sans = Repetition(r.frequence, r.intervalle, r.jours, r.jusqu_au, exceptions=frozenset({otee}))
    if len(toutes) > 1:
        assert dates(sans, premier) == [j for j in toutes if j != otee]


def test_toutes_les_deux_semaines_le_mardi_et_le_jeudi():
    r = Repetition("semaine", 2, (1, 3), nombre=5)
    attendues = [(2, 3), (2, 5), (2, 17), (2, 19), (3, 3)]
    assert dates(r, date(2026, 2, 3)) == [date(2026, m, j) for m, j in attendues]


def test_le_trente_et_un_saute_les_mois_qui_n_en_ont_pas():
    r = Repetition("mois", nombre=4)
    assert [d.month for d in dates(r, date(2026, 1, 31))] == [1, 3, 5, 7]


def test_le_deuxieme_mardi_et_le_dernier_vendredi_du_mois():
    mardis = dates(Repetition("mois_rang", nombre=3), date(2026, 1, 13))
    assert mardis == [date(2026, 1, 13), date(2026, 2, 10), date(2026, 3, 10)]
    vendredis = dates(Repetition("mois_rang", nombre=3), date(2026, 1, 30))
    assert vendredis == [date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 27)]


@pytest.mark.parametrize(
    "champs",
    [
        {"frequence": "semaine"},
        {"frequence": "lune", "nombre": 2},
        {"frequence": "jour", "intervalle": 0, "nombre": 2},
        {"frequence": "semaine", "jours": (7,), "nombre": 2},
    ],
)
def test_une_repetition_sans_fin_ou_sans_sens_est_refusee(champs):
    with pytest.raises(RepetitionRefusee):
        Repetition(**champs)


def test_trop_de_fois_ou_trop_loin_se_refuse_au_lieu_de_se_tronquer():
    premier = date(2026, 1, 1)
    for fin in (premier + timedelta(days=500), premier + timedelta(days=900), date(2025, 1, 1)):
        with pytest.raises(RepetitionRefusee):
            dates(Repetition("jour", jusqu_au=fin), premier)


def test_une_repetition_se_dit_comme_on_la_dirait():
    r = Repetition("semaine", 2, (1, 3), jusqu_au=date(2027, 6, 30))
    mots = regles.en_mots(r.en_donnees(), date(2026, 2, 3))
    assert mots == "toutes les 2 semaines, le mardi et jeudi, jusqu’au 30/06/2027"
    rang = Repetition("mois_rang", nombre=6).en_donnees()
    assert regles.en_mots(rang, date(2026, 1, 30)) == "tous les mois, le dernier vendredi, 6 fois"
