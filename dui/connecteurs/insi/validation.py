"""Nothing leaves that breaks its schema. Ours (schemas/*.xsd) are always there, stricter than the
contract; the official ones, which are not ours to give away, are read in a folder when it is set.
"""

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from dui.connecteurs.insi.erreurs import AppelInterdit
from dui.connecteurs.insi.messages import REQUETE_DE_VERIFICATION, Message
from dui.connecteurs.lecture_xml import XMLRefuse, lire_xml

NOTRES = Path(__file__).with_name("schemas")
ELEMENT = "{http://www.w3.org/2001/XMLSchema}element"


@cache
def _declarations(dossier: Path) -> dict[str, Path]:
    """{top element: file}; a folder may hold more schemas than we send messages."""
    trouves: dict[str, Path] = {}
    for fichier in sorted(dossier.rglob("*.xsd")):
        try:
            racine = lire_xml(fichier.read_bytes())
        except (OSError, XMLRefuse):
            continue
        espace = racine.get("targetNamespace", "")
        for element in racine.iterchildren(ELEMENT):
            trouves.setdefault(f"{{{espace}}}{element.get('name')}", fichier)
    return trouves


@cache
def _schema(fichier: Path) -> Any:
    try:
        return etree.XMLSchema(file=str(fichier))
    except etree.XMLSchemaParseError:
        raise AppelInterdit("schema_illisible", fichier.name) from None


def verifier(message: Message, officiels: Path | None = None) -> None:
    for partie in message.parties:
        dossiers = [NOTRES, officiels] if officiels else [NOTRES]
        if not all(conforme(_seule(partie), dossier) for dossier in dossiers):
            raise AppelInterdit("requete_invalide", etree.QName(partie).localname)


def conforme(partie: Any, dossier: Path = NOTRES) -> bool:
    """An element that ours do not know is refused; the official folder may not hold them all."""
    fichier = _declarations(dossier).get(partie.tag)
    if fichier is None:
        return dossier != NOTRES
    return bool(_schema(fichier).validate(partie))


def _seule(partie: Any) -> Any:
    """As it will be read at the other end: by itself, with its own namespaces."""
    return lire_xml(etree.tostring(partie, with_tail=False))


def contrat_de_verification(officiels: Path | None) -> bool:
    """Whether the official schemas are here for the verification too."""
    return bool(officiels and REQUETE_DE_VERIFICATION in _declarations(officiels))
