"""What the cellule decides. One act, one transaction, one trace."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from administratif.cellule.quarantaine import source
from administratif.services.communs import exiger, noter
from administratif.services.gestes import conclure, ouvrir, passer
from dui.socle import evenements, quarantaine
from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier, HomonymeConfirme, IdentiteRecue
from dui.socle.statuts import Cause

Etat = IdentiteRecue.Etat
POURQUOI = "Dites pourquoi : c’est ce que relira la source."


@transaction.atomic
def rattacher(habilitation, recue_id, *, dossier_id, raison="") -> Dossier:
    """It is this person. Our traits do not change: only what happened is kept."""
    recue = _ouvrir(habilitation, recue_id)
    ressemblants = quarantaine.ressemblances(recue, recue.lire())
    permis = Dossier.objects.visibles(habilitation, Bloc.IDV, Action.VALIDER)
    dossier = permis.filter(usager__in=ressemblants).filter(pk=dossier_id).first()
    if dossier is None:
        raise ValidationError({"decision": "Ce dossier n’est pas parmi ceux qui ressemblent."})
    usager = ouvrir(habilitation, dossier, Bloc.IDV, Action.VALIDER)
    passer(usager, Cause.FLUX)
    conclure(habilitation, dossier, usager, Cause.FLUX, f"{source(recue)}. {raison}".strip())
    return _decider(habilitation, recue, Etat.RATTACHEE, raison, dossier)


@transaction.atomic
def creer_dossier(habilitation, recue_id, *, vus, raison="") -> Dossier:
    """Nobody of `vus`, the dossiers that were shown: a new person, by the source's own way."""
    recue = _ouvrir(habilitation, recue_id)
    origine = next((s for s in quarantaine.sources if s.nom == recue.source), None)
    if origine is None:
        raise ValidationError("Cette source n’existe plus : refusez l’identité.")
    maison, lue = recue.etablissement, recue.lire()
    try:
        dossier = origine.creer(habilitation, maison, lue, vus=vus, motif=raison)
    except ValidationError as refus:  # of fields that the form of the decision does not have
        raise ValidationError(refus.messages) from None
    return _decider(habilitation, recue, Etat.CREEE, raison, dossier)


@transaction.atomic
def refuser_recue(habilitation, recue_id, *, raison) -> None:
    recue = _ouvrir(habilitation, recue_id)
    _decider(habilitation, recue, Etat.REFUSEE, exiger(raison, "raison", POURQUOI), None)


def _ouvrir(habilitation, recue_id) -> IdentiteRecue:
    visibles = IdentiteRecue.objects.visibles(habilitation, Action.VALIDER)
    recue = visibles.select_for_update(of=("self",)).get(pk=recue_id)
    if recue.etat != Etat.EN_ATTENTE:
        raise ValidationError(f"Une décision vient d’être prise : {recue.get_etat_display()}.")
    return recue


def _decider(habilitation, recue, etat, raison, dossier):
    recue.etat, recue.dossier, recue.raison = etat, dossier, raison[:200]
    recue.decidee_par, recue.decidee_le = habilitation.compte, timezone.now()
    recue.validate_constraints()
    recue.save()
    charge = {"identite_recue": str(recue.pk), "source": recue.source, "motif": recue.motif}
    evenements.noter(habilitation, f"quarantaine.{etat}", dossier=dossier, charge=charge)
    return dossier


@transaction.atomic
def confirmer_homonyme(habilitation, dossier) -> None:
    """Two persons indeed: the warning stays on both records and leaves the list."""
    usager = ouvrir(habilitation, dossier, Bloc.IDV, Action.VALIDER)
    if not usager.homonyme:
        raise ValidationError("Cette identité n’est pas signalée homonyme.")
    _, nouveau = HomonymeConfirme.objects.get_or_create(
        usager=usager, defaults={"confirme_par": habilitation.compte}
    )
    if nouveau:
        noter(habilitation, "identite.homonyme_confirme", usager, dossier)
