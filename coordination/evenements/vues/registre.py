"""The register of the house, and the events of a record."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from coordination.evenements import lectures
from coordination.evenements.formulaires import FiltresForm
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner_chacun
from dui.socle.pagination import trancher
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.lieux import lieu_de, presents_par_unite
from habilitations.pages import rendre_dossier, signature

IMPRIMES_MAX = 300


@require_safe
@acces_bloc(Bloc.EI)
def registre(request):
    filtres, requete, lieu = _lire(request)
    tranche = trancher(requete, request, champ="constate_le")
    saisit = request.habilitation.peut(Bloc.EI, Action.SAISIR)
    contexte = {
        "lieu": lieu,
        "filtres": filtres,
        "tranche": tranche,
        "lignes": [lectures.nommer(e) for e in tranche.lignes],
        "mois": lectures.par_mois(requete),
        "types": lectures.types(maison=True) if saisit else [],
        "imprimer_url": f"{reverse('coordination:registre_imprimable')}?{request.GET.urlencode()}",
    }
    return render(request, "coordination/evenements/registre.html", contexte)


@require_safe
@acces_bloc(Bloc.EI)
def registre_imprimable(request):
    h = request.habilitation
    filtres, requete, lieu = _lire(request)
    lignes = [lectures.nommer(e) for e in requete.plus_recents()[:IMPRIMES_MAX]]
    dossiers = {e.dossier_id: e.dossier for e in lignes if e.dossier_id}
    consigner_chacun(h, "imprimer", dossiers.values(), bloc=Bloc.EI, cible="registre")
    contexte = {
        "titre": f"Registre des événements, {lieu}",
        "filtres": filtres,
        "lignes": lignes,
        "mois": lectures.par_mois(requete),
        "imprime_par": signature(h),
        "retour": reverse("coordination:registre"),
    }
    return render(request, "coordination/evenements/registre_imprimable.html", contexte)


def _lire(request):
    lieu, filtres = lieu_de(request), FiltresForm(request.GET or None)
    return filtres, lectures.registre(request.habilitation, lieu, filtres), lieu


@require_safe
@acces_dossier(Bloc.EI)
def liste(request, dossier):
    h = request.habilitation
    saisit = h.peut_pour(dossier, Bloc.EI, Action.SAISIR)
    contexte = {
        "titre": "Événements",
        "lignes": lectures.du_dossier(h, dossier),
        "types": lectures.types(maison=False) if saisit else [],
    }
    return rendre_dossier(request, dossier, "coordination/evenements/liste.html", contexte)


@require_safe
@acces_bloc(Bloc.EI, Action.SAISIR)
def pour_qui(request):
    """From the ward: what happened (a fall, unless said otherwise), then to whom."""
    lieu, types = lieu_de(request), lectures.types(maison=False)
    demande = request.GET.get("type")
    choisi = next((t for t in types if t.code == demande), types[0])
    contexte = {
        "lieu": lieu,
        "type": choisi,
        "types": [
            {
                "libelle": t.libelle,
                "icone": t.proprietes["icone"],
                "url": f"?{lieu.parametre}&type={t.code}",
                "courant": t is choisi,
            }
            for t in types
        ],
        "groupes": presents_par_unite(request.habilitation, lieu, Bloc.EI),
    }
    return render(request, "coordination/evenements/pour_qui.html", contexte)


@require_safe
@acces_dossier(Bloc.EI, Action.SAISIR)
def choisir(request, dossier):
    """For whoever declares without reading the others'."""
    contexte = {
        "titre": "Déclarer un événement",
        "lignes": None,
        "types": lectures.types(maison=False),
    }
    return rendre_dossier(request, dossier, "coordination/evenements/liste.html", contexte)
