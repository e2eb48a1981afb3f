"""Load a generated world with COPY, in one transaction, a few persons at a time.

No history row is written for the historised models: the demo starts its history empty.
"""

import time
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from dui.demonstration import monde as mondes
from dui.demonstration.copie import recaler_sequences
from dui.demonstration.lignes import Lignes
from dui.demonstration.traces import LignesDeTraces
from dui.socle import journal
from dui.socle.models import Compte, Organisme

FUSEAU = "Europe/Paris"
LOT = 120
CONSERVES = {"socle.nomenclature", "socle.codenomenclature", "habilitations.role", "habilitations.droit"}


class DejaDesDonnees(Exception):
    pass


def maintenant_local(instant=None):
    """Naive, to the second, in the time zone of the houses: the unit of the generator."""
    instant = (instant or timezone.now()).astimezone(ZoneInfo(FUSEAU))
    return instant.replace(tzinfo=None, microsecond=0)


def vider() -> None:
    """Every row of the application but the code lists and the matrix."""
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
            lignes.structure()
            lignes.employes()
            self._vider(curseur, lignes)
            for rang in range(0, len(monde.personnes), LOT):
                for p in monde.personnes[rang : rang + LOT]:
                    lignes.personne(p)
                    traces.personne(p)
                self._vider(curseur, lignes, traces)
            lignes.ouvrir_portail()
            traces.journal_des_comptes()
            traces.brouillons()
            self._vider(curseur, lignes, traces)
            recaler_sequences(curseur, [Compte])
            curseur.execute("SET LOCAL timezone TO 'UTC'")

    def _vider(self, curseur, *groupes):
        for groupe in groupes:
            for nom, table in groupe.tables.items():
                table.vider(curseur)
                self.totaux[nom] = table.total

    def _finir(self):
        while journal.sceller():
            pass
        with connection.cursor() as curseur:
            curseur.execute("ANALYZE")
        resume = ", ".join(f"{n} {nom}s" for nom, n in self.totaux.items() if n > 100)
        self.dire(resume)
