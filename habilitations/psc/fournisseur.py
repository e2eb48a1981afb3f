"""The one client of the configured provider: its document and its keys are read once a process."""

from functools import lru_cache

from django.conf import settings

from dui.connecteurs.psc import Client, Reglages


def client() -> Client:
    return _client(
        Reglages(
            decouverte=settings.PSC_DECOUVERTE,
            client=settings.PSC_CLIENT,
            secret=settings.PSC_SECRET,
            delai=settings.PSC_DELAI,
        )
    )


@lru_cache(maxsize=4)
def _client(reglages: Reglages) -> Client:
    return Client(reglages)
