"""Slow down who asks too often: each page names its bucket by settings, the answer is 429."""

import logging
from fnmatch import fnmatchcase

from django.conf import settings
from django.shortcuts import render

from dui.socle import adresses, debit
from dui.socle.journal import consigner, consigner_connexion

journal_technique = logging.getLogger(__name__)
PAR_ADRESSE = {"connexion", "relais", "e_cps"}  # before anybody is known


def seau_de(request) -> str:
    """The first bucket of settings.DEBITS_DES_PAGES whose pattern and method match."""
    page = request.resolver_match.view_name or ""
    for motif, methodes, seau in settings.DEBITS_DES_PAGES:
        if fnmatchcase(page, motif) and request.method in methodes:
            return seau
    return ""


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
            journal_technique.warning("débit « %s » : Valkey ne répond pas", seau)
        if verdict:
            return None
        if verdict.premier_refus:
            self._consigner(request, seau)
        reponse = render(request, "429.html", {"motif": settings.DEBITS_MOTIF}, status=429)
        reponse["Retry-After"] = str(verdict.attente)
        return reponse

    def _consigner(self, request, seau):
        page = request.resolver_match.view_name
        if request.user.is_authenticated:
            cible = f"{seau} {page}"
            consigner(request.habilitation, "debit_depasse", cible=cible)
        else:
            consigner_connexion(None, "debit_depasse", contexte={"seau": seau})
