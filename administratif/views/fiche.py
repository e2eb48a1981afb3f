from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from administratif import lectures
from dui.socle import pdf
from dui.socle.enums import Bloc
from habilitations.acces import acces_dossier
from habilitations.pages import bandeau, rendre_dossier, signature_pour, tracer_impression


def _contexte(request, dossier) -> dict:
    h = request.habilitation
    tete = bandeau(h, dossier)
    tracer_impression(h, tete, bloc=Bloc.ID, cible="fiche d’urgence")
    return {
        "titre": "Fiche d’urgence",
        "dossier": dossier,
        "bandeau": tete,
        "etablissement": tete.etablissement,
        "imprime_par": signature_pour(h, dossier),
        **lectures.fiche(h, dossier),
    }


@require_safe
@acces_dossier(Bloc.ID)
def fiche_urgence(request, dossier):
    contexte = _contexte(request, dossier)
    contexte["retour"] = reverse("dossier", args=[dossier.pk])
    return rendre_dossier(request, dossier, "administratif/fiche_urgence.html", contexte)


@require_safe
@acces_dossier(Bloc.ID)
def fiche_urgence_pdf(request, dossier):
    contenu = pdf.rendre("pdf/fiche_urgence.html", _contexte(request, dossier))
    reponse = HttpResponse(contenu, content_type="application/pdf")
    # The file number, never a name: downloads stay on workstations.
    nom = f"fiche-urgence-{dossier.numero}.pdf"
    reponse["Content-Disposition"] = content_disposition_header(False, nom)
    return reponse
