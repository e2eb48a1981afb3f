"""Ask INSi, keep what it answered, then let a person decide. The call itself is made outside any
transaction; each write has its own, and the trace of the call comes first."""

import logging

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from administratif.identification import regles
from administratif.identification.services import accepter_insi, noter_appel_insi
from administratif.insi import attentes, demandes
from administratif.insi.issues import (
    RECUEILS,
    Issue,
    Nature,
    contenu,
    demander,
    demander_la_verification,
)
from administratif.services.communs import lire_version, noter
from administratif.services.gestes import ouvrir
from dui.connecteurs.insi import Geste, LectureRefusee, lire_carte
from dui.socle.enums import Action, Bloc
from dui.socle.insi import client_insi
from dui.socle.models import AppelInsi, AttenteInsi, Dossier, Usager
from dui.socle.statuts import REGLES

logger = logging.getLogger(__name__)
PERIMEE = (
    "Cette réponse d’INSi n’est plus là : elle est trop ancienne, ou une autre l’a remplacée. "
    "Interrogez INSi de nouveau."
)
A_CONFIRMER = "À cocher pour accepter, puisque des traits diffèrent."
AUTRE_PERSONNE = (
    "La date de naissance ou le sexe n’est pas celui du dossier : c’est sans doute une autre "
    "personne. Refusez, ou corrigez d’abord le dossier, puis interrogez INSi de nouveau."
)
DEJA_PRIS = "Une autre identité porte déjà ce matricule INS : prévenez la cellule."
SANS_SIECLE = "Dites le siècle de naissance : la carte ne donne que deux chiffres de l’année."
LECTURE_PERDUE = "Cette lecture n’est plus là : relisez la carte."
Decision = AttenteInsi.Decision


# ---------------------------------------------------------------- ask


def interroger(habilitation, dossier) -> Issue:
    usager = _demandee(habilitation, dossier)
    return _repondre(
        habilitation,
        dossier,
        demander(
            Nature.TRAITS,
            usager.version,
            lambda: client_insi().rechercher(demandes.traits(usager)),
        ),
    )


def interroger_par_carte(habilitation, dossier, *, rang, siecle=None) -> Issue:
    """For the beneficiary that a person chose on the card that was read."""
    usager = _demandee(habilitation, dossier)
    lue = attentes.courante(habilitation, dossier, attentes.Sorte.CARTE)
    choisis = attentes.beneficiaires(lue) if lue else []
    if not 0 <= rang < len(choisis):
        raise ValidationError(LECTURE_PERDUE)
    qui = choisis[rang]
    if qui.annee_courte:
        if siecle is None:
            raise ValidationError({"siecle": SANS_SIECLE})
        qui = qui.au_siecle(siecle)
    attributs = demandes.attributs(usager)
    return _repondre(
        habilitation,
        dossier,
        demander(
            Nature.VITALE,
            usager.version,
            lambda: client_insi().rechercher_vitale(qui, attributs),
        ),
    )


def verifier(habilitation, dossier) -> Issue:
    usager = _demandee(habilitation, dossier)
    return _repondre(habilitation, dossier, demander_la_verification(usager))


def _demandee(habilitation, dossier) -> Usager:
    """As it is now: what the page showed may be old."""
    ouverts = Dossier.objects.visibles(habilitation, Bloc.ID, Action.SAISIR).filter(pk=dossier.pk)
    return Usager.objects.get(pk__in=ouverts.values("usager"))


def _repondre(habilitation, dossier, issue: Issue) -> Issue:
    tracer(habilitation, dossier, issue)
    garder(habilitation, dossier, issue)
    return issue


# ---------------------------------------------------------------- keep


@transaction.atomic
def tracer(habilitation, dossier, issue: Issue) -> None:
    """A row for each call, the answer as received; one also when nothing was let out."""
    commun = {
        "dossier": dossier,
        "usager_id": dossier.usager_id,
        "nature": issue.nature,
        "par": habilitation.compte,
    }
    for rang, e in enumerate(issue.echanges):
        appel = AppelInsi(
            **commun,
            le=e.le,
            code=issue.code_de(rang)[:160],
            resultat=issue.resultat_de(rang).value,
            conclut=rang == len(issue.echanges) - 1,
            duree_ms=e.duree_ms,
            message_id=e.message_id,
            certificat=e.certificat[:64],
            statut_http=e.statut,
        )
        appel.enfermer(e.reponse)
        appel.save(force_insert=True)
    if not issue.echanges:
        AppelInsi.objects.create(**commun, code=issue.code[:160], resultat=issue.geste.value)
    if issue.geste is Geste.CONFIGURER:  # an error of this logger is an alert to somebody
        logger.error("INSi, réglage à revoir : %s", issue.code)


