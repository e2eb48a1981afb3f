"""Quoi qu’il arrive, une réponse est entière ou refusée ; ce que la garde laisse passer se lit."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dui.connecteurs.insi import AppelInterdit, ErreurINSi, LectureRefusee, Traits, lire_carte
from dui.connecteurs.insi.messages import Logiciel, recherche, tamponner
from dui.connecteurs.insi.reponse import lire, ouvrir
from dui.connecteurs.insi.strategie import appels
from dui.connecteurs.insi.traits import garder
from dui.connecteurs.insi.validation import verifier
from tests.insi.outils import trouve
from tests.insi.test_vitale import LECTURE

JUSTE = trouve(histo="")
LOGICIEL = Logiciel("1990000028", "GX00000000", "b3549edd-0000-4000-8000-000000000001")
MORCEAUX = st.sampled_from(
    [b"", b"\0", b"<", b">", b"&x;", b"]]>", b"<!--", b"<CR/>", b"00", b"X", b"</TIQ>", b"<TIQ>"]
)
places = st.integers(0, len(JUSTE))


@given(places, places, MORCEAUX)
def test_une_reponse_abimee_au_hasard_est_entiere_ou_refusee(debut, fin, morceau):
    debut, fin = sorted((debut, fin))
    try:
        rendu = lire(ouvrir(JUSTE[:debut] + morceau + JUSTE[fin:], ""), production=True)
    except ErreurINSi as erreur:
        assert erreur.couche in ("reponse", "faute") and erreur.message
        return
    qui = rendu.identite
    if qui is None:
        assert rendu.motif
        return
    assert len(str(qui.matricule)) == 15 and qui.matricule.nature
    assert qui.nom and qui.liste_prenoms and qui.sexe in ("M", "F")
    assert isinstance(qui.naissance, date)


@given(st.integers(0, len(LECTURE)), st.integers(0, len(LECTURE)), MORCEAUX)
def test_une_lecture_de_carte_abimee_se_lit_ou_se_refuse(debut, fin, morceau):
    debut, fin = sorted((debut, fin))
    try:
        lus = lire_carte(LECTURE[:debut] + morceau + LECTURE[fin:])
    except LectureRefusee:
        return
    assert all(len(lu.matricule) in (0, 13, 15) for lu in lus)


lettres = st.text(st.sampled_from("ABÉé'- 1<&"), max_size=12)


@given(
    nom=lettres,
    prenoms=st.lists(lettres, max_size=4).map(tuple),
    sexe=st.sampled_from(["M", "F", "I", ""]),
    naissance=st.dates().map(date.isoformat) | st.sampled_from(["1975-00-01", "x", ""]),
    lieu=st.sampled_from(["", "63220", "2A020", "99999", "99100", "2C020", "x"]),
)
def test_ce_que_la_garde_laisse_passer_est_toujours_conforme(nom, prenoms, sexe, naissance, lieu):
    traits = Traits(nom, prenoms, sexe, naissance, lieu)
    try:
        garder(traits)
    except AppelInterdit:
        return
    for appel in appels(traits):
        verifier(recherche(appel, LOGICIEL, tamponner()))
