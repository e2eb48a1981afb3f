"""« Équipe » : who works here, until when, and the gestures of a head of ward."""

from contextlib import contextmanager

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_en_message
from habilitations.acces import acces_bloc
from habilitations.connexion import essais
from habilitations.equipe import lectures, services
from habilitations.equipe.formulaires import DelegationForm, FinForm, RemplacantForm
from habilitations.equipe.remise import deja_entre
from habilitations.lieux import lieu_de
from habilitations.models import Activation

acces = acces_bloc(Bloc.PAR, Action.ADMINISTRER)


@require_safe
@acces
def equipe(request):
    recherche, finies = request.GET.get("q", "")[:60], request.GET.get("etat") == "finies"
    liste = lectures.equipe(
        request.habilitation, lieu=lieu_de(request), finies=finies, recherche=recherche
    )
    page = Paginator(liste, lectures.PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "groupes": _par_unite(page.object_list),
        "recherche": recherche,
        "finies": finies,
        "lieu": lieu_de(request),
        "titre": "Équipe",
    }
    return render(request, "habilitations/equipe/equipe.html", contexte | _pages(request, page))


def _par_unite(affectations) -> list[dict]:
    groupes: dict[str, list] = {}
    for a in affectations:
        groupes.setdefault(str(a.unite or a.etablissement), []).append(a)
    return [{"titre": t, "affectations": a} for t, a in groupes.items()]


def _pages(request, page) -> dict:
    def adresse(numero):
        parametres = request.GET.copy()
        parametres["page"] = numero
        return f"?{parametres.urlencode()}"

    return {
        "avant": adresse(page.number - 1) if page.has_previous() else "",
        "apres": adresse(page.number + 1) if page.has_next() else "",
    }


@require_http_methods(["GET", "POST"])
@acces
def remplacant(request):
    formulaire = RemplacantForm(
        request.POST or None, habilitation=request.habilitation, ici=lieu_de(request)
    )
    if request.method == "POST" and formulaire.is_valid():
        noms = {n: formulaire.cleaned_data[n] for n in ("prenom", "nom")}
        try:
            compte, code = services.ajouter_remplacant(
                request.habilitation, **noms, **formulaire.actes
            )
        except (ValidationError, PermissionDenied) as refus:
            _refuser(request, formulaire, refus)
        else:
            return _remettre(request, compte, code)
    contexte = {"formulaire": formulaire, "titre": "Ajouter un remplaçant"}
    statut = 422 if formulaire.is_bound else 200
    return render(request, "habilitations/equipe/remplacant.html", contexte, status=statut)


def _refuser(request, formulaire, refus) -> None:
    if isinstance(refus, PermissionDenied):
        request.acces_refuse = (Bloc.PAR, Action.ADMINISTRER, None)  # journaled by the middleware
        formulaire.add_error(None, str(refus))
    else:
        formulaire.add_error(None, refus)


@contextmanager
def refus_journalise(request):
    try:
        yield
    except PermissionDenied:
        request.acces_refuse = (Bloc.PAR, Action.ADMINISTRER, None)
        raise


def _remettre(request, compte, code):
    """Shown by the answer itself: the code is kept nowhere, a second look gives another one."""
    contexte = {
        "compte": compte,
        "code": code,
        "activation": lectures.activation_en_attente(compte),
        "affectations": lectures.ouvertes(lectures.affectations_de(compte)),
        "adresse": request.build_absolute_uri("/activation/"),
        "titre": "Accès à remettre",
    }
    return render(request, "habilitations/equipe/acces.html", contexte)


def _compte(request, compte_id):
    return get_object_or_404(lectures.comptes(request.habilitation), pk=compte_id)


