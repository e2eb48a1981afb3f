"""A whole file through a grid: anybody may check the engine against cases of their own.

One case a line; the columns are the answers of the grid. The file comes out with its columns and
the result’s. A column of the file named as a result (`gir`, `score`…) is what was expected: the
differences are counted.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TextIO

from accompagnement.evaluations.moteur import Definition, ReponsesRefusees, Resultat, evaluer
from accompagnement.evaluations.moteur import aggir as moteur_aggir
from accompagnement.evaluations.moteur.echelles import SCORE
from accompagnement.evaluations.moteur.resultats import texte

PREFIXE = "resultat_"
ERREUR = f"{PREFIXE}erreur"


class FichierRefuse(ValueError):
    pass


@dataclass
class Bilan:
    lignes: int = 0
    erreurs: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    comparees: tuple[str, ...] = ()


def evaluer_fichier(definition: Definition, source: TextIO, sortie: TextIO) -> Bilan:
    lecteur, entete = _lecteur(source)
    reponses = [c for c in entete if c in colonnes(definition)]
    if not reponses:
        attendues = ", ".join(list(colonnes(definition))[:12])
        raise FichierRefuse(f"aucune colonne de la grille {definition.code} : {attendues}…")
    resultats = noms_des_resultats(definition)
    bilan = Bilan(comparees=tuple(c for c in resultats if c in entete and c not in reponses))
    if deja := [c for c in entete if c.startswith(PREFIXE)]:
        raise FichierRefuse(f"colonnes réservées aux résultats : {', '.join(deja)}")
    ecrivain = csv.writer(sortie)
    ecrivain.writerow([*entete, *(PREFIXE + c for c in resultats), ERREUR])
    for numero, ligne in lecteur:
        bilan.lignes += 1
        calcul, faute = _une(definition, ligne, entete, reponses)
        if faute:
            bilan.erreurs.append(f"ligne {numero} : {faute}")
        for c in bilan.comparees:
            attendu = ligne[entete.index(c)].strip()
            if len(ligne) == len(entete) and attendu != calcul.get(c, ""):
                bilan.differences.append(
                    f"ligne {numero} : {c} {calcul.get(c, '')}, {attendu} attendu"
                )
        ecrivain.writerow([*ligne, *(calcul.get(c, "") for c in resultats), faute])
    return bilan


def _lecteur(source: TextIO) -> tuple[Iterator[tuple[int, list[str]]], list[str]]:
    try:
        premiere = source.readline().removeprefix("\ufeff")
        separateur = ";" if premiere.count(";") > premiere.count(",") else ","
        lignes = csv.reader(chain([premiere], source), delimiter=separateur, strict=True)
        entete = [c.strip() for c in next(lignes, [])]
    except UnicodeDecodeError as erreur:
        raise FichierRefuse("le fichier n’est pas en UTF-8") from erreur
    except csv.Error as erreur:
        raise FichierRefuse(f"ligne 1 : {erreur}") from erreur
    if not any(entete):
        raise FichierRefuse("le fichier est vide : une ligne de titres est attendue")
    if len(set(entete)) != len(entete):
        raise FichierRefuse("deux colonnes portent le même titre")
    return _numerotees(lignes), entete


def _numerotees(lignes: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        try:
            ligne = next(lignes)
        except StopIteration:
            return
        except (csv.Error, UnicodeDecodeError) as erreur:
            raise FichierRefuse(f"ligne {lignes.line_num} : {erreur}") from erreur
        if ligne:
            yield lignes.line_num, ligne


def _une(
    definition: Definition, ligne: list[str], entete: list[str], reponses: list[str]
) -> tuple[dict[str, str], str]:
    if len(ligne) != len(entete):
        return {}, f"{len(ligne)} colonnes, {len(entete)} attendues"
    valeurs = dict(zip(entete, ligne, strict=True))
    try:
        resultat = evaluer(definition, {c: valeurs[c] for c in reponses})
    except ReponsesRefusees as refus:
        return {}, str(refus)
    return _en_colonnes(definition, resultat), ""


def colonnes(definition: Definition) -> dict[str, None]:
    """Every name that an answer may have, in order."""
    if definition.moteur == "aggir":
        variables = definition.brut["variables"]
        noms = [v["code"] for v in variables]
        for v in variables:
            noms += [n for o in moteur_aggir.observes(v) for n in (o.nom, *o.reponses)]
        return dict.fromkeys(noms)
    if definition.moteur == "pathos":
        lignes = range(1, definition.brut["couples_max"] + 1)
        return dict.fromkeys(f"{n}.{c}" for n in lignes for c in ("etat", "profil"))
    return dict.fromkeys([i.code for i in definition.items] or [SCORE])


def noms_des_resultats(definition: Definition) -> list[str]:
    if definition.moteur == "aggir":
        return ["groupe", "total_groupe", "rang", "gir", "manquants"]
    sous = [s["code"] for s in definition.brut.get("sous_scores", ())]
    return ["score", *sous, "niveau", "conclusion", "alertes", "manquants"]


def _en_colonnes(definition: Definition, resultat: Resultat) -> dict[str, str]:
    manquants = " ".join(resultat.manquants)
    if definition.moteur == "aggir":
        if not resultat.complet:
            return {"manquants": manquants}
        dernier = resultat.detail["groupes"][-1]
        return {
            "groupe": dernier["groupe"],
            "total_groupe": str(dernier["total"]),
            "rang": str(resultat.detail["rang"]),
            "gir": str(resultat.detail["gir"]),
            "manquants": manquants,
        }
    return {
        "score": texte(resultat.score),
        **{s.code: texte(s.score) for s in resultat.sous_scores},
        "niveau": resultat.niveau,
        "conclusion": resultat.conclusion,
        "alertes": " ; ".join(resultat.alertes),
        "manquants": manquants,
    }
