"""What a definition from outside must be: its form, then its sense, then its place among ours."""

from collections.abc import Iterator, Mapping
from typing import Any

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.moteur import schema
from accompagnement.evaluations.moteur.definitions import Definition, DefinitionInvalide, lire

Brut = Mapping[str, Any]
AVEC_BORNES = ("somme", "valeur")


def lire_definition(contenu: bytes) -> Definition:
    """The definition of this file, or DefinitionInvalide with every fault by its path."""
    try:
        brut = schema.lire_json(contenu)
    except schema.DefinitionIllisible as erreur:
        raise DefinitionInvalide([str(erreur)]) from None
    return controlee(brut)


def controlee(brut: Brut) -> Definition:
    fautes = schema.fautes(brut, catalogue.donnees("schema")) or list(_suite(brut))
    if fautes:
        raise DefinitionInvalide(fautes)
    return lire(brut)


def _suite(brut: Brut) -> Iterator[str]:
    """What one keyword asks of another: a schema would say it, nobody could read it."""
    domaines = catalogue.donnees("reglages")["domaines"]
    if brut["domaine"] not in domaines:
        yield f"domaine : attendu : {', '.join(domaines)}"
    if brut["code"] in catalogue.livrees():
        yield f"code : « {brut['code']} » est une grille livrée, choisissez un autre code"
    yield from _score(brut)
    if brut["moteur"] != "echelle":
        return
    if not brut.get("items"):
        yield "items : manque"
    if brut["licence"]["statut"].strip().lower() == "protégée":
        yield (
            "licence.statut : une grille protégée ne garde que son score (moteur « score_seul ») ; "
            "sinon, dites ici la licence que l’établissement détient"
        )
    for n, item in enumerate(brut.get("items", ())):
        yield from _item(f"items[{n}]", item)


def _score(brut: Brut) -> Iterator[str]:
    score, seul = brut["score"], brut["moteur"] == "score_seul"
    methode = score["methode"]
    if seul != (methode == "saisie"):
        yield "score.methode : « saisie » va avec le moteur « score_seul », et lui seul"
    if seul or methode in AVEC_BORNES:
        yield from (f"score.{borne} : manque" for borne in ("min", "max") if borne not in score)
    elif brut.get("bandes"):
        yield "bandes : cette méthode ne donne pas de nombre"
    if methode == "regle" and "conclusions" not in score:
        yield "score.conclusions : manque"


def _item(chemin: str, item: Brut) -> Iterator[str]:
    attendus = {"choix": ("options",), "texte": ()}.get(item["type"], ("min", "max"))
    yield from (f"{chemin}.{nom} : manque" for nom in attendus if nom not in item)
    for n, option in enumerate(item.get("options", ())):
        if item["code"] in option.get("exige", ()):
            yield f"{chemin}.options[{n}].exige : une réponse ne s’exige pas elle-même"
