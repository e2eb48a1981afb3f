"""Form fields shared by the blocks: a date is typed, since native pickers follow the browser."""

import re

from django import forms

FORMATS = ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d"]

FORMATS_INSTANT = ["%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%Y-%m-%dT%H:%M"]
HEURE = re.compile(r"^\s*(\d{1,2})\s*[h:.]?\s*(\d{2})?\s*$", re.IGNORECASE)


class Heure(forms.CharField):
    """« 14:02 », « 14h02 », « 14h », « 1402 » → (14, 2)."""

    def __init__(self, **options):
        attributs = {"inputmode": "numeric", "autocomplete": "off", "class": "entree--heure"}
        super().__init__(max_length=8, widget=forms.TextInput(attrs=attributs), **options)

    def clean(self, valeur):
        trouve = HEURE.match(super().clean(valeur))
        heures, minutes = (int(trouve[1]), int(trouve[2] or 0)) if trouve else (99, 99)
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
        error_messages={"invalid": "Écrivez la date comme 19/11/2026."},
        widget=forms.DateInput(attrs=attributs, format=FORMATS[0]),
        **options,
    )
