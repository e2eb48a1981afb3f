"""Why an account opens a part of a dossier, or not: the paths of the policy, with their facts.

The decision itself is the policy's (`Habilitation.peut_pour`); this module only tells where it
comes from. A test compares both for every role, path and block. What it reads of a dossier is read
once: explaining its 35 parts costs no more than explaining one.
"""

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier
from habilitations.models import AccesNominatif, Affectation, Interdiction, MembreEquipe
from habilitations.politique import EQUIPE, ETABLISSEMENT, Habilitation


@dataclass(frozen=True)
class Chemin:
    """One path that opens: its kind, a sentence, the rows behind."""

    nature: str  # affectation, equipe, bris_de_glace, nominatif
    phrase: str
    faits: dict[str, Any]


@dataclass
class Explication:
    decision: bool
    chemins: list[Chemin] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)

    def en_json(self) -> dict[str, Any]:
        return {
            "decision": "ouvert" if self.decision else "ferme",
            "chemins": [vars(c) for c in self.chemins],
            "obstacles": self.obstacles,
        }


def expliquer(
    habilitation: Habilitation, dossier: Dossier, bloc: str, action: str = Action.VOIR
) -> Explication:
    explication = Explication(habilitation.peut_pour(dossier, bloc, action))
    if not habilitation.compte.is_active:
        explication.obstacles.append("Le compte est désactivé.")
        return explication
    if interdictions := _interdictions(habilitation, dossier, bloc):
        explication.obstacles += [_phrase_interdiction(i) for i in interdictions]
        return explication
    explication.chemins = [
        *_par_affectation(habilitation, dossier, bloc, action),
        *_nominatifs(habilitation, dossier, bloc, action),
    ]
    if not explication.chemins:
        explication.obstacles = _obstacles(habilitation, dossier, bloc, action)
    return explication


def _interdictions(h, dossier, bloc) -> list[Interdiction]:
    if dossier.pk not in h.fermes(bloc):
        return []
    lignes = Interdiction.objects.en_cours().filter(compte=h.compte, dossier=dossier)
    toutes = h.une_fois(("interdictions", dossier.pk), lambda: list(lignes.order_by("debut", "pk")))
    return [i for i in toutes if not i.blocs or bloc in i.blocs]


def _phrase_interdiction(interdiction) -> str:
    quoi = "ce dossier" if not interdiction.blocs else "cette partie du dossier"
    origine = interdiction.get_origine_display()
    return f"{origine} : {quoi} vous est fermé depuis le {interdiction.debut:%d/%m/%Y}."


def _accorde(affectation: Affectation, bloc: str, action: str) -> bool:
    """The role has the right; the essential goes with the whole."""
    suffisants = {action} | ({Action.VOIR.value} if action == Action.RESUME else set())
    return any(d["bloc"] == bloc and d["action"] in suffisants for d in affectation.droits)


def _par_affectation(h, dossier, bloc, action):
    sejours = h.sejours_ouverts(dossier)
    for a in h.affectations:
        ici = [s for s in sejours if s.etablissement_id == a.etablissement_id]
        if not ici or not _accorde(a, bloc, action):
            continue
        if a.portee == EQUIPE:
            yield from _par_equipe(h, dossier, a)
        elif a.portee == ETABLISSEMENT or a.unite_id in {s.unite_id for s in ici}:
            yield Chemin("affectation", f"Vous êtes {_dire(a)}.", _faits(a))


def _par_equipe(h, dossier, affectation):
    for membre in _equipe(h, dossier):
        depuis = f"{membre.debut:%d/%m/%Y}"
        yield Chemin(
            "equipe",
            f"Vous êtes {_dire(affectation)} et de l’équipe de la personne depuis le {depuis}.",
            _faits(affectation) | {"membre_equipe": membre.pk},
        )
    bris = h.une_fois(("bris", dossier.pk), lambda: h.bris_de_glace(dossier))
    if bris and bris.etablissement_id == affectation.etablissement_id:
        fin = timezone.localtime(bris.expire_le, ZoneInfo(affectation.etablissement.fuseau))
        yield Chemin(
            "bris_de_glace",
            f"Vous avez ouvert ce dossier par bris de glace, jusqu’à {fin:%H:%M}.",
            _faits(affectation) | {"bris_de_glace": bris.pk},
        )


def _equipe(h, dossier) -> list[MembreEquipe]:
    membres = MembreEquipe.objects.en_cours().filter(compte=h.compte, dossier=dossier)
    return h.une_fois(("equipe", dossier.pk), lambda: list(membres.order_by("debut", "pk")))


def _nominatifs(h, dossier, bloc, action):
    codes = [f"{action}_{bloc}"] + ([f"voir_{bloc}"] if action == Action.RESUME else [])
    lignes = AccesNominatif.objects.en_cours().filter(user=h.compte, content_object=dossier)
    if h.professionnel:
        lignes = lignes.filter(qualite="")
    lignes = lignes.select_related("permission").order_by("pk")
    for acces in h.une_fois(("nominatifs", dossier.pk), lambda: list(lignes)):
        if acces.permission.codename not in codes:
            continue
        fin = f", jusqu’au {acces.fin:%d/%m/%Y}" if acces.fin else ""
        yield Chemin(
            "nominatif",
            f"Un accès à votre nom ouvre cette partie{fin}.",
            {"acces_nominatif": acces.pk, "permission": acces.permission.codename},
        )


def _obstacles(h, dossier, bloc, action) -> list[str]:
    """What is missing, the nearest first: the one thing to ask for."""
    if not h.affectations:
        return ["Le compte n’a aucune affectation en cours."]
    sejours = h.sejours_ouverts(dossier)
    maisons = {s.etablissement_id for s in sejours}
    ici = [a for a in h.affectations if a.etablissement_id in maisons]
    if not ici:
        return ["La personne n’a pas de séjour ouvert dans un établissement où vous travaillez."]
    capables = [a for a in ici if _accorde(a, bloc, action)]
    if not capables:
        fonctions = " et ".join(sorted({a.role.libelle for a in ici}))
        geste = Action(action).label.lower()
        return [f"Votre fonction ({fonctions}) n’ouvre pas « {Bloc(bloc).label} » ({geste})."]
    return [_hors_de_portee(a) for a in capables]


def _hors_de_portee(affectation) -> str:
    if affectation.portee == EQUIPE:
        return "Vous n’êtes pas de l’équipe qui accompagne cette personne."
    return f"Cette personne n’est pas dans votre unité ({affectation.unite})."


def _dire(affectation) -> str:
    """infirmier à l’EHPAD Les Tilleuls (Magnolia)"""
    lieu = f"{affectation.etablissement}"
    if affectation.unite_id and affectation.portee != ETABLISSEMENT:
        lieu += f", unité {affectation.unite}"
    libelle = affectation.role.libelle
    sigle = libelle[1:2].isupper()
    return f"{libelle if sigle else libelle[0].lower() + libelle[1:]}, {lieu}"


def _faits(affectation) -> dict[str, Any]:
    return {
        "affectation": str(affectation.pk),
        "role": affectation.role_id,
        "portee": affectation.portee,
        "etablissement": affectation.etablissement.finess,
        "debut": affectation.debut.isoformat(),
        "fin": affectation.fin.isoformat() if affectation.fin else None,
    }
