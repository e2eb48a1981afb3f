"""COPY of rows made in Python: text format, by batches, at the speed of the disk."""

import json
from datetime import datetime
from uuid import UUID

from django.db import models


def texte(valeur) -> str:
    """One value in the text format of COPY. Datetimes are naive, in the session's time zone."""
    if valeur is None:
        return "\\N"
    genre = valeur.__class__
    if genre is str:
        return _echapper(valeur)
    if genre is bool:
        return "t" if valeur else "f"
    if genre is datetime or genre is UUID:
        return str(valeur)
    if genre is dict:
        return _echapper(json.dumps(valeur, ensure_ascii=False, sort_keys=True))
    if genre is tuple or genre is list:
        return "{" + ",".join(valeur) + "}"
    if genre is bytes:
        return "\\\\x" + valeur.hex()
    return str(valeur)


def _echapper(valeur: str) -> str:
    if "\\" in valeur or "\n" in valeur or "\t" in valeur or "\r" in valeur:
        valeur = valeur.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
        return valeur.replace("\r", "\\r")
    return valeur


class Table:
    """The rows of one model. Columns that are not given take the default of the model."""

    def __init__(self, modele: type[models.Model], *champs: str):
        donnes = [modele._meta.get_field(c) for c in champs]
        self.colonnes = [c.column for c in donnes]
        complement = []
        for champ in modele._meta.concrete_fields:
            if champ in donnes or _rempli_par_la_base(champ):
                continue
            self.colonnes.append(champ.column)
            complement.append(texte(_defaut(champ)))
        self.fin = "".join("\t" + c for c in complement) + "\n"
        colonnes = ", ".join(f'"{c}"' for c in self.colonnes)
        self.ordre = f'COPY "{modele._meta.db_table}" ({colonnes}) FROM STDIN'
        self.lignes: list[str] = []

    def ajouter(self, *valeurs) -> None:
        self.lignes.append("\t".join(map(texte, valeurs)) + self.fin)

    def prendre(self) -> list[str]:
        lignes, self.lignes = self.lignes, []
        return lignes


def copier(curseur, lot) -> None:
    """`lot`: [(COPY order, rows)], in an order that respects the foreign keys."""
    for ordre, lignes in lot:
        if lignes:
            with curseur.copy(ordre) as copie:
                for debut in range(0, len(lignes), 500):
                    copie.write("".join(lignes[debut : debut + 500]))


def _rempli_par_la_base(champ) -> bool:
    return isinstance(champ, (models.AutoField, models.GeneratedField)) or champ.null


def _defaut(champ):
    if isinstance(champ, (models.DateTimeField, models.UUIDField)):
        raise ValueError(f"{champ} : une valeur par ligne est nécessaire")
    return champ.get_default()


def recaler_sequences(curseur, modeles) -> None:
    """After rows that brought their own number."""
    for modele in modeles:
        table, colonne = modele._meta.db_table, modele._meta.pk.column
        dernier = modele._base_manager.aggregate(dernier=models.Max("pk"))["dernier"] or 1
        curseur.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, colonne, dernier]
        )
