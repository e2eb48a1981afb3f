"""Sentinelles de sécurité : ce que l’arbre syntaxique et les fichiers disent sans rien lancer."""

import ast
import re
import subprocess
from shutil import which

import pytest
from django.conf import settings

from dui.settings import base
from tests.architecture.arbre import RACINE, fichiers, gabarits, modules

DEMONSTRATION = ("dui/demonstration/", "dui/demo.py", "dui/devstack.py", "dui/preparation.py")


def appels(nom_simple=(), attribut=()):
    """(module, call) of each call to these names, or to these attributes of anything."""
    for chemin, arbre in modules().items():
        for n in ast.walk(arbre):
            if not isinstance(n, ast.Call):
                continue
            if isinstance(n.func, ast.Name) and n.func.id in nom_simple:
                yield chemin, n
            if isinstance(n.func, ast.Attribute) and n.func.attr in attribut:
                yield chemin, n


def imports():
    for chemin, arbre in modules().items():
        for n in ast.walk(arbre):
            if isinstance(n, ast.Import):
                yield from ((chemin, alias.name) for alias in n.names)
            if isinstance(n, ast.ImportFrom) and n.module:
                yield chemin, n.module
                yield from ((chemin, f"{n.module}.{alias.name}") for alias in n.names)


def ou(trouves):
    return [f"{chemin}:{n.lineno} {ast.unparse(n)[:80]}" for chemin, n in trouves]


def importateurs(*noms, sauf=()):
    return [
        f"{c} importe {i}"
        for c, i in imports()
        if i.split(".")[0] in noms or i in noms
        if not c.startswith(sauf)
    ]


# ------------------------------------------------------------------ injections


def test_rien_ne_s_evalue():
    assert not ou(appels({"eval", "exec", "compile", "__import__"}))


def test_rien_ne_se_desserialise_sans_schema():
    assert not importateurs("pickle", "marshal", "shelve", "yaml", "dill", "jsonpickle")
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")


@pytest.mark.lent
def test_aucune_commande_ne_passe_par_un_interpreteur():
    fautes = ou(appels(attribut={"system", "popen", "getoutput", "getstatusoutput"}))
    fautes += [
        f"{c}:{n.lineno}"
        for c, n in appels(attribut={"run", "Popen", "call", "check_output", "check_call"})
        for mot in n.keywords
        if mot.arg == "shell"
    ]
    assert not fautes


# Names of columns, compared with a closed list just before; names of tables, columns and indexes of
# our own models, never of a file.
NOMS_VERIFIES = ("admission/services/avancement.py", "dui/socle/annuaire/tables.py")


def _compose(noeud) -> bool:
    """A text made of pieces; a constant between braces is no piece from outside."""
    if isinstance(noeud, ast.JoinedStr):
        pieces = [v.value for v in noeud.values if isinstance(v, ast.FormattedValue)]
        return any(not (isinstance(p, ast.Name) and p.id.isupper()) for p in pieces)
    composee = isinstance(noeud, ast.BinOp) and isinstance(noeud.op, (ast.Mod, ast.Add))
    formatee = isinstance(noeud, ast.Call) and getattr(noeud.func, "attr", "") == "format"
    return composee or formatee


@pytest.mark.lent
def test_aucune_requete_sql_n_est_faite_de_morceaux():
    fautes = [
        f"{c}:{n.lineno}"
        for c, n in appels({"RawSQL"}, {"execute", "executemany", "raw", "RawSQL"})
        if n.args and _compose(n.args[0]) and not c.startswith((*DEMONSTRATION, *NOMS_VERIFIES))
    ]
    assert not fautes, "paramètres, jamais de morceaux :\n" + "\n".join(fautes)
    assert not [c for c, n in appels(attribut={"extra"}) if "objects" in ast.unparse(n.func)]


def test_une_expression_reguliere_ne_vient_jamais_d_une_saisie():
    """Constante, ou échappée par re.escape."""
    fautes = [
        f"{c}:{n.lineno} {ast.unparse(n)[:80]}"
        for c, n in appels(attribut={"compile", "search", "match", "fullmatch", "sub", "split"})
        if isinstance(n.func.value, ast.Name) and n.func.value.id == "re"
        if n.args and not isinstance(n.args[0], (ast.Constant, ast.Name))
        if "re.escape" not in ast.unparse(n.args[0])
        and not re.fullmatch(r"(rf|fr|f)?['\"].*", ast.unparse(n.args[0]))
    ]
    assert not fautes, "\n".join(fautes)


