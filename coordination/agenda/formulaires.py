"""The form of a meeting, whether of one person or of twenty."""

import uuid
from zoneinfo import ZoneInfo

from django import forms

from coordination.agenda import regles, trajets
from coordination.agenda.contenu import CECI, PORTEES, Contenu
from coordination.agenda.regles import Repetition, RepetitionRefusee, heure_de
from coordination.models import RendezVous
from dui.socle import champs, codes
from habilitations.conflits import FormulaireVersionne

SANS = ("", "Sans")
HEURES = ("debut", "fin")
FIN_AVANT = "La fin précède le début : une activité finit le jour où elle commence."
REPETER = [
    ("", "Une seule fois"),
    (regles.QUOTIDIENNE, "Tous les jours"),
    (regles.HEBDOMADAIRE, "Toutes les semaines"),
    (regles.MENSUELLE, "Tous les mois, à cette date"),
    (regles.MENSUELLE_RANG, "Tous les mois, ce jour-là (2e mardi…)"),
]
RYTHMES = [
    ("1", "Chaque fois"),
    ("2", "Une fois sur deux"),
    ("3", "Une fois sur trois"),
    ("4", "Une fois sur quatre"),
    ("6", "Une fois sur six"),
]
PROFESSIONNELS = ("pro_1", "pro_2", "pro_3")
SIMPLES = (
    "type", "libelle", "lieu", "prestation", "hors_prestation", "transport",
    "transport_professionnel", "repas_inclus", "commentaire", *trajets.PREVU,
)  # fmt: skip


def types(nature: str) -> list[tuple[str, str]]:
    lus = codes.codes("type_rendez_vous").values()
    return [(c.code, c.libelle) for c in lus if c.actif and c.proprietes["nature"] == nature]


def prestations() -> list[tuple[str, str]]:
    lus = codes.codes("prestation_directe_serafin").values()
    return [(c.code, f"{c.code} {c.libelle}") for c in lus if c.proprietes.get("feuille", True)]


