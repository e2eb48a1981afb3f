"""Toutes les lignes de toutes les tables, telles que la base les tient."""

from django.apps import apps
from django.db import connection

# Ce qui s’ajoute à chaque geste et ne se retire jamais : on vérifie que rien n’y a changé.
EN_AJOUT = {"socle_entreejournal", "socle_evenement", "socle_deplacement"}
# Le récit de la fusion elle-même, et les comptes et affectations créés pour la décider.
A_PART = {"socle_doublon", "socle_fusion", "socle_compte", "habilitations_affectation"}


def tables() -> list[str]:
    modeles = apps.get_models(include_auto_created=True)
    return sorted({m._meta.db_table for m in modeles if m._meta.managed} - A_PART)


def relever() -> dict[str, set[str]]:
    """{table: lignes}, chaque ligne écrite par la base, octet pour octet."""
    lignes = {}
    with connection.cursor() as curseur:
        for table in tables():
            curseur.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            lignes[table] = {ligne for (ligne,) in curseur.fetchall()}
    return lignes


def differences(avant, apres) -> dict[str, tuple[set, set]]:
    """{table: (perdues, nouvelles)} ; une table en ajout seul ne doit qu’avoir gagné."""
    ecarts = {}
    for table in avant:
        perdues, nouvelles = avant[table] - apres[table], apres[table] - avant[table]
        if table in EN_AJOUT or "_historical" in table:
            nouvelles = set()
        if perdues or nouvelles:
            ecarts[table] = (perdues, nouvelles)
    return ecarts
