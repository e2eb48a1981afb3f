"""What a definition must be before anybody is evaluated with it. Every fault in one reading."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

ENTETE = {
    "code": str,
    "nom": str,
    "version": str,
    "moteur": str,
    "domaine": str,
    "publics": list,
    "source": list,
    "licence": dict,
}
METHODES = ("somme", "valeur", "regle", "categorie", "recueil")
OPERATEURS = (">=", ">", "<=", "<")
TYPES = ("choix", "entier", "decimal", "texte")
FAMILLES = ("calcul", "discriminante", "illustrative")
Brut = Mapping[str, Any]


def controler(brut: Brut) -> list[str]:
    fautes = [
        f"« {nom} » manque ou n’est pas de la bonne forme"
        for nom, type_ in ENTETE.items()
        if not isinstance(brut.get(nom), type_) or not brut[nom]
    ]
    if fautes:
        return fautes
    moteur = brut["moteur"]
    if moteur not in PAR_MOTEUR:
        return [f"moteur inconnu : {moteur}"]
    try:
        return list(PAR_MOTEUR[moteur](brut))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as erreur:
        return [f"définition illisible : {erreur!r}"]


def _echelle(brut: Brut) -> Iterator[str]:
    items = brut["items"]
    if not items:
        yield "aucun item"
    yield from _doublons("items", [i["code"] for i in items])
    for item in items:
        yield from _item(item)
    if brut["score"]["methode"] not in METHODES:
        yield f"méthode de score inconnue : {brut['score']['methode']}"
    yield from _renvois(brut, {i["code"]: i for i in items})
    yield from _methode(brut)
    if brut["score"]["methode"] == "somme":
        yield from _bornes(brut)
    yield from _bandes(brut)
    for alerte in brut.get("alertes", ()):
        if alerte["operateur"] not in OPERATEURS or alerte["portee"] not in ("total", "item"):
            yield f"alerte inconnue : {alerte}"
        Decimal(str(alerte["valeur"]))


def _score_seul(brut: Brut) -> Iterator[str]:
    if brut.get("items"):
        yield "une échelle protégée n’embarque aucun item"
    score = brut["score"]
    if not Decimal(str(score["min"])) < Decimal(str(score["max"])):
        yield "bornes du score inversées"
    if Decimal(str(score.get("pas", 1))) <= 0:
        yield "pas du score nul"
    yield from _bandes(brut)


def _item(item: Brut) -> Iterator[str]:
    code = item["code"]
    if item["type"] not in TYPES or not isinstance(item["obligatoire"], bool):
        yield f"{code} : type ou obligation inconnus"
    if not item["libelle"].strip():
        yield f"{code} : libellé vide"
    if item["type"] == "texte":
        return
    if item["type"] != "choix":
        if not Decimal(str(item["min"])) < Decimal(str(item["max"])):
            yield f"{code} : bornes inversées"
        return
    options = item["options"]
    yield from _doublons(f"{code} : réponses", [o["valeur"] for o in options])
    if len(options) < 2 or not all(o["libelle"].strip() for o in options):
        yield f"{code} : deux réponses libellées au moins"
    for option in options:
        if option["points"] is not None:
            Decimal(str(option["points"]))


def _doublons(quoi: str, codes: list[str]) -> Iterator[str]:
    if len(set(codes)) != len(codes):
        yield f"{quoi} en double"


def _renvois(brut: Brut, items: Mapping[str, Brut]) -> Iterator[str]:
    """Whatever names an item names one that exists."""
    score = brut["score"]
    nommes = [score["item"]] if "item" in score else []
    nommes += [c for groupe in score.get("exclusif", ()) for c in groupe]
    nommes += [c for s in brut.get("sous_scores", ()) for c in s["items"]]
    for item in items.values():
        for option in item.get("options", ()):
            nommes += option.get("exige", {})
    if impossible := score.get("impossible"):
        nommes.append(impossible["item"])
    yield from (f"item inconnu : {c}" for c in nommes if c not in items)
    groupes = {i.get("groupe") for i in items.values()}
    for conclusion in score.get("conclusions", ()):
        yield from (
            f"groupe inconnu : {si['groupe']}"
            for si in conclusion["si"]
            if si["groupe"] not in groupes
        )
    if score["methode"] == "regle" and (not score["conclusions"] or score["conclusions"][-1]["si"]):
        yield "la dernière conclusion vaut sans condition"


def _methode(brut: Brut) -> Iterator[str]:
    """The items that the method of the score reads are of its kind."""
    score, items = brut["score"], {i["code"]: i for i in brut["items"]}
    methode = score["methode"]
    if "impossible" in score and "item" not in score:
        yield "« impossible » demande l’item mesuré"
    if methode in ("valeur", "categorie"):
        seul = items.get(score.get("item", "")) or brut["items"][0]
        if seul["type"] not in TYPES[:1] if methode == "categorie" else seul["type"] == "texte":
            yield f"{seul['code']} : un choix ou un nombre est attendu pour cette méthode"
    if methode == "recueil" and (retenir := score.get("retenir")):
        connues = {o["valeur"] for i in brut["items"] for o in i.get("options", ())}
        if not set(retenir["reponses"]) <= connues or len(retenir["mots"]) != 2:
            yield "« retenir » nomme des réponses de la grille, et un mot aux deux nombres"


def _bornes(brut: Brut) -> Iterator[str]:
    """The announced range is the one that the answers give."""
    score, bas, haut = brut["score"], Decimal(0), Decimal(0)
    autres = {c for groupe in score.get("exclusif", ()) for c in groupe[1:]}
    for item in brut["items"]:
        if item["code"] in autres or item["type"] == "texte":
            continue
        if item["type"] == "choix":
            points = [Decimal(str(o["points"])) for o in item["options"] if o["points"] is not None]
            if not points:
                yield f"{item['code']} : aucune réponse ne vaut de points"
                return
        else:
            points = [Decimal(str(item["min"])), Decimal(str(item["max"]))]
        bas, haut = bas + min(points), haut + max(points)
    annonce = (Decimal(str(score["min"])), Decimal(str(score["max"])))
    if (bas, haut) != annonce:
        yield f"bornes {bas} à {haut}, annoncées {annonce[0]} à {annonce[1]}"


def _bandes(brut: Brut) -> Iterator[str]:
    bandes, score = brut.get("bandes", ()), brut["score"]
    if not bandes:
        return
    limites = [(Decimal(str(b["min"])), Decimal(str(b["max"]))) for b in bandes]
    if limites[0][0] != Decimal(str(score["min"])) or limites[-1][1] != Decimal(str(score["max"])):
        yield "les bandes ne couvrent pas les bornes du score"
    pas = Decimal(str(score.get("pas", _pas(brut))))
    for (_, fin), (debut, _) in pairwise(limites):
        if fin + pas != debut:
            yield f"trou ou recouvrement entre {fin} et {debut}"
    if any(bas > haut for bas, haut in limites):
        yield "une bande finit avant de commencer"


def _pas(brut: Brut) -> str:
    decimales = any(i["type"] == "decimal" for i in brut.get("items", ()))
    return "0.01" if decimales else "1"


def _aggir(brut: Brut) -> Iterator[str]:
    variables = {v["code"]: v for v in brut["variables"]}
    yield from _doublons("variables", [v["code"] for v in brut["variables"]])
    for code, v in variables.items():
        if v["famille"] not in FAMILLES:
            yield f"{code} : famille inconnue"
        if v.get("sous_variables") and not (
            v["c_si"] in ("un", "tous") or isinstance(v["c_si"], list)
        ):
            yield f"{code} : règle des sous-variables inconnue"
        if set(v["questions"]) != {a["code"] for a in brut["adverbes"]}:
            yield f"{code} : une question par adverbe"
    algorithme = brut["algorithme"]
    ordre = algorithme["ordre_variables"]
    if sorted(ordre) != sorted(c for c, v in variables.items() if v["famille"] == "calcul"):
        yield "les variables de l’algorithme ne sont pas celles du calcul"
    rangs = [algorithme["rang_par_defaut"]]
    for groupe in algorithme["groupes"]:
        if len(groupe["C"]) != len(ordre) or len(groupe["B"]) != len(ordre):
            yield f"groupe {groupe['groupe']} : {len(ordre)} coefficients attendus"
        seuils = [s["min"] for s in groupe["seuils"]]
        if seuils != sorted(seuils, reverse=True):
            yield f"groupe {groupe['groupe']} : seuils du plus haut au plus bas"
        rangs += [s["rang"] for s in groupe["seuils"]]
    if {str(r) for r in rangs} != set(algorithme["rang_vers_gir"]):
        yield "chaque rang a son GIR"


def _pathos(brut: Brut) -> Iterator[str]:
    yield from _doublons("profils", [p["code"] for p in brut["profils"]])
    if brut["couples_max"] < 1:
        yield "aucun couple possible"


PAR_MOTEUR = {
    "echelle": _echelle,
    "score_seul": _score_seul,
    "aggir": _aggir,
    "pathos": _pathos,
}
