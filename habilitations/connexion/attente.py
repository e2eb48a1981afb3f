"""Between the two proofs: the account whose password has just been given, or whose code of
activation has just served.

It lasts ten minutes, and no longer than that password: who is given a new one, because somebody
else knows the old one, finds nothing half open.
"""

import time

from django.contrib.auth import get_user_model
from django.utils.crypto import constant_time_compare
from django_otp.util import random_hex

DUREE = 600  # seconds
CLES = ("a_confirmer", "cle_a_relier")


def faits(compte) -> dict:
    """What the session keeps: an account, a proof of its password, a moment, a key to link."""
    demande = {"compte": compte.pk, "preuve": compte.get_session_auth_hash(), "le": time.time()}
    return dict(zip(CLES, (demande, random_hex()), strict=True))


def commencer(request, compte) -> None:
    request.session.update(faits(compte))


def compte(request):
    """The account that still has to show its second proof, or None."""
    demande = request.session.get("a_confirmer")
    if not demande or time.time() - demande["le"] > DUREE:
        return None
    trouve = get_user_model().objects.filter(pk=demande["compte"], is_active=True).first()
    if trouve is None or not trouve.has_usable_password():
        return None
    preuve = trouve.get_session_auth_hash()
    return trouve if constant_time_compare(preuve, demande["preuve"]) else None


def finir(request) -> None:
    for cle in CLES:
        request.session.pop(cle, None)
