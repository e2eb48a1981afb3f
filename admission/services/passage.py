"""Read the whole list and decide on each line. The dry run and the import share every decision."""

import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from admission.importation.colonnes import COLONNES
from admission.importation.doublons import Index, Verdict, traits
from admission.importation.examen import Contexte, Rejet
from admission.importation.lecture import Ligne, ouvrir
from admission.importation.regles import LigneValide, valider
from admission.models import Importation
from admission.services.lieux import LieuRefuse, Lieux
from dui.socle import coffre, quarantaine
from dui.socle.enums import Action, Bloc, Domaine
from dui.socle.models import Dossier, IdentiteRecue, Place, Sejour, Unite, Usager
from dui.socle.ressemblance import TRAITS_COMPARES, inversions

LOT = 250
REJETS_GARDES = 5_000
SIECLES = {Domaine.PA: 1900, Domaine.PDE: 2000}


class Sort(Enum):
    CREER = "creer"
    COMPLETER = "completer"
    IGNORER = "ignorer"
    QUARANTAINE = "quarantaine"


@dataclass(slots=True)
class Decision:
    ligne: LigneValide
    sort: Sort
    entree: date
    unite: Unite | None = None
    place: Place | None = None
    numero: str = ""
    usager_id: Any = None
    homonyme: bool = False
    verdict: quarantaine.Verdict = quarantaine.NOUVELLE


Motif = IdentiteRecue.Motif
REFUS = {
    Motif.PROCHES: (
        "nom_naissance",
        "Doublon probable d’une personne déjà enregistrée.",
        "Confiez la ligne à la cellule, ou acceptez le doublon si c’est une autre personne.",
    ),
    Motif.AUTRES_TRAITS: (
        "matricule",
        "Une autre identité porte déjà ce matricule.",
        "Vérifiez l’identité, ou confiez la ligne à la cellule d’identitovigilance.",
    ),
    Motif.AUTRE_MATRICULE: (
        "matricule",
        "La personne qui a ces traits porte un autre matricule.",
        "Vérifiez l’identité, ou confiez la ligne à la cellule d’identitovigilance.",
    ),
    Motif.PLUSIEURS: (
        "nom_naissance",
        "Plusieurs personnes enregistrées ont ces traits.",
        "Confiez la ligne à la cellule d’identitovigilance : elle dira laquelle c’est.",
    ),
}


class Refus(Exception):
    def __init__(self, code: str, raison: str, que_faire: str):
        self.code, self.raison, self.que_faire = code, raison, que_faire


def options_de(importation: Importation) -> dict:
    """Prudent by default: nothing is created nor changed that was not asked for."""
    return {
        "lignes_valables": False,
        "creer_lieux": False,
        "completer": False,
        "creer_doublons": False,
        "quarantaine": False,
    } | importation.options


