"""A value of a project, as it is read: labels of codes, dates, names of what is linked."""

import re
from datetime import date

from accompagnement.projets import contenu as contenus
from accompagnement.projets import trames
from accompagnement.projets.contenu import Champ, Contenu, Genre, Valeur
from dui.formats.calendrier import MOIS
from dui.socle import codes


def jour(texte: str) -> str:
    """« 13 nov. 2026 »."""
    le = date.fromisoformat(texte)
    return f"{'1er' if le.day == 1 else le.day} {MOIS[le.month - 1]} {le.year}"


def personne(valeur: str) -> str:
    """An account is kept with its name: what was settled still reads when the account is gone."""
    return valeur.partition("|")[2] or valeur


VOYELLE = re.compile(r"[aeiouœæàâäéèêëîïôöùûü]|h[^a]|y[^aeiou]", re.IGNORECASE)


def de(nom: str) -> str:
    """« de Marie », « d’Adam », « d’Hélène », « de Hamza »."""
    return f"d’{nom}" if VOYELLE.match(nom) else f"de {nom}"


class Diseur:
    """Says the values of one or two contents (the newer first) by their template."""

    def __init__(self, trame: trames.Trame, *lus: Contenu):
        self.volets = dict(trame.volets)
        self.noms = {
            e["id"]: genre.nom_de(e)
            for contenu in reversed(lus)
            for genre in contenus.GENRES.values()
            for e in contenus.elements(contenu, genre.code)
        }

    def __call__(self, champ: Champ, valeur: Valeur) -> str:
        if isinstance(valeur, list):
            return ", ".join(filter(None, (self._un(champ, v) for v in valeur)))
        return self._un(champ, valeur) if valeur else ""

    def _un(self, champ: Champ, valeur: str) -> str:
        match champ.sorte:
            case contenus.CODE | contenus.CODES:
                return codes.libelle(champ.liste, valeur)
            case contenus.JOUR:
                return jour(valeur)
            case contenus.COMPTE:
                return personne(valeur)
            case contenus.LIEN | contenus.LIENS:
                return self.noms.get(valeur, "")
            case contenus.VOLET:
                return self.volets.get(valeur, valeur)
            case contenus.PICTO:
                return trames.reglages()["pictogrammes"].get(valeur, valeur)
        return valeur

    def lignes(self, champs, valeurs, *, sauf=()) -> list[tuple[str, str]]:
        """[(label, text)] of what is said."""
        return [
            (champ.libelle, texte)
            for champ in champs
            if champ.nom not in sauf and (texte := self(champ, valeurs.get(champ.nom, "")))
        ]

    def element(self, genre: Genre, element, *, sauf=()) -> list[tuple[str, str]]:
        return self.lignes(genre.champs, element, sauf=(genre.titre, *sauf))
