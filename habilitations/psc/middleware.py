from dui.socle.contexte_requete import contexte_courant, poser_contexte, rendre_contexte
from habilitations.connexion import saisies
from habilitations.psc import sessions

TRACES = ("profession", "structure")


class SuiviPSC:
    """A session opened by Pro Santé Connect ends when the provider says so; until then, each
    trace tells the profession and the structure chosen for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        psc = request.session.get("psc")
        if not psc:
            return self.get_response(request)
        choisis = {nom: psc[nom] for nom in TRACES if psc[nom]}
        jeton = poser_contexte(contexte_courant() | choisis)
        try:
            return self.get_response(request)
        finally:
            rendre_contexte(jeton)

    def process_view(self, request, vue, args, kwargs):
        psc = request.session.get("psc")
        if not psc or getattr(vue, "hors_verrou", False):
            return None
        if not sessions.finie(psc["session"]):
            return None
        request.session["verrouille"] = request.session["psc_fini"] = True
        return saisies.vers_la_connexion(request, "/verrou/")
