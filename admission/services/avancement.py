"""What a running import shows of itself, on a connection of its own.

The rows of an import are invisible until its COMMIT; its progress must not be. The same connection
holds the lock that makes a task delivered twice run once: it dies with the worker.
"""

from contextlib import contextmanager

from django.db import connections

CHAMPS = ("total", "faites", "creees", "mises_a_jour", "ignorees", "rejetees")


class Avancement:
    def __init__(self, connexion, importation_id) -> None:
        self._connexion = connexion
        self._id = importation_id

    def publier(self, **champs: int) -> bool:
        """True when somebody asked to cancel."""
        if not champs.keys() <= set(CHAMPS):
            raise ValueError("champ inconnu")
        affectations = ", ".join(f"{champ} = %s" for champ in champs)
        with self._connexion.cursor() as curseur:
            curseur.execute(
                f"UPDATE admission_importation SET {affectations}, signe_le = now() "  # noqa: S608
                "WHERE id = %s RETURNING annulation_demandee",
                [*champs.values(), self._id],
            )
            ligne = curseur.fetchone()
        return bool(ligne and ligne[0])


VERROU = "hashtextextended(%s, 0)"


@contextmanager
def ouvrir(importation_id):
    """An Avancement, or None when another worker is already at this import."""
    connexion = connections["default"].copy()
    nom = [f"import {importation_id}"]
    try:
        with connexion.cursor() as curseur:
            curseur.execute(f"SELECT pg_try_advisory_lock({VERROU})", nom)
            seul = curseur.fetchone()[0]
        yield Avancement(connexion, importation_id) if seul else None
        if seul:  # a pooled connection outlives its closing
            with connexion.cursor() as curseur:
                curseur.execute(f"SELECT pg_advisory_unlock({VERROU})", nom)
    finally:
        connexion.close()
