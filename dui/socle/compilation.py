"""A query that every page runs: written as a QuerySet, compiled once in the life of the process."""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet


class Compilee:
    """`Compilee(construire, compte=-1)(compte=7)`: as `construire(compte=7)`, without making the
    same SQL again.

    The values given first stand in for the real ones: each must be one that the database would
    refuse nowhere and that the query holds nowhere else. What the SQL depends on otherwise (the
    number of elements of a list, a value that is None) cannot be a parameter.
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
            raise ValueError(f"paramètres sans effet : {sorted(absents)}")
        return requete, compilateur, sql, list(zip(places, valeurs, strict=True))

    def _nom(self, valeur: object) -> str:
        egaux = (n for n, t in self._temoins.items() if type(t) is type(valeur) and t == valeur)
        return next(egaux, "")

    def __call__(self, **parametres: Any) -> QuerySet:
        """The rows, read when they are asked for; nothing can be added to this QuerySet."""
        requete, compilateur, sql, valeurs = self._compilation
        if parametres.keys() != self._temoins.keys():
            raise TypeError(f"attendus : {sorted(self._temoins)}")
        compilateur = copy(compilateur)
        compilateur.connection = connection  # that of this thread
        donnees = tuple(parametres[nom] if nom else valeur for nom, valeur in valeurs)
        compilateur.as_sql = lambda *args, **kwargs: (sql, donnees)
        requete = copy(requete)
        requete.get_compiler = lambda *args, **kwargs: compilateur
        return QuerySet(model=requete.model, query=requete)
