import uuid

from django import forms
from django.utils import timezone

from accompagnement.models import DecisionPhotos
from accompagnement.photos import lectures
from accompagnement.photos.services import SANS_ACCORD
from dui.socle import champs, images
from dui.socle.fichiers import FichierInterdit

TROP_GROSSE = "Cette photo est trop lourde : reprenez-la en qualité ordinaire."


class PhotoMixin(forms.Form):
    """`photo`, once clean: the bytes to keep. Only when `photographier` opens it."""

    photo = forms.FileField(
        label="Photo",
        required=False,
        max_length=255,
        help_text="sans le visage, sauf besoin",
        # These types, not image/*: a telephone then converts what it alone can read. `capture`
        # opens the camera, so that no copy stays among somebody's own pictures.
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
    )

    def photographier(self, habilitation, decision, *, trop_grosse: bool = False) -> None:
        self.habilitation, self.decision = habilitation, decision
        self.trop_grosse = trop_grosse

    @property
    def photographiable(self) -> bool:
        return self.decision is not None and self.decision.accordee

    def clean_photo(self):
        fichier = self.cleaned_data["photo"]
        if self.trop_grosse:  # cut while it came: no file at all was received
            raise forms.ValidationError(TROP_GROSSE)
        if not fichier:
            return b""
        if not self.photographiable:
            raise forms.ValidationError(SANS_ACCORD)
        try:
            return images.photographie(self.habilitation, fichier, nom=fichier.name)
        except FichierInterdit as refus:
            raise forms.ValidationError(f"{refus.message} {refus.que_faire}") from refus


class DecisionForm(forms.Form):
    lue = forms.UUIDField(required=False, widget=forms.HiddenInput)
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    sens = forms.ChoiceField(
        label="Des photos pour les soins",
        choices=DecisionPhotos.Sens.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si la personne est d’accord."},
    )
    qui = forms.CharField(
        label="Qui l’a dit", max_length=120, error_messages={"required": "Écrivez qui l’a dit."}
    )
    qualite = forms.ChoiceField(label="En qualité de")
    precision = forms.CharField(
        label="Précision",
        required=False,
        max_length=300,
        help_text="par exemple : les plaies, jamais le visage",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["le"] = champs.jour("Le", initial=timezone.localdate)
        self.fields["qualite"].choices = lectures.qualites()
        self.fields["sens"].icones = {"accord": "fait", "refus": "refus"}

    def montrer_le_conflit(self, actuelle):
        """What changed is on the page from now on: the next save is a choice."""
        self.data = self.data.copy()
        self.data["lue"] = str(actuelle.pk) if actuelle else ""
