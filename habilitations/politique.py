"""THE access rule, on what `tenues` reads of an account. Nobody else reads Affectation,
MembreEquipe, BrisDeGlace, Interdiction or AccesNominatif."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dui.socle.compilation import Partagee
from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte, Dossier, Etablissement, Sejour, Unite
from habilitations import dossier_lu, tenues
from habilitations.condition_journal import entrees_sans_dossier
from habilitations.condition_page import AUCUN, condition_page
from habilitations.models import (
    AccesNominatif,
    Affectation,
    BrisDeGlace,
    MembreEquipe,
)

ETABLISSEMENT, UNITE, EQUIPE = Affectation.Portee.values
# Of one house, the list of what opens is short: it is made first, and `IN (a UNION b)` lets the
# database do so. Of many houses nearly everything opens: each dossier is asked in turn, in the
# order of the page. `IN (a) OR IN (b)` would do neither: it reads every dossier of the base.
MAISONS_NOMBREUSES = 10


@dataclass
class Habilitation:
    """What an account may do, here and now. One per HTTP request, one per task."""

    compte: Compte
    _memoire: dict = field(default_factory=dict, repr=False)

    @cached_property
    def affectations(self) -> list[Affectation]:
        """With their role's rights and their places: one query tells all that is not a dossier."""
        if not self.compte.is_active:
            return []
        lues = getattr(self.compte, "tenues", None)  # read with the account itself, a moment ago
        self.compte.tenues = None  # whoever asks again later reads again
        return tenues.affectations(self.compte.pk, timezone.localdate()) if lues is None else lues

    @cached_property
    def _droits(self) -> dict[tuple[str, str], dict[str, set[UUID]]]:
        """{(block, action): {scope: {establishments or units}}}."""
        droits: dict[tuple[str, str], dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
        lieux: dict[tuple[int, str], set[UUID]] = defaultdict(set)
        for a in self.affectations:  # those of a role share the list of its rights
            # A scope « unité » always names its unit (affectation_unite_nommee).
            lieu = a.unite_id if a.portee == UNITE and a.unite_id else a.etablissement_id
            lieux[id(a.droits), a.portee].add(lieu)
        listes = {id(a.droits): a.droits for a in self.affectations}
        for (liste, portee), ici in lieux.items():
            for droit in listes[liste]:
                droits[droit["bloc"], droit["action"]][portee] |= ici
                if droit["action"] == Action.VOIR:
                    droits[droit["bloc"], Action.RESUME][portee] |= ici
        return dict(droits)

    @property
    def professionnel(self) -> bool:
        """A portal account has no affectation: it never enters the professional pages. With one,
        what was given to it on the portal (a `qualite`) opens nothing."""
        return bool(self.affectations)

    @property
    def fonction(self) -> str:
        """IDE, AS… of the first affectation: what the account is, before any dossier."""
        return self.affectations[0].role.fonction_courte if self.affectations else ""

    def fonction_pour(self, dossier: Dossier) -> str:
        """The function held where the person stays: it signs what is written about them."""
        maisons = {s.etablissement_id for s in self.sejours_ouverts(dossier)}
        ici = (a for a in self.affectations if a.etablissement_id in maisons)
        affectation = next(ici, None)
        return affectation.role.fonction_courte if affectation else self.fonction

    @property
    def roles(self) -> set[str]:
        return {a.role_id for a in self.affectations}

    def peut(self, bloc: str, action: str = Action.VOIR) -> bool:
        """The right exists somewhere (for a menu); says nothing of a given dossier."""
        return (bloc, action) in self._droits or (bloc, action) in self._droits_nominatifs

    @cached_property
    def _droits_nominatifs(self) -> set[tuple[str, str]]:
        if not self.compte.is_active:
            return set()
        codes = (c.partition("_") for c in self._exceptions[0])
        paires = {(bloc, action) for action, _, bloc in codes}
        return paires | {(b, Action.RESUME.value) for b, a in paires if a == Action.VOIR}

    @cached_property
    def _exceptions(self) -> tuple[list, list]:
        """Nominative rights and interdictions: with the affectations, or alone on the portal."""
        if self.affectations:
            premiere = self.affectations[0]
            return premiere.nominatifs, premiere.interdictions
        lignes = Compte.objects.filter(pk=self.compte.pk).values_list(
            ArraySubquery(tenues.nominatifs(self.compte.pk)),
            ArraySubquery(tenues.interdictions(self.compte.pk)),
        )
        return lignes.first() or ([], [])

    @cached_property
    def _interdits(self) -> dict[str, set[UUID]]:
        """{block, or "" for the whole: {dossiers}} closed to this account, whatever opens them."""
        interdits: dict[str, set[UUID]] = defaultdict(set)
        for ligne in self._exceptions[1]:
            for bloc in ligne["blocs"] or [""]:
                interdits[bloc].add(UUID(ligne["dossier"]))
        return dict(interdits)

    def fermes(self, bloc: str) -> frozenset[UUID]:
        """The dossiers whose block is closed to this account by an interdiction."""
        interdits = self._interdits
        return frozenset(interdits.get("", set()) | interdits.get(bloc, set()))

    def etablissements(self, bloc: str | None = None, action: str = Action.VOIR):
        """The establishments of this account's affectations, or those where it has the right."""
        if bloc is None:
            ids = {a.etablissement_id for a in self.affectations}
        else:
            portees = self._droits.get((bloc, action), {})
            unites = portees.get(UNITE, set())
            entieres = portees.get(ETABLISSEMENT, set()) | portees.get(EQUIPE, set())
            ids = {
                a.etablissement_id
                for a in self.affectations
                if a.unite_id in unites or a.etablissement_id in entieres
            }
        return Etablissement.objects.filter(pk__in=ids)

    @property
    def encadres(self) -> dict[str, set[UUID]]:
        """{scope: {establishments or units}} where the account supervises: workstations, locks."""
        return self._droits.get((Bloc.PAR, Action.ADMINISTRER), {})

    @cached_property
    def unites(self) -> list[Unite]:
        """Units of the places the account works in (its own only when its scope is the unit)."""
        maisons = dict.fromkeys(a.etablissement_id for a in self.affectations)
        return [unite for maison in maisons for unite in self.unites_dans(maison)]

    def unites_dans(self, maison: UUID) -> list[Unite]:
        """The same, in one house."""
        trouvees = {}
        for a in (a for a in self.affectations if a.etablissement_id == maison):
            for unite in _unites(a):
                if a.portee != UNITE or unite.pk == a.unite_id:
                    trouvees[unite.pk] = unite
        return list(trouvees.values())

    def unite(self, identifiant: UUID | None) -> Unite | None:
        """One of them; head office has two thousand."""
        for a in self.affectations:
            if any(u["id"] == str(identifiant) for u in a.unites_du_lieu):
                siennes = self.unites_dans(a.etablissement_id)
                return next((u for u in siennes if u.pk == identifiant), None)
        return None

    def unites_de(self, etablissement: Etablissement | None) -> list[Unite]:
        """Every unit of an establishment where the account works."""
        for a in self.affectations:
            if etablissement and a.etablissement_id == etablissement.pk:
                return _unites(a)
        return []

    def condition_dossier(self, bloc: str, action: str = Action.VOIR) -> Q:
        """A Q on Dossier. Every access, list or page, goes through it."""
        chemins = self.chemins(bloc, action)
        if self._nombreuses(bloc, action):
            return reduce(or_, map(_mene, chemins), AUCUN)
        return Q(pk__in=self._ensemble(chemins)) if chemins else AUCUN

    def _nombreuses(self, bloc: str, action: str) -> bool:
        maisons = self._droits.get((bloc, action), {}).get(ETABLISSEMENT, ())
        return len(maisons) > MAISONS_NOMBREUSES

    def dossier(self, cle: UUID, bloc: str, action: str = Action.VOIR) -> Dossier | None:
        """The record of this key, with its person and its aliases, when it opens."""
        if not (chemins := self.chemins(bloc, action)):
            return None
        if self._nombreuses(bloc, action):
            visible = Dossier.objects.filter(self.condition_dossier(bloc, action), pk=cle)
            ici = Partagee(visible.values("pk"))
        else:
            ici = self._ensemble(chemins)
        dossier, sejours = dossier_lu.lire(cle, timezone.localdate(), ici)
        if dossier:
            self.une_fois(("sejours", dossier.pk), lambda: sejours)
        return dossier

    def dossiers_ouverts(self, bloc: str, action: str = Action.VOIR) -> Partagee:
        """The keys of the open dossiers, for the rows tied to them."""
        chemins = self.chemins(bloc, action)
        if len(chemins) == 1:  # most accounts: no detour through Dossier
            return chemins[0]
        cle, visibles = ("detour", *map(id, chemins)), Dossier.objects.visibles
        return self.une_fois(cle, lambda: Partagee(visibles(self, bloc, action).values("pk")))

    def _ensemble(self, chemins: list[Partagee]) -> Partagee:
        if len(chemins) == 1:
            return chemins[0]
        premier, *autres = [c.requete for c in chemins]
        cle = ("ensemble", *map(id, chemins))
        return self.une_fois(cle, lambda: Partagee(premier.union(*autres, all=True)))

    def chemins(self, bloc: str, action: str) -> list[Partagee]:
        """Keys of dossiers, by each path that opens some: affectation, team, nominative right.
        The same objects all along the request."""
        if not self.compte.is_active:
            return []
        portees = self._droits.get((bloc, action), {})
        fermes = self.fermes(bloc)
        # Most blocks of a role have the same scope: one query serves them all.
        cle = ("chemins", fermes, *_cle(portees))
        chemins = self.une_fois(cle, lambda: [*self._par_affectation(portees, fermes)])
        # Most professionals hold no nominative right: their lists need not look for one.
        if (bloc, action) not in self._droits_nominatifs:
            return chemins
        cle = ("nominatifs", bloc, action)
        return [*chemins, self.une_fois(cle, lambda: Partagee(self._nominatifs(bloc, action)))]

    def _par_affectation(
        self, portees: dict[str, set[UUID]], fermes: frozenset[UUID]
    ) -> Iterator[Partagee]:
        ouverts = Sejour.objects.ouvrant_acces()
        if fermes:
            ouverts = ouverts.exclude(dossier__in=fermes)
        if portees.keys() & {ETABLISSEMENT, UNITE}:
            lieux = Q(etablissement__in=portees.get(ETABLISSEMENT, ()))
            lieux |= Q(unite__in=portees.get(UNITE, ()))
            yield Partagee(ouverts.filter(lieux).values("dossier"))
        if etablissements := portees.get(EQUIPE):
            # Broken glass lifts the team condition of the house where it was, never the matrix.
            ici = {"dossier": OuterRef("dossier"), "etablissement": OuterRef("etablissement")}
            equipe = Q(dossier__in=self._equipe()) | Q(Exists(self._bris().filter(**ici)))
            siens = ouverts.filter(equipe, etablissement__in=etablissements)
            yield Partagee(siens.values("dossier"))

    def condition_page(self) -> Q:
        return condition_page(self._droits, self.affectations)

    def entrees_sans_dossier(self, bloc: str, action: str = Action.VOIR) -> Q:
        """On the journal: rows about no record."""
        maisons = self._droits.get((bloc, action), {}).get(ETABLISSEMENT, set())
        return entrees_sans_dossier(maisons, self.dossiers_ouverts(bloc, action))

    def ouvre(self, dossier: Dossier, bloc: str, action: str = Action.VOIR) -> bool:
        return Dossier.objects.visibles(self, bloc, action).filter(pk=dossier.pk).exists()

    def peut_pour(self, dossier: Dossier, bloc: str, action: str = Action.VOIR) -> bool:
        """As `ouvre`, for the parts of a page: the stays already read mostly answer."""
        if not self.peut(bloc, action) or dossier.pk in self.fermes(bloc):
            return False
        portees = self._droits.get((bloc, action), {})
        if any(_couvre(portees, s) for s in self.sejours_ouverts(dossier)):
            return True
        nominatif = (bloc, action) if (bloc, action) in self._droits_nominatifs else ()
        cle = ("ouvre", dossier.pk, nominatif, *_cle(portees))
        return self.une_fois(cle, lambda: self.ouvre(dossier, bloc, action))

    def ouverts(self, sejours: list[Sejour], bloc: str, action: str = Action.VOIR) -> set[UUID]:
        """The keys of the dossiers that open, among those of stays in progress (a board)."""
        if not self.peut(bloc, action):
            return set()
        portees = self._droits.get((bloc, action), {})
        fermes = self.fermes(bloc)
        permis = [s for s in sejours if s.dossier_id not in fermes]
        couverts = {s.dossier_id for s in permis if _couvre(portees, s)}
        reste = frozenset(s.dossier_id for s in permis) - couverts
        if not reste:
            return couverts
        dossiers = Dossier.objects.visibles(self, bloc, action).filter(pk__parmi=list(reste))
        nominatif = (bloc, action) if (bloc, action) in self._droits_nominatifs else ()
        cle = ("ouverts", reste, fermes, nominatif, *_cle(portees))
        return couverts | self.une_fois(cle, lambda: set(dossiers.values_list("pk", flat=True)))

    def qualite(self, dossier: Dossier) -> str:
        """On the portal: in what capacity (code of role) this dossier is open to the account."""
        acces = AccesNominatif.objects.en_cours().filter(user=self.compte, content_object=dossier)
        return acces.order_by("pk").values_list("qualite", flat=True).first() or ""

    def _nominatifs(self, bloc: str, action: str) -> QuerySet:
        codes = [f"{action}_{bloc}"]
        if action == Action.RESUME:
            codes.append(f"{Action.VOIR}_{bloc}")
        droits = AccesNominatif.objects.en_cours().filter(
            user=self.compte, permission__codename__in=codes
        )
        droits = droits.exclude(content_object__in=self.fermes(bloc))
        siens = droits.filter(qualite="") if self.professionnel else droits
        return siens.values("content_object")

    def _equipe(self):
        return MembreEquipe.objects.en_cours().filter(compte=self.compte).values("dossier")

    def _bris(self):
        return BrisDeGlace.objects.en_cours().filter(compte=self.compte).values("dossier")

    def bris_de_glace(self, dossier: Dossier) -> BrisDeGlace | None:
        """The one in progress on this dossier: its banner stays on every page."""
        mien = BrisDeGlace.objects.en_cours().filter(compte=self.compte, dossier=dossier)
        return mien.order_by("-expire_le").first()

    def sejours_a_briser(self) -> QuerySet:
        """The stays whose team condition the account may lift, where it has the right to."""
        maisons = self._droits.get((Bloc.BDG, Action.SAISIR), {}).get(EQUIPE, set())
        ouverts = Sejour.objects.ouvrant_acces().filter(etablissement__in=maisons)
        return ouverts.exclude(dossier__in=self.fermes(Bloc.ID))

    def dossiers_a_briser(self) -> QuerySet:
        """Keys of the dossiers that a broken glass would open and that nothing opens yet."""
        visibles = self.dossiers_ouverts(Bloc.ID, Action.RESUME)
        return self.sejours_a_briser().exclude(dossier__in=visibles).values("dossier")

    def sejour_a_briser(self, dossier: Dossier) -> Sejour | None:
        if Dossier.objects.visibles(self, Bloc.ID, Action.RESUME).filter(pk=dossier.pk).exists():
            return None
        sejours = self.sejours_a_briser().filter(dossier=dossier)
        return sejours.select_related("etablissement").order_by("-entree_le", "pk").first()

    @property
    def peut_briser(self) -> bool:
        return EQUIPE in self._droits.get((Bloc.BDG, Action.SAISIR), {})

    def titre(self, dossier: Dossier) -> str:
        """By which path is this dossier open? (for the journal)"""
        return self.une_fois(("titre", dossier.pk), lambda: self._chercher_titre(dossier))

    def _chercher_titre(self, dossier: Dossier) -> str:
        if not self.affectations:  # neither team nor broken glass opens anything without one
            return "nominatif"
        etablissements = {
            a.etablissement_id for a in self.affectations if a.portee == ETABLISSEMENT
        }
        unites = {a.unite_id for a in self.affectations if a.portee == UNITE}
        for sejour in self.sejours_ouverts(dossier):
            if sejour.etablissement_id in etablissements or sejour.unite_id in unites:
                return "affectation"
        maisons = {a.etablissement_id for a in self.affectations if a.portee == EQUIPE}
        if self._bris().filter(dossier=dossier, etablissement__in=maisons).exists():
            return "bris_de_glace"
        if self._equipe().filter(dossier=dossier).exists():
            return "equipe"
        return "nominatif"

    def sejours_ouverts(self, dossier: Dossier) -> list[Sejour]:
        """The stays through which this dossier is open, the latest first."""
        return self.une_fois(
            ("sejours", dossier.pk),
            lambda: list(dossier_lu.OUVRANT(dossier=dossier.pk, le=timezone.localdate())),
        )

    def une_fois(self, cle: tuple, lire: Callable[[], Any]) -> Any:
        """What several parts of one page need is read once per request."""
        if cle not in self._memoire:
            self._memoire[cle] = lire()
        return self._memoire[cle]


def _mene(chemin: Partagee) -> Q:
    champ = "content_object" if chemin.requete.model is AccesNominatif else "dossier"
    return Q(Exists(chemin.requete.filter(**{champ: OuterRef("pk")})))


def _cle(portees: dict[str, set[UUID]]) -> list:
    return sorted((portee, frozenset(lieux)) for portee, lieux in portees.items())


def _couvre(portees: dict[str, set[UUID]], sejour: Sejour) -> bool:
    """The place alone opens the dossier of this stay, whatever the team."""
    maisons, unites = portees.get(ETABLISSEMENT, ()), portees.get(UNITE, ())
    return sejour.etablissement_id in maisons or sejour.unite_id in unites


def _unites(affectation) -> list[Unite]:
    maison = affectation.etablissement_id
    return [
        Unite(pk=UUID(u["id"]), nom=u["nom"], etablissement_id=maison)
        for u in affectation.unites_du_lieu
    ]
