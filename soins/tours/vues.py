"""The round of a unit: one page, one gesture."""

from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dui.socle import brouillons
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_jour
from dui.socle.journal import consigner
from dui.socle.refus import refus_dans
from habilitations import redaction
from habilitations.acces import acces_bloc
from habilitations.lieux import Lieu, lieu_de, unite_ou_404
from habilitations.pages import signature
from habilitations.pages_ecrites import page_ecrite
from soins.tours import cellules, lectures, listes, services, titres
from soins.tours.formulaires import TourForm

REMONTEE = timedelta(days=31)  # how far back a round may still be written


@require_safe
@acces_bloc(Bloc.AVQ, Action.SAISIR)
def tours(request):
    """The round in progress of my unit, or that of each unit of the house."""
    lieu = lieu_de(request)
    jour, moment = lectures.en_ce_moment()
    if lieu.unite:
        return redirect("soins:tour", lieu.unite.pk, jour.isoformat(), moment.code)
    contexte = {
        "titre": moment.titre,
        "lieu": lieu,
        "lignes": lectures.tours_du_moment(request.habilitation, lieu),
    }
    return render(request, "soins/tours/tours.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AVQ, Action.SAISIR)
def tour(request, unite_id, jour, moment):
    h = request.habilitation
    ici = _tour(request, unite_id, jour, moment)
    seulement = request.POST.get("seulement", "")
    formulaire = TourForm(request.POST or None, tour=ici, seulement=seulement)
    page = titres.du_tour(ici)
    contredits: list = []
    if formulaire.is_valid():
        with refus_dans(formulaire):
            bilan = services.valider_tour(
                h,
                unite=ici.unite,
                jour=ici.jour,
                moment=ici.moment,
                lignes=formulaire.lignes,
                fait_le=formulaire.fait_le,
                cle_saisie=formulaire.cleaned_data["cle_saisie"],
                transmettre=formulaire.cleaned_data["transmettre"],
            )
            if not bilan.contredits:
                return _repondre(request, formulaire, bilan, ici)
            contredits = bilan.contredits
            ici = _tour(request, unite_id, jour, moment)
            formulaire = TourForm(tour=ici)
    # First: it may read a draft into the initial values of the form.
    lieu = Lieu(ici.unite.etablissement, ici.unite)
    preparee = redaction.preparer(request, None, formulaire, page["titre"], lieu=lieu)
    contexte = page | {
        "tour": ici,
        "formulaire": formulaire,
        "redaction": replace(preparee, textes=" ".join(formulaire.noms)),
        "lignes": cellules.lignes(ici, formulaire),
        "entetes": [listes.court(c) for c in ici.colonnes],
        "contredits": [titres.du_desaccord(*c) for c in contredits],
        "navigation": titres.navigation(ici),
        "imprimer_url": reverse("soins:tour_imprimable", args=[unite_id, jour, moment]),
    }
    statut = 409 if contredits else 422 if formulaire.is_bound else 200
    return render(request, "soins/tours/tour.html", contexte, status=statut)


@require_safe
@acces_bloc(Bloc.AVQ)
def tour_imprimable(request, unite_id, jour, moment):
    ici = _tour(request, unite_id, jour, moment)
    consigner(request.habilitation, "imprimer", bloc=Bloc.AVQ, cible="tour")
    contexte = titres.du_tour(ici) | {
        "tour": ici,
        "lignes": titres.sur_papier(ici),
        "entetes": [listes.court(c) for c in ici.colonnes],
        "imprime_par": signature(request.habilitation),
        "retour": reverse("soins:tour", args=[unite_id, jour, moment]),
    }
    return render(request, "soins/tours/tour_imprimable.html", contexte)


def _tour(request, unite_id, jour, moment):
    unite = unite_ou_404(request.habilitation, unite_id)
    le, connu, aujourdhui = lire_jour(jour), listes.moments().get(moment), timezone.localdate()
    if not le or not connu or not aujourdhui - REMONTEE <= le <= aujourdhui + timedelta(days=1):
        raise Http404
    return lectures.tour(request.habilitation, unite, le, connu)


def _repondre(request, formulaire, bilan, ici):
    messages.success(request, titres.du_bilan(bilan))
    if bilan.deja:
        messages.info(request, titres.deja_ecrits(bilan.deja))
    if formulaire.seulement and (suite := _garder_le_reste(request, ici)):
        return redirect(suite)
    redaction.clore(request, None)
    return redirect(request.path)


def _garder_le_reste(request, ici) -> str:
    """One person validated: what is marked for the others stays, script or not."""
    gardees = request.POST.copy()
    for nom in ("seulement", "cle_saisie", "heure"):
        gardees.pop(nom, None)
    brouillon = brouillons.garder(
        request.habilitation,
        page=page_ecrite(request.path, Lieu(ici.unite.etablissement, ici.unite)),
        dossier=None,
        objet=request.POST.get(redaction.CHAMP_OBJET, "")[: redaction.LONGUEUR],
        donnees=gardees,
    )
    return brouillon.adresse_reprise if brouillon else ""
