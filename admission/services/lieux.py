"""Where each line sleeps: units and rooms matched by name, created on request, never shared."""

import re
from dataclasses import dataclass, field
from datetime import date

from admission.importation.elements import ValeurRefusee
from dui.socle.identite import cle_comparaison
from dui.socle.models import Place, Sejour, Unite

POUR_TOUJOURS = date.max


def _cle(texte: str) -> str:
    return cle_comparaison(texte).lower()


class LieuRefuse(ValeurRefusee):
    def __init__(self, colonne: str, raison: str, que_faire: str):
        super().__init__(raison, que_faire)
        self.colonne = colonne


@dataclass
class Lieux:
    """The establishment's units, rooms and their occupation, read once per run."""

    etablissement: object
    creer: bool
    nouvelles_unites: list[Unite] = field(default_factory=list)
    nouvelles_places: list[Place] = field(default_factory=list)
    nombre_de_places: int = 0

    def __post_init__(self):
        self._unites = {_cle(u.nom): u for u in self.etablissement.unites.all()}
        self._noms = [u.nom for u in self._unites.values()]
        self._places: dict[tuple, Place] = {}
        self._par_chambre: dict[tuple[str, str], list[Place]] = {}
        for place in Place.objects.filter(unite__etablissement=self.etablissement).order_by("pk"):
            self._ranger(place)
        self._prise_jusqu_au: dict = {}
        occupees = Sejour.objects.filter(place__unite__etablissement=self.etablissement)
        for place_id, fin in occupees.values_list("place_id", "sortie_le").order_by("pk"):
            tenue = self._prise_jusqu_au.get(place_id, date.min)
            self._prise_jusqu_au[place_id] = max(tenue, fin or POUR_TOUJOURS)
        self._demandeurs: dict = {}

    def _ranger(self, place: Place) -> None:
        chambre, lit = _cle(place.chambre), _cle(place.lit)
        self._places[place.unite_id, chambre, lit] = place
        self._par_chambre.setdefault((chambre, lit), []).append(place)

    def trouver(self, ligne, entree: date) -> tuple[Unite | None, Place | None]:
        """(unit, place) of the line; reserves the place. LieuRefuse says what is unknown."""
        unite = self._unite(ligne.unite) if ligne.unite else None
        if not ligne.chambre:
            return unite, None
        place = self._place(unite, ligne)
        self._reserver(place, ligne, entree)
        return self._unite_de(place), place

    def _unite(self, nom: str) -> Unite:
        unite = self._unites.get(_cle(nom))
        if unite is None and not self.creer:
            connues = ", ".join(f"« {n} »" for n in self._noms[:20]) or "aucune"
            raison = f"Cette unité n’existe pas. Unités connues : {connues}."
            raise LieuRefuse("unite", raison, "Corrigez le nom, ou demandez à créer les unités.")
        if unite is None:
            unite = Unite(etablissement=self.etablissement, nom=nom, ordre=len(self._unites) + 1)
            self._unites[_cle(nom)] = unite
            self.nouvelles_unites.append(unite)
        return unite

    def _place(self, unite: Unite | None, ligne) -> Place:
        chambre, lit = _cle(ligne.chambre), _cle(ligne.lit)
        if unite is None:
            candidates = self._par_chambre.get((chambre, lit), [])
            if len(candidates) == 1:
                return candidates[0]
            raison = "Cette chambre existe dans plusieurs unités."
            if not candidates:
                raison = "Cette chambre n’existe pas, et la ligne ne dit pas son unité."
            raise LieuRefuse("chambre", raison, "Ajoutez une colonne « Unité ».")
        place = self._places.get((unite.pk, chambre, lit))
        if place is None and not self.creer:
            raise LieuRefuse(
                "chambre",
                f"Cette chambre n’existe pas dans l’unité « {unite.nom} ».",
                "Corrigez le numéro, ou demandez à créer les chambres.",
            )
        return place or self._creer_place(unite, ligne)

    def _creer_place(self, unite: Unite, ligne) -> Place:
        rang = re.search(r"\d{1,6}", ligne.chambre)
        place = Place(
            unite=unite, chambre=ligne.chambre, lit=ligne.lit, ordre=int(rang[0]) if rang else 0
        )
        self._ranger(place)
        self.nouvelles_places.append(place)
        self.nombre_de_places += 1
        return place

    def _unite_de(self, place: Place) -> Unite:
        return next(u for u in self._unites.values() if u.pk == place.unite_id)

    def _reserver(self, place: Place, ligne, entree: date) -> None:
        if autre := self._demandeurs.get(place.pk):
            raise LieuRefuse(
                "chambre",
                f"La ligne {autre} demande déjà cette place.",
                "Précisez le lit de chaque personne, ou corrigez la chambre.",
            )
        if self._prise_jusqu_au.get(place.pk, date.min) > entree:
            raise LieuRefuse(
                "chambre", "Cette place est déjà occupée à cette date.", "Corrigez la chambre."
            )
        self._demandeurs[place.pk] = ligne.ligne

    def liberer(self, place: Place | None) -> None:
        """The line was refused after all, for another reason."""
        if place is not None:
            self._demandeurs.pop(place.pk, None)

    def a_creer(self) -> tuple[list[Unite], list[Place]]:
        """What the next batch needs, once."""
        unites, self.nouvelles_unites = self.nouvelles_unites, []
        places, self.nouvelles_places = self.nouvelles_places, []
        return unites, places
