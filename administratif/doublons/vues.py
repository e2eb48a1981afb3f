"""The worklist of duplicates and collisions; two records side by side."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from administratif.doublons import lectures, services, taches
from administratif.doublons.formulaires import (
    CollisionForm,
    DefusionForm,
    EcarterForm,
    PropositionForm,
)
from administratif.doublons.regles import REGLES
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner_chacun
from dui.socle.models import Doublon
from dui.socle.refus import refus_dans
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.pages import rendre_dossier

acces = acces_bloc(Bloc.IDV, Action.VALIDER)
Etat = Doublon.Etat


@never_cache
@require_safe
@acces
def liste(request):
    h, demande = request.habilitation, request.GET.get("etat", "")
    etat = Etat(demande) if demande in Etat.values else Etat.A_EXAMINER
    doublons = lectures.file_de_travail(h, etat)
    montres = {d.pk: d for doublon in doublons for d in doublon.dossiers}
    _consigner(request, montres.values(), "lister")
    nombres = lectures.nombres(h)
    contexte = {
        "doublons": doublons[: REGLES.page],
        "trop": len(doublons) > REGLES.page,
        "etat": etat,
        "filtres": [
            {
                "libelle": e.label,
                "url": f"?etat={e.value}",
                "nombre": nombres.get(e.value, 0),
                "courant": e == etat,
            }
            for e in Etat
        ],
    }
    return render(request, "doublons/liste.html", contexte)


@require_POST
@acces
def chercher(request):
    transaction.on_commit(lambda: taches.chercher.apply_async(retry=False), robust=True)
    messages.success(request, "La recherche est lancée : rechargez cette page dans une minute.")
    return redirect("doublons:liste")


@never_cache
@require_safe
@acces
def paire(request, doublon_id):
    return _page(request, _doublon(request, doublon_id))


def _doublon(request, doublon_id) -> Doublon:
    doublon = lectures.trouver(request.habilitation, doublon_id)
    if doublon is None:
        raise Http404
    return doublon


def _page(request, doublon, *, status=200, **formulaires):
    contexte = lectures.paire(request.habilitation, doublon)
    _consigner(request, doublon.dossiers, Action.VOIR)
    contexte |= {"ecarter": EcarterForm(), "defusion": DefusionForm(), "erreurs": []}
    if doublon.second:
        contexte["proposition"] = PropositionForm(
            doublon=doublon, conseillee=contexte["conseillee"]
        )
    demande = contexte["demande"]
    contexte["de_moi"] = bool(demande and demande.propose_par == request.user)
    return render(request, "doublons/paire.html", contexte | formulaires, status=status)


def _consigner(request, dossiers, action) -> None:
    """A name is read: each record's journal says so."""
    consigner_chacun(
        request.habilitation,
        action,
        dossiers,
        bloc=Bloc.IDV,
        cible=request.resolver_match.view_name,
        titre=services.TITRE,
    )


def _agir(request, doublon_id, nom, formulaire, agir, fait):
    """A form of the pair: refused, it comes back with the pair as it is now."""
    doublon = _doublon(request, doublon_id)
    formulaire = formulaire(request.POST, doublon)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            with transaction.atomic():
                agir(**formulaire.cleaned_data)
            messages.success(request, fait)
            return redirect("doublons:paire", doublon_id=doublon_id)
    return _page(request, _doublon(request, doublon_id), status=422, **{nom: formulaire})


@never_cache
@require_POST
@acces
def ecarter(request, doublon_id):
    def agir(motif):
        services.ecarter(request.habilitation, doublon_id, motif=motif)

    fait = "Noté : cette paire ne reviendra que si un trait strict change."
    return _agir(request, doublon_id, "ecarter", lambda p, d: EcarterForm(p), agir, fait)


@never_cache
@require_POST
@acces
def proposer(request, doublon_id):
    def fabriquer(postees, doublon):
        if doublon.second is None:
            raise Http404
        conseillee = lectures.proposer_la_gardee(*doublon.dossiers)
        return PropositionForm(postees, doublon=doublon, conseillee=conseillee)

    def agir(retenu, motif):
        services.proposer(request.habilitation, doublon_id, retenu_id=retenu, motif=motif)

    fait = "Fusion proposée : une autre personne de la cellule l’approuve ou la refuse."
    return _agir(request, doublon_id, "proposition", fabriquer, agir, fait)


@never_cache
@require_POST
@acces
def defusionner(request, doublon_id):
    def agir(motif):
        services.proposer_defusion(request.habilitation, doublon_id, motif=motif)

    fait = "Défusion proposée : une autre personne de la cellule l’approuve ou la refuse."
    return _agir(request, doublon_id, "defusion", lambda p, d: DefusionForm(p), agir, fait)


@never_cache
@require_POST
@acces
def refuser(request, doublon_id):
    return _decider(request, doublon_id, services.refuser, "Proposition refermée.")


@never_cache
@require_POST
@acces
def approuver(request, doublon_id):
    fait = "C’est fait. Chaque dossier en garde la trace."
    return _decider(request, doublon_id, services.approuver, fait)


def _decider(request, doublon_id, service, fait):
    _doublon(request, doublon_id)
    try:
        with transaction.atomic():
            service(request.habilitation, doublon_id)
    except (ValidationError, PermissionDenied) as refus:
        raisons = refus.messages if isinstance(refus, ValidationError) else [str(refus)]
        statut = 409
        if isinstance(refus, PermissionDenied):
            statut, request.acces_refuse = 403, (Bloc.IDV, Action.VALIDER, None)
        return _page(request, _doublon(request, doublon_id), status=statut, erreurs=raisons)
    messages.success(request, fait)
    return redirect("doublons:paire", doublon_id=doublon_id)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.IDV, Action.SAISIR)
def signaler_collision(request, dossier):
    formulaire = CollisionForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.signaler_collision(request.habilitation, dossier, **formulaire.cleaned_data)
            messages.success(request, "Signalé à la cellule d’identitovigilance.")
            return redirect("administratif:identite", dossier_id=dossier.pk)
    contexte = {"titre": "Administratif", "formulaire": formulaire}
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(request, dossier, "doublons/collision.html", contexte, status=statut)
