"""Le journal sous les vrais rôles de la base, créés comme le dit la notice d’exploitation."""

import re
import uuid

import pytest
from django.db import ProgrammingError, connection, transaction

from dui.socle import journal
from dui.socle.models import EntreeJournal
from habilitations.politique import Habilitation
from tests.architecture.arbre import RACINE
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
NOTICE = (RACINE / "docs/exploitation.md").read_text(encoding="utf-8")
# What rewriting the journal would take: the rows themselves, or the trigger that guards them.
ATTEINTES = {
    "modifier": "UPDATE {table} SET id = id",
    "effacer": "DELETE FROM {table}",
    "vider": "TRUNCATE {table}",
    "ôter le déclencheur": "ALTER TABLE {table} DISABLE TRIGGER inalterable",
    "supprimer le déclencheur": "DROP TRIGGER inalterable ON {table}",
    "passer outre les déclencheurs": "SET LOCAL session_replication_role = replica",
}
TABLES = ["socle_entreejournal", "socle_scellement"]


def de_la_notice(debut: str) -> str:
    """The block of SQL that begins so, as the notice gives it."""
    blocs = re.findall(r"```sql\n(.*?)```", NOTICE, re.DOTALL)
    [bloc] = [b for b in blocs if b.startswith(debut)]
    return bloc


@pytest.fixture
def roles():
    """{name in the notice: role}, of this test alone: the roles of a server are common to its
    bases. The transaction of the test takes them away."""
    suffixe = uuid.uuid4().hex[:8]
    noms = {nom: f"{nom}_{suffixe}" for nom in ("dui_app", "dui_travailleur")}
    accordes = re.findall(r"GRANT (SELECT, [A-Z, ]+) ON TABLES TO dui_app", NOTICE)
    assert len(accordes) == 1
    with connection.cursor() as c:
        c.execute(f"CREATE ROLE {noms['dui_app']}")
        c.execute(f"CREATE ROLE {noms['dui_travailleur']} IN ROLE {noms['dui_app']}")
        c.execute(f"GRANT {accordes[0]} ON ALL TABLES IN SCHEMA public TO {noms['dui_app']}")
        c.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {noms['dui_app']}")
        retrait = de_la_notice("REVOKE UPDATE, DELETE, TRUNCATE")
        c.execute(re.sub(r"dui_(?:app|travailleur)", lambda m: noms[m[0]], retrait))
    return noms


def refus(role: str, sql: str) -> str:
    """What the base answers to this role; empty when it obeys."""
    try:
        with transaction.atomic(), connection.cursor() as c:
            c.execute(f"SET LOCAL ROLE {role}")
            c.execute(sql)
            transaction.set_rollback(True)
    except ProgrammingError as erreur:
        return str(erreur)
    return ""


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("atteinte", ATTEINTES.values(), ids=ATTEINTES)
def test_le_role_du_web_ne_peut_rien_recrire_meme_sans_declencheur(roles, atteinte, table):
    journal.consigner(Habilitation(CompteFactory()), "voir")
    journal.sceller()
    with connection.cursor() as c:
        c.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if "TRIGGER" not in atteinte:
            c.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    message = refus(roles["dui_app"], atteinte.format(table=table))
    assert "permission denied" in message or "must be owner" in message, message


@pytest.mark.parametrize("atteinte", ATTEINTES.values(), ids=ATTEINTES)
def test_le_travailleur_qui_scelle_ne_recrit_rien_non_plus(roles, atteinte):
    """Verrouiller la table lui demande le droit de modifier : le déclencheur, dont il n’est pas
    maître, le lui refuse."""
    journal.consigner(Habilitation(CompteFactory()), "voir")
    message = refus(roles["dui_travailleur"], atteinte.format(table="socle_entreejournal"))
    assert re.search("ajout seul|permission denied|must be owner", message), message


def test_le_role_du_web_ecrit_et_lit_le_journal_et_le_travailleur_le_scelle(roles):
    compte = CompteFactory()
    with transaction.atomic(), connection.cursor() as c:
        c.execute(f"SET LOCAL ROLE {roles['dui_app']}")
        journal.consigner(Habilitation(compte), "voir")
        assert EntreeJournal.objects.get().acteur == compte
        c.execute("RESET ROLE")
    with transaction.atomic(), connection.cursor() as c:
        c.execute(f"SET LOCAL ROLE {roles['dui_travailleur']}")
        assert journal.sceller().nombre == 1
        assert journal.premiere_rupture() is None
        c.execute("RESET ROLE")


def test_un_role_sans_le_retrait_de_la_notice_pourrait_effacer(roles):
    """Ce que prouvent les autres : sans le déclencheur et sans le retrait, la ligne partirait."""
    journal.consigner(Habilitation(CompteFactory()), "voir")
    with connection.cursor() as c:
        c.execute("SET CONSTRAINTS ALL IMMEDIATE")
        c.execute("ALTER TABLE socle_entreejournal DISABLE TRIGGER USER")
        c.execute(f"GRANT DELETE ON socle_entreejournal TO {roles['dui_app']}")
    assert refus(roles["dui_app"], "DELETE FROM socle_entreejournal") == ""
