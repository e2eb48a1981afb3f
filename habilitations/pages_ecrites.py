"""The page on which a text is written: its address, what it asks for, and its place."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from dui.socle.brouillons import Page
from dui.socle.models.brouillons import REQUETE_MAX
from habilitations.lieux import Lieu

DU_LIEU = {"unite", "etablissement"}


def page_ecrite(adresse: str, lieu: Lieu | None) -> Page:
    """Of an address, which anybody may have written: only one of ours, the home page otherwise.
    `lieu`: of a page about no record, where it writes."""
    try:
        lue = urlsplit(adresse)
    except ValueError:  # not an address
        lue = urlsplit("/")
    chemin = lue.path[:300]
    if not (chemin.startswith("/") and url_has_allowed_host_and_scheme(chemin, None)):
        return Page("/", droit=_droit("/"))  # « //ailleurs » is no path
    return Page(
        chemin,
        precision(parse_qsl(lue.query), lieu),
        _droit(chemin),
        lieu.etablissement if lieu else None,
        lieu.unite if lieu else None,
    )


def precision(parametres, lieu: Lieu | None) -> str:
    """What follows « ? » when the page opens again: as it was, and its place whatever it said."""
    sauf = {"brouillon"} | (DU_LIEU if lieu else set())
    gardes = urlencode([(nom, valeur) for nom, valeur in parametres if nom not in sauf])
    place = lieu.parametre if lieu else ""
    entiere = "&".join(filter(None, (place, gardes)))
    return entiere if len(entiere) <= REQUETE_MAX else place


def _droit(chemin: str) -> str:
    try:
        _, *case = resolve(chemin).func.acces
    except (Resolver404, AttributeError):
        return ""
    return f"{case[1]}_{case[0]}" if case else ""
