"""A draft read whole, without its page: what each field was called goes with it.

A field about one person among others says whom by an attribute `dossier`, and a choice that is a
record by its value: whose record has closed since is named no more.
"""

import json

from django import forms
from django.forms.utils import pretty_name

from dui.socle.champs import intitule
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_uuid
from dui.socle.models import Dossier

VOLUME_MAX = 200_000  # characters
CHOIX_MAX = 300  # a house has a hundred persons
FERME = "Une personne dont le dossier ne vous est plus ouvert"
TECHNIQUES = {"version", "lu", "revision", "version_grille", "malgre", "geste", "seulement"}


def nommer(formulaire) -> str:
    """JSON: [lists of choices, records, [[field, label, rank of its list, rank of its record]]]:
    a thousand fields of a round share the same few."""
    listes: list = []
    dossiers: list = []
    champs = []
    for nom, champ in formulaire.fields.items():
        if champ.widget.is_hidden or champ.widget.needs_multipart_form:
            continue
        libelle = intitule(champ, champ.label or pretty_name(nom))
        dossier = str(getattr(champ, "dossier", ""))
        suite = [libelle, _rang(listes, _choix(champ)), _rang(dossiers, dossier)]
        champs += [[n, *suite] for n in _noms(formulaire.add_prefix(nom), champ.widget)]
    return json.dumps([listes, dossiers, champs], ensure_ascii=False, separators=(",", ":"))


def _rang(vus: list, valeur) -> int:
    if valeur not in vus:
        vus.append(valeur)
    return vus.index(valeur)


def _choix(champ) -> list[list[str]]:
    if not isinstance(champ, forms.ChoiceField) or isinstance(champ, forms.ModelChoiceField):
        return []
    plats = []
    for valeur, libelle in champ.choices:
        groupe = libelle if isinstance(libelle, list | tuple) else [(valeur, libelle)]
        plats += [[str(v), str(mot)] for v, mot in groupe if v not in ("", None)]
    return plats if len(plats) <= CHOIX_MAX else []


def _noms(nom, widget) -> list[str]:
    suffixes = getattr(widget, "widgets_names", [""])
    return [nom + suffixe for suffixe in suffixes]


def retenir(texte: str, saisies: dict[str, list[str]]) -> list[list]:
    """Of what `nommer` sent back, what concerns these values: [[field, label, {value: label},
    record]]."""
    try:
        listes, dossiers, champs = json.loads(texte[:VOLUME_MAX])
        choix = [{str(v): _propre(mot) for v, mot in liste} for liste in listes]
        return [
            [nom, _propre(libelle), _choisis(choix[liste], saisies[nom]), _propre(dossiers[de])]
            for nom, libelle, liste, de in champs
            if any(saisies.get(nom, ()))
        ]
    except (ValueError, TypeError, LookupError, RecursionError):
        return []


def _propre(texte) -> str:
    """Without what the base refuses, which JSON lets in under another writing."""
    return str(texte)[:300].replace("\0", "").encode(errors="ignore").decode()


def _choisis(choix: dict[str, str], valeurs: list[str]) -> dict[str, str]:
    return {v: choix[v] for v in valeurs if v in choix}


def lignes(habilitation, brouillon) -> list[tuple[str, list[str]]]:
    """[(label, values)] in the order of the page; what it did not name comes last."""
    saisies, fermes = brouillon.saisies, _fermes(habilitation, brouillon)
    lues = []
    for nom, libelle, choix, dossier in brouillon.libelles:
        mots = choix | {v: FERME for v in choix if v in fermes}
        lues.append((FERME if dossier in fermes else libelle, _dire(saisies.get(nom, ()), mots)))
    connus = {nom for nom, *_ in brouillon.libelles}
    for nom in (n for n in saisies if n not in connus and not _technique(n)):
        lues.append((pretty_name(nom), [v for v in _dire(saisies[nom], {}) if not lire_uuid(v)]))
    return [(libelle, valeurs) for libelle, valeurs in lues if valeurs]


def _fermes(habilitation, brouillon) -> set[str]:
    """Of the records that it names, those that are closed to this account."""
    nommes = {v for _, _, choix, dossier in brouillon.libelles for v in (*choix, dossier)}
    cles = [cle for cle in map(lire_uuid, nommes) if cle]
    if not cles:
        return set()
    ouverts = Dossier.objects.visibles(habilitation, Bloc.ID, Action.RESUME)
    fermes = Dossier.objects.filter(pk__in=cles).exclude(pk__in=ouverts.values("pk"))
    return {str(cle) for cle in fermes.values_list("pk", flat=True)}


def _technique(nom: str) -> bool:
    return nom in TECHNIQUES or nom.startswith(("lu_", "cle"))


def _dire(valeurs, choix: dict[str, str]) -> list[str]:
    return ["oui" if v == "on" else choix.get(v, v) for v in valeurs if v.strip()]
