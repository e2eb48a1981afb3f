from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accompagnement.models import PhotoTransmission
from accompagnement.photos import lectures, services
from accompagnement.photos.formulaires import DecisionForm
from dui.socle import coffre
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from dui.socle.refus import conflit_de, refus_dans, statut
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier

TITRE = "Photos pour les soins"


@require_safe
@acces_dossier(Bloc.JUR)
def photos(request, dossier):
    """What the person decided, and the former decisions."""
    decisions = lectures.decisions(request.habilitation, dossier)
    contexte = {
        "titre": TITRE,
        "decision": decisions[0] if decisions else None,
        "anciennes": decisions[1:],
        "peut_noter": request.habilitation.peut_pour(dossier, Bloc.JUR, Action.SAISIR),
    }
    return rendre_dossier(request, dossier, "accompagnement/photos/voir.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.JUR, Action.SAISIR)
def decider(request, dossier):
    derniere = lectures.derniere(dossier)
    initial = {
        "lue": derniere.pk if derniere else None,
        "qui": dossier.usager.nom_affiche,
        "qualite": "personne",
    }
    formulaire = DecisionForm(request.POST or None, initial=initial)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.decider(request.habilitation, dossier, **formulaire.cleaned_data)
            messages.success(request, f"Noté pour {dossier.usager.nom_usuel}.")
            return redirect("accompagnement:photos", dossier.pk)
    if conflit := conflit_de(formulaire):
        formulaire.montrer_le_conflit(conflit.actuel)
    contexte = {
        "titre": "Noter l’accord pour les photos",
        "formulaire": formulaire,
        "decisions": lectures.decisions(request.habilitation, dossier),
    }
    gabarit = "accompagnement/photos/decider.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut(formulaire))


@require_safe
@acces_dossier(Bloc.TRA)
def photo(request, dossier, transmission_id, document_id):
    """The image itself, from the store, as long as the agreement holds."""
    siennes = PhotoTransmission.objects.visibles(request.habilitation).montrables()
    siennes = siennes.filter(transmission=transmission_id, transmission__dossier=dossier)
    trouvee = siennes.filter(document=document_id).select_related("document").first()
    if trouvee is None:
        raise Http404
    document = trouvee.document
    consigner(
        request.habilitation, "telecharger", dossier=dossier, bloc=Bloc.TRA, cible=str(document.pk)
    )
    reponse = HttpResponse(coffre.contenu(document), content_type=document.type_mime)
    reponse["Content-Disposition"] = content_disposition_header(False, "photo.jpg")
    reponse["Cache-Control"] = "no-store"
    return reponse
