from datetime import timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from coordination.agenda import regles
from dui.socle import champs, codes
from habilitations.conflits import FormulaireVersionne

FAITE, NON_FAITE = "faite", "non_faite"
UNE_MINUTE = timedelta(minutes=1)
SANS_DUREE = "Le départ est à l’heure de l’arrivée : écrivez les deux heures comme elles furent."


def motifs() -> list[tuple[str, str]]:
    return codes.choix("motif_rendez_vous")


class VisiteForm(FormulaireVersionne):
    """Written with a thumb, at the door: two big choices, the hours already filled in."""

    issue = forms.ChoiceField(
        label="La visite",
        choices=[(FAITE, "Faite"), (NON_FAITE, "Non faite")],
        widget=forms.RadioSelect,
    )
    arrivee = champs.Heure(label="Arrivée", required=False)
    depart = champs.Heure(label="Départ", required=False)
    motif = forms.ChoiceField(label="Pourquoi", required=False, widget=forms.RadioSelect)
    note = forms.CharField(
        label="À dire", required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args, visite, **kwargs):
        super().__init__(*args, objet=visite, **kwargs)
        self.visite = visite
        self.fields["motif"].choices = motifs()

    def valeurs(self, objet) -> dict:
        p = objet.participations.get()
        fuseau = ZoneInfo(objet.etablissement.fuseau)
        arrivee, depart = p.arrivee, p.depart
        # One leaves now, when that is the day; else as planned; never later. When it has hardly
        # begun, the arrival is asked: nobody stays no time at all.
        if objet.ouvert:
            maintenant = timezone.now()
            ici = timezone.localdate(objet.debut) == timezone.localdate(maintenant)
            depart = maintenant if ici else min(objet.fin, maintenant)
            arrivee = objet.debut if depart - objet.debut >= UNE_MINUTE else None
        return {
            "issue": NON_FAITE if objet.statut == "ANNULE" else FAITE,
            "arrivee": f"{arrivee.astimezone(fuseau):%H:%M}" if arrivee else "",
            "depart": f"{depart.astimezone(fuseau):%H:%M}" if depart else "",
            "motif": p.motif,
            "note": p.note,
        }

    def bruts(self, valeurs: dict) -> dict[str, list[str]]:
        lues = {n: v for n, v in valeurs.items() if isinstance(v, tuple)}
        return super().bruts(valeurs | {n: "{:02d}:{:02d}".format(*v) for n, v in lues.items()})

    def clean(self):
        d = super().clean()
        if d.get("issue") == NON_FAITE and not d.get("motif"):
            self.add_error("motif", "Dites pourquoi la visite n’a pas été faite.")
        if d.get("issue") == FAITE:
            for nom in ("arrivee", "depart"):
                if not d.get(nom) and nom not in self.errors:
                    self.add_error(nom, "Écrivez l’heure comme 14:02.")
            if d.get("arrivee") and d.get("arrivee") == d.get("depart"):
                self.add_error("depart", SANS_DUREE)
        return d

    def saisie(self) -> dict:
        d, arrivee, depart = self.cleaned_data, None, None
        if d["issue"] == FAITE:
            fuseau = self.visite.etablissement.fuseau
            jour = self.visite.debut.astimezone(ZoneInfo(fuseau)).date()
            debut, fin = regles.heure_de(d["arrivee"]), regles.heure_de(d["depart"])
            arrivee = regles.instant(jour, debut, fuseau)
            depart = regles.plage(jour, debut, fin, fuseau)[1]
        return {
            "faite": d["issue"] == FAITE,
            "motif": d["motif"],
            "arrivee": arrivee,
            "depart": depart,
            "note": d["note"],
        }


class DomicileForm(FormulaireVersionne):
    adresse = forms.CharField(max_length=200)
    complement = forms.CharField(label="Étage, bâtiment", required=False, max_length=120)
    code_postal = forms.CharField(
        label="Code postal",
        validators=[RegexValidator(r"^[0-9]{5}\Z", "Un code postal compte cinq chiffres.")],
    )
    ville = forms.CharField(max_length=80)
    telephone = forms.CharField(label="Téléphone", required=False, max_length=20)
    consignes = forms.CharField(
        label="Pour entrer",
        required=False,
        max_length=300,
        help_text="Digicode, clé, chien, place pour se garer.",
        widget=forms.Textarea({"rows": 2}),
    )
