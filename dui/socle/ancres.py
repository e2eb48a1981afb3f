"""Anchors of the journal: each night, its last seal is added to a file outside the database.

Whoever holds the database and the key can rebuild a whole chain that verifies; that chain then no
longer agrees with the file, which is only ever added to (and best kept on another machine).
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from dui.socle.models import Scellement


class AncreIllisible(Exception):
    """A line of the file is not one that we wrote: it was touched, or cut by a crash."""


@dataclass(frozen=True)
class Ancre:
    le: datetime
    sceau: int
    dernier: int
    empreinte: str

    def __str__(self):
        return f"{self.le.isoformat()} {self.sceau} {self.dernier} {self.empreinte}"


def fichier() -> Path:
    return Path(settings.DOSSIER_ANCRES) / "journal.ancres"


def ancrer() -> Ancre | None:
    """One line, on the disk before this returns. None when nothing was ever sealed."""
    sceau = Scellement.objects.order_by("-dernier").first()
    if sceau is None:
        return None
    ancre = Ancre(timezone.now(), sceau.pk, sceau.dernier, bytes(sceau.empreinte).hex())
    _ajouter(f"{ancre}\n".encode())
    return ancre


def _ajouter(ligne: bytes) -> None:
    dossier = fichier().parent
    dossier.mkdir(mode=0o750, parents=True, exist_ok=True)
    descripteur = os.open(fichier(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descripteur, ligne)
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
    repertoire = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(repertoire)  # the name of a file just created, too
    finally:
        os.close(repertoire)


def lire() -> list[Ancre]:
    if not fichier().exists():
        return []
    lignes = fichier().read_text(encoding="utf-8").splitlines()
    return [_lire_ligne(numero, ligne) for numero, ligne in enumerate(lignes, 1)]


def _lire_ligne(numero: int, ligne: str) -> Ancre:
    try:
        le, sceau, dernier, empreinte = ligne.split(" ")
        ancre = Ancre(datetime.fromisoformat(le), int(sceau), int(dernier), empreinte)
        if ancre.le.tzinfo and len(bytes.fromhex(empreinte)) == 32:
            return ancre
    except ValueError:
        pass
    raise AncreIllisible(f"ligne {numero} de {fichier().name}")


def premiere_discordance(ancres: list[Ancre]) -> Ancre | None:
    """The first anchor whose seal is no longer in the database as it was that night."""
    sceaux = Scellement.objects.in_bulk({a.sceau for a in ancres})
    for ancre in ancres:
        sceau = sceaux.get(ancre.sceau)
        if sceau is None or sceau.dernier != ancre.dernier:
            return ancre
        if bytes(sceau.empreinte).hex() != ancre.empreinte:
            return ancre
    return None
