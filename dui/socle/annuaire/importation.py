"""Import one national file: read by batches into a buffer, build aside, put in place.

Each batch is a transaction that also says how far one is: after `kill -9`, the same command goes on
from the last batch. Readers search the last good copy all along.
"""

import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from dui.socle import codes
from dui.socle.annuaire import etat, tables
from dui.socle.annuaire.formats import Lecteur, Rejet, nomenclatures, reconnaitre
from dui.socle.annuaire.lecture import FichierRefuse, Source, entete, lignes
from dui.socle.models import CodeNomenclature, ImportAnnuaire, Nomenclature, RejetAnnuaire

ESSAIS_ECHANGE = 20


@dataclass(frozen=True)
class Avancement:
    importation: ImportAnnuaire
    debut: float
    depuis: int  # the position from which this run reads

    @property
    def part(self) -> float:
        return self.importation.position / max(self.importation.taille, 1)

    @property
    def reste(self) -> float:
        """Seconds of reading left, at the speed of this run."""
        lus = self.importation.position - self.depuis
        ecoule = time.monotonic() - self.debut
        return (self.importation.taille - self.importation.position) * ecoule / max(lus, 1)


def _rien(*args) -> None:
    pass


@dataclass
class Options:
    delta: bool = False
    accepter_baisse: bool = False
    avancer: Callable[[Avancement], None] = _rien
    dire: Callable[[str], None] = _rien


@contextmanager
def seul():
    """One import at a time; the lock goes with the connection."""
    with connection.cursor() as c:
        c.execute("SELECT pg_try_advisory_lock(%s)", [tables.VERROU])
        if not c.fetchone()[0]:
            raise FichierRefuse("Un autre import de l’annuaire est en cours.")
        try:
            yield
        finally:
            c.execute("SELECT pg_advisory_unlock(%s)", [tables.VERROU])


def importer(source: Source, options: Options) -> ImportAnnuaire | None:
    """None for a file that holds nothing we keep; FichierRefuse when nothing was published."""
    try:
        importation = _remplir(source, options)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise FichierRefuse(f"{source.nom} : archive abîmée ou incomplète.") from None
    if importation is None:
        return None
    try:
        _publier(source, importation, options)
    except FichierRefuse as refus:
        _clore(importation, ImportAnnuaire.Etat.REFUSE, str(refus))
        etat.echouer(importation.format, str(refus))
        raise
    return importation


def _remplir(source: Source, options: Options) -> ImportAnnuaire | None:
    with source.ouvrir() as flux:
        titres, debut = entete(flux, source.nom)
        lecteur = reconnaitre(titres, source.nom)
        if lecteur is None:
            return None
        importation = _commencer_ou_reprendre(source, lecteur.format, options)
        if importation.etape == ImportAnnuaire.Etape.LECTURE:
            # Forward only: the member of a ZIP cannot be read backwards.
            importation.position = max(importation.position, debut)
            _avancer_jusque(flux, debut, importation.position)
            _lire(flux, lecteur, importation, options)
    return importation


def _commencer_ou_reprendre(source: Source, format_: str, options: Options) -> ImportAnnuaire:
    ouverts = ImportAnnuaire.objects.filter(format=format_, etat=ImportAnnuaire.Etat.EN_COURS)
    for importation in ouverts.order_by("-pk"):
        memes = (importation.empreinte, importation.delta) == (source.empreinte, options.delta)
        if memes and tables.lignes_du_tampon(format_) == importation.retenues:
            importation.reprises += 1
            importation.save(update_fields=["reprises"])
            options.dire(f"Reprise à la ligne {importation.ligne + 1}.")
            return importation
        _clore(importation, ImportAnnuaire.Etat.ABANDONNE, "remplacé par un autre import")
    tables.creer_tampon(format_)
    return ImportAnnuaire.objects.create(
        format=format_,
        fichier=source.nom[-200:],
        empreinte=source.empreinte,
        taille=source.taille,
        delta=options.delta,
        ligne=1,
    )


def _avancer_jusque(flux, ici: int, la: int) -> None:
    while ici < la:
        lu = flux.read(min(la - ici, 2**20))
        if not lu:
            raise FichierRefuse("Le fichier est plus court que lors du premier essai.")
        ici += len(lu)


# ------------------------------------------------------------------ reading


def _lire(flux, lecteur: Lecteur, importation: ImportAnnuaire, options: Options) -> None:
    avancement = Avancement(importation, time.monotonic(), importation.position)
    connus: set = set()
    for rangees, rejets, ligne, position in _lots(flux, lecteur, importation):
        with transaction.atomic():
            tables.verser(lecteur.format, rangees)
            RejetAnnuaire.objects.bulk_create(
                [RejetAnnuaire(importation=importation, ligne=n, motif=m) for n, m in rejets]
            )
            importation.ligne, importation.position = ligne, position
            importation.retenues += len(rangees)
            importation.rejetees += len(rejets)
            importation.avertissements += lecteur.avertissements
            lecteur.avertissements = 0
            importation.save()
            _garder_les_libelles(lecteur, connus)
        if importation.rejetees > settings.ANNUAIRE_REJETS_MAX:
            motif = f"Plus de {settings.ANNUAIRE_REJETS_MAX} lignes illisibles : fichier refusé."
            _clore(importation, ImportAnnuaire.Etat.REFUSE, motif)
            etat.echouer(importation.format, motif)
            raise FichierRefuse(motif)
        options.avancer(avancement)


