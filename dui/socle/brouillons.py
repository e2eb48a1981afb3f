"""Drafts on the server: what is typed is kept before it is saved.

A draft is known by account × form × dossier × entry key, so that two tabs keep two texts.
"""

from datetime import timedelta

from django.db import transaction
from django.forms import CheckboxInput
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from dui.socle.models import Brouillon

INTERNES = {"csrfmiddlewaretoken", "_auteur", "_reprise", "_formulaire", "_brouillon"}
VOLUME_MAX = 200_000  # characters


class BrouillonTropLong(ValueError):
    pass


def adresse(formulaire: str, *, dossier=None, objet="") -> str:
    """Where a form sends its draft (attribute data-brouillon)."""
    parametres = {"formulaire": formulaire, "objet": objet}
    if dossier:
        parametres["dossier"] = dossier.pk
    return f"{reverse('brouillon_enregistrer')}?{urlencode(parametres)}"


@transaction.atomic
def garder(habilitation, *, formulaire, dossier, objet, chemin, donnees) -> Brouillon | None:
    """Keep the raw values of a QueryDict; None when the form was saved in the meantime."""
    saisies = {c: v for c, v in donnees.lists() if c not in INTERNES}
    if sum(len(x) for v in saisies.values() for x in v) > VOLUME_MAX:
        raise BrouillonTropLong
    cle = {
        "compte": habilitation.compte,
        "formulaire": formulaire,
        "dossier": dossier,
        "objet": objet,
    }
    brouillon, nouveau = Brouillon.objects.select_for_update(of=("self",)).get_or_create(
        **cle, defaults={"saisies": saisies, "chemin": chemin}
    )
    if brouillon.clos_le:
        return None
    if not nouveau:
        brouillon.saisies, brouillon.chemin = saisies, chemin
        brouillon.save()
    return brouillon


@transaction.atomic
def oublier(habilitation, *, formulaire, dossier=None, objet="") -> None:
    """Once the form is saved; old traces of it go too."""
    mes_brouillons = Brouillon.objects.filter(compte=habilitation.compte)
    mes_brouillons.filter(clos_le__lt=timezone.now() - timedelta(days=1)).delete()
    Brouillon.objects.update_or_create(
        compte=habilitation.compte,
        formulaire=formulaire,
        dossier=dossier,
        objet=objet,
        defaults={"saisies": {}, "clos_le": timezone.now()},
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
