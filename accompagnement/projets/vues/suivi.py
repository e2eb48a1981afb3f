"""A project that is lived: agreements, reviews, states."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accompagnement.models import ElementProjet, Projet
from accompagnement.projets import contenu as contenus
from accompagnement.projets import lectures, services, services_suivi
from accompagnement.projets.formulaires_suivi import (
    AccordForm,
    BilanForm,
    RevisionForm,
    StatutForm,
    SuiviForm,
)
from accompagnement.projets.vues.communs import en_vigueur_de, trouver
from dui.socle import codes
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def accords(request, dossier, projet_id):
    projet, version = _en_vigueur(request, dossier, projet_id)
    formulaire = AccordForm(request.POST or None, initial=_qui_parle(version))

    def garder(donnees):
        services_suivi.noter_accord(request.habilitation, projet.pk, dossier, **donnees)
        return "Noté. Un autre accord peut suivre."

    contexte = {
        "titre": f"Accords sur la version {version.numero}",
        "version": version,
        "accords": lectures.accords(version),
    }
    contexte["suite"] = request.path  # another agreement may follow
    return _page(request, dossier, projet, formulaire, garder, contexte, "accords")


def _qui_parle(version) -> dict:
    """The first participant who has said nothing yet."""
    dits = {a.qui.casefold() for a in lectures.accords(version)["dits"]}
    parties = {c.code: c.proprietes["partie"] for c in codes.codes("qualite_accord").values()}
    for p in contenus.elements(version.contenu, "participant"):
        if p["nom"].casefold() not in dits and p.get("qualite") in parties:
            qualite = p["qualite"]
            return {"qui": p["nom"], "qualite": qualite, "partie": parties[qualite],
                    "version_lue": version.numero}  # fmt: skip
    return {"version_lue": version.numero}


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def bilan(request, dossier, projet_id):
    projet, version = _en_vigueur(request, dossier, projet_id)
    lecteur = lectures.Lecteur(version, lectures.vie(request.habilitation, dossier, projet))
    vivants = [o for o in lecteur.objectifs if not o.abandonne]
    prochain = services_suivi.prochain_bilan(projet, timezone.localdate())
    formulaire = BilanForm(request.POST or None, objectifs=vivants, prochain=prochain)

    def garder(donnees):
        services_suivi.tenir_un_bilan(
            request.habilitation,
            projet.pk,
            dossier,
            cle_saisie=donnees["cle_saisie"],
            points=formulaire.points,
            **formulaire.bilan,
        )
        return "Bilan enregistré. S’il change le projet, préparez une nouvelle version."

    contexte = {"titre": "Faire le bilan", "version": version}
    return _page(request, dossier, projet, formulaire, garder, contexte, "bilan")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def suivre(request, dossier, projet_id, element_id):
    projet, version = _en_vigueur(request, dossier, projet_id)
    trouve = next(
        (g for g, e in contenus.suivis(version.contenu) if e["id"] == str(element_id)), ""
    )
    if not trouve or not ElementProjet.objects.filter(projet=projet, pk=element_id).exists():
        raise Http404
    element = contenus.trouver(version.contenu, trouve, element_id) or {}
    formulaire = SuiviForm(request.POST or None)
    request.ajoute = True  # a step beside the others: the drafts of this page are several texts

    def garder(donnees):
        services_suivi.noter_suivi(
            request.habilitation, projet.pk, dossier, element=element_id, **donnees
        )
        return "Point d’étape noté."

    contexte = {
        "titre": "Noter où l’on en est",
        "sous_titre": contenus.GENRES[trouve].nom_de(element),
        "libelle_enregistrer": "Noter",
    }
    return _page(request, dossier, projet, formulaire, garder, contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def etat(request, dossier, projet_id):
    projet = trouver(request, dossier, projet_id, Action.SAISIR)
    possibles = services.TRANSITIONS[Projet.Statut(projet.statut)]
    formulaire = StatutForm(request.POST or None, possibles=possibles)

    def garder(donnees):
        services.changer_de_statut(request.habilitation, projet.pk, dossier, **donnees)
        return "État du projet changé."

    contexte = {
        "titre": "Changer l’état du projet",
        "sous_titre": projet.titre,
        "libelle_enregistrer": "Changer l’état",
    }
    return _page(request, dossier, projet, formulaire, garder, contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def revision(request, dossier, projet_id):
    projet = trouver(request, dossier, projet_id, Action.SAISIR)
    formulaire = RevisionForm(request.POST or None, projet=projet)

    def garder(donnees):
        services.avancer_la_revision(request.habilitation, projet.pk, dossier, **donnees)
        return "Révision avancée : elle est dans les projets à revoir."

    contexte = {
        "titre": "La vie a changé : revoir le projet",
        "sous_titre": "Un évènement de vie demande de revoir le projet sans attendre un an.",
        "libelle_enregistrer": "Avancer la révision",
    }
    return _page(request, dossier, projet, formulaire, garder, contexte)


# ---------------------------------------------------------------- inside


def _en_vigueur(request, dossier, projet_id):
    projet = trouver(request, dossier, projet_id, Action.SAISIR)
    version = en_vigueur_de(projet)
    if version is None:
        raise Http404
    return projet, version


def _page(request, dossier, projet, formulaire, garder, contexte, gabarit="geste"):
    retour = reverse("accompagnement:projet_voir", args=[dossier.pk, projet.pk])
    if formulaire.is_valid():
        with refus_dans(formulaire):
            messages.success(request, garder(formulaire.cleaned_data))
            return redirect(contexte.get("suite", retour))
    contexte |= {"projet": projet, "formulaire": formulaire, "retour": retour}
    statut = 422 if formulaire.is_bound else 200
    nom = f"accompagnement/projets/{gabarit}.html"
    return rendre_dossier(request, dossier, nom, contexte, status=statut)
