"""Extension points: how the blocks meet without importing each other.

Each block registers its entries in `AppConfig.ready()`. An entry is frozen; its callables receive
the habilitation first and read only through `.visibles(habilitation)`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from dui.socle.enums import Action, Bloc

E = TypeVar("E")


class Registre(Generic[E]):
    """Ordered entries, one per name."""

    def __init__(self) -> None:
        self._entrees: dict[str, E] = {}

    def ajouter(self, entree: E) -> None:
        nom = entree.nom  # type: ignore[attr-defined]
        if nom in self._entrees:
            raise RuntimeError(f"deux entrées de registre nommées {nom}")
        self._entrees[nom] = entree

    def __iter__(self) -> Iterator[E]:
        return iter(sorted(self._entrees.values(), key=lambda e: e.ordre))  # type: ignore[attr-defined]

    def permis(self, habilitation) -> list[E]:
        """The entries whose right exists somewhere for this account (menus, not records)."""
        return [e for e in self if habilitation.peut(e.bloc, e.action)]  # type: ignore[attr-defined]

    def permis_pour(self, habilitation, dossier) -> list[E]:
        """The entries that open for this very dossier."""
        return [e for e in self if habilitation.peut_pour(dossier, e.bloc, e.action)]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class EntreeRail:
    """A place of the left rail; `url_nom` is a URL name without argument."""

    nom: str
    libelle: str
    icone: str
    url_nom: str
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100
    prefixe: str = ""  # paths that mark the entry as current, when wider than its own
    domaines: frozenset[str] = frozenset()  # of the establishment; none: everywhere
    pied: bool = False  # kept apart, at the foot of the rail, whatever its length


@dataclass(frozen=True)
class OngletDossier:
    """A tab of the record; `url_nom` takes `dossier_id`."""

    nom: str
    libelle: str
    url_nom: str
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100


@dataclass(frozen=True)
class SectionSynthese:
    """A section of the dossier's summary: `contexte(habilitation, dossier)` feeds `gabarit`;
    None or an empty dict hides the section. `colonne`: tete, gauche, milieu, droite, large."""

    nom: str
    gabarit: str
    contexte: Callable[[Any, Any], dict | None]
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100
    colonne: str = "large"


@dataclass(frozen=True)
class SectionAccueil:
    """A section of « Mon poste »: `contexte(habilitation, lieu)`."""

    nom: str
    gabarit: str
    contexte: Callable[[Any, Any], dict | None]
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100
    colonne: str = "gauche"


@dataclass(frozen=True)
class SectionPortail:
    """What a portal account reads: `contexte(habilitation, dossier)`; releasable rows only."""

    nom: str
    libelle: str
    icone: str
    gabarit: str
    contexte: Callable[[Any, Any], dict | None]
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100


@dataclass(frozen=True)
class ColonneResidents:
    """A column of the residents' board: `valeurs(habilitation, sejours)` gives
    {dossier_id: value} in a constant number of queries, `cellule(value, usager)` draws it."""

    nom: str
    libelle: str
    cellule: Callable[[Any, Any], str]
    valeurs: Callable[[Any, list], dict]
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100


@dataclass(frozen=True)
class SourceVignettes:
    """Badges of the identity banner and of the board: `vignettes(habilitation, dossiers)`, each
    with its usager, gives {dossier_id: [Vignette]}. `tableau`: on the board only."""

    nom: str
    vignettes: Callable[[Any, list], dict]
    bloc: str
    action: str = Action.RESUME
    ordre: int = 100
    tableau: bool = False


@dataclass(frozen=True)
class Vignette:
    """`alerte`: something happens now (a permanent risk is no alert)."""

    ton: str
    icone: str
    libelle: str
    plein: bool = False
    alerte: bool = False
    type: str = ""  # code of « type_vigilance », when it is one


@dataclass(frozen=True)
class Attente:
    """Something that waits for the account (« À traiter »): `requete(habilitation)` is a bounded
    QuerySet of what to count; the shell counts them all at once. With a `libelle` and a `url_nom`,
    the page of notifications leads to it. `accueil`: said on the home page only, and not by the
    bell (`coque.accueil.NOM`)."""

    nom: str
    requete: Callable[[Any], Any]
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100
    libelle: str = ""
    url_nom: str = ""
    accueil: bool = False


@dataclass(frozen=True)
class SectionFiche:
    """A part of the emergency sheet (PDF): `contexte(habilitation, dossier)` feeds `gabarit`.
    `colonne`: tete, gauche, droite."""

    nom: str
    gabarit: str
    contexte: Callable[[Any, Any], dict | None]
    bloc: str = Bloc.ANT
    action: str = Action.RESUME
    ordre: int = 100
    colonne: str = "gauche"


@dataclass(frozen=True)
class SourceAbsences:
    """Who is away from the house of their stay: `absences(habilitation, sejours, instant)` gives
    {dossier_id: the absence in progress then, with debut, fin, code}."""

    nom: str
    absences: Callable[[Any, list, Any], dict]
    bloc: str = Bloc.ID
    action: str = Action.RESUME
    ordre: int = 100


@dataclass(frozen=True)
class Occupation:
    """What keeps a person elsewhere or busy for a while, as another block knows it. `fin`: None
    when nobody knows yet."""

    dossier_id: Any
    libelle: str
    debut: datetime
    fin: datetime | None = None
    icone: str = "sortie"


@dataclass(frozen=True)
class SourceAgenda:
    """What else an agenda shows of a person: `occupations(habilitation, dossier_ids, debut, fin)`
    gives [Occupation], in a constant number of queries."""

    nom: str
    occupations: Callable[[Any, list, datetime, datetime], list[Occupation]]
    bloc: str
    action: str = Action.RESUME
    ordre: int = 100


@dataclass(frozen=True)
class Redacteur:
    """Who writes down what another block noticed: `ecrire(habilitation, dossier, cible=, donnees=,
    survenu_le=, cle_saisie=)`; the same key twice is one line."""

    nom: str
    ecrire: Callable[..., Any]
    bloc: str
    action: str = Action.SAISIR
    ordre: int = 100


@dataclass(frozen=True)
class Trace:
    """What happened one day and may speak for or against an objective of a project. `url_nom` takes
    `dossier_id` and the key under the name `url_argument`."""

    cle: Any
    survenu_le: datetime
    texte: str
    auteur: str
    titre: str = ""
    url_nom: str = ""
    url_argument: str = ""


@dataclass(frozen=True)
class SourcePreuves:
    """Where traces come from (transmissions, acts, events): `lire(habilitation, dossier, keys)`
    gives {key: Trace} of those this account may read, in a constant number of queries;
    `recentes(habilitation, dossier, n)` the last n, to choose from. Keys are UUIDs."""

    nom: str
    libelle: str
    lire: Callable[[Any, Any, list], dict[Any, Trace]]
    recentes: Callable[[Any, Any, int], list[Trace]]
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100


@dataclass(frozen=True)
class ListeObjectifs:
    """What a meeting or a planned act may serve: `choix(habilitation, dossier)` gives
    [(key, label)]; the key is kept as it is (« source:identifier »)."""

    nom: str
    choix: Callable[[Any, Any], list[tuple[str, str]]]
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100


@dataclass(frozen=True)
class Decompte:
    """What was planned for an objective, over a period: how many times it went its way, against
    it, or neither. `url_nom` takes `dossier_id`."""

    libelle: str
    pour: int = 0
    contre: int = 0
    neutres: int = 0
    precision: str = ""
    url_nom: str = ""

    @property
    def total(self) -> int:
        return self.pour + self.contre + self.neutres


@dataclass(frozen=True)
class SourceDecomptes:
    """What recurs too often to be linked trace by trace: `compter(habilitation, dossier, depuis)`
    gives {key of `listes_objectifs`: [Decompte]}, in a constant number of queries."""

    nom: str
    compter: Callable[[Any, Any, date], dict[str, list[Decompte]]]
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100


@dataclass(frozen=True)
class Releve:
    """A value that another part of the record knows: how it reads, since when, by whom."""

    valeur: Decimal
    texte: str
    le: datetime
    par: str


@dataclass(frozen=True)
class SourceReleves:
    """Recent values that a form may propose: `releves(habilitation, dossier, depuis)` gives
    {code: Releve}. A proposed value is shown with its source, and confirmed by hand."""

    nom: str
    releves: Callable[[Any, Any, datetime], dict[str, Releve]]
    bloc: str
    action: str = Action.VOIR
    ordre: int = 100


rail: Registre[EntreeRail] = Registre()
onglets_dossier: Registre[OngletDossier] = Registre()
sections_synthese: Registre[SectionSynthese] = Registre()
sections_accueil: Registre[SectionAccueil] = Registre()
sections_portail: Registre[SectionPortail] = Registre()
sections_fiche: Registre[SectionFiche] = Registre()
colonnes_residents: Registre[ColonneResidents] = Registre()
attentes: Registre[Attente] = Registre()
sources_vignettes: Registre[SourceVignettes] = Registre()
sources_absences: Registre[SourceAbsences] = Registre()
redacteurs: Registre[Redacteur] = Registre()
sources_preuves: Registre[SourcePreuves] = Registre()
sources_agenda: Registre[SourceAgenda] = Registre()
sources_decomptes: Registre[SourceDecomptes] = Registre()
listes_objectifs: Registre[ListeObjectifs] = Registre()
sources_releves: Registre[SourceReleves] = Registre()


def objectifs(habilitation, dossier) -> list[tuple[str, str]]:
    """What may be served for this person, from every list that this account may read."""
    listes = listes_objectifs.permis_pour(habilitation, dossier)
    return [choix for liste in listes for choix in liste.choix(habilitation, dossier)]
