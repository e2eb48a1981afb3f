"""Open what the directory publishes: text files, alone or in their ZIP. Every size is bounded."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

LIGNE_MAX = 16 * 1024
MEMBRES_MAX = 50
RATIO_MAX = 200  # of a ZIP: text rarely shrinks by more than thirty
BORD = 2**20
DATE = re.compile(r"(20\d{2})(\d{2})(\d{2})(\d{2})?(\d{2})?")


class FichierRefuse(Exception):
    """Why the file cannot be read, in French, for whoever runs the command."""


@dataclass(frozen=True)
class Source:
    """A text file, or a member of a ZIP. `empreinte` tells whether it is the same one again."""

    chemin: Path
    membre: str
    taille: int
    empreinte: str
    date: datetime

    @property
    def nom(self) -> str:
        return self.membre or self.chemin.name

    @contextmanager
    def ouvrir(self) -> Iterator[BinaryIO]:
        if not self.membre:
            with self.chemin.open("rb", buffering=BORD) as flux:
                yield flux
            return
        with zipfile.ZipFile(self.chemin) as archive, archive.open(self.membre) as flux:
            yield io.BufferedReader(flux, BORD)  # type: ignore[type-var, misc]


def sources(chemin: Path, *, taille_max: int) -> list[Source]:
    """What a path holds; a name inside a ZIP is only ever a name, nothing is extracted."""
    try:
        trouvees = _du_zip(chemin) if zipfile.is_zipfile(chemin) else [_du_texte(chemin)]
    except OSError as erreur:
        raise FichierRefuse(f"{chemin} : illisible ({erreur.strerror}).") from None
    except zipfile.BadZipFile:
        raise FichierRefuse(f"{chemin.name} : archive ZIP abîmée.") from None
    for source in trouvees:
        if source.taille > taille_max:
            raise FichierRefuse(f"{source.nom} : plus de {taille_max // 2**20} Mo.")
    return trouvees


def _du_texte(chemin: Path) -> Source:
    etat = chemin.stat()
    somme = hashlib.sha256(str(etat.st_size).encode())
    with chemin.open("rb") as flux:
        somme.update(flux.read(BORD))
        flux.seek(max(etat.st_size - BORD, 0))
        somme.update(flux.read(BORD))
    date = _date(chemin.name) or datetime.fromtimestamp(etat.st_mtime, UTC)
    return Source(chemin, "", etat.st_size, somme.hexdigest(), date)


def _du_zip(chemin: Path) -> list[Source]:
    with zipfile.ZipFile(chemin) as archive:
        membres = [m for m in archive.infolist() if m.filename.lower().endswith(".txt")]
    if not membres:
        raise FichierRefuse(f"{chemin.name} : aucun fichier .txt dans cette archive.")
    if len(membres) > MEMBRES_MAX:
        raise FichierRefuse(f"{chemin.name} : plus de {MEMBRES_MAX} fichiers dans cette archive.")
    trouvees = []
    for membre in membres:
        if membre.flag_bits & 1:
            raise FichierRefuse(f"{membre.filename} : chiffré, donc illisible.")
        if membre.file_size > max(membre.compress_size, 1) * RATIO_MAX:
            raise FichierRefuse(f"{membre.filename} : compression anormale, archive refusée.")
        somme = hashlib.sha256(f"{membre.filename}|{membre.file_size}|{membre.CRC}".encode())
        date = _date(membre.filename) or datetime(*membre.date_time, tzinfo=UTC)
        trouvees.append(Source(chemin, membre.filename, membre.file_size, somme.hexdigest(), date))
    return trouvees


def _date(nom: str) -> datetime | None:
    if not (trouve := DATE.search(nom)):
        return None
    annee, mois, jour, heure, minute = (int(v or 0) for v in trouve.groups())
    try:
        return datetime(annee, mois, jour, heure, minute, tzinfo=UTC)
    except ValueError:
        return None


def entete(flux: BinaryIO, nom: str) -> tuple[list[str], int]:
    """The titles of the columns, and where the first line begins."""
    brut = flux.readline(LIGNE_MAX)
    if not brut.endswith(b"\n"):
        raise FichierRefuse(f"{nom} : ni en-tête ni lignes, ou une première ligne sans fin.")
    try:
        texte = brut.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FichierRefuse(
            f"{nom} : l’en-tête n’est pas en UTF-8. Prenez le fichier tel que publié."
        ) from None
    if "|" not in texte:
        raise FichierRefuse(f"{nom} : pas de colonnes séparées par « | ».")
    titres = texte.replace("’", "'").rstrip("\r\n").split("|")
    return titres[:-1] if not titres[-1] else titres, len(brut)


def lignes(
    flux: BinaryIO, *, position: int, numero: int
) -> Iterator[tuple[int, int, bytes | None]]:
    """(number, bytes read so far, the line or None when it is too long to be one)."""
    while brut := flux.readline(LIGNE_MAX + 1):
        numero += 1
        position += len(brut)
        longue = len(brut) > LIGNE_MAX
        while longue and not brut.endswith(b"\n"):
            brut = flux.readline(LIGNE_MAX + 1)
            position += len(brut)
            if not brut:
                break
        yield numero, position, None if longue else brut