def test_aucun_gabarit_ne_se_construit_dans_le_code():
    assert not ou(appels({"Template"}, {"from_string"}))


ECHAPPEMENT_LEVE: set[str] = set()


def test_l_echappement_n_est_leve_que_la_ou_c_est_dit():
    leves = {
        nom
        for nom, texte in gabarits().items()
        if re.search(r"\|\s*safe\b|autoescape\s+off|safeseq", texte)
    }
    assert leves <= ECHAPPEMENT_LEVE
    marques = {c for c, n in appels({"mark_safe", "SafeString"})}
    assert all(c.startswith("dui/socle/templatetags/") for c in marques), marques


def test_aucune_donnee_ne_s_ecrit_dans_un_script():
    for script in fichiers("static/js/**/*.js"):
        texte = script.read_text(encoding="utf-8")
        assert "{{" not in texte and "{%" not in texte, script
        assert not re.search(r"\beval\(|new Function|document\.write", texte), script


def test_le_navigateur_ne_garde_que_l_heure_du_dernier_geste():
    """Aucun nom ni texte dans le stockage du navigateur."""
    usages = {
        (script.name, usage)
        for script in fichiers("static/js/**/*.js")
        for usage in re.findall(
            r"(?:localStorage|sessionStorage|indexedDB|caches)[.\w]*\([^)]*\)",
            script.read_text(encoding="utf-8"),
        )
    }
    permis = {"localStorage.getItem(CLE)", "localStorage.setItem(CLE, Date.now()"}
    assert {usage.rstrip(")") + ")" if "(" not in usage else usage for _, usage in usages}
    assert {u for _, u in usages} <= permis | {f"{p})" for p in permis}, usages


def test_aucun_lien_ne_porte_un_protocole_dangereux():
    motif = re.compile(r"(?:href|src|action)\s*=\s*[\"']\s*(?:javascript|data|vbscript):", re.I)
    assert not [nom for nom, texte in gabarits().items() if motif.search(texte)]


# ------------------------------------------------------------------ XML, sorties, chiffrement


@pytest.mark.lent
def test_seul_le_lecteur_borne_lit_du_xml():
    permis = ("admission/importation/", "dui/socle/pdf.py", "dui/connecteurs/")
    assert not importateurs("xml", "lxml", "xmltodict", "html5lib", sauf=permis)
    fautes = ou(appels(attribut={"fromstring", "XMLParser", "iterparse"}))
    assert not [f for f in fautes if "resolve_entities=False" not in f], fautes
    assert not ou(appels(attribut={"xpath"})), "XPath par variables seulement"


def test_aucun_appel_sortant_ne_suit_de_redirection_ni_n_accepte_tout_certificat():
    fautes = []
    for chemin, arbre in modules().items():
        for n in ast.walk(arbre):
            if not isinstance(n, ast.keyword) or not isinstance(n.value, ast.Constant):
                continue
            libre = n.arg in {"follow_redirects", "allow_redirects"} and n.value.value is True
            credule = n.arg in {"verify", "verify_mode", "check_hostname"} and not n.value.value
            if libre or credule:
                fautes.append(f"{chemin}:{n.value.lineno} {n.arg}={n.value.value}")
    assert not fautes
    assert not ou(appels(attribut={"_create_unverified_context"}))


def test_seuls_les_connecteurs_parlent_a_l_exterieur():
    permis = (
        "dui/connecteurs/",
        *DEMONSTRATION,
        "dui/processus.py",
        "dui/services_locaux.py",  # a free port for the demo's counterparts
        "dui/socle/courriels.py",  # a notice without any name, by the mail of the house
    )
    assert not importateurs(
        "httpx",
        "requests",
        "urllib.request",
        "urllib3",
        "smtplib",
        "ftplib",
        "socket",
        "django.core.mail",
        sauf=permis,
    )


