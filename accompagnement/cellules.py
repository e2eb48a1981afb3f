"""What this block draws many times on a page: a cell of the residents' board, a line of the
handover. Two hundred of them by templates took longer than reading them."""

from django.utils.html import format_html

from accompagnement.models import Transmission
from dui.socle.templatetags.dates import quand
from dui.socle.templatetags.listes import neant
from dui.socle.templatetags.signaux import dit
from dui.socle.templatetags.typographie import couper

LONGUEUR = 44
SIGNES = {
    Transmission.Importance.URGENTE: ("Urgent", "rouge", "urgence"),
    Transmission.Importance.IMPORTANTE: ("Important", "rouge", "alerte"),
}


def presence(absence, usager):
    if absence:
        motif = absence.code.proprietes
        return dit(motif["court"], "bleu", motif["icone"])
    return "Présente" if usager.sexe == "F" else "Présent"


def derniere(transmission, usager):
    if not transmission:
        return neant("aucune transmission depuis 30 jours")
    le = quand(transmission.survenu_le, "court")
    texte = couper(transmission.resume, LONGUEUR)
    return format_html("<b>{}</b> {}{}", le, _reserve(transmission), texte)


def ligne_de_releve(transmission):
    """When, what, who."""
    signe = SIGNES.get(transmission.importance)
    return format_html(
        '<p>{} <b>{}</b> {}{} <span class="discret insecable">{}, {}</span></p>',
        dit(*signe, petit=True) if signe else "",
        quand(transmission.survenu_le, "court"),
        _reserve(transmission),
        transmission.resume,
        transmission.auteur.signature,
        transmission.fonction,
    )


def _reserve(transmission):
    """A line that the others do not see says so."""
    if not transmission.reserve:
        return ""
    return format_html("{} ", dit(transmission.mention_reserve, "gris", "verrou", petit=True))
