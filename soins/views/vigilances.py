from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.refus import conflit_de, refus_dans
from habilitations import conflits
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier
from soins import services
from soins import vigilances as lectures
from soins.forms import LeveeForm, VigilanceForm
from soins.models import Vigilance
from soins.registre import vignette


@require_safe
@acces_dossier(Bloc.ANT, Action.RESUME)
def vigilances(request, dossier):
    h = request.habilitation
    contexte = {
        "titre": "Vigilances",
        "peut_saisir": h.peut_pour(dossier, Bloc.ANT, Action.SAISIR),
        "historique": lectures.historique(h, dossier),
        **lectures.du_dossier(h, dossier),
    }
    for v in contexte["en_cours"]:
        v.vignette = vignette(v)
    return rendre_dossier(request, dossier, "soins/vigilances.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ANT, Action.SAISIR)
def ajouter(request, dossier):
    formulaire = VigilanceForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.ajouter_vigilance(request.habilitation, dossier, **formulaire.champs)
            messages.success(request, f"Vigilance ajoutée pour {dossier.usager.nom_usuel}.")
            return redirect("soins:vigilances", dossier_id=dossier.pk)
    return _page(
        request, dossier, formulaire, f"Nouvelle vigilance pour {dossier.usager.nom_usuel}"
    )


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ANT, Action.SAISIR)
def modifier(request, dossier, vigilance_id):
    h, vigilance = request.habilitation, _vigilance(request, dossier, vigilance_id)
    formulaire = VigilanceForm(request.POST or None, objet=vigilance)
    if formulaire.is_valid():
        retour = reverse("soins:vigilances", args=[dossier.pk])
        lue = formulaire.cleaned_data["version"]
        with refus_dans(formulaire):
            services.modifier_vigilance(h, vigilance.pk, version_lue=lue, **formulaire.champs)
            messages.success(request, "Vigilance modifiée.")
            return redirect(retour)
        if conflit := conflit_de(formulaire):
            return conflits.repondre(request, formulaire, conflit, dossier=dossier, retour=retour)
    return _page(request, dossier, formulaire, f"Modifier « {vigilance.libelle} »")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ANT, Action.SAISIR)
def lever(request, dossier, vigilance_id):
    vigilance = _vigilance(request, dossier, vigilance_id)
    formulaire = LeveeForm(request.POST or None, initial={"version": vigilance.version})
    if formulaire.is_valid():
        donnees = formulaire.cleaned_data
        with refus_dans(formulaire):
            services.lever_vigilance(
                request.habilitation,
                vigilance.pk,
                version_lue=donnees["version"],
                motif=donnees["motif"],
            )
            messages.success(request, f"« {vigilance.libelle} » est levée.")
            return redirect("soins:vigilances", dossier_id=dossier.pk)
    contexte = {
        "titre": "Lever une vigilance",
        "titre_h1": f"Lever « {vigilance.libelle} » de {dossier.usager.nom_usuel} ?",
        "libelle_enregistrer": f"Lever pour {dossier.usager.nom_usuel}",
        "formulaire": formulaire,
        "vigilance": vigilance,
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(request, dossier, "soins/vigilance_lever.html", contexte, status=statut)


def _vigilance(request, dossier, vigilance_id) -> Vigilance:
    visibles = Vigilance.objects.visibles(request.habilitation, Action.SAISIR)
    return get_object_or_404(visibles, dossier=dossier, pk=vigilance_id, fin=None)


def _page(request, dossier, formulaire, titre):
    contexte = {
        "titre": "Vigilance",
        "titre_h1": titre,
        "formulaire": formulaire,
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(
        request, dossier, "soins/vigilance_formulaire.html", contexte, status=statut
    )
