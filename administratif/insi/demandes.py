"""What is asked of INSi about somebody we hold: our columns, in the form of the teleservice."""

from dui.connecteurs.insi import IdentiteAVerifier, Traits
from dui.socle.identite import forme_ins

ATTRIBUTS = ("homonyme", "douteuse", "fictive")


def attributs(usager) -> frozenset[str]:
    return frozenset(nom for nom in ATTRIBUTS if getattr(usager, nom))


def traits(usager) -> Traits:
    return Traits(
        nom=forme_ins(usager.nom_naissance),
        prenoms=prenoms(usager),
        sexe=usager.sexe,
        naissance=usager.date_naissance.isoformat(),
        lieu=usager.lieu_naissance_cog,
        attributs=attributs(usager),
    )


def prenoms(usager) -> tuple[str, ...]:
    """One by one, the first as it was declared: « ANNE MARIE » may be a single first name."""
    premier, liste = forme_ins(usager.premier_prenom), forme_ins(usager.prenoms)
    if liste == premier or liste.startswith(f"{premier} "):
        return (premier, *liste.removeprefix(premier).split())
    return tuple(liste.split())


def a_verifier(usager) -> IdentiteAVerifier:
    return IdentiteAVerifier(traits(usager), usager.matricule_ins, usager.oid_ins)
