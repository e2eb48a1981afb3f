"""Pure: answers in, result out. Neither clock nor database, nor Django."""

from collections.abc import Mapping

from accompagnement.evaluations.moteur import aggir, echelles, pathos
from accompagnement.evaluations.moteur.definitions import Definition
from accompagnement.evaluations.moteur.resultats import ReponsesRefusees, Resultat

# Kept with each result: what was computed then, by which rules.
VERSION = "1"
MOTEURS = {
    "aggir": aggir.evaluer,
    "echelle": echelles.evaluer,
    "score_seul": echelles.evaluer_score_seul,
    "pathos": pathos.evaluer,
}

__all__ = ["VERSION", "Definition", "ReponsesRefusees", "Resultat", "evaluer"]


def evaluer(definition: Definition, reponses: Mapping[str, str]) -> Resultat:
    """The result of these answers; an answer left empty is an answer not given, never a zero."""
    donnees = {c: v.strip() for c, v in reponses.items() if v and v.strip()}
    return MOTEURS[definition.moteur](definition, donnees)
