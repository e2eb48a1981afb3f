"""Cases for the engine, and the published files of ../shared when they are there."""

import csv
import importlib.util
import json
from decimal import Decimal
from io import StringIO
from itertools import product
from pathlib import Path

import pytest

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.moteur import evaluer

PARTAGE = Path(__file__).parents[3] / "shared" / "data"
avec_les_fichiers_partages = pytest.mark.skipif(
    not PARTAGE.is_dir(), reason="../shared/data n’est pas présent"
)
# The 6,561 ranks in the order of the published file, one hexadecimal digit each.
RANGS = Path(__file__).with_name("rangs_aggir.txt")

AGGIR = catalogue.definition("aggir")
ALGORITHME = AGGIR.brut["algorithme"]
CALCUL = ALGORITHME["ordre_variables"]
ECHELLES = [
    d
    for d in catalogue.courantes().values()
    if d.moteur == "echelle" and d.score["methode"] != "recueil"
]
PROTEGEES = [d for d in catalogue.courantes().values() if d.protegee]


def nom(definition):
    return definition.code


def combinaisons():
    yield from product("ABC", repeat=len(CALCUL))


def rangs_attendus():
    return [int(c, 16) for c in RANGS.read_text().replace("\n", "")]


def lettres(huit: str) -> dict[str, str]:
    return dict(zip(CALCUL, huit, strict=True))


def gir(**reponses) -> int | None:
    resultat = evaluer(AGGIR, reponses)
    return int(resultat.score) if resultat.complet else None


def adverbes(nom, quatre: str) -> dict[str, str]:
    """« oonn » : S et T oui, C et H non."""
    mots = {"o": "oui", "n": "non"}
    return {f"{nom}.{a}": mots[c] for a, c in zip("STCH", quatre, strict=True)}


def fichier_aggir() -> StringIO:
    """The published file again, from the ranks alone."""
    flux = StringIO(newline="")
    ecrivain = csv.writer(flux)
    ecrivain.writerow([*CALCUL, "rang", "gir"])
    for lettres_, rang in zip(combinaisons(), rangs_attendus(), strict=True):
        ecrivain.writerow([*lettres_, rang, ALGORITHME["rang_vers_gir"][str(rang)]])
    flux.seek(0)
    return flux


def oracle():
    """The scorer of the shared files: another engine than ours."""
    chemin = PARTAGE / "scales" / "verifier.py"
    spec = importlib.util.spec_from_file_location("verifier", chemin)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def echelles_publiees() -> dict[str, dict]:
    return {
        fichier.stem: json.loads(fichier.read_text(encoding="utf-8"))
        for fichier in sorted((PARTAGE / "scales").glob("*.json"))
        if fichier.stem != "score_seul"
    }


def reponses_possibles(item) -> list[tuple[str, Decimal]]:
    """(answer, points), without the answers that count for nothing."""
    if item.type == "choix":
        return [(o.valeur, o.points) for o in item.options if o.points is not None]
    bas, haut = int(item.min), int(item.max)
    return [(str(n), Decimal(n)) for n in range(bas, haut + 1)]


def reponses_donnant(definition, score: Decimal) -> dict[str, str] | None:
    """Answers whose points add up to this score, found without the engine."""
    exclus = {c for g in definition.score.get("exclusif", ()) for c in g[1:]}
    atteints: dict[Decimal, dict[str, str]] = {Decimal(0): {}}
    for item in definition.items:
        if item.code in exclus:
            continue
        suivants: dict[Decimal, dict[str, str]] = {}
        for total, reponses in atteints.items():
            for valeur, points in reponses_possibles(item):
                suivants.setdefault(total + points, reponses | {item.code: valeur})
        atteints = suivants
    return atteints.get(score)