def _lots(flux, lecteur: Lecteur, importation: ImportAnnuaire) -> Iterator[tuple]:
    rangees: list[tuple[str, ...]] = []
    rejets: list[tuple[int, str]] = []
    position, ligne = importation.position, importation.ligne
    for numero, lus, brut in lignes(flux, position=position, numero=ligne):
        ligne, position = numero, lus
        if brut is not None and not brut.strip():
            continue
        try:
            rangees.append(lecteur.lire(brut))
        except Rejet as rejet:
            rejets.append((ligne, str(rejet)))
        if len(rangees) + len(rejets) >= settings.ANNUAIRE_LOT:
            yield rangees, rejets, ligne, position
            rangees, rejets = [], []
    yield rangees, rejets, ligne, position


def _garder_les_libelles(lecteur: Lecteur, connus: set) -> None:
    """The files carry their own labels: they are the code list."""
    nouveaux = {cle: v for cle, v in lecteur.libelles.items() if cle not in connus}
    if not nouveaux:
        return
    for champ, (code, libelle) in nomenclatures().items():
        siens = [(c, v) for (f, c), v in nouveaux.items() if f == champ]
        if not siens:
            continue
        entete_ = {"libelle": libelle, "version": "extraction", "source": "Annuaire Santé (ANS)"}
        Nomenclature.objects.get_or_create(code=code, defaults=entete_)
        CodeNomenclature.objects.bulk_create(
            [CodeNomenclature(nomenclature_id=code, code=c, libelle=v) for c, v in siens],
            update_conflicts=True,
            unique_fields=["nomenclature", "code"],
            update_fields=["libelle"],
        )
    connus.update(nouveaux)
    codes.oublier()


# ------------------------------------------------------------------ publication


def _publier(source: Source, importation: ImportAnnuaire, options: Options) -> None:
    if not importation.retenues:
        raise FichierRefuse(f"{source.nom} : aucune ligne lisible, rien n’a été remplacé.")
    if not importation.delta:
        _verifier_la_taille(importation, options)
    importation.etape = ImportAnnuaire.Etape.CONSTRUCTION
    importation.save(update_fields=["etape"])
    if not importation.delta:
        options.dire("Construction de la nouvelle copie…")
        tables.construire(importation.format)
    for essai in range(ESSAIS_ECHANGE):
        try:
            _mettre_en_place(source, importation)
            break
        except OperationalError as erreur:
            # A long reading holds the former tables: readers first, we come back.
            if not isinstance(erreur.__cause__, LockNotAvailable) or essai == ESSAIS_ECHANGE - 1:
                raise
            time.sleep(1)
    tables.jeter_tampon(importation.format)


def _verifier_la_taille(importation: ImportAnnuaire, options: Options) -> None:
    publies = ImportAnnuaire.objects.filter(
        format=importation.format, etat=ImportAnnuaire.Etat.PUBLIE, delta=False
    )
    dernier = publies.order_by("-pk").first()
    if dernier is None or options.accepter_baisse:
        return
    plancher = dernier.retenues * (100 - settings.ANNUAIRE_BAISSE_MAX) // 100
    if importation.retenues < plancher:
        raise FichierRefuse(
            f"{importation.retenues} lignes, contre {dernier.retenues} la dernière fois : "
            f"baisse de plus de {settings.ANNUAIRE_BAISSE_MAX} %, rien n’a été remplacé. "
            "Si elle est voulue : --accepter-baisse."
        )


@transaction.atomic
def _mettre_en_place(source: Source, importation: ImportAnnuaire) -> None:
    if importation.delta:
        tables.fusionner(importation.format)
    else:
        tables.echanger(importation.format)
    if importation.format == "mssante":
        tables.ajouter_les_structures_des_bals()
    importation.etat = ImportAnnuaire.Etat.PUBLIE
    importation.fini_le = timezone.now()
    importation.save()
    lignes_ = None if importation.delta else importation.retenues
    etat.reussir(importation.format, donnees_du=source.date, lignes=lignes_)
    if not importation.delta:
        etat.redemander_depuis(source.date)


def _clore(importation: ImportAnnuaire, etat_: str, motif: str) -> None:
    importation.etat, importation.motif, importation.fini_le = etat_, motif[:300], timezone.now()
    importation.save()
    tables.jeter_tampon(importation.format)
    tables.jeter_les_neuves(importation.format)
