"""The folder of the demo: its databases, its documents, and who is using it now."""

import fcntl
import json
import os
import shutil
from pathlib import Path

from dui import devstack

RACINE = Path(__file__).resolve().parents[1]
SERVEURS = {"DATABASE_URL": devstack.Postgres, "REDIS_URL": devstack.Redis}


class Occupe(RuntimeError):
    """Another process uses the folder; `par` is what it says of itself."""

    def __init__(self, par):
        super().__init__("dossier occupé")
        self.par = par


class Emplacement:
    def __init__(self, dossier=None):
        self.dossier = Path(dossier or os.environ.get("DUI_VAR") or RACINE / "var").resolve()
        self.fiche = self.dossier / "demo.json"
        self.marque = self.dossier / "preparation"
        self.serveurs = []
        self._verrou = None

    def prendre(self, **description):
        """The kernel releases the lock with the process, however it ends."""
        self.dossier.mkdir(parents=True, exist_ok=True)
        verrou = open(self.dossier / "verrou", "a")  # noqa: SIM115 (held until the end)
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            verrou.close()
            raise Occupe(self.lire()) from None
        self._verrou = verrou
        self.decrire(**description)

    def decrire(self, **description):
        texte = json.dumps({"pid": os.getpid(), **description})
        provisoire = self.fiche.with_suffix(".tmp")
        provisoire.write_text(texte)
        provisoire.chmod(0o600)
        provisoire.replace(self.fiche)

    def lire(self) -> dict:
        try:
            return json.loads(self.fiche.read_text())
        except (OSError, ValueError):
            return {}

    def creer_serveurs(self):
        """Those that the environment does not name already."""
        absents = {nom: s for nom, s in SERVEURS.items() if not os.environ.get(nom)}
        return [(nom, serveur(self.dossier)) for nom, serveur in absents.items()]

    def demarrer_serveurs(self):
        os.environ["DUI_VAR"] = str(self.dossier)
        for nom, serveur in self.creer_serveurs():
            self.serveurs.append(serveur)
            os.environ[nom] = serveur.start().url
        if any(getattr(serveur, "created", False) for serveur in self.serveurs):
            self.marque.unlink(missing_ok=True)

    def effacer(self):
        """Only what this application made: the folder may hold something else."""
        for _, serveur in self.creer_serveurs():
            serveur.erase()
        for nom in ("documents", "static", "ancres"):
            shutil.rmtree(self.dossier / nom, ignore_errors=True)
        for fichier in (self.marque, *self.dossier.glob("celerybeat-schedule*")):
            fichier.unlink(missing_ok=True)

    def rendre(self):
        for serveur in reversed(self.serveurs):
            serveur.stop()
        if self._verrou:
            self.fiche.unlink(missing_ok=True)
            self._verrou.close()
