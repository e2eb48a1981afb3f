"""The forms of a project that is lived: agreements, reviews, states, links to traces."""

import uuid

from django import forms
from django.utils import timezone

from accompagnement.models import AccordProjet, BilanProjet, Preuve, Projet, SuiviProjet
from accompagnement.projets.formulaires import ligne, liste, prose
from dui.socle import champs, codes


class StatutForm(forms.Form):
    constat = ligne("Précision", required=False)

    def __init__(self, *args, possibles, **kwargs):
        super().__init__(*args, **kwargs)
        mots = dict(Projet.Statut.choices)
        self.fields["statut"] = forms.ChoiceField(
            label="Nouvel état",
            choices=[(s.value, mots[s]) for s in possibles],
            widget=forms.RadioSelect,
        )
        self.fields["le"] = champs.jour("Depuis le", initial=timezone.localdate)
        self.order_fields(["statut", "le", "constat"])


class RevisionForm(forms.Form):
    constat = ligne("Précision", required=False)

    def __init__(self, *args, projet, **kwargs):
        super().__init__(*args, **kwargs)
        choix = [
            (c.code, c.libelle)
            for c in codes.codes("evenement_de_vie").values()
            if c.actif and c.proprietes.get("evenement", True)
        ]
        self.fields["motif"] = liste("Ce qui a changé", choix)
        aide = f"Au plus tard le {projet.revision_le:%d/%m/%Y}." if projet.revision_le else ""
        self.fields["le"] = champs.jour("Revoir le projet le", help_text=aide)
        self.order_fields(["motif", "le", "constat"])


class AccordForm(forms.Form):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version_lue = forms.IntegerField(widget=forms.HiddenInput)
    partie = forms.ChoiceField(
        label="Au nom de",
        choices=AccordProjet.Partie.choices,
        initial=AccordProjet.Partie.USAGER,
        widget=forms.RadioSelect,
    )
    qui = ligne("Qui", max_length=120)
    avis = forms.ChoiceField(
        label="Son avis",
        choices=AccordProjet.Avis.choices,
        initial=AccordProjet.Avis.ACCORD,
        widget=forms.RadioSelect,
    )
    duree_mois = forms.IntegerField(
        label="Valable (mois)",
        required=False,
        min_value=1,
        max_value=120,
        widget=forms.TextInput({"inputmode": "numeric", "class": "entree--court"}),
    )
    commentaire = prose(
        "Ses raisons, ou ce qui a été essayé",
        required=False,
        help_text="Obligatoire quand la personne ne peut s’exprimer.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        groupes: dict[str, list] = {}
        for code in codes.codes("qualite_accord").values():
            partie = AccordProjet.Partie(code.proprietes["partie"]).label
            groupes.setdefault(str(partie), []).append((code.code, code.libelle))
        self.fields["qualite"] = liste("En qualité de", list(groupes.items()))
        self.fields["moyen"] = liste("De quelle façon", codes.choix("moyen_accord"))
        self.fields["le"] = champs.jour("Le", initial=timezone.localdate)
        self.fields["avis"].icones = {"accord": "fait", "refus": "refus"}
        self.order_fields(["partie", "qui", "qualite", "avis", "moyen", "le"])

    def clean(self):
        d = super().clean()
        sans = d.get("avis") == AccordProjet.Avis.SANS_EXPRESSION
        if sans and not d.get("commentaire", "").strip():
            self.add_error("commentaire", "Dites ce qui a été essayé pour recueillir l’avis.")
        return d


def motifs(label="Pourquoi, si c’est abandonné") -> forms.ChoiceField:
    return liste(label, codes.choix("motif_non_realisation"), required=False)


def pourcentage() -> forms.IntegerField:
    return forms.IntegerField(
        label="Avancement (%)",
        required=False,
        min_value=0,
        max_value=100,
        error_messages={"invalid": "Écrivez un nombre de 0 à 100."},
        widget=forms.TextInput({"inputmode": "numeric", "class": "entree--court"}),
    )


def statuts() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Sans changement"), *SuiviProjet.Statut.choices],
    )


