"""The meals of a unit: the service, one gesture; the count for the kitchen; the guests."""

from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accompagnement.repas import cellules, lectures, listes, services, titres
from accompagnement.repas.formulaires import InvitesForm, ServiceForm
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_jour
from dui.socle.journal import consigner
from dui.socle.refus import refus_dans, statut
from habilitations import redaction
from habilitations.acces import acces_bloc
from habilitations.lieux import Lieu, lieu_de, unite_ou_404
from habilitations.pages import rendre_maison, signature

REMONTEE = timedelta(days=31)  # how far back a meal may still be noted
HORIZON = timedelta(days=31)  # how far ahead guests are counted


@require_safe
@acces_bloc(Bloc.NUT, Action.RESUME)
def repas(request):
    """The service of my unit; of a house, its units; the kitchen for those who do not serve."""
    h, lieu = request.habilitation, lieu_de(request)
    if not h.peut(Bloc.AVQ, Action.SAISIR):
        return redirect(f"{reverse('accompagnement:repas_cuisine')}?{lieu.parametre}")
    jour, un = lectures.en_ce_moment()
    if lieu.unite:
        return redirect("accompagnement:repas_service", lieu.unite.pk, jour.isoformat(), un.code)
    contexte = {
        "titre": un.titre,
        "lieu": lieu,
        "unites": h.unites_dans(lieu.etablissement.pk) if lieu.etablissement else [],
        "jour": jour,
        "repas": un,
    }
    return render(request, "accompagnement/repas/unites.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AVQ, Action.SAISIR)
def service(request, unite_id, jour, repas):
    h = request.habilitation
    ici = _service(request, unite_id, jour, repas)
    formulaire = ServiceForm(request.POST or None, service=ici)
    page = titres.du_service(ici)
    contredits: list = []
    if formulaire.is_valid():
        with refus_dans(formulaire):
            bilan = services.noter_repas(
                h,
                unite=ici.unite,
                jour=ici.jour,
                repas=ici.repas,
                lignes=formulaire.lignes,
                cle_saisie=formulaire.cleaned_data["cle_saisie"],
                transmettre=formulaire.cleaned_data["transmettre"],
            )
            if not bilan.contredits:
                return _repondre(request, bilan)
            contredits = bilan.contredits
            ici = _service(request, unite_id, jour, repas)
            formulaire = ServiceForm(service=ici)
    # First: it may read a draft into the initial values of the form.
    lieu = Lieu(ici.unite.etablissement, ici.unite)
    preparee = redaction.preparer(request, None, formulaire, page["titre"], lieu=lieu)
    contexte = page | {
        "service": ici,
        "formulaire": formulaire,
        "redaction": replace(preparee, textes=" ".join(formulaire.noms)),
        "lignes": cellules.lignes(ici, formulaire),
        "contredits": [titres.du_desaccord(*c) for c in contredits],
        "navigation": titres.navigation(ici),
        "imprimer_url": reverse("accompagnement:repas_imprimable", args=[unite_id, jour, repas]),
    }
    reponse = 409 if contredits else statut(formulaire)
    return render(request, "accompagnement/repas/service.html", contexte, status=reponse)


@require_safe
@acces_bloc(Bloc.AVQ)
def repas_imprimable(request, unite_id, jour, repas):
    """For the dining room: what each may eat, by room."""
    ici = _service(request, unite_id, jour, repas)
    consigner(request.habilitation, "imprimer", bloc=Bloc.AVQ, cible="repas")
    contexte = titres.du_service(ici) | {
        "service": ici,
        "imprime_par": signature(request.habilitation),
        "retour": reverse("accompagnement:repas_service", args=[unite_id, jour, repas]),
    }
    return render(request, "accompagnement/repas/service_imprimable.html", contexte)


def _service(request, unite_id, jour, repas):
    unite = unite_ou_404(request.habilitation, unite_id)
    le, connu, aujourdhui = lire_jour(jour), listes.repas().get(repas), timezone.localdate()
    if not le or not connu or not aujourdhui - REMONTEE <= le <= aujourdhui + timedelta(days=1):
        raise Http404
    return lectures.service(request.habilitation, unite, le, connu)


def _repondre(request, bilan):
    messages.success(request, titres.du_bilan(bilan))
    if bilan.deja:
        messages.info(request, titres.deja_ecrits(bilan.deja))
    redaction.clore(request, None)
    return redirect(request.path)


# ---------------------------------------------------------------- kitchen


def _cuisine(request) -> dict:
    h, lieu = request.habilitation, lieu_de(request)
    jour = lire_jour(request.GET.get("le")) or timezone.localdate()
    if abs(jour - timezone.localdate()) > REMONTEE:
        jour = timezone.localdate()
    return titres.de_la_cuisine(lieu, jour) | {
        "lieu": lieu,
        "jour": jour,
        "compte": lectures.cuisine(h, lieu, jour),
        "etablissement": lieu.etablissement,
        "peut_inviter": bool(lieu.unite)
        and jour >= timezone.localdate()
        and h.peut(Bloc.AGE, Action.SAISIR),
    }


@require_safe
@acces_bloc(Bloc.NUT, Action.RESUME)
def cuisine(request):
    return render(request, "accompagnement/repas/cuisine.html", _cuisine(request))


@require_safe
@acces_bloc(Bloc.NUT, Action.RESUME)
def cuisine_imprimable(request):
    consigner(request.habilitation, "imprimer", bloc=Bloc.NUT, cible="cuisine")
    contexte = _cuisine(request) | {"imprime_par": signature(request.habilitation)}
    return render(request, "accompagnement/repas/cuisine_imprimable.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE, Action.SAISIR)
def invites(request, unite_id, jour):
    h, le = request.habilitation, lire_jour(jour)
    unite = unite_ou_404(h, unite_id)
    if not le or not timezone.localdate() <= le <= timezone.localdate() + HORIZON:
        raise Http404
    if unite.etablissement not in h.etablissements(Bloc.AGE, Action.SAISIR):
        raise PermissionDenied(services.PAS_OUVERTE)
    formulaire = InvitesForm(request.POST or None, deja=lectures.invites_de(unite, le))
    if formulaire.is_valid():
        nombres = formulaire.cleaned_data
        with refus_dans(formulaire):  # midnight has passed
            total = services.noter_invites(h, unite=unite, jour=le, nombres=nombres)
            messages.success(request, f"Invités notés : {titres.accorde(total, 'couvert')}.")
            redaction.clore(request, None)
            return redirect(request.path)
    contexte = {
        "titre": "Invités",
        "sous_titre": f"{unite}, {titres.jour_en_mots(le)}. Un nombre suffit, sans nom.",
        "formulaire": formulaire,
        "retour": f"{reverse('accompagnement:repas')}?unite={unite.pk}",
    }
    gabarit = "accompagnement/repas/invites.html"
    lieu = Lieu(unite.etablissement, unite)
    return rendre_maison(request, gabarit, contexte, lieu=lieu, status=statut(formulaire))
