"""« Pour moi » : one page of what concerns me, and what I want on it."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from coordination.boite.vues import tracer
from coordination.notifications import lectures, services
from habilitations.acces import acces_connecte
from habilitations.lieux import lieu_de


class PreferencesForm(forms.Form):
    montrees = forms.MultipleChoiceField(
        label="Montrer",
        required=False,
        choices=list(lectures.FAMILLES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    courriel = forms.BooleanField(
        label="Un courriel quand un collègue m’écrit",
        required=False,
        help_text="Il dit seulement de venir lire : ni nom, ni sujet.",
    )


@require_safe
@acces_connecte
def page(request):
    h, lieu = request.habilitation, lieu_de(request)
    voulue = lectures.preference(h)
    montrees = [nom for nom in lectures.FAMILLES if nom not in voulue.cachees]
    familles = lectures.page(h, lieu)
    nommees = [*familles.get("boite", ()), *familles.get("evenements", ())]
    tracer(request, [*nommees, *(x.tache for x in familles.get("accuses", ()))])
    contexte = {
        "lieu": lieu,
        "familles": lectures.FAMILLES,
        "page": familles,
        "preferences": PreferencesForm(initial={"montrees": montrees, "courriel": voulue.courriel}),
    }
    return render(request, "coordination/notifications/page.html", contexte)


@require_POST
@acces_connecte
def preferences(request):
    formulaire = PreferencesForm(request.POST)
    if formulaire.is_valid():
        services.regler(request.habilitation, **formulaire.cleaned_data)
        messages.success(request, "Préférences enregistrées.")
    return redirect("coordination:notifications")
