"""What the page of the means of sign-in shows of one's own account."""

from habilitations.models import CleAcces, CodePersonnel, SessionOuverte
from habilitations.moyens import avis, secours, sessions


def mes_moyens(request) -> dict:
    compte, habilitation = request.user, request.habilitation
    ouvertes = SessionOuverte.objects.visibles(habilitation).select_related("poste")
    return {
        "remplaces": [avis.dire(a) for a in avis.acces_remplaces(request)],
        "appareils": list(compte.totpdevice_set.filter(confirmed=True).order_by("pk")),
        "restants": secours.restants(compte),
        "cles": list(CleAcces.objects.visibles(habilitation)),
        "code": CodePersonnel.objects.filter(compte=compte).first(),
        "sessions": list(ouvertes.order_by("-derniere_activite", "pk")),
        "ici": sessions.courante(request),
        "professionnel": habilitation.professionnel,
    }
