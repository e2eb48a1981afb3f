"""Write, seal and verify the access journal."""

from django.db import connection, transaction

from dui.socle.contexte_requete import contexte_courant
from dui.socle.models import EntreeJournal, Scellement

RACINE = b"\0" * 32
VERROU = 7_301_001


def consigner(habilitation, action, *, dossier=None, bloc="", cible="", titre=None, contexte=None):
    """One row per reading or act. If it fails, the request fails: no trace, no access."""
    if titre is None:
        titre = habilitation.titre(dossier) if dossier else ""
    return EntreeJournal.objects.create(
        acteur=habilitation.compte,
        dossier=dossier,
        bloc=bloc,
        action=action,
        cible=str(cible)[:120],
        titre_acces=titre,
        contexte=contexte_courant() | (contexte or {}),
    )


def consigner_chacun(habilitation, action, dossiers, *, bloc, cible="", titre="") -> None:
    """A list that names persons: one row for each record, in one query."""
    EntreeJournal.objects.bulk_create(
        EntreeJournal(
            acteur=habilitation.compte,
            dossier=dossier,
            bloc=bloc,
            action=action,
            cible=cible,
            titre_acces=titre,
            contexte=contexte_courant(),
        )
        for dossier in dossiers
    )


def consigner_connexion(compte, action, *, contexte=None):
    """Sign-in events have no record and, when they fail, sometimes no account."""
    return EntreeJournal.objects.create(
        acteur=compte, action=action, contexte=contexte_courant() | (contexte or {})
    )


def _borne_definitive() -> int:
    """The greatest definitive id: the order of ids is not the order of COMMITs."""
    with transaction.atomic(), connection.cursor() as c:
        c.execute("SET LOCAL lock_timeout = '500ms'")
        # Waits for the INSERTs in flight (a few ms), then lets go at COMMIT, at once.
        c.execute("LOCK TABLE socle_entreejournal IN SHARE MODE")
        c.execute("SELECT max(id) FROM socle_entreejournal")
        return c.fetchone()[0] or 0


def sceller(maximum: int = 20_000):
    """Chain the next batch of entries; returns the new seal or None when nothing is new."""
    borne = _borne_definitive()
    with transaction.atomic(), connection.cursor() as c:
        c.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
        precedent = Scellement.objects.order_by("-dernier").first()
        depuis = precedent.dernier if precedent else 0
        entrees = list(
            EntreeJournal.objects.filter(pk__gt=depuis, pk__lte=borne).order_by("pk")[:maximum]
        )
        if not entrees:
            return None
        empreinte, nombre = Scellement.calculer(
            bytes(precedent.empreinte) if precedent else RACINE, entrees
        )
        return Scellement.objects.create(
            premier=entrees[0].pk, dernier=entrees[-1].pk, nombre=nombre, empreinte=empreinte
        )


def premiere_rupture():
    """The first seal that the journal no longer justifies, or None when the chain is whole."""
    precedente, depuis = RACINE, 0
    for sceau in Scellement.objects.order_by("dernier").iterator():
        entrees = (
            EntreeJournal.objects.filter(pk__gt=depuis, pk__lte=sceau.dernier)
            .order_by("pk")
            .iterator()
        )
        empreinte, nombre = Scellement.calculer(precedente, entrees)
        if (empreinte, nombre) != (bytes(sceau.empreinte), sceau.nombre):
            return sceau
        precedente, depuis = empreinte, sceau.dernier
    return None
