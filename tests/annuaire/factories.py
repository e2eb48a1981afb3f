"""Invented lines of the directory, in the tables or in files of the published shape."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

from django.core.management import call_command

from dui.demonstration.annuaire import extraction
from dui.demonstration.annuaire.personnes import Activite, Structure, rpps
from dui.socle.annuaire.importation import Options, importer, seul
from dui.socle.annuaire.lecture import sources
from dui.socle.models import (
    BalAnnuaire,
    CodeNomenclature,
    ExerciceAnnuaire,
    Nomenclature,
    StructureAnnuaire,
)

CABINET = Structure(
    nom="CABINET DU PORT",
    finess="",
    technique="C100",
    commune="Saumur",
    numero="12",
    voie="DU PORT",
    telephone="0241000001",
    secteur="SA07",
    secteur_libelle="Cabinet individuel",
)
EHPAD = replace(CABINET, nom="EHPAD LES TILLEULS", finess="990000028", technique="", secteur="SA17")


def activite(numero=1, **champs) -> Activite:
    valeurs = {
        "rpps": rpps(numero),
        "civilite": "MME",
        "nom": "SAUCIER",
        "prenom": "ARTHUR",
        "profession": "10",
        "profession_libelle": "Médecin",
        "savoir_faire": "SM54",
        "savoir_faire_libelle": "Médecine Générale",
        "mode": "L",
        "structure": CABINET,
        "numero": numero,
    }
    return Activite(**(valeurs | champs))


def fichier(dossier: Path, *activites: Activite, nom="PS_LibreAcces_20261120.txt", brut="") -> Path:
    """`brut`: lines written as they are, after the others."""
    chemin = dossier / nom
    lignes = "".join(map(extraction.ligne_activite, activites))
    chemin.write_text(extraction.entete_activites() + lignes + brut, encoding="utf-8")
    return chemin


def fichier_mssante(dossier: Path, *lignes: str, nom="MSSante_20261120.txt") -> Path:
    chemin = dossier / nom
    chemin.write_text(extraction.entete_mssante() + "".join(lignes), encoding="utf-8")
    return chemin


def zipper(chemin: Path, **membres: bytes) -> Path:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in membres.items():
            archive.writestr(nom.replace("__", "."), contenu)
    return chemin


def importer_tout(chemin: Path, **options) -> list:
    with seul():
        return [
            importer(source, Options(**options)) for source in sources(chemin, taille_max=2**30)
        ]


def commander(*arguments, **options) -> str:
    sortie = io.StringIO()
    call_command("importer_annuaire", *map(str, arguments), stdout=sortie, **options)
    return sortie.getvalue()


# ------------------------------------------------------------------ straight in the tables


def exercice(nom="SAUCIER", prenom="ARTHUR", *, numero=1, **champs) -> ExerciceAnnuaire:
    valeurs = {
        "cle": f"essai-{numero}-{nom}-{champs.get('structure', '')}"[:80],
        "rpps": rpps(numero),
        "idnps": f"8{rpps(numero)}",
        "civilite": "M",
        "profession": "10",
        "commune": "Saumur",
        "code_postal": "49400",
        "telephone": "0241000001",
    }
    return ExerciceAnnuaire.objects.create(nom=nom, prenom=prenom, **(valeurs | champs))


def structure(nom="PHARMACIE DU PORT", *, finess="990000028", **champs) -> StructureAnnuaire:
    valeurs = {"identifiant": f"1{finess}", "commune": "Saumur", "code_postal": "49400"}
    return StructureAnnuaire.objects.create(nom=nom, finess=finess, **(valeurs | champs))


def bal(adresse, **champs) -> BalAnnuaire:
    champs.setdefault("type", "PER" if champs.get("idnps") else "ORG")
    return BalAnnuaire.objects.create(cle=f"essai-{adresse}"[:80], adresse=adresse, **champs)


def professions(**libelles) -> None:
    """{code: label}, as an import leaves them."""
    liste, _ = Nomenclature.objects.get_or_create(
        code="annuaire_profession", defaults={"libelle": "Professions", "version": "1"}
    )
    for code, libelle in libelles.items():
        CodeNomenclature.objects.create(
            nomenclature=liste, code=code.removeprefix("c"), libelle=libelle
        )
