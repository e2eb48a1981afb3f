"""What the component tags share: closed lists of variants, icons, attributes. No tag here."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

IMAGES = Path(__file__).resolve().parents[3] / "static" / "img"

# A tone always comes with an icon: colour alone says nothing (RGAA 3.1).
ICONES_DES_TONS = {
    "rouge": "alerte",
    "ambre": "retard",
    "bleu": "info",
    "vert": "fait",
    "gris": "non-du",
    "violet": "fin",
}


def parmi(nom: str, valeur: str, permis: Iterable[str]) -> str:
    """The value, or a ValueError that names the accepted ones."""
    if valeur not in (permis := tuple(permis)):
        attendus = ", ".join(map(repr, sorted(permis)))
        raise ValueError(f"{nom} inconnu : {valeur!r} (attendu : {attendus})")
    return valeur


def classes(base: str, variantes: str, permises: Iterable[str]) -> str:
    """`classes("bouton", "principal dense", …)` → "bouton bouton--principal bouton--dense"."""
    permises = tuple(permises)
    mots = (f"{base}--{parmi('variante', mot, permises)}" for mot in variantes.split())
    return " ".join([base, *mots])


def attributs(**valeurs) -> SafeString:
    """HTML attributes; `data_x` gives `data-x`, False and None and "" are left out."""
    gardes = {
        nom.rstrip("_").replace("_", "-"): valeur
        for nom, valeur in valeurs.items()
        if valeur not in (None, False, "")
    }
    return flatatt(gardes)


@cache
def noms_du_sprite(fichier: str) -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([^"]+)"', (IMAGES / f"{fichier}.svg").read_text()))


@lru_cache(maxsize=512)
def dessin(nom: str, taille: str = "", libelle: str = "") -> SafeString:
    """One icon of the sprite, hidden from screen readers unless it has a label of its own."""
    parmi("icône", nom, noms_du_sprite("icones"))
    classe = f"ico ico--{parmi('taille', taille, ('s', 'l'))}" if taille else "ico"
    accessible = (
        format_html('role="img" aria-label="{}"', libelle)
        if libelle
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>',
        classe,
        accessible,
        static("img/icones.svg"),
        nom,
    )


def dessin_ou_rien(nom: str, taille: str = "") -> SafeString:
    return dessin(nom, taille) if nom else SafeString("")


def icone_du_ton(ton: str, icone: str = "") -> str:
    return icone or ICONES_DES_TONS[parmi("ton", ton, ICONES_DES_TONS)]
