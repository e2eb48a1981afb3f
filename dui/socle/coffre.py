"""The document store: encrypted files named by a random id under MEDIA_ROOT/aa/bb/."""

import hashlib
import uuid
from pathlib import Path

from django.conf import settings

from dui.socle import chiffrement, fichiers
from dui.socle.models import Document


def _fichier(chemin: str) -> Path:
    return Path(settings.MEDIA_ROOT) / chemin


def ranger(contenu: bytes, *, contexte: bytes) -> dict:
    """Write the encrypted bytes; returns the columns that any row needs to read them back."""
    chiffre, enveloppe, maitre = chiffrement.chiffrer(contenu, contexte=contexte)
    nom = uuid.uuid4().hex
    chemin = f"{nom[:2]}/{nom[2:4]}/{nom}"
    fichier = _fichier(chemin)
    fichier.parent.mkdir(parents=True, exist_ok=True)
    fichier.write_bytes(chiffre)
    return {"chemin": chemin, "cle_enveloppee": enveloppe, "id_cle_maitre": maitre}


def lire(ligne, *, contexte: bytes) -> bytes:
    return chiffrement.dechiffrer(
        _fichier(ligne.chemin).read_bytes(),
        cle_enveloppee=ligne.cle_enveloppee,
        id_cle_maitre=ligne.id_cle_maitre,
        contexte=contexte,
    )


def effacer(ligne) -> None:
    _fichier(ligne.chemin).unlink(missing_ok=True)


def deposer_document(
    habilitation, dossier, *, bloc, type_, titre, contenu: bytes, type_mime, remplace=None
) -> Document:
    """A new immutable document of the dossier, or the new version of `remplace`; FichierInterdit
    before anything is kept."""
    fichiers.controler_document(habilitation, contenu, type_mime=type_mime)
    id_ = uuid.uuid4()
    return Document.objects.create(
        id=id_,
        dossier=dossier,
        bloc=bloc,
        type=type_,
        titre=titre,
        remplace=remplace,
        type_mime=type_mime,
        taille=len(contenu),
        sha256=hashlib.sha256(contenu).digest(),
        depose_par=habilitation.compte,
        **ranger(contenu, contexte=id_.bytes),
    )


def contenu(document: Document) -> bytes:
    return lire(document, contexte=document.pk.bytes)
