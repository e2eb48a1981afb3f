"""What a person asks: deposit, mapping, dry run, import, cancel."""

import uuid
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from admission.importation import colonnes
from admission.importation.lecture import ouvrir
from admission.importation.refus import FichierRefuse
from admission.models import Importation, LigneRejetee
from dui.socle import coffre, evenements, fichiers
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner

Etat = Importation.Etat
CONSERVATION = timedelta(days=30)  # of an unfinished import, and of refused lines


def deposer_fichier(habilitation, *, etablissement, flux, nom) -> Importation:
    """Open and look before keeping: a refused file is never stored (FichierRefuse)."""
    _exiger_le_droit(habilitation, etablissement)
    entete = colonnes.trouver_entete(ouvrir(flux))
    try:  # outside the transaction, which would undo the trace of a refusal
        fichiers.controler(habilitation, flux, nom=nom, permises=fichiers.LISTES)
    except fichiers.FichierInterdit as refus:
        raise FichierRefuse(refus.message, refus.que_faire) from refus
    return _ranger(habilitation, etablissement, entete, contenu=flux.read(), nom=nom)


@transaction.atomic
def _ranger(habilitation, etablissement, entete, *, contenu, nom) -> Importation:
    titres = [str(c) for c in entete.cellules]
    cle = uuid.uuid4()
    importation = Importation.objects.create(
        id=cle,
        etablissement=etablissement,
        compte=habilitation.compte,
        nom_fichier=_nom_sage(nom),
        taille=len(contenu),
        entete=entete.numero,
        correspondance={str(r): p.code for r, p in colonnes.deviner(titres).items()},
        **coffre.ranger(contenu, contexte=cle.bytes),
    )
    consigner(habilitation, "deposer", bloc=Bloc.ADM, cible=f"importation {cle}")
    _oublier_les_abandonnees(etablissement)
    return importation


@transaction.atomic
def choisir_correspondance(habilitation, importation_id, *, colonnes_choisies) -> Importation:
    """`colonnes_choisies`: {rank: code}, what is not imported left out."""
    importation = _prendre(habilitation, importation_id)
    _refuser_si(
        importation.en_travail or importation.finie, "Cet import est déjà en cours ou fini."
    )
    if defauts := colonnes.defauts(colonnes_choisies):
        raise ValidationError(defauts)
    importation.correspondance = {str(r): c for r, c in sorted(colonnes_choisies.items())}
    importation.etat = Etat.CORRESPONDANCE
    importation.save(update_fields=["correspondance", "etat"])
    return importation


@transaction.atomic
def demander_simulation(habilitation, importation_id, *, en_file=True, **options) -> Importation:
    """`en_file=False`: the caller runs `executer` itself (command line)."""
    importation = _prendre(habilitation, importation_id)
    _refuser_si(
        importation.etat not in (Etat.CORRESPONDANCE, Etat.SIMULEE),
        "Vérifiez d’abord les colonnes.",
    )
    return _demarrer(importation, Etat.SIMULATION, options, en_file)


@transaction.atomic
def demander_import(habilitation, importation_id, *, en_file=True, **options) -> Importation:
    importation = _prendre(habilitation, importation_id)
    _refuser_si(
        importation.etat not in (Etat.CORRESPONDANCE, Etat.SIMULEE),
        "Cet import est déjà en cours ou fini.",
    )
    consigner(habilitation, "importer", bloc=Bloc.ADM, cible=f"importation {importation.pk}")
    evenements.noter(
        habilitation, "importation.demandee", charge={"importation": str(importation.pk)}
    )
    return _demarrer(importation, Etat.EN_COURS, options, en_file)


@transaction.atomic
def relancer(habilitation, importation_id) -> None:
    """The queue lost the task, or was down when it was sent."""
    importation = _prendre(habilitation, importation_id)
    _refuser_si(not importation.en_travail, "Cet import n’attend rien.")
    _envoyer(importation)


@transaction.atomic
def annuler(habilitation, importation_id) -> Importation:
    """A running import stops at its next batch and undoes itself; a waiting one stops here."""
    importation = _prendre(habilitation, importation_id)
    _refuser_si(importation.finie, "Cet import est déjà fini.")
    importation.annulation_demandee = True
    if importation.en_travail and importation.signe_le and not importation.sans_nouvelles:
        importation.save(update_fields=["annulation_demandee"])
        return importation
    importation.etat, importation.finie_le = Etat.ANNULEE, timezone.now()
    importation.save(update_fields=["annulation_demandee", "etat", "finie_le"])
    effacer_fichier(importation)
    return importation


def effacer_fichier(importation) -> None:
    """After the commit: a file erased by a transaction that fails would be missing."""
    if importation.chemin:
        chemin = importation.chemin
        Importation.objects.filter(pk=importation.pk).update(chemin="")
        transaction.on_commit(lambda: coffre.effacer(Importation(chemin=chemin)), robust=True)


def _exiger_le_droit(habilitation, etablissement) -> None:
    lieux = habilitation.etablissements(Bloc.ADM, Action.SAISIR)
    if not lieux.filter(pk=etablissement.pk).exists():
        raise PermissionDenied("Votre rôle ne permet pas d’importer dans cet établissement.")


def _prendre(habilitation, importation_id) -> Importation:
    visibles = Importation.objects.visibles(habilitation)
    return visibles.select_for_update(of=("self",)).get(pk=importation_id)


def _refuser_si(condition: bool, message: str) -> None:
    if condition:
        raise ValidationError(message)


def _demarrer(importation, etat, options, en_file) -> Importation:
    importation.etat, importation.options = etat, importation.options | options
    importation.total = importation.faites = importation.rejetees = 0
    importation.creees = importation.mises_a_jour = importation.ignorees = 0
    importation.motif, importation.annulation_demandee = "", False
    importation.demarree_le, importation.signe_le = timezone.now(), None
    importation.save()
    if en_file:
        _envoyer(importation)
    return importation


def _envoyer(importation) -> None:
    from admission.tasks import executer

    identifiant = str(importation.pk)
    transaction.on_commit(lambda: executer.apply_async([identifiant], retry=False), robust=True)


def _nom_sage(nom: str) -> str:
    """The base name that a browser sends, without path nor control character."""
    base = nom.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in base if c.isprintable())[-150:] or "liste"


def _oublier_les_abandonnees(etablissement) -> None:
    """Refused lines hold names of persons who are nowhere else: they go too."""
    anciennes = Importation.objects.filter(
        etablissement=etablissement, deposee_le__lt=timezone.now() - CONSERVATION
    )
    LigneRejetee.objects.filter(importation__in=anciennes.values("pk")).delete()
    for importation in anciennes.exclude(etat__in=Importation.FINIES).order_by("pk")[:50]:
        effacer_fichier(importation)
        Importation.objects.filter(pk=importation.pk).update(
            etat=Etat.ANNULEE, finie_le=timezone.now(), motif="Import abandonné."
        )
