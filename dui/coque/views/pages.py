"""The pages every role starts from: home, residents, search, summary of a dossier."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dui.coque import lectures, titres
from dui.coque.tableau import tableau
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from habilitations.acces import acces_bloc, acces_dossier, acces_soi
from habilitations.lieux import lieu_de
from habilitations.moyens.postes import PROPOSER
from habilitations.pages import imprimer_dossier, rendre_dossier, signature


@require_safe
@acces_soi
def accueil(request):
    h = request.habilitation
    if not h.professionnel:
        return redirect("relation_usager:accueil")
    consigner(h, "lister", bloc=Bloc.ID, cible="accueil")
    lieu = lieu_de(request)
    contexte = {
        "titre_accueil": titres.du_jour(timezone.localtime()),
        "sous_titre_accueil": titres.presences(lieu, lectures.presences(h, lieu)),
        "lieu": lieu,
        "proposer_un_code": request.session.get(PROPOSER),
        "sections": lectures.sections(registres.sections_accueil.permis(h), h, lieu),
        "peut_transmettre": h.peut(Bloc.TRA, Action.SAISIR),
        "choisir_url": f"{reverse('accompagnement:choisir')}?{lieu.parametre}",
    }
    return render(request, "coque/accueil.html", contexte)


@require_safe
@acces_bloc(Bloc.ID, Action.RESUME)
def residents(request):
    contexte = tableau(request.habilitation, lieu_de(request), request.GET)
    return render(request, "coque/residents.html", titres.des_residents(contexte))


@require_safe
@acces_bloc(Bloc.ID, Action.RESUME)
def residents_imprimables(request):
    consigner(request.habilitation, "imprimer", bloc=Bloc.ID, cible="liste des résidents")
    contexte = tableau(request.habilitation, lieu_de(request), request.GET)
    contexte |= {
        "imprime_par": signature(request.habilitation),
        "retour": reverse("residents"),
    }
    return render(request, "coque/residents_imprimables.html", titres.des_residents(contexte))


@require_safe
@acces_bloc(Bloc.ID, Action.RESUME)
def recherche(request):
    texte = request.GET.get("q", "")[:100].strip()
    resultats = lectures.chercher(request.habilitation, texte) if texte else []
    fragment = request.headers.get("HX-Request") or request.GET.get("fragment")
    gabarit = "coque/_resultats.html" if fragment else "coque/recherche.html"
    contexte = {
        "recherche_q": texte,
        "aide_recherche": titres.de_l_aide(lieu_de(request)),
        "resultats": titres.de_la_recherche(resultats),
    }
    return render(request, gabarit, contexte)


@require_safe
@acces_dossier(Bloc.ID, Action.RESUME)
def synthese(request, dossier):
    sections = _sections(request.habilitation, dossier)
    contexte = {
        "titre": "Synthèse",
        "titre_h1": f"Synthèse de {dossier.usager.premier_prenom} {dossier.usager.nom_naissance}",
        "sections": sections,
        "absence_url": _absence(request.habilitation, dossier),
        "fiche_url": reverse("administratif:fiche_urgence_pdf", args=[dossier.pk]),
        "imprimer_url": reverse("dossier_imprimable", args=[dossier.pk]),
    }
    return rendre_dossier(request, dossier, "coque/synthese.html", contexte)


def _sections(habilitation, dossier) -> dict[str, list[dict]]:
    entrees = registres.sections_synthese.permis_pour(habilitation, dossier)
    return lectures.sections(entrees, habilitation, dossier)


def _absence(habilitation, dossier) -> str:
    if dossier.usager.date_deces or not habilitation.peut_pour(dossier, Bloc.AGE, Action.SAISIR):
        return ""
    return reverse("accompagnement:absence", args=[dossier.pk])


@require_safe
@acces_dossier(Bloc.ID, Action.RESUME)
def synthese_imprimable(request, dossier):
    sections = _sections(request.habilitation, dossier)
    contexte = {
        "titre": "Synthèse",
        "sections": sections,
        "retour": reverse("dossier", args=[dossier.pk]),
    }
    return imprimer_dossier(
        request, dossier, "coque/synthese_imprimable.html", contexte, bloc=Bloc.ID
    )
