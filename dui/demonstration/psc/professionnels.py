"""Invented professionals, in the shape of the userinfo claims of Pro Santé Connect."""

from collections.abc import Iterable
from dataclasses import dataclass

REALM = "f:5d0c4f6e-demo"
SANS_STRUCTURE = ("", "", "Cabinet en ville", "L", "SA07")
ORIGINE = "1.2.250.1.213.1.1.5.5"


def activite(finess, juridique, raison_sociale, mode="S", secteur="SA17") -> dict:
    return {
        "codeModeExercice": mode,
        "codeSecteurDactivite": secteur,
        "codeGenreActivite": "GENR01",
        "numeroFinessSite": finess,
        "numeroFinessetablissementJuridique": juridique,
        "identifiantTechniqueDeLaStructure": f"F{finess}" if finess else "",
        "raisonSocialeSite": raison_sociale,
        "codeCommune": "49328",
        "codePostal": "49400",
    }


def userinfo(identifiant, prenom, nom, exercices: Iterable[tuple[str, list[dict]]]) -> dict:
    """`exercices`: (code of profession, activities)."""
    exercices = list(exercices)
    return {
        "sub": f"{REALM}:{identifiant}",
        "SubjectNameID": identifiant,
        "preferred_username": identifiant,
        "given_name": prenom.upper(),
        "family_name": nom.upper(),
        "email_verified": False,
        "UITVersion": "1.0",
        "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
        "SubjectRole": [f"{profession}^{ORIGINE}" for profession, _ in exercices[:1]],
        "SubjectRefPro": {
            "exercices": [
                {
                    "codeProfession": profession,
                    "codeCategorieProfessionnelle": "C",
                    "nomDexercice": nom.upper(),
                    "prenomDexercice": prenom.upper(),
                    "activities": activites,
                }
                for profession, activites in exercices
            ],
        },
        "otherIds": [{"identifiant": identifiant, "origine": "RPPS", "qualite": 1}],
    }


@dataclass(frozen=True)
class Exemple:
    """`en_ville`: a private practice beside the house. `autre`: a second profession."""

    compte: str
    en_ville: bool = False
    autre: str = ""
    seul: bool = False


# One per case that the sign-in knows.
EXEMPLES = (
    Exemple("claire.martin"),
    Exemple("paul.lefevre", en_ville=True),
    Exemple("maud.tessier", autre="60"),
    Exemple("odile.samson", seul=True),
    Exemple("nicolas.gasnier"),
)
AILLEURS = activite("490009999", "490009990", "MAS Le Verger")
INCONNU = userinfo("899970000099", "Maxime", "Rondeau", [("60", [AILLEURS])])


def de_la_demonstration(emetteur: str) -> list[dict]:
    """The accounts of the demo, as the provider would know them, and declared for this issuer;
    then somebody whom the house does not know."""
    from dui.socle.models import Professionnel
    from habilitations.models import Affectation, IdentiteProfessionnelle

    connus = []
    for rang, exemple in enumerate(EXEMPLES, 1):
        fiche = Professionnel.objects.filter(compte__username=exemple.compte).first()
        if fiche is None:
            continue
        identifiant = f"8{fiche.rpps or f'9997000000{rang}'}"
        maisons = [
            a.etablissement
            for a in Affectation.objects.en_cours()
            .filter(compte=fiche.compte_id)
            .select_related("etablissement__organisme")
            .order_by("etablissement__nom")
        ]
        activites = [activite(m.finess, m.organisme.finess_ej, m.nom) for m in maisons]
        activites = [] if exemple.seul else activites[:1]
        if exemple.en_ville:
            activites.append(activite(*SANS_STRUCTURE))
        exercices = [(fiche.profession, activites)]
        if exemple.autre:
            exercices.append((exemple.autre, []))
        connus.append(userinfo(identifiant, fiche.prenom, fiche.nom, exercices))
        IdentiteProfessionnelle.objects.get_or_create(
            emetteur=emetteur,
            identifiant_national=identifiant,
            defaults={"compte_id": fiche.compte_id},
        )
    return [*connus, INCONNU]
