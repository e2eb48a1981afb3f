"""Une photographie est redessinée : il n’en reste que l’image."""

import io
import struct
import zlib

import pytest
from django.test import override_settings
from PIL import Image

from dui.socle import images
from dui.socle.fichiers import FichierInterdit
from dui.socle.models import EntreeJournal
from habilitations.politique import Habilitation
from tests.photos.factories import jpeg
from tests.socle.factories import CompteFactory

MODELE, ORIENTATION, POSITION = 0x0110, 0x0112, 0x8825


def lire(contenu: bytes):
    return Image.open(io.BytesIO(contenu))


def bombe(cote=60_000) -> bytes:
    """Un PNG de quelques octets, qui dit mesurer des milliards de pixels."""
    entete = struct.pack("!IIBBBBB", cote, cote, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _morceau(b"IHDR", entete) + _morceau(b"IDAT", b"x")


def _morceau(nom, donnees):
    return struct.pack("!I", len(donnees)) + nom + donnees + struct.pack("!I", zlib.crc32(nom))


def test_l_orientation_est_appliquee_et_rien_d_autre_ne_reste():
    exif = Image.Exif()
    exif[MODELE], exif[ORIENTATION] = "Téléphone de Claire", 6
    exif.get_ifd(POSITION)[1] = "N"
    brute = jpeg(exif=exif) + b"<?php cache ?>"
    assert b"Claire" in brute and lire(brute).size == (40, 30)

    propre = images.redessiner(io.BytesIO(brute))

    gardee = lire(propre)
    assert (gardee.format, gardee.size) == ("JPEG", (30, 40))  # upright
    assert not gardee.getexif() and "exif" not in gardee.info
    assert b"Claire" not in propre and b"php" not in propre
    rouge = gardee.getpixel((15, 20))
    assert rouge[0] > 150 > rouge[1]  # it is still the picture


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_une_grande_photo_est_reduite(format_):
    propre = lire(images.redessiner(io.BytesIO(jpeg(2400, format_))))
    assert (propre.format, propre.size) == ("JPEG", (1600, 1200))


@pytest.mark.parametrize(
    "nom, contenu",
    [
        ("photo.jpg", b"<svg onload='x'>"),
        ("photo.jpg", b"MZ\x90\0"),
        ("photo.pdf", b"%PDF-1.7"),
        ("photo.jpg", b""),
        ("photo.png", jpeg()),  # its name lies
        ("photo.png", bombe()),
        ("photo.jpg", jpeg(600)[:-2000]),  # cut
        ("photo.png", bombe(4)),  # a header, no image
        ("photo.jpg", b"\xff\xd8\xff\xc0\0\x11\x08\0\x10\0\x10" + b"\0" * 40),
    ],
)
@pytest.mark.django_db
def test_un_fichier_hostile_est_refuse_et_le_refus_est_note(nom, contenu):
    with pytest.raises(FichierInterdit) as refus:
        images.photographie(Habilitation(CompteFactory()), io.BytesIO(contenu), nom=nom)
    assert refus.value.message.endswith(".") and refus.value.que_faire.endswith(".")
    assert EntreeJournal.objects.get(action="fichier_refuse").cible == refus.value.motif


@pytest.mark.django_db
@override_settings(PIXELS_MAXIMAUX=100)
def test_la_limite_des_pixels_vient_des_reglages():
    with pytest.raises(FichierInterdit):
        images.photographie(Habilitation(CompteFactory()), io.BytesIO(jpeg()), nom="")
