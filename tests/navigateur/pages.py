"""The pages of the product, read from its URLs: a new page is tested the day it is routed."""

import inspect
import re
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

LECTURES = {"GET", "HEAD"}
EXTENSION = re.compile(r"\.[a-z]+$")


@dataclass(frozen=True)
class Route:
    nom: str
    parametres: tuple[str, ...]
    acces: tuple
    fichier: bool

    @property
    def de_dossier(self) -> bool:
        return self.acces[0] == "dossier"

    @property
    def du_portail(self) -> bool:
        return self.nom.startswith("relation_usager:")

    @property
    def publique(self) -> bool:
        return self.acces[0] == "public"


def routes(patterns=None, espace="", parametres=()):
    """Every named URL, with the names of its arguments and its declared access."""
    for p in get_resolver().url_patterns if patterns is None else patterns:
        arguments = (*parametres, *p.pattern.converters)
        if isinstance(p, URLPattern):
            acces = getattr(p.callback, "acces", ("inconnu",))
            fichier = bool(EXTENSION.search(str(p.pattern)))
            yield Route(f"{espace}{p.name}", arguments, acces, fichier), p.callback
        else:
            dedans = f"{espace}{p.namespace}:" if p.namespace else espace
            yield from routes(p.url_patterns, dedans, arguments)


def methodes(vue) -> set[str]:
    """What `require_safe`, `require_POST`… let through, however deep the decorator is."""
    while vue:
        permises = inspect.getclosurevars(vue).nonlocals.get("request_method_list")
        if permises:
            return set(permises)
        vue = getattr(vue, "__wrapped__", None)
    return {"GET", "POST"}


def a_lire() -> list[Route]:
    """What one may open with an address: the pages, and the fragments that complete them."""
    lisibles = (route for route, vue in routes() if methodes(vue) & LECTURES)
    propres = (route for route in lisibles if route.acces[0] != "administration")  # Django’s
    return [route for route in propres if not route.fichier]
