"""Two people edited the same row: both versions side by side, then one gesture.

A form that edits a versioned row extends FormulaireVersionne; its view gives the ConflitDeVersion
of the service to `repondre()`. Nothing is overwritten, nothing typed is lost: the page posts to
the same URL again, with the version that is now in force.
"""

import copy
import json
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.shortcuts import render

from habilitations.pages import rendre_dossier
from habilitations.redaction import CHAMPS

TECHNIQUES = ("version", "lu")


class FormulaireVersionne(forms.Form):
    """Carries the version and the values that its author had read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    lu = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, objet=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.objet = objet
        if objet is None:  # a creation: nothing was read
            for nom in TECHNIQUES:
                del self.fields[nom]

    def get_initial_for_field(self, field, field_name):
        if field_name not in self.initial and field_name in self._initiales:
            return self._initiales[field_name]
        return super().get_initial_for_field(field, field_name)

    @cached_property
    def _initiales(self) -> dict:
        if self.objet is None:
            return {}
        valeurs = self.valeurs(self.objet)
        lu = json.dumps(self.bruts(valeurs))
        return valeurs | {"version": self.objet.version, "lu": lu}

    def valeurs(self, objet) -> dict:
        """What the row holds, by field; a form that reshapes its row overrides this."""
        noms = (n for n in self.fields if n not in TECHNIQUES)
        return {nom: getattr(objet, nom) for nom in noms if hasattr(objet, nom)}

    def bruts(self, valeurs: dict) -> dict[str, list[str]]:
        """As a browser would post them: what can be compared."""
        return {
            nom: brut(self.fields[nom], valeur)
            for nom, valeur in valeurs.items()
            if nom in self.fields and nom not in TECHNIQUES
        }

    @property
    def champs(self) -> dict:
        """The cleaned business values: what a service takes."""
        return {n: v for n, v in self.cleaned_data.items() if n not in TECHNIQUES}


def brut(champ: forms.Field, valeur) -> list[str]:
    if isinstance(champ, forms.BooleanField):
        return ["on"] if valeur else []
    forme = champ.widget.format_value(champ.prepare_value(valeur))
    liste = forme if isinstance(forme, list) else [forme]
    return [str(v) for v in liste if v not in (None, "")]


@dataclass(frozen=True)
class Divergence:
    champ: forms.BoundField
    enregistre: str
    saisi: str
    sens: str

    @property
    def tranchee(self) -> bool:
        """Only one of the two changed this field: the merge needs no human."""
        return self.sens != "les deux"


def repondre(request, formulaire, conflit, *, dossier=None, retour: str):
    """The 409 page. `retour`: where « keep what is recorded » leads."""
    actuel = conflit.actuel
    siennes = formulaire.bruts(formulaire.cleaned_data)
    leurs = siennes | formulaire.bruts(formulaire.valeurs(actuel))
    lues = _lues(formulaire)
    fusion = {nom: _fusionner(lues.get(nom), siennes[nom], leurs[nom]) for nom in siennes}
    rendu = _avec(formulaire, fusion, actuel, leurs)
    divergences = [
        Divergence(
            rendu[nom],
            texte(rendu.fields[nom], leurs[nom]),
            texte(rendu.fields[nom], siennes[nom]),
            _sens(lues.get(nom), siennes[nom], leurs[nom]),
        )
        for nom in siennes
        if siennes[nom] != leurs[nom]
    ]
    brouillon = [(n, request.POST[n]) for n in CHAMPS if n in request.POST]
    contexte = {
        "titre": "Cette fiche a changé entre-temps",
        "erreur": True,
        "gabarit_de_base": "gabarit_dossier.html" if dossier else "gabarit.html",
        "divergences": divergences,
        "tout_tranche": all(d.tranchee for d in divergences),
        "caches_fusion": brouillon
        + _caches(rendu, fusion, sauf={d.champ.name for d in divergences}),
        "caches_saisie": brouillon + _caches(_avec(formulaire, siennes, actuel, leurs), siennes),
        "retour": retour,
        **_dernier_auteur(actuel),
    }
    if dossier:
        return rendre_dossier(request, dossier, "conflit.html", contexte, status=409)
    return render(request, "conflit.html", contexte, status=409)


def _lues(formulaire) -> dict[str, list[str]]:
    try:
        lues = json.loads(formulaire.cleaned_data.get("lu") or "{}")
    except (ValueError, RecursionError):
        return {}
    return lues if isinstance(lues, dict) else {}


def _sens(lue, sienne, leur) -> str:
    if lue == leur:
        return "vous"
    return "votre collègue" if lue == sienne else "les deux"


def _fusionner(lue, sienne, leur):
    """Mine, unless only the other one changed it."""
    return leur if lue is not None and lue == sienne else sienne


def _avec(formulaire, bruts: dict, actuel, leurs: dict):
    """The same form, bound to other values, with the version now in force."""
    rendu = copy.copy(formulaire)
    donnees = QueryDict(mutable=True)
    for nom, valeurs in bruts.items():
        donnees.setlist(rendu.add_prefix(nom), valeurs)
    donnees[rendu.add_prefix("version")] = str(actuel.version)
    donnees[rendu.add_prefix("lu")] = json.dumps(leurs)
    rendu.data, rendu._bound_fields_cache, rendu._errors = donnees, {}, ErrorDict()
    return rendu


def _caches(rendu, bruts: dict, *, sauf=frozenset()) -> list[tuple[str, str]]:
    noms = [n for n in (*bruts, *TECHNIQUES) if n not in sauf]
    return [
        (rendu.add_prefix(nom), valeur)
        for nom in noms
        for valeur in rendu.data.getlist(rendu.add_prefix(nom))
    ]


def _dernier_auteur(actuel) -> dict:
    if not hasattr(actuel, "history"):
        return {"auteur": "", "change_le": None}
    derniere = actuel.history.select_related("history_user").first()
    auteur = derniere.history_user if derniere else None
    return {
        "auteur": auteur.get_full_name() if auteur else "",
        "change_le": derniere.history_date if derniere else None,
    }


def texte(champ: forms.Field, bruts: list[str]) -> str:
    """What a person reads: labels rather than codes."""
    if isinstance(champ, forms.BooleanField):
        return "oui" if bruts else "non"
    if choix := getattr(champ, "choices", None):
        libelles = {str(code): str(libelle) for code, libelle in choix}
        return ", ".join(libelles.get(b, b) for b in bruts) or "(vide)"
    return ", ".join(bruts) or "(vide)"
