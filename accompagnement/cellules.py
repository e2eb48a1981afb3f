"""What this block draws in a cell of the residents' board."""

from django.utils.html import format_html

from dui.socle.templatetags.dates import quand
from dui.socle.templatetags.listes import neant
from dui.socle.templatetags.signaux import dit
from dui.socle.templatetags.typographie import couper

LONGUEUR = 44


def presence(absence, usager):
    if absence:
        motif = absence.code.proprietes
        return dit(motif["court"], "bleu", motif["icone"])
    return "Présente" if usager.sexe == "F" else "Présent"


def derniere(transmission, usager):
    if not transmission:
        return neant("aucune transmission depuis 30 jours")
    le = quand(transmission.survenu_le, "court")
    return format_html("<b>{}</b> {}", le, couper(transmission.resume, LONGUEUR))
