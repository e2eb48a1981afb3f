"""Passkeys and security keys: the ceremony is fido2's, the challenge lives once in the session."""

import hashlib
import json
import struct
import time

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from fido2.rpid import verify_rp_id
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from dui.socle.journal import consigner_connexion
from habilitations.models import CleAcces

DEFI, DUREE = "defi", 180  # seconds to touch the key
TAILLE_MAXIMALE = 20_000
SECOND = "second"  # after the password, at sign-in
# What a forged answer makes the parsers of CBOR, COSE and JSON raise.
ILLISIBLE = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, struct.error,
    RecursionError, OverflowError,
)  # fmt: skip


class CleRefusee(Exception):
    pass


def proposer_l_ajout(request) -> dict:
    """Options for navigator.credentials.create; a key already known is not added twice."""
    compte = request.user
    options, etat = _serveur(request).register_begin(
        PublicKeyCredentialUserEntity(
            id=_poignee(compte), name=compte.username, display_name=str(compte)
        ),
        credentials=[AttestedCredentialData(bytes(c.donnees)) for c in compte.cles.all()],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _poser(request, "ajout", etat)
    return dict(options)


@transaction.atomic
def ajouter(request, *, nom: str, reponse: str) -> CleAcces:
    etat = _reprendre(request, "ajout")
    try:
        donnees = _serveur(request).register_complete(etat, _lire(reponse))
    except ILLISIBLE:
        raise CleRefusee from None
    creance = donnees.credential_data
    if not creance or CleAcces.objects.filter(identifiant=creance.credential_id).exists():
        raise CleRefusee
    cle = CleAcces.objects.create(
        compte=request.user,
        nom=nom,
        identifiant=creance.credential_id,
        donnees=bytes(creance),
        compteur=donnees.counter,
    )
    consigner_connexion(request.user, "cle_ajoutee", contexte={"cle": str(cle.pk)})
    return cle


@transaction.atomic
def retirer(habilitation, cle) -> None:
    contexte = {"cle": str(cle.pk)}
    cle.delete()
    consigner_connexion(habilitation.compte, "cle_retiree", contexte=contexte)


def proposer(request, *, compte=None, usage: str = SECOND) -> dict:
    """Options for navigator.credentials.get: any discoverable key, or the keys of one account and
    for one use."""
    cles = [AttestedCredentialData(bytes(c.donnees)) for c in compte.cles.all()] if compte else None
    options, etat = _serveur(request).authenticate_begin(
        cles, user_verification=UserVerificationRequirement.REQUIRED
    )
    _poser(request, _usage(compte, usage), etat)
    return dict(options)


@transaction.atomic
def verifier(request, reponse: str, *, compte=None, usage: str = SECOND) -> CleAcces:
    """The key that signed the challenge of this session, or CleRefusee."""
    etat = _reprendre(request, _usage(compte, usage))
    try:
        lue = AuthenticationResponse.from_dict(_lire(reponse))
        cle = _retrouver(lue.raw_id, compte)
        creance = AttestedCredentialData(bytes(cle.donnees))
        _serveur(request).authenticate_complete(etat, [creance], lue)
        poignee, compteur = lue.response.user_handle, lue.response.authenticator_data.counter
    except ILLISIBLE:
        raise CleRefusee from None
    # A key found without any name must say whose it is, and say it right.
    if (poignee or compte is None) and poignee != _poignee(cle.compte):
        raise CleRefusee
    if not cle.compte.is_active or _recule(cle, compteur):
        raise CleRefusee
    cle.compteur, cle.utilisee_le = compteur, timezone.now()
    cle.save(update_fields=["compteur", "utilisee_le"])
    return cle


def _retrouver(identifiant: bytes, compte) -> CleAcces:
    cles = CleAcces.objects.select_for_update(of=("self",)).select_related("compte")
    cle = cles.filter(identifiant=identifiant, **({"compte": compte} if compte else {})).first()
    if cle is None:
        raise CleRefusee
    return cle


def _recule(cle, compteur: int) -> bool:
    """A counter that does not grow betrays a copy of the key."""
    return bool(compteur or cle.compteur) and compteur <= cle.compteur


def _lire(reponse: str) -> dict:
    if len(reponse) > TAILLE_MAXIMALE:
        raise CleRefusee
    return json.loads(reponse)


def _usage(compte, usage: str) -> str:
    return f"{usage}:{compte.pk}" if compte else "connexion"


def _poser(request, usage: str, etat: dict) -> None:
    request.session[DEFI] = {"usage": usage, "etat": etat, "le": int(time.time())}


def _reprendre(request, usage: str) -> dict:
    """A challenge serves once, for what it was asked, and soon."""
    defi = request.session.pop(DEFI, None)
    if not defi or defi["usage"] != usage or time.time() - defi["le"] > DUREE:
        raise CleRefusee
    return defi["etat"]


def _serveur(request) -> Fido2Server:
    ici = f"{request.scheme}://{request.get_host()}"
    domaine = settings.WEBAUTHN_DOMAINE
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=domaine, name="DUI"),
        verify_origin=lambda origine: origine == ici and verify_rp_id(domaine, origine),
    )


def _poignee(compte) -> bytes:
    """What the key gives back: it names nobody outside of this database."""
    return hashlib.sha256(f"cle-d-acces:{compte.pk}".encode()).digest()
