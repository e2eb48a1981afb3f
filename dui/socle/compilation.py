"""Queries written as QuerySets, whose SQL is made once: in the life of the process (`Compilee`), or
for all the conditions of a page that share it (`Partagee`)."""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, QuerySet


class Compilee:
    """`Compilee(construire, compte=-1)(compte=7)`: as `construire(compte=7)`, without making the
    same SQL again.

    The values given first stand in for the real ones: each must be one that the database would
    refuse nowhere and that the query holds nowhere else. What the SQL depends on otherwise (the
    number of elements of a list, a value that is None) cannot be a parameter; a subquery can, which
    `Apportee()` stands for and each call gives as a `Partagee`.
    """

    def __init__(self, construire: Callable[..., QuerySet], **temoins: Any):
        self._construire, self._temoins = construire, temoins

    @cached_property
    def _compilation(self) -> tuple:
        requete = self._construire(**self._temoins).query
        compilateur = requete.get_compiler(DEFAULT_DB_ALIAS)
        sql, valeurs = compilateur.as_sql()
        places = [self._nom(valeur) for valeur in valeurs]
        if absents := self._temoins.keys() - set(places):
            raise ValueError(f"paramètres sans effet : {sorted(absents)}")
        debut, *suites = sql.split("%s")
        return requete, compilateur, debut, list(zip(places, valeurs, suites, strict=True))

    def _nom(self, valeur: object) -> str:
        egaux = (n for n, t in self._temoins.items() if type(t) is type(valeur) and t == valeur)
        return next(egaux, "")

    def _remplie(self, parametres: dict[str, Any]) -> tuple[str, tuple]:
        _, _, sql, places = self._compilation
        donnees: list[Any] = []
        for nom, valeur, suite in places:
            donnee = parametres[nom] if nom else valeur
            ecrite, siennes = donnee.ecrite if isinstance(donnee, Partagee) else ("%s", [donnee])
            sql += ecrite + suite
            donnees += siennes
        return sql, tuple(donnees)

    def __call__(self, **parametres: Any) -> QuerySet:
        """The rows, read when they are asked for; nothing can be added to this QuerySet."""
        requete, compilateur, *_ = self._compilation
        if parametres.keys() != self._temoins.keys():
            raise TypeError(f"attendus : {sorted(self._temoins)}")
        compilateur = copy(compilateur)
        compilateur.connection = connection  # that of this thread
        compilateur.as_sql = lambda *args, **kwargs: self._remplie(parametres)
        requete = copy(requete)
        requete.get_compiler = lambda *args, **kwargs: compilateur
        return QuerySet(model=requete.model, query=requete)


class Independante(Expression):
    """A subquery that reads nothing of the query around it, which leaves it as it is."""

    def resolve_expression(self, *args, **kwargs):
        return self

    def relabeled_clone(self, change_map):
        return self


class Apportee(Independante):
    """Stands for a subquery, in a query compiled before it is known."""

    def __init__(self, nom: str):
        super().__init__()
        self.nom = nom

    def as_sql(self, compiler, connection):
        return "(%s)", [self]


class Partagee(Independante):
    """`pk__in=Partagee(requete)`: as `pk__in=requete`, its SQL made only once."""

    def __init__(self, requete: QuerySet):
        super().__init__()
        self.requete = requete.order_by()

    @cached_property
    def ecrite(self) -> tuple[str, tuple]:
        requete = self.requete.query.chain()
        requete.subquery = True
        return requete.get_compiler(DEFAULT_DB_ALIAS).as_sql()

    def as_sql(self, compiler, connection):
        sql, parametres = self.ecrite
        return f"({sql})", parametres
