import fcntl
import gc
import math
import os
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines
from django.template.base import FilterExpression, Parser, Variable
from django.test import TransactionTestCase
from hypothesis import settings as essais

from dui.memoire import appeler_au_large
from dui.socle import codes, nomenclatures_fichiers
from habilitations.politique import Habilitation
from tests.base_neuve import BaseNeuve, garder_copie
from tests.habilitations.factories import (
    AffectationFactory,
    MembreEquipeFactory,
    acces_portail,
)
from tests.outils import ClientVerifie, connecter
from tests.socle.factories import CompteFactory, EtablissementFactory, tirage

MODELE = "modele_des_tests"
# Speed is shown by a benchmark: on a busy machine a deadline fails what is right.
essais.register_profile("maison", deadline=None)
essais.load_profile("maison")


def pytest_addoption(parser):
    aide = "ni navigateur, ni balayages : ce que l’on relance en écrivant"
    parser.addoption("--court", action="store_true", help=aide)


def pytest_configure(config):
    if config.option.court:
        config.option.markexpr = "not lent and not navigateur"


def pytest_collection_finish(session):
    """What is imported lives as long as the run: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """What every page is given (`dui.memoire`), once for all the tests."""
    crochets = session.config.pluginmanager
    autres = crochets.subset_hook_caller("pytest_runtestloop", [sys.modules[__name__]])
    return appeler_au_large(autres, session=session)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The share of each worker is contiguous (pytest-xdist). The first one migrates the database
    while the others do what needs none; then the longest, which would keep one worker busy when
    the others have nothing left."""
    parts = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    longs, purs, autres = ([i for i in items if _rang(i) == rang] for rang in range(3))
    total = len(items)
    items.clear()
    for rang in range(parts):
        siens = [*purs[rang - 1 :: parts - 1], *longs[rang::parts]] if rang else longs[0::parts]
        reste = max(0, (total - len(items)) // (parts - rang) - len(siens))
        items += siens + autres[:reste]
        del autres[:reste]
    items += purs[: total - len(items)]  # alone, nobody migrates for the others


def _rang(item) -> int:
    """0: long; 1: without the database; 2: the others."""
    if item.get_closest_marker("lent"):
        return 0
    avec = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    classe = getattr(item, "cls", None)
    return 2 if avec or item.get_closest_marker("django_db") or classe else 1


@pytest.fixture
def client():
    return ClientVerifie()


@pytest.fixture
def en_tant_que(db):
    """Connecte un professionnel qui a ce rôle, avec cette portée, là où séjourne la personne."""

    def connecter_professionnel(dossier=None, role="IDE", portee="etablissement", **champs):
        sejour = dossier.sejours.order_by("-entree_le").first() if dossier else None
        champs.setdefault(
            "etablissement", sejour.etablissement if sejour else EtablissementFactory()
        )
        if portee == "unite":
            champs.setdefault("unite", sejour.unite)
        affectation = AffectationFactory(role=role, portee=portee, **champs)
        if portee == "equipe" and dossier:
            MembreEquipeFactory(compte=affectation.compte, dossier=dossier)
        client = connecter(affectation.compte)
        client.habilitation = Habilitation(affectation.compte)
        return client

    return connecter_professionnel


@pytest.fixture
def sur_le_portail(db):
    """Connecte la personne, ou un proche, sur le portail : aucune affectation."""

    def connecter_portail(dossier, *blocs, qualite="USAGER", fin=None):
        compte = CompteFactory()
        acces_portail(compte, dossier, *blocs, qualite=qualite, fin=fin)
        client = connecter(compte)
        client.habilitation = Habilitation(compte)
        return client

    return connecter_portail


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """The migrations run once, in a database that the one of each worker copies."""
    with Path(os.environ["DUI_VAR"], "modele").open("a") as verrou, django_db_blocker.unblock():
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not os.fstat(verrou.fileno()).st_size:
            migrer_le_modele()
            verrou.write("migré")
    connection.settings_dict["TEST"]["TEMPLATE"] = MODELE


def migrer_le_modele():
    base = connection.settings_dict
    with connection.creation._nodb_cursor() as curseur:
        curseur.execute(f"DROP DATABASE IF EXISTS {MODELE}")
        curseur.execute(f"CREATE DATABASE {MODELE}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(base, "NAME", MODELE)
        call_command("migrate", verbosity=0, interactive=False)
        garder_copie()
        connection.close()  # nobody may look at what is copied


@pytest.fixture(scope="session")
def base_neuve(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return BaseNeuve()


@pytest.fixture(scope="session", autouse=True)
def une_base_se_remet_a_neuf(request):
    """What a test committed is taken away, and nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase,
            "_fixture_teardown",
            lambda _: request.getfixturevalue("base_neuve").remettre(),
        )
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A server thread that a journey left behind must not hold the database when it is dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as curseur:
        curseur.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# ------------------------------------------------------------------ guards


@pytest.fixture(scope="session")
def listes_livrees(django_db_setup, django_db_blocker):
    """The code lists as shipped, read once for all the tests; they never age."""
    with django_db_blocker.unblock():
        codes.oublier()
        codes.codes(next(iter(nomenclatures_fichiers.livrees())))
    return {nom: (math.inf, valeurs) for nom, (_, valeurs) in codes._cache.items()}


@pytest.fixture(autouse=True)
def les_memes_noms(request):
    tirage.recommencer(request.node.nodeid)


@pytest.fixture(autouse=True)
def nomenclatures_fraiches(request):
    """The cache of code lists lives in the process: no test sees another one's."""
    codes.oublier()
    if "django_db" in request.keywords or {"db", "transactional_db"} & set(request.fixturenames):
        codes._cache.update(request.getfixturevalue("listes_livrees"))
    yield
    codes.oublier()


class VariableInconnue:
    """Stands for `string_if_invalid`: the template engine formats it when a name is unknown."""

    def __contains__(self, cle):
        return cle == "%s"

    def __mod__(self, variable):
        pytest.fail(f"Variable inconnue dans un gabarit : {{{{ {variable} }}}}", pytrace=False)


class ExpressionParDefaut(FilterExpression):
    __slots__ = ()

    def resolve(self, context, ignore_failures=False):
        return super().resolve(context, ignore_failures=True)


@pytest.fixture(autouse=True, scope="session")
def une_variable_inconnue_fait_echouer():
    """`|default` says that the name may be missing; anything else is a typing error."""
    compiler = Parser.compile_filter

    def compile_filter(self, jeton):
        expression = compiler(self, jeton)
        if any(getattr(f, "__name__", "") == "default" for f, *_ in expression.filters):
            expression.__class__ = ExpressionParDefaut
        return expression

    chercher = Variable._resolve_lookup

    def _resolve_lookup(self, context):
        """An absent related object (no row at the other end) is nothing, as in production."""
        valeur = chercher(self, context)
        return "" if isinstance(valeur, VariableInconnue) else valeur

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Parser, "compile_filter", compile_filter)
        patch.setattr(Variable, "_resolve_lookup", _resolve_lookup)
        patch.setattr(engines["django"].engine, "string_if_invalid", VariableInconnue())
        yield


@pytest.fixture(autouse=True, scope="session")
def une_requete_sans_ordre_est_melangee():
    """A page that counts on an order it did not ask for fails here before it fails elsewhere."""
    as_sql = SQLCompiler.as_sql

    def melanger(compilateur, *args, **kwargs):
        if type(compilateur).__name__ == "SQLCompiler" and _sans_ordre(compilateur.query):
            compilateur.query.add_ordering("?")
        return as_sql(compilateur, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "as_sql", melanger)
        yield


def _sans_ordre(requete) -> bool:
    if requete.model is None:  # a condition evaluated alone (constraints)
        return False
    ordonnee = requete.order_by or requete.extra_order_by
    ordonnee = ordonnee or (requete.default_ordering and requete.get_meta().ordering)
    agregee = requete.group_by is not None or any(
        a.contains_aggregate for a in requete.annotation_select.values()
    )
    existence = set(requete.annotation_select) == {"a"}  # .exists()
    forme = requete.subquery or requete.combinator or requete.distinct
    return not (ordonnee or agregee or existence or forme)


@pytest.fixture(autouse=True, scope="session")
def un_verrou_nomme_ce_qu_il_verrouille():
    """`select_for_update()` without `of` locks every joined table."""
    verrouiller = QuerySet.select_for_update

    def select_for_update(self, nowait=False, skip_locked=False, of=(), no_key=False):
        assert of or not _appel_du_produit(), "select_for_update(of=…) : nommez ce qu’on verrouille"
        return verrouiller(self, nowait, skip_locked, of, no_key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", select_for_update)
        yield


def _appel_du_produit() -> bool:
    """Django and django-otp lock without `of` on their own account."""
    cadre = sys._getframe(2)
    if cadre.f_code.co_filename.endswith("django/db/models/manager.py"):
        cadre = cadre.f_back
    appelant = Path(cadre.f_code.co_filename)
    return settings.BASE_DIR in appelant.parents and "site-packages" not in appelant.parts
