"""A calendar file (RFC 5545) that says when and where, never who nor why. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

ENTETE = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//DUI//Agenda//FR", "CALSCALE:GREGORIAN",
          "METHOD:PUBLISH", "X-WR-CALNAME:DUI")  # fmt: skip
OCTETS = 75  # of one line, then it is folded


@dataclass(frozen=True)
class Entree:
    """`titre`: one of a closed list of words; `lieu`: a resource of the house or nothing."""

    identifiant: str
    titre: str
    debut: datetime
    fin: datetime
    lieu: str = ""
    version: int = 1
    annulee: bool = False


def ecrire(entrees: Iterable[Entree]) -> str:
    lignes = [*ENTETE]
    for entree in entrees:
        lignes += _evenement(entree)
    lignes.append("END:VCALENDAR")
    return "".join(f"{pliee}\r\n" for ligne in lignes for pliee in plier(ligne))


def _evenement(e: Entree) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{e.identifiant}"
    yield f"DTSTAMP:{_instant(e.debut)}"  # of the row, not of the reading: the file stays the same
    yield f"DTSTART:{_instant(e.debut)}"
    yield f"DTEND:{_instant(e.fin)}"
    yield f"SUMMARY:{echapper(e.titre)}"
    if e.lieu:
        yield f"LOCATION:{echapper(e.lieu)}"
    yield f"SEQUENCE:{e.version - 1}"
    if e.annulee:
        yield "STATUS:CANCELLED"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def echapper(texte: str) -> str:
    for avant, apres in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        texte = texte.replace(avant, apres)
    return texte


def plier(ligne: str) -> list[str]:
    """No line over 75 bytes, no character cut in two; the following ones begin with a space."""
    lignes, courante = [], ""
    for caractere in ligne:
        if len((courante + caractere).encode()) > OCTETS:
            lignes.append(courante)
            courante = " "
        courante += caractere
    return [*lignes, courante]