@require_safe
@acces
def membre(request, compte_id):
    compte = _compte(request, compte_id)
    toutes = lectures.affectations_de(compte)
    miennes = lectures.perimetres(request.habilitation)
    visibles = [a for a in toutes if any(p.couvre(a.etablissement_id, a.unite_id) for p in miennes)]
    ouvertes = {a.pk for a in lectures.ouvertes(visibles)}
    lignes = [
        {
            "affectation": a,
            "ouverte": a.pk in ouvertes,
            "donnable": a.pk in ouvertes and lectures.donnable(miennes, a),
        }
        for a in visibles
    ]
    contexte = {
        "compte": compte,
        "lignes": lignes,
        "activation": lectures.activation_en_attente(compte),
        "deja_entre": deja_entre(compte),
        "repond": lectures.repond_de(request.habilitation, compte, toutes),
        "essais": essais.recents(compte),
        "moi": compte == request.user,
        "identites": lectures.identites_de(compte),
        "psc": settings.PSC_OUVERT,
        "titre": str(compte),
    }
    return render(request, "habilitations/equipe/membre.html", contexte)


@require_http_methods(["GET", "POST"])
@acces
def affectation_ajouter(request, compte_id):
    compte = _compte(request, compte_id)
    formulaire = DelegationForm(
        request.POST or None, habilitation=request.habilitation, ici=lieu_de(request)
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.deleguer(request.habilitation, compte, **formulaire.actes)
        except (ValidationError, PermissionDenied) as refus:
            _refuser(request, formulaire, refus)
        else:
            messages.success(request, f"Affectation ajoutée pour {compte}.")
            return redirect("equipe_membre", compte_id=compte.pk)
    contexte = {"formulaire": formulaire, "compte": compte, "titre": "Ajouter une affectation"}
    statut = 422 if formulaire.is_bound else 200
    return render(request, "habilitations/equipe/affectation.html", contexte, status=statut)


@require_http_methods(["GET", "POST"])
@acces
def affectation_terminer(request, affectation_id):
    visibles = lectures.affectations(request.habilitation)
    affectation = get_object_or_404(visibles, pk=affectation_id)
    formulaire = FinForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.terminer(
                request.habilitation, affectation.pk, fin=formulaire.cleaned_data["fin"]
            )
        except (ValidationError, PermissionDenied) as refus:
            _refuser(request, formulaire, refus)
        else:
            messages.success(request, "La fin de l’affectation est enregistrée.")
            return redirect("equipe_membre", compte_id=affectation.compte_id)
    contexte = {
        "formulaire": formulaire,
        "affectation": affectation,
        "titre": "Terminer une affectation",
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "habilitations/equipe/terminer.html", contexte, status=statut)


def _motifs(compte) -> list[str]:
    """A first code as long as nobody has entered; then never again."""
    nouveau = Activation.Motif.NOUVEAU
    return [m for m in Activation.Motif.values if (m == nouveau) != deja_entre(compte)]


@require_POST
@acces
def acces_redonner(request, compte_id):
    motif = request.POST.get("motif", "")
    compte = _compte(request, compte_id)
    if motif not in _motifs(compte):
        raise Http404
    with refus_en_message(request), refus_journalise(request):
        code = services.redonner_acces(request.habilitation, compte, motif=motif)
        return _remettre(request, compte, code)
    return redirect("equipe_membre", compte_id=compte.pk)


@require_POST
@acces
def debloquer(request, compte_id):
    compte = _compte(request, compte_id)
    with refus_journalise(request):
        services.debloquer(request.habilitation, compte)
    messages.success(request, f"{compte} peut de nouveau essayer de se connecter.")
    return redirect("equipe_membre", compte_id=compte.pk)


@require_POST
@acces
def activite(request, compte_id):
    compte = _compte(request, compte_id)
    suspendre = request.POST.get("acte") == "suspendre"
    with refus_journalise(request):
        (services.suspendre if suspendre else services.retablir)(request.habilitation, compte)
    suite = "est suspendu : plus aucune page ne s’ouvre" if suspendre else "est rétabli"
    messages.success(request, f"L’accès de {compte} {suite}.")
    return redirect("equipe_membre", compte_id=compte.pk)
