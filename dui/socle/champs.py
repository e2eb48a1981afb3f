"""Form fields shared by the blocks: a date is typed, since native pickers follow the browser."""

import re
from datetime import UTC, date, datetime

from django import forms
from django.utils import timezone

FORMATS = ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d"]

FORMATS_INSTANT = ["%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%Y-%m-%dT%H:%M"]
HEURE = re.compile(
    r"(\d{1,2})\s*[h:.]\s*(\d{2})?|(\d{1,2})|(\d{2})(\d{2})", re.IGNORECASE | re.ASCII
)
NOMBRE = re.compile(r"[-+]?\d+([.,]\d+)?", re.ASCII)


def intitule(champ, libelle) -> str:
    """« Famille · Quand »: where two parts of a page ask the same, `partie` says which."""
    partie = getattr(champ, "partie", "")
    return f"{partie} · {libelle}" if partie else str(libelle)


PREMIER_JOUR, DERNIER_JOUR = date(1880, 1, 1), date(2100, 1, 1)


def plausible(valeur: date) -> None:
    """A mistyped year (0026, 9999) is not a date: it would break what compares it."""
    jour = valeur.date() if isinstance(valeur, datetime) else valeur
    if not PREMIER_JOUR <= jour < DERNIER_JOUR:
        raise forms.ValidationError("Vérifiez l’année : écrivez-la avec ses quatre chiffres.")


def moment(jour: date, heures: int, minutes: int) -> datetime:
    """That hour of that day, where the product runs; refused when the clocks jump over it. Not
    Django's `from_current_timezone`: it also refuses the hour that a night shift lives twice."""
    local = timezone.make_aware(datetime(jour.year, jour.month, jour.day, heures, minutes))
    if timezone.localtime(local.astimezone(UTC)).hour != heures:
        raise forms.ValidationError("Cette heure n’existe pas : on change d’heure cette nuit-là.")
    return local


class Nombre(forms.DecimalField):
    """« 53,4 », « 53.4 » or « 53,4 kg », never « 5e1 » or « 1_0 »."""

    default_error_messages = {"invalid": "Écrivez un nombre, par exemple 53,4."}

    def __init__(self, *, unite="", **options):
        self.unite = unite
        super().__init__(**options)

    def to_python(self, value):
        if self.unite and isinstance(value, str):
            value = re.sub(rf"\s*{re.escape(self.unite)}\s*$", "", value, flags=re.IGNORECASE)
        if value not in self.empty_values and not NOMBRE.fullmatch(str(value).strip()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class Heure(forms.CharField):
    """« 14:02 », « 14h02 », « 14h », « 1402 » → (14, 2)."""

    def __init__(self, **options):
        attributs = {"inputmode": "numeric", "autocomplete": "off", "class": "entree--heure"}
        super().__init__(max_length=8, widget=forms.TextInput(attrs=attributs), **options)

    def clean(self, valeur):
        trouve = HEURE.fullmatch(super().clean(valeur).strip())
        chiffres = [int(c) for c in trouve.groups() if c] if trouve else [99]
        heures, minutes = (*chiffres, 0)[:2]
        if heures > 23 or minutes > 59:
            raise forms.ValidationError("Écrivez l’heure comme 14:02 ou 14h02.")
        return heures, minutes


def instant(label, requis=True, aide="jj/mm/aaaa hh:mm") -> forms.DateTimeField:
    """« 22/11/2026 14:02 »."""
    return forms.DateTimeField(
        label=label,
        required=requis,
        help_text=aide,
        input_formats=FORMATS_INSTANT,
        validators=[plausible],
        error_messages={"invalid": "Écrivez la date et l’heure comme 19/11/2026 14:02."},
        widget=forms.DateTimeInput(
            attrs={"inputmode": "numeric", "autocomplete": "off"}, format=FORMATS_INSTANT[0]
        ),
    )


def jour(label, **options) -> forms.DateField:
    """« 22/11/2026 », typed as one writes it, whatever the language of the browser."""
    attributs = {
        "class": "entree--date",
        "inputmode": "numeric",
        "autocomplete": "off",
        "placeholder": "jj/mm/aaaa",
    }
    return forms.DateField(
        label=label,
        input_formats=FORMATS,
        validators=[plausible],
        error_messages={"invalid": "Écrivez la date comme 19/11/2026."},
        widget=forms.DateInput(attrs=attributs, format=FORMATS[0]),
        **options,
    )
