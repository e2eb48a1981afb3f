"""The INSi client of this installation, made from the settings."""

from functools import cache
from pathlib import Path

from django.conf import settings

from dui.connecteurs.insi import Acces, ClientInsi, Reglages


def client_insi() -> ClientInsi:
    """`settings.INSI_OUVERT` says whether there is one."""
    return _client(reglages_insi())


def reglages_insi() -> Reglages:
    return Reglages(
        acces=Acces(
            url=settings.INSI_URL,
            certificat=Path(settings.INSI_CERTIFICAT),
            cle=Path(settings.INSI_CLE),
            autorites=_chemin(settings.INSI_AUTORITES),
            mot_de_passe=settings.INSI_MOT_DE_PASSE,
            connexion=settings.INSI_DELAI_CONNEXION,
            lecture=settings.INSI_DELAI_LECTURE,
            total=settings.INSI_DELAI,
        ),
        idam=settings.INSI_IDAM,
        emetteur=settings.INSI_EMETTEUR,
        instance=settings.INSI_INSTANCE,
        schemas=_chemin(settings.INSI_SCHEMAS),
        production=settings.INSI_PRODUCTION,
    )


@cache
def _client(reglages: Reglages) -> ClientInsi:
    """The certificate and the authorities are read once a process."""
    return ClientInsi(reglages)


def _chemin(texte: str) -> Path | None:
    return Path(texte) if texte else None
