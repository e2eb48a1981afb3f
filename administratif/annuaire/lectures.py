"""What the pages of the directory show, the same wherever one searches."""

from django.utils.http import urlencode

from administratif.annuaire.formulaires import RechercheForm
from administratif.lectures import numero_de_l_annuaire
from dui.socle.annuaire import recherche
from dui.socle.annuaire.recherche import PROFESSIONNELS, STRUCTURES, Criteres

VUES = ((PROFESSIONNELS, "Professionnels", "badge"), (STRUCTURES, "Structures", "hopital"))


def chercher(donnees) -> dict:
    """Form, lines and next page, from what the address says."""
    formulaire = RechercheForm(donnees)
    criteres = formulaire.criteres
    trouve = recherche.chercher(criteres)
    return {
        "recherche": formulaire,
        "quoi": criteres.quoi,
        "structures": criteres.quoi == STRUCTURES,
        "cherche": criteres.suffisants,
        "incomplet": _incomplet(criteres),
        "lignes": [ligne(x) for x in trouve.lignes],
        "proches": [ligne(x) for x in trouve.proches],
        "suite": _adresse(criteres, apres=trouve.suite) if trouve.suite else "",
        "debut": _adresse(criteres) if criteres.apres else "",
        "vues": [
            {
                "url": _adresse(criteres, quoi=quoi),
                "libelle": libelle,
                "icone": icone,
                "courant": quoi == criteres.quoi,
            }
            for quoi, libelle, icone in VUES
        ],
    }


def ligne(trouve) -> dict:
    """A line of the directory as one reads it; `valeur` is what a form sends back."""
    structure = hasattr(trouve, "identifiant")
    lieu = trouve if structure else trouve.lieu_d_exercice
    sorte = "structure" if structure else "exercice"
    return {
        "valeur": f"{sorte}:{trouve.pk}",
        "nom": str(trouve),
        "numero": trouve.finess if structure else trouve.rpps,
        "mot_numero": "FINESS" if structure else "RPPS",
        "metier": trouve.secteur_en_mots if structure else _metier(trouve),
        "lieu": "" if structure or lieu is None else str(lieu),
        "adresse": lieu.adresse if lieu else "",
        "code_postal": trouve.code_postal or (lieu.code_postal if lieu else ""),
        "commune": trouve.commune or (lieu.commune if lieu else ""),
        "telephone": numero_de_l_annuaire(trouve.telephone or (lieu.telephone if lieu else "")),
        "bals": trouve.bals,
        "premiere": trouve.bals[0].adresse if trouve.bals else "",
        "autres": trouve.bals[1:],
    }


def retrouver(choix: str) -> dict | None:
    """The line that a form sends back (« exercice:<key>|<address> »), if it is still there."""
    quoi, _, reste = choix.partition(":")
    cle = reste.partition("|")[0]
    lire = {"exercice": recherche.exercice, "structure": recherche.structure}.get(quoi)
    trouve = lire(cle) if lire else None
    return ligne(trouve) if trouve else None


def _metier(exercice) -> str:
    mots = [exercice.profession_en_mots, exercice.specialite, exercice.mode_en_mots]
    return ", ".join(dict.fromkeys(m for m in mots if m))


def _incomplet(criteres: Criteres) -> bool:
    saisi = criteres.nom or criteres.ville or criteres.profession
    return bool(saisi) and not criteres.suffisants


def _adresse(criteres: Criteres, *, quoi: str = "", apres: str = "") -> str:
    champs = {
        "nom": criteres.nom,
        "ville": criteres.ville,
        "profession": criteres.profession,
        "numero": criteres.numero,
        "quoi": quoi or criteres.quoi,
        "apres": apres,
    }
    return "?" + urlencode({nom: valeur for nom, valeur in champs.items() if valeur})
