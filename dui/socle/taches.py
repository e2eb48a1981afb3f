"""What is asked of somebody: create, read, do, cancel, postpone. One function = one act.

A block that creates tasks says where they lead back (`sources.ajouter`, in AppConfig.ready()).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from dui.socle import evenements
from dui.socle.enums import Action
from dui.socle.erreurs import refuser_si_autre
from dui.socle.models import Dossier, LectureTache, Tache
from dui.socle.registres import Registre

PAS_A_VOUS = "Cette demande se reporte ou s’annule par qui l’a faite, ou par qui doit y répondre."
SANS_MOTIF = "Dites pourquoi : le motif reste dans l’historique."


@dataclass(frozen=True)
class SourceTache:
    """`nom` is the `source_type` of its tasks; `adresse(tache)` is the page of the source."""

    nom: str
    libelle: str
    adresse: Callable[[Tache], str]
    ordre: int = 100


sources: Registre[SourceTache] = Registre()


def source_de(tache: Tache) -> SourceTache | None:
    return next((s for s in sources if s.nom == tache.source_type), None)


def fin_de_journee(jour: date) -> datetime:
    """« Pour le 24 »: until its last minute, where the house is."""
    return timezone.make_aware(datetime.combine(jour, time(23, 59)))


@transaction.atomic
def creer(
    habilitation,
    *,
    titre,
    bloc,
    dossier=None,
    source: tuple[str, Any] = ("", None),
    action=Action.VOIR,
    **champs,
) -> Tache:
    """`champs`: nature, texte, compte, or role with etablissement and unite, echeance_le, priorite,
    cle_saisie. `action`: the right on the block of the record that asking takes. The same
    `cle_saisie` twice is one act."""
    if dossier is not None:
        ouverts = Dossier.objects.pour_ecrire(habilitation, bloc, action)
        dossier = ouverts.get(pk=dossier.pk)
    if (cle := champs.get("cle_saisie")) and (deja := Tache.objects.filter(cle_saisie=cle).first()):
        dits = {"role": "", "compte": None, "echeance_le": None, **champs}
        qui = {"creee_par": habilitation.compte, "dossier": dossier}
        refuser_si_autre(deja, **qui, titre=titre.strip(), **dits)
        return deja
    fonction = habilitation.fonction_pour(dossier) if dossier else habilitation.fonction
    tache = Tache(
        titre=titre.strip(),
        bloc=bloc,
        dossier=dossier,
        source_type=source[0],
        source_id=source[1],
        creee_par=habilitation.compte,
        fonction=fonction,
        **champs,
    )
    if tache.bloc not in Tache.BLOCS:
        raise ValueError(f"{bloc} : aucune tâche dans ce bloc (Tache.BLOCS)")
    tache.full_clean(exclude=["dossier", "compte", "etablissement", "unite", "creee_par"])
    tache.save()
    _noter(habilitation, "tache.creee", tache)
    return tache


@transaction.atomic
def lire(habilitation, tache_ids: Iterable) -> int:
    """« J’ai lu », by name; reading twice is reading once. Returns how many are new."""
    adressees = Tache.objects.recues(habilitation)
    neuves = adressees.filter(pk__in=list(tache_ids)).non_lues(habilitation)
    accuses = [LectureTache(tache=t, compte=habilitation.compte) for t in neuves.order_by("pk")]
    LectureTache.objects.bulk_create(accuses, ignore_conflicts=True)
    for accuse in accuses:
        _noter(habilitation, "tache.lue", accuse.tache)
    return len(accuses)


@transaction.atomic
def faire(habilitation, tache_id, *, suite: str = "") -> Tache:
    """Done, once: the second to say so learns by whom and when."""
    tache = _ouverte(habilitation, tache_id)
    if tache.etat == Tache.Etat.FAITE and tache.close_par_id == habilitation.compte.pk:
        return tache  # a double click
    lire(habilitation, [tache.pk])
    return _clore(habilitation, tache, Tache.Etat.FAITE, suite, "tache.faite")


@transaction.atomic
def annuler(habilitation, tache_id, *, motif: str) -> Tache:
    tache = _reglable(habilitation, tache_id)
    if not motif.strip():
        raise ValidationError({"motif": SANS_MOTIF})
    return _clore(habilitation, tache, Tache.Etat.ANNULEE, motif, "tache.annulee")


@transaction.atomic
def reporter(habilitation, tache_id, *, echeance_le, motif: str) -> Tache:
    tache = _reglable(habilitation, tache_id)
    _refuser_la_close(tache)
    if not motif.strip():
        raise ValidationError({"motif": SANS_MOTIF})
    tache.echeance_le = echeance_le
    tache._change_reason = motif.strip()[:100]
    tache.save(update_fields=["echeance_le"])
    _noter(habilitation, "tache.reportee", tache)
    return tache


def _ouverte(habilitation, tache_id) -> Tache:
    visibles = Tache.objects.visibles(habilitation)
    return visibles.select_for_update(of=("self",), no_key=True).get(pk=tache_id)


def _reglable(habilitation, tache_id) -> Tache:
    """Any reader may do a task of the team; to drop it or to put it off is not theirs."""
    tache = _ouverte(habilitation, tache_id)
    if not Tache.objects.reglables(habilitation).filter(pk=tache.pk).exists():
        raise PermissionDenied(PAS_A_VOUS)
    return tache


def _refuser_la_close(tache) -> None:
    if tache.etat != Tache.Etat.A_FAIRE:
        le = timezone.localtime(tache.close_le)
        par = tache.close_par.signature
        etat = tache.get_etat_display().lower()
        raise ValidationError(f"Déjà {etat} par {par}, le {le:%d/%m/%Y à %H:%M}.")


def _clore(habilitation, tache, etat, suite, evenement) -> Tache:
    _refuser_la_close(tache)
    tache.etat, tache.suite = etat, suite.strip()
    tache.close_par, tache.close_le = habilitation.compte, timezone.now()
    tache.save(update_fields=["etat", "suite", "close_par", "close_le"])
    _noter(habilitation, evenement, tache)
    return tache


def _noter(habilitation, type_, tache) -> None:
    charge = {"tache": str(tache.pk), "source": tache.source_type}
    evenements.noter(habilitation, type_, dossier=tache.dossier, charge=charge)
