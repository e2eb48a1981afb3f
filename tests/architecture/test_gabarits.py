"""Sentinelles des gabarits : jeton, orphelins, politique de contenu, français."""

import ast
import re

import pytest
from django.conf import settings

from tests.architecture.arbre import gabarits, ligne, modules

SANS_AUTEUR = {"/verrou/", "/deconnexion/"}  # nothing typed there is ever kept
ENTREES = {"400.html", "403.html", "404.html", "409.html", "413.html", "429.html", "500.html"}
COMMENTAIRE = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
FORMULAIRE = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL | re.IGNORECASE)
BALISE = re.compile(r"<[^>]*>", re.DOTALL)
INSTRUCTION = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def sans_commentaire(texte: str) -> str:
    return COMMENTAIRE.sub(lambda m: "\n" * m[0].count("\n"), texte)


def tous():
    return [pytest.param(nom, sans_commentaire(t), id=nom) for nom, t in gabarits().items()]


@pytest.mark.parametrize(("nom", "texte"), tous())
def test_chaque_formulaire_qui_poste_porte_le_jeton(nom, texte):
    for m in FORMULAIRE.finditer(texte):
        attributs, corps = m[1], m[2]
        if not re.search(r'method="post"', attributs, re.IGNORECASE):
            continue
        sans_auteur = nom.startswith("demonstration/") or any(
            f'action="{a}' in attributs for a in SANS_AUTEUR
        )
        porte = "{% jeton %}" in corps or (sans_auteur and "{% csrf_token %}" in corps)
        assert porte, f"{nom}:{ligne(texte, m.start())} : {{% jeton %}} manque"


@pytest.mark.parametrize(("nom", "texte"), tous())
def test_aucun_script_ni_style_en_ligne(nom, texte):
    nu = INSTRUCTION.sub("", texte)
    for motif in (r"<script(?![^>]*\bsrc=)", r"<style\b", r"<[^>]*\s(?:style|on[a-z]+)="):
        trouve = re.search(motif, nu, re.IGNORECASE)
        pdf = nom.startswith(("pdf/", "impression/"))
        assert pdf or not trouve, f"{nom} : {trouve[0]}"


def _cites() -> set[str]:
    """Every name of template that a template or a module mentions."""
    cites = set(ENTREES)
    for texte in gabarits().values():
        cites.update(re.findall(r'(?:extends|include)\s+"([^"]+)"', texte))
    return cites


def _noms_du_code():
    """Patterns of the names written in the code: "a/b.html", f"a/{nom}.html"."""
    for arbre in modules().values():
        for n in ast.walk(arbre):
            if isinstance(n, ast.Constant) and str(n.value).endswith(".html"):
                yield re.escape(n.value)
            if isinstance(n, ast.JoinedStr):
                yield "".join(
                    re.escape(p.value) if isinstance(p, ast.Constant) else r"[\w-]+"
                    for p in n.values
                )


def test_aucun_gabarit_ne_dort():
    """Chacun est nommé par un autre gabarit ou par le code."""
    cites = _cites()
    noms = re.compile("|".join(motif for motif in _noms_du_code() if motif.endswith("html")))
    orphelins = [
        nom
        for nom in gabarits()
        if nom not in cites
        and not noms.fullmatch(nom)
        and not nom.startswith(("django/", "admin/"))  # found by Django under its own names
    ]
    assert not orphelins, f"gabarits que rien n’emploie : {orphelins}"


def test_tout_gabarit_cite_existe():
    existants = set(gabarits())
    manquants = {
        nom
        for nom in _cites() - existants - {"admin/base.html"}  # Django’s own
        if not any((settings.BASE_DIR / app / "templates" / nom).exists() for app in ("dui/socle",))
    }
    assert not manquants


# ------------------------------------------------------------------ français


def textes_visibles(texte: str):
    """(line, text) of what is read on screen: text nodes, and strings given to components."""
    for m in re.finditer(r"{%.*?%}", texte, re.DOTALL):
        for chaine in re.finditer(r'"([^"{}]*)"', m[0]):
            if re.search(r"[A-Za-zÀ-ÿ] [A-Za-zÀ-ÿ]", chaine[1]):
                yield ligne(texte, m.start()), chaine[1]
    nu = INSTRUCTION.sub(lambda m: "\x00" + "\n" * m[0].count("\n"), texte)
    for m in re.finditer(r">([^<>]+)<", nu):
        if m[1].strip("\x00 \n"):
            yield ligne(nu, m.start()), m[1]


FAUTES = (
    (re.compile(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]"), "apostrophe droite : ’"),
    (re.compile(r"[A-Za-zÀ-ÿ0-9)»][;!?]"), "espace avant ; ! ?"),
    (re.compile(r"[A-Za-zÀ-ÿ)»]:(?=\s|$)"), "espace avant :"),
    (re.compile(r"\S [;!?»]|\S :(?=\s|$)|« "), "espace insécable"),
    (re.compile(r"«\S(?<! )(?<!\u00a0)(?<!\u202f)"), "espace après «"),
    (re.compile(r"[^\s\u00a0\u202f]»"), "espace avant »"),
    (re.compile(r"\.\.\."), "points de suspension : …"),
    (re.compile(r'(?<![=\w])"[A-Za-zÀ-ÿ]'), "guillemets : « »"),
)


@pytest.mark.parametrize(("nom", "texte"), tous())
def test_les_textes_respectent_la_typographie_francaise(nom, texte):
    fautes = [
        f"{nom}:{no} {quoi} dans {visible.strip()!r}"
        for no, visible in textes_visibles(texte)
        for motif, quoi in FAUTES
        if motif.search(re.sub(r"&[a-z]+;|&#\d+;", "\u00a0", visible))
    ]
    assert not fautes, "\n".join(fautes)


ELISION = re.compile(r"\b(?:[lLdDjJnNcCsSmM]|[Qq]u)'[a-zà-ÿ]")


INSECABLE = re.compile(r"\w [;!?»](?=\s|$|[.,)])|[\w»] :(?=\s|$)|« (?=\w)")
# Read in a terminal or by a machine; invented texts; labels that migrations hold.
SANS_PAGE = re.compile(
    r"^dui/([a-z_]*\.py|demonstration|connecteurs|settings|socle/annuaire)"
    r"|management/commands/|/models/|models\.py|enums\.py|apps\.py"
)


def messages_du_code():
    """(module, line, text) of what is not a docstring: labels of forms and models, errors."""
    for chemin, arbre in modules().items():
        documentation = {
            id(n.body[0].value)
            for n in ast.walk(arbre)
            if isinstance(n, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
            and n.body
            and isinstance(n.body[0], ast.Expr)
        }
        for n in ast.walk(arbre):
            if not isinstance(n, ast.Constant) or not isinstance(n.value, str):
                continue
            if id(n) not in documentation and "SELECT" not in n.value:
                yield str(chemin), n.lineno, n.value


@pytest.mark.lent
def test_les_messages_du_code_n_ont_pas_d_apostrophe_droite():
    fautes = [f"{ou}:{n} {t[:60]!r}" for ou, n, t in messages_du_code() if ELISION.search(t)]
    assert not fautes, "\n".join(fautes)


def test_une_ligne_ne_commence_pas_par_un_deux_points():
    """Espaces insécables, dans ce que disent les pages."""
    fautes = [
        f"{ou}:{n} {t[:60]!r}"
        for ou, n, t in messages_du_code()
        if INSECABLE.search(t) and not SANS_PAGE.search(ou)
    ]
    assert not fautes, "\n".join(fautes)
