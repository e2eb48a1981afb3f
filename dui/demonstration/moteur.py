"""A tiny template language for the demo texts, with French agreement built in.

    {e}            feminine mark            « fatigué{e} »      -> fatigué / fatiguée
    {il} {Il} {le} {lui}                    pronouns            -> il / elle, le / la
    {heureux/heureuse}                      any other agreement
    <a|b|c>        one of these, nestable
    [repas]        a phrase of the lexicon, or a fact of the context ([M], [fille], [poids]…)

Straight apostrophes are typed, typographic ones are printed; so are the no-break spaces.
"""

import re
from functools import cache
from random import Random

PRONOMS = {
    "e": ("", "e"),
    "il": ("il", "elle"),
    "Il": ("Il", "Elle"),
    "le": ("le", "la"),
    "Le": ("Le", "La"),
    "lui": ("lui", "elle"),
    "celui": ("celui", "celle"),
    "un": ("un", "une"),
}
_ACCORD = re.compile(r"\{([^{}]*)\}")
_JETON = re.compile(r"[<|>]|\[[A-Za-z0-9_]+\]|[^<|>\[]+")


def typographie(texte: str) -> str:
    texte = texte.replace("'", "’").replace("...", "…")
    texte = texte.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    return re.sub(r" ([:;!?])", "\u00a0\\1", texte)


def accorder(texte: str, feminin: bool) -> str:
    def choisir(trouve):
        marque = trouve.group(1)
        if marque in PRONOMS:
            return PRONOMS[marque][feminin]
        masculin, separateur, forme_feminine = marque.partition("/")
        if not separateur:
            raise ValueError(f"Accord inconnu : {{{marque}}} dans « {texte} »")
        return forme_feminine if feminin else masculin

    return _ACCORD.sub(choisir, texte)


@cache
def compiler(texte: str, feminin: bool) -> tuple:
    """A tuple of parts: str (as is), list (alternatives), or ('slot name',)."""
    jetons = _JETON.findall(typographie(accorder(texte, feminin)))
    suite, reste = _lire_suite(jetons, 0)
    if reste != len(jetons):
        raise ValueError(f"Choix mal fermé : « {texte} »")
    return suite


def _lire_suite(jetons, rang):
    morceaux = []
    while rang < len(jetons):
        jeton = jetons[rang]
        if jeton in "|>":
            break
        if jeton == "<":
            choix, rang = _lire_choix(jetons, rang + 1)
            morceaux.append(choix)
            continue
        morceaux.append((jeton[1:-1],) if jeton[0] == "[" else jeton)
        rang += 1
    return tuple(morceaux), rang


def _lire_choix(jetons, rang):
    options = []
    while True:
        suite, rang = _lire_suite(jetons, rang)
        options.append(suite)
        if rang >= len(jetons):
            raise ValueError("Choix mal fermé : " + "".join(jetons))
        if jetons[rang] == ">":
            return options, rang + 1
        rang += 1


class Plume:
    """Writes a template for one person: agreement, lexicon and the facts of the context."""

    def __init__(self, alea: Random, feminin: bool, lexique: dict, contexte: dict):
        self.alea, self.feminin = alea, feminin
        self.lexique, self.contexte = lexique, contexte

    def ecrire(self, texte: str) -> str:
        ecrit = self._rendre(compiler(texte, self.feminin))
        return ecrit[:1].upper() + ecrit[1:] if ecrit else ecrit

    def _rendre(self, morceaux) -> str:
        sortie = []
        for m in morceaux:
            if m.__class__ is str:
                sortie.append(m)
            elif m.__class__ is tuple:
                sortie.append(self._mot(m[0]))
            else:
                sortie.append(self._rendre(m[int(self.alea.random() * len(m))]))
        return "".join(sortie)

    def _mot(self, nom: str) -> str:
        fait = self.contexte.get(nom)
        if fait is not None:
            return fait() if callable(fait) else fait
        phrases = self.lexique[nom]
        choisie = phrases[int(self.alea.random() * len(phrases))]
        return self._rendre(compiler(choisie, self.feminin))
