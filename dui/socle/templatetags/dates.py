"""Dates as said on a ward: « aujourd’hui 14:02 », « hier 21:30 », else « mar. 17 nov. 14:02 »."""

from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html

from dui.formats.calendrier import JOURS, MOIS

register = template.Library()

SUR_PAPIER: ContextVar[bool] = ContextVar("sur_papier", default=False)
PROCHES = {-1: ("hier", "hier"), 0: ("aujourd’hui", "auj."), 1: ("demain", "demain")}


def jour_en_mots(jour: date, aujourdhui: date, *, court: bool = False) -> str:
    mots = PROCHES.get((jour - aujourdhui).days)
    if mots and not SUR_PAPIER.get():
        return mots[court]
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    annee = f" {jour.year}" if abs((jour - aujourdhui).days) > 300 else ""
    return f"{JOURS[jour.weekday()]} {quantieme} {MOIS[jour.month - 1]}{annee}"


def instant(valeur):
    """The local datetime or date of a value, None when there is none."""
    if isinstance(valeur, datetime):
        return timezone.localtime(valeur) if timezone.is_aware(valeur) else valeur
    return valeur if isinstance(valeur, date) else None


def quand_texte(valeur, *, court: bool = False, aujourdhui: date | None = None) -> str:
    return _dire(instant(valeur), court, aujourdhui)


def _dire(moment, court: bool, aujourdhui: date | None = None) -> str:
    if moment is None:
        return ""
    aujourdhui = aujourdhui or timezone.localdate()
    if not isinstance(moment, datetime):
        return jour_en_mots(moment, aujourdhui, court=court)
    return f"{jour_en_mots(moment.date(), aujourdhui, court=court)} {moment:%H:%M}"


class Papier(template.Node):
    """« hier » means nothing on a sheet read next week: inside, every day is said by its date."""

    def __init__(self, contenu):
        self.contenu = contenu

    def render(self, context):
        jeton = SUR_PAPIER.set(True)
        try:
            return self.contenu.render(context)
        finally:
            SUR_PAPIER.reset(jeton)


@register.tag
def sur_papier(parser, token):
    contenu = parser.parse(("endsur_papier",))
    parser.delete_first_token()
    return Papier(contenu)


def _balise(moment, texte: str):
    if moment is None:
        return ""
    iso = moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else str(moment)
    return format_html('<time datetime="{}">{}</time>', iso, texte)


@register.filter
def quand(valeur, forme=""):
    """`{{ t.survenu_le|quand }}`, or `|quand:"court"` for « auj. 14:02 »."""
    moment = instant(valeur)
    return _balise(moment, _dire(moment, forme == "court"))


@register.filter
def heure(valeur):
    """« 14:02 » inside <time>."""
    moment = instant(valeur)
    return _balise(moment, f"{moment:%H:%M}") if isinstance(moment, datetime) else ""


@register.filter
def heure_apres(fin, debut):
    """« 15:00 », « 02:00 le lendemain », « 02:00 mar. 17 nov. » when it lasts longer."""
    a, b = instant(debut), instant(fin)
    if not (isinstance(a, datetime) and isinstance(b, datetime)) or a.date() == b.date():
        return heure(fin)
    suivant = (b.date() - a.date()).days == 1
    mot = "le lendemain" if suivant else jour_en_mots(b.date(), timezone.localdate())
    return _balise(b, f"{b:%H:%M} {mot}")


@register.filter
def jour(valeur, forme="court"):
    """« auj. », « hier », « mar. 17 nov. » inside <time>; `|jour:"long"` for « aujourd’hui »."""
    moment = instant(valeur)
    if moment is None:
        return ""
    civil = moment.date() if isinstance(moment, datetime) else moment
    return _balise(civil, jour_en_mots(civil, timezone.localdate(), court=forme == "court"))


@register.filter
def jour_semaine(valeur):
    """« auj. », « hier », else « ven. »: the head of a column of days."""
    ecart = (valeur - timezone.localdate()).days
    return PROCHES[ecart][1] if ecart in (-1, 0) else JOURS[valeur.weekday()]


@register.filter
def dans(valeur):
    """« dans 20 min », « il y a 15 min », « il y a 3 jours »."""
    moment = instant(valeur)
    if not isinstance(moment, datetime):
        return ""
    ecart = moment - timezone.localtime()
    return duree_en_mots(abs(ecart), prefixe="dans" if ecart > timedelta(0) else "il y a")


def duree_en_mots(duree: timedelta, *, prefixe: str = "") -> str:
    minutes = int(duree.total_seconds() // 60)
    if minutes < 1:
        return "maintenant" if prefixe else "0 min"
    if minutes < 60:
        texte = f"{minutes} min"
    elif minutes < 24 * 60:
        reste = f" {minutes % 60:02d}" if minutes < 6 * 60 and minutes % 60 else ""
        texte = f"{minutes // 60} h{reste}"
    else:
        nombre = minutes // (24 * 60)
        texte = f"{nombre} jour{'s' if nombre > 1 else ''}"
    return f"{prefixe} {texte}".strip()


@register.filter
def age(naissance):
    """« 81 ans » from a birth date."""
    if not isinstance(naissance, date):
        return ""
    aujourdhui = timezone.localdate()
    avant = (aujourdhui.month, aujourdhui.day) < (naissance.month, naissance.day)
    annees = aujourdhui.year - naissance.year - avant
    return f"{annees} an{'s' if annees > 1 else ''}"


@register.simple_tag
def horaire_heure(valeur, *, note=""):
    """First column of an `horaire`: the hour in bold, the day or a note below."""
    moment = instant(valeur)
    if moment is None:
        return format_html('<span class="horaire__heure">—</span>')
    return format_html(
        '<span class="horaire__heure">{}<small>{}</small></span>',
        heure(valeur),
        note or jour(valeur),
    )


@register.simple_tag
def fait_et_ecrit(survenu_le, ecrit_le):
    """Both hours when what was done and its writing differ by more than an hour."""
    if not survenu_le or not ecrit_le or abs(ecrit_le - survenu_le) <= timedelta(hours=1):
        return quand(survenu_le)
    return format_html("{}, écrit {}", quand(survenu_le), quand(ecrit_le))
