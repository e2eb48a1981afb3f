"""Declare, read, complete and follow one event."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination.evenements import lectures, regles, services
from coordination.evenements.formulaires import AvancerForm, EvenementForm
from coordination.evenements.formulaires_eig import ActionForm
from coordination.evenements.vues.cadre import adresse, imprimer, liens, rendre, trouver
from coordination.models import EvenementIndesirable
from dui.socle import codes
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans, refuser, statut
from habilitations.lieux import lieu_d_ecriture

GABARIT_FORMULAIRE = "coordination/evenements/declarer.html"


@require_http_methods(["GET", "POST"])
def nouveau(request, dossier, type_evenement):
    h, type_ = request.habilitation, _type(type_evenement, maison=dossier is None)
    formulaire = EvenementForm(request.POST or None, **_options(request, dossier, type_))

    def declarer(saisie):
        cle = saisie.pop("cle_saisie", None) or formulaire.cleaned_data["cle_saisie"]
        lieu = lieu_d_ecriture(request) if dossier is None else None
        return services.declarer(
            h, dossier, type=type_.code, cle_saisie=cle, lieu_de_travail=lieu, **saisie
        )

    return _formulaire(
        request, dossier, formulaire, declarer, f"Déclarer : {type_.libelle.lower()}"
    )


@require_http_methods(["GET", "POST"])
def completer(request, dossier, evenement_indesirable_id):
    evenement = trouver(request, dossier, evenement_indesirable_id)
    type_ = codes.codes("type_evenement").get(evenement.type)
    options = _options(request, dossier, type_) | {"objet": evenement}
    formulaire = EvenementForm(request.POST or None, **options)

    def garder(saisie):
        lue = formulaire.cleaned_data["version"] or 0
        return services.completer(request.habilitation, evenement.pk, version_lue=lue, **saisie)

    return _formulaire(request, dossier, formulaire, garder, "Compléter la fiche")


def _type(code, *, maison):
    type_ = codes.codes("type_evenement").get(code)
    if type_ is None or bool(type_.proprietes.get("maison")) != maison:
        raise Http404
    return type_


def _options(request, dossier, type_) -> dict:
    options = {"type_": type_}
    if dossier is not None:
        h = request.habilitation
        options |= {
            "contacts": lectures.proches(h, dossier),
            "medecins": lectures.medecins(h, dossier),
            "presents": lectures.autres_presents(h, dossier),
        }
    return options


def _formulaire(request, dossier, formulaire, garder, titre):
    if formulaire.is_valid():
        with refus_dans(formulaire):
            return _apres(request, dossier, garder(formulaire.saisie), formulaire)
    objet = formulaire.objet
    contexte = {
        "titre": titre,
        "formulaire": formulaire,
        "parties": list(formulaire.parties()),
        "annonces": list(formulaire.annonces()),
        "retour": adresse(objet, "voir") if objet else _retour(request, dossier),
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}" if dossier else "",
    }
    return rendre(request, dossier, GABARIT_FORMULAIRE, contexte, status=statut(formulaire))


def _retour(request, dossier) -> str:
    """Where one came from: the list for who reads it, else the summary or the home page."""
    h = request.habilitation
    if dossier is None:
        return reverse("coordination:registre") if h.peut(Bloc.EI) else "/"
    nom = "coordination:evenements" if h.peut_pour(dossier, Bloc.EI) else "dossier"
    return reverse(nom, args=[dossier.pk])


def _apres(request, dossier, evenement, formulaire):
    h, nouveau_ = request.habilitation, formulaire.objet is None
    messages.success(request, "Événement déclaré." if nouveau_ else "Fiche complétée.")
    lit = h.peut(Bloc.EI) if dossier is None else h.peut_pour(dossier, Bloc.EI)
    if not lit:
        return redirect(_retour(request, dossier))
    # Signed as it is, the transmission would name who declared without their name.
    proposee = nouveau_ and dossier is not None and evenement.declarant_id
    suite = "?transmettre=oui" if proposee else ""
    return redirect(adresse(evenement, "voir") + suite)


# ---------------------------------------------------------------- read and follow


@require_safe
def voir(request, dossier, evenement_indesirable_id):
    return _page(request, dossier, trouver(request, dossier, evenement_indesirable_id))


def _page(request, dossier, evenement, *, status=200, **formulaires):
    h, fiche = request.habilitation, lectures.fiche(request.habilitation, evenement)
    suit = _peut(h, dossier, Action.SAISIR)
    type_ = codes.codes("type_evenement").get(evenement.type)
    contexte = {
        "titre": evenement.libelle,
        "fiche": fiche,
        "e": evenement,
        "eig": getattr(evenement, "eig", None),
        "liens": liens(evenement),
        "suit": suit,
        "clot": _peut(h, dossier, Action.VALIDER),
        "suites": regles.SUITES[evenement.etat] if suit else (),
        "avancer": formulaires.get("avancer") or AvancerForm(initial=_depart(evenement)),
        "action": formulaires.get("action") or _action(evenement) if suit else None,
        "grave": evenement.gravite >= EvenementIndesirable.Gravite.GRAVE
        or bool(type_ and type_.proprietes.get("eig")),
        "refuse": next(iter(formulaires.values()), None),
        "transmission": _transmission(request, dossier, type_),
    }
    gabarit = "coordination/evenements/voir.html"
    return rendre(request, dossier, gabarit, contexte, status=status)


def _peut(h, dossier, action) -> bool:
    return h.peut(Bloc.EI, action) if dossier is None else h.peut_pour(dossier, Bloc.EI, action)


def _depart(evenement) -> dict:
    return {n: getattr(evenement, n) for n in ("causes", "analyse", "bilan")}


def _action(evenement) -> ActionForm:
    return ActionForm(etablissement=evenement.etablissement, unite=evenement.unite)


def _transmission(request, dossier, type_) -> str:
    """Just declared: the team should read of it at the handover."""
    if request.GET.get("transmettre") != "oui" or dossier is None:
        return ""
    if not request.habilitation.peut_pour(dossier, Bloc.TRA, Action.SAISIR):
        return ""
    cible = type_.proprietes.get("cible", "") if type_ else ""
    vers = reverse("accompagnement:transmission_nouvelle", args=[dossier.pk])
    return f"{vers}?cible={cible}" if cible else vers


@require_safe
def imprimable(request, dossier, evenement_indesirable_id):
    evenement = trouver(request, dossier, evenement_indesirable_id)
    fiche = lectures.fiche(request.habilitation, evenement)
    contexte = {
        "titre": f"Événement : {evenement.libelle.lower()}",
        "fiche": fiche,
        "e": evenement,
        "retour": adresse(evenement, "voir"),
    }
    return imprimer(request, dossier, "coordination/evenements/imprimable.html", contexte)


@require_POST
def avancer(request, dossier, evenement_indesirable_id):
    evenement = trouver(request, dossier, evenement_indesirable_id)
    formulaire = AvancerForm(request.POST)

    def passer(donnees):
        services.avancer(request.habilitation, evenement.pk, **donnees)

    return _agir(request, dossier, evenement, "avancer", formulaire, passer)


@require_POST
def ajouter_une_action(request, dossier, evenement_indesirable_id):
    evenement = trouver(request, dossier, evenement_indesirable_id)
    formulaire = ActionForm(
        request.POST, etablissement=evenement.etablissement, unite=evenement.unite
    )

    def ajouter(donnees):
        services.ajouter_une_action(request.habilitation, evenement.pk, **formulaire.saisie)

    return _agir(request, dossier, evenement, "action", formulaire, ajouter)


def _agir(request, dossier, evenement, nom, formulaire, acte):
    if formulaire.is_valid():
        try:
            acte(formulaire.cleaned_data)
        except ValidationError as erreur:
            refuser(formulaire, erreur)
        except EvenementIndesirable.DoesNotExist:  # reads it, may not close it
            raise Http404 from None
        else:
            messages.success(request, "C’est enregistré.")
            return redirect(adresse(evenement, "voir"))
    return _page(request, dossier, evenement, status=422, **{nom: formulaire})
