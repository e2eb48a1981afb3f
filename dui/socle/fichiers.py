"""Every file from outside is hostile: what is accepted, by its content, its name and its size, and
what the antivirus says of it."""

import struct
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from django.conf import settings

from dui.connecteurs import clamav
from dui.socle.journal import consigner


class FichierInterdit(Exception):
    """Refused: what is wrong and what to do, in French; `motif` is what the journal keeps."""

    def __init__(self, motif: str, message: str, que_faire: str):
        super().__init__(message)
        self.motif, self.message, self.que_faire = motif, message, que_faire


@dataclass(frozen=True)
class Nature:
    nom: str
    type_mime: str
    extensions: tuple[str, ...]
    signature: bytes = b""  # none: text without any NUL


PDF = Nature("pdf", "application/pdf", ("pdf",), b"%PDF-")
PNG = Nature("png", "image/png", ("png",), b"\x89PNG\r\n\x1a\n")
JPEG = Nature("jpeg", "image/jpeg", ("jpg", "jpeg"), b"\xff\xd8\xff")
CLASSEUR = Nature(
    "classeur",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ("xlsx",),
    b"PK\x03\x04",
)
TEXTE = Nature("texte", "text/csv", ("csv", "txt", "tsv"))
LISTES = (CLASSEUR, TEXTE)
DOCUMENTS = (PDF, PNG, JPEG)

AUTRE_FICHIER = "Choisissez un autre fichier, ou exportez-le de nouveau."
PREVENIR = "Ne l’ouvrez pas et prévenez le support informatique."


def controler(habilitation, flux: BinaryIO, *, nom: str, permises) -> Nature:
    """The nature of the file, or FichierInterdit; the refusal is journaled, never the name of the
    file, which may hold a person's. To be called outside the transaction that the refusal ends."""
    try:
        nature = reconnaitre(flux, permises)
        _verifier_le_nom(nom, nature)
        _verifier_l_image(flux, nature)
        _analyser(habilitation, flux)
    except FichierInterdit as refus:
        consigner_le_refus(habilitation, refus)
        raise
    finally:
        flux.seek(0)
    return nature


def consigner_le_refus(habilitation, refus: FichierInterdit) -> None:
    consigner(habilitation, "fichier_refuse", cible=refus.motif)


def controler_document(habilitation, contenu: bytes, *, type_mime: str) -> Nature:
    """A document of a dossier: its content is what its declared type says."""
    permises = [n for n in DOCUMENTS if n.type_mime == type_mime]
    return controler(habilitation, BytesIO(contenu), nom="", permises=permises)


def reconnaitre(flux: BinaryIO, permises) -> Nature:
    """By its bytes: neither the name nor the declared type is believed."""
    taille = flux.seek(0, 2)
    if not 0 < taille <= settings.TAILLE_MAXIMALE_DOCUMENT:
        limite = settings.TAILLE_MAXIMALE_DOCUMENT // 2**20
        raise FichierInterdit(
            "taille", f"Le fichier est vide ou dépasse {limite} Mo.", AUTRE_FICHIER
        )
    flux.seek(0)
    tete = flux.read(4096)
    for nature in permises:
        if nature.signature and tete.startswith(nature.signature):
            return nature
    # UTF-16 is full of NULs: a spreadsheet's « Unicode text » starts with its mark.
    texte = b"\0" not in tete or tete.startswith((b"\xff\xfe", b"\xfe\xff"))
    if TEXTE in permises and texte and not _autre_format(tete):
        return TEXTE
    raise FichierInterdit("nature", "Ce type de fichier n’est pas accepté ici.", AUTRE_FICHIER)


def _autre_format(tete: bytes) -> bool:
    return any(n.signature and tete.startswith(n.signature) for n in (*DOCUMENTS, CLASSEUR))


def _verifier_le_nom(nom: str, nature: Nature) -> None:
    extension = PurePosixPath(nom.replace("\\", "/")).suffix.lstrip(".").lower()
    if extension and extension not in nature.extensions:
        raise FichierInterdit(
            "extension",
            f"Le nom du fichier finit par « .{extension[:10]} », ce que son contenu n’est pas.",
            AUTRE_FICHIER,
        )


def _verifier_l_image(flux: BinaryIO, nature: Nature) -> None:
    if nature not in (PNG, JPEG):
        return
    flux.seek(0)
    largeur, hauteur = dimensions(flux.read(), nature)
    if not 0 < largeur * hauteur <= settings.PIXELS_MAXIMAUX:
        raise FichierInterdit(
            "pixels", "Cette image est illisible ou démesurée.", "Réduisez-la, puis recommencez."
        )


def dimensions(octets: bytes, nature: Nature) -> tuple[int, int]:
    """Width and height as the header says, (0, 0) when it says none: nothing is decoded."""
    if nature is PNG:
        lisible = octets[12:16] == b"IHDR" and len(octets) >= 24
        return struct.unpack("!II", octets[16:24]) if lisible else (0, 0)
    position = 2
    while position + 9 <= len(octets) and octets[position] == 0xFF:
        marque = octets[position + 1]
        if 0xC0 <= marque <= 0xCF and marque not in (0xC4, 0xC8, 0xCC):
            hauteur, largeur = struct.unpack("!HH", octets[position + 5 : position + 9])
            return largeur, hauteur
        position += 2 + int.from_bytes(octets[position + 2 : position + 4], "big")
    return 0, 0


def _analyser(habilitation, flux: BinaryIO) -> None:
    if not settings.ANTIVIRUS:
        return
    try:
        verdict = clamav.analyser(settings.ANTIVIRUS, flux, settings.ANTIVIRUS_DELAI)
    except clamav.Indisponible:
        if settings.ANTIVIRUS_OBLIGATOIRE:
            raise FichierInterdit(
                "antivirus muet",
                "Le fichier n’a pas pu être analysé par l’antivirus.",
                "Réessayez dans quelques minutes ; si cela dure, prévenez le support.",
            ) from None
        consigner(habilitation, "fichier_non_analyse", cible="antivirus muet")
        return
    if not verdict.sain:
        raise FichierInterdit(
            f"virus {verdict.signature}"[:120], "L’antivirus a refusé ce fichier.", PREVENIR
        )
