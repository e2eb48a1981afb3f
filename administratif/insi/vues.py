"""The pages of an identity that speak to INSi. Those that call are outside any transaction: each
write has its own, and no row is locked while one waits (docs/decisions/0024)."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from administratif.insi import attentes, lectures, services
from administratif.insi.formulaires import BeneficiaireForm, DecisionForm
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.journal import consigner
from dui.socle.lecture_carte import CarteForm
from dui.socle.models import Usager
from dui.socle.refus import refus_dans, refuser
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier

TITRE = "Administratif"
FERME = "INSi n’est pas configuré : continuez avec l’identité telle qu’elle est."
PRISE = "Traits d’INSi acceptés : l’identité est maintenant {}."
DIVERGENTE = (
    "Divergence notée : rien n’a été pris. Corrigez l’identité avec une pièce, ou signalez un "
    "doute à la cellule."
)
REFUSEE = "Réponse refusée : l’identité n’a pas changé."
DEJA = "Cette réponse a déjà été traitée : rien n’a été fait une seconde fois."
CHANGEE = (
    "L’identité a changé depuis cet appel : rien n’est enregistré. Interrogez INSi de nouveau."
)


def appelle_insi(vue):
    """Where no INSi is configured the page says so, and changes nothing."""

    @wraps(vue)
    def enveloppe(request, dossier, *args, **kwargs):
        if not settings.INSI_OUVERT:
            messages.warning(request, FERME)
            return redirect("administratif:identite", dossier_id=dossier.pk)
        try:
            return vue(request, dossier, *args, **kwargs)
        except Usager.DoesNotExist:  # merged, or closed to this account, during the call
            messages.warning(request, CHANGEE)
            return redirect("administratif:identite", dossier_id=dossier.pk)

    declaree = acces_dossier(Bloc.ID, Action.SAISIR)(enveloppe)
    return transaction.non_atomic_requests(never_cache(declaree))


@require_POST
@appelle_insi
def interroger(request, dossier):
    services.interroger(request.habilitation, dossier)
    return redirect("administratif:identite_insi", dossier_id=dossier.pk)


@require_POST
@appelle_insi
def verifier(request, dossier):
    services.verifier(request.habilitation, dossier)
    return redirect("administratif:identite_insi", dossier_id=dossier.pk)


@require_http_methods(["GET", "POST"])
@appelle_insi
def carte(request, dossier):
    """First the reading, then one of those it names."""
    depot, choix, statut = CarteForm(), None, 200
    if request.method == "POST" and "rang" in request.POST:
        choix = _choix(request, dossier)
        if _interroge(request, dossier, choix):
            return redirect("administratif:identite_insi", dossier_id=dossier.pk)
        statut = 422
    elif request.method == "POST":
        trop_gros = getattr(request, "fichier_trop_gros", False)
        depot = CarteForm(request.POST, request.FILES, trop_gros=trop_gros)
        if _lit(request, dossier, depot):
            return redirect("administratif:identite_insi_carte", dossier_id=dossier.pk)
        statut = 422
    choix = choix or _choix(request, dossier)
    contexte = {
        "titre": TITRE,
        "depot": depot,
        "choix": choix,
        "titre_depot": "Lire une autre carte" if choix else "Lire la carte",
        "variante_depot": "" if choix else "principal",
        "patience": settings.INSI_DELAI,
    }
    return rendre_dossier(request, dossier, "insi/carte.html", contexte, status=statut)


def _choix(request, dossier) -> BeneficiaireForm | None:
    lue = attentes.courante(request.habilitation, dossier, attentes.Sorte.CARTE)
    if lue is None:
        return None
    saisie = request.POST if "rang" in request.POST else None
    return BeneficiaireForm(saisie, beneficiaires=attentes.beneficiaires(lue))


def _interroge(request, dossier, choix) -> bool:
    if choix is None:
        messages.warning(request, services.LECTURE_PERDUE)
        return False
    if not choix.is_valid():
        return False
    with refus_dans(choix):
        services.interroger_par_carte(
            request.habilitation,
            dossier,
            rang=choix.cleaned_data["rang"],
            siecle=choix.cleaned_data.get("siecle"),
        )
        return True
    return False


def _lit(request, dossier, depot) -> bool:
    if not depot.is_valid():
        return False
    with refus_dans(depot):
        services.lire_la_carte(request.habilitation, dossier, depot.cleaned_data["fichier"])
        return True
    return False


# ---------------------------------------------------------------- the answer


@never_cache
@require_safe
@acces_dossier(Bloc.ID, Action.SAISIR)
def reponse(request, dossier):
    return _page(request, dossier)


@never_cache
@require_POST
@acces_dossier(Bloc.ID, Action.SAISIR)
def decider(request, dossier):
    formulaire = DecisionForm(request.POST)
    if not formulaire.is_valid():
        return _page(request, dossier, formulaire, status=422)
    try:
        fait = _decider(request, dossier, formulaire.cleaned_data)
    except ConflitDeVersion as conflit:
        dossier.usager = conflit.actuel
        return _page(request, dossier, status=409, refus=CHANGEE)
    except ValidationError as erreur:
        refuser(formulaire, erreur)
        return _page(request, dossier, formulaire, status=422)
    messages.success(request, fait)
    return redirect("administratif:identite", dossier_id=dossier.pk)


def _decider(request, dossier, choix) -> str:
    h = request.habilitation
    if choix["decision"] == DecisionForm.REFUSER:
        return REFUSEE if services.refuser(h, dossier, choix["attente"]) else DEJA
    if not services.accepter(h, dossier, choix["attente"], confirmer=choix["confirmer"]):
        return DEJA
    dossier.usager.refresh_from_db()
    if not dossier.usager.ins_recuperee:
        return DIVERGENTE
    return PRISE.format(dossier.usager.statut_identite.label.lower())


def _page(request, dossier, formulaire=None, *, status=200, refus=""):
    h, usager = request.habilitation, dossier.usager
    recue = lectures.reponse(h, dossier, usager)
    if recue and formulaire is None:
        formulaire = DecisionForm(initial={"attente": recue.attente.pk})
    contexte = {
        "titre": TITRE,
        "recue": recue,
        "decision": formulaire,
        "refus": refus,
        "acces": lectures.acces(h, dossier, usager),
        "corriger_url": lectures.vers_la_correction(h, dossier, usager),
        "peut_administrer": h.peut(Bloc.PAR, Action.ADMINISTRER),
    }
    return rendre_dossier(request, dossier, "insi/reponse.html", contexte, status=status)


# ---------------------------------------------------------------- the calls, for the cellule


@require_safe
@acces_dossier(Bloc.IDV)
def appels(request, dossier):
    contexte = {"titre": TITRE, "appels": lectures.appels(request.habilitation, dossier)}
    return rendre_dossier(request, dossier, "insi/appels.html", contexte)


@never_cache
@require_safe
@acces_dossier(Bloc.IDV)
def brute(request, dossier, appel_insi_id):
    """The answer byte for byte, as a file: it is never drawn in a page."""
    appel = lectures.appel(request.habilitation, dossier, appel_insi_id)
    if appel is None:
        raise Http404
    consigner(
        request.habilitation, "telecharger", dossier=dossier, bloc=Bloc.IDV, cible="insi.reponse"
    )
    reponse = HttpResponse(appel.relire(), content_type="application/octet-stream")
    reponse["Content-Disposition"] = f'attachment; filename="insi-{appel.pk}.xml"'
    return reponse
