"""What a round shows: who is there, what is due, what is already written, by whom."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from dui.socle import codes, registres
from dui.socle.enums import Action, Bloc
from dui.socle.models import Sejour
from habilitations.lieux import Lieu, presents
from soins.models import ActePlanifie, ActeRealise
from soins.tours import listes
from soins.tours.regles import Compte, Moment, jours_en_mots, moment_courant

JOURS_AFFICHES = 7
ECARTS_AFFICHES = 30


@dataclass
class Ligne:
    """One person of the round; `absence` when nothing is to be asked of them."""

    sejour: Sejour
    cases: dict[str, list] = field(default_factory=dict)  # {code: [(planned act, what became)]}
    absence: Any = None
    parti_pendant: bool = False  # left during the moment: what was done before can be written

    @property
    def dossier(self):
        return self.sejour.dossier

    @property
    def actes(self) -> list[tuple[ActePlanifie, ActeRealise | None]]:
        return [couple for couples in self.cases.values() for couple in couples]

    @property
    def a_noter(self) -> list[ActePlanifie]:
        if self.absence and not self.parti_pendant:
            return []
        return [acte for acte, realise in self.actes if realise is None]


@dataclass
class Tour:
    unite: Any
    jour: date
    moment: Moment
    debut: datetime
    fin: datetime
    lignes: list[Ligne]
    colonnes: list[str]

    @property
    def a_venir(self) -> bool:
        return timezone.now() < self.debut

    @property
    def a_noter(self) -> list[ActePlanifie]:
        return [acte for ligne in self.lignes for acte in ligne.a_noter]

    @property
    def compte(self) -> Compte:
        realises = [r for ligne in self.lignes for _, r in ligne.actes if r]
        presents_ = [x for x in self.lignes if not x.absence]
        restent = sum(len(ligne.a_noter) for ligne in presents_)
        ecarts = sum(r.ecart for r in realises)
        return Compte(len(realises) + restent, len(realises), ecarts)

    @property
    def absents(self) -> list[Ligne]:
        return [ligne for ligne in self.lignes if ligne.absence]


def instants(jour: date, moment: Moment) -> tuple[datetime, datetime]:
    debut, fin = moment.bornes(jour)
    return timezone.make_aware(debut), timezone.make_aware(fin)


def en_ce_moment() -> tuple[date, Moment]:
    maintenant = timezone.localtime().replace(tzinfo=None)
    return moment_courant(list(listes.moments().values()), maintenant)


def tour(habilitation, unite, jour: date, moment: Moment) -> Tour:
    debut, fin = instants(jour, moment)
    sejours = _sejours(habilitation, unite, jour)
    ids = [s.dossier_id for s in sejours]
    planifies, realises = _actes(habilitation, ids, jour, moment)
    repere = min(max(timezone.now(), debut), fin)
    absences = absences_a(habilitation, sejours, repere)
    lignes = [
        _ligne(sejour, planifies[sejour.dossier_id], realises, absences, (debut, repere))
        for sejour in sejours
    ]
    codes_ = {code for ligne in lignes for code in ligne.cases}
    colonnes = [c for c in codes.codes("acte_quotidien") if c in codes_]
    return Tour(unite, jour, moment, debut, fin, [x for x in lignes if x.cases], colonnes)


def _sejours(habilitation, unite, jour) -> list[Sejour]:
    """Who was there that day; today's are those of every page."""
    if jour == timezone.localdate():
        return presents(habilitation, Lieu(unite.etablissement, unite))
    visibles = Sejour.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME)
    ici = visibles.en_cours(jour).filter(unite=unite).select_related("dossier__usager", "place")
    return list(ici.order_by("place__ordre", "place__lit", "dossier__usager__recherche", "pk"))


def _actes(habilitation, ids, jour, moment):
    """({dossier: planned acts}, {planned act: what became of it})."""
    planifies = defaultdict(list)
    prevus = ActePlanifie.objects.visibles(habilitation).prevus(jour, moment.code)
    for acte in prevus.des_dossiers(ids).order_by("pk"):
        planifies[acte.dossier_id].append(acte)
    faits = ActeRealise.objects.visibles(habilitation).du_tour(jour, moment.code)
    faits = faits.des_dossiers(ids).select_related("auteur", "acte").order_by("pk")
    realises = {r.acte_id: r for r in faits}
    connus = {a.pk for actes in planifies.values() for a in actes}
    for r in realises.values():  # done, then taken off the plan: it was done
        if r.acte_id not in connus:
            planifies[r.dossier_id].append(r.acte)
    return planifies, realises


def absences_a(habilitation, sejours, instant) -> dict:
    """{dossier: the absence in progress then}, from the block that knows."""
    trouvees: dict = {}
    for source in registres.sources_absences.permis(habilitation):
        trouvees |= source.absences(habilitation, sejours, instant)
    return trouvees


def _ligne(sejour, actes, realises, absences, instants_) -> Ligne:
    absence = absences.get(sejour.dossier_id)
    parti = bool(absence) and instants_[0] < absence.debut <= instants_[1]
    ligne = Ligne(sejour, absence=absence, parti_pendant=parti)
    for acte in actes:
        ligne.cases.setdefault(acte.code, []).append((acte, realises.get(acte.pk)))
    return ligne


