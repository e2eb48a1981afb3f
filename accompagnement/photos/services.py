"""What is decided of photographs, and the photographs themselves."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accompagnement.gardes import refuser_hors_de_sa_vie
from accompagnement.models import DecisionPhotos, PhotoTransmission, Transmission
from accompagnement.photos import lectures
from dui.socle import coffre, evenements
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion, refuser_si_autre
from dui.socle.fichiers import FichierInterdit
from dui.socle.models import Dossier

TYPE = "photo_transmission"
SANS_ACCORD = (
    "La photo n’a pas été jointe : l’accord pour les photos n’est pas noté, ou il a été retiré. "
    "Enregistrez de nouveau, sans photo."
)
CHANGEE = "Un collègue a noté autre chose entre-temps. Relisez, puis enregistrez de nouveau."


@transaction.atomic
def decider(habilitation, dossier, *, lue, cle_saisie, **dit) -> DecisionPhotos:
    """`lue`: the decision that was on the page, or None. Twice the same key is one act."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.JUR).get(pk=dossier.pk)
    if deja := DecisionPhotos.objects.filter(cle_saisie=cle_saisie).first():
        refuser_si_autre(deja, note_par=habilitation.compte, dossier=dossier, **dit)
        return deja
    derniere = lectures.derniere(dossier)
    if (derniere.pk if derniere else None) != lue:
        raise ConflitDeVersion(CHANGEE, actuel=derniere)
    refuser_hors_de_sa_vie(dossier, "le", dit["le"])
    decision = DecisionPhotos(
        dossier=dossier,
        note_par=habilitation.compte,
        fonction=habilitation.fonction_pour(dossier),
        cle_saisie=cle_saisie,
        **dit,
    )
    decision.full_clean()
    decision.save()
    evenements.noter(habilitation, f"photos.{decision.sens}", dossier=dossier, charge={})
    return decision


@transaction.atomic
def joindre(habilitation, transmission: Transmission, contenu: bytes) -> PhotoTransmission:
    """`contenu` comes from dui.socle.images."""
    decision = lectures.derniere(transmission.dossier)
    if decision is None or not decision.accordee:
        raise ValidationError(SANS_ACCORD)
    try:
        document = coffre.deposer_document(
            habilitation,
            transmission.dossier,
            bloc=Bloc.TRA,
            type_=TYPE,
            titre="Photo jointe à une transmission",
            contenu=contenu,
            type_mime="image/jpeg",
        )
    except FichierInterdit as refus:  # the antivirus fell silent since the form asked it
        raise ValidationError({"photo": f"{refus.message} {refus.que_faire}"}) from refus
    return PhotoTransmission.objects.create(
        transmission=transmission, document=document, jointe_le=transmission.ecrit_le
    )


@transaction.atomic
def suivre(habilitation, ancienne: Transmission, nouvelle: Transmission) -> None:
    """The corrected version keeps the photos of the former one."""
    photos = PhotoTransmission.objects.visibles(habilitation, Action.SAISIR)
    PhotoTransmission.objects.bulk_create(
        PhotoTransmission(transmission=nouvelle, document_id=p.document_id, jointe_le=p.jointe_le)
        for p in photos.filter(transmission=ancienne).order_by("jointe_le", "pk")
    )
