from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accompagnement.evaluations import pieces
from dui.socle import coffre, fichiers
from dui.socle.enums import Bloc
from dui.socle.journal import consigner
from habilitations.acces import acces_dossier


@require_safe
@acces_dossier(Bloc.EVA)
def ouvrir(request, dossier, evaluation_id, document_id):
    """The file itself, from the store; its name says nothing of anybody."""
    h = request.habilitation
    document = pieces.trouver(h, dossier, evaluation_id, document_id)
    if document is None:
        raise Http404
    consigner(h, "telecharger", dossier=dossier, bloc=Bloc.EVA, cible=str(document.pk))
    reponse = HttpResponse(coffre.contenu(document), content_type=document.type_mime)
    pdf = document.type_mime == fichiers.PDF.type_mime
    nom = "piece.pdf" if pdf else "piece.jpg"
    reponse["Content-Disposition"] = content_disposition_header(False, nom)
    reponse["Cache-Control"] = "no-store"
    return reponse
