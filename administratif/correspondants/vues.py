from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from administratif.annuaire import lectures as annuaire
from administratif.correspondants import lectures, services
from administratif.correspondants.formulaires import CorrespondantForm, FinForm
from dui.socle.enums import Action, Bloc
from dui.socle.models import Correspondant
from dui.socle.refus import refus_dans
from habilitations import redaction
from habilitations.acces import acces_dossier
from habilitations.pages import imprimer_dossier, rendre_dossier

PAGE = "administratif:entourage_correspondants"


@require_safe
@acces_dossier(Bloc.ENT)
def correspondants(request, dossier):
    h = request.habilitation
    contexte = {
        "titre": "Correspondants",
        "peut_saisir": h.peut_pour(dossier, Bloc.ENT, Action.SAISIR),
        "correspondants": lectures.correspondants(h, dossier),
        "anciens": lectures.anciens(h, dossier),
    }
    return rendre_dossier(request, dossier, "administratif/correspondants/liste.html", contexte)


@require_safe
@acces_dossier(Bloc.ENT)
def imprimable(request, dossier):
    contexte = {
        "titre": "Correspondants",
        "correspondants": lectures.correspondants(request.habilitation, dossier),
        "retour": reverse(PAGE, args=[dossier.pk]),
    }
    gabarit = "administratif/correspondants/imprimable.html"
    return imprimer_dossier(request, dossier, gabarit, contexte, bloc=Bloc.ENT)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ENT, Action.SAISIR)
def ajouter(request, dossier):
    formulaire = CorrespondantForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            fait = services.ajouter_correspondant(
                request.habilitation, dossier, **formulaire.cleaned_data
            )
            return _revenir(request, dossier, f"{fait} est noté parmi les correspondants.")
    redaction.reprendre(request, dossier, formulaire)  # the line chosen, too
    trouves, choisi = annuaire.chercher(request.GET), formulaire["choix"].value() or ""
    lignes = (*trouves["lignes"], *trouves["proches"])
    listee = choisi.partition("|")[0] in {ligne["valeur"] for ligne in lignes}
    contexte = trouves | {
        "titre": "Correspondant",
        "titre_h1": f"Nouveau correspondant de {dossier.usager.nom_usuel}",
        "formulaire": formulaire,
        "choisi": choisi,
        "ligne_choisie": None if listee else annuaire.retrouver(choisi),
    }
    statut = 422 if formulaire.is_bound else 200
    gabarit = "administratif/correspondants/ajouter.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ENT, Action.SAISIR)
def terminer(request, dossier, correspondant_id):
    correspondant = _correspondant(request, dossier, correspondant_id)
    formulaire = FinForm(request.POST or None, initial={"version": correspondant.version})
    if formulaire.is_valid():
        saisi = dict(formulaire.cleaned_data)
        lue = saisi.pop("version")
        with refus_dans(formulaire):
            services.terminer_correspondant(
                request.habilitation, correspondant.pk, version_lue=lue, **saisi
            )
            return _revenir(request, dossier, f"Le suivi par {correspondant} est terminé.")
    contexte = {
        "titre": "Fin de suivi",
        "titre_h1": f"Terminer le suivi par {correspondant} ?",
        "formulaire": formulaire,
        "correspondant": correspondant,
    }
    statut = 422 if formulaire.is_bound else 200
    gabarit = "administratif/correspondants/terminer.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)


def _correspondant(request, dossier, correspondant_id) -> Correspondant:
    visibles = Correspondant.objects.visibles(request.habilitation, Action.SAISIR)
    lignes = visibles.filter(dossier=dossier, pk=correspondant_id, fin=None)
    if (correspondant := lignes.select_related("professionnel").first()) is None:
        raise Http404
    return correspondant


def _revenir(request, dossier, message):
    messages.success(request, message)
    return redirect(PAGE, dossier_id=dossier.pk)