class SuiviForm(forms.Form):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    constat = ligne(
        "Ce qu’on observe",
        max_length=500,
        required=False,
        help_text="Court : il s’affiche à côté de la jauge. Par exemple : 3 repas sur 5.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pourcentage"] = pourcentage()
        self.fields["statut"] = statuts()
        self.fields["motif"] = motifs()
        self.fields["le"] = champs.jour("Constaté le", initial=timezone.localdate)
        self.order_fields(["constat", "pourcentage", "statut", "motif", "le"])

    def clean(self):
        d = super().clean()
        verifier_le_point(self, d, "")
        if not self.errors and d.get("pourcentage") is None and not (d["constat"] or d["statut"]):
            raise forms.ValidationError("Notez un état, un avancement ou un constat.")
        return d


def verifier_le_point(formulaire, donnees, prefixe) -> None:
    abandonne = donnees.get(f"{prefixe}statut") == SuiviProjet.Statut.ANNULE
    if abandonne and not donnees.get(f"{prefixe}motif"):
        formulaire.add_error(f"{prefixe}motif", "Dites pourquoi cela n’a pas été réalisé.")


class BilanForm(forms.Form):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    nature = forms.ChoiceField(
        label="Bilan",
        choices=BilanProjet.Nature.choices,
        initial=BilanProjet.Nature.INTERMEDIAIRE,
        widget=forms.RadioSelect,
    )
    perimetre = ligne("Périmètre", required=False, help_text="Vide : tout le projet.")
    invites = ligne("Invités", max_length=500, required=False)
    parole = prose("Ce qu’en dit la personne", required=False)
    problematique = prose("Ce qui pose question", required=False)
    synthese = prose("Synthèse", 4)

    def __init__(self, *args, objectifs, prochain, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["le"] = champs.jour("Tenu le", initial=timezone.localdate)
        self.fields["prochain_le"] = champs.jour("Prochain bilan", required=False, initial=prochain)
        self.objectifs = objectifs
        for o in objectifs:
            self.fields[f"{o.cle}_constat"] = ligne("Constat", max_length=500, required=False)
            self.fields[f"{o.cle}_pourcentage"] = pourcentage()
            self.fields[f"{o.cle}_statut"] = statuts()
            self.fields[f"{o.cle}_motif"] = motifs()

    def points_dessines(self):
        noms = ("constat", "pourcentage", "statut", "motif")
        return [(o, [self[f"{o.cle}_{nom}"] for nom in noms]) for o in self.objectifs]

    def clean(self):
        d = super().clean()
        for o in self.objectifs:
            verifier_le_point(self, d, f"{o.cle}_")
        if d.get("le") and d.get("prochain_le") and d["prochain_le"] <= d["le"]:
            self.add_error("prochain_le", "Le prochain bilan suit celui-ci.")
        return d

    @property
    def points(self) -> list[dict]:
        dits = []
        for o in self.objectifs:
            d = {n: self.cleaned_data[f"{o.cle}_{n}"] for n in ("constat", "statut", "motif")}
            mesure = self.cleaned_data[f"{o.cle}_pourcentage"]
            if d["constat"] or d["statut"] or mesure is not None:
                dits.append(d | {"element": o.cle, "pourcentage": mesure})
        return dits

    @property
    def bilan(self) -> dict:
        noms = ("nature", "le", "perimetre", "invites", "parole", "problematique", "synthese",
                "prochain_le")  # fmt: skip
        return {nom: self.cleaned_data[nom] for nom in noms}


AUCUN = "aucun"


class LiensForm(forms.Form):
    """For each line (a trace of one objective, or an objective of one trace), which way it goes."""

    def __init__(self, *args, lignes, deja, **kwargs):
        super().__init__(*args, **kwargs)
        self.lignes = lignes
        for cle, nom in lignes:
            champ = forms.ChoiceField(
                label=nom,
                required=False,
                choices=[(AUCUN, "Aucun lien"), *Preuve.Sens.choices],
                widget=forms.RadioSelect,
                initial=deja.get(cle, AUCUN),
            )
            champ.icones = {"pour": "hausse", "contre": "baisse", "neutre": "suite"}
            self.fields[f"sens_{cle}"] = champ

    def sens(self) -> dict[str, str]:
        """Of the lines that the page showed: a colleague may have linked another since."""
        montrees = (cle for cle, _ in self.lignes if f"sens_{cle}" in self.data)
        dits = {cle: self.cleaned_data[f"sens_{cle}"] for cle in montrees}
        return {cle: "" if sens in ("", AUCUN) else sens for cle, sens in dits.items()}

    def dessinees(self):
        return [(cle, self[f"sens_{cle}"]) for cle, _ in self.lignes]
