"""The one reader of XML that comes from outside, for every connector: no document type, hence no
entity; no network, no huge tree, a size that the caller fixes. Comments and instructions are
dropped, so that nothing can be cut in two by one of them."""

from typing import Any

from lxml import etree

TAILLE_MAX = 256 * 1024


class XMLRefuse(Exception):
    """`motif`: vide, taille, doctype or casse. Never a word of the document."""

    def __init__(self, motif: str):
        super().__init__(motif)
        self.motif = motif


class _Guet:
    """A parser's target that builds nothing: it only waits for a document type, which comes before
    any of its declarations is read. What is raised there stops the parser."""

    doctype_vu = False

    def doctype(self, *_: object) -> None:
        self.doctype_vu = True
        raise XMLRefuse("doctype")

    def start(self, *_: object) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing was kept."""


def lire_xml(octets: bytes, taille_max: int = TAILLE_MAX) -> Any:
    """The root element."""
    if not octets.strip():
        raise XMLRefuse("vide")
    if len(octets) > taille_max:
        raise XMLRefuse("taille")
    guet = _Guet()
    try:
        _analyser(octets, guet)
        return _analyser(octets)
    except (etree.XMLSyntaxError, XMLRefuse, ValueError):
        raise XMLRefuse("doctype" if guet.doctype_vu else "casse") from None


def _analyser(octets: bytes, cible: _Guet | None = None) -> Any:
    return etree.fromstring(
        octets,
        etree.XMLParser(
            target=cible,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        ),
    )


def nom_local(element: Any) -> str:
    return str(etree.QName(element).localname)
