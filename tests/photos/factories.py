from io import BytesIO

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from tests.accompagnement.factories import TransmissionFactory
from tests.socle.factories import CompteFactory, DocumentFactory, DossierFactory


def jpeg(cote=40, format_="JPEG", **options) -> bytes:
    """A plain image, really encoded."""
    sortie = BytesIO()
    Image.new("RGB", (cote, cote * 3 // 4), "firebrick").save(sortie, format_, **options)
    return sortie.getvalue()


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = "accompagnement.DecisionPhotos"

    dossier = factory.SubFactory(DossierFactory)
    sens = "accord"
    qui = "Mme Durand"
    qualite = "personne"
    le = factory.LazyAttribute(lambda d: timezone.localdate(d.note_le))
    note_par = factory.SubFactory(CompteFactory)
    fonction = "Secrétaire"
    note_le = factory.LazyFunction(timezone.now)


class PhotoFactory(DjangoModelFactory):
    """Joined to a transmission of somebody who agrees."""

    class Meta:
        model = "accompagnement.PhotoTransmission"
        skip_postgeneration_save = True

    transmission = factory.SubFactory(TransmissionFactory)
    document = factory.LazyAttribute(lambda p: _document(p.transmission))

    @factory.post_generation
    def accord(photo, create, valeur, **options):
        if valeur is not False:
            DecisionFactory(dossier=photo.transmission.dossier)


def _document(transmission):
    return DocumentFactory(
        dossier=transmission.dossier,
        bloc="TRA",
        type="photo_transmission",
        type_mime="image/jpeg",
        contenu=jpeg(),
    )
