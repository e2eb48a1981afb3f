"""Form fields shared by the blocks: a date is typed, since native pickers follow the browser."""

from django import forms

FORMATS = ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d"]


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
