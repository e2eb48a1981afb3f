"""Debian's Chromium, driven by Playwright: the same for the tests and for the captures."""

import os
from contextlib import contextmanager
from shutil import which

from playwright.sync_api import Browser, sync_playwright

PROGRAMMES = (os.environ.get("DUI_CHROMIUM"), "chromium-headless-shell", "chromium")
OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
ECRANS = {
    1366: {"width": 1366, "height": 768},
    1920: {"width": 1920, "height": 1080},
    820: {"width": 820, "height": 1180},
    390: {"width": 390, "height": 844},
}
CONTEXTE = {
    "locale": "fr-FR",
    "timezone_id": "Europe/Paris",
    "service_workers": "block",
    "reduced_motion": "reduce",  # colours are judged, not what lies between two of them
}
DELAI = 10_000  # milliseconds; a page of the product answers in a tenth of a second


@contextmanager
def lancer():
    with sync_playwright() as playwright:
        navigateur: Browser = playwright.chromium.launch(
            executable_path=next(filter(None, map(which, filter(None, PROGRAMMES)))),
            headless=True,
            chromium_sandbox=os.geteuid() != 0,  # root has no sandbox
            args=OPTIONS,
        )
        yield navigateur
        navigateur.close()
