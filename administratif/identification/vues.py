from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from administratif.identification import lectures, pieces, services
from administratif.identification.formulaires import (
    ANNULER,
    ControleForm,
    JugementForm,
    SignalementForm,
)
from dui.socle.champs import refuser
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from habilitations import conflits
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ID, Action.SAISIR)
def valider(request, dossier):
    h, usager = request.habilitation, dossier.usager
    if usager.identite_validee:
        messages.info(request, "Cette identité est déjà validée.")
        return redirect("administratif:identite", dossier_id=dossier.pk)
    formulaire = ControleForm(
        request.POST or None,
        objet=usager,
        pieces=pieces.pour(h, dossier, usager),
        traits=lectures.traits_a_comparer(usager),
    )

    def enregistrer(version):
        controle = services.controler_piece(h, dossier, version_lue=version, **formulaire.champs)
        if controle.differents:
            return (
                "Contrôle noté : un trait diffère, l’identité n’est pas validée. Corrigez-la si "
                "la pièce a raison, signalez un doute sinon."
            )
        return f"Contrôle noté : identité {controle.get_statut_apres_display().lower()}."

    return _page(request, dossier, formulaire, enregistrer, "identification/valider.html")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.IDV, Action.SAISIR)
def signaler(request, dossier):
    formulaire = SignalementForm(request.POST or None, objet=dossier.usager)
    return _attribut(request, dossier, formulaire, f"Signaler {dossier.usager.nom_affiche}")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.IDV, Action.VALIDER)
def juger(request, dossier):
    formulaire = JugementForm(request.POST or None, objet=dossier.usager)
    return _attribut(request, dossier, formulaire, f"Décider pour {dossier.usager.nom_affiche}")


def _attribut(request, dossier, formulaire, titre):
    def enregistrer(version):
        cause, motif = formulaire.cleaned_data["cause"], formulaire.cleaned_data["motif"]
        h = request.habilitation
        if cause == ANNULER:
            services.annuler_controle(h, dossier, version_lue=version, motif=motif)
        else:
            services.changer_attribut(h, dossier, version_lue=version, cause=cause, motif=motif)
        return "Enregistré, l’ancienne version reste dans l’historique."

    return _page(request, dossier, formulaire, enregistrer, "identification/attribut.html", titre)


def _page(request, dossier, formulaire, enregistrer, gabarit, titre=""):
    retour = reverse("administratif:identite", args=[dossier.pk])
    if formulaire.is_bound and formulaire.is_valid():
        try:
            fait = enregistrer(formulaire.cleaned_data["version"])
        except ConflitDeVersion as conflit:
            return conflits.repondre(request, formulaire, conflit, dossier=dossier, retour=retour)
        except ValidationError as erreur:
            refuser(formulaire, erreur)
        else:
            messages.success(request, fait)
            return redirect(retour)
    contexte = {"titre": "Administratif", "formulaire": formulaire, "titre_h1": titre}
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)
