"""« Qui a changé quoi »: the history rows, told field by field."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

Format = Callable[[object], str]


@dataclass(frozen=True)
class Changement:
    le: datetime
    qui: str
    objet: str
    motif: str
    champs: list[tuple[str, str, str]]  # label, before, after
    creation: bool = False


def dire(valeur) -> str:
    if valeur is None or valeur == "":
        return "(vide)"
    if valeur is True or valeur is False:
        return "oui" if valeur else "non"
    return f"{valeur:%d/%m/%Y}" if isinstance(valeur, date) else str(valeur)


def recit(
    lignes: Iterable, libelles: dict[str, str], *, objet, formats: dict[str, Format] | None = None
) -> list[Changement]:
    """`lignes`: ordered by id then date. `objet`: what to call a row; rows that change nothing
    that is told here are left out."""
    formats, recits, precedente = formats or {}, [], None
    for ligne in lignes:
        creation = precedente is None or precedente.id != ligne.id
        champs = [] if creation else _ecarts(precedente, ligne, libelles, formats)
        precedente = ligne
        if champs or creation:
            recits.append(
                Changement(
                    le=ligne.history_date,
                    qui=ligne.history_user.get_full_name() if ligne.history_user else "",
                    objet=objet(ligne),
                    motif=ligne.history_change_reason or "",
                    champs=champs,
                    creation=creation,
                )
            )
    return recits


def _ecarts(avant, apres, libelles, formats) -> list[tuple[str, str, str]]:
    return [
        (
            mot,
            formats.get(nom, dire)(getattr(avant, nom)),
            formats.get(nom, dire)(getattr(apres, nom)),
        )
        for nom, mot in libelles.items()
        if getattr(avant, nom) != getattr(apres, nom)
    ]