@pytest.mark.lent
def test_le_chiffrement_vient_d_une_bibliotheque_eprouvee():
    assert not importateurs("Crypto", "Cryptodome", "rsa", "ecdsa", "nacl", "crypt")
    faibles = appels(attribut={"md5", "sha1", "new"})
    fautes = [
        texte
        for chemin, n in faibles
        if (texte := ast.unparse(n)) and re.search(r"hashlib\.(md5|sha1|new)", texte)
        if "usedforsecurity=False" not in texte and not chemin.startswith(DEMONSTRATION)
    ]
    assert not fautes
    source = (RACINE / "dui/socle/chiffrement.py").read_text(encoding="utf-8")
    assert "AESGCM" in source and not re.search(r"\bECB\b|\bCBC\b|\bDES\b|\bRC4\b", source)


def test_le_hasard_devinable_ne_sert_qu_aux_delais_et_aux_donnees_inventees():
    permis = ("dui/demonstration/", "dui/socle/sortants.py")
    assert not importateurs("random", sauf=permis)


# ------------------------------------------------------------------ secrets, versions, fuseaux


SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"
    r"|xox[baprs]-[0-9A-Za-z-]{20,}|eyJhbGciOi[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\."
)


@pytest.fixture
def suivis():
    """What git follows."""
    if not which("git"):
        pytest.skip("git n’est pas installé ici")
    liste = ["git", "ls-files", "-z"]
    noms = subprocess.run(liste, cwd=RACINE, capture_output=True, text=True).stdout.split("\0")
    if not noms[0]:
        pytest.skip("pas de dépôt git ici")
    return noms


def test_aucun_secret_ne_dort_dans_le_depot(suivis):
    fautes = []
    for nom in suivis:
        chemin = RACINE / nom
        if not nom or not chemin.is_file() or chemin.suffix in {".png", ".woff2"}:
            continue
        if SECRET.search(chemin.read_text(encoding="utf-8", errors="replace")):
            fautes.append(nom)
    assert not fautes
    assert SECRET.search("-----BEGIN " + "RSA PRIVATE KEY-----")


def test_aucun_fichier_de_secret_n_est_suivi(suivis):
    motif = re.compile(r"(^|/)\.env(\.|$)|\.(pem|key|p12|pfx|jks)$|id_rsa|\.sqlite3$")
    assert not [nom for nom in suivis if motif.search(nom) and not nom.startswith("tests/")]


def test_les_connexions_au_serveur_proxy_sont_en_tls_1_2_ou_1_3():
    """La configuration livrée dans la notice d’exploitation."""
    notice = (RACINE / "docs/exploitation.md").read_text(encoding="utf-8")
    protocoles = re.findall(r"ssl_protocols ([^;]+);", notice)
    assert protocoles and all(set(p.split()) <= {"TLSv1.2", "TLSv1.3"} for p in protocoles)


def test_les_limites_des_envois_sont_posees():
    assert base.DATA_UPLOAD_MAX_MEMORY_SIZE <= 10 * 2**20
    assert base.DATA_UPLOAD_MAX_NUMBER_FIELDS <= 5000
    assert base.DATA_UPLOAD_MAX_NUMBER_FILES <= 100
    assert base.FILE_UPLOAD_PERMISSIONS == 0o600
    assert base.FILE_UPLOAD_HANDLERS[0] == "dui.socle.televersement.Plafond"


def test_les_documents_ne_sont_ni_publics_ni_nommes_par_une_personne():
    assert not settings.MEDIA_URL.strip("/")  # no address serves this folder
    assert base.STATIC_ROOT not in (base.MEDIA_ROOT, *base.MEDIA_ROOT.parents)
    assert base.MEDIA_ROOT not in base.STATIC_ROOT.parents


def test_rien_des_donnees_n_est_garde_dans_un_cache_partage():
    assert "default" in settings.CACHES
    assert settings.CACHES["default"]["BACKEND"].endswith("LocMemCache")  # Django's default
    assert not importateurs("django.core.cache", "django.views.decorators.cache.cache_page")
    middlewares = " ".join(base.MIDDLEWARE)
    assert "UpdateCacheMiddleware" not in middlewares and "cors" not in middlewares


def test_les_mots_de_passe_suivent_la_longueur_et_non_la_composition():
    regles = {v["NAME"].rpartition(".")[2]: v for v in base.AUTH_PASSWORD_VALIDATORS}
    assert regles["MinimumLengthValidator"]["OPTIONS"]["min_length"] >= 15
    assert "CommonPasswordValidator" in regles
    composition = ("Uppercase", "Symbol", "Digit", "NumericPassword", "Complexity")
    assert not [nom for nom in regles if any(c in nom for c in composition)]
