"""One version as a page shows it: expectations, needs, objectives, actions."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from accompagnement.models import SuiviProjet, VersionProjet
from accompagnement.projets import contenu as contenus
from accompagnement.projets import tendances, trames
from accompagnement.projets.contenu import GENRES
from accompagnement.projets.mots import Diseur, de, jour, personne
from accompagnement.projets.tendances import Tendance
from accompagnement.projets.vie import STATUTS, PreuveLue, Vie
from dui.socle.registres import Decompte

TUS = {contenus.LIEN, contenus.LIENS, contenus.PICTO}
COURT = 30  # a finding that fits beside its gauge


@dataclass
class ElementVu:
    """An element as a page shows it."""

    genre: contenus.Genre
    brut: dict
    lignes: list[tuple[str, str]]
    statut: str = ""
    motif: str = ""

    @property
    def cle(self) -> str:
        return self.brut["id"]

    @property
    def nom(self) -> str:
        return self.genre.nom_de(self.brut)

    def __getattr__(self, champ):
        """Any field of the element, empty when it says nothing."""
        if champ in {c.nom for c in self.genre.champs}:
            return self.brut.get(champ, "")
        raise AttributeError(champ)

    @property
    def phrase(self) -> str:
        """An action in a list: what, when, by whom."""
        dites = dict(self.lignes)
        suite = [x for x in (dites.get("Quand"), dites.get("Responsable")) if x]
        return f"{self.nom} ({', '.join(suite)})" if suite else self.nom

    @property
    def serafin(self) -> str:
        return dict(self.lignes).get("Nomenclature SERAFIN-PH", "")

    @property
    def details(self) -> list[tuple[str, str]]:
        """Less what the page already shows: the links, and what is written for the person."""
        tus = {c.libelle for c in self.genre.champs if c.sorte in TUS or c.nom == "falc"}
        return [(libelle, texte) for libelle, texte in self.lignes if libelle not in tus]

    @property
    def precisions(self) -> str:
        return " ; ".join(f"{libelle} : {texte}" for libelle, texte in self.details[:2])

    @property
    def abandonne(self) -> bool:
        return self.statut == SuiviProjet.Statut.ANNULE

    @property
    def etat(self) -> str:
        return STATUTS.get(self.statut, "")


@dataclass
class ObjectifVu(ElementVu):
    actions: list = field(default_factory=list)
    preuves: list[PreuveLue] = field(default_factory=list)
    decomptes: list[Decompte] = field(default_factory=list)
    suivis: list[SuiviProjet] = field(default_factory=list)
    tendance: Tendance = tendances.A_COMMENCER
    pourcentage: int | None = None

    @property
    def echeance(self) -> str:
        return dict(self.lignes).get("Échéance", "")

    @property
    def mesure(self) -> str:
        """The words of the last finding beside its figure: « 3 repas sur 5 »."""
        dits = [s for s in self.suivis if s.pourcentage is not None]
        dernier = dits[-1] if dits else None
        court = dernier and len(dernier.constat) <= COURT and dernier.constat
        return court or (f"{self.pourcentage} %" if dernier else "")

    @property
    def recentes(self) -> list[PreuveLue]:
        return self.preuves[: trames.reglages()["preuves_affichees"]]

    @property
    def autres(self) -> int:
        return len(self.preuves) - len(self.recentes)

    def combien(self, sens: str) -> int:
        return sum(p.preuve.sens == sens for p in self.preuves)

    @property
    def periode(self) -> str:
        """Over which what recurs is counted."""
        return f"{trames.reglages()['decomptes_jours']} derniers jours"

    @property
    def pour(self) -> int:
        return self.combien("pour")

    @property
    def contre(self) -> int:
        return self.combien("contre")


@dataclass
class Branche:
    """An expectation, and under it each need with its objectives; None: of none."""

    attente: ElementVu | None
    personne: str
    besoins: list[tuple[ElementVu | None, list[ObjectifVu]]] = field(default_factory=list)

    @property
    def titre(self) -> str:
        if self.attente is None:
            return "Autres besoins et objectifs"
        return self.attente.titre or f"Ce que dit {self.attente.qui or self.personne}"

    @property
    def source(self) -> str:
        """Who, how, when."""
        if self.attente is None:
            return ""
        dites = dict(self.attente.lignes)
        qui = self.attente.qui if self.attente.origine != "usager" else self.personne
        dits = [
            f"attente {de(qui)}" if qui else "",
            dites.get("Recueillie", ""),
            dites.get("Le", ""),
        ]
        return ", ".join(filter(None, (d[:1].lower() + d[1:] for d in dits)))


class Lecteur:
    """One version, with what became of it."""

    def __init__(self, version: VersionProjet, vie: Vie, personne: str = "la personne"):
        self.personne = personne
        self.version, self.vie, self.contenu = version, vie, version.contenu
        self.trame = trames.trame(self.contenu["trame"])
        self.dire = Diseur(self.trame, self.contenu)

    @cached_property
    def cadre(self) -> list[tuple[str, str]]:
        sauf = ("titre", "type")
        champs = contenus.champs_du_cadre(self.trame)
        return self.dire.lignes(champs, self.contenu[contenus.CADRE], sauf=sauf)

    @property
    def titre(self) -> str:
        mot = f"version {self.version.numero}"
        return f"{self.contenu[contenus.CADRE].get('titre', 'Projet')}, {mot}"

    @property
    def sous_titre(self) -> str:
        if not self.version.arretee:
            return "En préparation : rien n’est encore arrêté."
        avec = [p.nom for p in self.participants]
        construit = f"Construit avec {_et(avec)}, " if avec else ""
        le = jour(timezone.localdate(self.version.arretee_le).isoformat())
        return f"{construit}{'arrêté' if avec else 'Arrêté'} le {le}."

    @property
    def referent(self) -> str:
        return personne(self.contenu[contenus.CADRE].get("referent", ""))

    def vus(self, genre: str) -> list[ElementVu]:
        return [self._vu(GENRES[genre], e) for e in contenus.elements(self.contenu, genre)]

    def _vu(self, genre, element, classe=ElementVu, **autres):
        cle = element["id"]
        lignes = self.dire.element(genre, element)
        statut, motif = self.vie.statut(cle), self.vie.motif(cle)
        return classe(genre, element, lignes, statut, motif, **autres)

    @cached_property
    def objectifs(self) -> list[ObjectifVu]:
        actions: dict[str, list] = defaultdict(list)
        for action in self.actions:
            for cle in action.brut.get("objectif", ()):
                actions[cle].append(action)
        return [self._objectif(e, actions) for e in contenus.elements(self.contenu, "objectif")]

    @cached_property
    def actions(self) -> list[ElementVu]:
        """Each with its means and services."""
        dessous: dict[str, list] = defaultdict(list)
        for genre in ("moyen", "prestation"):
            for vu in self.vus(genre):
                dessous[vu.brut.get("action", "")].append(vu)
        vues = self.vus("action")
        for action in vues:
            action.dessous = dessous.get(action.cle, [])
        self.sans_action = dessous.get("", [])
        return vues

    def _objectif(self, element, actions) -> ObjectifVu:
        cle, vie = element["id"], self.vie
        mesures, preuves = vie.mesures(cle), vie.preuves.get(cle, [])
        return self._vu(
            GENRES["objectif"],
            element,
            ObjectifVu,
            actions=actions.get(cle, []),
            preuves=preuves,
            decomptes=vie.decomptes.get(cle, []),
            suivis=vie.suivis.get(cle, []),
            pourcentage=mesures[-1][1] if mesures else None,
            tendance=tendances.lire(
                vie.statut(cle),
                mesures,
                vie.sens.get(cle, []),
                timezone.localdate(),
                trames.reglages()["tendance_jours"],
            ),
        )

    @cached_property
    def arbre(self) -> list[Branche]:
        """Expectations in their order; what answers none comes last."""
        par_besoin: dict[str, list[ObjectifVu]] = defaultdict(list)
        for objectif in self.objectifs:
            par_besoin[next(iter(objectif.brut.get("besoin", ())), "")].append(objectif)
        branches = {a.cle: Branche(a, self.personne) for a in self.vus("attente")}
        orphelins = Branche(None, "")
        for besoin in self.vus("besoin"):
            branche = branches.get(besoin.brut.get("attente", ""), orphelins)
            branche.besoins.append((besoin, par_besoin.get(besoin.cle, [])))
        if seuls := par_besoin.get(""):
            orphelins.besoins.append((None, seuls))
        return [*branches.values(), *([orphelins] if orphelins.besoins else [])]

    @cached_property
    def recueil(self) -> list[ElementVu]:
        return self.vus("attente")

    @cached_property
    def participants(self) -> list[ElementVu]:
        return self.vus("participant")


def _et(noms: list[str]) -> str:
    return " et ".join(filter(None, (", ".join(noms[:-1]), noms[-1])))
