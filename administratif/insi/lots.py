"""Verification in batch: asked by the cellule, done one by one through the outbox. Never a search:
the client refuses it."""

from datetime import datetime, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from administratif.insi import services
from administratif.insi.issues import Issue, demander_la_verification
from administratif.services.communs import noter
from dui.connecteurs.insi import Geste
from dui.connecteurs.insi.codes import code
from dui.socle.enums import Action, Bloc
from dui.socle.insi import client_insi
from dui.socle.models import (
    Dossier,
    LotVerification,
    MessageSortant,
    Sejour,
    Usager,
    VerificationDemandee,
)
from dui.socle.sortants import ErreurDefinitive, deposer, expediteur
from habilitations.politique import Habilitation

CELLULE = (Bloc.IDV, Action.VALIDER)
TYPE = "insi.verification"
FERMEE = "INSi n’est pas configuré : aucune vérification n’est possible."
AUCUNE = "Aucune identité de cet établissement n’a été qualifiée depuis ce jour."
DEJA = "Une vérification est déjà en cours pour cet établissement : attendez sa fin."
PLUS_LA = "Le dossier ne vous est plus ouvert, ou l’identité n’est plus récupérée."


class INSiEnPanne(Exception):
    """The outbox tries again later."""


# ---------------------------------------------------------------- ask


@transaction.atomic
def demander_un_lot(habilitation, etablissement, *, depuis) -> LotVerification:
    lieux = habilitation.etablissements(*CELLULE).select_for_update(of=("self",), no_key=True)
    etablissement = lieux.get(pk=etablissement.pk)  # one batch at a time, even asked twice at once
    _refuser_si_impossible(etablissement)
    dossiers = _qualifiees_depuis(habilitation, etablissement, depuis)
    choisis = list(dossiers.order_by("pk")[: settings.INSI_LOT + 1])
    if not choisis:
        raise ValidationError({"depuis": AUCUNE})
    if len(choisis) > settings.INSI_LOT:
        raise ValidationError(
            {"depuis": f"Plus de {settings.INSI_LOT} identités : choisissez une date plus récente."}
        )
    lot = LotVerification.objects.create(
        etablissement=etablissement, demande_par=habilitation.compte, depuis=depuis
    )
    for dossier in choisis:
        demandee = VerificationDemandee.objects.create(lot=lot, dossier=dossier)
        charge = {"verification": str(demandee.pk)}
        deposer(TYPE, charge=charge, dossier=dossier, file=lot.file)
    noter(habilitation, "identite.lot_demande", lot, None, nombre=len(choisis))
    return lot


def _refuser_si_impossible(etablissement) -> None:
    if not settings.INSI_OUVERT:
        raise ValidationError(FERMEE)
    if not client_insi().sait_verifier:
        raise ValidationError(code("garde", "verification_en_masse").message)
    en_cours = VerificationDemandee.objects.filter(lot__etablissement=etablissement, resultat="")
    if en_cours.exists():
        raise ValidationError(DEJA)


QUALIFIEE = Q(ins_recuperee=True, identite_validee=True)


def _qualifiees_depuis(habilitation, etablissement, depuis):
    """Qualified now; the day before, not yet, or no longer at some time since."""
    histoire = Usager.history.filter(id=OuterRef("usager"))
    debut = timezone.make_aware(datetime.combine(depuis, time.min))
    avant = histoire.filter(history_date__lt=debut).order_by("-history_date", "-history_id")
    etait = Case(When(QUALIFIEE, then=Value(True)), default=Value(False))
    deja = Subquery(avant.annotate(etait=etait).values("etait")[:1])
    perdue = Exists(histoire.filter(~QUALIFIEE, history_date__gte=debut))
    presents = Sejour.objects.en_cours().filter(etablissement=etablissement)
    return (
        Dossier.objects.visibles(habilitation, Bloc.ID, Action.SAISIR)
        .filter(pk__in=presents.values("dossier"))
        .filter(usager__ins_recuperee=True, usager__identite_validee=True)
        .alias(deja=deja)
        .filter(Q(deja=None) | Q(deja=False) | perdue)
    )


@transaction.atomic
def reprendre(habilitation, lot_id) -> None:
    """Somebody has put the settings right, or INSi is back: the queue goes on."""
    lieux = habilitation.etablissements(*CELLULE)
    lot = LotVerification.objects.filter(etablissement__in=lieux).get(pk=lot_id)
    arretes = MessageSortant.objects.filter(file=lot.file, etat=MessageSortant.Etat.ABANDONNE)
    for message in arretes.select_for_update(of=("self",)).order_by("pk"):
        message.remettre_en_attente()
    noter(habilitation, "identite.lot_repris", lot, None)


# ---------------------------------------------------------------- do


@expediteur(TYPE)
def verifier(message: MessageSortant) -> dict:
    """With the rights that whoever asked has now, not those of the day before."""
    demandees = VerificationDemandee.objects.select_related("lot__demande_par", "dossier__usager")
    demandee = demandees.get(pk=message.charge["verification"])
    if demandee.resultat:
        return {"resultat": demandee.resultat}
    habilitation = Habilitation(demandee.lot.demande_par)
    if not _encore_possible(habilitation, demandee.dossier):
        return _conclure(demandee, Geste.INTERDIRE, PLUS_LA)
    issue = demander_la_verification(demandee.dossier.usager)
    services.tracer(habilitation, demandee.dossier, issue)
    if issue.geste is Geste.REESSAYER:
        raise INSiEnPanne
    if issue.geste is Geste.CONFIGURER:
        raise ErreurDefinitive(issue.message)
    return _appliquer(habilitation, demandee, issue)


@transaction.atomic
def _appliquer(habilitation, demandee, issue: Issue) -> dict:
    """What was asked about may have changed during the call: then nothing is concluded."""
    services.appliquer(habilitation, demandee.dossier, issue)
    motif = "" if issue.geste in (Geste.CONFIRMER, Geste.RETROGRADER) else issue.message
    return _conclure(demandee, issue.geste, motif)


def _encore_possible(habilitation, dossier) -> bool:
    ouverts = Dossier.objects.visibles(habilitation, Bloc.ID, Action.SAISIR)
    return dossier.usager.ins_recuperee and ouverts.filter(pk=dossier.pk).exists()


def _conclure(demandee, geste: Geste, motif: str) -> dict:
    demandee.resultat, demandee.motif = geste.value, motif[:200]
    demandee.traitee_le = timezone.now()
    demandee.save()
    return {"resultat": demandee.resultat}
