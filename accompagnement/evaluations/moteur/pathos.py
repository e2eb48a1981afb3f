"""PATHOS: couples of a pathological state and a care profile. No points are computed: the rules
that turn them into a PMP are not public; the validated PMP is entered."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from accompagnement.evaluations.moteur.definitions import Definition
from accompagnement.evaluations.moteur.resultats import ReponsesRefusees, Resultat

COLONNES = ("numero", "domaine", "libelle", "profils_autorises", "version_guide")
LIGNES_MAX = 500
SANS_TABLE = "Couples non vérifiés : la table du guide n’est pas importée"
Reponses = Mapping[str, str]


@dataclass(frozen=True)
class Etat:
    numero: str
    domaine: str
    libelle: str
    profils: tuple[str, ...]
    version_guide: str


class TableRefusee(ValueError):
    def __init__(self, fautes: list[str]):
        self.fautes = fautes
        super().__init__(" ; ".join(fautes))


def evaluer(definition: Definition, reponses: Reponses) -> Resultat:
    """Answers `1.etat`, `1.profil`, `1.commentaire`…: one couple a line."""
    couples = _couples(definition, reponses)
    if not couples:
        return Resultat(complet=False, manquants=("1.etat", "1.profil"))
    if moitie := [f"{n}.{c}" for n, x in couples.items() for c in ("etat", "profil") if not x[c]]:
        return Resultat(complet=False, manquants=tuple(moitie), detail={"couples": _liste(couples)})
    mot = "couple" if len(couples) == 1 else "couples"
    return Resultat(
        complet=True,
        conclusion=f"{len(couples)} {mot} état et profil",
        detail={"couples": _liste(couples)},
    )


def verifier(resultat: Resultat, table: Mapping[str, Etat]) -> str:
    """The couples against the imported table: refused when outside of it; without it, a warning."""
    if not table:
        return SANS_TABLE
    fautes = {}
    for couple in resultat.detail.get("couples", ()):
        etat = table.get(couple["etat"])
        if couple["etat"] and etat is None:
            fautes[f"{couple['ligne']}.etat"] = f"état {couple['etat']} absent de la table importée"
        elif etat and couple["profil"] and couple["profil"] not in etat.profils:
            fautes[f"{couple['ligne']}.profil"] = (
                f"le profil {couple['profil']} n’est pas permis pour « {etat.libelle} »"
            )
    if fautes:
        raise ReponsesRefusees(fautes)
    return ""


def avec_avertissement(resultat: Resultat, table: Mapping[str, Etat]) -> Resultat:
    avertissement = verifier(resultat, table)
    return replace(resultat, mention=avertissement) if resultat.complet else resultat


def _couples(definition: Definition, reponses: Reponses) -> dict[str, dict[str, str]]:
    profils = {p["code"] for p in definition.brut["profils"]}
    lignes = {str(n) for n in range(1, definition.brut["couples_max"] + 1)}
    couples: dict[str, dict[str, str]] = {}
    fautes = {}
    for code, valeur in reponses.items():
        ligne, _, champ = code.partition(".")
        if ligne not in lignes or champ not in ("etat", "profil", "commentaire"):
            fautes[code] = "réponse inconnue"
            continue
        if champ == "profil" and valeur not in profils:
            fautes[code] = f"profil inconnu : {valeur}"
        vide = {"ligne": ligne, "etat": "", "profil": "", "commentaire": ""}
        couples.setdefault(ligne, vide)[champ] = valeur
    deja: set[str] = set()
    for ligne, couple in couples.items():
        if couple["etat"] and couple["etat"] in deja:
            fautes[f"{ligne}.etat"] = "cet état est déjà coté"
        deja.add(couple["etat"])
    if fautes:
        raise ReponsesRefusees(fautes)
    return dict(sorted(couples.items(), key=lambda x: int(x[0])))


def _liste(couples: Mapping[str, dict[str, str]]) -> list[dict[str, str]]:
    return list(couples.values())


def lire_table(lignes: Iterable[str], profils: Iterable[str]) -> list[Etat]:
    """The table of the guide, as the establishment typed it; every fault by its line."""
    connus, etats, fautes = set(profils), {}, []
    lecteur = csv.DictReader(lignes, delimiter=";")
    if absentes := [c for c in COLONNES if c not in (lecteur.fieldnames or ())]:
        raise TableRefusee([f"colonnes absentes : {', '.join(absentes)}"])
    for n, ligne in enumerate(lecteur, start=2):
        if n > LIGNES_MAX:
            raise TableRefusee([f"plus de {LIGNES_MAX} lignes"])
        lue: dict[str, Any] = {c: (ligne[c] or "").strip() for c in COLONNES}
        permis = tuple(p.strip() for p in lue["profils_autorises"].split("|") if p.strip())
        if not (lue["numero"].isascii() and lue["numero"].isdigit()) or not lue["libelle"]:
            fautes.append(f"ligne {n} : numéro et libellé attendus")
        elif lue["numero"] in etats:
            fautes.append(f"ligne {n} : état {lue['numero']} en double")
        elif inconnus := [p for p in permis if p not in connus]:
            fautes.append(f"ligne {n} : profils inconnus : {', '.join(inconnus)}")
        elif not permis or not lue["version_guide"]:
            fautes.append(f"ligne {n} : profils et version du guide attendus")
        else:
            numero, domaine = lue["numero"], lue["domaine"]
            etats[numero] = Etat(numero, domaine, lue["libelle"], permis, lue["version_guide"])
    if not etats and not fautes:
        fautes.append("aucun état")
    if fautes:
        raise TableRefusee(fautes)
    return list(etats.values())
