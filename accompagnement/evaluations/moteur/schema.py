"""What an imported definition must look like, before anybody asks what it means.

A JSON Schema (`donnees/schema.json`) read by the few keywords that it uses; each fault names its
path in the words of the file: `items[3].options[0].points : un nombre est attendu`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

TAILLE_MAX = 512 * 1024
PROFONDEUR_MAX = 8
FAUTES_MAX = 50
FORMES = {
    "object": (dict, "un objet est attendu"),
    "array": (list, "une liste est attendue"),
    "string": (str, "un texte est attendu"),
    "boolean": (bool, "vrai ou faux est attendu"),
    "number": ((int, float), "un nombre est attendu"),
    "integer": (int, "un nombre entier est attendu"),
    "null": (type(None), "rien n’est attendu"),
}
Schema = Mapping[str, Any]


class DefinitionIllisible(ValueError):
    """Not the JSON of one definition."""


def lire_json(contenu: bytes) -> dict[str, Any]:
    """One object, without anything that two readers could understand in two ways."""
    if len(contenu) > TAILLE_MAX:
        raise DefinitionIllisible(f"Le fichier dépasse {TAILLE_MAX // 1024} Ko.")
    try:
        lu = json.loads(
            contenu.decode("utf-8-sig"), object_pairs_hook=_sans_double, parse_constant=_refuser
        )
    except UnicodeDecodeError:
        raise DefinitionIllisible("Le fichier n’est pas en UTF-8.") from None
    except RecursionError:
        raise DefinitionIllisible("Les objets s’emboîtent trop profondément.") from None
    except json.JSONDecodeError as erreur:
        raise DefinitionIllisible(f"Ligne {erreur.lineno} : ce n’est pas du JSON.") from None
    except DefinitionIllisible:
        raise
    except ValueError:
        raise DefinitionIllisible("Un nombre est démesuré.") from None
    if not isinstance(lu, dict):
        raise DefinitionIllisible("Une seule définition est attendue : un objet JSON.")
    if _profondeur(lu) > PROFONDEUR_MAX:
        raise DefinitionIllisible("Les objets s’emboîtent trop profondément.")
    return lu


def _sans_double(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    objet = dict(paires)
    if len(objet) != len(paires):
        raise DefinitionIllisible("Un même nom figure deux fois dans un objet.")
    return objet


def _refuser(mot: str):
    raise DefinitionIllisible(f"« {mot} » n’est pas un nombre.")


def _profondeur(valeur: Any) -> int:
    """Without recursion: the file is hostile until it was read."""
    niveau, suivants = 0, [valeur]
    while suivants and niveau <= PROFONDEUR_MAX:
        niveau += 1
        suivants = [
            enfant
            for v in suivants
            if isinstance(v, dict | list)
            for enfant in (v.values() if isinstance(v, dict) else v)
        ]
    return niveau


def fautes(valeur: Any, schema: Schema) -> list[str]:
    """Every fault by its path, the first fifty."""
    trouvees = []
    for faute in _fautes(valeur, schema, "", schema.get("$defs", {})):
        trouvees.append(faute)
        if len(trouvees) == FAUTES_MAX:
            break
    return trouvees


def _fautes(valeur: Any, schema: Schema, chemin: str, defs: Schema) -> Iterator[str]:
    if renvoi := schema.get("$ref"):
        yield from _fautes(valeur, defs[renvoi.removeprefix("#/$defs/")], chemin, defs)
        return
    if faute := _forme(valeur, schema.get("type", [])):
        yield f"{chemin or 'le fichier'} : {faute}"
    elif isinstance(valeur, dict):
        yield from _objet(valeur, schema, chemin, defs)
    elif isinstance(valeur, list):
        yield from _liste(valeur, schema, chemin, defs)
    else:
        yield from (f"{chemin} : {faute}" for faute in _valeur(valeur, schema))


def _forme(valeur: Any, type_: str | list[str]) -> str:
    types = [type_] if isinstance(type_, str) else type_
    if not types or any(_est(valeur, t) for t in types):
        return ""
    return FORMES[types[0]][1]


def _est(valeur: Any, type_: str) -> bool:
    if isinstance(valeur, bool):
        return type_ == "boolean"
    return isinstance(valeur, FORMES[type_][0])  # type: ignore[arg-type]


def _objet(valeur: dict[str, Any], schema: Schema, chemin: str, defs: Schema) -> Iterator[str]:
    proprietes = schema.get("properties", {})
    for nom in schema.get("required", ()):
        if nom not in valeur:
            yield f"{_sous(chemin, nom)} : manque"
    for nom, contenu in valeur.items():
        sous = _sous(chemin, nom[:40])
        if not _imprimable(nom):
            yield f"{chemin or 'le fichier'} : un nom porte un caractère invisible"
        elif nom in proprietes:
            yield from _fautes(contenu, proprietes[nom], sous, defs)
        elif isinstance(libre := schema.get("additionalProperties"), dict):
            yield from _fautes(contenu, libre, sous, defs)
        elif libre is False:
            yield f"{sous} : inconnu"


def _liste(valeur: list[Any], schema: Schema, chemin: str, defs: Schema) -> Iterator[str]:
    if len(valeur) < schema.get("minItems", 0):
        yield f"{chemin} : {schema['minItems']} élément(s) au moins"
    if len(valeur) > schema.get("maxItems", len(valeur)):
        yield f"{chemin} : {schema['maxItems']} éléments au plus"
        return
    for n, element in enumerate(valeur):
        yield from _fautes(element, schema.get("items", {}), f"{chemin}[{n}]", defs)


def _valeur(valeur: Any, schema: Schema) -> Iterator[str]:
    if "enum" in schema and valeur not in schema["enum"]:
        yield f"attendu : {', '.join(map(str, schema['enum']))}"
    if isinstance(valeur, str):
        yield from _texte(valeur, schema)
    elif isinstance(valeur, int | float) and not isinstance(valeur, bool):
        yield from _nombre(valeur, schema)


def _texte(valeur: str, schema: Schema) -> Iterator[str]:
    if len(valeur) > schema.get("maxLength", len(valeur)):
        yield f"{schema['maxLength']} caractères au plus"
    elif len(valeur.strip()) < schema.get("minLength", 0):
        yield "vide"
    elif not _imprimable(valeur):
        yield "un caractère invisible y figure"
    elif (motif := schema.get("pattern")) and not re.fullmatch(motif, valeur):
        yield schema.get("description", "forme inattendue")


def _imprimable(texte: str) -> bool:
    """Neither control, nor lone surrogate, nor a mark that turns the reading round; spaces and ends
    of lines are fine."""
    return all(c.isprintable() or c in "\n\u00a0\u202f" for c in texte)


def _nombre(valeur: float, schema: Schema) -> Iterator[str]:
    bas, haut = schema.get("minimum"), schema.get("maximum")
    if (bas is not None and not valeur >= bas) or (haut is not None and not valeur <= haut):
        yield f"de {bas} à {haut}"
    elif round(valeur, 3) != valeur:
        yield "trois décimales au plus"


def _sous(chemin: str, nom: str) -> str:
    return f"{chemin}.{nom}" if chemin else nom
