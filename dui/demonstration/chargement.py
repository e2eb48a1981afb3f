"""Load a generated world with COPY, in one transaction, a few persons at a time.

No history row is written for the historised models: the demo starts its history empty.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from dui.demonstration import (
    agenda,
    cellule,
    cibles,
    coordination,
    doublon,
    evaluations,
    grilles,
    photos,
    presences,
    projets,
    repas,
    tours,
)
from dui.demonstration import monde as mondes
from dui.demonstration.annuaire import copie
from dui.demonstration.copie import copier, recaler_sequences
from dui.demonstration.lignes import Lignes
from dui.demonstration.traces import LignesDeTraces
from dui.socle import journal, nomenclatures_fichiers
from dui.socle.models import Compte, Nomenclature, Organisme

FUSEAU = "Europe/Paris"
LOT = 120
RESUME = ("compte", "transmission", "mesure", "lecture", "acte")
CONSERVES = {
    "socle.nomenclature",
    "socle.codenomenclature",
    "socle.lieunaissance",
    "habilitations.role",
    "habilitations.droit",
}


class DejaDesDonnees(Exception):
    pass


def maintenant_local(instant=None):
    """Naive, to the second, in the time zone of the houses: the unit of the generator."""
    instant = (instant or timezone.now()).astimezone(ZoneInfo(FUSEAU))
    return instant.replace(tzinfo=None, microsecond=0)


def vider() -> None:
    """Every row of the application but the shipped code lists and the matrix."""
    etiquettes = ("socle", "habilitations", "admission", "accompagnement", "soins",
                  "coordination", "administratif", "relation_usager", "otp_totp", "otp_static",
                  "sessions")  # fmt: skip
    tables = [
        modele._meta.db_table
        for etiquette in etiquettes
        if etiquette in apps.app_configs
        for modele in apps.get_app_config(etiquette).get_models(include_auto_created=True)
        if modele._meta.label_lower not in CONSERVES and modele._meta.managed
    ]
    noms = ", ".join(f'"{t}"' for t in tables)
    with connection.cursor() as curseur:
        curseur.execute(f"TRUNCATE {noms} RESTART IDENTITY CASCADE")
    # The directory brought lists of its own.
    Nomenclature.objects.exclude(code__in=nomenclatures_fichiers.livrees()).delete()


class Scribe:
    """Copies a batch while the next one is being invented: the database and Python each have
    their processor. Nothing else may use the connection before `attendre`."""

    def __init__(self, executeur, curseur, *groupes):
        self.executeur, self.curseur = executeur, curseur
        self.tables = {nom: table for g in groupes for nom, table in g.tables.items()}
        self.totaux = dict.fromkeys(self.tables, 0)
        self.en_cours = None

    def ecrire(self):
        lot = [(table.ordre, table.prendre()) for table in self.tables.values()]
        for nom, (_, lignes) in zip(self.tables, lot, strict=True):
            self.totaux[nom] += len(lignes)
        self.attendre()
        self.en_cours = self.executeur.submit(copier, self.curseur, lot)

    def attendre(self):
        if self.en_cours:
            self.en_cours.result()
            self.en_cours = None


class Chargeur:
    def __init__(self, taille, *, graine=1, instant=None, dire=lambda texte: None):
        self.taille = mondes.TAILLES[taille] if isinstance(taille, str) else taille
        self.graine, self.instant, self.dire = graine, instant, dire
        self.totaux = {}

    def charger(self, *, remise_a_zero=False):
        debut = time.monotonic()
        with transaction.atomic():
            if remise_a_zero:
                vider()
            elif Organisme.objects.exists():
                raise DejaDesDonnees
            self._charger()
        self._finir()
        self.dire(f"{time.monotonic() - debut:.1f} s")
        return self.totaux

    def _charger(self):
        monde = mondes.creer(
            self.taille, graine=self.graine, maintenant=maintenant_local(self.instant)
        )
        self.dire(f"{len(monde.maisons)} établissements, {len(monde.personnes)} dossiers")
        lignes, traces = Lignes(monde), LignesDeTraces(monde)
        with connection.cursor() as curseur:
            curseur.execute(f"SET LOCAL timezone TO '{FUSEAU}'")
            # Checked batch by batch: otherwise millions of checks would wait in memory.
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with ThreadPoolExecutor(1) as executeur:
                scribe = Scribe(executeur, curseur.cursor, lignes, traces)
                lignes.structure()
                lignes.employes()
                for rang, p in enumerate(monde.personnes, 1):
                    lignes.personne(p)
                    traces.personne(p)
                    if rang % LOT == 0:
                        scribe.ecrire()
                scribe.attendre()
                lignes.ouvrir_portail()
                traces.journal_des_comptes()
                traces.brouillons()
                scribe.ecrire()
                scribe.attendre()
            self.totaux = scribe.totaux
            recaler_sequences(curseur, [Compte])
            self.totaux["rendez_vous"] = agenda.ecrire(monde, curseur)
            Compte.objects.filter(affectations__role="ADMIN_SI").update(is_staff=True)
            curseur.execute("SET LOCAL timezone TO 'UTC'")
        self.totaux["evaluation"] = evaluations.ecrire(self.graine)
        self.totaux["evenement"] = coordination.ecrire(self.graine)
        cibles.ecrire(self.graine)
        photos.ecrire(self.graine)
        self.totaux["absence"] += presences.ecrire(self.graine)
        self.totaux["acte"] = tours.ecrire(self.graine)
        self.totaux["repas"] = repas.ecrire(self.graine)
        self.totaux["projet"] = projets.ecrire(self.graine)
        self.totaux["evaluation"] += grilles.ecrire(self.graine)

    def _finir(self):
        copie.charger()  # the directory, by the very import of the real one
        cellule.peupler()
        doublon.ajouter()
        while journal.sceller():
            pass
        with connection.cursor() as curseur:
            curseur.execute("ANALYZE")
        ecrits = " ".join(f"{n:_} {nom}s," for nom, n in self.totaux.items() if nom in RESUME)
        self.dire(ecrits.replace("_", " ").rstrip(","))
