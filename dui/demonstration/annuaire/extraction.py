"""Write files in the shape of the national extractions, for the demo, the tests and the bench."""

from dui.demonstration.annuaire.personnes import COMMUNES, Activite

TITRES_ACTIVITES = (
    "Type d'identifiant PP",
    "Identifiant PP",
    "Identification nationale PP",
    "Code civilité d'exercice",
    "Libellé civilité d'exercice",
    "Code civilité",
    "Libellé civilité",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Code profession",
    "Libellé profession",
    "Code catégorie professionnelle",
    "Libellé catégorie professionnelle",
    "Code type savoir-faire",
    "Libellé type savoir-faire",
    "Code savoir-faire",
    "Libellé savoir-faire",
    "Code mode exercice",
    "Libellé mode exercice",
    "Numéro SIRET site",
    "Numéro SIREN site",
    "Numéro FINESS site",
    "Numéro FINESS établissement juridique",
    "Identifiant technique de la structure",
    "Raison sociale site",
    "Enseigne commerciale site",
    "Complément destinataire (coord. structure)",
    "Complément point géographique (coord. structure)",
    "Numéro Voie (coord. structure)",
    "Indice répétition voie (coord. structure)",
    "Code type de voie (coord. structure)",
    "Libellé type de voie (coord. structure)",
    "Libellé Voie (coord. structure)",
    "Mention distribution (coord. structure)",
    "Bureau cedex (coord. structure)",
    "Code postal (coord. structure)",
    "Code commune (coord. structure)",
    "Libellé commune (coord. structure)",
    "Code pays (coord. structure)",
    "Libellé pays (coord. structure)",
    "Téléphone (coord. structure)",
    "Téléphone 2 (coord. structure)",
    "Télécopie (coord. structure)",
    "Adresse e-mail (coord. structure)",
    "Code Département (structure)",
    "Libellé Département (structure)",
    "Ancien identifiant de la structure",
    "Autorité d'enregistrement",
    "Code secteur d'activité",
    "Libellé secteur d'activité",
    "Code section tableau pharmaciens",
    "Libellé section tableau pharmaciens",
    "Code rôle",
    "Libellé rôle",
    "Code genre activité",
    "Libellé genre activité",
)
TITRES_MSSANTE = (
    "Type de BAL",
    "Adresse BAL",
    "Type Identifiant PP",
    "Identifiant PP",
    "Identification nationale PP",
    "Type identifiant structure",
    "Identification Structure",
    "Service de rattachement",
    "Civilité d'exercice",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Catégorie profession",
    "Libellé de catégorie profession",
    "Code Profession",
    "Libellé Profession",
    "Code savoir-faire",
    "Libellé savoir-faire",
    "Dématérialisation",
    "Raison Sociale structure BAL",
    "Enseigne commerciale structure BAL",
    "L2COMPLEMENTLOCALISATION",
    "L3COMPLEMENTDISTRIBUTION",
    "L4NUMEROVOIE",
    "L4COMPLEMENTNUMEROVOIE",
    "NL4TYPEVOIE",
    "L4LIBELLEVOIE",
    "L5LIEUDITMENTION",
    "L6LIGNEACHEMINEMENT",
    "Code postal",
    "Département",
    "Pays",
)


def ligne(titres: tuple[str, ...], valeurs: dict[str, str], *, fin: str = "") -> str:
    """A line with these columns, the others empty; a title that does not exist is a mistake."""
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
            "Type d'identifiant PP": "8",
            "Identifiant PP": a.rpps,
            "Identification nationale PP": a.idnps,
            "Code civilité": a.civilite,
            "Nom d'exercice": a.nom,
            "Prénom d'exercice": a.prenom,
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
            "Code secteur d'activité": s.secteur,
            "Libellé secteur d'activité": s.secteur_libelle,
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
            "Nom d'exercice": activite.nom,
            "Prénom d'exercice": activite.prenom,
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
