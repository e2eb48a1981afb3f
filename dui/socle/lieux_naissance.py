"""Birth places: the COG with its history, loaded as a nomenclature, searched by name and date.

A code that the list does not know, or knows at other dates, is a reason to warn, never to refuse:
the shipped list knows the former codes by the commune of today alone, and INSi itself answers codes
of today for births of yesterday (2B for a birth of 1960).
"""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Func, Q, TextField, Value

from dui.socle.identite import COG_INCONNU
from dui.socle.models import LieuNaissance, Nomenclature

DOSSIER = Path(__file__).parent / "cog"
DEPUIS_TOUJOURS = "1943-01-01"  # the first day of the official files: an unknown beginning
COLONNES = ("code", "libelle", "nature", "debut", "fin")
PROPOSES = 12
DEPARTEMENTS = json.loads((DOSSIER / "departements.json").read_text(encoding="utf-8"))["noms"]


class FichierInattendu(ValueError):
    """The file is not one of those that the message names."""


# ---------------------------------------------------------------- reading


def _a_la_date(le: date | None) -> Q:
    if le is None:
        return Q()
    return (Q(debut=None) | Q(debut__lte=le)) & (Q(fin=None) | Q(fin__gt=le))


def libelle(code: str, le: date | None = None) -> str:
    """The name that this code had then; any of its names when the dates do not fit."""
    if not code or code == COG_INCONNU:
        return ""
    lieux = LieuNaissance.objects.filter(code=code).order_by("-debut", "nature", "pk")
    lieu = lieux.filter(_a_la_date(le)).first() or lieux.first()
    return lieu.libelle if lieu else ""


def en_mots(lieu: LieuNaissance) -> str:
    """« Saint-Denis, Seine-Saint-Denis (93066) »: nobody knows the codes by heart."""
    nom = DEPARTEMENTS.get(lieu.code[:3]) or DEPARTEMENTS.get(lieu.code[:2])
    return f"{lieu.libelle}, {nom} ({lieu.code})" if nom else str(lieu)


def chercher(texte: str, le: date | None = None) -> list[LieuNaissance]:
    """By code, by exact name, else by beginning of name; those of the date first chosen."""
    mot = _sans_joker(texte).strip()
    if not mot:
        return []
    cle = Func(Value(mot), function="dui_normaliser", output_field=TextField())
    par_code = LieuNaissance.objects.filter(code=mot.upper())
    nommes = LieuNaissance.objects.exclude(nature=LieuNaissance.Nature.ANCIEN_CODE)
    exacts = nommes.filter(recherche=cle)
    debuts = nommes.filter(recherche__startswith=cle)
    for lieux in (par_code, exacts, debuts):
        ordonnes = lieux.order_by("libelle", "code", "pk")
        trouves = list(ordonnes.filter(_a_la_date(le))[:PROPOSES]) or list(ordonnes[:PROPOSES])
        if trouves:
            return trouves
    return []


def _sans_joker(texte: str) -> str:
    return texte.replace("\\", "").replace("%", "").replace("_", "")


# ---------------------------------------------------------------- loading


def livre() -> Iterator[dict[str, str]]:
    """What the application ships: the communes and countries of today, then the former codes."""
    with (DOSSIER / "lieux.csv").open(encoding="utf-8", newline="") as fichier:
        yield from csv.DictReader(fichier)
    with (DOSSIER / "anciens_codes.csv").open(encoding="utf-8", newline="") as fichier:
        for ligne in csv.DictReader(fichier):
            nom = f"Ancien code, aujourd’hui {ligne['commune']}"
            nature = str(LieuNaissance.Nature.ANCIEN_CODE)
            yield dict(zip(COLONNES, (ligne["code"], nom, nature, "", ""), strict=True))


def source_livree() -> dict[str, str]:
    return json.loads((DOSSIER / "source.json").read_text(encoding="utf-8"))


def communes_officielles(fichier: Path) -> Iterator[dict[str, str]]:
    """« v_commune_depuis_1943 » of the Insee."""
    for ligne in _lire(fichier, "COM", "LIBELLE", "DATE_DEBUT", "DATE_FIN"):
        yield _lieu(ligne["COM"], ligne["LIBELLE"], LieuNaissance.Nature.COMMUNE, ligne)


def pays_officiels(fichier: Path) -> Iterator[dict[str, str]]:
    """« v_pays_et_territoire_depuis_1943 » of the Insee."""
    for ligne in _lire(fichier, "COG", "LIBCOG", "DATE_DEBUT", "DATE_FIN"):
        if ligne["COG"] != "99100":  # France is not a foreign country
            yield _lieu(ligne["COG"], ligne["LIBCOG"], LieuNaissance.Nature.PAYS, ligne)


def _lire(fichier: Path, *attendues: str) -> Iterator[dict[str, str]]:
    with fichier.open(encoding="utf-8-sig", newline="") as flux:
        lignes = csv.DictReader(flux)
        if manquent := set(attendues) - set(lignes.fieldnames or ()):
            raise FichierInattendu(
                f"{fichier.name} n’a pas les colonnes {', '.join(sorted(manquent))}."
            )
        yield from lignes


def _lieu(code, nom, nature, ligne) -> dict[str, str]:
    debut = "" if ligne["DATE_DEBUT"] == DEPUIS_TOUJOURS else ligne["DATE_DEBUT"]
    nom = nom.replace("'", "’")
    return dict(zip(COLONNES, (code, nom, str(nature), debut, ligne["DATE_FIN"]), strict=True))


@transaction.atomic
def charger(lignes: Iterator[dict[str, str]], source: dict[str, str]) -> int:
    """Replace the list, in one transaction and one COPY; pages go on reading the former one."""
    with connection.cursor() as curseur:
        curseur.execute("DELETE FROM socle_lieunaissance")
        colonnes = ", ".join(COLONNES)
        nombre = 0
        with curseur.copy(f"COPY socle_lieunaissance ({colonnes}) FROM STDIN") as copie:
            for ligne in lignes:
                copie.write_row([ligne[c] or None for c in COLONNES])
                nombre += 1
        curseur.execute("ANALYZE socle_lieunaissance")
    entete = {c: v for c, v in source.items() if c != "code"}
    Nomenclature.objects.update_or_create(code=source["code"], defaults=entete)
    return nombre


def charger_si_absents() -> int:
    if LieuNaissance.objects.exists():
        return 0
    return charger(livre(), source_livree())
