from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accompagnement import destinataires, lectures, services, suites
from accompagnement.cibles import lectures as cibles
from accompagnement.cibles.formulaires import NouvelleForm
from accompagnement.filtres import FilDuLieuForm, FilForm
from accompagnement.forms import CorrectionForm
from accompagnement.models import Transmission
from accompagnement.photos import lectures as photos
from dui.socle.enums import Action, Bloc
from dui.socle.models import Tache
from dui.socle.pagination import trancher
from dui.socle.refus import conflit_de, refus_dans, refus_en_message, statut
from habilitations import reserves
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.lieux import lieu_de, presents_par_unite
from habilitations.pages import imprimer_dossier, rendre_dossier
from habilitations.redaction import reprendre

NOUVELLE = "Nouvelle transmission"


@require_safe
@acces_dossier(Bloc.TRA)
def fil(request, dossier):
    contexte = _fil(request, dossier)
    imprimer = reverse("accompagnement:fil_imprimable", args=[dossier.pk])
    contexte["imprimer_url"] = f"{imprimer}?{request.GET.urlencode()}"
    contexte["relie_au_projet"] = request.habilitation.peut_pour(dossier, Bloc.PP)
    return rendre_dossier(request, dossier, "accompagnement/fil.html", contexte)


@require_safe
@acces_dossier(Bloc.TRA)
def fil_imprimable(request, dossier):
    contexte = _fil(request, dossier)
    contexte["retour"] = reverse("accompagnement:transmissions", args=[dossier.pk])
    return imprimer_dossier(
        request, dossier, "accompagnement/fil_imprimable.html", contexte, bloc=Bloc.TRA
    )


def _fil(request, dossier) -> dict:
    filtres = FilForm(request.GET, habilitation=request.habilitation)
    lignes = Transmission.objects.visibles(request.habilitation).filter(dossier=dossier)
    lignes = filtres.filtrer(lignes.en_vigueur().select_related("auteur", "cible_suivie"))
    tranche = trancher(lignes, request, champ="survenu_le")
    lectures.nommer_les_cibles(tranche.lignes)
    suites.ajouter_aux_lignes(request.habilitation, tranche.lignes)
    photos.ajouter_aux_lignes(tranche.lignes)
    destinataires.nommer(request.habilitation, tranche.lignes)
    return {
        "titre": "Transmissions",
        "sous_titre_fil": "Filtrées" if filtres.actifs else "",
        "tranche": tranche,
        "filtres": filtres,
        "vide_titre": "Rien sous ces filtres" if filtres.actifs else "Aucune transmission",
    }


@require_safe
@acces_bloc(Bloc.TRA)
def fil_du_lieu(request):
    """What is written in the ward, the last first, whoever it is about."""
    h, lieu = request.habilitation, lieu_de(request)
    filtres = FilDuLieuForm(request.GET, habilitation=h)
    lignes = filtres.filtrer(lectures.du_lieu(h, lieu, filtres.depuis))
    tranche = trancher(lignes, request, champ="ecrit_le")
    lectures.situer_le_fil(h, lieu, tranche.lignes)
    contexte = {"lieu": lieu, "tranche": tranche, "filtres": filtres, "peut_transmettre": False}
    return render(request, "accompagnement/fil_du_lieu.html", contexte)


@require_safe
@acces_bloc(Bloc.TRA, Action.SAISIR)
def choisir_la_personne(request):
    """« Transmission » from a list page: whom is it about?"""
    lieu = lieu_de(request)
    groupes = presents_par_unite(request.habilitation, lieu, Bloc.TRA)
    return render(request, "accompagnement/choisir.html", {"groupes": groupes, "lieu": lieu})


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.TRA, Action.SAISIR)
def transmission_nouvelle(request, dossier):
    formulaire = _formulaire(request, dossier)
    if formulaire.is_valid() and _ecrire(request, dossier, formulaire):
        # A role that writes without reading the others goes back to the summary.
        lit = request.habilitation.peut_pour(dossier, Bloc.TRA)
        page = "accompagnement:transmissions" if lit else "dossier"
        return redirect(page, dossier_id=dossier.pk)
    contexte = _contexte(request, dossier, formulaire, NOUVELLE)
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(
        request, dossier, "accompagnement/transmission.html", contexte, status=statut
    )


