from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accompagnement.cibles import lectures, services
from accompagnement.cibles.formulaires import SUIVIE, ClotureForm, RelanceForm, ReouvertureForm
from accompagnement.models import Cible
from accompagnement.photos import lectures as photos
from dui.socle.enums import Action, Bloc
from dui.socle.pagination import trancher
from dui.socle.refus import conflit_de, refus_dans, statut
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.lieux import lieu_de
from habilitations.pages import rendre_dossier


@require_safe
@acces_bloc(Bloc.TRA)
def cibles_du_lieu(request):
    """Open targets of the ward, those to relaunch first."""
    lieu = lieu_de(request)
    ouvertes = lectures.du_lieu(request.habilitation, lieu)
    contexte = {
        "lieu": lieu,
        "a_relancer": [c for c in ouvertes if c.en_retard],
        "autres": [c for c in ouvertes if not c.en_retard],
    }
    return render(request, "accompagnement/cibles/du_lieu.html", contexte)


@require_safe
@acces_dossier(Bloc.TRA)
def cibles(request, dossier):
    contexte = lectures.de_la_personne(request.habilitation, dossier)
    contexte |= {"titre": "Cibles", "suivie": SUIVIE}
    return rendre_dossier(request, dossier, "accompagnement/cibles/liste.html", contexte)


@require_safe
@acces_dossier(Bloc.TRA)
def cible(request, dossier, cible_id):
    """The thread of one target."""
    ligne = _trouver(request, dossier, cible_id)
    tranche = trancher(lectures.fil(request.habilitation, ligne), request, champ="survenu_le")
    photos.ajouter_aux_lignes(tranche.lignes)
    contexte = {"titre": ligne.titre, "cible": ligne, "suivie": SUIVIE, "tranche": tranche}
    return rendre_dossier(request, dossier, "accompagnement/cibles/voir.html", contexte)


def _trouver(request, dossier, cible_id) -> Cible:
    """Who writes without reading the others knows no target."""
    visibles = Cible.objects.visibles(request.habilitation)
    return get_object_or_404(visibles, dossier=dossier, pk=cible_id)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.TRA, Action.SAISIR)
def clore(request, dossier, cible_id):
    ligne = _trouver(request, dossier, cible_id)
    return _geste(request, dossier, ligne, ClotureForm, services.clore, "Clore la cible")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.TRA, Action.SAISIR)
def rouvrir(request, dossier, cible_id):
    ligne = _trouver(request, dossier, cible_id)
    return _geste(request, dossier, ligne, ReouvertureForm, services.rouvrir, "Rouvrir la cible")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.TRA, Action.SAISIR)
def relancer(request, dossier, cible_id):
    ligne = _trouver(request, dossier, cible_id)
    return _geste(request, dossier, ligne, RelanceForm, services.relancer, "Choisir la relance")


def _geste(request, dossier, ligne, classe, service, titre):
    initial = {"version_lue": ligne.version, "relance_le": ligne.relance_le}
    formulaire = classe(request.POST or None, initial=initial)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            service(request.habilitation, dossier, ligne.pk, **formulaire.cleaned_data)
            messages.success(request, f"{ligne.titre} : enregistré.")
            return redirect("accompagnement:transmission_cible", dossier.pk, ligne.pk)
    if conflit := conflit_de(formulaire):
        formulaire.montrer_le_conflit(conflit.actuel)
    fil = lectures.fil(request.habilitation, ligne)
    contexte = {
        "titre": titre,
        "cible": ligne,
        "formulaire": formulaire,
        "dernieres": fil.order_by("-survenu_le", "-pk")[: lectures.DERNIERES],
        "retour": reverse("accompagnement:transmission_cible", args=[dossier.pk, ligne.pk]),
    }
    gabarit = "accompagnement/cibles/geste.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut(formulaire))
