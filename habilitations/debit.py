"""Slow down who asks too often: each page names its bucket by settings, the answer is 429."""

import logging
import math
from fnmatch import fnmatchcase

from django.conf import settings
from django.shortcuts import render

from dui.socle import adresses, debit
from dui.socle.journal import consigner, consigner_connexion
from habilitations.connexion import saisies

journal_technique = logging.getLogger(__name__)
PAR_ADRESSE = {"connexion", "relais", "e_cps"}  # before anybody is known


def seau_de(request) -> str:
    """The first bucket of settings.DEBITS_DES_PAGES whose pattern and method match."""
    page = request.resolver_match.view_name or ""
    for motif, methodes, seau in settings.DEBITS_DES_PAGES:
        if fnmatchcase(page, motif) and request.method in methodes:
            return seau
    return ""


def _duree(secondes: int) -> str:
    """« 40 secondes », « 2 minutes »: never less than what must be waited."""
    if secondes < 60:
        return "1 seconde" if secondes == 1 else f"{secondes} secondes"
    minutes = math.ceil(secondes / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


class Debit:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, vue, args, kwargs):
        if not (seau := seau_de(request)):
            return None
        if request.user.is_authenticated and seau not in PAR_ADRESSE:
            source = f"compte {request.user.pk}"
        else:
            source = f"adresse {adresses.source(request.META.get('REMOTE_ADDR', ''))}"
        verdict = debit.prendre(seau, source)
        if not verdict.compte:
            journal_technique.warning("débit « %s » : Valkey ne répond pas", seau)
        if verdict:
            return None
        if verdict.premier_refus:
            self._consigner(request, seau)
        contexte = {"motif": settings.DEBITS_MOTIF, "attente": _duree(verdict.attente)}
        if request.method == "POST" and request.user.is_authenticated:
            contexte["saisie"] = saisies.garder(request)
            contexte["retour"] = saisies.page_d_avant(request)
        reponse = render(request, "429.html", contexte, status=429)
        reponse["Retry-After"] = str(verdict.attente)
        return reponse

    def _consigner(self, request, seau):
        page = request.resolver_match.view_name
        if request.user.is_authenticated:
            cible = f"{seau} {page}"
            consigner(request.habilitation, "debit_depasse", cible=cible)
        else:
            consigner_connexion(None, "debit_depasse", contexte={"seau": seau})
