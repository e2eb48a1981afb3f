"""French typography: the spaces that must not break, the apostrophe that is not a quote mark."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Our typeface has no narrow no-break space: another one's would be drawn, almost invisible.
INSECABLE = "\u00a0"
REGLES = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r" +(?=[;!?])"), INSECABLE),
    (re.compile(r" +:(?=\s|$)"), f"{INSECABLE}:"),
    (re.compile(r"« +"), f"«{INSECABLE}"),
    (re.compile(r" +»"), f"{INSECABLE}»"),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), INSECABLE),
    (
        re.compile(r"(?<=\d) (?=(?:%|€|°C|kg|g|mg|cm|mm|mL|L|h|min|s|ans?|jours?|mmHg)(?!\w))"),
        INSECABLE,
    ),
)


def francais(texte: str) -> str:
    for motif, remplacement in REGLES:
        texte = motif.sub(remplacement, texte)
    return texte


@register.filter
def couper(texte, longueur):
    """The beginning of a text, never longer than `longueur` signs: « A bien mangé, puis s’est… ».
    Django's `truncatechars` asks its translations for the « … » of each line."""
    return texte if len(texte) <= longueur else f"{texte[: longueur - 1].rstrip()}…"


@register.filter
def typo(texte):
    """No-break spaces before ; ! ? », inside « », in numbers and before units."""
    if isinstance(texte, SafeString):
        return mark_safe(francais(texte))  # noqa: S308
    return mark_safe(francais(str(conditional_escape(texte)).replace("&#x27;", "'")))  # noqa: S308