@transaction.atomic
def garder(habilitation, dossier, issue: Issue) -> None:
    """What the outcome changes by itself, then what its author will read."""
    version = appliquer(habilitation, dossier, issue)
    attentes.garder(
        habilitation,
        dossier,
        attentes.Sorte.REPONSE,
        nature=issue.nature,
        version=version,
        contenu=contenu(issue),
    )


@transaction.atomic
def appliquer(habilitation, dossier, issue: Issue) -> int:
    """Only to the identity that was asked about, and as the table of statuses lists it. Gives the
    version of the identity that the answer speaks of."""
    usager = ouvrir(habilitation, dossier, Bloc.ID)
    if usager.version != issue.version:  # a « no » about former traits says nothing of these
        return issue.version
    if issue.cause and (usager.statut_identite, issue.cause) in REGLES:
        return noter_appel_insi(habilitation, dossier, cause=issue.cause).version
    return usager.version


@transaction.atomic
def lire_la_carte(habilitation, dossier, octets: bytes) -> None:
    """What the reader gave, which names persons: kept until one of them is chosen."""
    usager = _demandee(habilitation, dossier)
    try:
        lus = lire_carte(octets)
    except LectureRefusee as refus:
        raise ValidationError({"fichier": refus.message}) from None
    attentes.garder(
        habilitation,
        dossier,
        attentes.Sorte.CARTE,
        version=usager.version,
        contenu=attentes.ecrire_carte(lus),
    )


# ---------------------------------------------------------------- decide


@transaction.atomic
def accepter(habilitation, dossier, attente_id, *, confirmer=False) -> bool:
    """False when it was decided already: accepted twice is accepted once."""
    usager = ouvrir(habilitation, dossier, Bloc.ID)
    attente = _a_decider(habilitation, dossier, attente_id)
    if attente.decision:
        return False
    recu = attentes.contenu(attente)
    if recu.get("geste") != Geste.PROPOSER:
        raise ValidationError(PERIMEE)
    lire_version(usager, attente.version)
    traits = attentes.traits_recus(recu, usager)
    ecarts = regles.divergences(attentes.locaux(usager), traits)
    if not usager.identite_validee and attentes.autre_personne(usager, ecarts):
        raise ValidationError(AUTRE_PERSONNE)
    if ecarts and not usager.identite_validee and not confirmer:
        raise ValidationError({"confirmer": A_CONFIRMER})
    _prendre(habilitation, dossier, attente, traits, recu)
    attentes.trancher(attente, Decision.ACCEPTEE)
    return True


def _prendre(habilitation, dossier, attente, traits, recu) -> None:
    try:
        with transaction.atomic():
            accepter_insi(
                habilitation,
                dossier,
                version_lue=attente.version,
                traits=traits,
                matricule=recu["matricule"],
                oid=recu["oid"],
                recueil=RECUEILS[Nature(attente.nature)],
            )
    except IntegrityError:  # somebody took it between our look and our write
        raise ValidationError(DEJA_PRIS) from None


@transaction.atomic
def refuser(habilitation, dossier, attente_id) -> bool:
    """It is not this person: nothing changes, and it is known that somebody said so."""
    usager = ouvrir(habilitation, dossier, Bloc.ID)
    attente = _a_decider(habilitation, dossier, attente_id)
    if attente.decision:
        return False
    attentes.trancher(attente, Decision.REFUSEE)
    noter(habilitation, "identite.insi_refusee", usager, dossier)
    return True


def _a_decider(habilitation, dossier, attente_id) -> AttenteInsi:
    miennes = AttenteInsi.objects.pour(habilitation, dossier)
    reponses = miennes.filter(sorte=attentes.Sorte.REPONSE, pk=attente_id)
    attente = reponses.select_for_update(of=("self",)).first()
    if attente is None:
        raise ValidationError(PERIMEE)
    return attente
