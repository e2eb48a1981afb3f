from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admission.creation import carte
from admission.creation.vues import acces
from dui.connecteurs.insi import LectureRefusee, lire_carte
from dui.socle.lecture_carte import CarteForm


@never_cache
@require_http_methods(["GET", "POST"])
@acces
def lire(request):
    """Whom the card names; the search itself is the ordinary one."""
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    trop_gros = getattr(request, "fichier_trop_gros", False)
    formulaire, lus = CarteForm(*envoi, trop_gros=trop_gros), []
    if formulaire.is_valid():
        try:
            noms = lire_carte(formulaire.cleaned_data["fichier"])
        except LectureRefusee as refus:
            formulaire.add_error("fichier", refus.message)
        else:
            lus = carte.proposer(request.user, noms, aujourd_hui=timezone.localdate())
    statut = 422 if formulaire.is_bound and not lus else 200
    contexte = {"formulaire": formulaire, "lus": lus}
    return render(request, "admission/creation/carte.html", contexte, status=statut)
