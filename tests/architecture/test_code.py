"""Sentinelles : ce qu’une relecture oublierait un jour, lu dans l’arbre syntaxique."""

import ast

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from dui.socle.enums import Action, Bloc
from dui.socle.requetes import HistoriseQuerySet
from tests.architecture.arbre import RACINE, fichiers, modules

# Referentials: neither health data nor personal data.
REFERENTIELS = {"Etablissement", "Unite", "Place", "Nomenclature", "CodeNomenclature", "Role"}
LECTURES = {"visibles"}
ACCES = {"dossier", "bloc", "portail", "connecte", "soi", "public", "administration"}


def vues(patterns=None, prefixe=""):
    for p in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(p, URLResolver):
            yield from vues(p.url_patterns, prefixe + str(p.pattern))
        elif isinstance(p, URLPattern):
            yield prefixe + str(p.pattern), p.callback


@pytest.mark.parametrize(("route", "vue"), [pytest.param(r, v, id=r or "/") for r, v in vues()])
def test_chaque_vue_declare_son_acces(route, vue):
    acces = getattr(vue, "acces", None)
    assert acces, f"/{route} : décorez-la avec acces_dossier, acces_bloc, acces_connecte…"
    assert acces[0] in ACCES
    if len(acces) == 3:
        assert acces[1] in Bloc.values and acces[2] in Action.values
    par_dossier = "<uuid:dossier_id>" in route
    assert par_dossier == (acces[0] in ("dossier", "portail")), (
        f"/{route} : une page d’un dossier, et elle seule, se déclare par acces_dossier"
    )
    assert (acces[0] == "portail") == (par_dossier and route.startswith("portail/"))


def test_seules_ces_pages_s_ouvrent_sans_session():
    publiques = {route for route, vue in vues() if vue.acces == ("public",)}
    demonstration = {r for r in publiques if r.startswith(("demo/", "composants/"))}
    pro_sante_connect = {r for r in publiques if r.startswith("connexion/psc/")}
    assert publiques - demonstration - pro_sante_connect <= {
        "connexion/",
        "connexion/cle/",
        "connexion/cle/options/",
        "connexion/code/",
        "connexion/enrolement/",
        "connexion/relais/<uuid:passage_au_poste_id>/",
        "connexion/secours/",
        "activation/",
        "agenda/flux/<str:jeton>.ics",
        "etat/",
    }


def _lectures_directes(arbre):
    """(line, model, method) of each `Model.objects.method(`, and of `Model.objects` alone."""
    for n in ast.walk(arbre):
        if not isinstance(n, ast.Attribute) or not isinstance(n.value, ast.Attribute):
            continue
        if n.value.attr == "objects" and isinstance(n.value.value, ast.Name):
            yield n.lineno, n.value.value.id, n.attr


def _est_une_vue(chemin: str) -> bool:
    return chemin.endswith(("/views.py", "/vues.py")) or "/views/" in chemin


def test_les_vues_ne_lisent_la_base_qu_a_travers_la_politique():
    fautes = [
        f"{chemin}:{ligne} {modele}.objects.{methode}(…)"
        for chemin, arbre in modules().items()
        if _est_une_vue(chemin) and not chemin.startswith("habilitations/connexion/")
        for ligne, modele, methode in _lectures_directes(arbre)
        if methode not in LECTURES and modele not in REFERENTIELS
    ]
    assert not fautes, "Écrivez .objects.visibles(habilitation) :\n" + "\n".join(fautes)


def test_seule_la_politique_lit_qui_a_droit_a_quoi():
    """Affectation, équipe, bris de glace, accès nominatif : la règle est écrite une seule fois."""
    reserves = {"Affectation", "MembreEquipe", "BrisDeGlace", "Interdiction", "AccesNominatif"}
    ecritures = {"create", "update_or_create", "get_or_create", "bulk_create"}
    permis = {
        "habilitations/politique.py",
        "habilitations/condition_journal.py",
        "habilitations/detenteurs.py",  # who holds a right, for lists and letters
        "habilitations/tenues.py",  # what the policy reads of an account, in one query
        "habilitations/fusions.py",  # who gains access when two records become one
        "habilitations/explication.py",  # tells where the policy's answer comes from
        "habilitations/bris/lectures.py",  # the queue of those who judge
        "habilitations/bris/services.py",
        "habilitations/bris/courriel.py",
        # « Équipe » lists the rows of who works here; what they open, the policy alone says.
        "habilitations/equipe/lectures.py",
        "habilitations/prise_en_charge/lectures.py",  # the team of one person, as a list
        "habilitations/oppositions/services.py",
        "habilitations/oppositions/lectures.py",
        "relation_usager/services.py",
        "relation_usager/ouvertures/lectures.py",  # to whom the portal of a dossier is open
    }
    fautes = [
        f"{chemin}:{ligne} {modele}.objects.{methode}(…)"
        for chemin, arbre in modules().items()
        if chemin not in permis and not chemin.startswith("dui/demonstration/")
        for ligne, modele, methode in _lectures_directes(arbre)
        if modele in reserves and methode not in ecritures
    ]
    assert not fautes, "\n".join(fautes)


