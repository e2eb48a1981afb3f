"""What the team does to a followed target. Each gesture but the choice of a day is a transmission:
it is signed, read at the handover and never changed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accompagnement import services
from accompagnement.cibles import rattachement
from accompagnement.cibles.rattachement import Suivi
from accompagnement.models import Cible, Transmission
from dui.socle import evenements
from dui.socle.enums import Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Dossier

DEJA_CLOSE = "Cette cible est déjà close."
DEJA_OUVERTE = "Cette cible est déjà ouverte."
A_CHANGE = "Quelqu’un a écrit sur cette cible depuis que vous l’avez lue. Relisez, puis confirmez."
PASSEE = "Choisissez un jour à venir."


def _verrouiller(habilitation, dossier, cible_id, version_lue) -> Cible:
    Dossier.objects.pour_ecrire(habilitation, Bloc.TRA).get(pk=dossier.pk)
    cibles = Cible.objects.visibles(habilitation).filter(dossier=dossier)
    cible = cibles.select_for_update(of=("self",)).get(pk=cible_id)
    if cible.version != version_lue:
        raise ConflitDeVersion(A_CHANGE, actuel=cible)
    return cible


def _deja_fait(habilitation, dossier, cle_saisie) -> bool:
    """The same gesture sent twice."""
    siennes = Transmission.objects.filter(auteur=habilitation.compte, dossier=dossier)
    return siennes.filter(cle_saisie=cle_saisie).exists()


@transaction.atomic
def clore(habilitation, dossier, cible_id, *, version_lue, etat, resultat, cle_saisie) -> None:
    """Closed by its result, written as the last transmission of its thread."""
    if _deja_fait(habilitation, dossier, cle_saisie):
        return
    cible = _verrouiller(habilitation, dossier, cible_id, version_lue)
    if not cible.ouverte:
        raise ValidationError(DEJA_CLOSE)
    _ecrire(habilitation, dossier, cible, cle_saisie, resultat=resultat)
    cible.refresh_from_db()
    cible.etat, cible.close_le, cible.relance_le = Cible.Etat(etat), timezone.now(), None
    cible.version += 1
    cible.save()
    evenements.noter(
        habilitation,
        "cible.close",
        dossier=dossier,
        charge=rattachement.charge(cible) | {"etat": cible.etat},
    )


@transaction.atomic
def rouvrir(habilitation, dossier, cible_id, *, version_lue, donnees, relance_le, cle_saisie):
    """It comes back, with what was seen."""
    if _deja_fait(habilitation, dossier, cle_saisie):
        return
    cible = _verrouiller(habilitation, dossier, cible_id, version_lue)
    if cible.ouverte:
        raise ValidationError(DEJA_OUVERTE)
    _refuser_le_passe(relance_le)
    cible.etat, cible.close_le = Cible.Etat.OUVERTE, None
    cible.save()
    _ecrire(habilitation, dossier, cible, cle_saisie, donnees=donnees, relance_le=relance_le)
    evenements.noter(
        habilitation, "cible.rouverte", dossier=dossier, charge=rattachement.charge(cible)
    )


def _ecrire(habilitation, dossier, cible, cle_saisie, *, relance_le=None, **textes) -> None:
    services.ecrire_transmission(
        habilitation,
        dossier,
        survenu_le=timezone.now(),
        cle_saisie=cle_saisie,
        reserve=cible.reserve,
        suivi=Suivi(cible, relance_le=relance_le),
        forme=Transmission.Forme.CIBLEE,
        importance=Transmission.Importance.COURANTE,
        cible=cible.code,
        **textes,
    )


@transaction.atomic
def relancer(habilitation, dossier, cible_id, *, version_lue, relance_le) -> None:
    """The day it must come back; none: the ordinary delay."""
    cible = _verrouiller(habilitation, dossier, cible_id, version_lue)
    if not cible.ouverte:
        raise ValidationError(DEJA_CLOSE)
    _refuser_le_passe(relance_le)
    rattachement.fixer_la_relance(cible, relance_le)
    evenements.noter(
        habilitation, "cible.relance", dossier=dossier, charge=rattachement.charge(cible)
    )


def _refuser_le_passe(relance_le) -> None:
    if relance_le and relance_le <= timezone.localdate():
        raise ValidationError({"relance_le": PASSEE})
