"""Open a dossier in an emergency, close it, judge what was opened."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner_chacun
from dui.socle.refus import refus_dans
from habilitations.acces import acces_a_briser, acces_bloc, acces_dossier
from habilitations.bris import lectures, services
from habilitations.bris.formulaires import BriserForm, ChercherForm, RevueForm
from habilitations.bris.regles import REGLES
from habilitations.moyens import preuves


@never_cache
@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.BDG, Action.SAISIR)
def chercher(request):
    """By exact name and date of birth; posted, so that no name stays in an address."""
    formulaire = ChercherForm(request.POST or None)
    contexte = {"formulaire": formulaire, "possible": request.habilitation.peut_briser}
    if formulaire.is_valid():
        contexte["trouves"] = lectures.candidats(request.habilitation, **formulaire.cleaned_data)
        contexte["cherche"] = True
    return render(request, "habilitations/bris/chercher.html", contexte, status=_statut(formulaire))


@never_cache
@require_http_methods(["GET", "POST"])
@acces_a_briser
def ouvrir(request, dossier):
    h = request.habilitation
    formulaire = BriserForm(request.POST or None, compte=request.user)
    if formulaire.is_bound and preuves.donnee(request, formulaire):
        donnees = formulaire.cleaned_data
        try:
            services.ouvrir(h, dossier, code_motif=donnees["code_motif"], motif=donnees["motif"])
        except ValidationError as erreur:
            formulaire.add_error("motif", erreur)
        else:
            return redirect("dossier", dossier_id=dossier.pk)
    contexte = {"formulaire": formulaire, "dossier_a_ouvrir": dossier, "regles": REGLES}
    return render(request, "habilitations/bris/ouvrir.html", contexte, status=_statut(formulaire))


def _statut(formulaire) -> int:
    return 422 if formulaire.is_bound and formulaire.errors else 200


@require_POST
@acces_dossier(Bloc.ID, Action.RESUME)
def fermer(request, dossier):
    bris = request.habilitation.bris_de_glace(dossier)
    if bris is None:
        raise Http404
    services.fermer(request.habilitation, bris)
    messages.success(request, "Bris de glace fermé. Le dossier ne vous est plus ouvert.")
    return redirect("accueil")


@require_safe
@acces_bloc(Bloc.BDG, Action.VALIDER)
def revue(request):
    file = lectures.file_de_revue(request.habilitation)
    montres = {b.dossier_id: b.dossier for lignes in file.values() for b in lignes}
    _consigner_revue(request, montres.values())
    contexte = file | {"regles": REGLES}
    return render(request, "habilitations/bris/revue.html", contexte)


@never_cache
@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.BDG, Action.VALIDER)
def conclure(request, cle):
    bris = get_object_or_404(
        lectures.a_revoir_par(request.habilitation).select_related("compte", "dossier__usager"),
        cle=cle,
    )
    _consigner_revue(request, [bris.dossier])
    formulaire = RevueForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.conclure(request.habilitation, bris, **formulaire.cleaned_data)
            messages.success(request, "Bris de glace revu.")
            return redirect(reverse("bris_de_glace:revue"))
        bris.refresh_from_db(fields=("conclusion", "commentaire", "revu_le", "revu_par"))
    contexte = {
        "formulaire": formulaire,
        "bris_revu": lectures.presenter([bris])[0],
        "actes": lectures.actes(bris),
        "journal_ouvert": request.habilitation.peut_pour(bris.dossier, Bloc.AUD),
    }
    return render(request, "habilitations/bris/conclure.html", contexte, status=_statut(formulaire))


def _consigner_revue(request, dossiers) -> None:
    """The reviewer reads a name and what was written about it: on each record's journal."""
    page = request.resolver_match.view_name
    consigner_chacun(
        request.habilitation,
        Action.RESUME,
        dossiers,
        bloc=Bloc.BDG,
        cible=page,
        titre=lectures.REVUE,
    )
