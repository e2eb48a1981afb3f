from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from administratif.insi import lectures, lots
from administratif.insi.formulaires import LotForm
from dui.socle.identifiants import lire_uuid
from dui.socle.refus import refus_dans
from habilitations.acces import acces_bloc
from habilitations.lieux import maison_parmi


@require_http_methods(["GET", "POST"])
@acces_bloc(*lots.CELLULE)
def verifications(request):
    """What is being verified, what was refused, and how the calls ended this month."""
    h = request.habilitation
    maison = maison_parmi(request, h.etablissements(*lots.CELLULE))
    if maison is None:
        raise PermissionDenied("Votre rôle ne vérifie l’INS dans aucun établissement.")
    if request.method == "POST" and "reprendre" in request.POST:
        return _reprendre(request)
    formulaire = LotForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            lots.demander_un_lot(h, maison, depuis=formulaire.cleaned_data["depuis"])
            messages.success(request, "Vérification demandée : elle avance sans vous.")
            return redirect("administratif:verifications_ins")
    contexte = {
        "formulaire": formulaire,
        "etablissement": maison,
        "ouvert": settings.INSI_OUVERT,
        "lots": lectures.lots(maison),
        "refusees": lectures.a_reprendre(h, maison),
        "impossibles": lectures.impossibles(h, maison),
        "comptes": lectures.comptes(h, timezone.localdate().replace(day=1)),
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "insi/verifications.html", contexte, status=statut)


def _reprendre(request):
    try:
        lots.reprendre(request.habilitation, lire_uuid(request.POST["reprendre"]))
    except ObjectDoesNotExist:
        messages.error(request, "Ce lot n’est pas d’un établissement que vous vérifiez.")
    else:
        messages.success(request, "La vérification reprend.")
    return redirect("administratif:verifications_ins")
