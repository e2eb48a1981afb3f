"""Every night: the days whose delay has passed are closed; the sheets of an evacuation are kept
beside the application, to be read when it does not answer."""

import logging
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accompagnement.presences import lectures, services, titres
from accompagnement.presences.reglages import reglages
from dui.socle import pdf
from dui.socle.models import Etablissement, Unite

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def clore_les_jours():
    nombre = services.clore_les_jours_echus(
        None, Unite.objects.select_related("etablissement").order_by("pk")
    )
    if nombre:
        logger.info("registre des présences : %s jours clos par le délai", nombre)


@shared_task(ignore_result=True, time_limit=3600)
def garder_les_feuilles():
    """var/evacuation/<day>/<FINESS>.pdf, one for each house; the oldest days leave."""
    jour, racine = timezone.localdate(), Path(settings.VAR) / "evacuation"
    dossier = racine / jour.isoformat()
    dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
    for maison in Etablissement.objects.order_by("pk"):
        groupes = lectures.evacuation_du_systeme(maison)
        if groupes:
            contenu = pdf.rendre("accompagnement/presences/evacuation_feuille.html", {
                "titre": "Personnes présentes",
                "groupes": groupes,
                "sous_titre": titres.de_l_evacuation(groupes),
                "lieu": maison,
                "etablissement": maison,
                "imprime_par": "le serveur",
                "imprime_le": timezone.now(),
            })  # fmt: skip
            _ecrire(dossier / f"{maison.finess}.pdf", contenu)
    _oublier(racine, jour)


def _ecrire(chemin: Path, contenu: bytes) -> None:
    """Whole or not at all: half a list of persons is worse than yesterday's."""
    essai = chemin.with_suffix(".tmp")
    essai.write_bytes(contenu)
    essai.chmod(0o600)
    essai.replace(chemin)


def _oublier(racine: Path, jour) -> None:
    derniere = (jour - timedelta(days=reglages()["feuilles_gardees"])).isoformat()
    for ancien in racine.iterdir():
        if ancien.is_dir() and ancien.name < derniere:
            for feuille in ancien.iterdir():
                feuille.unlink()
            ancien.rmdir()
