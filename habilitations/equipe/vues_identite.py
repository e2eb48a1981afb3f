"""Which professional card (Pro Santé Connect) opens an account, said by who answers for it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from habilitations.equipe import lectures, services
from habilitations.equipe.vues import acces, refus_journalise
from habilitations.psc.identites import emetteur_configure


class IdentiteForm(forms.Form):
    identifiant = forms.CharField(
        label="Identifiant national",
        max_length=50,
        help_text="8 suivi du numéro RPPS, comme sur la carte de professionnel",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@acces
def identite(request, compte_id):
    h = request.habilitation
    compte = get_object_or_404(lectures.comptes(h), pk=compte_id)
    with refus_journalise(request):
        if not lectures.repond_de(h, compte):
            raise PermissionDenied(services.PAS_A_VOUS)
    if "retirer" in request.POST:
        return _retirer(request, compte)
    formulaire = IdentiteForm(request.POST or None)
    if formulaire.is_valid():
        try:
            services.declarer_identite(h, compte, **formulaire.cleaned_data)
        except ValidationError as erreur:
            formulaire.add_error("identifiant", erreur.messages)
        else:
            messages.success(request, f"La carte de {compte} ouvre désormais ce compte.")
            return redirect("equipe_membre", compte_id=compte.pk)
    contexte = {
        "formulaire": formulaire,
        "compte": compte,
        "identites": lectures.identites_de(compte),
        "ouvert": bool(emetteur_configure()),
        "titre": "Identité Pro Santé Connect",
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "habilitations/equipe/identite.html", contexte, status=statut)


def _retirer(request, compte):
    siennes = {str(i.pk): i for i in lectures.identites_de(compte)}
    if retiree := siennes.get(request.POST["retirer"]):
        services.retirer_identite(request.habilitation, retiree)
        messages.success(request, f"Cette carte n’ouvre plus le compte de {compte}.")
    return redirect("equipe_identite", compte_id=compte.pk)
