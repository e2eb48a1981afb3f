"""Forms in several steps: each step is an ordinary Form with its own URL, kept in a Brouillon."""

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import Form
from django.http import QueryDict


@dataclass(frozen=True)
class Etape:
    nom: str
    titre: str
    formulaire: type[Form]
    concerne: Callable[[dict], bool] = lambda donnees: True


@dataclass(frozen=True)
class Parcours:
    nom: str
    etapes: tuple[Etape, ...]

    def formulaire(self, brouillon, etape, post=None):
        if post is None and etape.nom in brouillon.saisies:
            post = QueryDict(mutable=True)
            for champ, valeurs in brouillon.saisies[etape.nom].items():
                post.setlist(champ, valeurs)
        return etape.formulaire(post)

    def valides(self, brouillon):
        """(cleaned data of each valid step, first step still to fill or None)."""
        donnees: dict[str, dict] = {}
        for etape in self.etapes:
            if not etape.concerne(donnees):
                continue
            formulaire = self.formulaire(brouillon, etape)
            if not formulaire.is_valid():
                return donnees, etape
            donnees[etape.nom] = formulaire.cleaned_data
        return donnees, None

    def enregistrer(self, brouillon, etape, post):
        formulaire = self.formulaire(brouillon, etape, post)
        if formulaire.is_valid():
            brouillon.saisies[etape.nom] = {
                c: post.getlist(c) for c in formulaire.fields if c in post
            }
            brouillon.save(update_fields=["saisies", "modifie_le"])
        return formulaire
