"""The policy of passwords: long, free of rules on characters, and not to be guessed."""

from functools import cache
from pathlib import Path

from django.contrib import auth
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from dui.socle.journal import consigner_connexion
from dui.socle.models import Etablissement, Organisme, Unite
from habilitations.moyens import postes, sessions
from habilitations.moyens.regles import mots, normaliser, previsible

FICHIER = Path(__file__).parents[1] / "donnees/mots_previsibles.txt"


class LongueurMaximale:
    """Hashing an endless text is a way to stop the server."""

    def __init__(self, max_length=256):
        self.max_length = max_length

    def validate(self, password, user=None):
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self):
        return f"Au plus {self.max_length} caractères."


class Previsible:
    """Known passwords, words of the house and of the person, sequences and repetitions count for
    nothing: what is left must be enough."""

    def validate(self, password, user=None):
        if previsible(password, _mots_du_contexte() | _mots_de(user)) or _connu(password):
            raise ValidationError(
                "Ce mot de passe se devine : il tient surtout à un nom, à un mot courant, "
                "à une suite ou à une répétition. Prenez plusieurs mots sans rapport.",
                code="password_predictable",
            )

    def get_help_text(self):
        return "Ni votre nom, ni celui de l’établissement, ni une suite, ni une répétition."


@cache
def _mots_previsibles() -> frozenset[str]:
    return frozenset(FICHIER.read_text(encoding="utf-8").split())


@cache
def _liste_commune() -> frozenset[str]:
    return frozenset(map(normaliser, CommonPasswordValidator().passwords))


def _connu(mot_de_passe: str) -> bool:
    """On the list of those that leaked, whatever accents, capitals, spaces or punctuation."""
    return normaliser(mot_de_passe) in _liste_commune()


def _mots_du_contexte() -> set[str]:
    noms = (
        modele.objects.order_by().values_list("nom", flat=True)
        for modele in (Organisme, Etablissement, Unite)
    )
    return mots(*(nom for liste in noms for nom in liste)) | _mots_previsibles()


def _mots_de(compte) -> set[str]:
    if compte is None:
        return set()
    adresse = compte.email.partition("@")[0]
    return mots(compte.first_name, compte.last_name, compte.username, adresse)


@transaction.atomic
def changer(request, compte, nouveau: str) -> None:
    """Whoever held another session, or a place on a workstation, proves everything again."""
    compte.set_password(nouveau)
    compte.save(update_fields=["password"])
    auth.update_session_auth_hash(request, compte)
    sessions.suivre_la_cle(request)
    sessions.fermer_les_autres(request)
    postes.oublier_les_passages(compte)
    consigner_connexion(compte, "mot_de_passe_change")
