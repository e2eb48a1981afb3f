"""What belongs to the account itself: drafts, appearance; and the state of the service."""

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dui import __version__
from dui.socle import brouillons, lecture_brouillon
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_uuid
from dui.socle.models import Brouillon, Compte, Dossier
from habilitations import redaction
from habilitations.acces import acces_public, acces_soi
from habilitations.connexion.saisies import page_d_avant
from habilitations.connexion.vues import suite_demandee
from habilitations.lieux import Lieu, lieu_de, nomme
from habilitations.pages_ecrites import page_ecrite


@require_safe
@acces_soi
def mes_brouillons(request):
    h = request.habilitation
    lignes = Brouillon.objects.visibles(h).a_reprendre(h)[:100]
    return render(request, "coque/brouillons.html", {"brouillons": lignes})


TROP_LONG = {
    "titre": "Texte trop long",
    "motif": "Un brouillon garde au plus 200 000 caractères.",
    "conseil": "Revenez à la page précédente : votre texte y est encore. Coupez-le en deux.",
}


@require_POST
@acces_soi
def brouillon_enregistrer(request):
    """Autosave (JSON answer) or the « Garder en brouillon » button (goes back to the page)."""
    dossier = _dossier(request)
    lieu = None if dossier else _lieu(request)
    par_script = "application/json" in request.headers.get("Accept", "")
    try:
        brouillon = brouillons.garder(
            request.habilitation,
            page=page_ecrite(page_d_avant(request), lieu),
            dossier=dossier,
            objet=request.GET.get("objet", "")[: redaction.LONGUEUR],
            donnees=request.POST,
        )
    except brouillons.BrouillonTropLong:
        if not par_script:
            return render(request, "413.html", TROP_LONG, status=413)
        return JsonResponse({"erreur": "Texte trop long pour un brouillon."}, status=413)
    if par_script:
        # The page takes the address of its draft: coming back to it brings the text back.
        reprise = brouillon.adresse_reprise if brouillon else ""
        return JsonResponse({"enregistre_a": f"{timezone.localtime():%H:%M}", "reprise": reprise})
    messages.success(request, "Brouillon gardé. Vous le retrouverez dans « Brouillons ».")
    return redirect("dossier", dossier_id=dossier.pk) if dossier else redirect("brouillons")


def _dossier(request):
    if not (identifiant := request.GET.get("dossier")):
        return None
    visibles = Dossier.objects.visibles(request.habilitation, Bloc.ID, Action.RESUME)
    return get_object_or_404(visibles, pk=lire_uuid(identifiant))


def _lieu(request) -> Lieu:
    """Of a page about no record: the one it names, never another in its stead."""
    if not (demande := request.GET.get("lieu")):
        return lieu_de(request)
    if (lieu := nomme(request.habilitation, demande)) is None:
        raise Http404
    return lieu


@require_safe
@acces_soi
def brouillon(request, brouillon_id):
    """Read whole, even when its page takes it no more."""
    h = request.habilitation
    miens = Brouillon.objects.visibles(h).ouverts(h)
    miens = miens.select_related("dossier__usager", "etablissement")
    trouve = get_object_or_404(miens, pk=brouillon_id)
    contexte = {"b": trouve, "lignes": lecture_brouillon.lignes(h, trouve)}
    return render(request, "coque/brouillon.html", contexte)


@require_POST
@acces_soi
def brouillon_jeter(request, brouillon_id):
    mes = Brouillon.objects.visibles(request.habilitation)
    get_object_or_404(mes, pk=brouillon_id).delete()
    messages.success(request, "Brouillon jeté.")
    return redirect("brouillons")


@require_POST
@acces_soi
def preferences(request):
    """Theme and density of the account; back to the page it was asked from."""
    compte = request.user
    if request.POST.get("theme") in Compte.Theme.values:
        compte.theme = request.POST["theme"]
    if request.POST.get("densite") in Compte.Densite.values:
        compte.densite = request.POST["densite"]
    if "raccourcis" in request.POST:
        compte.raccourcis_actifs = request.POST["raccourcis"] == "oui"
    compte.save(update_fields=["theme", "densite", "raccourcis_actifs"])
    return redirect(suite_demandee(request))


@require_safe
@acces_soi
def presence(request):
    """« Rester connecté »: the session has just been used; a page tells if it is still its own."""
    return HttpResponse(status=204, headers={"Dui-Compte": str(request.user.pk)})


@acces_public
@require_safe
def etat(request):
    """For supervision: answers 200 when the database does."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")
    return JsonResponse({"etat": "ok", "version": __version__})
