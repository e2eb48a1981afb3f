"""Puts the database back as the migrations left it, after a test that committed.

Django truncates every table, then writes again permissions, roles and code lists: most of a second
each time. Here, only what the test touched: the number of rows of a table and its last writing
transaction tell.
"""

from django.db import connection

TABLES = """
SELECT c.relname, string_agg(quote_ident(a.attname), ', ')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname
"""
VIDE = (0, 0)


def garder_copie():
    """In the model that the database of each worker copies: what the migrations wrote."""
    with connection.cursor() as curseur:
        curseur.execute(TABLES)
        colonnes = dict(curseur.fetchall())
        etats = _etats(curseur, colonnes)
        curseur.execute("CREATE SCHEMA neuf")
        for nom in colonnes:
            if etats[nom] != VIDE:
                curseur.execute(f'CREATE TABLE neuf."{nom}" AS SELECT {colonnes[nom]} FROM "{nom}"')
        curseur.execute("CREATE TABLE neuf.etats (nom text, lignes int, derniere bigint)")
        lignes = [(nom, *etat) for nom, etat in etats.items()]
        curseur.executemany("INSERT INTO neuf.etats VALUES (%s, %s, %s)", lignes)


class BaseNeuve:
    """Asks for an account that may stop the triggers: ours refuse to delete the journal."""

    def __init__(self):
        with connection.cursor() as curseur:
            curseur.execute(TABLES)
            self._colonnes = dict(curseur.fetchall())
            curseur.execute("SELECT nom, lignes, derniere FROM neuf.etats")
            self._etats = {nom: (lignes, derniere) for nom, lignes, derniere in curseur.fetchall()}

    def remettre(self):
        with connection.cursor() as curseur:
            etats = _etats(curseur, self._colonnes)
            touchees = [nom for nom, etat in etats.items() if etat != self._etats[nom]]
            curseur.execute("SET session_replication_role = replica")
            for nom in touchees:
                curseur.execute(f'DELETE FROM "{nom}"')
                if self._etats[nom] != VIDE:
                    colonnes = self._colonnes[nom]
                    curseur.execute(
                        f'INSERT INTO "{nom}" ({colonnes}) SELECT {colonnes} FROM neuf."{nom}"'
                    )
            curseur.execute("SET session_replication_role = DEFAULT")
            if touchees:
                self._etats |= _etats(curseur, touchees)


def _etats(curseur, tables) -> dict[str, tuple[int, int]]:
    """{table: (rows, last transaction that wrote one of them)}."""
    curseur.execute(
        " UNION ALL ".join(
            f"SELECT '{nom}', count(*), coalesce(max(xmin::text::bigint), 0) FROM \"{nom}\""
            for nom in tables
        )
    )
    return {nom: (lignes, derniere) for nom, lignes, derniere in curseur.fetchall()}
