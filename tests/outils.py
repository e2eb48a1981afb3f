"""A test client that refuses what the browser would refuse, and the guards of conftest.py."""

import re
import time

import lxml.etree
import lxml.html
from django.conf import settings
from django.db import connection
from django.test import Client

# What a GET may write: the trace of the access, the session (and when it was last used), drafts.
ECRITURES_PERMISES = {
    "socle_entreejournal",
    "django_session",
    "socle_brouillon",
    "habilitations_sessionouverte",  # its last activity
    "habilitations_sessionpsc",
}
ECRITURE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


def _fautes_de_balise(tag: str, attributs) -> list[str]:
    """What the content security policy forbids."""
    fautes = [f"<{tag} {n}=>" for n in attributs if n == "style" or n.startswith("on")]
    fautes += [
        f"{v} dans <{tag}>" for v in attributs.values() if v.strip().startswith("javascript:")
    ]
    if tag == "style" or (tag == "script" and "src" not in attributs):
        fautes.append(f"<{tag}>")
    return fautes


def fautes_de_page(html: str) -> list[str]:
    fuites = [f"gabarit qui fuit : {motif}" for motif in ("{{", "{%", "}}", "%}") if motif in html]
    if not html.strip():
        return fuites
    balises = lxml.html.fromstring(html).iter(tag=lxml.etree.Element)
    return fuites + [f for e in balises for f in _fautes_de_balise(e.tag, e.attrib)]


class LectureQuiEcrit:
    """Notes every write, except the permitted tables, of the requests it wraps."""

    def __init__(self):
        self.fautes = []

    def __call__(self, execute, sql, params, many, context):
        trouve = ECRITURE.match(sql if isinstance(sql, str) else "")
        if trouve and trouve[1].lower() not in ECRITURES_PERMISES:
            self.fautes.append(sql[:200])
        return execute(sql, params, many, context)


class ClientVerifie(Client):
    """`get` refuses to write; every HTML page obeys the content security policy."""

    def request(self, **requete):
        garde = LectureQuiEcrit()
        if requete.get("REQUEST_METHOD", "GET") in ("GET", "HEAD"):
            with connection.execute_wrapper(garde):
                reponse = super().request(**requete)
        else:
            reponse = super().request(**requete)
        assert not garde.fautes, f"une lecture a écrit : {garde.fautes}"
        if "html" in reponse.headers.get("Content-Type", "") and not reponse.streaming:
            fautes = fautes_de_page(reponse.content.decode())
            assert not fautes, f"{requete['PATH_INFO']} : {fautes}"
        return reponse


def connecter(compte, client=None) -> ClientVerifie:
    """Sign in without the two pages; the session has just been used."""
    client = client or ClientVerifie()
    client.force_login(compte, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session["activite"] = int(time.time())
    session.save()
    client.compte = compte
    return client


def jeton_de(reponse) -> dict[str, str]:
    """The hidden fields that {% jeton %} printed in a page, ready to be posted."""
    html = reponse.content.decode()
    champs = re.findall(
        r'<input type="hidden" name="(csrfmiddlewaretoken|_auteur)" value="([^"]*)"', html
    )
    assert champs, "la page ne porte pas de {% jeton %}"
    return dict(champs)


def formulaire_de(reponse, action: str = ""):
    """(address, {field: [values]}) of the page's form that posts to `action`, as a browser would
    send it untouched. Without `action`: the page's main form (data-principal)."""
    page = lxml.html.fromstring(reponse.content.decode(), base_url=reponse.request["PATH_INFO"])
    formulaires = [f for f in page.forms if f.method == "POST"]
    if action:
        choisis = [f for f in formulaires if (f.get("action") or "").split("?")[0] == action]
    else:
        choisis = [f for f in formulaires if "data-principal" in f.attrib]
    assert choisis, (
        f"aucun formulaire vers {action or 'la page'} dans {reponse.request['PATH_INFO']}"
    )
    champs: dict[str, list[str]] = {}
    for nom, valeur in choisis[0].form_values():
        champs.setdefault(nom, []).append(valeur)
    return choisis[0].get("action") or reponse.request["PATH_INFO"], champs
