import uuid
from datetime import date, datetime, timedelta

from django import forms
from django.utils import timezone

from accompagnement import services
from accompagnement.models import Transmission
from dui.socle import champs, codes
from habilitations import reserves

JOURS = 8
# The macro-targets have a page of their own.
FORMES = [(f.value, f.label) for f in (Transmission.Forme.CIBLEE, Transmission.Forme.RECIT)]


def texte(label, aide="", lignes=2, indication=""):
    attributs = {"rows": lignes, "placeholder": indication}
    zone = forms.Textarea(attrs={k: v for k, v in attributs.items() if v})
    return forms.CharField(
        label=label, help_text=aide, required=False, max_length=8000, widget=zone
    )


def choix_des_jours():
    """Today, yesterday, then six more days: a transmission older than a week is not one."""
    jour = timezone.localdate()
    noms = {0: "aujourd’hui", 1: "hier"}
    for recul in range(JOURS):
        date = jour - timedelta(days=recul)
        yield date.isoformat(), noms.get(recul, f"{date:%d/%m}")


class SurvenuMixin(forms.Form):
    """« Survenu à »: an hour typed as one says it, and a day among the last eight."""

    heure = champs.Heure(label="Survenu à")
    jour = forms.ChoiceField(label="Jour", widget=forms.Select(attrs={"class": "entree--court"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["heure"].initial = f"{timezone.localtime():%H:%M}"
        self.fields["jour"].choices = list(choix_des_jours())

    def clean(self):
        donnees = super().clean()
        if "heure" in donnees and "jour" in donnees:
            jour = date.fromisoformat(donnees["jour"])
            try:
                donnees["survenu_le"] = champs.moment(jour, *donnees["heure"])
            except forms.ValidationError as erreur:
                self.add_error("heure", erreur)
        return donnees


class TransmissionForm(SurvenuMixin):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput)
    forme = forms.ChoiceField(
        label="Forme",
        choices=FORMES,
        initial=Transmission.Forme.CIBLEE,
        widget=forms.RadioSelect,
    )
    cible = forms.ChoiceField(label="Cible", required=False, widget=forms.RadioSelect)
    donnees = texte("Données", "vu, mesuré, entendu")
    actions = texte("Actions", "fait ou demandé")
    resultat = texte("Résultat", "plus tard si besoin", 1, "Effet sur la personne…")
    texte = texte("Récit", "", 6, "Ce qui s’est passé, simplement.")
    importance = forms.ChoiceField(
        label="Importance",
        choices=Transmission.Importance.choices,
        initial=Transmission.Importance.COURANTE,
        widget=forms.RadioSelect,
    )
    destinataires = forms.MultipleChoiceField(
        label="À l’attention de", required=False, widget=forms.CheckboxSelectMultiple
    )
    reserve = forms.ChoiceField(
        label="Qui la lit",
        required=False,
        initial=reserves.TOUTE_L_EQUIPE,
        widget=forms.RadioSelect,
        help_text="Réservée, le reste de l’équipe ne saura pas qu’elle existe : "
        "ce qui touche à la sécurité de la personne s’écrit à tous.",
        error_messages={"invalid_choice": services.RESERVE_REFUSEE},
    )
    partager = forms.BooleanField(
        label="Partager avec la personne et ses proches",
        required=False,
        help_text="Visible aussitôt sur le portail : ne nommez pas un autre résident.",
    )

    reserve_par_defaut: str | None = reserves.A_TOUS

    def __init__(self, *args, destinataires=(), lecteurs=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle_saisie"].initial = uuid.uuid4
        self.fields["cible"].choices = codes.choix("cible_transmission")
        self.fields["importance"].icones = {"importante": "alerte", "urgente": "urgence"}
        self.fields["destinataires"].choices = list(destinataires)
        self.fields["reserve"].choices = list(lecteurs)
        self.fields["reserve"].icones = dict.fromkeys(reserves.groupes(), "verrou")

    @property
    def reservable(self) -> bool:
        """One choice is none; what is posted all the same is refused, never silently opened."""
        return len(self.fields["reserve"].choices) > 1 or "reserve" in self.errors

    def clean_reserve(self):
        choisie = self.cleaned_data["reserve"]
        return {"": self.reserve_par_defaut, reserves.TOUTE_L_EQUIPE: reserves.A_TOUS}.get(
            choisie, choisie
        )

    def cibles(self) -> dict[str, list[dict] | bool]:
        """The usual targets at hand, the others one gesture away."""
        connues = codes.codes("cible_transmission")
        rapides, autres = [], []
        for option in self["cible"]:
            code = str(option.data["value"])
            if code not in connues:
                continue
            cible = connues[code]
            rapide = cible.proprietes.get("rapide")
            icone = cible.proprietes.get("icone", "transmission")
            (rapides if rapide else autres).append(
                {"entree": option.tag(), "libelle": cible.libelle, "icone": icone}
            )
        choisie = self["cible"].value()
        return {
            "rapides": rapides,
            "autres": autres,
            "autre_choisie": bool(choisie)
            and choisie in connues
            and not connues[choisie].proprietes.get("rapide"),
        }

    def clean(self):
        donnees = super().clean()
        if not any(donnees.get(c, "").strip() for c in ("donnees", "actions", "resultat", "texte")):
            champ = "texte" if donnees.get("forme") == Transmission.Forme.RECIT else "donnees"
            self.add_error(champ, "Écrivez ce que vous transmettez.")
        elif donnees.get("forme") == Transmission.Forme.CIBLEE and self.cible_manque(donnees):
            self.add_error("cible", "Choisissez une cible, ou passez en récit libre.")
        return donnees

    def cible_manque(self, donnees) -> bool:
        return not donnees.get("cible")


class CorrectionForm(TransmissionForm):
    reserve_par_defaut = None  # as it was

    version_lue = forms.IntegerField(widget=forms.HiddenInput)
    motif = forms.CharField(
        label="Motif de la correction",
        max_length=200,
        widget=forms.TextInput(),
        help_text="Par exemple : erreur d’heure, mauvaise cible.",
    )

    sans_photo = forms.BooleanField(
        label="Retirer la photo",
        required=False,
        help_text="Par exemple celle de quelqu’un d’autre : elle ne reste que dans l’historique.",
    )

    def __init__(self, *args, photographiee=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.photographiee = photographiee
        del self.fields["destinataires"], self.fields["partager"]
        # The day it happened, even older: no other one than the last eight and this one.
        jour = self.initial.get("jour")
        if jour and jour not in dict(self.fields["jour"].choices):
            self.fields["jour"].choices += [(jour, f"{datetime.fromisoformat(jour):%d/%m/%Y}")]
