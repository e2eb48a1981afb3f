"""Sign-in by something else than a code: backup code, key, one's turn on a shared workstation."""

from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dui.socle.journal import consigner_connexion
from habilitations.acces import acces_public
from habilitations.connexion import attente, services
from habilitations.connexion.essais import TropDEssais
from habilitations.connexion.vues import (
    ATTENDRE,
    entrer,
    hors_verrou,
    page_de_connexion,
    vers,
)
from habilitations.models import Methode
from habilitations.moyens import cles, postes
from habilitations.moyens.formulaires import CodeDeSecoursForm, CodePersonnelForm

PLUS_DE_RELAIS = "Ici, votre code court ne suffit plus. Connectez-vous avec vos deux preuves."


@hors_verrou
@acces_public
@never_cache
@require_http_methods(["GET", "POST"])
def secours(request):
    compte = attente.compte(request)
    if compte is None:
        return vers(request, settings.LOGIN_URL)
    formulaire = CodeDeSecoursForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            if services.verifier_code_de_secours(request, compte, formulaire.cleaned_data["code"]):
                return entrer(request, compte, Methode.SECOURS)
            formulaire.add_error("code", "Code refusé. Chaque code ne sert qu’une fois.")
        except TropDEssais:
            formulaire.add_error(None, ATTENDRE)
    return page_de_connexion(request, "secours", formulaire)


def _compte_vise(request):
    """After the password, the key of this account and of no other."""
    return attente.compte(request) if request.POST.get("usage") == "second" else None


@hors_verrou
@acces_public
@never_cache
@require_POST
def cle_options(request):
    return JsonResponse(cles.proposer(request, compte=_compte_vise(request)))


@hors_verrou
@acces_public
@never_cache
@require_POST
def cle(request):
    """A key that verifies its holder is both factors by itself."""
    compte = _compte_vise(request)
    try:
        trouvee = cles.verifier(request, request.POST.get("reponse", ""), compte=compte)
    except cles.CleRefusee:
        consigner_connexion(compte, "connexion_refusee", contexte={"methode": "cle"})
        messages.error(request, "Clé refusée. Réessayez, ou prenez un autre moyen.")
        return vers(request, reverse("connexion_code") if compte else settings.LOGIN_URL)
    return entrer(request, trouvee.compte, Methode.CLE_SECOND if compte else Methode.CLE)


@hors_verrou
@acces_public
@never_cache
@require_http_methods(["GET", "POST"])
def relais(request, passage_au_poste_id):
    """On an enrolled workstation (what one has), the personal code (what one knows)."""
    passage = postes.passage_ici(request, passage_au_poste_id)
    formulaire = CodePersonnelForm(request.POST or None)
    if passage and request.method == "POST" and formulaire.is_valid():
        if postes.verifier_le_code(passage, formulaire.cleaned_data["code"]):
            return entrer(request, passage.compte, Methode.CODE_PERSONNEL)
        formulaire.add_error("code", "Code refusé.")
        passage = postes.passage_ici(request, passage_au_poste_id)
    if passage is None:
        messages.info(request, PLUS_DE_RELAIS)
        return redirect(settings.LOGIN_URL)
    return page_de_connexion(request, "relais", formulaire, passage=passage)
