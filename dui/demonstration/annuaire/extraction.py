"""Write files in the shape of the national extractions, for the demo, the tests and the bench."""

import json
from pathlib import Path

from dui.demonstration.annuaire.personnes import COMMUNES, Activite

TITRES = json.loads(Path(__file__).with_name("titres.json").read_text(encoding="utf-8"))
TITRES_ACTIVITES, TITRES_MSSANTE = tuple(TITRES["activites"]), tuple(TITRES["mssante"])


def ligne(titres: tuple[str, ...], valeurs: dict[str, str], *, fin: str = "") -> str:
    """A line with these columns, the others empty; a title that does not exist is a mistake. The
    files write their apostrophes straight."""
    valeurs = {titre.replace("’", "'"): valeur for titre, valeur in valeurs.items()}
    inconnus = valeurs.keys() - set(titres)
    if inconnus:
        raise ValueError(f"colonnes inconnues : {inconnus}")
    return "|".join(valeurs.get(t, "") for t in titres) + fin + "\n"


def entete_activites() -> str:
    return "|".join(TITRES_ACTIVITES) + "|\n"


def entete_mssante() -> str:
    return "|".join(TITRES_MSSANTE) + "\n"


def ligne_activite(a: Activite) -> str:
    s = a.structure
    return ligne(
        TITRES_ACTIVITES,
        {
            "Type d’identifiant PP": "8",
            "Identifiant PP": a.rpps,
            "Identification nationale PP": a.idnps,
            "Code civilité": a.civilite,
            "Nom d’exercice": a.nom,
            "Prénom d’exercice": a.prenom,
            "Code profession": a.profession,
            "Libellé profession": a.profession_libelle,
            "Code catégorie professionnelle": "C",
            "Libellé catégorie professionnelle": "Civil",
            "Code savoir-faire": a.savoir_faire,
            "Libellé savoir-faire": a.savoir_faire_libelle,
            "Code mode exercice": a.mode,
            "Libellé mode exercice": "Salarié" if a.mode == "S" else "Libéral",
            "Numéro FINESS site": s.finess,
            "Numéro FINESS établissement juridique": s.finess_ej,
            "Identifiant technique de la structure": s.technique,
            "Raison sociale site": s.nom,
            "Numéro Voie (coord. structure)": s.numero,
            "Code type de voie (coord. structure)": "RUE",
            "Libellé type de voie (coord. structure)": "Rue",
            "Libellé Voie (coord. structure)": s.voie,
            "Bureau cedex (coord. structure)": f"{s.code_postal} {s.commune.upper()}",
            "Code postal (coord. structure)": s.code_postal,
            "Code commune (coord. structure)": COMMUNES.get(s.commune, ("", ""))[1],
            "Libellé commune (coord. structure)": s.commune,
            "Téléphone (coord. structure)": s.telephone,
            "Code secteur d’activité": s.secteur,
            "Libellé secteur d’activité": s.secteur_libelle,
            "Code genre activité": "GENR01",
            "Libellé genre activité": "Activité standard de soin ou de pharmacien",
        },
        fin="|",
    )


def ligne_mssante(*, adresse: str, sorte: str, activite=None, structure=None, service="") -> str:
    valeurs = {"Type de BAL": sorte, "Adresse BAL": adresse, "Service de rattachement": service}
    valeurs["Dématérialisation"] = "O"
    if activite:
        valeurs |= {
            "Type Identifiant PP": "8",
            "Identifiant PP": activite.rpps,
            "Identification nationale PP": activite.idnps,
            "Nom d’exercice": activite.nom,
            "Prénom d’exercice": activite.prenom,
            "Code Profession": activite.profession,
        }
    if structure:
        valeurs |= {
            "Type identifiant structure": structure.identifiant[0],
            "Identification Structure": structure.identifiant[1:],
            "Raison Sociale structure BAL": structure.nom,
            "L6LIGNEACHEMINEMENT": f"{structure.code_postal} {structure.commune.upper()}",
            "Code postal": structure.code_postal,
        }
    return ligne(TITRES_MSSANTE, valeurs)
