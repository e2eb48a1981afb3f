"""What every client of an outside service asks of the network."""

import ssl
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit


def boucle_locale(adresse: str) -> bool:
    """This very machine (demo, tests): nothing leaves it, hence no proxy and no need of TLS."""
    hote = urlsplit(adresse).hostname or ""
    try:
        return hote == "localhost" or ip_address(hote).is_loopback
    except ValueError:
        return False


@cache
def autorites() -> ssl.SSLContext:
    """The public ones. Read once a process: it costs more than an exchange."""
    contexte = ssl.create_default_context()
    contexte.minimum_version = ssl.TLSVersion.TLSv1_2
    return contexte