# ------------------------------------------------------------------ services


def _services():
    """The public functions of services.py; of a package services/, those that it exports."""
    for chemin, arbre in modules().items():
        exportes = _exportes(chemin) if "/services/" in chemin else None
        if exportes is None and not chemin.endswith("services.py"):
            continue
        for n in arbre.body:
            publique = isinstance(n, ast.FunctionDef) and not n.name.startswith("_")
            if publique and (exportes is None or n.name in exportes):
                yield chemin, n


def _exportes(chemin: str) -> set[str]:
    paquet = modules()[f"{chemin.rpartition('/')[0]}/__init__.py"]
    imports = (n for n in paquet.body if isinstance(n, ast.ImportFrom))
    return {alias.asname or alias.name for n in imports for alias in n.names}


def _atomique(fonction) -> bool:
    return any(
        isinstance(n, ast.Attribute) and n.attr == "atomic"
        for decorateur in fonction.decorator_list
        for n in ast.walk(decorateur)
    )


def _ecrit(fonction) -> bool:
    """It writes by itself: .save(), .create(), .delete(), or notes an event."""
    ecritures = {"save", "create", "bulk_create", "delete", "update_or_create", "get_or_create"}
    appels = (n.func for n in ast.walk(fonction) if isinstance(n, ast.Call))
    return any(
        (isinstance(f, ast.Attribute) and f.attr in ecritures)
        or (isinstance(f, ast.Name) and f.id in {"noter", "deposer", "consigner"})
        for f in appels
    )


# Not acts of a signed-in person on data: sign-in itself, and the steps of a background task.
SANS_HABILITATION = ("habilitations/connexion/", "habilitations/psc/", "admission/services/")


@pytest.mark.lent
def test_un_service_qui_ecrit_est_une_transaction():
    fautes = [
        f"{chemin}:{f.lineno} {f.name}"
        for chemin, f in _services()
        if _ecrit(f) and not _atomique(f) and not chemin.startswith(SANS_HABILITATION)
    ]
    assert not fautes, "@transaction.atomic manque :\n" + "\n".join(fautes)


def test_un_service_recoit_d_abord_l_habilitation():
    fautes = [
        f"{chemin}:{f.lineno} {f.name}({', '.join(a.arg for a in f.args.args)})"
        for chemin, f in _services()
        if not chemin.startswith(SANS_HABILITATION)
        and (not f.args.args or f.args.args[0].arg != "habilitation")
    ]
    assert not fautes, "habilitation vient en premier :\n" + "\n".join(fautes)


def test_un_modele_historise_ne_se_cree_pas_en_masse_sans_histoire():
    historises = {
        m.__name__
        for m in apps.get_models()
        if hasattr(m, "history") and isinstance(m._default_manager.all(), HistoriseQuerySet)
    }
    permis = {"habilitations/matrice.py"}  # the shipped matrix, at the birth of the database
    fautes = [
        f"{chemin}:{ligne} {modele}.objects.{methode}"
        for chemin, arbre in modules().items()
        if chemin not in permis
        for ligne, modele, methode in _lectures_directes(arbre)
        if methode == "bulk_create" and modele in historises
    ]
    assert not fautes, "utilisez bulk_create_with_history :\n" + "\n".join(fautes)


# ------------------------------------------------------------------ forme


@pytest.mark.lent
def test_aucun_fichier_ne_depasse_400_lignes():
    fautes = [
        f"{f.relative_to(RACINE)} : {nombre} lignes"
        for f in fichiers("*/**/*.py", "templates/**/*.html", "static/**/*.css", "static/**/*.js")
        if "migrations" not in f.parts
        and not f.relative_to(RACINE).parts[0].startswith((".", "var", "tests"))
        and (nombre := len(f.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert not fautes, "\n".join(fautes)


def test_un_module_de_script_tient_en_soixante_lignes():
    fautes = [
        f"{f.name} : {nombre} lignes"
        for f in fichiers("static/js/**/*.js")
        if (nombre := len(f.read_text(encoding="utf-8").splitlines())) > 60
    ]
    assert not fautes, "\n".join(fautes)


def test_personne_ne_lit_l_heure_sans_fuseau():
    """`date.today()` et `datetime.now()` ignorent l’heure de l’établissement."""
    naives = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}
    fautes = [
        f"{chemin}:{n.lineno}"
        for chemin, arbre in modules().items()
        for n in ast.walk(arbre)
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and isinstance(n.func.value, ast.Name)
        and (n.func.value.id, n.func.attr) in naives
        and not n.args
    ]
    assert not fautes, "timezone.localdate(), timezone.now() :\n" + "\n".join(fautes)


def test_chaque_modele_lie_a_un_dossier_dit_son_bloc():
    from dui.socle.models import LieAuDossierQuerySet

    fautes = [
        m.__name__
        for m in apps.get_models()
        if isinstance(m._default_manager.all(), LieAuDossierQuerySet)
        and not hasattr(m, "BLOC")
        and m.__name__ != "Document"  # its block is a column
    ]
    assert not fautes
