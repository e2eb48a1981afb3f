"""The matrix of rights: read by who oversees, adjusted by who administers."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from habilitations.acces import acces_bloc
from habilitations.exports import reponse_csv
from habilitations.models import Role
from habilitations.reglages import lectures, services

lire, regler = acces_bloc(Bloc.PAR), acces_bloc(Bloc.PAR, Action.SAISIR)


class ReglageForm(forms.Form):
    bloc = forms.ChoiceField(label="Partie du dossier", choices=Bloc.choices)
    action = forms.ChoiceField(label="Action", choices=Action.choices)
    accorde = forms.TypedChoiceField(
        label="Changement",
        choices=[("", "Choisir"), ("oui", "Accorder"), ("non", "Retirer")],
        coerce=lambda v: v == "oui",
    )
    motif = forms.CharField(
        label="Pourquoi", max_length=200, help_text="Lu par le DPO et dans l’historique."
    )


@require_safe
@lire
def matrice(request):
    organisme = lectures.organisme(request.habilitation)
    contexte = {
        "titre": "Matrice des droits",
        "organisme": organisme,
        "tableaux": lectures.tableaux(organisme),
        "lettres": [(lettre, Action(action).label) for action, lettre in lectures.LETTRES.items()],
        "notes": lectures.notes().items(),
        "reglages": lectures.reglages(organisme),
        "peut_regler": request.habilitation.peut(Bloc.PAR, Action.SAISIR),
        "peut_simuler": request.habilitation.peut(Bloc.PAR, Action.ADMINISTRER),
    }
    return render(request, "habilitations/matrice/matrice.html", contexte)


@require_safe
@lire
def matrice_csv(request):
    organisme = lectures.organisme(request.habilitation)
    consigner(request.habilitation, "exporter", bloc=Bloc.PAR, cible="matrice")
    return reponse_csv(lectures.lignes_csv(organisme), "matrice-des-droits.csv")


@require_http_methods(["GET", "POST"])
@regler
def matrice_role(request, role):
    role = get_object_or_404(Role, pk=role)
    formulaire = ReglageForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.regler(request.habilitation, role=role, **formulaire.cleaned_data)
        except (ValidationError, PermissionDenied) as refus:
            _refuser(request, formulaire, refus)
        else:
            messages.success(request, "Le droit est changé, dès maintenant et sur chaque page.")
            return redirect("matrice_role", role=role.pk)
    organisme = lectures.organisme(request.habilitation, Action.SAISIR)
    cases = lectures.matrice(organisme, role=role)
    contexte = {
        "titre": role.libelle,
        "role": role,
        "formulaire": formulaire,
        "lignes": [(bloc, cases[role.pk, bloc.value]) for bloc in Bloc],
        "reglages": lectures.reglages(organisme, role=role),
        "notes": lectures.notes().items(),
        "fige": _fige(request.habilitation, role),
        "peut_simuler": role.acteur != Role.Acteur.PORTAIL
        and request.habilitation.peut(Bloc.PAR, Action.ADMINISTRER),
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "habilitations/matrice/role.html", contexte, status=statut)


def _fige(habilitation, role) -> str:
    if role.pk in habilitation.roles:
        return services.SON_ROLE
    return services.PORTAIL if role.acteur == Role.Acteur.PORTAIL else ""


def _refuser(request, formulaire, refus) -> None:
    if isinstance(refus, PermissionDenied):
        request.acces_refuse = (Bloc.PAR, Action.SAISIR, None)  # journaled by the middleware
        formulaire.add_error(None, str(refus))
    else:
        formulaire.add_error(None, refus)


@require_POST
@regler
def matrice_origine(request, role):
    role = get_object_or_404(Role, pk=role)
    try:
        nombre = services.revenir_a_l_origine(request.habilitation, role=role)
    except PermissionDenied:
        request.acces_refuse = (Bloc.PAR, Action.SAISIR, None)
        raise
    messages.success(request, f"Matrice d’origine pour ce rôle : changements retirés, {nombre}.")
    return redirect("matrice_role", role=role.pk)