class Passage:
    """One run over the file. `rejets` is capped, `rejetees` counts every refused line."""

    def __init__(self, importation: Importation, habilitation) -> None:
        self.importation, self.habilitation = importation, habilitation
        self.etablissement = importation.etablissement
        self.options = options_de(importation)
        self.aujourd_hui = datetime.now(ZoneInfo(self.etablissement.fuseau)).date()
        self.contexte = Contexte(
            self.aujourd_hui,
            siecle=SIECLES.get(Domaine(self.etablissement.domaine)),
            accepte_test=settings.DEMONSTRATION,
        )
        self.lieux = Lieux(self.etablissement, creer=self.options["creer_lieux"])
        self.rejets: list[Rejet] = []
        self.rejetees = self.faites = 0
        self.sorts: Counter[Sort] = Counter()
        self.avertissements: Counter[str] = Counter()
        self._du_fichier = Index()
        self._numeros: dict[str, int] = {}
        self._matricules: dict[str, int] = {}
        contenu = coffre.lire(importation, contexte=importation.pk.bytes)
        self._tableau = ouvrir(io.BytesIO(contenu))

    # -------------------------------------------------------------- reading

    def _donnees(self) -> Iterator[Ligne]:
        return (lue for lue in self._tableau.lignes() if lue.numero > self.importation.entete)

    def compter(self) -> int:
        return sum(1 for _ in self._donnees())

    def lots(self) -> Iterator[list[Decision]]:
        """The decisions, batch by batch; the refused lines go to `rejets`."""
        donnees = self._donnees()
        while lot := list(islice(donnees, LOT)):
            valides = [v for v in map(self._valider, lot) if v is not None]
            voisinage = Voisinage(self, valides)
            decisions = [d for d in (self._decider(v, voisinage) for v in valides) if d]
            self.faites += len(lot)
            yield decisions

    def _valider(self, lue: Ligne) -> LigneValide | None:
        colonnes = self.importation.colonnes
        valeurs = {code: lue.cellules[r] for r, code in colonnes.items() if r < len(lue.cellules)}
        resultat = valider(lue.numero, valeurs, self.contexte)
        if isinstance(resultat, LigneValide):
            return resultat
        self._rejeter(*resultat)
        return None

    def _rejeter(self, *rejets: Rejet) -> None:
        self.rejetees += 1
        self.rejets += rejets[: REJETS_GARDES - len(self.rejets)]

    # -------------------------------------------------------------- deciding

    def _decider(self, ligne: LigneValide, voisinage: "Voisinage") -> Decision | None:
        entree = ligne.entree_le or self.aujourd_hui
        decision = Decision(ligne, Sort.CREER, entree)
        try:
            self._comparer_au_fichier(ligne)
            self._comparer_a_la_base(decision, voisinage)
            if decision.sort is Sort.CREER:
                self._numeroter(decision, voisinage)
                decision.unite, decision.place = self.lieux.trouver(ligne, entree)
        except LieuRefuse as refus:
            self._refuser(ligne, refus.colonne, refus.raison, refus.que_faire)
            return None
        except Refus as refus:
            self._refuser(ligne, refus.code, refus.raison, refus.que_faire)
            return None
        self._retenir(decision)
        return decision

    def _retenir(self, decision: Decision) -> None:
        ligne = decision.ligne
        self._du_fichier.ajouter(traits(ligne))
        if ligne.matricule:
            self._matricules[ligne.matricule] = ligne.ligne
        if decision.numero:
            self._numeros[decision.numero] = ligne.ligne
        self.sorts[decision.sort] += 1
        self.avertissements.update(ligne.avertissements)

    def _refuser(self, ligne: LigneValide, code: str, raison: str, que_faire: str) -> None:
        valeur = str(getattr(ligne, code, "") or ligne.nom_naissance)
        self._rejeter(Rejet(ligne.ligne, COLONNES[code].libelle, valeur[:100], raison, que_faire))

    def _comparer_au_fichier(self, ligne: LigneValide) -> None:
        verdict, autre = self._du_fichier.chercher(traits(ligne))
        if verdict is Verdict.DEJA_PRESENTE:
            raison = f"La même personne est déjà à la ligne {autre.reference}."
            raise Refus("nom_naissance", raison, "Supprimez l’une des deux lignes.")
        if verdict is Verdict.PROBABLE and not self.options["creer_doublons"]:
            raison = f"Doublon probable de la ligne {autre.reference}."
            raise Refus("nom_naissance", raison, "Vérifiez les deux lignes ; acceptez le doublon.")
        if premiere := self._matricules.get(ligne.matricule):
            raison = f"La ligne {premiere} porte le même matricule."
            raise Refus("matricule", raison, "Corrigez l’un des deux matricules.")

    def _comparer_a_la_base(self, decision: Decision, voisinage: "Voisinage") -> None:
        verdict = voisinage.juger(decision.ligne)
        if verdict.connu:
            self._reconnaitre(decision, verdict.connu, voisinage)
        elif verdict.doute == Motif.PROCHES and self.options["creer_doublons"]:
            decision.homonyme = True
        elif verdict.doute and self.options["quarantaine"]:
            decision.sort, decision.verdict = Sort.QUARANTAINE, verdict
        elif verdict.doute:
            raise Refus(*REFUS[Motif(verdict.doute)])

    def _reconnaitre(self, decision: Decision, connue: UUID, voisinage: "Voisinage") -> None:
        """Only who already opens the record learns more than the existence of the identity."""
        if connue not in voisinage.ouverts:
            raise Refus(
                "nom_naissance",
                "Cette identité existe déjà dans la base, hors de votre portée.",
                "Son admission se fait à la main, avec l’établissement qui la connaît.",
            )
        if connue not in voisinage.presents:
            raise Refus(
                "nom_naissance",
                "Cette personne a déjà un dossier, sans séjour en cours ici.",
                "Ouvrez son nouveau séjour à la main depuis son dossier.",
            )
        decision.usager_id = connue
        decision.sort = Sort.COMPLETER if self.options["completer"] else Sort.IGNORER

    def _numeroter(self, decision: Decision, voisinage: "Voisinage") -> None:
        numero = decision.ligne.numero_dossier
        if not numero:
            return
        if premiere := self._numeros.get(numero):
            raison = f"La ligne {premiere} porte le même numéro de dossier."
            raise Refus("numero_dossier", raison, "Corrigez l’un des deux numéros.")
        if numero in voisinage.numeros:
            raison = "Ce numéro de dossier est déjà pris."
            raise Refus("numero_dossier", raison, "Corrigez-le, ou laissez la cellule vide.")
        decision.numero = numero


