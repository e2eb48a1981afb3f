"""The first sign-in: with the code handed over, the person chooses a password, then links a
second factor like everybody."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from dui.socle.journal import consigner_connexion
from dui.socle.models import Compte
from habilitations.connexion.essais import (
    compte_nomme,
    noter_echec,
    refuser_les_essais_de_trop,
)
from habilitations.equipe.regles import code_nu
from habilitations.models import Activation
from habilitations.moyens.retrait import fermer_partout

INCONNU = "Identifiant ou code inconnu, déjà utilisé ou périmé. Demandez un nouveau code au cadre."


def empreinte(compte, code: str) -> str:
    return salted_hmac(
        "code-d-activation", f"{compte.pk}|{code_nu(code)}", algorithm="sha256"
    ).hexdigest()


def en_attente(request, *, identifiant: str, code: str) -> Activation | None:
    """The activation that this couple opens. Raises TropDEssais as sign-in does."""
    refuser_les_essais_de_trop(request, identifiant)
    utilisables = Activation.objects.utilisables().select_related("compte", "donnee_par")
    compte = compte_nomme(identifiant)
    trouvee = utilisables.filter(compte=compte, compte__is_active=True).first() if compte else None
    # Computed in both cases: the answer takes as long for a name that does not exist.
    attendue = empreinte(trouvee.compte if trouvee else Compte(), code)
    if trouvee and constant_time_compare(attendue, trouvee.empreinte):
        return trouvee
    noter_echec(request, identifiant)
    return None


@transaction.atomic
def activer(activation: Activation, *, mot_de_passe: str) -> Compte | None:
    """Once: the second of two simultaneous answers finds nothing."""
    verrouillees = Activation.objects.select_for_update(of=("self",)).utilisables()
    if not verrouillees.filter(pk=activation.pk).exists():
        return None
    compte = activation.compte
    validate_password(mot_de_passe, compte)
    compte.set_password(mot_de_passe)
    compte.save(update_fields=["password"])
    fermer_partout(compte, compte)
    # Whoever took the account with the former code may have said that all was well.
    compte.activations.filter(utilisee=True).update(lue_le=None)
    activation.close_le, activation.utilisee = timezone.now(), True
    activation.save(update_fields=["close_le", "utilisee"])
    consigner_connexion(
        compte, "activation", contexte={"motif": activation.motif, "par": activation.donnee_par_id}
    )
    return compte


def erreurs_du_mot_de_passe(mot_de_passe: str, compte) -> list[str]:
    try:
        validate_password(mot_de_passe, compte)
    except ValidationError as refus:
        return refus.messages
    return []
