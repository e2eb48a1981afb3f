"""What comes with each affectation in the one query of an `Habilitation`, as columns in SQL: every
page runs it, and the ORM took longer to write these five subqueries than PostgreSQL to answer.
`tests/habilitations/test_colonnes.py` holds them to the meaning of the `en_cours` of the models."""

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

JSON = JSONField()


def _liste(sql: str, *parametres) -> RawSQL:
    return RawSQL(sql, parametres, output_field=JSON)  # noqa: S611 - written below, in full


def du_role() -> dict[str, RawSQL]:
    """The shipped rights, what the organisme changed in them, the units of the establishment."""
    return {
        "droits": _liste(
            "(SELECT coalesce(jsonb_agg(jsonb_build_object('bloc', d.bloc, 'action', d.action)),"
            " '[]') FROM habilitations_droit d WHERE d.role_id = habilitations_affectation.role_id)"
        ),
        "reglages": _liste(
            "(SELECT coalesce(jsonb_agg(jsonb_build_object("
            "'bloc', r.bloc, 'action', r.action, 'accorde', r.accorde)), '[]')"
            " FROM habilitations_reglagedroit r"
            " WHERE r.role_id = habilitations_affectation.role_id"
            " AND r.organisme_id = socle_etablissement.organisme_id)"
        ),
        "unites_du_lieu": _liste(
            "(SELECT coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'nom', u.nom)"
            " ORDER BY u.ordre, u.nom, u.id), '[]') FROM socle_unite u"
            " WHERE u.etablissement_id = habilitations_affectation.etablissement_id)"
        ),
    }


def du_compte(compte_id: int, jour) -> dict[str, RawSQL]:
    """Nominative rights (codenames `action_BLOC`) and interdictions, whatever the affectation."""
    return {
        "nominatifs": _liste(
            "(SELECT coalesce(jsonb_agg(DISTINCT p.codename), '[]')"
            " FROM habilitations_accesnominatif n JOIN auth_permission p ON p.id = n.permission_id"
            " WHERE n.user_id = %s AND (n.fin IS NULL OR n.fin >= %s))",
            compte_id,
            jour,
        ),
        "interdictions": _liste(
            "(SELECT coalesce(jsonb_agg(jsonb_build_object("
            "'dossier', i.dossier_id, 'blocs', i.blocs)), '[]')"
            " FROM habilitations_interdiction i WHERE i.compte_id = %s AND i.levee_le IS NULL)",
            compte_id,
        ),
    }
