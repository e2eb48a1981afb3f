"""Base QuerySet of the models whose changes must be explained (simple-history)."""

from django.db import models


class MiseAJourSansHistorique(RuntimeError):
    """A bulk path would have changed rows without writing their history."""


@models.UUIDField.register_lookup
class Parmi(models.Lookup):
    """`= ANY(array)`: with eighty identifiers, the ORM's `IN` costs more than the query."""

    lookup_name = "parmi"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        colonne, parametres = self.process_lhs(compiler, connection)
        return f"{colonne} = ANY(%s)", [*parametres, self.rhs]


class HistoriseQuerySet(models.QuerySet):
    """`update()` and `bulk_update()` bypass simple-history: they raise. To create many rows of a
    historised model: simple_history.utils.bulk_create_with_history (a test watches)."""

    def update(self, **champs):
        raise MiseAJourSansHistorique(
            "Passez par un service (save) ou par update_sans_historique(motif=…)."
        )

    def bulk_update(self, objs, fields, batch_size=None):
        raise MiseAJourSansHistorique("Utilisez simple_history.utils.bulk_update_with_history.")

    def update_sans_historique(self, *, motif: str, **champs) -> int:
        """The greppable way out: `motif` says why no history is needed."""
        if not motif:
            raise ValueError("motif obligatoire")
        return super().update(**champs)
