"""One absence of one person: confirm a planned departure, correct what was written."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accompagnement.models import Absence
from accompagnement.presences import services
from accompagnement.presences.formulaires import CorrectionForm
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans, refus_en_message, statut
from habilitations.acces import acces_dossier
from habilitations.lieux import lieu_de
from habilitations.pages import rendre_dossier


@require_POST
@acces_dossier(Bloc.AGE, Action.SAISIR)
def constater(request, dossier, absence_id):
    _absence(request, dossier, absence_id)
    parti = request.POST.get("geste") != "annuler"
    with refus_en_message(request):
        services.constater(request.habilitation, absence_id, dossier, parti=parti)
        mot = "Départ confirmé" if parti else "Départ prévu annulé"
        messages.success(request, f"{mot} pour {dossier.usager.nom_usuel}.")
    return redirect(f"{reverse('accompagnement:presences')}?{lieu_de(request).parametre}")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AGE, Action.SAISIR)
def corriger(request, dossier, absence_id):
    absence = _absence(request, dossier, absence_id)
    formulaire = CorrectionForm(request.POST or None, absence=absence)
    if formulaire.is_valid():
        donnees = dict(formulaire.cleaned_data)
        donnees["version_lue"] = donnees.pop("version")
        with refus_dans(formulaire):
            services.corriger_absence(request.habilitation, absence.pk, dossier, **donnees)
            messages.success(request, f"Absence de {dossier.usager.nom_usuel} corrigée.")
            return redirect("accompagnement:absence", dossier_id=dossier.pk)
    contexte = {
        "titre": "Corriger une absence",
        "formulaire": formulaire,
        "libelle_enregistrer": f"Corriger pour {dossier.usager.nom_usuel}",
    }
    gabarit = "accompagnement/presences/corriger.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut(formulaire))


def _absence(request, dossier, absence_id) -> Absence:
    visibles = Absence.objects.visibles(request.habilitation, Action.SAISIR)
    return get_object_or_404(visibles, dossier=dossier, pk=absence_id)
