"""The meals of one person: what they may eat, what they ate, the correction of what was noted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from accompagnement.models import RepasServi
from accompagnement.repas import lectures, services, titres
from accompagnement.repas.formulaires import AlimentationForm, CorrectionForm
from dui.socle.champs import refuser
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier


@require_safe
@acces_dossier(Bloc.NUT)
def alimentation(request, dossier):
    h = request.habilitation
    contexte = {
        "titre": "Repas",
        "peut_changer": h.peut_pour(dossier, Bloc.NUT, Action.SAISIR),
        "peut_corriger": h.peut_pour(dossier, Bloc.AVQ, Action.SAISIR),
        **lectures.du_dossier(h, dossier),
    }
    return rendre_dossier(request, dossier, "accompagnement/repas/dossier.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.NUT, Action.SAISIR)
def changer(request, dossier):
    h = request.habilitation
    actuelle = lectures.en_vigueur(h, dossier)
    formulaire, statut = AlimentationForm(request.POST or None, actuelle=actuelle), 200
    if formulaire.is_bound:
        statut = 422
    if formulaire.is_bound and formulaire.is_valid():
        try:
            services.changer_alimentation(h, dossier, **formulaire.cleaned_data)
        except ConflitDeVersion as conflit:
            formulaire.montrer_le_conflit(conflit.actuel, titres.du_regime(conflit))
            statut = 409
        except ValidationError as erreur:
            refuser(formulaire, erreur)
        else:
            messages.success(request, f"Repas de {dossier.usager.nom_usuel} enregistrés.")
            return redirect("accompagnement:alimentation", dossier_id=dossier.pk)
    contexte = {
        "titre": "Régime et texture",
        "formulaire": formulaire,
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
    }
    gabarit = "accompagnement/repas/changer.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AVQ, Action.SAISIR)
def corriger(request, dossier, repas_servi_id):
    h = request.habilitation
    visibles = RepasServi.objects.visibles(h, Action.SAISIR).filter(dossier=dossier)
    servi = visibles.filter(pk=repas_servi_id).select_related("auteur").first()
    if servi is None:
        raise Http404
    formulaire, statut = CorrectionForm(request.POST or None, servi=servi), 200
    if formulaire.is_bound:
        statut = 422
        if formulaire.is_valid():
            donnees = dict(formulaire.cleaned_data)
            donnees["version_lue"] = donnees.pop("version")
            try:
                services.corriger_repas(h, servi.pk, **donnees)
            except ConflitDeVersion as conflit:
                formulaire.add_error(None, conflit)
                statut = 409
            except ValidationError as erreur:
                refuser(formulaire, erreur)
            else:
                messages.success(request, "Repas corrigé, l’ancienne version reste lisible.")
                return redirect("accompagnement:alimentation", dossier_id=dossier.pk)
    contexte = {
        "titre": "Corriger un repas",
        "nomme": lectures.nommer_servi(servi),
        "versions": lectures.versions(h, servi),
        "libelle_enregistrer": f"Corriger pour {dossier.usager.nom_usuel}",
        "formulaire": formulaire,
    }
    gabarit = "accompagnement/repas/corriger.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)
