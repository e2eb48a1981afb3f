"""How a person goes there: who drives, with whom, how far, at what cost. Columns of the meeting."""

from dataclasses import dataclass, field
from decimal import Decimal

from django import forms

from coordination.agenda import lectures
from dui.socle import champs, codes

SANS = ("", "Non précisé")
KM_MAX, EUROS_MAX, MINUTES_MAX = 2000, 20000, 1440
PREVU = (
    "trajet_conducteur", "trajet_transporteur", "trajet_accompagnant", "trajet_km",
    "trajet_minutes", "trajet_prevu",
)  # fmt: skip
FAIT = ("trajet_km", "trajet_minutes", "trajet_reel")
DECIMALES = {"km": 1, "min": 0, "€": 2}
COLONNES = [*PREVU, "trajet_reel"]
SANS_MODE = "Choisissez d’abord le mode de transport."


def nombre(label, maximum, aide, **options):
    attributs = {"inputmode": "decimal", "autocomplete": "off", "class": "entree--court"}
    return champs.Nombre(
        label=label,
        required=False,
        min_value=0,
        max_value=maximum,
        help_text=aide,
        localize=True,
        widget=forms.TextInput(attrs=attributs),
        **options,
    )


def kilometres():
    return nombre("Distance", KM_MAX, "en kilomètres, aller et retour", decimal_places=1)


def duree():
    return nombre("Durée du trajet", MINUTES_MAX, "en minutes, aller et retour", decimal_places=0)


class TrajetMixin(forms.Form):
    """What is planned; `transport`, the mode, is a field of the form that takes it."""

    trajet_conducteur = forms.ChoiceField(label="Qui conduit", required=False)
    trajet_transporteur = forms.CharField(
        label="Transporteur",
        required=False,
        max_length=80,
        help_text="son nom, s’il y en a un",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    trajet_accompagnant = forms.ChoiceField(label="Qui accompagne", required=False)
    trajet_km = kilometres()
    trajet_minutes = duree()
    trajet_prevu = nombre("Coût prévu", EUROS_MAX, "en euros", decimal_places=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trajet_conducteur"].choices = [SANS, *codes.choix("conducteur_transport")]
        self.fields["trajet_accompagnant"].choices = [
            SANS, *codes.choix("accompagnant_transport")
        ]  # fmt: skip

    def clean(self):
        donnees = super().clean()
        dits = [nom for nom in PREVU if donnees.get(nom) not in ("", None)]
        if dits and not donnees.get("transport") and "transport" not in self.errors:
            self.add_error("transport", SANS_MODE)
        return donnees


# ---------------------------------------------------------------- what is read


def en_mots(r) -> list[tuple[str, str]]:
    """[(label, what is said)] of one meeting; nothing without a mode."""
    if not r.transport:
        return []
    dits = [
        ("Transport", codes.libelle("mode_transport", r.transport)),
        ("Conduit par", conducteur(r)),
        ("Accompagné par", _code("accompagnant_transport", r.trajet_accompagnant)),
        ("Distance", unites(r.trajet_km, "km")),
        ("Durée du trajet", unites(r.trajet_minutes, "min")),
        ("Coût prévu", unites(r.trajet_prevu, "€")),
        ("Coût réel", unites(r.trajet_reel, "€")),
    ]
    return [(label, mot) for label, mot in dits if mot]


def conducteur(r) -> str:
    qui = _code("conducteur_transport", r.trajet_conducteur)
    return ", ".join(filter(None, (qui, r.trajet_transporteur)))


def _code(liste, code) -> str:
    return codes.libelle(liste, code) if code else ""


def unites(valeur, unite: str) -> str:
    """« 12,5 km », « 34 € », « 7,80 € »."""
    if valeur is None:
        return ""
    entier = valeur == int(valeur)
    chiffres = f"{valeur:.{0 if entier else DECIMALES[unite]}f}".replace(".", ",")
    return f"{chiffres}\xa0{unite}"


@dataclass
class Total:
    """By who drives: how many journeys, how far, what they cost (planned as long as unknown)."""

    nom: str
    trajets: int = 0
    km: Decimal = Decimal(0)
    euros: Decimal = Decimal(0)

    @property
    def distance(self) -> str:
        return unites(self.km, "km") if self.km else ""

    @property
    def cout(self) -> str:
        return unites(self.euros, "€") if self.euros else ""


@dataclass
class Transports:
    jours: list = field(default_factory=list)  # [(day, [meeting])]
    totaux: list[Total] = field(default_factory=list)
    nombre: int = 0


def du_lieu(habilitation, lieu, periode) -> Transports:
    """Those of a house or a unit, day after day: a constant number of queries."""
    requete = lectures.du_lieu(habilitation, lieu).entre(*periode.instants).tenus()
    lignes = lectures.complets(habilitation, requete.exclude(transport=""))
    par_jour = [(case.jour, case.cartes) for case in lectures.par_jour(lignes, periode)]
    totaux: dict[str, Total] = {}
    for r in lignes:
        r.trajet = dict(en_mots(r))
        r.conduit, r.accompagne = conducteur(r), r.trajet.get("Accompagné par", "")
        nom = _code("conducteur_transport", r.trajet_conducteur) or SANS[1]
        total = totaux.setdefault(nom, Total(nom))
        total.trajets += 1
        total.km += r.trajet_km or 0
        total.euros += (r.trajet_prevu if r.trajet_reel is None else r.trajet_reel) or 0
    return Transports(
        [(jour, siens) for jour, siens in par_jour if siens],
        sorted(totaux.values(), key=lambda t: -t.trajets),
        len(lignes),
    )
