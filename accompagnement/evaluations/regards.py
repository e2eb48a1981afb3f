"""Several people, one grid: what each answered, side by side. Nothing is averaged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.lectures import Feuille, feuille
from accompagnement.evaluations.moteur import Definition
from accompagnement.models import Evaluation
from dui.socle.identifiants import lire_uuid

REGARDS_MAX = 4  # side by side on a screen, and on a sheet


@dataclass(frozen=True)
class Reponse:
    libelle: str
    reponses: tuple[str, ...]

    @property
    def differe(self) -> bool:
        return len(set(self.reponses)) > 1


@dataclass(frozen=True)
class Croisement:
    definition: Definition
    feuilles: list[Feuille]
    lignes: list[Reponse]

    @property
    def differences(self) -> int:
        return sum(ligne.differe for ligne in self.lignes)


def periode(grille: str) -> timedelta:
    """How far apart two evaluations still look at the same moment of a life."""
    jours = catalogue.donnees("reglages")["regards_jours"]
    return timedelta(days=jours.get(grille, jours["*"]))


def comparables(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Those that look at the same moment as the last one, by the same version; one a rater, the
    last: who does a grid again does not contradict oneself."""
    if not evaluations:
        return []
    derniere = evaluations[0]
    limite = derniere.faite_le - periode(derniere.grille)
    par_regard: dict[tuple, Evaluation] = {}
    for e in evaluations:
        if e.faite_le >= limite and e.version_grille == derniere.version_grille:
            par_regard.setdefault(_regard(e), e)
    return list(par_regard.values())[:REGARDS_MAX]


def _regard(evaluation) -> tuple:
    """The person, whoever held the pen; else the one who wrote."""
    return ("personne",) if evaluation.auto_evaluation else ("compte", evaluation.auteur_id)


def croiser(habilitation, dossier, grille: str, choisies: Sequence[str]) -> Croisement | None:
    """The chosen ones, else those of the last moment; None when there is nothing to compare."""
    siennes = Evaluation.objects.visibles(habilitation).filter(dossier=dossier).en_vigueur()
    lignes = list(
        siennes.de_la_grille(grille)
        .select_related("auteur", "validee_par")
        .plus_recentes()[: REGARDS_MAX * 10]
    )
    demandees = {lire_uuid(c) for c in choisies} - {None}
    prises = [e for e in lignes if e.pk in demandees][:REGARDS_MAX] or comparables(lignes)
    meme_version = [e for e in prises if e.version_grille == prises[0].version_grille]
    if len(meme_version) < 2:
        return None
    feuilles = [feuille(e) for e in reversed(meme_version)]
    par_feuille = [dict(f.lignes) for f in feuilles]
    return Croisement(
        feuilles[0].definition,
        feuilles,
        [Reponse(nom, tuple(p.get(nom, "") for p in par_feuille)) for nom in _noms(par_feuille)],
    )


def _noms(par_feuille: list[dict[str, str]]) -> list[str]:
    """Each line of each sheet once, in order: couples of PATHOS are not the same on all."""
    return list(dict.fromkeys(nom for lignes in par_feuille for nom in lignes))
