"""Scales: sum, single value, decision rule or category."""

import operator
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from accompagnement.evaluations.moteur.definitions import Definition, Item, decimal
from accompagnement.evaluations.moteur.resultats import (
    ReponsesRefusees,
    Resultat,
    SousScore,
    texte,
)

COMPARER = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
OUI = "oui"
SCORE = "score"  # the only answer of a protected scale
DECIMALES = 3
TEXTE_MAX = 4000
Reponses = Mapping[str, str]


def evaluer(definition: Definition, reponses: Reponses) -> Resultat:
    _refuser(definition, reponses)
    score = definition.score
    impossible = score.get("impossible")
    if impossible and reponses.get(impossible["item"]) == impossible["valeur"]:
        return Resultat(complet=True, conclusion=impossible["libelle"], niveau="impossible")
    if manquants := _manquants(definition, reponses):
        return Resultat(complet=False, manquants=manquants)
    return METHODES[score["methode"]](definition, reponses)


def evaluer_score_seul(definition: Definition, reponses: Reponses) -> Resultat:
    """The total read on the publisher’s own form: nothing else is known here."""
    if inconnues := [c for c in reponses if c != SCORE]:
        raise ReponsesRefusees(dict.fromkeys(inconnues, "cette échelle ne garde que son score"))
    if SCORE not in reponses:
        return Resultat(complet=False, manquants=(SCORE,))
    score = _nombre(reponses[SCORE])
    if score is None:
        raise ReponsesRefusees({SCORE: "un nombre est attendu"})
    bas, haut = decimal(definition.score["min"]), decimal(definition.score["max"])
    if not bas <= score <= haut:
        raise ReponsesRefusees({SCORE: _hors_bornes(bas, haut)})
    pas = decimal(definition.score.get("pas", 1))
    if (score - bas) % pas:
        raise ReponsesRefusees({SCORE: f"le score va de {_fr(pas)} en {_fr(pas)}"})
    return _conclure(definition, score, {})


# ---------------------------------------------------------------- answers


def _refuser(definition: Definition, reponses: Reponses) -> None:
    """Unknown items, answers out of the list, contradictions: never a silent guess."""
    items = {i.code: i for i in definition.items}
    fautes = {c: "item inconnu" for c in reponses if c not in items}
    for code, item in items.items():
        if code in reponses and (faute := _faute(item, reponses)):
            fautes[code] = faute
    for groupe in definition.score.get("exclusif", ()):
        donnees = [c for c in groupe if c in reponses]
        fautes |= dict.fromkeys(donnees[1:], "une seule de ces réponses à la fois")
    impossible = definition.score.get("impossible")
    if impossible and reponses.get(impossible["item"]) == impossible["valeur"]:
        mesure = definition.score["item"]
        if mesure in reponses:
            fautes[mesure] = "le test est dit impossible : laissez vide"
    if fautes:
        raise ReponsesRefusees(fautes)


def _faute(item: Item, reponses: Reponses) -> str:
    reponse = reponses[item.code]
    if item.type == "texte":
        return "" if len(reponse) <= TEXTE_MAX else f"{TEXTE_MAX} caractères au plus"
    if item.type != "choix":
        return _faute_de_nombre(item, reponse)
    option = item.option(reponse)
    if option is None:
        return f"réponse inconnue : {reponse}"
    for autre, attendue in option.exige.items():
        if reponses.get(autre, attendue) != attendue:
            return f"« {option.libelle} » contredit l’autre réponse ({autre})"
    return ""


def _faute_de_nombre(item: Item, reponse: str) -> str:
    valeur = _nombre(reponse)
    if valeur is None or (item.type == "entier" and valeur != valeur.to_integral_value()):
        return "un nombre entier est attendu" if item.type == "entier" else "un nombre est attendu"
    if item.min is None or item.max is None or item.min <= valeur <= item.max:
        return ""
    return _hors_bornes(item.min, item.max)


def _nombre(reponse: str) -> Decimal | None:
    """« 12,5 » or « 12.5 »; neither « 1e3 », « NaN » nor a tail of decimals."""
    ecrit = reponse.replace(",", ".").replace("−", "-")
    if not ecrit.lstrip("-").replace(".", "", 1).isascii():
        return None
    if not ecrit.lstrip("-").replace(".", "", 1).isdigit() or len(ecrit) > 12:
        return None
    try:
        valeur = Decimal(ecrit)
    except InvalidOperation:
        return None
    exposant = valeur.as_tuple().exponent
    return valeur if isinstance(exposant, int) and -exposant <= DECIMALES else None


def _hors_bornes(bas: Decimal, haut: Decimal) -> str:
    return f"de {_fr(bas)} à {_fr(haut)}"


def _fr(valeur: Decimal) -> str:
    return texte(valeur).replace(".", ",").replace("-", "−")


def _manquants(definition: Definition, reponses: Reponses) -> tuple[str, ...]:
    exclusifs = definition.score.get("exclusif", ())
    en_groupe = {c for groupe in exclusifs for c in groupe}
    manquants = [
        i.code
        for i in definition.items
        if i.obligatoire and i.code not in reponses and i.code not in en_groupe
    ]
    manquants += [g[0] for g in exclusifs if not any(c in reponses for c in g)]
    if definition.score.get("items_libres") and not reponses:
        manquants += [i.code for i in definition.items]
    ordre = [i.code for i in definition.items]
    return tuple(sorted(manquants, key=ordre.index))


