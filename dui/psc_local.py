"""The demo's own provider of Pro Santé Connect: its address, and a secret that nobody knows."""

import os
import secrets
import socket
from pathlib import Path


def psc_local(dossier: Path, port_web: int) -> list[str]:
    """What starts it, once the environment of the web and of the worker names it; nothing where
    the environment already names a provider."""
    if os.environ.get("DUI_PSC_DECOUVERTE"):
        return []
    port = port_libre(port_web + 1)
    fichier = dossier / "psc_secret"
    fichier.touch(0o600)
    fichier.write_text(secrets.token_urlsafe(32))
    racine = f"http://127.0.0.1:{port}/auth/realms/esante-wallet"
    os.environ |= {
        "DUI_PSC_DECOUVERTE": f"{racine}/.well-known/wallet-openid-configuration",
        "DUI_PSC_CLIENT": "dui-demonstration",
        "DUI_PSC_SECRET_FICHIER": str(fichier),
    }
    return ["-m", "dui.demonstration.psc", str(port), str(port_web)]


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
