"""Envelope encryption: a key per document, wrapped by the master key (AES-KW, RFC 3394)."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from django.conf import settings


def chiffrer(clair: bytes, *, contexte: bytes) -> tuple[bytes, bytes, str]:
    """(cipher text, wrapped key, id of the master key). `contexte` ties the file to its row."""
    cle, nonce = AESGCM.generate_key(256), os.urandom(12)
    chiffre = nonce + AESGCM(cle).encrypt(nonce, clair, contexte)
    id_maitre = settings.CLE_DOCUMENTS_COURANTE
    return chiffre, aes_key_wrap(settings.CLES_DOCUMENTS[id_maitre], cle), id_maitre


def dechiffrer(
    chiffre: bytes, *, cle_enveloppee: bytes, id_cle_maitre: str, contexte: bytes
) -> bytes:
    """The clear bytes; raises InvalidTag when file, row or key was swapped or altered."""
    cle = aes_key_unwrap(settings.CLES_DOCUMENTS[id_cle_maitre], bytes(cle_enveloppee))
    return AESGCM(cle).decrypt(chiffre[:12], chiffre[12:], contexte)


def reenvelopper(ligne) -> None:
    """Rotation: forty bytes are rewritten per row, never the files. The caller saves."""
    cle = aes_key_unwrap(settings.CLES_DOCUMENTS[ligne.id_cle_maitre], bytes(ligne.cle_enveloppee))
    ligne.id_cle_maitre = settings.CLE_DOCUMENTS_COURANTE
    ligne.cle_enveloppee = aes_key_wrap(settings.CLES_DOCUMENTS[ligne.id_cle_maitre], cle)
