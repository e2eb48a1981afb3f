"""What every trace of a request carries: its id and the workstation's address."""

from contextvars import ContextVar

_contexte: ContextVar[dict] = ContextVar("contexte_requete", default={})  # noqa: B039 — never mutated


def contexte_courant() -> dict:
    """{"requete": id, "adresse": IP} inside a request, {} in a task or a command."""
    return _contexte.get()


def poser_contexte(contexte: dict):
    return _contexte.set(contexte)


def rendre_contexte(jeton) -> None:
    _contexte.reset(jeton)
