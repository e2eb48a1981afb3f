from django import forms

CREER, REFUSER, DOSSIER = "creer", "refuser", "dossier:"


class DecisionForm(forms.Form):
    """Which of these dossiers, a new one, or none. Nothing is chosen beforehand."""

    decision = forms.ChoiceField(
        label="Votre décision",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que devient cette identité."},
    )
    vus = forms.CharField(widget=forms.HiddenInput, required=False)
    raison = forms.CharField(
        label="Raison",
        max_length=200,
        required=False,
        help_text="Obligatoire pour refuser, et pour créer quand les traits sont les mêmes.",
    )

    def __init__(self, *args, candidats, creer, **kwargs):
        vus = " ".join(str(c.dossier.pk) for c in candidats)
        super().__init__(*args, initial={"vus": vus}, **kwargs)
        choix = [
            (f"{DOSSIER}{c.dossier.pk}", f"C’est {c.usager.nom_affiche}, {c.degre.label.lower()}")
            for c in candidats
            if c.rattachable and not c.ferme
        ]
        if creer:
            choix.append((CREER, "C’est une autre personne : créer son dossier"))
        self.fields["decision"].choices = [*choix, (REFUSER, "Refuser cette identité")]