def _points(definition: Definition, reponses: Reponses) -> dict[str, Decimal | None]:
    """{item: points}; None for an answer that counts for nothing."""
    points: dict[str, Decimal | None] = {}
    for item in definition.items:
        if item.code not in reponses or item.type == "texte":
            continue
        option = item.option(reponses[item.code])
        points[item.code] = option.points if option else _nombre(reponses[item.code])
    return points


# ---------------------------------------------------------------- methods


def _somme(definition: Definition, reponses: Reponses) -> Resultat:
    points = _points(definition, reponses)
    comptes = {c: p for c, p in points.items() if p is not None}
    if not comptes:
        return Resultat(complet=False, mention="Aucun item applicable : pas de score")
    return _conclure(definition, sum(comptes.values(), Decimal(0)), points)


def _valeur(definition: Definition, reponses: Reponses) -> Resultat:
    item = next(
        i
        for i in definition.items
        if i.code == definition.score.get("item", definition.items[0].code)
    )
    points = _points(definition, reponses)
    valeur = points.get(item.code)
    if valeur is None:
        return Resultat(complet=False, manquants=(item.code,))
    option = item.option(reponses[item.code])
    resultat = _conclure(definition, valeur, points)
    return replace(resultat, mention=option.libelle) if option else resultat


def _categorie(definition: Definition, reponses: Reponses) -> Resultat:
    """A class, not a quantity: nothing to add up nor to draw."""
    item = definition.items[0]
    option = item.option(reponses[item.code])
    return Resultat(
        complet=True, conclusion=option.libelle if option else "", niveau=reponses[item.code]
    )


def _recueil(definition: Definition, reponses: Reponses) -> Resultat:
    """What was gathered: no score. `retenir` names the answers that others read as a list."""
    remplies = [i for i in definition.items if i.code in reponses]
    if not remplies:
        return Resultat(complet=False, manquants=tuple(i.code for i in definition.items))
    accord = "rubrique remplie" if len(remplies) == 1 else "rubriques remplies"
    sur = f"{len(remplies)} {accord} sur {len(definition.items)}"
    retenir = definition.score.get("retenir")
    if not retenir:
        return Resultat(complet=True, conclusion=sur)
    retenus = [
        {"code": i.code, "libelle": i.libelle, "reponse": reponses[i.code]}
        for i in remplies
        if reponses[i.code] in retenir["reponses"]
    ]
    un, plusieurs = retenir["mots"]
    return Resultat(
        complet=True,
        conclusion=f"{len(retenus)} {un if len(retenus) < 2 else plusieurs}",
        mention=sur if len(remplies) < len(definition.items) else "",
        detail={"retenus": retenus},
    )


def _regle(definition: Definition, reponses: Reponses) -> Resultat:
    """The first conclusion whose every condition holds; the last one has none."""
    conclusion = next(
        c
        for c in definition.score["conclusions"]
        if all(_tient(definition, si, reponses) for si in c["si"])
    )
    return Resultat(complet=True, conclusion=conclusion["libelle"], niveau=conclusion["niveau"])


def _tient(definition: Definition, si: Mapping[str, Any], reponses: Reponses) -> bool:
    """`oui`: at least one yes in the group. Not `oui`: every one answered, and no yes."""
    donnees = [reponses.get(i.code) for i in definition.items if i.groupe == si["groupe"]]
    return OUI in donnees if si["oui"] else OUI not in donnees and None not in donnees


def _conclure(
    definition: Definition, score: Decimal, points: Mapping[str, Decimal | None]
) -> Resultat:
    hors = [c for c, p in points.items() if p is None]
    bande = None if hors else definition.bande(score)
    return Resultat(
        complet=True,
        score=score,
        niveau=bande.niveau if bande else "",
        conclusion=bande.libelle if bande else "",
        sous_scores=tuple(_sous_score(s, points) for s in definition.brut.get("sous_scores", ())),
        alertes=_alertes(definition, score, points),
        mention=_mention(definition, hors, points),
    )


def _mention(definition: Definition, hors: list[str], points: Mapping[str, Decimal | None]) -> str:
    if hors:
        comptes = len(points) - len(hors)
        return f"{comptes} items applicables sur {len(points)} : pas d’interprétation"
    if definition.score.get("items_libres") and len(points) < len(definition.items):
        return f"{len(points)} items cotés sur {len(definition.items)}"
    return ""


def _sous_score(sous: Mapping[str, Any], points: Mapping[str, Decimal | None]) -> SousScore:
    connus = [p for c in sous["items"] if (p := points.get(c)) is not None]
    total = sum(connus, Decimal(0)) if len(connus) == len(sous["items"]) else None
    return SousScore(sous["code"], sous["libelle"], total, decimal(sous["max"]))


def _alertes(
    definition: Definition, score: Decimal, points: Mapping[str, Decimal | None]
) -> tuple[str, ...]:
    dites = []
    for alerte in definition.brut.get("alertes", ()):
        comparer, seuil = COMPARER[alerte["operateur"]], decimal(alerte["valeur"])
        comparees = [score] if alerte["portee"] == "total" else list(points.values())
        if any(v is not None and comparer(v, seuil) for v in comparees):
            dites.append(alerte["libelle"])
    return tuple(dites)


METHODES = {
    "somme": _somme,
    "valeur": _valeur,
    "regle": _regle,
    "categorie": _categorie,
    "recueil": _recueil,
}
