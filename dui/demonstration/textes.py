"""Reads the corpora: fragments of transmissions, episodes, lexicon, habits.

A fragment file is a list of headings and lines:

    == alimentation | AS AES | midi soir | si=leve | sauf=fausse_route | x2 ! ->IDE
    Données. // Actions. // Résultat.        a DAR (one to three parts)
    ~ Récit libre.                           a narrative

`si` are traits the person must have, `sauf` traits that exclude; `x2` weighs; `!` is important,
`!!` urgent; `->IDE` names the roles it is addressed to. An episode file uses « === » for an
episode and « + » lines for its scenes (see EPISODE below).
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DOSSIER = Path(__file__).parent / "corpus"
IMPORTANCES = {"": "courante", "!": "importante", "!!": "urgente"}


@dataclass(frozen=True, eq=False)
class Fragment:
    cible: str
    roles: frozenset
    moments: frozenset
    si: frozenset
    sauf: frozenset
    poids: float
    importance: str
    destinataires: tuple
    parties: tuple
    recit: bool = False

    def convient(self, traits: frozenset) -> bool:
        return self.si <= traits and not (self.sauf & traits)


@dataclass(frozen=True)
class Scene:
    """One transmission of an episode: `jour` after its start, at a moment of the day."""

    jour: int
    moment: str
    role: str
    fragment: Fragment


@dataclass
class Episode:
    code: str
    domaine: str
    poids: float
    si: frozenset
    sauf: frozenset
    effets: dict = field(default_factory=dict)
    scenes: list = field(default_factory=list)

    @property
    def duree(self):
        return max(s.jour for s in self.scenes) + 1


def lignes(nom):
    for ligne in (DOSSIER / nom).read_text(encoding="utf-8").splitlines():
        ligne = ligne.strip()
        if ligne and not ligne.startswith("#"):
            yield ligne


def options(champs):
    """« si=a,b », « sauf=c », « x3 », « ! », « ->IDE,MEDECIN », « effet=valeur »."""
    lu = {"si": frozenset(), "sauf": frozenset(), "poids": 1.0, "importance": "courante"}
    lu |= {"destinataires": (), "effets": {}}
    for mot in " ".join(champs).split():
        cle, egal, valeur = mot.partition("=")
        if cle in ("si", "sauf") and egal:
            lu[cle] = frozenset(valeur.split(","))
        elif egal:
            lu["effets"][cle] = valeur
        elif mot in IMPORTANCES:
            lu["importance"] = IMPORTANCES[mot]
        elif mot.startswith("->"):
            lu["destinataires"] = tuple(mot[2:].split(","))
        elif mot[0] == "x":
            lu["poids"] = float(mot[1:])
        else:
            raise ValueError(f"Option inconnue dans le corpus : {mot}")
    return lu


def fragment(ligne, cible, roles, moments, lu, poids=1.0):
    recit = ligne.startswith("~")
    parties = [ligne[1:].strip()] if recit else [p.strip() for p in ligne.split("//")]
    return Fragment(
        cible=cible,
        roles=frozenset(roles),
        moments=frozenset(moments),
        si=lu["si"],
        sauf=lu["sauf"],
        poids=poids,
        importance=lu["importance"],
        destinataires=lu["destinataires"],
        parties=tuple(parties),
        recit=recit,
    )


@cache
def fragments(nom: str) -> tuple:
    """The weight of a heading is shared out among its lines: adding a line changes no balance."""
    lus, groupe, entete = [], [], None

    def vider():
        for ligne in groupe:
            lus.append(fragment(ligne, *entete, poids=entete[3]["poids"] / len(groupe)))

    for ligne in lignes(nom):
        if ligne.startswith("=="):
            if groupe:
                vider()
            cible, roles, moments, *reste = (c.strip() for c in ligne[2:].split("|"))
            groupe, entete = [], (cible, roles.split(), moments.split(), options(reste))
        else:
            groupe.append(ligne)
    vider()
    return tuple(lus)


@cache
def episodes(nom: str) -> tuple:
    """EPISODE: « === code | domaine | si=… x2 effet=valeur », then scenes
    « +jour moment role cible options : texte »."""
    lus = []
    for ligne in lignes(nom):
        if ligne.startswith("==="):
            code, domaine, *reste = (c.strip() for c in ligne[3:].split("|"))
            o = options(reste)
            lus.append(Episode(code, domaine, o["poids"], o["si"], o["sauf"], o["effets"]))
            continue
        tete, _, texte = ligne.partition(" : ")
        jour, moment, role, cible, *reste = tete.lstrip("+").split()
        dit = fragment(texte, cible, [role], [moment], options(reste))
        lus[-1].scenes.append(Scene(int(jour), moment, role, dit))
    return tuple(lus)


@cache
def listes(nom: str) -> dict:
    """« key = anything », one list a line."""
    return {c.strip(): v.strip() for c, _, v in (ligne.partition("=") for ligne in lignes(nom))}


@cache
def lexique(nom: str) -> dict:
    """« mot = a | b | c », one word of the lexicon a line."""
    mots = {}
    for ligne in lignes(nom):
        mot, _, phrases = ligne.partition("=")
        mots[mot.strip()] = tuple(p.strip() for p in phrases.split(" | "))
    return mots


@cache
def rubriques(nom: str) -> dict:
    """« == rubrique | si=… » then one sentence a line: habits, vigilances."""
    lues: dict[str, list] = {}
    courante, lu = "", options([])
    for ligne in lignes(nom):
        if ligne.startswith("=="):
            courante, *reste = (c.strip() for c in ligne[2:].split("|"))
            lu = options(reste)
            continue
        lues.setdefault(courante, []).append((lu["si"], lu["sauf"], ligne))
    return lues
