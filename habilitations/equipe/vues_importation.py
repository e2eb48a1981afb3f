"""A list of accounts: a dry run first, then all or nothing."""

from django import forms
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from dui.socle.enums import Action, Bloc
from habilitations.acces import acces_bloc
from habilitations.equipe.importation import importer
from habilitations.equipe.lectures import perimetres, roles_donnables
from habilitations.equipe.liste import COLONNES, TAILLE_MAXIMALE, ListeRefusee, lire
from habilitations.exports import reponse_csv
from habilitations.lieux import lieu_de


class ListeForm(forms.Form):
    etablissement = forms.ModelChoiceField(None, label="Établissement", empty_label=None)
    fichier = forms.FileField(
        label="Liste",
        help_text="Texte .csv, 1 000 lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": "Choisissez un fichier."},
    )
    acte = forms.ChoiceField(
        label="Que faire",
        choices=[("essayer", "Essayer sans rien écrire"), ("importer", "Importer")],
        widget=forms.RadioSelect,
        initial="essayer",
    )

    def __init__(self, *args, habilitation, ici=None, **kwargs):
        super().__init__(*args, **kwargs)
        maisons = habilitation.etablissements(Bloc.PAR, Action.ADMINISTRER).order_by("nom", "pk")
        self.fields["etablissement"].queryset = maisons
        self.fields["etablissement"].initial = ici

    def clean(self):
        donnees = super().clean()
        if fichier := donnees.get("fichier"):
            try:
                self.lignes = lire(fichier.read(TAILLE_MAXIMALE + 1))
            except ListeRefusee as refus:
                self.add_error("fichier", str(refus))
        return donnees


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.PAR, Action.ADMINISTRER)
def importation(request):
    envoi = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    h, ici = request.habilitation, lieu_de(request).etablissement
    formulaire = ListeForm(*envoi, habilitation=h, ici=ici)
    bilan = None
    if request.method == "POST" and formulaire.is_valid():
        bilan = importer(
            h,
            etablissement=formulaire.cleaned_data["etablissement"],
            lignes=formulaire.lignes,
            simulation=formulaire.cleaned_data["acte"] == "essayer",
        )
    contexte = {
        "titre": "Importer des comptes",
        "formulaire": formulaire,
        "bilan": bilan,
        "colonnes": COLONNES,
        "roles": roles_donnables(h),
        "fin_facultative": any(p.attribution.jours is None for p in perimetres(h)),
    }
    statut = 422 if formulaire.errors or (bilan and bilan.rejets) else 200
    return render(request, "habilitations/equipe/importation.html", contexte, status=statut)


@require_safe
@acces_bloc(Bloc.PAR, Action.ADMINISTRER)
def modele(request):
    """The titles alone: a line of example would be imported one day."""
    return reponse_csv([list(COLONNES)], "modele-comptes.csv")
