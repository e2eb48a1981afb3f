"""The demo's own counterparts of the national services: their addresses, and secrets that nobody
knows, made at each start.

Each function gives what starts one of them, once the environment of the web and of the worker
names it; nothing where the environment already names a service.
"""

import os
import secrets
import socket
from pathlib import Path


def psc_local(dossier: Path, port_web: int) -> list[str]:
    if os.environ.get("DUI_PSC_DECOUVERTE"):
        return []
    port = port_libre(port_web + 1)
    racine = f"http://127.0.0.1:{port}/auth/realms/esante-wallet"
    os.environ |= {
        "DUI_PSC_DECOUVERTE": f"{racine}/.well-known/wallet-openid-configuration",
        "DUI_PSC_CLIENT": "dui-demonstration",
        "DUI_PSC_SECRET_FICHIER": _secret(dossier / "psc_secret"),
    }
    return ["-m", "dui.demonstration.psc", str(port), str(port_web)]


def insi_local(dossier: Path, port_web: int) -> list[str]:
    if os.environ.get("DUI_INSI_URL"):
        return []
    from dui.connecteurs.insi.local import IDAM, Autorite

    certificats = dossier / "insi"
    autorite = Autorite(certificats)
    autorite.serveur()
    client = autorite.client()
    port = port_libre(port_web + 2)
    os.environ |= {
        "DUI_INSI_URL": f"https://127.0.0.1:{port}/lps",
        "DUI_INSI_CERTIFICAT": str(client.certificat),
        "DUI_INSI_CLE": str(client.cle),
        "DUI_INSI_AUTORITES": str(autorite.certificat),
        "DUI_INSI_IDAM": IDAM,
    }
    return ["-m", "dui.connecteurs.insi.local", str(port), str(certificats)]


def annuaire_local(dossier: Path, port_web: int) -> list[str]:
    if os.environ.get("DUI_ANNUAIRE_API"):
        return []
    port = port_libre(port_web + 3)
    cle = _secret(dossier / "annuaire_cle")
    os.environ |= {
        "DUI_ANNUAIRE_API": f"http://127.0.0.1:{port}/fhir/v2",
        "DUI_ANNUAIRE_CLE_FICHIER": cle,
    }
    return ["-m", "dui.demonstration.annuaire", str(port), cle]


def _secret(fichier: Path) -> str:
    """The path of a new one, which only this user reads."""
    fichier.touch(0o600)
    fichier.write_text(secrets.token_urlsafe(32))
    return str(fichier)


def port_libre(souhaite: int) -> int:
    """This one if nobody has it: bookmarks of the demo stay good."""
    for port in (souhaite, 0):
        with socket.socket() as prise:
            prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                prise.bind(("127.0.0.1", port))
            except OSError:
                continue
            return prise.getsockname()[1]
    raise OSError("aucun port libre sur 127.0.0.1")
