"""Run a dry run or an import that was asked for: in a worker, or from the command line."""

import logging

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from admission.importation.refus import FichierRefuse
from admission.models import Importation, LigneRejetee
from admission.services import avancement
from admission.services.demandes import Etat, effacer_fichier
from admission.services.ecriture import Ecriture
from admission.services.numeros import une_creation_a_la_fois
from admission.services.passage import Passage, Sort
from dui.socle import evenements
from dui.socle.enums import Action, Bloc
from habilitations.politique import Habilitation

journal = logging.getLogger(__name__)


class RienImporte(Exception):
    """Lines were refused and the import is all or nothing."""


class Annulee(Exception):
    pass


def executer(importation_id) -> None:
    """Idempotent: a task delivered twice, or an import already over, does nothing."""
    with avancement.ouvrir(importation_id) as suivi:
        if suivi is None:
            return
        demandees = Importation.objects.filter(etat__in=Importation.EN_TRAVAIL)
        importation = (
            demandees.select_related("etablissement__organisme", "compte")
            .filter(pk=importation_id)
            .first()
        )
        if importation is None:
            return
        try:
            _derouler(importation, suivi)
        except FichierRefuse as refus:
            _conclure(importation, Etat.ECHOUEE, motif=f"{refus.message} {refus.que_faire}")
        except PermissionDenied as refus:
            _conclure(importation, Etat.ECHOUEE, motif=str(refus))
        except Annulee:
            _conclure(importation, Etat.ANNULEE, motif="Annulé : rien n’a été importé.")
        except Exception as erreur:
            # The message of a database error holds values, hence names: its type only.
            journal.error("import %s interrompu : %s", importation_id, type(erreur).__name__)
            _conclure(importation, Etat.ECHOUEE, motif=_panne(erreur))


def _panne(erreur: Exception) -> str:
    if isinstance(erreur, DatabaseError):
        return "La base a changé ou ne répond plus : rien n’a été importé. Recommencez."
    return "Une panne a interrompu le travail : rien n’a été importé. Recommencez."


def _derouler(importation, suivi) -> None:
    habilitation = Habilitation(importation.compte)
    lieux = habilitation.etablissements(Bloc.ADM, Action.SAISIR)
    if not lieux.filter(pk=importation.etablissement_id).exists():
        raise PermissionDenied("Le droit d’importer dans cet établissement a été retiré.")
    passage = Passage(importation, habilitation)
    if importation.annulation_demandee or suivi.publier(total=passage.compter(), faites=0):
        raise Annulee
    if importation.etat == Etat.SIMULATION:
        for _ in _suivre(passage, suivi):
            pass
        _conclure(importation, Etat.SIMULEE, passage=passage)
    else:
        _importer(importation, passage, suivi)


def _suivre(passage: Passage, suivi):
    """Each batch of decisions; publishes the progress and stops when asked to."""
    for decisions in passage.lots():
        yield decisions
        if suivi.publier(faites=passage.faites, rejetees=passage.rejetees, **_comptes(passage)):
            raise Annulee


def _comptes(passage: Passage) -> dict[str, int]:
    return {
        "creees": passage.sorts[Sort.CREER],
        "mises_a_jour": passage.sorts[Sort.COMPLETER],
        "ignorees": passage.sorts[Sort.IGNORER],
    }


def _importer(importation, passage: Passage, suivi) -> None:
    partiel = passage.options["lignes_valables"]
    try:
        with transaction.atomic():
            une_creation_a_la_fois(importation.etablissement)
            ecriture = Ecriture(passage)
            for decisions in _suivre(passage, suivi):
                if partiel or not passage.rejetees:
                    ecriture.ecrire(decisions)
            if passage.rejetees and not partiel:
                raise RienImporte
            evenements.noter(
                passage.habilitation,
                "importation.terminee",
                charge={"importation": str(importation.pk), **_comptes(passage)},
            )
            _conclure(importation, Etat.TERMINEE, passage=passage)
    except RienImporte:
        nombre = passage.rejetees
        mot = "1 ligne est rejetée" if nombre == 1 else f"{nombre} lignes sont rejetées"
        passage.sorts.clear()
        _conclure(
            importation, Etat.ECHOUEE, passage=passage, motif=f"{mot} : rien n’a été importé."
        )


@transaction.atomic
def _conclure(importation, etat, *, passage: Passage | None = None, motif: str = "") -> None:
    champs = {"etat": etat, "motif": motif[:300]}
    if etat in Importation.FINIES:
        champs["finie_le"] = timezone.now()
    if passage:
        champs |= {"rejetees": passage.rejetees, "faites": passage.faites, **_comptes(passage)}
        champs["avertissements"] = dict(passage.avertissements.most_common(20))
        if etat == Etat.SIMULEE:
            champs["simulation"] = _bilan(passage)
        _garder_les_rejets(importation, passage.rejets)
    if etat in (Etat.ANNULEE, Etat.ECHOUEE) and not passage:
        champs |= {"creees": 0, "mises_a_jour": 0, "ignorees": 0}
    lignes = Importation.objects.filter(pk=importation.pk)
    if etat in (Etat.SIMULEE, Etat.TERMINEE):
        lignes = lignes.filter(annulation_demandee=False)
    if not lignes.update(**champs):
        raise Annulee  # asked for since the last batch: the transaction is undone
    if etat in Importation.FINIES:
        effacer_fichier(importation)


def _bilan(passage: Passage) -> dict:
    return {
        "total": passage.faites,
        "rejetees": passage.rejetees,
        "unites": [u.nom for u in passage.lieux.nouvelles_unites],
        "places": passage.lieux.nombre_de_places,
        "quarantaine": passage.sorts[Sort.QUARANTAINE],
        **_comptes(passage),
    }


def _garder_les_rejets(importation, rejets) -> None:
    importation.rejets.all().delete()
    LigneRejetee.objects.bulk_create(
        [
            LigneRejetee(
                importation=importation,
                ligne=r.ligne,
                colonne=r.colonne[:60],
                valeur=r.valeur[:100].replace("\0", ""),
                raison=r.raison[:300],
                que_faire=r.que_faire[:200],
            )
            for r in rejets
        ],
        batch_size=500,
    )
