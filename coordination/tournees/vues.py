"""One’s round on a telephone; the day of the whole service for who shares it."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from coordination.agenda.periode import JOUR, Periode
from coordination.models import RendezVous
from coordination.tournees import lectures, services
from coordination.tournees.formulaires import DomicileForm, VisiteForm
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_jour, lire_uuid
from dui.socle.journal import consigner_chacun
from dui.socle.refus import conflit_de, refus_dans
from dui.socle.templatetags.dates import quand_texte
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.conflits import repondre
from habilitations.lieux import Lieu, lieu_d_ecriture, lieu_dans, maison_parmi
from habilitations.pages import rendre_dossier, signature

PARTOUT = Lieu(None, None)  # one's own round is in every house


def _jour(request):
    return lire_jour(request.GET.get("jour")) or timezone.localdate()


def _jours(jour, lieu=PARTOUT) -> dict:
    return {
        "jour": jour,
        "jour_iso": jour.isoformat(),
        "quand": Periode(JOUR, jour).titre,
        "avant": f"?{lieu.du_jour(jour - timedelta(days=1))}",
        "apres": f"?{lieu.du_jour(jour + timedelta(days=1))}",
        "aujourdhui": jour == timezone.localdate(),
    }


def _ma_tournee(request, action) -> dict:
    h, jour = request.habilitation, _jour(request)
    visites = lectures.tournee(h, h.compte, jour)
    cible = request.resolver_match.view_name
    consigner_chacun(h, action, [r.dossier for r in visites], bloc=Bloc.AVQ, cible=cible)
    a_faire = [r for r in visites if r.ouvert]
    notees = [r for r in visites if not r.ouvert]
    return _jours(jour) | {
        "titre": "Ma tournée",
        "visites": visites,
        "a_faire": a_faire,
        "notees": notees,
        "faites": len(notees),
    }


@require_safe
@acces_bloc(Bloc.AVQ, Action.SAISIR)
def tournee(request):
    contexte = _ma_tournee(request, "voir")
    contexte["partage"] = request.habilitation.peut(Bloc.AGE, Action.SAISIR)
    return render(request, "coordination/tournees/tournee.html", contexte)


@require_safe
@acces_bloc(Bloc.AVQ, Action.SAISIR)
def tournee_imprimable(request):
    contexte = _ma_tournee(request, "imprimer") | {"imprime_par": signature(request.habilitation)}
    contexte["titre"] = f"Tournée du {contexte['quand'].lower()}"
    contexte["retour"] = f"{reverse('coordination:tournee')}?jour={contexte['jour'].isoformat()}"
    return render(request, "coordination/tournees/imprimable.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AVQ, Action.SAISIR)
def visite(request, dossier, rendez_vous_id):
    h = request.habilitation
    r = lectures.la_visite(h, dossier, rendez_vous_id)
    if r is None:
        raise Http404
    jour = timezone.localdate(r.debut)
    retour = f"{reverse('coordination:tournee')}?jour={jour.isoformat()}"
    formulaire = VisiteForm(request.POST or None, visite=r)
    if formulaire.is_valid():
        lue = formulaire.cleaned_data["version"]
        with refus_dans(formulaire):
            services.noter_visite(h, r.pk, dossier, version_lue=lue, **formulaire.saisie())
            messages.success(request, f"Visite chez {dossier.usager.nom_usuel} enregistrée.")
            return redirect(retour)
        if conflit := conflit_de(formulaire):
            return repondre(request, formulaire, conflit, dossier=dossier, retour=retour)
    contexte = {
        "titre": "Visite à domicile",
        "sous_titre": f"{r.libelle}, prévue {quand_texte(r.debut)}",
        "r": r,
        "formulaire": formulaire,
        "retour": retour,
    }
    statut = 422 if formulaire.is_bound else 200
    gabarit = "coordination/tournees/visite.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AGE, Action.SAISIR)
def domicile(request, dossier):
    h = request.habilitation
    actuel = lectures.domicile(h, dossier)
    formulaire = DomicileForm(request.POST or None, objet=actuel)
    retour = reverse("coordination:agenda_personne", args=[dossier.pk])
    if formulaire.is_valid():
        lue = formulaire.cleaned_data.get("version", 0)
        with refus_dans(formulaire):
            services.ecrire_domicile(h, dossier, version_lue=lue, **formulaire.champs)
            messages.success(request, "Adresse et consignes enregistrées.")
            return redirect(retour)
        # Without `objet`: written by somebody else since the empty form was opened.
        if formulaire.objet and (conflit := conflit_de(formulaire)):
            return repondre(request, formulaire, conflit, dossier=dossier, retour=retour)
    contexte = {"titre": "Domicile", "formulaire": formulaire, "retour": retour}
    statut = 422 if formulaire.is_bound else 200
    gabarit = "coordination/tournees/domicile.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE, Action.SAISIR)
def suivi(request):
    h, jour = request.habilitation, _jour(request)
    lieu_d_ecriture(request)  # that of the page sent, or nothing is given to anybody
    maison = maison_parmi(request, h.etablissements(Bloc.AGE, Action.SAISIR))
    lieu = lieu_dans(request, maison)
    pros = lectures.intervenants(maison)
    if request.method == "POST":
        _confier(request, pros)
        return redirect(f"{reverse('coordination:tournees')}?{lieu.du_jour(jour)}")
    routes = lectures.suivi(h, maison, jour)
    nommes = [r.dossier for t in routes for r in t.visites]
    consigner_chacun(h, "lister", nommes, bloc=Bloc.AGE, cible="coordination:tournees")
    contexte = _jours(jour, lieu) | {
        "titre": "Tournées",
        "parametres": lieu.du_jour(jour),
        "maison": maison,
        "routes": routes,
        "pros": [(str(c.pk), c.get_full_name()) for c in pros],
        "en_retard": sum(t.en_retard for t in routes),
        "sans_personne": sum(len(t.visites) for t in routes if not t.qui),
        "nombre": sum(len(t.visites) for t in routes),
    }
    return render(request, "coordination/tournees/suivi.html", contexte)


def _confier(request, pros) -> None:
    compte = next((c for c in pros if str(c.pk) == request.POST.get("a")), None)
    cles = [c for c in map(lire_uuid, request.POST.getlist("rendez_vous")) if c]
    if compte is None or not cles:
        messages.error(request, "Cochez des visites, puis choisissez à qui les confier.")
        return
    try:
        nombre = services.confier(request.habilitation, cles, compte=compte)
    except RendezVous.DoesNotExist:
        raise Http404 from None
    except PermissionDenied as erreur:
        messages.error(request, str(erreur))
        return
    pluriel = "s" if nombre > 1 else ""
    messages.success(
        request, f"{nombre} visite{pluriel} confiée{pluriel} à {compte.get_full_name()}."
    )
