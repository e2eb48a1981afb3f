"""The rights of a role in an organisme: the shipped matrix, and what the organisme changed."""

from collections.abc import Iterable, Mapping
from typing import Any

Paire = Mapping[str, Any]


def effectifs(droits: Iterable[Paire], reglages: Iterable[Mapping]) -> list[dict[str, str]]:
    """Rights as {"bloc", "action"}; a setting also says `accorde`."""
    paires = {(d["bloc"], d["action"]) for d in droits}
    for r in reglages:
        paire = (r["bloc"], r["action"])
        paires = paires | {paire} if r["accorde"] else paires - {paire}
    return [{"bloc": bloc, "action": action} for bloc, action in sorted(paires)]