def _formulaire(request, dossier):
    """What is posted; else the draft one asked to resume; else a blank form with its own key."""
    options = {
        "destinataires": destinataires.choix(request.habilitation),
        "lecteurs": reserves.choix(request.habilitation, dossier, Bloc.TRA),
        "executants": suites.executants(request.habilitation, dossier),
        "suivies": cibles.ouvertes_de(request.habilitation, dossier),
    }
    initial = {"cle_saisie": uuid4(), "cible": request.GET.get("cible", "")}
    poste = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    formulaire = NouvelleForm(*poste, initial=initial, **options)
    trop_grosse = getattr(request, "fichier_trop_gros", False)
    decision = photos.derniere(dossier)
    formulaire.photographier(request.habilitation, decision, trop_grosse=trop_grosse)
    reprendre(request, dossier, formulaire)
    return formulaire


def _contexte(request, dossier, formulaire, titre):
    cible = formulaire.cible_ecrite()
    return {
        "titre": titre,
        "formulaire": formulaire,
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
        "recentes": lectures.semaine_de_la_cible(request.habilitation, dossier, cible),
        "sans_photo": None
        if formulaire.photographiable
        else photos.pourquoi_sans(request.habilitation, dossier, formulaire.decision),
    }


def _ecrire(request, dossier, formulaire) -> bool:
    donnees = {c: v for c, v in formulaire.cleaned_data.items() if c not in ("heure", "jour")}
    with refus_dans(formulaire):
        services.ecrire_transmission(request.habilitation, dossier, **donnees)
        mot = "et photo enregistrées" if donnees["photo"] else "enregistrée"
        messages.success(request, f"Transmission {mot} pour {dossier.usager.nom_usuel}.")
        return True
    return False


def _transmission(request, dossier, transmission_id, action=Action.VOIR):
    lignes = Transmission.objects.visibles(request.habilitation, action)
    return get_object_or_404(lignes.select_related("auteur"), dossier=dossier, pk=transmission_id)


@require_safe
@acces_dossier(Bloc.TRA)
def historique(request, dossier, transmission_id):
    """Every version of a transmission, the one in force first, and who has read it."""
    ligne = _transmission(request, dossier, transmission_id)
    contexte = {
        "titre": "Historique de la transmission",
        "versions": lectures.versions(request.habilitation, ligne),
        "accuses": lectures.accuses(request.habilitation, ligne),
    }
    return rendre_dossier(request, dossier, "accompagnement/historique.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.TRA, Action.SAISIR)
def corriger(request, dossier, transmission_id):
    ligne = _transmission(request, dossier, transmission_id, Action.SAISIR)
    if ligne.auteur_id != request.user.pk:  # the service refuses it too; here, its text stays shut
        raise Http404
    if ligne.macrocible:
        return redirect("accompagnement:transmission_macrocible_corriger", dossier.pk, ligne.pk)
    lecteurs = reserves.choix(request.habilitation, dossier, Bloc.TRA)
    initial = lectures.a_corriger(ligne)
    formulaire = CorrectionForm(
        request.POST or None,
        initial=initial,
        lecteurs=lecteurs,
        photographiee=ligne.photos.exists(),
    )
    contexte = {"titre": "Corriger la transmission", "formulaire": formulaire, "ligne": ligne}
    if formulaire.is_valid():
        donnees = {c: v for c, v in formulaire.cleaned_data.items() if c not in ("heure", "jour")}
        with refus_dans(formulaire):
            services.corriger_transmission(request.habilitation, transmission_id, **donnees)
            messages.success(request, "Correction enregistrée. L’ancienne version reste lisible.")
            return redirect("accompagnement:transmissions", dossier_id=dossier.pk)
    if conflit := conflit_de(formulaire):
        contexte["actuelle"] = conflit.actuel
    gabarit = "accompagnement/corriger.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut(formulaire))


@require_POST
@acces_dossier(Bloc.TRA)
def suite_faite(request, dossier, suite_id):
    """Who may read it may say that it is done: a gesture seen, not a text."""
    try:
        suites.faire(request.habilitation, dossier, suite_id)
    except Tache.DoesNotExist as absente:
        raise Http404 from absente
    except ValidationError as erreur:
        messages.info(request, " ".join(erreur.messages))
    else:
        messages.success(request, "C’est noté : fait.")
    if request.POST.get("retour") == "releve":
        return redirect("accompagnement:releve")
    return redirect("accompagnement:transmissions", dossier_id=dossier.pk)


@require_POST
@acces_dossier(Bloc.TRA, Action.SAISIR)
def partager(request, dossier, transmission_id):
    ligne = _transmission(request, dossier, transmission_id)  # one shares what one may read
    partagee = request.POST.get("partagee") != "non"
    mot = "partagée sur le portail" if partagee else "retirée du portail"
    with refus_en_message(request):
        services.partager_transmission(request.habilitation, ligne.pk, partagee=partagee)
        messages.success(request, f"Transmission {mot}.")
    return redirect(reverse("accompagnement:transmissions", args=[dossier.pk]) + f"#t-{ligne.pk}")
