from random import Random

import pytest

from dui.demonstration.moteur import Plume, accorder, compiler, typographie


def ecrire(texte, *, feminin=False, **contexte):
    return Plume(Random(1), feminin, {"mot": ("un seul",)}, contexte).ecrire(texte)


@pytest.mark.parametrize(
    ("texte", "masculin", "feminin"),
    [
        ("Fatigué{e} ce soir", "Fatigué ce soir", "Fatiguée ce soir"),
        ("{Il} est {heureux/heureuse}", "Il est heureux", "Elle est heureuse"),
        ("{Fier de lui/Fière d'elle}", "Fier de lui", "Fière d’elle"),
        ("{<gilet>/<robe>} choisi{e}", "Gilet choisi", "Robe choisie"),
    ],
)
def test_les_mots_s_accordent(texte, masculin, feminin):
    assert ecrire(texte) == masculin
    assert ecrire(texte, feminin=True) == feminin


def test_un_choix_donne_l_une_des_formes_meme_imbrique():
    formes = {Plume(Random(graine), False, {}, {}).ecrire("a <b|c <d|e>>") for graine in range(30)}
    assert formes == {"A b", "A c d", "A c e"}


def test_un_fait_du_contexte_passe_avant_le_lexique():
    assert ecrire("[mot]") == "Un seul"
    assert ecrire("[mot]", mot="deux") == "Deux"


def test_la_typographie_est_francaise():
    assert typographie("« l'eau » : non") == "«\u00a0l’eau\u00a0»\u00a0: non"


@pytest.mark.parametrize("texte", ["{inconnu}", "<a|b", "a>b"])
def test_une_faute_de_syntaxe_se_voit(texte):
    with pytest.raises(ValueError):
        compiler(texte, False)


def test_un_accord_inconnu_nomme_la_phrase():
    with pytest.raises(ValueError, match="Accord inconnu"):
        accorder("fatigué{x}", True)
