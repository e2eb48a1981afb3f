from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from administratif import lectures, services
from administratif.forms import PlaceForm, RetraitForm, SortieForm
from dui.socle.enums import Action, Bloc
from dui.socle.models import Sejour
from dui.socle.refus import refus_dans
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ADM, Action.SAISIR)
def place(request, dossier, sejour_id):
    sejour = _sejour(request, dossier, sejour_id, fini=False)
    formulaire = PlaceForm(
        request.POST or None,
        initial={"version": sejour.version},
        places=lectures.places_libres(sejour),
    )
    return _acte(
        request,
        dossier,
        sejour,
        formulaire,
        services.changer_de_place,
        titre=f"Changer {dossier.usager.nom_usuel} de chambre",
        fait="Changement de chambre noté.",
    )


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ADM, Action.SAISIR)
def sortie(request, dossier, sejour_id):
    sejour = _sejour(request, dossier, sejour_id, fini=False)
    formulaire = SortieForm(request.POST or None, initial={"version": sejour.version})
    return _acte(
        request,
        dossier,
        sejour,
        formulaire,
        services.noter_sortie,
        titre=f"Noter la sortie de {dossier.usager.nom_usuel}",
        fait=f"Sortie notée. L’équipe garde l’accès {sejour.etablissement.delai_fermeture_jours}"
        " jours.",
    )


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ADM, Action.SAISIR)
def annuler_sortie(request, dossier, sejour_id):
    sejour = _sejour(request, dossier, sejour_id, fini=True)
    formulaire = RetraitForm(request.POST or None, initial={"version": sejour.version})
    return _acte(
        request,
        dossier,
        sejour,
        formulaire,
        services.annuler_sortie,
        titre=f"Annuler la sortie de {dossier.usager.nom_usuel} ?",
        fait="Sortie annulée : le séjour est de nouveau en cours.",
    )


def _sejour(request, dossier, sejour_id, *, fini) -> Sejour:
    visibles = Sejour.objects.visibles(request.habilitation, Action.SAISIR)
    sejour = (
        visibles.filter(dossier=dossier, pk=sejour_id, sortie_le__isnull=not fini)
        .select_related("etablissement", "unite", "place")
        .first()
    )
    if sejour is None:
        raise Http404
    return sejour


def _acte(request, dossier, sejour, formulaire, service, *, titre, fait):
    """One act on a stay: the form, the service, then back to the page."""
    if formulaire.is_valid():
        donnees = dict(formulaire.cleaned_data)
        version_lue = donnees.pop("version")
        with refus_dans(formulaire):
            service(request.habilitation, sejour.pk, version_lue=version_lue, **donnees)
            messages.success(request, fait)
            return redirect("administratif:identite", dossier_id=dossier.pk)
    contexte = {
        "titre": "Séjour",
        "titre_h1": titre,
        "formulaire": formulaire,
        "sejour": sejour,
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(
        request, dossier, "administratif/sejour_formulaire.html", contexte, status=statut
    )
