"""The rooms, vehicles and equipment of a house."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from coordination.agenda import services_ressources
from coordination.models import Ressource
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans, statut
from habilitations import redaction
from habilitations.acces import acces_bloc
from habilitations.lieux import Lieu, lieu_d_ecriture, maison_parmi
from habilitations.pages import rendre_maison


class RessourceForm(forms.Form):
    nom = forms.CharField(max_length=80, help_text="Par exemple « Salon », « Minibus ».")
    nature = forms.ChoiceField(choices=Ressource.Nature, widget=forms.RadioSelect)
    places = forms.IntegerField(
        label="Nombre de places", required=False, min_value=1, max_value=500
    )


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE, Action.SAISIR)
def liste(request):
    h = request.habilitation
    maison = maison_parmi(request, h.etablissements(Bloc.AGE, Action.SAISIR))
    lieu_d_ecriture(request)  # that of the page sent, or nothing is added
    formulaire = RessourceForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services_ressources.ajouter(h, etablissement=maison, **formulaire.cleaned_data)
            messages.success(request, f"« {formulaire.cleaned_data['nom']} » ajouté.")
            redaction.clore(request, None)
            return redirect("coordination:agenda_ressources")
    contexte = {
        "titre": "Salles, véhicules, matériel",
        "formulaire": formulaire,
        "maison": maison,
        "lignes": services_ressources.de_la_maison(h, maison),
    }
    gabarit, ici = "coordination/agenda/ressources.html", Lieu(maison, None)
    return rendre_maison(request, gabarit, contexte, lieu=ici, status=statut(formulaire))


@require_POST
@acces_bloc(Bloc.AGE, Action.SAISIR)
def changer(request, ressource_id):
    """Withdraw from the choices, or put back; what is booked stays booked."""
    try:
        ressource = services_ressources.basculer(request.habilitation, ressource_id)
    except Ressource.DoesNotExist:
        raise Http404 from None
    etat = "proposé de nouveau" if ressource.active else "retiré des choix"
    messages.success(request, f"« {ressource.nom} » {etat}.")
    return redirect("coordination:agenda_ressources")
