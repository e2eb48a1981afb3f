"""A new account and the code handed over for its first sign-in: for the team, for the portal.

Who may ask for them is the caller's to check, in its own transaction.
"""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from dui.socle.models import Compte
from habilitations.connexion import essais
from habilitations.equipe import regles
from habilitations.equipe.activation import empreinte
from habilitations.models import Activation
from habilitations.moyens.retrait import retirer_toute_preuve

ESSAIS = 5


def creer_compte(prenom: str, nom: str) -> Compte:
    base = regles.base_identifiant(prenom, nom)
    if not base:
        raise ValidationError({"nom": "Écrivez le nom avec des lettres latines."})
    for _ in range(ESSAIS):
        pris = Compte.objects.filter(username__startswith=base).values_list("username", flat=True)
        identifiant = regles.premier_libre(base, set(pris))
        compte = Compte(username=identifiant, first_name=prenom.strip(), last_name=nom.strip())
        compte.set_unusable_password()
        try:
            with transaction.atomic():  # somebody else may take this name meanwhile
                compte.save()
        except IntegrityError:
            continue
        return compte
    raise ValidationError("Deux comptes se créent au même nom : recommencez.")


def deja_entre(compte) -> bool:
    """Somebody has already held this account: a code for it replaces their way in."""
    suites = Q(utilisee=True) | ~Q(motif=Activation.Motif.NOUVEAU)
    connu = compte.has_usable_password() or compte.last_login is not None
    return connu or compte.activations.filter(suites).exists()


def _motif_reel(compte, voulu: str) -> str:
    """What the code is for, whatever was asked: « Nouveau compte » warns nobody."""
    if not deja_entre(compte):
        return Activation.Motif.NOUVEAU
    return Activation.Motif.MOT_DE_PASSE if voulu == Activation.Motif.NOUVEAU else voulu


def redonner_code(habilitation, compte, voulu: str) -> tuple[str, str]:
    """(code, what it is for). For a lost second factor, every proof leaves at once: the code,
    handed over face to face, becomes the only way in."""
    motif = _motif_reel(compte, voulu)  # before any proof leaves: it looks at the password
    if motif == Activation.Motif.SECOND_FACTEUR:
        retirer_toute_preuve(habilitation.compte, compte)
    return donner_code(habilitation, compte, motif, timezone.localdate()), motif


def fermer_les_codes(compte) -> None:
    """The one that waits, if any, opens nothing more."""
    for activation in compte.activations.filter(close_le=None):
        activation.close_le = timezone.now()
        activation.save(update_fields=["close_le"])


def donner_code(habilitation, compte, motif, debut: date) -> str:
    """It replaces the one that was waiting; it counts from the first day of work. Former failures
    make nobody wait: whoever hands it over has just seen the person."""
    essais.oublier(compte)
    fermer_les_codes(compte)
    code = regles.nouveau_code()
    depart = max(timezone.now(), timezone.make_aware(datetime.combine(debut, time())))
    Activation.objects.create(
        compte=compte,
        motif=motif,
        empreinte=empreinte(compte, code),
        donnee_par=habilitation.compte,
        expire_le=depart + timedelta(seconds=settings.DELAI_ACTIVATION),
    )
    return code
