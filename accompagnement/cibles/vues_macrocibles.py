"""Macro-targets: a structured account at a turning point of the stay, or before a call."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accompagnement import lectures as du_fil
from accompagnement import services
from accompagnement.cibles import catalogue
from accompagnement.cibles.formulaires import CorrectionMacroForm, MacrocibleForm
from accompagnement.models import Transmission
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans
from habilitations.acces import acces_dossier
from habilitations.pages import imprimer_dossier, rendre_dossier


@require_safe
@acces_dossier(Bloc.TRA, Action.SAISIR)
def choisir(request, dossier):
    contexte = {"titre": "Macrocible", "moments": catalogue.moments().values()}
    return rendre_dossier(request, dossier, "accompagnement/cibles/moments.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.TRA, Action.SAISIR)
def ecrire(request, dossier, macrocible):
    choisi = catalogue.moments().get(macrocible)
    if choisi is None:
        raise Http404
    formulaire = MacrocibleForm(request.POST or None, moment=choisi)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.ecrire_transmission(request.habilitation, dossier, **_donnees(formulaire))
            messages.success(request, f"{choisi.libelle} : enregistré.")
            return redirect(_retour(request, dossier))
    return _page(request, dossier, formulaire, choisi)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.TRA, Action.SAISIR)
def corriger(request, dossier, transmission_id):
    ligne = _trouver(request, dossier, transmission_id, Action.SAISIR)
    choisi = catalogue.moments().get(ligne.macrocible)
    if ligne.auteur_id != request.user.pk or choisi is None:
        raise Http404
    formulaire = CorrectionMacroForm(request.POST or None, moment=choisi, initial=_lue(ligne))
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.corriger_transmission(request.habilitation, ligne.pk, **_donnees(formulaire))
            messages.success(request, "Correction enregistrée. L’ancienne version reste lisible.")
            return redirect(_retour(request, dossier))
    return _page(request, dossier, formulaire, choisi)


def _page(request, dossier, formulaire, moment):
    contexte = {
        "titre": f"Macrocible : {moment.libelle}",
        "moment": moment,
        "formulaire": formulaire,
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
        "retour": _retour(request, dossier),
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(
        request, dossier, "accompagnement/cibles/macrocible.html", contexte, status=statut
    )


def _donnees(formulaire) -> dict:
    lues = formulaire.cleaned_data.items()
    return {c: v for c, v in lues if c not in ("heure", "jour")}


def _lue(ligne) -> dict:
    local = timezone.localtime(ligne.survenu_le)
    return {f"r_{code}": texte for code, texte in ligne.rubriques.items()} | {
        "heure": f"{local:%H:%M}",
        "jour": local.date().isoformat(),
        "importance": ligne.importance,
        "version_lue": ligne.version,
        "cle_saisie": uuid4(),
    }


def _retour(request, dossier) -> str:
    lit = request.habilitation.peut_pour(dossier, Bloc.TRA)
    page = "accompagnement:transmissions" if lit else "dossier"
    return reverse(page, args=[dossier.pk])


def _trouver(request, dossier, transmission_id, action=Action.VOIR) -> Transmission:
    visibles = Transmission.objects.visibles(request.habilitation, action)
    return get_object_or_404(visibles.select_related("auteur"), dossier=dossier, pk=transmission_id)


@require_safe
@acces_dossier(Bloc.TRA)
def imprimer(request, dossier, transmission_id):
    """One of them on a sheet, for the hospital or for the one who answers the call."""
    ligne = _trouver(request, dossier, transmission_id)
    du_fil.nommer_les_cibles([ligne])
    contexte = {
        "titre": "Transmission",
        "t": ligne,
        "retour": reverse("accompagnement:transmissions", args=[dossier.pk]),
    }
    return imprimer_dossier(
        request, dossier, "accompagnement/cibles/imprimable.html", contexte, bloc=Bloc.TRA
    )
