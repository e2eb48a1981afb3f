"""Every sentence of the corpora, written for a man and for a woman."""

import json
import re
from itertools import product
from pathlib import Path
from random import Random

import pytest

from dui.demonstration import magnolia, personnel, rythme, textes
from dui.demonstration.constantes import Corps, Releve
from dui.demonstration.entourage import mots
from dui.demonstration.fil import EPISODES, FRAGMENTS
from dui.demonstration.moteur import Plume
from dui.demonstration.personnes import creer
from dui.demonstration.presentation import HABITUDES, _mots
from dui.demonstration.tirage import alea
from tests.demonstration.fabrique import JOUR, MAINTENANT, installer

NOMENCLATURES = Path("dui/socle/nomenclatures")
RESTE = re.compile(r"[{}<>\[\]|]|(?<!\d)/(?!L)|/(?![\dL])|\s,| {2}|\.\.|(?i:\b(de|à) (elle|il)\b)")
GENRES = {fichier: genre for genre, fichiers in FRAGMENTS.items() for fichier in fichiers}
GENRE_DU_DOMAINE = {"PA": "ehpad", "PH": "ime", "DOM": "ssiad"}


def tous_les_fragments():
    for fichier, genre in GENRES.items():
        for fragment in textes.fragments(fichier):
            yield genre, fragment
    for fichier in {f for fichiers in EPISODES.values() for f in fichiers}:
        for episode in textes.episodes(fichier):
            for scene in episode.scenes:
                yield GENRE_DU_DOMAINE[episode.domaine], scene.fragment


def plume(genre, sexe, graine):
    p = installer(creer(alea(graine), 0, genre, JOUR, sexe=sexe))
    a = Random(graine)
    contexte = mots(p, voisins=("Mme JOUBERT",)) | _mots(p, a)
    releve = Releve(Corps(p, a, JOUR, JOUR))
    releve.jour = JOUR
    return Plume(a, p.feminin, textes.lexique("lexique.txt"), contexte | releve.mots())


def relire(texte):
    faute = RESTE.search(texte)
    assert not faute, f"« {faute[0]} » dans : {texte}"
    assert texte[0] == texte[0].upper()
    assert "'" not in texte


@pytest.mark.parametrize("sexe", ["F", "M"])
def test_chaque_transmission_s_ecrit_sans_reste(sexe):
    for genre, fragment in tous_les_fragments():
        for graine in range(4):
            for partie in fragment.parties:
                relire(plume(genre, sexe, graine).ecrire(partie))


def test_chaque_habitude_s_ecrit_sans_reste_et_tient_dans_la_base():
    for (genre, fichier), sexe in product(HABITUDES.items(), "FM"):
        for lignes in textes.rubriques(fichier).values():
            for graine, (_, _, phrase) in product(range(3), lignes):
                ecrit = plume(genre, sexe, graine).ecrire(phrase)
                relire(ecrit)
                assert len(ecrit) <= 400


def test_une_femme_n_est_jamais_accordee_au_masculin():
    """A participle at the head of a clause speaks of the person."""
    participes = "fatigué rassuré apaisé installé levé couché endormi rendormi réveillé souriant"
    participes += " descendu revenu content ravi soulagé enchanté recueilli assis invité trouvé"
    en_tete = re.compile(rf"(?:^|[.:,] )({'|'.join(participes.split())})\b", re.IGNORECASE)
    for (genre, fragment), graine in product(tous_les_fragments(), range(3)):
        if "homme" not in fragment.si:
            for partie in fragment.parties:
                ecrit = plume(genre, "F", graine).ecrire(partie)
                assert not en_tete.search(ecrit), ecrit


def test_un_homme_n_est_jamais_accorde_au_feminin():
    participes = "fatiguée rassurée apaisée installée levée couchée endormie réveillée souriante"
    participes += " contente ravie soulagée enchantée assise elle"
    feminins = re.compile(rf"(?:^|[.:,] )({'|'.join(participes.split())})\b", re.IGNORECASE)
    for (genre, fragment), graine in product(tous_les_fragments(), range(3)):
        if "femme" not in fragment.si:
            for partie in fragment.parties:
                ecrit = plume(genre, "M", graine).ecrire(partie)
                assert not feminins.search(ecrit), ecrit


def codes(nomenclature):
    fichier = NOMENCLATURES / f"{nomenclature}.json"
    return {c["code"] for c in json.loads(fichier.read_text(encoding="utf-8"))["codes"]}


def test_les_cibles_sont_celles_de_la_nomenclature():
    connues = codes("cible_transmission")
    assert {f.cible for _, f in tous_les_fragments()} <= connues
    assert {s.fragment.cible for s in magnolia.scenes(MAINTENANT)} <= connues


def test_les_rubriques_sont_celles_de_la_nomenclature():
    connues = codes("rubrique_habitude")
    for fichier in HABITUDES.values():
        assert textes.rubriques(fichier).keys() <= connues
    assert magnolia.QUI_EST_MARIE.keys() <= connues


def test_metiers_destinataires_et_moments_existent():
    roles = set(personnel.METIERS)
    moments = {nom for _, nom in rythme.MOMENTS}
    for _, fragment in tous_les_fragments():
        assert fragment.roles <= roles
        assert set(fragment.destinataires) <= roles
        assert fragment.moments <= moments


def test_le_corpus_est_riche():
    lignes = sum(1 for _ in tous_les_fragments())
    assert lignes > 400
    cibles = {f.cible for genre, f in tous_les_fragments() if genre == "ehpad"}
    assert {"alimentation", "sommeil", "douleur", "chute", "peau", "vie_sociale"} <= cibles


def test_une_option_inconnue_du_corpus_se_voit():
    with pytest.raises(ValueError, match="Option inconnue"):
        textes.options(["fantaisie"])
