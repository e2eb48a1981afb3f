"""What axe and the four widths find wrong on a page."""

from weakref import WeakKeyDictionary

from axe_playwright_python.base import AXE_SCRIPT

from tests.navigateur.chromium import ECRANS

REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Faults alone, and no style sheet fetched a second time, which none of these rules reads: four
# times less work for the same faults.
CHERCHER = """
([regles, sans]) => {
  const exclues = sans.filter((s) => document.querySelector(s));
  return axe.run(exclues.length ? { exclude: exclues } : document,
    { runOnly: regles, resultTypes: ["violations"], preload: false });
}
"""
# The same on every page: judged on a few of them.
COQUE = ["body > .barre", "body > .rail", "body > .pied", "main > .identite", "main > .onglets"]

DEBOGUEURS: WeakKeyDictionary = WeakKeyDictionary()  # {tab: its debugger}


def axe(page, regles=REGLES, sans=()) -> list[str]:
    if not page.evaluate("'axe' in window"):
        _apporter(page)
    return [
        f"{faute['id']} : {noeud['html'][:160]} {noeud['failureSummary'][:200]}"
        for faute in page.evaluate(CHERCHER, [regles, list(sans)])["violations"]
        for noeud in faute["nodes"]
    ]


def _apporter(page):
    """Through the debugger, which keeps from one page to the next what it compiled: page.evaluate
    compiles it all again, and axe then runs a sixth slower. One for the life of a tab: to leave
    takes away the security keys that another one plugged in."""
    if page not in DEBOGUEURS:
        DEBOGUEURS[page] = page.context.new_cdp_session(page)
    DEBOGUEURS[page].send("Runtime.evaluate", {"expression": AXE_SCRIPT})


def defilement(page, largeur) -> int:
    page.set_viewport_size(ECRANS[largeur])
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")
