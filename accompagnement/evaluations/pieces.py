"""Files joined to an evaluation: documents of the record, whose list is frozen with the row."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError

from accompagnement.evaluations import catalogue
from accompagnement.models import Evaluation
from dui.socle import coffre, evenements, fichiers, images
from dui.socle.enums import Bloc
from dui.socle.models import Document

TYPE = "piece_evaluation"
TITRE_MAX = 120


@dataclass(frozen=True)
class Piece:
    """A file from outside, once checked."""

    titre: str
    contenu: bytes
    type_mime: str


def accepter(habilitation, fichier, titre: str) -> Piece:
    """FichierInterdit, journaled, of what is not a document. An image is drawn again: neither the
    place nor the device stays. To be called outside the transaction that the refusal ends."""
    nature = fichiers.controler(
        habilitation, fichier, nom=fichier.name, permises=fichiers.DOCUMENTS
    )
    titre = titre or _titre(fichier.name)
    if nature is fichiers.PDF:
        return Piece(titre, fichier.read(), nature.type_mime)
    contenu = images.sans_metadonnees(habilitation, fichier)
    return Piece(titre, contenu, fichiers.JPEG.type_mime)


def _titre(nom: str) -> str:
    lisible = "".join(c for c in PurePosixPath(nom).stem if c.isprintable())
    titre = lisible.replace("_", " ").strip()[:TITRE_MAX] or "pièce jointe"
    return titre[0].upper() + titre[1:]


def ranger(habilitation, evaluation, *, retirees=(), nouvelle: Piece | None = None) -> list[str]:
    """What is joined from now on: what the draft had, or the version it corrects, without those
    taken away. Nothing leaves the store: the former version keeps its own."""
    avant = (evaluation.remplace or evaluation).pieces
    cles = [cle for cle in avant if cle not in retirees]
    for cle in (c for c in avant if c in retirees):
        _noter(habilitation, "retiree", evaluation, cle)
    if nouvelle is None:
        return cles
    if len(cles) >= (maximum := catalogue.donnees("reglages")["pieces_max"]):
        raise ValidationError({"piece": f"Une évaluation porte au plus {maximum} pièces jointes."})
    document = coffre.deposer_document(
        habilitation,
        evaluation.dossier,
        bloc=Bloc.EVA,
        type_=TYPE,
        titre=nouvelle.titre,
        contenu=nouvelle.contenu,
        type_mime=nouvelle.type_mime,
    )
    _noter(habilitation, "jointe", evaluation, str(document.pk))
    return [*cles, str(document.pk)]


def _noter(habilitation, geste, evaluation, cle) -> None:
    charge = {"evaluation": str(evaluation.pk), "document": cle}
    evenements.noter(
        habilitation, f"evaluation.piece_{geste}", dossier=evaluation.dossier, charge=charge
    )


def de(evaluation: Evaluation) -> list[Document]:
    """In the order they were joined, for who was given the evaluation to read or to fill in."""
    if not evaluation.pieces:
        return []
    par_cle = Document.objects.select_related("depose_par").in_bulk(evaluation.pieces)
    par_nom = {str(cle): document for cle, document in par_cle.items()}
    return [par_nom[cle] for cle in evaluation.pieces if cle in par_nom]


def trouver(habilitation, dossier, evaluation_id, document_id) -> Document | None:
    visibles = Evaluation.objects.visibles(habilitation).filter(dossier=dossier, pk=evaluation_id)
    if not visibles.filter(pieces__contains=[str(document_id)]).exists():
        return None
    documents = Document.objects.visibles(habilitation).filter(dossier=dossier)
    return documents.filter(pk=document_id).first()
