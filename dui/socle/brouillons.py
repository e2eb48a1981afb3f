"""Drafts on the server: what is typed is kept before it is saved.

A draft is known by account × dossier × opened page, so that two tabs keep two texts: nothing that
says anything travels in its address.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.forms import CheckboxInput, ChoiceField
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from dui.socle import lecture_brouillon
from dui.socle.models import Brouillon, Etablissement, Unite
from dui.socle.models.brouillons import TITRE_MAX

# Sent by the form: its title, its class, the fields that one types, what each is called.
ENVOYES = TITRE, FORME, TEXTES, LIBELLES = "_formulaire", "_forme", "_textes", "_libelles"
INTERNES = {"csrfmiddlewaretoken", "_auteur", "_reprise", "_brouillon", *ENVOYES}
VOLUME_MAX = 200_000  # characters, names of fields included
GARDES_AU_PLUS = 300  # per account


class BrouillonTropLong(ValueError):
    pass


@dataclass(frozen=True)
class Page:
    """Where a text is written, and what opens it (see Brouillon)."""

    chemin: str
    requete: str = ""
    droit: str = ""
    etablissement: Etablissement | None = None
    unite: Unite | None = None


def adresse(*, objet, dossier=None, lieu=None) -> str:
    """Where a form sends its draft (attribute data-brouillon); `lieu`: key of a place."""
    parametres = {"objet": objet}
    if dossier:
        parametres["dossier"] = dossier.pk
    elif lieu:
        parametres["lieu"] = lieu
    return f"{reverse('brouillon_enregistrer')}?{urlencode(parametres)}"


@transaction.atomic
def garder(habilitation, *, page: Page, dossier, objet, donnees) -> Brouillon | None:
    """Keep the raw values of a QueryDict; None when the form was saved in the meantime."""
    saisies = {c: v for c, v in donnees.lists() if c not in INTERNES}
    if sum(len(c) + sum(map(len, v)) for c, v in saisies.items()) > VOLUME_MAX:
        raise BrouillonTropLong
    contenu = vars(page) | {
        "formulaire": donnees.get(TITRE, "")[:TITRE_MAX],
        "forme": donnees.get(FORME, "")[:60],
        "saisies": saisies,
        "extrait": _extrait(saisies, donnees.get(TEXTES, "").split()),
        "libelles": lecture_brouillon.retenir(donnees.get(LIBELLES, ""), saisies),
    }
    brouillon, nouveau = Brouillon.objects.select_for_update(of=("self",)).get_or_create(
        compte=habilitation.compte, dossier=dossier, objet=objet, defaults=contenu
    )
    if brouillon.clos_le:
        return None
    habilitation.compte.sans_brouillon = False
    if nouveau:
        _faire_de_la_place(habilitation)
    else:
        for nom, valeur in contenu.items():
            setattr(brouillon, nom, valeur)
        brouillon.save()
    return brouillon


def _extrait(saisies: dict[str, list[str]], textes: list[str]) -> str:
    """The longest sentence typed, else every short value; what was only read is left out."""
    lus = _lus(saisies)
    valeurs = {nom: (saisies.get(nom) or [""])[-1].strip() for nom in textes or saisies}
    tapes = [v for nom, v in valeurs.items() if v and v != lus.get(nom)]
    phrases = [v for v in tapes if " " in v]
    return (max(phrases, key=len) if phrases else " · ".join(tapes))[:200]


def _lus(saisies) -> dict[str, str]:
    """What the form had read: `lu_x` beside x, or a versioned form's `lu` (JSON)."""
    lus = {nom[3:]: v[-1].strip() for nom, v in saisies.items() if nom.startswith("lu_") and v}
    try:
        versionne = json.loads((saisies.get("lu") or ["{}"])[-1])
    except (ValueError, RecursionError):
        return lus
    if isinstance(versionne, dict):
        lus |= {nom: str(v[-1]) for nom, v in versionne.items() if isinstance(v, list) and v}
    return lus


def _faire_de_la_place(habilitation) -> None:
    """All but the last ones: a machine that types does not fill the base."""
    miens = Brouillon.objects.visibles(habilitation).order_by("-modifie_le", "pk")
    Brouillon.objects.filter(pk__in=miens.values("pk")[GARDES_AU_PLUS:]).delete()


@transaction.atomic
def oublier(habilitation, *, dossier, objet, page="") -> None:
    """Once the form is saved; old traces of it go too, and the other drafts of a `page` that edits
    one row: they speak of what has just been replaced. Removed, not closed: a tab where somebody
    still types it will write its draft again."""
    mes_brouillons = Brouillon.objects.filter(compte=habilitation.compte)
    if page:
        ici = mes_brouillons.filter(dossier=dossier, chemin=page, clos_le=None)
        ici.exclude(objet=objet).delete()
    mes_brouillons.filter(clos_le__lt=timezone.now() - timedelta(days=1)).delete()
    Brouillon.objects.update_or_create(
        compte=habilitation.compte,
        dossier=dossier,
        objet=objet,
        defaults={"saisies": {}, "libelles": [], "extrait": "", "clos_le": timezone.now()},
    )


def initiales(brouillon: Brouillon, champs) -> dict:
    """The `initial` of a form from raw values: a list for multiple choices, else one value. What
    is not ticked is not posted: it is not ticked."""
    valeurs = {}
    for nom, champ in champs.items():
        brut = brouillon.saisies.get(nom)
        if getattr(champ.widget, "allow_multiple_selected", False):
            valeurs[nom] = brut or []
        elif isinstance(champ.widget, CheckboxInput):
            valeurs[nom] = bool(brut)
        elif brut is not None:
            valeurs[nom] = (brut or [""])[-1]
    return valeurs


def ecartes(brouillon: Brouillon, champs) -> int:
    """What it had chosen and is not offered any more: a person of another house, who left."""
    a_choisir = {n: c for n, c in champs.items() if isinstance(c, ChoiceField)}
    return sum(
        not champ.valid_value(v)
        for nom, champ in a_choisir.items()
        for v in brouillon.saisies.get(nom, ())
        if v
    )
