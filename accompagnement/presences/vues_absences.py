"""One absence of one person: confirm a planned departure, correct what was written."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accompagnement.models import Absence
from accompagnement.presences import services
from accompagnement.presences.formulaires import CorrectionForm
from dui.socle.champs import refuser
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from habilitations.acces import acces_dossier
from habilitations.lieux import lieu_de
from habilitations.pages import rendre_dossier


@require_POST
@acces_dossier(Bloc.AGE, Action.SAISIR)
def constater(request, dossier, absence_id):
    _absence(request, dossier, absence_id)
    parti = request.POST.get("geste") != "annuler"
    try:
        services.constater(request.habilitation, absence_id, dossier, parti=parti)
    except ValidationError as erreur:
        messages.error(request, " ".join(erreur.messages))
    else:
        mot = "Départ confirmé" if parti else "Départ prévu annulé"
        messages.success(request, f"{mot} pour {dossier.usager.nom_usuel}.")
    return redirect(f"{reverse('accompagnement:presences')}?{lieu_de(request).parametre}")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AGE, Action.SAISIR)
def corriger(request, dossier, absence_id):
    absence = _absence(request, dossier, absence_id)
    formulaire, statut = CorrectionForm(request.POST or None, absence=absence), 200
    if formulaire.is_bound:
        statut = 422
        if formulaire.is_valid():
            donnees = dict(formulaire.cleaned_data)
            donnees["version_lue"] = donnees.pop("version")
            try:
                services.corriger_absence(request.habilitation, absence.pk, dossier, **donnees)
            except ConflitDeVersion as conflit:
                formulaire.add_error(None, conflit)
                statut = 409
            except ValidationError as erreur:
                refuser(formulaire, erreur)
            else:
                messages.success(request, f"Absence de {dossier.usager.nom_usuel} corrigée.")
                return redirect("accompagnement:absence", dossier_id=dossier.pk)
    contexte = {
        "titre": "Corriger une absence",
        "formulaire": formulaire,
        "libelle_enregistrer": f"Corriger pour {dossier.usager.nom_usuel}",
    }
    gabarit = "accompagnement/presences/corriger.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)


def _absence(request, dossier, absence_id) -> Absence:
    visibles = Absence.objects.visibles(request.habilitation, Action.SAISIR)
    absence = visibles.filter(dossier=dossier, pk=absence_id).first()
    if absence is None:
        raise Http404
    return absence