# ---------------------------------------------------------------- home


def tours_du_moment(habilitation, lieu) -> list[dict]:
    """[{unite, compte, jour, moment}] of the round in progress, unit by unit: one query beyond
    those of the page."""
    jour, moment = en_ce_moment()
    ici = presents(habilitation, lieu)
    partis = absences_a(habilitation, ici, timezone.now())
    fait = ActeRealise.objects.du_tour(jour, moment.code).filter(acte=OuterRef("pk"))
    prevus = ActePlanifie.objects.visibles(habilitation, Action.SAISIR).prevus(jour, moment.code)
    prevus = prevus.annotate(issue=Subquery(fait.order_by("pk").values("issue")[:1]))
    par_dossier = defaultdict(list)
    lignes = prevus.des_dossiers(s.dossier_id for s in ici).order_by("pk")
    for dossier_id, issue in lignes.values_list("dossier_id", "issue"):
        par_dossier[dossier_id].append(issue)
    unites: dict[Any, Compte] = {}
    for sejour in (s for s in ici if s.unite_id):
        issues = par_dossier[sejour.dossier_id]
        notes = [i for i in issues if i]
        dus = len(notes) if sejour.dossier_id in partis else len(issues)
        if dus:
            avant = unites.get(sejour.unite, Compte())
            ecarts = sum(i != ActeRealise.Issue.FAIT for i in notes)
            unites[sejour.unite] = Compte(
                avant.prevus + dus, avant.notes + len(notes), avant.ecarts + ecarts
            )
    return [{"unite": u, "compte": c, "jour": jour, "moment": moment} for u, c in unites.items()]


# ---------------------------------------------------------------- one person


def plan(habilitation, dossier) -> list[ActePlanifie]:
    actes = ActePlanifie.objects.visibles(habilitation).filter(dossier=dossier).du_plan()
    rang = {code: i for i, code in enumerate(codes.codes("acte_quotidien"))}
    lignes = sorted(actes.order_by("pk"), key=lambda a: rang.get(a.code, len(rang)))
    servis = dict(registres.objectifs(habilitation, dossier) if _sert(lignes) else ())
    for acte in lignes:
        acte.sert = servis.get(acte.objectif, "")
        acte.libelle = codes.libelle("acte_quotidien", acte.code)
        acte.rythme = rythme_en_mots(acte)
    return lignes


def _sert(lignes) -> bool:
    return any(acte.objectif for acte in lignes)


def rythme_en_mots(acte) -> str:
    """« matin et soir, tous les jours »."""
    ordre = list(codes.codes("moment_journee"))
    moments = [listes.moment_en_mots(m) for m in sorted(acte.moments, key=ordre.index)]
    debut = ", ".join(moments[:-1]) + (" et " if len(moments) > 1 else "") + moments[-1]
    return f"{debut}, {jours_en_mots(acte.jours)}"


def semaine(habilitation, dossier) -> dict:
    """Seven days of what was done, act by act, and the recent departures from the plan."""
    aujourdhui = timezone.localdate()
    jours = [aujourdhui - timedelta(days=n) for n in reversed(range(JOURS_AFFICHES))]
    faits = ActeRealise.objects.visibles(habilitation).filter(dossier=dossier).en_vigueur()
    faits = list(
        faits.filter(jour__gte=jours[0]).select_related("auteur").order_by("-fait_le", "pk")
    )
    par_case = defaultdict(list)
    for r in faits:
        par_case[r.code, r.jour].append(r)
    presents_ = {code for code, _ in par_case}
    lignes = [
        {
            "icone": c.proprietes["icone"],
            "libelle": c.proprietes["court"],
            "cases": [_case(par_case.get((code, jour), [])) for jour in jours],
        }
        for code, c in codes.codes("acte_quotidien").items()
        if code in presents_
    ]
    ecarts = [nommer(r) for r in faits if r.ecart][:ECARTS_AFFICHES]
    return {"jours": jours, "lignes": lignes, "ecarts": ecarts}


def _case(realises) -> dict:
    if not realises:
        return {}
    faits = sum(not r.ecart for r in realises)
    ton = "vert" if faits == len(realises) else "ambre"
    texte = f"{faits}/{len(realises)}" if len(realises) > 1 or ton == "ambre" else "Fait"
    return {"texte": texte, "ton": ton, "icone": "fait" if ton == "vert" else "refus"}


def nommer(realise):
    """Adds what is said of it: « Toilette du 21/11, matin », « Refusé »."""
    realise.libelle = codes.libelle("acte_quotidien", realise.code)
    realise.quoi = codes.libelle("ecart_acte", realise.motif) if realise.ecart else "Fait"
    realise.quand = listes.moment_en_mots(realise.moment)
    return realise


def versions(habilitation, realise) -> list[ActeRealise]:
    """The chain of an act, the version in force first."""
    memes = ActeRealise.objects.visibles(habilitation).filter(
        acte=realise.acte_id, jour=realise.jour, moment=realise.moment
    )
    return [nommer(r) for r in memes.select_related("auteur").order_by("-version", "-pk")]
