"""The demo's own gateway of the Annuaire Santé: its address, and a key that nobody knows."""

import os
import secrets
from pathlib import Path

from dui.psc_local import port_libre


def annuaire_local(dossier: Path, port_web: int) -> list[str]:
    """What starts it, once the environment of the web and of the worker names it; nothing where
    the environment already names an API."""
    if os.environ.get("DUI_ANNUAIRE_API"):
        return []
    port = port_libre(port_web + 3)
    fichier = dossier / "annuaire_cle"
    fichier.touch(0o600)
    fichier.write_text(secrets.token_urlsafe(32))
    os.environ |= {
        "DUI_ANNUAIRE_API": f"http://127.0.0.1:{port}/fhir/v2",
        "DUI_ANNUAIRE_CLE_FICHIER": str(fichier),
    }
    return ["-m", "dui.demonstration.annuaire", str(port), str(fichier)]
