"""The rooms, vehicles and equipment of a house."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from coordination.agenda import services_ressources
from coordination.models import Ressource
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans
from habilitations.acces import acces_bloc
from habilitations.lieux import maison_parmi


class RessourceForm(forms.Form):
    nom = forms.CharField(max_length=80, help_text="Par exemple « Salon », « Minibus ».")
    nature = forms.ChoiceField(choices=Ressource.Nature, widget=forms.RadioSelect)
    places = forms.IntegerField(
        label="Nombre de places", required=False, min_value=1, max_value=500
    )


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE, Action.SAISIR)
def liste(request):
    h = request.habilitation
    maison = maison_parmi(request, h.etablissements(Bloc.AGE, Action.SAISIR))
    formulaire = RessourceForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services_ressources.ajouter(h, etablissement=maison, **formulaire.cleaned_data)
            messages.success(request, f"« {formulaire.cleaned_data['nom']} » ajouté.")
            return redirect("coordination:agenda_ressources")
    contexte = {
        "titre": "Salles, véhicules, matériel",
        "formulaire": formulaire,
        "maison": maison,
        "lignes": services_ressources.de_la_maison(h, maison),
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "coordination/agenda/ressources.html", contexte, status=statut)


@require_POST
@acces_bloc(Bloc.AGE, Action.SAISIR)
def changer(request, ressource_id):
    """Withdraw from the choices, or put back; what is booked stays booked."""
    try:
        ressource = services_ressources.basculer(request.habilitation, ressource_id)
    except Ressource.DoesNotExist:
        raise Http404 from None
    etat = "proposé de nouveau" if ressource.active else "retiré des choix"
    messages.success(request, f"« {ressource.nom} » {etat}.")
    return redirect("coordination:agenda_ressources")
