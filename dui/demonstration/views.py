"""The page of the demo accounts: who one may be, and a sign-in without typing."""

from functools import wraps
from urllib.parse import urljoin

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dui.demonstration import vitrine
from dui.demonstration.garde import en_demonstration
from dui.demonstration.lignes import MOT_DE_PASSE
from habilitations.acces import acces_public
from habilitations.connexion.services import ouvrir_session


def seulement_en_demonstration(vue):
    """A second lock: the application is not even installed elsewhere."""

    @wraps(vue)
    def enveloppe(request, *args, **kwargs):
        if not en_demonstration():
            raise Http404
        return vue(request, *args, **kwargs)

    enveloppe.hors_verrou = True  # a locked session comes back here to change role
    return enveloppe


@require_safe
@never_cache
@acces_public
@seulement_en_demonstration
def comptes(request):
    contexte = {
        "groupes": vitrine.groupes(),
        "essai": vitrine.essai(request.GET.get("compte", "claire.martin")),
        "mot_de_passe": MOT_DE_PASSE,
        "telephone": settings.PSC_OUVERT and urljoin(settings.PSC_DECOUVERTE, "/e-cps"),
    }
    return render(request, "demonstration/comptes.html", contexte)


@require_POST
@never_cache
@acces_public
@seulement_en_demonstration
def entrer(request, compte_id):
    """Both factors are taken as proven: it is a demonstration, and says so."""
    compte = vitrine.compte_d_essai(compte_id)
    if compte is None:
        raise Http404
    ouvrir_session(request, compte)
    return redirect(vitrine.premiere_page(compte))
