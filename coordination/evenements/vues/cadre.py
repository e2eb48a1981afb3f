"""One page for both: an event of a record, or of the house. `dossier` is None for the latter."""

from functools import wraps

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from coordination.evenements import lectures
from coordination.evenements.services import SOURCE
from coordination.models import EvenementIndesirable
from dui.socle.enums import Action, Bloc
from habilitations import redaction
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.pages import imprimer_dossier, rendre_dossier, rendre_maison, signature


def du_dossier(vue, action=Action.VOIR):
    return acces_dossier(Bloc.EI, action)(vue)


def de_la_maison(vue, action=Action.VOIR):
    @wraps(vue)
    def sans_dossier(request, *args, **kwargs):
        reponse = vue(request, None, *args, **kwargs)
        redaction.clore_si_enregistre(request, None, reponse)
        return reponse

    return acces_bloc(Bloc.EI, action)(sans_dossier)


def trouver(request, dossier, evenement_indesirable_id) -> EvenementIndesirable:
    visibles = EvenementIndesirable.objects.visibles(request.habilitation).filter(dossier=dossier)
    return get_object_or_404(lectures.avec_signalement(visibles), pk=evenement_indesirable_id)


def adresse(evenement, nom) -> str:
    if evenement.dossier_id:
        return reverse(f"coordination:evenement_{nom}", args=[evenement.dossier_id, evenement.pk])
    return reverse(f"coordination:maison_{nom}", args=[evenement.pk])


def liens(evenement) -> dict[str, str]:
    noms = ("voir", "completer", "avancer", "action", "imprimable")
    eig = ("eig", "eig_avancer", "eig_transmettre", "eig_pdf")
    adresses = {nom: adresse(evenement, nom) for nom in (*noms, *eig)}
    if evenement.dossier_id:
        vers = reverse("coordination:transmettre", args=[evenement.dossier_id])
        adresses["transmettre"] = f"{vers}?source={SOURCE}&objet={evenement.pk}"
    return adresses


def rendre(request, dossier, gabarit, contexte, *, status=200):
    if dossier is not None:
        contexte |= {"gabarit_de_base": "gabarit_dossier.html"}
        return rendre_dossier(request, dossier, gabarit, contexte, status=status)
    contexte |= {"gabarit_de_base": "coordination/evenements/maison.html", "dossier": None}
    return rendre_maison(request, gabarit, contexte, status=status)


def imprimer(request, dossier, gabarit, contexte):
    if dossier is not None:
        return imprimer_dossier(request, dossier, gabarit, contexte, bloc=Bloc.EI)
    contexte |= {"bandeau": None, "imprime_par": signature(request.habilitation)}
    return render(request, gabarit, contexte)
