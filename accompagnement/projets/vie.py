"""What became of a project since it was written: what was noted, and the traces linked to it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accompagnement.models import Preuve, SuiviProjet
from accompagnement.projets import trames
from dui.socle import codes, registres
from dui.socle.registres import Decompte

SERVI = "projet:"  # of the keys that an objective has in `listes_objectifs`


@dataclass
class PreuveLue:
    preuve: Preuve
    trace: Any
    dossier_id: Any

    @property
    def cle(self) -> tuple[str, str, str]:
        """Of the link as it reads today."""
        return str(self.preuve.objectif_id), self.preuve.source, str(self.trace.cle)

    @property
    def url(self) -> str:
        t = self.trace
        cles = {"dossier_id": self.dossier_id, t.url_argument: t.cle}
        return reverse(t.url_nom, kwargs=cles) if t.url_nom else ""

    @property
    def ton(self) -> str:
        return {"pour": "vert", "contre": "ambre", "neutre": "gris"}[self.preuve.sens]

    @property
    def icone(self) -> str:
        return {"pour": "hausse", "contre": "baisse", "neutre": "suite"}[self.preuve.sens]


@dataclass
class Vie:
    """What became of each element since it was written: the same rows for a page or a sheet."""

    suivis: dict[Any, list[SuiviProjet]] = field(default_factory=lambda: defaultdict(list))
    preuves: dict[str, list[PreuveLue]] = field(default_factory=lambda: defaultdict(list))
    # (day, « pour »…) of every link, also of a trace closed to this account: an objective goes the
    # same way for all who read it.
    sens: dict[str, list[tuple]] = field(default_factory=lambda: defaultdict(list))
    decomptes: dict[str, list[Decompte]] = field(default_factory=dict)

    def statut(self, cle: str) -> str:
        poses = [s.statut for s in self.suivis.get(cle, ()) if s.statut]
        return poses[-1] if poses else ""

    def motif(self, cle: str) -> str:
        lignes = [s for s in self.suivis.get(cle, ()) if s.statut]
        motif = lignes[-1].motif if lignes else ""
        return codes.libelle("motif_non_realisation", motif) if motif else ""

    def compter(self, objectif, survenu_le, sens: str) -> None:
        self.sens[str(objectif)].append((timezone.localdate(survenu_le), sens))

    def mesures(self, cle: str) -> list[tuple]:
        return [
            (s.le, s.pourcentage) for s in self.suivis.get(cle, ()) if s.pourcentage is not None
        ]


STATUTS = dict(SuiviProjet.Statut.choices)


def vie(habilitation, dossier, projet) -> Vie:
    lue = Vie()
    suivis = SuiviProjet.objects.filter(projet=projet).select_related("auteur")
    for suivi in suivis.order_by("le", "ecrit_le", "pk"):
        suivi.statut_dit = STATUTS.get(suivi.statut, "")
        lue.suivis[str(suivi.element_id) if suivi.element_id else None].append(suivi)
    liees = list(Preuve.objects.filter(projet=projet, retiree_le=None))
    for preuve in liees:
        lue.compter(preuve.objectif_id, preuve.survenu_le, preuve.sens)
    for ligne in preuves(habilitation, dossier, liees):
        lue.preuves[str(ligne.preuve.objectif_id)].append(ligne)
    lue.decomptes = _decomptes(habilitation, dossier)
    return lue


def _decomptes(habilitation, dossier) -> dict[str, list[Decompte]]:
    """{objective: what recurred for it lately}, from the blocks that count."""
    depuis = timezone.localdate() - timedelta(days=trames.reglages()["decomptes_jours"])
    trouves: dict[str, list[Decompte]] = defaultdict(list)
    for source in registres.sources_decomptes.permis_pour(habilitation, dossier):
        for cle, lignes in source.compter(habilitation, dossier, depuis).items():
            trouves[cle.removeprefix(SERVI)] += lignes
    return trouves


def preuves(habilitation, dossier, liees) -> list[PreuveLue]:
    """The last first; those whose trace is closed to this account are not there. What was corrected
    since says its correction: `trace.cle` is then another key than the one that was linked."""
    liees = sorted(liees, key=lambda p: (p.survenu_le, p.pk), reverse=True)
    par_source: dict[str, set] = defaultdict(set)
    for preuve in liees:
        par_source[preuve.source].add(preuve.trace)
    traces: dict = {}
    for source in registres.sources_preuves.permis_pour(habilitation, dossier):
        if cles := par_source.get(source.nom):
            lues = source.lire(habilitation, dossier, list(cles))
            traces |= {(source.nom, cle): trace for cle, trace in lues.items()}
    return [
        PreuveLue(p, traces[p.source, p.trace], dossier.pk)
        for p in liees
        if (p.source, p.trace) in traces
    ]
