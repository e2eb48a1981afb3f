from io import BytesIO

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from dui.socle import coffre
from dui.socle.enums import Bloc
from dui.socle.journal import consigner
from dui.socle.pagination import lire_numero
from habilitations.acces import acces_portail, acces_soi
from relation_usager import lectures, mots
from relation_usager.pages import rendre_portail


@require_safe
@acces_soi
def accueil(request):
    """The only record at once; else the choice, or the news that no access is left."""
    h = request.habilitation
    if h.professionnel:
        raise Http404
    choix = [
        {"dossier": d, "nom": mots.nom_familier(d.usager), "url": _premiere_page(h, d)}
        for d in lectures.dossiers_ouverts(h)
    ]
    if len(choix) == 1:
        return redirect(choix[0]["url"])
    return render(request, "relation_usager/accueil.html", {"choix": choix})


def _premiere_page(habilitation, dossier) -> str:
    page = lectures.pages_ouvertes(habilitation, dossier)[0]
    return reverse(f"relation_usager:{page.nom}", args=[dossier.pk])


@require_safe
@acces_portail(Bloc.ANI)
def nouvelles(request, dossier):
    h = request.habilitation
    contexte = {"sections": lectures.sections(h, dossier)}
    if h.ouvre(dossier, Bloc.AUD):
        contexte["lecteurs"] = lectures.personnes_cette_semaine(h, dossier)
    if h.ouvre(dossier, Bloc.DOCA):
        contexte["nombre_documents"] = lectures.documents(h, dossier).count()
    return rendre_portail(request, dossier, "nouvelles", contexte)


@require_safe
@acces_portail(Bloc.ENT)
def contacts(request, dossier):
    lignes = lectures.contacts(request.habilitation, dossier)
    return rendre_portail(request, dossier, "contacts", {"contacts": lignes})


@require_safe
@acces_portail(Bloc.DOCA)
def documents(request, dossier):
    lignes = lectures.documents(request.habilitation, dossier)
    return rendre_portail(request, dossier, "documents", {"documents": list(lignes[:200])})


@require_safe
@acces_portail(Bloc.DOCA)
def document(request, dossier, document_id):
    ligne = get_object_or_404(lectures.documents(request.habilitation, dossier), pk=document_id)
    consigner(request.habilitation, "telecharger", dossier=dossier, bloc=ligne.bloc, cible=ligne.pk)
    extension = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
    nom = f"{slugify(ligne.titre)}.{extension.get(ligne.type_mime, 'bin')}"
    return FileResponse(
        BytesIO(coffre.contenu(ligne)),
        as_attachment=True,
        filename=nom,
        content_type=ligne.type_mime,
    )


@require_safe
@acces_portail(Bloc.AUD)
def acces(request, dossier):
    avant = lire_numero(request.GET.get("avant", ""))
    jours, suite = lectures.acces_au_dossier(request.habilitation, dossier, avant=avant)
    contexte = {
        "jours": jours,
        "anciens": f"?avant={suite}" if suite else "",
        "recents": request.path if avant else "",
    }
    return rendre_portail(request, dossier, "acces", contexte)
