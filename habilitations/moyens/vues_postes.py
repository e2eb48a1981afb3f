"""The workstations of the houses that the account supervises."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dui.socle.enums import Action, Bloc
from dui.socle.models import Etablissement, Unite
from dui.socle.refus import refus_dans
from habilitations.acces import acces_bloc
from habilitations.models import DelaiVerrouillage, PosteDeTravail
from habilitations.moyens import delais, postes, sessions
from habilitations.moyens.formulaires import DelaiForm, EnrolementForm, PosteForm

encadrant = acces_bloc(Bloc.PAR, Action.ADMINISTRER)


def _etablissements(request):
    """Supervised whole."""
    return Etablissement.objects.filter(
        pk__in=request.habilitation.encadres.get("etablissement", ())
    )


def _unites(request):
    siennes = Q(pk__in=request.habilitation.encadres.get("unite", ()))
    return Unite.objects.filter(siennes | Q(etablissement__in=_etablissements(request)))


@encadrant
@require_http_methods(["GET", "POST"])
def postes_de_travail(request):
    """The list, and the form that makes a shared workstation of this very browser."""
    formulaire = EnrolementForm(
        request.POST or None, etablissements=_etablissements(request), unites=_unites(request)
    )
    if request.method == "POST" and (reponse := _enroler(request, formulaire)):
        return reponse
    h = request.habilitation
    contexte = {
        "formulaire": formulaire,
        "formulaire_delai": DelaiForm(etablissements=_etablissements(request)),
        "postes": PosteDeTravail.objects.visibles(h)
        .en_service()
        .select_related("etablissement", "unite", "enrole_par"),
        "delais": DelaiVerrouillage.objects.visibles(h)
        .select_related("etablissement", "role")
        .order_by("etablissement__nom", "role__ordre"),
        "ici": postes.poste_de(request),
    }
    return render(
        request, "moyens/postes.html", contexte, status=422 if formulaire.is_bound else 200
    )


def _enroler(request, formulaire):
    if not formulaire.is_valid():
        return None
    etablissement, unite = formulaire.lieu_choisi
    donnees = {n: formulaire.cleaned_data[n] for n in ("nom", "delai_minutes")}
    with refus_dans(formulaire):
        poste, secret = postes.enroler(
            request.habilitation, etablissement=etablissement, unite=unite, **donnees
        )
        messages.success(request, f"« {poste} » est enrôlé : son équipe peut s’y relayer.")
        reponse = redirect("postes")
        postes.poser_le_cookie(reponse, poste, secret)
        return reponse
    return None


def _poste(request, poste_id) -> PosteDeTravail:
    en_service = PosteDeTravail.objects.visibles(request.habilitation).en_service()
    return get_object_or_404(en_service, pk=poste_id)


@encadrant
@require_http_methods(["GET", "POST"])
def poste_de_travail(request, poste_de_travail_id):
    poste = _poste(request, poste_de_travail_id)
    initial = {"nom": poste.nom, "delai_minutes": poste.delai_minutes}
    formulaire = PosteForm(request.POST or None, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        with refus_dans(formulaire):
            postes.regler(request.habilitation, poste, **formulaire.cleaned_data)
            messages.success(request, f"« {poste} » est réglé.")
            return redirect("postes")
    contexte = {"poste": poste, "formulaire": formulaire}
    return render(
        request, "moyens/poste.html", contexte, status=422 if formulaire.is_bound else 200
    )


@encadrant
@require_POST
def poste_revoquer(request, poste_de_travail_id):
    poste = _poste(request, poste_de_travail_id)
    postes.revoquer(request.habilitation, poste)
    sessions.fermer_celles_du_poste(request, poste)
    messages.success(request, "Poste révoqué : personne ne s’y relaie plus.")
    return redirect("postes")


@encadrant
@require_POST
def delai_fixer(request):
    formulaire = DelaiForm(request.POST, etablissements=_etablissements(request))
    if formulaire.is_valid():
        delais.fixer(request.habilitation, **formulaire.cleaned_data)
        messages.success(request, "Délai de verrouillage enregistré.")
    else:
        messages.error(request, "Délai refusé : choisissez dans les listes.")
    return redirect("postes")
