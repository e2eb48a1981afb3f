"""Backup codes: for the day the telephone stayed at home. django-otp's static device, hashed."""

import base64
import hashlib
import secrets

from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from dui.socle.journal import consigner_connexion

NOMBRE, LONGUEUR = 10, 10
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 50 bits a code; neither I, O, 0 nor 1


@transaction.atomic
def generer(compte) -> list[str]:
    """Ten new codes, returned this once; the former ones are worth nothing any more."""
    StaticDevice.objects.filter(user=compte).delete()
    appareil = StaticDevice.objects.create(user=compte, name="Codes de secours", confirmed=True)
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR)) for _ in range(NOMBRE)]
    StaticToken.objects.bulk_create(
        [StaticToken(device=appareil, token=_empreinte(appareil, code)) for code in codes]
    )
    consigner_connexion(compte, "codes_de_secours")
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def restants(compte) -> int:
    return StaticToken.objects.filter(device__user=compte, device__confirmed=True).count()


@transaction.atomic
def verifier(compte, code: str) -> bool:
    """A code serves once; failures slow down (django-otp)."""
    appareils = StaticDevice.objects.select_for_update(of=("self",))
    appareil = appareils.filter(user=compte, confirmed=True).first()
    return appareil is not None and appareil.verify_token(_empreinte(appareil, nu(code)))


def nu(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def _empreinte(appareil, code: str) -> str:
    """80 bits: what the column of the plugin holds. Slow, and salted by the device."""
    sel = f"codes-de-secours:{appareil.pk}".encode()
    brut = hashlib.scrypt(code.encode(), salt=sel, n=2**14, r=8, p=1, dklen=10)
    return base64.b32encode(brut).decode()