class Voisinage:
    """What the base knows around a batch: a constant number of queries, whatever its size."""

    def __init__(self, passage: Passage, lignes: list[LigneValide]) -> None:
        etablissement = passage.etablissement
        jours = {j for ligne in lignes for j in inversions(ligne.date_naissance)}
        matricules = {ligne.matricule for ligne in lignes} - {""}
        proches = Usager.objects.filter(
            Q(date_naissance__in=jours) | Q(matricule_ins__in=matricules),
            dossiers__organisme=etablissement.organisme,
        )
        champs = (*TRAITS_COMPARES, "matricule_ins", "oid_ins")
        self._par_date, self._par_matricule = defaultdict(list), defaultdict(list)
        for voisin in quarantaine.voisins_de(proches.only(*champs).order_by("pk")):
            self._par_date[voisin.traits.naissance].append(voisin)
            self._par_matricule[voisin.matricule].append(voisin)
        numeros = {ligne.numero_dossier for ligne in lignes} - {""}
        self.numeros = set(
            Dossier.objects.filter(organisme=etablissement.organisme, numero__in=numeros)
            .order_by("pk")
            .values_list("numero", flat=True)
        )
        memes = Usager.objects.filter(date_naissance__in=jours)
        ouverts = Dossier.objects.visibles(passage.habilitation, Bloc.ADM, Action.SAISIR)
        self.ouverts = set(
            ouverts.filter(usager__in=memes.values("pk"))
            .order_by("pk")
            .values_list("usager_id", flat=True)
        )
        self.presents = set(
            Sejour.objects.filter(
                etablissement=etablissement, sortie_le=None, dossier__usager__in=memes.values("pk")
            )
            .order_by("pk")
            .values_list("dossier__usager_id", flat=True)
        )

    def juger(self, ligne: LigneValide) -> quarantaine.Verdict:
        """Against whoever shares the date or the matricule, not the whole batch."""
        voisins = [v for j in inversions(ligne.date_naissance) for v in self._par_date[j]]
        if ligne.matricule:
            voisins += self._par_matricule[ligne.matricule]
        return quarantaine.juger(ligne, dict.fromkeys(voisins))
