"""The pages of the cellule d'identitovigilance."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from administratif.cellule import impression, indicateurs, lectures, quarantaine, services
from administratif.cellule.formulaires import CREER, DOSSIER, REFUSER, DecisionForm
from administratif.cellule.registre import attentes, liens
from dui.socle import pdf
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner_chacun
from dui.socle.models import IdentiteRecue
from dui.socle.pagination import trancher_par_cle
from dui.socle.refus import refus_dans, refus_en_message
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.lieux import maison_parmi
from habilitations.pages import signature

PAR_PAGE = 30


def _maison(request):
    maison = maison_parmi(request, lectures.maisons(request.habilitation))
    if maison is None:
        raise PermissionDenied("Votre rôle ne suit les identités d’aucun établissement.")
    return maison


@require_safe
@acces_bloc(Bloc.IDV)
def accueil(request):
    h, maison = request.habilitation, _maison(request)
    contexte = {
        "maison": maison,
        "attentes": attentes(h, maison),
        "ailleurs": quarantaine.autres_maisons(h, maison),
        "liens": [x | {"url": reverse(x["url_nom"])} for x in _liens(h)],
    }
    return render(request, "cellule/accueil.html", contexte)


def _liens(habilitation) -> list[dict]:
    return [
        {"libelle": x.libelle, "icone": x.icone, "url_nom": x.url_nom}
        for x in liens.permis(habilitation)
    ]


# ---------------------------------------------------------------- lists


@require_safe
@acces_bloc(Bloc.IDV)
def a_valider(request):
    statut = request.GET.get("statut", "")
    statut = statut if statut in lectures.STATUTS else ""
    maison = _maison(request)
    filtres = [
        {
            "libelle": mot,
            "url": f"?etablissement={maison.pk}&statut={code}",
            "courant": code == statut,
        }
        for code, mot in lectures.MOTS.items()
    ]
    contexte = {"filtres": filtres, "geste": "Valider", "url_nom": "administratif:identite_valider"}
    sejours = lectures.a_valider(request.habilitation, maison, statut)
    return _liste(request, maison, sejours, "Identités à valider", contexte)


@require_safe
@acces_bloc(Bloc.IDV)
def douteuses(request):
    maison = _maison(request)
    contexte = {"geste": "Décider", "url_nom": "administratif:identite_juger"}
    sejours = lectures.douteuses(request.habilitation, maison)
    return _liste(request, maison, sejours, "Identités douteuses", contexte)


@require_safe
@acces_bloc(Bloc.IDV)
def attributs(request):
    maison = _maison(request)
    contexte = {
        "geste": "Décider",
        "url_nom": "administratif:identite_juger",
        "peut_confirmer": request.habilitation.peut(Bloc.IDV, Action.VALIDER),
    }
    sejours = lectures.attributs(request.habilitation, maison)
    return _liste(request, maison, sejours, "Attributs à juger", contexte)


def _liste(request, maison, sejours, titre, contexte):
    page = trancher_par_cle(sejours, request, champ="entree_le", taille=PAR_PAGE)
    for sejour in page.lignes:
        sejour.ou = lectures.ou(sejour)
    contexte |= {"maison": maison, "titre": titre, "page": page}
    return render(request, "cellule/liste.html", contexte)


@require_POST
@acces_dossier(Bloc.IDV, Action.VALIDER)
def confirmer_homonyme(request, dossier):
    with refus_en_message(request):
        services.confirmer_homonyme(request.habilitation, dossier)
        messages.success(request, "Homonyme confirmé : la mention reste dans les deux dossiers.")
    return redirect("administratif:cellule_attributs")


# ---------------------------------------------------------------- quarantine


@require_safe
@acces_bloc(Bloc.IDV)
def recues(request):
    maison = _maison(request)
    attendent = quarantaine.en_attente(request.habilitation, maison)
    page = trancher_par_cle(attendent, request, champ="recue_le", taille=PAR_PAGE)
    contexte = {
        "maison": maison,
        "page": page,
        "lignes": [quarantaine.ligne(x) for x in page.lignes],
    }
    return render(request, "cellule/recues.html", contexte)


@never_cache
@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.IDV, Action.VALIDER)
def recue(request, identite_recue_id):
    h = request.habilitation
    visibles = IdentiteRecue.objects.visibles(h, Action.VALIDER)
    x = get_object_or_404(
        visibles.select_related("etablissement", "decidee_par", "dossier__usager"),
        pk=identite_recue_id,
    )
    lue = x.lire()
    candidats = quarantaine.candidats(h, x, lue) if x.etat == x.Etat.EN_ATTENTE else []
    montres = [c.dossier for c in candidats if not c.ferme]
    cible = "quarantaine.comparee"
    consigner_chacun(h, "lister", montres, bloc=Bloc.IDV, cible=cible, titre="aucun")
    peut_creer = h.etablissements(Bloc.ID, Action.SAISIR).filter(pk=x.etablissement_id).exists()
    formulaire = DecisionForm(request.POST or None, candidats=candidats, creer=peut_creer)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            return _appliquer(request, x, formulaire.cleaned_data)
    contexte = {"recue": x, "candidats": candidats, "formulaire": formulaire}
    contexte |= quarantaine.recu(x, lue)
    statut = 422 if formulaire.is_bound else 200
    return render(request, "cellule/recue.html", contexte, status=statut)


def _appliquer(request, x, donnees):
    h, decision, raison = request.habilitation, donnees["decision"], donnees["raison"]
    if decision == REFUSER:
        services.refuser_recue(h, x.pk, raison=raison)
        messages.success(request, "Identité refusée : rien n’a été écrit dans les dossiers.")
        return redirect("administratif:cellule_quarantaine")
    if decision == CREER:
        dossier = services.creer_dossier(h, x.pk, vus=donnees["vus"].split(), raison=raison)
        fait = "Dossier créé, identité provisoire. Attribuez-lui son unité et sa chambre."
    else:
        cle = decision.removeprefix(DOSSIER)
        dossier = services.rattacher(h, x.pk, dossier_id=cle, raison=raison)
        fait = "Identité rattachée : les traits du dossier n’ont pas changé."
    messages.success(request, fait)
    return redirect("administratif:identite", dossier_id=dossier.pk)


# ---------------------------------------------------------------- figures, paper


@require_safe
@acces_bloc(Bloc.IDV)
def chiffres(request):
    maison = _maison(request)
    maisons = list(lectures.maisons(request.habilitation))
    contexte = indicateurs.page(request.habilitation, maison, maisons, timezone.localdate())
    return render(request, "cellule/indicateurs.html", contexte)


def _feuille(request) -> dict:
    h, maison = request.habilitation, _maison(request)
    lignes = impression.a_apporter(h, maison)
    dossiers = [x.sejour.dossier for x in lignes]
    cible = "liste des identités à valider"
    consigner_chacun(h, "imprimer", dossiers, bloc=Bloc.IDV, cible=cible, titre="affectation")
    return {
        "titre": "Identités à valider",
        "etablissement": maison,
        "lignes": lignes,
        "pieces": impression.pieces_acceptees(maison),
        "maximum": impression.MAXIMUM,
        "imprime_par": signature(h),
        "imprime_le": timezone.now(),
    }


@require_safe
@acces_bloc(Bloc.IDV)
def a_valider_imprimable(request):
    contexte = _feuille(request) | {"retour": reverse("administratif:cellule_a_valider")}
    return render(request, "cellule/a_valider_imprimable.html", contexte)


@require_safe
@acces_bloc(Bloc.IDV)
def a_valider_pdf(request):
    contenu = pdf.rendre("pdf/identites_a_valider.html", _feuille(request))
    reponse = HttpResponse(contenu, content_type="application/pdf")
    nom = f"identites-a-valider-{timezone.localdate():%Y-%m-%d}.pdf"
    reponse["Content-Disposition"] = content_disposition_header(False, nom)
    return reponse
