"""Pure rules of the identification. No ORM, no clock."""

from collections.abc import Mapping

from dui.socle.enums import Confiance
from dui.socle.identite import COG_INCONNU, cle_comparaison, premier_prenom_en_tete

MAJORITE = 18
# What is compared with a document or with an answer of INSi; the labels are those of the screens.
TRAITS = {
    "nom_naissance": "Nom de naissance",
    "prenoms": "Prénoms de naissance",
    "sexe": "Sexe",
    "date_naissance": "Date de naissance",
    "lieu_naissance_cog": "Lieu de naissance",
}
SUFFISANTES = frozenset({Confiance.ELEVEE, Confiance.CONDITIONNELLE})


def suffisante(confiance: Confiance) -> bool:
    return confiance in SUFFISANTES


def retenue(livree: Confiance, reglee: Confiance) -> Confiance:
    """A house trusts a document less than the national list, never more; what the list leaves to
    confirm, the house decides."""
    if livree == Confiance.A_CONFIRMER:
        return reglee
    if livree == Confiance.FAIBLE or reglee == Confiance.FAIBLE:
        return Confiance.FAIBLE
    return livree


def divergences(locaux: Mapping[str, object], recus: Mapping[str, object]) -> list[str]:
    """The strict traits that differ; hyphen, apostrophe and space are equivalent (EXI ID 10), the
    first name alone is coherent with the list it heads, an unknown place contradicts none."""
    noms = [
        nom
        for nom in ("nom_naissance",)
        if cle_comparaison(str(locaux[nom])) != cle_comparaison(str(recus[nom]))
    ]
    local, recu = str(locaux["prenoms"]), str(recus["prenoms"])
    if not (premier_prenom_en_tete(local, recu) or premier_prenom_en_tete(recu, local)):
        noms.append("prenoms")
    noms += [nom for nom in ("sexe", "date_naissance") if locaux[nom] != recus[nom]]
    lieux = {locaux["lieu_naissance_cog"], recus["lieu_naissance_cog"]} - {"", COG_INCONNU}
    return [*noms, "lieu_naissance_cog"] if len(lieux) > 1 else noms
