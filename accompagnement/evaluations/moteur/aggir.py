"""AGGIR: from what was observed to A, B or C, then to the rank and the GIR (CASF, annexe 2-2).

Answers, by the name of what is observed (`toilette.haut`, `transferts`):
`transferts.non` = oui: does not do it, hence C; `transferts.S`, `.T`, `.C`, `.H` = oui or non;
`transferts` = A, B or C, for files and older records that know nothing else.
The algorithm is not monotonic: a worsening may give a better GIR. It is the regulation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from accompagnement.evaluations.moteur.definitions import Definition
from accompagnement.evaluations.moteur.resultats import ReponsesRefusees, Resultat

MODALITES = ("A", "B", "C")
NE_FAIT_PAS = "non"
OUI, NON = "oui", "non"
Reponses = Mapping[str, str]


@dataclass(frozen=True)
class Observe:
    """What is coded by itself: a variable, or each of its parts."""

    nom: str
    variable: Mapping[str, Any]
    libelle: str = ""  # of the part, when there are several

    @property
    def reponses(self) -> list[str]:
        return [f"{self.nom}.{NE_FAIT_PAS}"] + [
            f"{self.nom}.{a}" for a in self.variable["questions"]
        ]


@dataclass(frozen=True)
class Groupe:
    """One of the eight sums, and the threshold that it reached when it decided."""

    groupe: str
    total: int
    contributions: list[dict[str, Any]]
    seuil: int | None = None
    rang: int | None = None


def evaluer(definition: Definition, reponses: Reponses) -> Resultat:
    variables = definition.brut["variables"]
    _refuser(definition, reponses)
    modalites = {v["code"]: m for v in variables if (m := _modalite(v, reponses))}
    calcul = definition.brut["algorithme"]["ordre_variables"]
    detail: dict[str, Any] = {"modalites": modalites}
    manquants = [v["code"] for v in variables if v["code"] not in modalites]
    autres = [c for c in manquants if c not in calcul]
    if manquantes := [c for c in manquants if c in calcul]:
        return Resultat(complet=False, manquants=(*manquantes, *autres), detail=detail)
    rang, gir, groupes = classer(definition.brut["algorithme"], modalites)
    detail |= {"rang": rang, "gir": gir, "groupes": [asdict(g) for g in groupes]}
    return Resultat(
        complet=True,
        score=Decimal(gir),
        niveau=str(gir),
        conclusion=definition.brut["gir_libelles"][str(gir)],
        manquants=tuple(autres),
        detail=detail,
    )


def classer(algorithme: Mapping[str, Any], modalites: Reponses) -> tuple[int, int, list[Groupe]]:
    """(rank, GIR, groups computed): the first threshold reached, in order, stops the reading."""
    groupes = []
    for groupe in algorithme["groupes"]:
        points = [
            {"variable": code, "modalite": modalites[code], "points": valeurs[modalites[code]]}
            for code, valeurs in _valeurs(algorithme["ordre_variables"], groupe)
        ]
        total = sum(p["points"] for p in points)
        atteint = next((s for s in groupe["seuils"] if total >= s["min"]), None)
        if atteint:
            decisif = Groupe(groupe["groupe"], total, points, atteint["min"], atteint["rang"])
            return atteint["rang"], _gir(algorithme, atteint["rang"]), [*groupes, decisif]
        groupes.append(Groupe(groupe["groupe"], total, points))
    rang = algorithme["rang_par_defaut"]
    return rang, _gir(algorithme, rang), groupes


def _valeurs(ordre: list[str], groupe: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, int]]]:
    for code, si_b, si_c in zip(ordre, groupe["B"], groupe["C"], strict=True):
        yield code, {"A": 0, "B": si_b, "C": si_c}


def _gir(algorithme: Mapping[str, Any], rang: int) -> int:
    return algorithme["rang_vers_gir"][str(rang)]


# ---------------------------------------------------------------- from answers to A, B, C


def observes(variable: Mapping[str, Any]) -> list[Observe]:
    sous = variable.get("sous_variables")
    if not sous:
        return [Observe(variable["code"], variable)]
    return [Observe(f"{variable['code']}.{s['code']}", variable, s["libelle"]) for s in sous]


def _modalite(variable: Mapping[str, Any], reponses: Reponses) -> str | None:
    """None as long as one part, or one adverb of it, is unknown."""
    code = variable["code"]
    parties = [observee(o, reponses) for o in observes(variable)]
    if None in parties:
        return reponses.get(code) if parties.count(None) == len(parties) else None
    return combiner(variable, [m for m in parties if m])


def observee(observe: Observe, reponses: Reponses) -> str | None:
    """« Ne fait pas » is C; else four adverbs: all yes A, all no C, anything between B."""
    if reponses.get(f"{observe.nom}.{NE_FAIT_PAS}") == OUI:
        return "C"
    adverbes = [reponses.get(f"{observe.nom}.{a}") for a in observe.variable["questions"]]
    if None in adverbes:
        return reponses.get(observe.nom) if adverbes.count(None) == len(adverbes) else None
    return {0: "C", len(adverbes): "A"}.get(adverbes.count(OUI), "B")


def combiner(variable: Mapping[str, Any], parties: list[str]) -> str:
    """The parts into one: all A is A; `c_si` says what makes a C; B is all the rest."""
    if len(parties) == 1 or len(set(parties)) == 1:
        return parties[0]
    regle = variable["c_si"]
    if isinstance(regle, list):
        return "C" if "".join(parties) in regle else "B"
    return "C" if regle == "un" and "C" in parties else "B"


def _refuser(definition: Definition, reponses: Reponses) -> None:
    fautes: dict[str, str] = {}
    permises: dict[str, tuple[str, ...]] = {}
    for variable in definition.brut["variables"]:
        permises[variable["code"]] = MODALITES
        for observe in observes(variable):
            permises |= dict.fromkeys(observe.reponses, (OUI, NON))
            permises[observe.nom] = MODALITES
            fautes |= _contradictions(observe, reponses)
        if observes(variable)[0].nom != variable["code"]:
            fautes |= _codage_contredit(variable, reponses)
    for code, valeur in reponses.items():
        if code not in permises:
            fautes[code] = "variable inconnue"
        elif valeur not in permises[code]:
            fautes[code] = f"« {valeur} » : {', '.join(permises[code])} attendus"
    if fautes:
        raise ReponsesRefusees(fautes)


def _contradictions(observe: Observe, reponses: Reponses) -> dict[str, str]:
    """Done and not done; or a letter that the adverbs do not give."""
    donnes = [r for r in observe.reponses[1:] if r in reponses]
    if reponses.get(observe.reponses[0]) == OUI and any(reponses[r] == OUI for r in donnes):
        return {observe.reponses[0]: "« ne fait pas » exclut les adverbes cochés oui"}
    directe = reponses.get(observe.nom)
    sans_elle = {c: v for c, v in reponses.items() if c != observe.nom}
    suivie = observee(observe, sans_elle)
    if directe and suivie and directe != suivie:
        return {observe.nom: f"{directe} noté, mais les adverbes donnent {suivie}"}
    return {}


def _codage_contredit(variable: Mapping[str, Any], reponses: Reponses) -> dict[str, str]:
    code = variable["code"]
    parties = [observee(o, reponses) for o in observes(variable)]
    connues = [m for m in parties if m in MODALITES]
    if code in reponses and len(connues) == len(parties):
        suivie = combiner(variable, connues)
        if suivie != reponses[code]:
            return {code: f"{reponses[code]} noté, mais les sous-variables donnent {suivie}"}
    return {}
