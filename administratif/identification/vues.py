from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from administratif.identification import lectures, pieces, services
from administratif.identification.formulaires import (
    ANNULER,
    PREFIXE,
    ControleForm,
    JugementForm,
    SignalementForm,
)
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.refus import refuser
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier

A_RELIRE = (
    "Cette identité a changé depuis que vous l’avez lue, rien n’est enregistré : relisez-la, puis "
    "envoyez de nouveau."
)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.ID, Action.SAISIR)
def valider(request, dossier):
    h, usager = request.habilitation, dossier.usager
    if usager.identite_validee:
        messages.info(request, "Cette identité est déjà validée.")
        return redirect("administratif:identite", dossier_id=dossier.pk)

    def fabriquer(donnees, usager):
        permises = pieces.pour(h, dossier, usager)
        traits = lectures.traits_a_comparer(usager)
        return ControleForm(donnees, objet=usager, pieces=permises, traits=traits)

    def enregistrer(formulaire, version):
        controle = services.controler_piece(h, dossier, version_lue=version, **formulaire.champs)
        if controle.differents:
            return (
                "Contrôle noté : un trait diffère, l’identité n’est pas validée. Corrigez-la si "
                "la pièce a raison, signalez un doute sinon."
            )
        return f"Contrôle noté : identité {controle.get_statut_apres_display().lower()}."

    return _page(request, dossier, fabriquer, enregistrer, "identification/valider.html")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.IDV, Action.SAISIR)
def signaler(request, dossier):
    return _attribut(request, dossier, SignalementForm, "Signaler")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.IDV, Action.VALIDER)
def juger(request, dossier):
    return _attribut(request, dossier, JugementForm, "Décider pour")


def _attribut(request, dossier, classe, verbe):
    def fabriquer(donnees, usager):
        return classe(donnees, objet=usager)

    def enregistrer(formulaire, version):
        cause, motif = formulaire.cleaned_data["cause"], formulaire.cleaned_data["motif"]
        h = request.habilitation
        if cause == ANNULER:
            services.annuler_controle(h, dossier, version_lue=version, motif=motif)
        else:
            services.changer_attribut(h, dossier, version_lue=version, cause=cause, motif=motif)
        return "Enregistré, l’ancienne version reste dans l’historique."

    titre = f"{verbe} {dossier.usager.nom_affiche}"
    return _page(request, dossier, fabriquer, enregistrer, "identification/attribut.html", titre)


def _page(request, dossier, fabriquer, enregistrer, gabarit, titre=""):
    """`fabriquer(data, usager)`: the form, about this person as they are now."""
    formulaire = fabriquer(request.POST or None, dossier.usager)
    statut = 422 if formulaire.is_bound else 200
    if formulaire.is_valid():
        try:
            fait = enregistrer(formulaire, formulaire.cleaned_data["version"])
        except ConflitDeVersion as conflit:
            statut, dossier.usager = 409, conflit.actuel
            formulaire = fabriquer(_a_relire(request.POST, conflit.actuel), conflit.actuel)
            formulaire.add_error(None, A_RELIRE)
        except ValidationError as erreur:
            refuser(formulaire, erreur)
        else:
            messages.success(request, fait)
            return redirect("administratif:identite", dossier_id=dossier.pk)
    contexte = {"titre": "Administratif", "formulaire": formulaire, "titre_h1": titre}
    contexte["collision_url"] = ""
    if isinstance(formulaire, SignalementForm):
        contexte["collision_url"] = reverse("doublons:collision", args=[dossier.pk])
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)


def _a_relire(postees, usager):
    """What was typed stays; what was compared with former traits has to be compared again."""
    donnees = postees.copy()
    for nom in [n for n in donnees if n.startswith(PREFIXE)]:
        del donnees[nom]
    donnees["version"] = usager.version
    return donnees
