"""The tables behind an import: a buffer that survives a stop, and new tables built aside.

A full import never touches what is being searched: it fills `<table>_neuf`, indexes it, then takes
the place of the former table in one short transaction. Its account must own the tables.
"""

import re
from collections.abc import Iterable
from contextlib import contextmanager

from django.db import connection, models, transaction

from dui.socle.annuaire.formats import COLONNES
from dui.socle.models import BalAnnuaire, ExerciceAnnuaire, ProfessionnelAnnuaire, StructureAnnuaire

VERROU = 7_304_001
MEMOIRE = "SET LOCAL work_mem = '96MB'; SET LOCAL maintenance_work_mem = '192MB'"
PUBLIES: dict[str, tuple[type[models.Model], ...]] = {
    "activites": (ExerciceAnnuaire, ProfessionnelAnnuaire, StructureAnnuaire),
    "mssante": (BalAnnuaire,),
}

# What a table takes from the buffer: {column: SQL}. `cle` tells two rows apart.
SOURCES: dict[type[models.Model], dict] = {
    ExerciceAnnuaire: {
        "cle": "md5(concat_ws('|', idnps, profession, savoir_faire, mode, structure, genre, role))",
        "champs": "idnps rpps civilite nom prenom profession savoir_faire mode structure commune"
        " code_postal telephone",
        "fixes": {"actif": "true"},
        "ou": "true",
    },
    ProfessionnelAnnuaire: {
        "cle": "idnps",
        "champs": "rpps civilite nom prenom",
        "fixes": {"actif": "true", "identifiant_api": "''"},
        "ou": "true",
    },
    StructureAnnuaire: {
        "cle": "structure",
        "champs": "finess finess_ej secteur adresse enseigne code_postal commune telephone",
        "fixes": {"nom": "raison_sociale", "actif": "true", "identifiant_api": "''"},
        "ou": "structure <> ''",
    },
    BalAnnuaire: {
        "cle": "md5(concat_ws('|', adresse, idnps, structure))",
        "champs": "adresse type idnps structure service dematerialisation",
        "fixes": {},
        "ou": "true",
    },
}


@contextmanager
def curseur():
    """In one transaction, with memory to sort and no limit of time: nobody waits for it."""
    with transaction.atomic(), connection.cursor() as c:
        c.execute(f"SET LOCAL statement_timeout = 0; {MEMOIRE}")
        yield c


# ------------------------------------------------------------------ buffer


def tampon(format_: str) -> str:
    return f"annuaire_tampon_{format_}"


def creer_tampon(format_: str) -> None:
    """UNLOGGED: it survives the death of the command; a crash of the server empties it, which
    the count of its lines shows."""
    colonnes = ", ".join(f"{c} text NOT NULL" for c in COLONNES[format_])
    with connection.cursor() as c:
        c.execute(f"DROP TABLE IF EXISTS {tampon(format_)}")
        c.execute(f"CREATE UNLOGGED TABLE {tampon(format_)} ({colonnes})")


def jeter_tampon(format_: str) -> None:
    with connection.cursor() as c:
        c.execute(f"DROP TABLE IF EXISTS {tampon(format_)}")


def lignes_du_tampon(format_: str) -> int | None:
    """None when there is no such buffer, or one of another version."""
    with connection.cursor() as c:
        c.execute(
            "SELECT string_agg(column_name, ' ' ORDER BY ordinal_position)"
            " FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = %s",
            [tampon(format_)],
        )
        if c.fetchone()[0] != " ".join(COLONNES[format_]):
            return None
        c.execute(f"SELECT count(*) FROM {tampon(format_)}")  # noqa: S608
        return c.fetchone()[0]


def verser(format_: str, rangees: Iterable[tuple[str, ...]]) -> None:
    """COPY, text format: the values hold no tab and no line feed (formats.CONTROLE)."""
    texte = "".join("\t".join(r).replace("\\", "\\\\") + "\n" for r in rangees)
    with connection.cursor() as c, c.cursor.copy(f"COPY {tampon(format_)} FROM STDIN") as copie:
        copie.write(texte)


# ------------------------------------------------------------------ full import


def _table(modele) -> str:
    return modele._meta.db_table


def _neuve(modele) -> str:
    return f"{_table(modele)}_neuf"


def _selection(modele, format_: str) -> tuple[str, str]:
    """(columns, SELECT) of the rows that the buffer gives to this table, one by key."""
    source = SOURCES[modele]
    champs = source["champs"].split()
    valeurs = [f"{c}::boolean" if c == "dematerialisation" else c for c in champs]
    colonnes = [modele._meta.pk.column, *champs, *source["fixes"]]
    valeurs = [source["cle"], *valeurs, *source["fixes"].values()]
    return (
        ", ".join(colonnes),
        f"SELECT DISTINCT ON ({source['cle']}) {', '.join(valeurs)} FROM {tampon(format_)}"  # noqa: S608
        f" WHERE {source['ou']} ORDER BY {source['cle']}",
    )


