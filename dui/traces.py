"""Logs of the process: identifiers of request and account, never a name, a number or a text."""

import json
import logging
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

requete_en_cours: ContextVar[str] = ContextVar("requete", default="")


class IdentifiantRequete:
    """Number the request; the answer carries the number, which is also in each line of log."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        jeton = requete_en_cours.set(uuid.uuid4().hex[:16])
        try:
            reponse = self.get_response(request)
            reponse["X-Request-ID"] = requete_en_cours.get()
            return reponse
        finally:
            requete_en_cours.reset(jeton)


def resumer(exception) -> dict:
    """Where it happened, not what it says: a database error quotes the values of the row."""
    pile = [f"{e.filename}:{e.lineno} {e.name}" for e in traceback.extract_tb(exception[2])]
    return {"erreur": exception[0].__qualname__, "pile": pile[-20:]}


def demande(record) -> str:
    """Django quotes the path, the host or the origin that were sent, where anything may have been
    typed: the pattern of the page says as much."""
    request = getattr(record, "request", None)
    trouvee = getattr(request, "resolver_match", None)
    page = f"/{trouvee.route}" if trouvee else "adresse inconnue"
    return f"{record.status_code} {getattr(request, 'method', '')} {page}"


class FormatJson(logging.Formatter):
    def format(self, record):
        ligne = {
            "le": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "source": record.name,
            "message": self.message(record),
            "requete": requete_en_cours.get(),
        }
        compte = getattr(getattr(record, "request", None), "_cached_user", None)
        if compte is not None and compte.pk:
            ligne["compte"] = str(compte.pk)
        if record.exc_info and record.exc_info[0]:
            ligne |= resumer(record.exc_info)
        return json.dumps(ligne, ensure_ascii=False)

    def message(self, record):
        tache = getattr(record, "data", None)
        if record.name.startswith("celery") and isinstance(tache, dict) and "name" in tache:
            return f"{tache['name']} {tache.get('id', '')}"  # Celery quotes the exception
        if record.name.startswith("django.") and hasattr(record, "status_code"):
            return demande(record)
        return record.getMessage()


class FormatConsole(logging.Formatter):
    """For the demo and development, whose data are invented: everything, readable."""

    def __init__(self):
        super().__init__("%(levelname)s %(name)s : %(message)s")
