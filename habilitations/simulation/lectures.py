"""What somebody else would see, never beyond what the supervisor sees: two policies, one query."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte, Dossier, Sejour
from dui.socle.pagination import Tranche, trancher_par_cle
from habilitations.equipe import lectures as equipe
from habilitations.equipe.lectures import LieuDonnable
from habilitations.explication import Explication, expliquer
from habilitations.models import Role
from habilitations.politique import Habilitation
from habilitations.simulation.habilitation import HabilitationSimulee, de_collegue, de_role

TAILLE = 50
VERBES = {
    Action.RESUME: "lit l’essentiel",
    Action.VOIR: "lit",
    Action.SAISIR: "écrit",
    Action.VALIDER: "valide",
    Action.PRESCRIRE: "prescrit",
    Action.EXPORTER: "exporte",
    Action.ADMINISTRER: "administre",
}
SANS_DIRE = "Ce compte n’ouvre pas cette partie, pour une raison que vos droits ne montrent pas."


@dataclass(frozen=True)
class Simulation:
    """`moi` asks; `simulee` is what the answer is about; `parametres` is what the address says."""

    moi: Habilitation
    simulee: HabilitationSimulee
    qui: str
    lieu: str
    parametres: dict[str, str]
    compte: Compte | None = None

    @property
    def adresse(self) -> str:
        return urlencode(self.parametres)

    @property
    def actif(self) -> bool:
        return self.simulee.compte.is_active

    def dossiers(self) -> QuerySet[Dossier]:
        """Those that both open, where the one who asks supervises."""
        a_moi = Dossier.objects.visibles(self.moi, Bloc.ID, Action.RESUME)
        encadres = a_moi.visibles(self.moi, Bloc.PAR, Action.ADMINISTRER)
        return encadres.visibles(self.simulee, Bloc.ID, Action.RESUME)

    def droits(self) -> list[tuple[str, list[str]]]:
        """[(« lit et écrit », parts of a dossier)], the widest first, what stays closed last."""
        return _par_geste((b, self.simulee.par_fonction) for b in Bloc)


def roles() -> QuerySet[Role]:
    """A portal role holds no place: its rights are given person by person."""
    return Role.objects.exclude(acteur=Role.Acteur.PORTAIL)


def d_un_role(habilitation, role: Role, lieu: LieuDonnable) -> Simulation:
    maisons = {a.etablissement_id: a.etablissement for a in habilitation.affectations}
    maison = maisons[lieu.etablissement]
    unite = next((u for u in habilitation.unites_de(maison) if u.pk == lieu.unite), None)
    return Simulation(
        moi=habilitation,
        simulee=de_role(role, maison, unite),
        qui=f"le rôle « {role.libelle} »",
        lieu=lieu.libelle,
        parametres={"role": role.pk, "lieu": lieu.valeur},
    )


def d_un_collegue(habilitation, compte: Compte) -> Simulation:
    return Simulation(
        moi=habilitation,
        simulee=de_collegue(compte, equipe.perimetres(habilitation)),
        qui=str(compte),
        lieu="",
        parametres={"compte": str(compte.pk)},
        compte=compte,
    )


def page(simulation: Simulation, request) -> Tranche:
    """Fifty persons by name, each with the place where they live."""
    dossiers = simulation.dossiers().select_related("usager")
    tranche = trancher_par_cle(dossiers, request, champ="usager__recherche", taille=TAILLE)
    ids = [d.pk for d in tranche.lignes]
    maisons = simulation.moi.etablissements(Bloc.PAR, Action.ADMINISTRER)
    sejours = Sejour.objects.visibles_selon(simulation.moi, Bloc.ID, Action.RESUME).en_cours()
    sejours = sejours.filter(etablissement__in=maisons).des_dossiers(ids)
    lieux = {
        s.dossier_id: s
        for s in sejours.select_related("etablissement", "unite", "place").order_by("pk")
    }
    for dossier in tranche.lignes:
        dossier.ici = lieux.get(dossier.pk)
    return tranche


def du_dossier(simulation: Simulation, dossier: Dossier) -> dict[str, Any]:
    """Of a dossier that the supervisor sees: does it open, why, which tabs, which parts."""
    h, autre = simulation.moi, simulation.simulee
    autre.une_fois(("sejours", dossier.pk), lambda: h.sejours_ouverts(dossier))
    miens = [b for b in Bloc if h.peut_pour(dossier, b, Action.RESUME)]
    explication = _expliquer(simulation, dossier, Bloc.ID, Action.RESUME)
    return {
        "ouvert": explication.decision,
        "chemins": [c.phrase for c in explication.chemins],
        "obstacles": explication.obstacles,
        "onglets_simules": [
            (o.libelle, autre.peut_pour(dossier, o.bloc, o.action))
            for o in registres.onglets_dossier.permis_pour(h, dossier)
        ],
        "parties": sorted(
            (_partie(simulation, dossier, b) for b in miens), key=lambda p: not p["gestes"]
        ),
        "au_dela": [b.label for b in Bloc if b not in miens],
    }


def _partie(simulation, dossier, bloc) -> dict[str, Any]:
    gestes = en_mots(a for a in Action if simulation.simulee.peut_pour(dossier, bloc, a))
    raisons = [] if gestes else _expliquer(simulation, dossier, bloc, Action.VOIR).obstacles
    return {"libelle": bloc.label, "gestes": gestes, "raisons": raisons}


def _expliquer(simulation, dossier, bloc, action) -> Explication:
    """An opposition is told to those who read the legal part of this very dossier."""
    explication = expliquer(simulation.simulee, dossier, bloc, action)
    interdit = dossier.pk in simulation.simulee.fermes(bloc)
    if interdit and not simulation.moi.peut_pour(dossier, Bloc.JUR):
        explication.obstacles = [SANS_DIRE]
    return explication


def _par_geste(parties: Iterable) -> list[tuple[str, list[str]]]:
    groupes: dict[tuple, list[str]] = defaultdict(list)
    for bloc, peut in parties:
        groupes[tuple(a for a in Action if peut(bloc, a))].append(bloc.label)
    larges = sorted(groupes.items(), key=lambda g: len(g[0]), reverse=True)
    return [(en_mots(actions), labels) for actions, labels in larges]


def en_mots(actions: Iterable[Action]) -> str:
    """« lit, écrit et valide »; the essential goes without saying when the whole is read."""
    gestes = set(actions)
    if Action.VOIR in gestes:
        gestes.discard(Action.RESUME)
    *premiers, dernier = [v for a, v in VERBES.items() if a in gestes] or [""]
    return f"{', '.join(premiers)} et {dernier}" if premiers else dernier
