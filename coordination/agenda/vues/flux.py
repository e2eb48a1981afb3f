"""The subscription of a professional to their own agenda, from any calendar."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coordination.agenda import ical, services_flux
from coordination.agenda.lectures_flux import abonnement_de, du_jeton, entrees
from dui.socle.enums import Bloc
from habilitations.acces import acces_bloc, acces_public

SESSION = "flux_agenda"


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.AGE)
def abonnement(request):
    """The address is shown once, to who has just asked for it: only its hash is kept."""
    h = request.habilitation
    if request.method == "POST":
        if request.POST.get("geste") == "fermer":
            services_flux.fermer(h)
        else:
            request.session[SESSION] = services_flux.ouvrir(h)
        return redirect("coordination:agenda_abonnement")
    jeton = request.session.pop(SESSION, "")
    adresse = reverse("coordination:agenda_flux", args=[jeton]) if jeton else ""
    contexte = {
        "titre": "Abonner mon calendrier",
        "adresse": request.build_absolute_uri(adresse) if adresse else "",
        "flux": abonnement_de(h),
    }
    return render(request, "coordination/agenda/abonnement.html", contexte)


@never_cache
@require_safe
@acces_public
def calendrier(request, jeton):
    """Without a session: the secret is the key. When and where; neither who nor why."""
    compte = du_jeton(jeton)
    if compte is None:
        raise Http404
    depuis = timezone.now() - timedelta(days=settings.FLUX_AGENDA_PASSE_JOURS)
    jusqu_a = timezone.now() + timedelta(days=settings.FLUX_AGENDA_AVENIR_JOURS)
    corps = ical.ecrire(entrees(compte, depuis, jusqu_a)).encode()
    etag = f'"{hashlib.sha256(corps).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        reponse = HttpResponse(status=304)
    else:
        reponse = HttpResponse(corps, content_type="text/calendar; charset=utf-8")
    reponse["ETag"] = etag
    return reponse
