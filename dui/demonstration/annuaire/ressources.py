"""The invented directory as FHIR resources, in the shape of version 2 of the API."""

from dui.demonstration.annuaire.personnes import COMMUNES, Activite, Annuaire, Structure

IDENTIFIANTS = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
EXT = "https://hl7.fr/ig/fhir/core/StructureDefinition"
EXT_AS = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition"
NOS = "https://mos.esante.gouv.fr/NOS"
LISTES = {
    "G15": "TRE_G15-ProfessionSante",
    "R38": "TRE_R38-SpecialiteOrdinale",
    "R02": "TRE_R02-SecteurActivite",
    "R23": "TRE_R23-ModeExercice",
    "R22": "TRE_R22-GenreActivite",
    "R256": "TRE_R256-TypeMessagerie",
    "R257": "TRE_R257-TypeBAL",
}


def codage(liste: str, code: str) -> dict:
    nom = LISTES[liste]
    return {"system": f"{NOS}/{nom}/FHIR/{nom.replace('_', '-')}", "code": code}


def concept(*codages: dict) -> dict:
    return {"coding": list(codages)}


def identifiant(sorte: str, systeme: str, valeur: str) -> dict:
    code = concept({"system": IDENTIFIANTS, "code": sorte})
    return {"use": "official", "type": code, "system": systeme, "value": valeur}


def bal(adresse: str, sorte: str = "PER", *, service: str = "", rouge: bool = False) -> dict:
    fiche: list[dict] = [{"url": "type", "valueCodeableConcept": concept(codage("R257", sorte))}]
    if service:
        fiche.append({"url": "service", "valueString": service})
    fiche.append({"url": "listeRouge", "valueBoolean": rouge})
    return {
        "extension": [
            {
                "url": f"{EXT}/fr-core-contact-point-email-type",
                "valueCoding": codage("R256", "MSSANTE"),
            },
            {"url": f"{EXT_AS}/as-ext-mailbox-mss-metadata", "extension": fiche},
        ],
        "system": "email",
        "value": adresse,
    }


def _ressource(sorte: str, numero: str, quand: str, **champs) -> dict:
    meta = {"versionId": "1", "lastUpdated": quand, "source": "https://annuaire.exemple.org"}
    return {"resourceType": sorte, "id": numero, "meta": meta, "active": True, **champs}


def structure(s: Structure, quand: str, **champs) -> dict:
    numeros = [identifiant("IDNST", "urn:oid:1.2.250.1.71.4.2.2", s.identifiant)]
    if s.finess:
        numeros.append(identifiant("FINEG", "https://finess.esante.gouv.fr", s.finess))
    ressource = _ressource(
        "Organization",
        f"001-{s.identifiant}",
        quand,
        identifier=numeros,
        type=[concept(codage("R02", s.secteur))],
        name=s.nom,
        telecom=[{"system": "phone", "value": s.telephone}],
        address=[
            {
                "line": [f"{s.numero} RUE {s.voie}"],
                "city": s.commune.upper(),
                "postalCode": COMMUNES[s.commune][0],
            }
        ],
    )
    return ressource | champs


def professionnel(a: Activite, quand: str, **champs) -> dict:
    metier = [codage("G15", a.profession)]
    qualifications = [{"code": concept(*metier)}]
    if a.savoir_faire:
        qualifications.append({"code": concept(codage("R38", a.savoir_faire))})
    ressource = _ressource(
        "Practitioner",
        f"003-{a.rpps}",
        quand,
        identifier=[
            identifiant("IDNPS", "urn:oid:1.2.250.1.71.4.2.1", a.idnps),
            identifiant("RPPS", "https://rpps.esante.gouv.fr", a.rpps),
        ],
        name=[{"use": "usual", "family": a.nom, "given": [a.prenom], "prefix": [a.civilite]}],
        telecom=[bal(a.mssante)],
        qualification=qualifications,
    )
    return ressource | champs


def exercice(a: Activite, quand: str, **champs) -> dict:
    ressource = _ressource(
        "PractitionerRole",
        f"005-{a.numero}",
        quand,
        identifier=[{"system": "https://rpps.esante.gouv.fr", "value": f"{a.numero:010d}"}],
        practitioner={"reference": f"Practitioner/003-{a.rpps}"},
        organization={"reference": f"Organization/001-{a.structure.identifiant}"},
        code=[concept(codage("R22", "GENR01")), concept(codage("R23", a.mode))],
    )
    return ressource | champs


def inactive(ressource: dict) -> dict:
    """All that is left of a resource that has ended."""
    gardes = ("resourceType", "id", "meta", "identifier")
    return {nom: ressource[nom] for nom in gardes} | {"active": False}


def toutes(annuaire: Annuaire, quand: str) -> list[dict]:
    professionnels = {a.rpps: professionnel(a, quand) for a in annuaire.activites}
    structures = [structure(s, quand) for s in annuaire.structures]
    return [
        *structures,
        *professionnels.values(),
        *(exercice(a, quand) for a in annuaire.activites),
    ]
