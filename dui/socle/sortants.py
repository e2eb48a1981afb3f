"""Transactional outbox: the intention to send is written with the business fact."""

import random
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from dui.socle.models import MessageSortant

BAIL = timedelta(minutes=10)  # longer than the longest network call
TENTATIVES_MAX = 12
_EXPEDITEURS: dict[str, Callable[[MessageSortant], dict | None]] = {}


class ErreurDefinitive(Exception):
    """The recipient refuses and always will: no use trying again."""


def expediteur(type_: str):
    """Register the function that sends messages of this type; it returns the receipt (dict)."""

    def enregistrer(fonction):
        if type_ in _EXPEDITEURS:
            raise RuntimeError(f"deux expéditeurs pour {type_}")
        _EXPEDITEURS[type_] = fonction
        return fonction

    return enregistrer


def deposer(type_: str, *, charge: dict, dossier=None, file: str = "") -> MessageSortant:
    """Inside the service's transaction. `charge` holds identifiers, never health data."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("deposer() hors transaction")
    from dui.socle.tasks import relever

    message = MessageSortant.objects.create(type=type_, charge=charge, dossier=dossier, file=file)
    # A nudge, at best: when Redis is down, the periodic sweep (60 s) is the truth.
    transaction.on_commit(lambda: relever.apply_async(retry=False), robust=True)
    return message


@transaction.atomic
def _prendre() -> MessageSortant | None:
    """One message at a time: the lease runs during its own sending, not during others'."""
    maintenant = timezone.now()
    du = MessageSortant.objects.a_traiter(maintenant)
    m = du.select_for_update(skip_locked=True, of=("self",)).first()
    if m:
        m.etat, m.bail_jusqu_a = m.Etat.EN_COURS, maintenant + BAIL
        m.tentatives += 1
        m.save(update_fields=["etat", "tentatives", "bail_jusqu_a"])
    return m


def _conclure(m: MessageSortant, **champs) -> None:
    """Nothing when the lease is lost: a worker that wakes up late undoes nothing."""
    tenu = MessageSortant.objects.filter(pk=m.pk, etat=m.Etat.EN_COURS, tentatives=m.tentatives)
    tenu.update(**champs)


def envoyer(m: MessageSortant) -> None:
    """Outside any transaction: a network call holds no lock."""
    try:
        accuse = _EXPEDITEURS[m.type](m)
    except ErreurDefinitive as e:
        _conclure(m, etat=m.Etat.ABANDONNE, erreur=str(e)[:2000])
    except Exception as e:
        attente = min(2**m.tentatives * 15, 6 * 3600) * random.uniform(0.8, 1.2)
        suite = {
            "etat": m.Etat.EN_ATTENTE,
            "prochain_essai_le": timezone.now() + timedelta(seconds=attente),
        }
        if m.tentatives >= TENTATIVES_MAX:
            suite = {"etat": m.Etat.ABANDONNE}
        _conclure(m, erreur=type(e).__name__, **suite)
    else:
        _conclure(m, etat=m.Etat.ENVOYE, envoye_le=timezone.now(), accuse=accuse or {}, erreur="")


def relever(maximum: int = 50) -> int:
    for nombre in range(maximum):
        m = _prendre()
        if m is None:
            return nombre
        envoyer(m)
    return maximum
