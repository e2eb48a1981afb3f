"""Open a project, build a version piece by piece, settle it."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accompagnement.models import Projet
from accompagnement.projets import contenu as contenus
from accompagnement.projets import lectures, services
from accompagnement.projets.empreintes import empreinte
from accompagnement.projets.formulaires import (
    CadreForm,
    ElementForm,
    NouvelleVersionForm,
    OuvertureForm,
)
from accompagnement.projets.vues.communs import brouillon_de, comptes, genre_de, trouver
from dui.socle.enums import Action, Bloc
from dui.socle.refus import conflit_de, refus_dans, refus_en_message, statut
from habilitations import redaction
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier

PREPARER = "accompagnement:projet_preparer"
RASSURER = "Tout se complète ensuite ; rien n’est arrêté avant que la personne ait parlé."


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def nouveau(request, dossier):
    h = request.habilitation
    maisons = _maisons(h, dossier)
    if not maisons:
        raise Http404
    formulaire = OuvertureForm(
        request.POST or None, maisons=maisons, comptes=comptes(maisons[0]), moi=h.compte.pk
    )
    if formulaire.is_valid():
        with refus_dans(formulaire):
            projet = services.ouvrir(
                h,
                dossier,
                etablissement=formulaire.etablissement,
                trame=formulaire.cleaned_data["trame"],
                cadre=formulaire.cadre,
                cle_saisie=formulaire.cleaned_data["cle_saisie"],
            )
            messages.success(request, "Projet ouvert : commencez par ce que dit la personne.")
            return redirect(PREPARER, dossier_id=dossier.pk, projet_id=projet.pk)
    contexte = {
        "titre": "Ouvrir un projet",
        "sous_titre": RASSURER,
        "libelle_enregistrer": "Ouvrir le projet",
        "formulaire": formulaire,
        "retour": reverse("accompagnement:projets", args=[dossier.pk]),
    }
    return _rendre(request, dossier, "geste", contexte, formulaire)


def _maisons(h, dossier) -> list:
    """Where the person stays; of several, those where the account writes projects."""
    toutes = {s.etablissement_id: s.etablissement for s in h.sejours_ouverts(dossier)}.values()
    siennes = set(h.etablissements(Bloc.PP, Action.SAISIR)) if len(toutes) > 1 else set()
    return [m for m in toutes if m in siennes] or list(toutes)


@require_safe
@acces_dossier(Bloc.PP, Action.SAISIR)
def preparer(request, dossier, projet_id):
    projet, version = _version(request, dossier, projet_id)
    if version is None:
        return redirect("accompagnement:projet_voir", dossier_id=dossier.pk, projet_id=projet.pk)
    lecteur = lectures.Lecteur(version, lectures.vie(request.habilitation, dossier, projet))
    contexte = {
        "titre": f"Version {version.numero}, en préparation",
        "projet": projet,
        "version": version,
        "lu": lecteur,
        "etapes": _etapes(dossier, projet, lecteur),
        "manques": contenus.manques(version.contenu),
        "empreinte": empreinte(version.contenu),
    }
    return rendre_dossier(request, dossier, "accompagnement/projets/preparer.html", contexte)


ETAPES = {
    "participant": ("Qui le construit", ""),
    "attente": (
        "Ce que disent la personne et ses proches",
        "Leurs mots, chacun séparément ; l’équipe comprend et propose ensuite.",
    ),
    "besoin": ("Besoins", "À quelle attente répondent-ils ?"),
    "objectif": ("Objectifs", "Peu, concrets, que la personne reconnaîtrait comme les siens."),
    "action": ("Actions", "Qui fait quoi, quand."),
    "moyen": ("Moyens", ""),
    "prestation": ("Prestations", ""),
}
# From an element, the gesture that usually follows: {genre: (genre to add, its link, label)}.
SUITES = {
    "attente": ("besoin", "attente", "Ajouter un besoin"),
    "besoin": ("objectif", "besoin", "Ajouter un objectif"),
    "objectif": ("action", "objectif", "Ajouter une action"),
}


def _etapes(dossier, projet, lecteur) -> list[dict]:
    return [_etape(dossier, projet, contenus.GENRES[code], lecteur.vus(code)) for code in ETAPES]


def _etape(dossier, projet, genre, vus) -> dict:
    titre, aide = ETAPES[genre.code]
    for vu in vus:
        vu.suite = vu.suite_texte = ""
        if genre.code in SUITES:
            suivant, lien, vu.suite_texte = SUITES[genre.code]
            page = reverse("accompagnement:projet_ajouter", args=[dossier.pk, projet.pk, suivant])
            vu.suite = f"{page}?{lien}={vu.cle}"
    article = "une" if genre.feminin else "un"
    bouton = f"Ajouter {article} {genre.libelle.lower()}"
    return {"genre": genre, "titre": titre, "aide": aide, "vus": vus, "bouton": bouton}


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def cadre(request, dossier, projet_id):
    projet, version = _version(request, dossier, projet_id)
    if version is None:
        return _plus_la(request, dossier, projet)
    formulaire = CadreForm(
        request.POST or None, contenu=version.contenu, comptes=comptes(projet.etablissement)
    )

    def garder(formulaire):
        services.ecrire_cadre(
            request.habilitation,
            projet.pk,
            dossier,
            lu=formulaire.cleaned_data["lu"],
            valeurs=formulaire.valeurs,
        )

    contexte = {"titre": "Le cadre et l’histoire", "projet": projet, "genre": None, "element": None}
    return _ecrire(request, dossier, projet, formulaire, garder, contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def ajouter(request, dossier, projet_id, genre):
    """The key of what is added is drawn with the form: sent twice, it is added once."""
    sorte = genre_de(genre)
    projet, version = _version(request, dossier, projet_id)
    if version is None:
        return _plus_la(request, dossier, projet)
    return _element(request, dossier, projet, version, sorte, None)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def element(request, dossier, projet_id, genre, element_id):
    sorte = genre_de(genre)
    projet, version = _version(request, dossier, projet_id)
    if version is None:
        return _plus_la(request, dossier, projet)
    trouve = contenus.trouver(version.contenu, genre, element_id)
    if trouve is None:
        raise Http404
    return _element(request, dossier, projet, version, sorte, trouve)


def _element(request, dossier, projet, version, genre, trouve):
    formulaire = ElementForm(
        request.POST or None,
        genre=genre.code,
        contenu=version.contenu,
        element=trouve,
        comptes=comptes(projet.etablissement),
        initial=_pre_remplis(request, genre),
    )
    formulaire.fields["cle"] = _champ_cle(trouve)

    def garder(formulaire):
        services.ecrire_element(
            request.habilitation,
            projet.pk,
            dossier,
            genre=genre.code,
            cle=trouve["id"] if trouve else formulaire.cleaned_data["cle"],
            lu=formulaire.cleaned_data["lu"],
            valeurs=formulaire.valeurs,
        )

    nom = genre.nom_de(trouve)[:60] if trouve else "à ajouter"
    titre = f"{genre.libelle} : {nom}" if trouve else f"{genre.libelle} {nom}"
    contexte = {"titre": titre, "projet": projet, "genre": genre, "element": trouve}
    return _ecrire(request, dossier, projet, formulaire, garder, contexte)


def _champ_cle(trouve):
    cle = trouve["id"] if trouve else uuid4
    return forms.UUIDField(widget=forms.HiddenInput, initial=cle)


def _pre_remplis(request, genre) -> dict:
    """`?attente=…`: « add a need » under an expectation says which one."""
    liens = {c.nom: c for c in genre.champs if c.sorte in (contenus.LIEN, contenus.LIENS)}
    return {
        nom: [request.GET[nom]] if champ.multiple else request.GET[nom]
        for nom, champ in liens.items()
        if nom in request.GET
    }


@require_POST
@acces_dossier(Bloc.PP, Action.SAISIR)
def retirer(request, dossier, projet_id, genre, element_id):
    sorte = genre_de(genre)
    projet = trouver(request, dossier, projet_id, Action.SAISIR)
    with refus_en_message(request):
        services.retirer_element(
            request.habilitation, projet.pk, dossier, genre=genre, cle=element_id
        )
        mot = sorte.accorder("retiré")
        messages.success(request, f"{sorte.libelle} {mot} de la version en préparation.")
    return redirect(PREPARER, dossier_id=dossier.pk, projet_id=projet.pk)


@require_POST
@acces_dossier(Bloc.PP, Action.SAISIR)
def arreter(request, dossier, projet_id):
    projet = trouver(request, dossier, projet_id, Action.SAISIR)
    try:
        version = services.arreter(
            request.habilitation, projet.pk, dossier, lu=request.POST.get("lu", "")
        )
    except ValidationError as erreur:
        for faute in erreur.messages:
            messages.error(request, faute)
        return redirect(PREPARER, dossier_id=dossier.pk, projet_id=projet.pk)
    messages.success(
        request, f"Version {version.numero} arrêtée. Recueillez maintenant les accords."
    )
    return redirect("accompagnement:projet_accords", dossier_id=dossier.pk, projet_id=projet.pk)


@require_POST
@acces_dossier(Bloc.PP, Action.SAISIR)
def abandonner(request, dossier, projet_id):
    projet = trouver(request, dossier, projet_id, Action.SAISIR)
    with refus_en_message(request):
        services.abandonner_la_version(request.habilitation, projet.pk, dossier)
        messages.success(request, "Version abandonnée : rien n’en a été gardé.")
    return redirect("accompagnement:projets", dossier_id=dossier.pk)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PP, Action.SAISIR)
def nouvelle_version(request, dossier, projet_id):
    projet, version = _version(request, dossier, projet_id)
    if version is not None and request.method == "GET":
        return redirect(PREPARER, dossier_id=dossier.pk, projet_id=projet.pk)
    formulaire = NouvelleVersionForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.preparer_une_version(
                request.habilitation, projet.pk, dossier, **formulaire.cleaned_data
            )
            messages.success(request, "Nouvelle version ouverte : elle part de celle en vigueur.")
            return redirect(PREPARER, dossier_id=dossier.pk, projet_id=projet.pk)
    contexte = {
        "titre": "Préparer une nouvelle version",
        "sous_titre": "Elle part de la version en vigueur, qui reste lisible et garde ses accords.",
        "libelle_enregistrer": "Préparer cette version",
        "projet": projet,
        "formulaire": formulaire,
        "retour": reverse("accompagnement:projet_voir", args=[dossier.pk, projet.pk]),
    }
    return _rendre(request, dossier, "geste", contexte, formulaire)


# ---------------------------------------------------------------- inside


def _version(request, dossier, projet_id):
    projet: Projet = trouver(request, dossier, projet_id, Action.SAISIR)
    return projet, brouillon_de(projet)


def _plus_la(request, dossier, projet):
    redaction.trop_tard(request, dossier, services.PLUS_LA)
    return redirect("accompagnement:projet_voir", dossier_id=dossier.pk, projet_id=projet.pk)


def _ecrire(request, dossier, projet, formulaire, garder, contexte):
    if formulaire.is_valid():
        with refus_dans(formulaire):
            garder(formulaire)
            messages.success(request, "Enregistré dans la version en préparation.")
            return redirect(PREPARER, dossier_id=dossier.pk, projet_id=projet.pk)
    if conflit := conflit_de(formulaire):
        formulaire.reprendre_le_conflit(conflit.actuel)
    contexte |= {
        "formulaire": formulaire,
        "dessines": [formulaire[c.nom] for c in formulaire.declares],
        "actuel": _actuel(formulaire, conflit),
    }
    return _rendre(request, dossier, "ecrire", contexte, formulaire)


def _actuel(formulaire, conflit) -> list:
    """What a colleague wrote meanwhile, in words."""
    if conflit is None or not conflit.actuel:
        return []
    dire = lectures.Diseur(formulaire.trame, formulaire.contenu)
    return dire.lignes(formulaire.declares, conflit.actuel)


def _rendre(request, dossier, gabarit, contexte, formulaire):
    nom = f"accompagnement/projets/{gabarit}.html"
    return rendre_dossier(request, dossier, nom, contexte, status=statut(formulaire))
