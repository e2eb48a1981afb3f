"""Signing in as a browser does: password, then code. Used by the tests of this folder."""

import time

import time_machine
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.outils import jeton_de
from tests.socle.factories import MOT_DE_PASSE


def appareil(compte, cle="3132333435363738393031323334353637383930"):
    return TOTPDevice.objects.create(user=compte, name="Téléphone", key=cle, confirmed=True)


def code_de(appareil, decalage=0) -> str:
    totp = TOTP(appareil.bin_key, appareil.step, appareil.t0, appareil.digits)
    totp.time = time.time() + decalage * appareil.step
    return f"{totp.token():06d}"


def poster(client, adresse, **champs):
    """GET the page, then POST it with its own hidden fields."""
    return client.post(adresse, jeton_de(client.get(adresse)) | champs)


def saisir_mot_de_passe(client, compte, mot_de_passe=MOT_DE_PASSE, suite=""):
    return poster(
        client, f"/connexion/{suite}", identifiant=compte.username, mot_de_passe=mot_de_passe
    )


def se_connecter(client, compte, suite=""):
    """Both steps; a confirmed device is made if there is none."""
    telephone = TOTPDevice.objects.filter(user=compte, confirmed=True).first() or appareil(compte)
    etape = saisir_mot_de_passe(client, compte, suite=suite)
    assert etape.status_code == 302, etape.content.decode()
    reponse = poster(client, etape.url, code=code_de(telephone))
    assert reponse.status_code == 302, reponse.content.decode()
    return reponse


def plus_tard(**duree):
    return time_machine.travel(timezone.now() + timezone.timedelta(**duree))
