"""Move a meeting, change who comes and of whom one speaks, or give it up."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from coordination.models import PointReunion, Reunion
from coordination.reunions import lectures
from coordination.reunions import services_changement as services
from coordination.reunions.formulaires import AnnulerReunionForm, ReunionForm
from coordination.reunions.vues import dont_on_parle
from dui.socle.enums import Action, Bloc
from dui.socle.refus import conflit_de, refus_dans, statut
from habilitations import redaction
from habilitations.acces import acces_bloc
from habilitations.conflits import repondre
from habilitations.lieux import Lieu
from habilitations.pages import rendre_maison

REFUS = "Votre rôle ne permet pas de changer cette réunion."


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.PP, Action.SAISIR)
def modifier(request, reunion_id):
    h, reunion = request.habilitation, _a_changer(request, reunion_id)
    formulaire = ReunionForm(
        request.POST or None,
        etablissement=reunion.etablissement,
        presents=_personnes(h, reunion),
        objet=reunion,
    )

    def garder():
        lue, saisie = formulaire.cleaned_data["version"], formulaire.saisie
        services.modifier(h, reunion.pk, version_lue=lue, **saisie)

    titre = f"Modifier « {reunion.titre} »"
    return _page(request, reunion, formulaire, garder, titre, "nouvelle", "Réunion modifiée")


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.PP, Action.SAISIR)
def annuler(request, reunion_id):
    h, reunion = request.habilitation, _a_changer(request, reunion_id)
    formulaire = AnnulerReunionForm(request.POST or None, objet=reunion)

    def garder():
        lue, motif = formulaire.cleaned_data["version"], formulaire.cleaned_data["motif"]
        services.annuler(h, reunion.pk, version_lue=lue, motif=motif)

    titre = f"Annuler « {reunion.titre} »"
    return _page(request, reunion, formulaire, garder, titre, "annuler", "Réunion annulée")


def _page(request, reunion, formulaire, garder, titre, gabarit, fait):
    retour = reverse("coordination:reunion", args=[reunion.pk])
    if not reunion.prevue:
        redaction.trop_tard(request, None, services.PLUS_PREVUE)
        return redirect(retour)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            garder()
            messages.success(request, f"{fait} : ceux qui étaient convoqués sont prévenus.")
            redaction.clore(request, None)
            return redirect(retour)
        if conflit := conflit_de(formulaire):
            return repondre(request, formulaire, conflit, retour=retour)
    contexte = {"titre": titre, "formulaire": formulaire, "reunion": reunion, "retour": retour}
    gabarit = f"coordination/reunions/{gabarit}.html"
    lieu = Lieu(reunion.etablissement, reunion.unite)
    return rendre_maison(request, gabarit, contexte, lieu=lieu, status=statut(formulaire))


def _a_changer(request, reunion_id) -> Reunion:
    visibles = Reunion.objects.visibles(request.habilitation)
    reunion = get_object_or_404(visibles.select_related("etablissement", "unite"), pk=reunion_id)
    if not lectures.ecrit(request.habilitation, reunion):
        raise PermissionDenied(REFUS)
    return reunion


def _personnes(habilitation, reunion) -> list[tuple[str, str]]:
    """Those who are here, and those already of the list who left."""
    ici = dont_on_parle(habilitation, Lieu(reunion.etablissement, reunion.unite))
    deja = PointReunion.objects.visibles(habilitation, Action.SAISIR).filter(reunion=reunion)
    connus = {cle for cle, _ in ici}
    lignes = deja.select_related("dossier__usager").order_by("pk")
    autres = [(str(p.dossier_id), p.dossier.usager.nom_affiche) for p in lignes]
    return ici + [a for a in autres if a[0] not in connus]
