"""Read a project, compare its versions, print it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accompagnement.models import Projet
from accompagnement.projets import lectures, listes, services
from accompagnement.projets.vues.communs import en_vigueur_de, trouver
from dui.socle import codes, pdf
from dui.socle.enums import Action, Bloc
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.lieux import lieu_de
from habilitations.pages import (
    bandeau,
    imprimer_dossier,
    rendre_dossier,
    signature_pour,
    tracer_impression,
)

AVEC_PREUVE = {"pour": "vont dans le sens", "contre": "vont contre", "neutre": "neutres"}


@require_safe
@acces_bloc(Bloc.PP)
def a_revoir(request):
    lieu = lieu_de(request)
    lignes = listes.d_une_maison(request.habilitation, lieu)
    presses = [x for x in lignes if x.alerte.presse]
    tous = request.GET.get("vue") == "tous"
    contexte = {
        "lieu": lieu,
        "lignes": lignes if tous else presses,
        "vues": [
            {"url": "?", "libelle": "À revoir", "nombre": len(presses), "courant": not tous},
            {"url": "?vue=tous", "libelle": "Tous", "nombre": len(lignes), "courant": tous},
        ],
    }
    return render(request, "accompagnement/projets/a_revoir.html", contexte)


@require_safe
@acces_dossier(Bloc.PP)
def projets(request, dossier):
    """The project that is lived; the choice of another below it."""
    siens = lectures.projets(request.habilitation, dossier)
    if siens:
        return _page(request, dossier, siens[0], siens)
    contexte = {"titre": "Projet personnalisé", "peut_saisir": _saisit(request, dossier)}
    return rendre_dossier(request, dossier, "accompagnement/projets/aucun.html", contexte)


@require_safe
@acces_dossier(Bloc.PP)
def voir(request, dossier, projet_id):
    siens = lectures.projets(request.habilitation, dossier)
    projet = next((p for p in siens if p.pk == projet_id), None)
    if projet is None:
        raise Http404
    return _page(request, dossier, projet, siens)


@require_safe
@acces_dossier(Bloc.PP)
def version(request, dossier, projet_id, numero):
    siens = lectures.projets(request.habilitation, dossier)
    projet = next((p for p in siens if p.pk == projet_id), None)
    if projet is None:
        raise Http404
    return _page(request, dossier, projet, siens, numero=numero)


def _page(request, dossier, projet, siens, numero=None):
    h = request.habilitation
    versions = lectures.versions(projet)
    courante = next((v for v in versions if v.courante), None)
    lue = next((v for v in versions if v.numero == numero), None) if numero else courante
    lue = lue or (versions[-1] if not numero else None)
    if lue is None:
        raise Http404
    faits = lectures.bilans(projet)
    avant = next((v for v in versions if v.numero < lue.numero), None)
    arretee_le = courante and courante.arretee_le
    bilan_le = lectures.prochain_bilan(
        projet,
        arretee_le,
        bool(faits),
        faits[0].prochain_le if faits else None,
    )
    contexte = {
        "titre": "Projet personnalisé",
        "projet": projet,
        "type_projet": codes.libelle("type_projet", projet.type),
        "lu": lectures.Lecteur(lue, lectures.vie(h, dossier, projet), dossier.usager.nom_usuel),
        "version": lue,
        "courante": courante,
        "brouillon": next((v for v in versions if not v.arretee), None),
        "avant": avant,
        "versions": versions,
        "accords": lectures.accords(lue),
        "bilans": faits,
        "alertes": [] if projet.termine else _alertes(projet, bilan_le, arretee_le),
        "autres": [p for p in siens if p.pk != projet.pk],
        "peut_saisir": _saisit(request, dossier) and not projet.termine,
        "peut_ouvrir": _saisit(request, dossier) and all(p.termine for p in siens),
        "peut_relier": h.peut_pour(dossier, Bloc.TRA, Action.SAISIR) and not projet.termine,
        "transitions": services.TRANSITIONS[Projet.Statut(projet.statut)],
    }
    return rendre_dossier(request, dossier, "accompagnement/projets/voir.html", contexte)


def _alertes(projet, bilan_le, arretee_le):
    return lectures.alertes(projet, bilan_le, lectures.evenement(projet, arretee_le))


def _saisit(request, dossier) -> bool:
    return request.habilitation.peut_pour(dossier, Bloc.PP, Action.SAISIR)


@require_safe
@acces_dossier(Bloc.PP)
def objectif(request, dossier, projet_id, objectif_id):
    """One objective whole: how far it is, day after day, and every trace for and against it."""
    projet, lecteur = _lecteur(request, dossier, projet_id)
    vu = next((o for o in lecteur.objectifs if o.cle == str(objectif_id)), None)
    if vu is None:
        raise Http404
    sens = request.GET.get("sens", "")
    contexte = {
        "titre": vu.nom,
        "projet": projet,
        "o": vu,
        "dessin": lectures.courbe(vu),
        "preuves": [p for p in vu.preuves if not sens or p.preuve.sens == sens],
        "filtres": _filtres(vu, sens),
        "peut_saisir": _saisit(request, dossier) and not projet.termine,
        "peut_relier": request.habilitation.peut_pour(dossier, Bloc.TRA, Action.SAISIR)
        and not projet.termine,
    }
    return rendre_dossier(request, dossier, "accompagnement/projets/objectif.html", contexte)


def _filtres(vu, sens) -> list[dict]:
    toutes = {"url": "?", "libelle": "toutes", "nombre": len(vu.preuves), "courant": not sens}
    return [toutes] + [
        {"url": f"?sens={s}", "libelle": mot, "nombre": vu.combien(s), "courant": sens == s}
        for s, mot in AVEC_PREUVE.items()
    ]


def _lecteur(request, dossier, projet_id):
    """The version in force; while the first is prepared, its draft."""
    projet = trouver(request, dossier, projet_id)
    lue = en_vigueur_de(projet) or projet.versions.order_by("-numero").first()
    return projet, lectures.Lecteur(
        lue, lectures.vie(request.habilitation, dossier, projet), dossier.usager.nom_usuel
    )


@require_safe
@acces_dossier(Bloc.PP)
def comparer(request, dossier, projet_id):
    projet = trouver(request, dossier, projet_id)
    versions = lectures.versions(projet)
    par_numero = {str(v.numero): v for v in versions}
    apres = par_numero.get(request.GET.get("a", ""), versions[0])
    avant = par_numero.get(request.GET.get("de", ""))
    if avant is None:
        avant = next((v for v in versions if v.numero < apres.numero), apres)
    contexte = {
        "titre": f"De la version {avant.numero} à la version {apres.numero}",
        "projet": projet,
        "versions": versions[::-1],
        "avant": avant,
        "apres": apres,
        "changements": lectures.en_phrases(avant, apres),
    }
    return rendre_dossier(request, dossier, "accompagnement/projets/comparer.html", contexte)


# ---------------------------------------------------------------- on paper


@require_safe
@acces_dossier(Bloc.PP)
def imprimer(request, dossier, projet_id):
    contexte = _a_imprimer(request, dossier, projet_id)
    contexte["retour"] = reverse("accompagnement:projet_voir", args=[dossier.pk, projet_id])
    gabarit = "accompagnement/projets/imprimable.html"
    return imprimer_dossier(request, dossier, gabarit, contexte, bloc=Bloc.PP)


def _a_imprimer(request, dossier, projet_id) -> dict:
    projet, lecteur = _lecteur(request, dossier, projet_id)
    return {
        "titre": projet.titre,
        "projet": projet,
        "type_projet": codes.libelle("type_projet", projet.type),
        "lu": lecteur,
        "version": lecteur.version,
        "accords": lectures.accords(lecteur.version),
        "bilans": lectures.bilans(projet),
    }


@require_safe
@acces_dossier(Bloc.PP)
def en_pdf(request, dossier, projet_id):
    h, contexte = request.habilitation, _a_imprimer(request, dossier, projet_id)
    tete = bandeau(h, dossier)
    tracer_impression(h, tete, bloc=Bloc.PP, cible="projet personnalisé")
    contexte |= {
        "dossier": dossier,
        "bandeau": tete,
        "etablissement": contexte["projet"].etablissement,
        "imprime_par": signature_pour(h, dossier),
        "imprime_le": timezone.now(),
        "brouillon": not contexte["version"].arretee,
    }
    reponse = HttpResponse(pdf.rendre("pdf/projet.html", contexte), content_type="application/pdf")
    nom = f"projet-{dossier.numero}.pdf"  # never a name: downloads stay on workstations
    reponse["Content-Disposition"] = content_disposition_header(False, nom)
    return reponse


@require_safe
@acces_dossier(Bloc.PP)
def facile(request, dossier, projet_id):
    contexte = _facile(request, dossier, projet_id)
    return rendre_dossier(request, dossier, "accompagnement/projets/facile.html", contexte)


@require_safe
@acces_dossier(Bloc.PP)
def facile_imprimable(request, dossier, projet_id):
    contexte = _facile(request, dossier, projet_id)
    contexte["retour"] = reverse("accompagnement:projet_facile", args=[dossier.pk, projet_id])
    gabarit = "accompagnement/projets/facile_imprimable.html"
    return imprimer_dossier(request, dossier, gabarit, contexte, bloc=Bloc.PP)


def _facile(request, dossier, projet_id) -> dict:
    projet, lecteur = _lecteur(request, dossier, projet_id)
    return {
        "titre": "Mon projet",
        "projet": projet,
        "version": lecteur.version,
        "objectifs": [o for o in lecteur.objectifs if not o.abandonne],
        "peut_saisir": _saisit(request, dossier) and not projet.termine,
        "a_ecrire": [o for o in lecteur.objectifs if not o.falc],
        "referent": lecteur.referent,
    }
