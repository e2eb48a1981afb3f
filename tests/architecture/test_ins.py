"""docs/conformite/ins.md : chaque preuve citée existe."""

import re

import pytest

from tests.architecture.arbre import RACINE
from tests.architecture.test_asvs import PREUVE, fonctions_de

TEXTE = (RACINE / "docs/conformite/ins.md").read_text(encoding="utf-8")
LIGNES = [
    ligne
    for ligne in re.findall(r"^\|.*\|$", TEXTE, re.MULTILINE)
    if "`" in ligne or "waits" in ligne
]


@pytest.mark.parametrize("ligne", LIGNES, ids=[ligne[2:40] for ligne in LIGNES])
def test_une_ligne_est_prouvee_ou_dit_ce_qu_elle_attend(ligne):
    preuve = ligne.split("|")[-2]
    cites = PREUVE.findall(preuve)
    assert cites or re.match(r" waits: \S.{10}", preuve), ligne
    assert preuve.count("::") == len(cites), f"une preuve mal écrite : {ligne}"
    for fichier, nom in cites:
        assert nom in fonctions_de(fichier), f"tests/{fichier}::{nom} n’existe pas"


def test_des_lignes_se_lisent():
    assert len(LIGNES) > 20
