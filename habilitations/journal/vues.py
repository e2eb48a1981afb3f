"""Who opened this record, what I opened myself, what is to be watched in my houses."""

from django.conf import settings
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from habilitations.acces import acces_bloc, acces_connecte, acces_dossier
from habilitations.journal import lectures
from habilitations.journal.export import lignes_csv
from habilitations.journal.filtres import FiltresDesMaisons, FiltresDuDossier, MesFiltres
from habilitations.pages import imprimer_dossier, rendre_dossier

TITRE = "Qui a ouvert ce dossier"


def _du_dossier(request, dossier):
    filtres = FiltresDuDossier(request.GET)
    return filtres, filtres.filtrer(lectures.du_dossier(request.habilitation, dossier))


def _contexte(request, dossier) -> dict:
    filtres, requete = _du_dossier(request, dossier)
    page = lectures.page_du_dossier(requete, request)
    return {"titre": TITRE, "filtres": filtres, "page": page}


def _retour(request, dossier) -> str:
    """The page, which shows what a copy cannot: what is wrong with the filter."""
    return f"{reverse('journal_dossier', args=[dossier.pk])}?{request.GET.urlencode()}"


@require_safe
@acces_dossier(Bloc.AUD)
def dossier(request, dossier):
    suffixe = f"?{request.GET.urlencode()}"
    contexte = _contexte(request, dossier) | {
        "imprimer_url": reverse("journal_dossier_imprimable", args=[dossier.pk]) + suffixe,
        "csv_url": reverse("journal_dossier_csv", args=[dossier.pk]) + suffixe,
    }
    return rendre_dossier(request, dossier, "habilitations/journal/dossier.html", contexte)


@require_safe
@acces_dossier(Bloc.AUD)
def dossier_imprimable(request, dossier):
    retour = _retour(request, dossier)
    if not FiltresDuDossier(request.GET).is_valid():
        return redirect(retour)
    contexte = _contexte(request, dossier) | {"retour": retour}
    gabarit = "habilitations/journal/dossier_imprimable.html"
    return imprimer_dossier(request, dossier, gabarit, contexte, bloc=Bloc.AUD)


@require_safe
@acces_dossier(Bloc.AUD)
def dossier_csv(request, dossier):
    filtres, requete = _du_dossier(request, dossier)
    if not filtres.is_valid():
        return redirect(_retour(request, dossier))
    consigner(request.habilitation, Action.EXPORTER, dossier=dossier, bloc=Bloc.AUD)
    lignes = lignes_csv(requete, dossier, settings.JOURNAL_EXPORT_MAXIMUM)
    nom = f"journal-{slugify(dossier.numero)}.csv"
    return StreamingHttpResponse(
        lignes,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{nom}"'},
    )


@require_safe
@acces_bloc(Bloc.AUD)
def maisons(request):
    h, q = request.habilitation, request.GET.get("dossier", "")[:60].strip()
    filtres = FiltresDesMaisons(request.GET)
    contexte = {
        "filtres": filtres,
        "page": lectures.page_des_maisons(h, filtres.filtrer(lectures.des_maisons(h)), request),
        "recherche_dossier": q,
        "dossiers": lectures.chercher(h, q) if q else [],
    }
    return render(request, "habilitations/journal/maisons.html", contexte)


@require_safe
@acces_connecte
def moi(request):
    h, filtres = request.habilitation, MesFiltres(request.GET)
    page = lectures.ma_page(h, filtres.filtrer(lectures.de_moi(h)), request)
    return render(request, "habilitations/journal/moi.html", {"filtres": filtres, "page": page})
