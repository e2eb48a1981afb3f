"""Meetings of the house; in each record, the part of that person."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.boite.vues import tracer
from coordination.evenements.formulaires_eig import ActionForm
from coordination.models import PointReunion, Reunion
from coordination.reunions import lectures, services
from coordination.reunions.formulaires import PointForm, ReunionForm
from dui.socle.enums import Action, Bloc
from dui.socle.refus import conflit_de, refus_dans, statut
from habilitations import redaction
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.conflits import repondre
from habilitations.lieux import lieu_d_ecriture, lieu_de, presents
from habilitations.pages import imprimer_dossier, rendre_dossier, rendre_maison


@require_safe
@acces_bloc(Bloc.PP)
def liste(request):
    h, lieu = request.habilitation, lieu_de(request)
    contexte = {"lieu": lieu, "saisit": h.peut(Bloc.PP, Action.SAISIR)} | lectures.liste(h, lieu)
    return render(request, "coordination/reunions/liste.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.PP, Action.SAISIR)
def nouvelle(request):
    h, lieu = request.habilitation, lieu_d_ecriture(request)
    formulaire = ReunionForm(
        request.POST or None, etablissement=lieu.etablissement, presents=dont_on_parle(h, lieu)
    )
    if formulaire.is_valid():
        with refus_dans(formulaire):
            reunion = services.convoquer(h, lieu=lieu, **formulaire.saisie)
            messages.success(request, "Réunion convoquée.")
            redaction.clore(request, None)
            return redirect("coordination:reunion", reunion_id=reunion.pk)
    contexte = {
        "titre": "Convoquer une réunion",
        "formulaire": formulaire,
        "lieu": lieu,
        "retour": reverse("coordination:reunions"),
    }
    gabarit = "coordination/reunions/nouvelle.html"
    return rendre_maison(request, gabarit, contexte, status=statut(formulaire))


def dont_on_parle(habilitation, lieu) -> list[tuple[str, str]]:
    ici = presents(habilitation, lieu)
    connus = habilitation.ouverts(ici, Bloc.PP, Action.SAISIR)
    return [(str(s.dossier_id), _avec_sa_chambre(s)) for s in ici if s.dossier_id in connus]


def _avec_sa_chambre(sejour) -> str:
    """« 33 · YILMAZ Emine »: two persons may bear one name."""
    nom = sejour.dossier.usager.nom_affiche
    return f"{sejour.place} · {nom}" if sejour.place else nom


@require_safe
@acces_bloc(Bloc.PP)
def voir(request, reunion_id):
    visibles = Reunion.objects.visibles(request.habilitation).filter(pk=reunion_id)
    reunion = visibles.select_related("unite", "animee_par", "etablissement").first()
    if reunion is None:
        raise Http404
    points = lectures.points(request.habilitation, reunion)
    tracer(request, points)
    contexte = {
        "reunion": reunion,
        "participants": lectures.participants(reunion),
        "points": points,
        "change": reunion.prevue and lectures.ecrit(request.habilitation, reunion),
    }
    return render(request, "coordination/reunions/voir.html", contexte)


# ---------------------------------------------------------------- one person


@require_safe
@acces_dossier(Bloc.PP)
def du_dossier(request, dossier):
    contexte = {
        "titre": "Réunions",
        "points": lectures.du_dossier(request.habilitation, dossier),
    }
    return rendre_dossier(request, dossier, "coordination/reunions/du_dossier.html", contexte)


@require_safe
@acces_dossier(Bloc.PP)
def point(request, dossier, point_reunion_id):
    return _page(request, dossier, _point(request, dossier, point_reunion_id))


@require_safe
@acces_dossier(Bloc.PP)
def point_imprimable(request, dossier, point_reunion_id):
    trouve = _point(request, dossier, point_reunion_id)
    contexte = {
        "titre": str(trouve.reunion),
        "point": trouve,
        "participants": lectures.participants(trouve.reunion),
        "actions": lectures.actions(request.habilitation, trouve),
        "retour": f"/dossiers/{dossier.pk}/reunions/{trouve.pk}/",
    }
    gabarit = "coordination/reunions/point_imprimable.html"
    return imprimer_dossier(request, dossier, gabarit, contexte, bloc=Bloc.PP)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def ecrire(request, dossier, point_reunion_id):
    trouve = _point(request, dossier, point_reunion_id)
    formulaire = PointForm(request.POST or None, objet=trouve)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.ecrire(request.habilitation, dossier, trouve.pk, **formulaire.saisie)
            messages.success(request, "Compte rendu enregistré dans le dossier.")
            return _vers(dossier, trouve)
        if conflit := conflit_de(formulaire):
            retour = reverse("coordination:reunion_point_voir", args=[dossier.pk, trouve.pk])
            return repondre(request, formulaire, conflit, dossier=dossier, retour=retour)
    contexte = {"titre": "Compte rendu de réunion", "point": trouve, "formulaire": formulaire}
    gabarit = "coordination/reunions/ecrire.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut(formulaire))


@require_POST
@acces_dossier(Bloc.PP, Action.SAISIR)
def confier(request, dossier, point_reunion_id):
    trouve = _point(request, dossier, point_reunion_id)
    formulaire = _action(trouve, request.POST)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.confier(request.habilitation, dossier, trouve.pk, **formulaire.saisie)
            messages.success(request, "Confié : la demande est dans sa boîte.")
            return _vers(dossier, trouve)
    return _page(request, dossier, trouve, action=formulaire, statut=422)


def _vers(dossier, trouve):
    return redirect(
        "coordination:reunion_point_voir", dossier_id=dossier.pk, point_reunion_id=trouve.pk
    )


def _point(request, dossier, point_reunion_id) -> PointReunion:
    points = PointReunion.objects.visibles(request.habilitation).filter(dossier=dossier)
    points = points.select_related("reunion__etablissement", "reunion__unite", "ecrit_par")
    return get_object_or_404(points, pk=point_reunion_id)


def _action(trouve, donnees=None) -> ActionForm:
    reunion = trouve.reunion
    return ActionForm(donnees, etablissement=reunion.etablissement, unite=reunion.unite)


def _page(request, dossier, trouve, *, action=None, statut=200):
    annulee = trouve.reunion.etat == Reunion.Etat.ANNULEE
    saisit = not annulee and request.habilitation.peut_pour(dossier, Bloc.PP, Action.SAISIR)
    contexte = {
        "titre": str(trouve.reunion),
        "point": trouve,
        "participants": lectures.participants(trouve.reunion),
        "actions": lectures.actions(request.habilitation, trouve),
        "saisit": saisit,
        "refuse": action,
        "action": (action or _action(trouve)) if saisit else None,
    }
    gabarit = "coordination/reunions/point.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)
