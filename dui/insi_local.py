"""The demo's own INSi: its address, and certificates that are made at each start."""

import os
from pathlib import Path

from dui.psc_local import port_libre


def insi_local(dossier: Path, port_web: int) -> list[str]:
    """What starts it, once the environment of the web and of the worker names it; nothing where
    the environment already names an INSi."""
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
