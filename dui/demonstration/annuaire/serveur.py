"""A gateway of the Annuaire Santé over a loopback socket: same addresses, answers and errors, with
invented resources. It can be told to misbehave."""

import json
import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from dui.demonstration.ecoute import ecouter

RACINE = "/fhir/v2"
SORTES = ("Practitioner", "PractitionerRole", "Device", "Organization", "HealthcareService")
INCLUSIONS = {"PractitionerRole:practitioner": "practitioner",
              "PractitionerRole:organization": "organization"}  # fmt: skip


@dataclass
class Travers:
    """How it misbehaves, for the tests: `pannes` answers are wrong, then all is well again."""

    statut: int = 0
    entetes: dict[str, str] = field(default_factory=dict)
    corps: bytes | None = None
    pannes: int = -1  # -1: until told otherwise
    muet: threading.Event | None = None
    suite: str = ""  # a « next » link of its own


@dataclass
class Passerelle:
    """What it holds; `demandes` keeps the addresses asked, without the key."""

    cle: str
    ressources: list[dict] = field(default_factory=list)
    travers: Travers = field(default_factory=Travers)
    demandes: list[str] = field(default_factory=list)
    base: str = ""
    pages: dict[str, tuple[list[dict], int]] = field(default_factory=dict)

    def chercher(self, sorte: str, champs: list[tuple[str, str]]) -> dict:
        trouvees = [r for r in self.ressources if r["resourceType"] == sorte]
        nombre, inclusions = 50, []
        for nom, valeur in champs:
            if nom == "_count":
                nombre = max(int(valeur), 1)
            elif nom == "_include":
                inclusions.append(INCLUSIONS[valeur])
            else:
                trouvees = [r for r in trouvees if _repond(r, nom, valeur)]
        entrees = [self._entree(r, "match") for r in trouvees]
        entrees += [self._entree(r, "include") for r in self._jointes(trouvees, inclusions)]
        return self._bundle(entrees, nombre, len(trouvees))

    def _jointes(self, trouvees, inclusions) -> list[dict]:
        references = {
            r[nom]["reference"]
            for r in trouvees
            for nom in inclusions
            if isinstance(r.get(nom), dict)
        }
        return [r for r in self.ressources if f"{r['resourceType']}/{r['id']}" in references]

    def _entree(self, ressource, mode) -> dict:
        adresse = f"{self.base}/{ressource['resourceType']}/{ressource['id']}"
        return {"fullUrl": adresse, "resource": ressource, "search": {"mode": mode}}

    def _bundle(self, entrees, nombre, total) -> dict:
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": total, "link": []}
        if entrees:
            bundle["entry"] = entrees[:nombre]
        if suite := entrees[nombre:]:
            page = secrets.token_urlsafe(12)
            self.pages[page] = (suite, nombre)
            adresse = self.travers.suite or f"{self.base}/_page?id={page}"
            bundle["link"].append({"relation": "next", "url": adresse})
        return bundle

    def suivre(self, page: str) -> dict | None:
        if page not in self.pages:
            return None
        entrees, nombre = self.pages[page]
        return self._bundle(entrees, nombre, len(entrees))


def _repond(ressource: dict, nom: str, valeur: str) -> bool:
    if nom == "_lastUpdated":
        depuis = datetime.fromisoformat(valeur.removeprefix("ge").replace(" ", "+"))
        return datetime.fromisoformat(ressource["meta"]["lastUpdated"]) >= depuis
    if nom == "identifier":
        return any(i["value"] == valeur.rpartition("|")[2] for i in ressource["identifier"])
    return False


class Guichet(BaseHTTPRequestHandler):
    passerelle: Passerelle

    def log_message(self, format, *args):
        """Silent."""

    def do_GET(self):
        adresse = urlsplit(self.path)
        self.passerelle.demandes.append(self.path)
        if self._mal_repondre():
            return
        if not compare_digest(self.headers.get("ESANTE-API-KEY", ""), self.passerelle.cle):
            self._refuser(401, "security", "Unauthorized")
            return
        champs = parse_qsl(adresse.query)
        sorte = adresse.path.removeprefix(f"{RACINE}/")
        if sorte == "_page":
            bundle = self.passerelle.suivre(dict(champs).get("id", ""))
            if bundle is None:
                self._refuser(410, "processing", "Search expired")
            else:
                self._json(200, bundle)
        elif sorte in SORTES:
            self._json(200, self.passerelle.chercher(sorte, champs))
        else:
            self._refuser(400, "processing", f"HAPI-0302: Unknown resource type '{sorte[:40]}'")

    def _mal_repondre(self) -> bool:
        t = self.passerelle.travers
        if t.muet:
            t.muet.wait(30)
            return True
        if not (t.statut or t.corps is not None) or t.pannes == 0:
            return False
        t.pannes -= 1
        self._repondre(t.statut or 200, t.corps or b"{}", t.entetes)
        return True

    def _refuser(self, statut, code, texte):
        probleme = {"severity": "error", "code": code, "diagnostics": texte}
        self._json(statut, {"resourceType": "OperationOutcome", "issue": [probleme]})

    def _json(self, statut, contenu):
        self._repondre(statut, json.dumps(contenu, ensure_ascii=False).encode(), {})

    def _repondre(self, statut, corps, entetes):
        self.send_response(statut)
        self.send_header("Content-Type", "application/fhir+json; charset=utf-8")
        self.send_header("Content-Length", str(len(corps)))
        for nom, valeur in entetes.items():
            self.send_header(nom, valeur)
        self.end_headers()
        self.wfile.write(corps)


def ouvrir(passerelle: Passerelle, port: int = 0) -> ThreadingHTTPServer:
    """Listens on 127.0.0.1 in a thread of its own; the caller closes."""
    guichet = type("Guichet", (Guichet,), {"passerelle": passerelle})
    serveur = ecouter(guichet, port)
    passerelle.base = f"http://127.0.0.1:{serveur.server_port}{RACINE}"
    return serveur