def construire(format_: str) -> dict[str, int]:
    """Fill and index the new tables; {table: rows}. Begun again from the buffer if stopped."""
    comptes = {}
    for modele in PUBLIES[format_]:
        with curseur() as c:
            c.execute(f"DROP TABLE IF EXISTS {_neuve(modele)}")
            c.execute(
                f"CREATE TABLE {_neuve(modele)} (LIKE {_table(modele)} INCLUDING DEFAULTS"
                " INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE)"
            )
            colonnes, selection = _selection(modele, format_)
            c.execute(f"INSERT INTO {_neuve(modele)} ({colonnes}) {selection}")
            comptes[_table(modele)] = c.rowcount
            if modele is StructureAnnuaire:
                _garder_les_structures_des_bals(c)
            for _, _, ordre in _index(c, modele):
                c.execute(ordre)
        with connection.cursor() as c:
            c.execute(f"ANALYZE {_neuve(modele)}")
    return comptes


def _garder_les_structures_des_bals(c) -> None:
    """Known by an MSSanté address only: the file of activities does not name them."""
    neuve, table = _neuve(StructureAnnuaire), _table(StructureAnnuaire)
    colonnes = ", ".join(
        f.column for f in StructureAnnuaire._meta.concrete_fields if not f.generated
    )
    c.execute(
        f"INSERT INTO {neuve} ({colonnes}) SELECT {colonnes} FROM {table} s"  # noqa: S608
        f" WHERE EXISTS (SELECT FROM {_table(BalAnnuaire)} b WHERE b.structure = s.identifiant)"
        f" AND NOT EXISTS (SELECT FROM {neuve} n WHERE n.identifiant = s.identifiant)"
    )


def _index(c, modele) -> list[tuple[str, str, str]]:
    """(name, name aside, SQL that builds it aside) of each index of the table in force."""
    c.execute(
        "SELECT i.relname, pg_get_indexdef(x.indexrelid), x.indisprimary FROM pg_index x"
        " JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = %s::regclass ORDER BY 1",
        [_table(modele)],
    )
    definitions = []
    for rang, (nom, definition, primaire) in enumerate(c.fetchall()):
        aside = f"{_neuve(modele)}_{rang}"
        if primaire:
            cle = modele._meta.pk.column
            ordre = f"ALTER TABLE {_neuve(modele)} ADD CONSTRAINT {aside} PRIMARY KEY ({cle})"
        else:
            ordre = re.sub(
                r"INDEX \S+ ON \S+ ", f"INDEX {aside} ON {_neuve(modele)} ", definition, count=1
            )
        definitions.append((nom, aside, ordre))
    return definitions


def echanger(format_: str) -> None:
    """The new tables take the place of the former ones: the only moment when readers wait."""
    with connection.cursor() as c:
        c.execute("SET LOCAL lock_timeout = '3s'")
        for modele in PUBLIES[format_]:
            noms = [(nom, aside) for nom, aside, _ in _index(c, modele)]
            c.execute(f"DROP TABLE {_table(modele)}")
            c.execute(f"ALTER TABLE {_neuve(modele)} RENAME TO {_table(modele)}")
            for nom, aside in noms:
                c.execute(f'ALTER INDEX {aside} RENAME TO "{nom}"')


def jeter_les_neuves(format_: str) -> None:
    with connection.cursor() as c:
        for modele in PUBLIES[format_]:
            c.execute(f"DROP TABLE IF EXISTS {_neuve(modele)}")


# ------------------------------------------------------------------ additions


def fusionner(format_: str) -> None:
    """A partial file: its lines replace all those of the same professional, or address."""
    identite = "idnps" if format_ == "activites" else "adresse"
    principal = PUBLIES[format_][0]
    with connection.cursor() as c:
        c.execute(MEMOIRE)
        c.execute(
            f"DELETE FROM {_table(principal)} WHERE {identite} IN"  # noqa: S608
            f" (SELECT {identite} FROM {tampon(format_)})"
        )
        for modele in PUBLIES[format_]:
            colonnes, selection = _selection(modele, format_)
            cle = modele._meta.pk.column
            autres = [nom for nom in colonnes.split(", ") if nom not in (cle, "identifiant_api")]
            a_jour = ", ".join(f"{nom} = EXCLUDED.{nom}" for nom in autres)
            c.execute(
                f"INSERT INTO {_table(modele)} ({colonnes}) {selection}"
                f" ON CONFLICT ({cle}) DO UPDATE SET {a_jour}"
            )


def ajouter_les_structures_des_bals() -> None:
    """The file of addresses names structures where no professional is declared."""
    with connection.cursor() as c:
        c.execute(
            f"INSERT INTO {_table(StructureAnnuaire)} (identifiant, finess, finess_ej, nom,"  # noqa: S608
            " enseigne, secteur, adresse, code_postal, commune, telephone, identifiant_api, actif)"
            " SELECT DISTINCT ON (structure) structure, finess, '', raison_sociale, enseigne, '',"
            f" '', code_postal, commune, '', '', true FROM {tampon('mssante')}"
            " WHERE structure <> '' AND raison_sociale <> '' ORDER BY structure"
            " ON CONFLICT (identifiant) DO NOTHING"
        )