class RendezVousForm(trajets.TrajetMixin, FormulaireVersionne):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    type = forms.ChoiceField(label="Type")
    libelle = forms.CharField(
        label="Intitulé",
        required=False,
        max_length=120,
        help_text="« Dr Petit, cardiologue », « Peinture sur galets » ; vide, le type suffit.",
    )
    jour = champs.jour("Date")
    debut = champs.Heure(label="De")
    fin = champs.Heure(label="À")
    lieu = forms.CharField(required=False, max_length=120)
    participants = forms.MultipleChoiceField(
        label="Participants", required=False, widget=forms.CheckboxSelectMultiple
    )
    pro_1 = forms.ChoiceField(label="Professionnel", required=False)
    pro_2 = forms.ChoiceField(label="Et", required=False)
    pro_3 = forms.ChoiceField(label="Et aussi", required=False)
    externe = forms.CharField(label="Intervenant extérieur", required=False, max_length=120)
    ressources = forms.MultipleChoiceField(
        label="Salle, véhicule, matériel", required=False, widget=forms.CheckboxSelectMultiple
    )
    transport = forms.ChoiceField(label="Transport de la personne", required=False)
    transport_professionnel = forms.ChoiceField(label="Transport du professionnel", required=False)
    repas_inclus = forms.BooleanField(label="Repas compris", required=False)
    prestation = forms.ChoiceField(label="Prestation SERAFIN-PH", required=False)
    hors_prestation = forms.BooleanField(label="Hors prestation", required=False)
    commentaire = forms.CharField(
        label="À savoir", required=False, max_length=300, widget=forms.Textarea({"rows": 2})
    )
    repeter = forms.ChoiceField(label="Répéter", required=False, choices=REPETER)
    intervalle = forms.ChoiceField(label="Rythme", required=False, choices=RYTHMES)
    jours = forms.MultipleChoiceField(
        label="Jours",
        required=False,
        choices=[(str(n), nom.capitalize()) for n, nom in enumerate(regles.SEMAINE)],
        widget=forms.CheckboxSelectMultiple,
    )
    jusqu_au = champs.jour("Jusqu’au", required=False)
    portee = forms.ChoiceField(
        label="Changer", choices=PORTEES, initial=CECI, widget=forms.RadioSelect
    )

    def __init__(self, *args, nature, etablissement, personnes=(), pros=(), salles=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.nature, self.etablissement = nature, etablissement
        self.dossiers = {str(d.pk): d for d, _ in personnes}
        self.comptes = {str(c.pk): c for c in pros}
        self.salles = {str(r.pk): r for r in salles}
        self.fields["type"].choices = types(nature)
        self.fields["participants"].choices = [(str(d.pk), nom) for d, nom in personnes]
        self.fields["ressources"].choices = [(str(r.pk), r.nom) for r in salles]
        for nom in PROFESSIONNELS:
            self.fields[nom].choices = [SANS, *((str(c.pk), c.get_full_name()) for c in pros)]
        for nom in ("transport", "transport_professionnel"):
            self.fields[nom].choices = [SANS, *codes.choix("mode_transport")]
        self.fields["prestation"].choices = [SANS, *prestations()]
        if self.objet is None:
            del self.fields["portee"]
        else:
            for nom in ("cle_saisie", "repeter", "intervalle", "jours", "jusqu_au"):
                del self.fields[nom]
            if not self.objet.serie_id:
                del self.fields["portee"]
        if nature != RendezVous.Nature.ACTIVITE:
            self.fields["fin"].help_text = "le lendemain, si c’est avant l’heure du début"
        if not salles:
            del self.fields["ressources"]
        if not personnes:
            del self.fields["participants"]

    def valeurs(self, objet) -> dict:
        return initiales(objet)

    def bruts(self, valeurs: dict) -> dict[str, list[str]]:
        """An hour once read is a pair; a browser posts « 14:02 »."""
        ecrits = {n: "{:02d}:{:02d}".format(*valeurs[n]) for n in HEURES if _lue(valeurs.get(n))}
        return super().bruts(valeurs | ecrits)

    def clean(self):
        donnees = super().clean()
        if faute := self._faute_de_duree(donnees.get("debut"), donnees.get("fin")):
            self.add_error("fin", faute)
        sans_personne = "participants" in self.fields and not donnees.get("participants")
        if sans_personne and self.nature == RendezVous.Nature.ACTIVITE:
            self.add_error("participants", "Cochez au moins une personne.")
        if donnees.get("repeter") and donnees.get("jour"):
            self._repetition(donnees)
        if donnees.get("type") and not donnees.get("libelle"):
            donnees["libelle"] = dict(self.fields["type"].choices)[donnees["type"]]
        return donnees

    def _faute_de_duree(self, debut, fin) -> str:
        if not debut or not fin:
            return ""
        if debut == fin:
            return "La fin est l’heure du début : écrivez une durée."
        activite = self.nature == RendezVous.Nature.ACTIVITE
        return FIN_AVANT if activite and fin < debut else ""

    def _repetition(self, donnees):
        if not donnees.get("jusqu_au"):
            if "jusqu_au" not in self.errors:
                self.add_error("jusqu_au", "Dites jusqu’à quand cela se répète.")
            return
        try:
            self.repetition = Repetition(
                donnees["repeter"],
                int(donnees.get("intervalle") or 1),
                tuple(int(j) for j in donnees.get("jours") or ()),
                donnees["jusqu_au"],
            )
            self.dates = regles.dates(self.repetition, donnees["jour"])
        except RepetitionRefusee as erreur:
            self.add_error("jusqu_au", str(erreur))

    repetition = None
    dates: list = []

    @property
    def repetition_demandee(self) -> bool:
        return bool(self["repeter"].value()) or "jusqu_au" in self.errors

    @property
    def details_remplis(self) -> bool:
        noms = ("transport", "transport_professionnel", "repas_inclus", "prestation")
        noms = (*noms, "hors_prestation", *trajets.PREVU)
        return any(self[nom].value() for nom in noms)

    def contenu(self, *, dossiers=None) -> Contenu:
        d = self.cleaned_data
        choisis = [self.dossiers[pk] for pk in d.get("participants", ())]
        pros = dict.fromkeys(d[nom] for nom in PROFESSIONNELS if d[nom])
        return Contenu(
            jour=d["jour"],
            debut=heure_de(d["debut"]),
            fin=heure_de(d["fin"]),
            champs={nom: d[nom] for nom in SIMPLES},
            dossiers=choisis if dossiers is None else dossiers,
            comptes=[self.comptes[pk] for pk in pros],
            externes=[d["externe"]] if d["externe"] else [],
            ressources=[self.salles[pk] for pk in d.get("ressources", ())],
        )

    def plages(self) -> list:
        contenu, fuseau = self.contenu(), self.etablissement.fuseau
        return [contenu.plage(fuseau, jour=j) for j in self.dates or [contenu.jour]]


def _lue(valeur) -> bool:
    return isinstance(valeur, tuple)


def initiales(r) -> dict:
    """What a meeting already read (`lectures.un`) says, as the form asks it."""
    fuseau = ZoneInfo(r.etablissement.fuseau)
    debut, fin = r.debut.astimezone(fuseau), r.fin.astimezone(fuseau)
    pros = r.pros if hasattr(r, "pros") else r.intervenants.all()
    siennes = r.siennes if hasattr(r, "siennes") else r.participations.all()
    prises = r.prises if hasattr(r, "prises") else r.reservations.all()
    internes, externes = [i for i in pros if i.compte_id], [i.externe for i in pros if i.externe]
    valeurs = {nom: getattr(r, nom) for nom in SIMPLES} | {
        "jour": debut.date(),
        "debut": f"{debut:%H:%M}",
        "fin": f"{fin:%H:%M}",
        "participants": sorted(str(p.dossier_id) for p in siennes if p.presence != "annulee"),
        "ressources": sorted(str(x.ressource_id) for x in prises),
        "externe": externes[0] if externes else "",
    }
    return valeurs | {
        nom: str(i.compte_id) for nom, i in zip(PROFESSIONNELS, internes, strict=False)
    }


class AnnulationForm(forms.Form):
    motif = forms.ChoiceField(label="Pourquoi", widget=forms.RadioSelect)
    portee = forms.ChoiceField(label="Annuler", choices=PORTEES, initial=CECI,
                               widget=forms.RadioSelect)  # fmt: skip

    def __init__(self, *args, rendez_vous, **kwargs):
        super().__init__(*args, **kwargs)
        lus = codes.codes("motif_rendez_vous").values()
        self.fields["motif"].choices = [
            (c.code, c.libelle) for c in lus if c.actif and not c.proprietes.get("visite")
        ]
        if not rendez_vous.serie_id:
            del self.fields["portee"]
