"""A photograph as it is kept: drawn again from its pixels, so that nothing else of the file stays
(place, device, thumbnail, whatever hides after the image)."""

import struct
import zlib
from io import BytesIO

from django.conf import settings
from PIL import Image, ImageOps

from dui.socle import fichiers
from dui.socle.fichiers import JPEG, PNG, FichierInterdit

QUALITE = 85
# What Pillow raises of a broken or hostile file.
ILLISIBLE = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError,
    struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip


def photographie(habilitation, flux, *, nom: str) -> bytes:
    """A JPEG of reasonable size, upright, without any metadata; FichierInterdit otherwise. To be
    called outside the transaction that the refusal ends, as `fichiers.controler`."""
    fichiers.controler(habilitation, flux, nom=nom, permises=(PNG, JPEG))
    return sans_metadonnees(habilitation, flux)


def sans_metadonnees(habilitation, flux) -> bytes:
    """An image already checked, drawn again."""
    try:
        return redessiner(flux)
    except ILLISIBLE as erreur:
        refus = FichierInterdit(
            "image illisible", "Cette image est illisible.", "Prenez-la de nouveau."
        )
        fichiers.consigner_le_refus(habilitation, refus)
        raise refus from erreur


def redessiner(flux) -> bytes:
    cote = settings.COTE_MAXIMAL_PHOTO
    with Image.open(flux, formats=("JPEG", "PNG")) as lue:
        if lue.width * lue.height > settings.PIXELS_MAXIMAUX:
            raise ValueError("pixels")  # the header read before was another one's
        lue.thumbnail((cote, cote))  # a large JPEG is decoded small
        droite = ImageOps.exif_transpose(lue)
    propre, sortie = Image.new("RGB", droite.size, "white"), BytesIO()
    transparente = droite.convert("RGBA")
    propre.paste(transparente, mask=transparente)
    propre.save(sortie, "JPEG", quality=QUALITE, optimize=True)
    return sortie.getvalue()
