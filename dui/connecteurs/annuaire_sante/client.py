"""Client of the Annuaire Santé API (FHIR R4, v2): pages of resources, changes since a date."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dui.connecteurs.annuaire_sante.erreurs import ReponseIllisible, TropDeDemandes
from dui.connecteurs.annuaire_sante.ressources import Ressource, lire
from dui.connecteurs.annuaire_sante.transport import Transport

PAR_PAGE = 200
ENTREES_MAX = 5_000  # of one page, included resources counted
ESSAIS = 5
# What goes with each kind of resource: a role alone names nobody.
INCLUSIONS = {
    "Practitioner": [],
    "Organization": [],
    "PractitionerRole": [
        ("_include", "PractitionerRole:practitioner"),
        ("_include", "PractitionerRole:organization"),
    ],
}


@dataclass(frozen=True)
class Reglages:
    base: str
    cle: str = field(repr=False)
    delai: float = 30.0
    par_seconde: float = 12.0
    attente_max: float = 120.0  # of all the waits that the gateway asks for
    pages_max: int = 4_000


@dataclass(frozen=True)
class Page:
    """Resources found, and those that come along with them."""

    trouvees: tuple[Ressource, ...]
    jointes: tuple[Ressource, ...]


class Client:
    """`with Client(reglages) as client: for page in client.modifies("Practitioner", depuis): …`"""

    def __init__(
        self,
        reglages: Reglages,
        *,
        horloge: Callable[[], float] = time.monotonic,
        dormir: Callable[[float], None] = time.sleep,
    ):
        self.reglages, self._dormir = reglages, dormir
        self._http = Transport(
            reglages.base,
            reglages.cle,
            delai=reglages.delai,
            par_seconde=reglages.par_seconde,
            horloge=horloge,
            dormir=dormir,
        )
        self._patience = reglages.attente_max

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.fermer()

    def modifies(self, sorte: str, depuis: datetime) -> Iterator[Page]:
        """What has changed since then, inactive resources included."""
        quand = depuis.isoformat(timespec="seconds")
        yield from self.chercher(sorte, [("_lastUpdated", f"ge{quand}"), *INCLUSIONS[sorte]])

    def par_identifiant(self, sorte: str, numero: str) -> tuple[Ressource, ...]:
        """A professional by RPPS, a structure by FINESS."""
        return next(self.chercher(sorte, [("identifier", numero)])).trouvees

    def chercher(self, sorte: str, parametres: list[tuple[str, str]]) -> Iterator[Page]:
        bundle = self._demander(
            f"{self._http.base}/{sorte}", [*parametres, ("_count", str(PAR_PAGE))]
        )
        for _ in range(self.reglages.pages_max):
            yield _page(bundle)
            suite = _suite(bundle)
            if not suite:
                return
            bundle = self._demander(self._http.meme_origine(suite))
        raise ReponseIllisible("pages sans fin")

    def _demander(self, adresse: str, parametres: list[tuple[str, str]] | None = None) -> dict:
        """Waits when told to, as long as the patience of the whole run allows it."""
        for _ in range(ESSAIS):
            try:
                return self._http.demander(adresse, parametres)
            except TropDeDemandes as trop:
                if trop.attente > self._patience:
                    raise
                self._patience -= max(trop.attente, 1)
                self._dormir(trop.attente)
        return self._http.demander(adresse, parametres)


def _page(bundle: dict[str, Any]) -> Page:
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "searchset":
        raise ReponseIllisible("autre chose qu’une liste de résultats")
    entrees = bundle.get("entry", [])
    if not isinstance(entrees, list) or len(entrees) > ENTREES_MAX:
        raise ReponseIllisible("liste de résultats illisible")
    trouvees, jointes = [], []
    for entree in entrees:
        ressource = lire(entree.get("resource")) if isinstance(entree, dict) else None
        if ressource is None:
            continue
        recherche = entree.get("search")
        mode = recherche.get("mode") if isinstance(recherche, dict) else ""
        (jointes if mode == "include" else trouvees).append(ressource)
    return Page(tuple(trouvees), tuple(jointes))


def _suite(bundle: dict[str, Any]) -> str:
    """The opaque address of the next page: never built, only followed."""
    liens = bundle.get("link", [])
    for lien in liens if isinstance(liens, list) else ():
        if isinstance(lien, dict) and lien.get("relation") == "next":
            return str(lien.get("url") or "")
    return ""
