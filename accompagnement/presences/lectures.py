"""Who is there: the grid of a unit, the register of a day, the list for an evacuation."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accompagnement import lectures
from accompagnement.models import Absence, CloturePresences, Habitude
from accompagnement.presences.reglages import demis
from accompagnement.presences.regles import Intervalle, Statut, attendue, journee
from dui.socle.enums import Action, Bloc
from dui.socle.models import Sejour
from habilitations.lieux import presents

REGISTRE_JOURS = 15


@dataclass
class LigneDePresence:
    sejour: Sejour
    journees: list[tuple[Statut, ...]]
    ecrit: bool = False  # may this account note an absence

    @property
    def dossier(self):
        return self.sejour.dossier


def grille(habilitation, lieu, jours: list[date]) -> list[LigneDePresence]:
    """One line for each stay of the period, in the order of the ward: two queries."""
    sejours = Sejour.objects.visibles_selon(habilitation, Bloc.AGE)
    absences = Absence.objects.visibles(habilitation)
    toutes = lignes(sejours, absences, lieu, jours, demis())
    ecrits = habilitation.ouverts([x.sejour for x in toutes], Bloc.AGE, Action.SAISIR)
    for ligne in toutes:
        ligne.ecrit = ligne.sejour.dossier_id in ecrits
    return toutes


def grille_du_systeme(lieu, jours: list[date]) -> list[LigneDePresence]:
    """The same for the nightly tasks, which act for nobody."""
    return lignes(Sejour.objects.all(), Absence.objects.all(), lieu, jours, demis())


def lignes(sejours, absences, lieu, jours, parties) -> list[LigneDePresence]:
    """Each of these days, part by part (`parties`: half-days, or meals)."""
    fin = jours[-1] + timedelta(days=1)
    ici = sejours.filter(Q(sortie_le=None) | Q(sortie_le__gt=jours[0]), entree_le__lt=fin)
    ici = (
        ici.filter(unite=lieu.unite) if lieu.unite else ici.filter(etablissement=lieu.etablissement)
    )
    ici = list(
        ici.select_related("dossier__usager", "place").order_by(
            "unite__ordre", "place__ordre", "dossier__usager__recherche", "pk"
        )
    )
    bornes = (_instant(jours[0]), _instant(fin + timedelta(days=1)))
    par_sejour = defaultdict(list)
    for a in absences.entre(*bornes).filter(sejour__in=[s.pk for s in ici]).order_by("debut", "pk"):
        par_sejour[a.sejour_id].append(intervalle(a))
    return [LigneDePresence(s, _journees(s, jours, parties, par_sejour[s.pk])) for s in ici]


def _journees(sejour, jours, parties, absences) -> list[tuple[Statut, ...]]:
    """Of the days to come, what is expected."""
    aujourdhui = timezone.localdate()
    champs = {"entree": sejour.entree_le, "sortie": sejour.sortie_le, "absences": absences}
    lues = ((jour, journee(jour, parties, **champs)) for jour in jours)
    return [j if jour <= aujourdhui else attendue(j) for jour, j in lues]


def _instant(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour, datetime.min.time()))


def intervalle(absence) -> Intervalle:
    prevue = absence.etat == Absence.Etat.PREVUE
    fin = absence.retour_prevu if prevue else absence.fin
    if fin is None and absence.retour_prevu and absence.retour_prevu > timezone.now():
        fin = absence.retour_prevu  # still away; expected back then
    return Intervalle(_naif(absence.debut), fin and _naif(fin), absence.motif, prevue)


def _naif(instant) -> datetime:
    return timezone.localtime(instant).replace(tzinfo=None)


# ---------------------------------------------------------------- what asks for a gesture


def a_traiter(habilitation, lieu) -> list[dict]:
    """Somebody missing, a return that is late, a planned departure nobody confirmed."""
    ici = presents(habilitation, lieu)
    ouverts = habilitation.ouverts(ici, Bloc.AGE)
    ecrits = habilitation.ouverts(ici, Bloc.AGE, Action.SAISIR)
    personnes = {s.dossier_id: s.dossier for s in ici}
    maintenant, lignes = timezone.now(), []
    for absence in lectures.absences_ici(habilitation, ici):
        if absence.dossier_id in ouverts and (ligne := _a_traiter(absence, maintenant)):
            absence.dossier = personnes[absence.dossier_id]
            lignes.append(ligne | {"ecrit": absence.dossier_id in ecrits})
    return sorted(lignes, key=lambda x: x["rang"])


def _a_traiter(absence, maintenant) -> dict | None:
    if absence.etat == Absence.Etat.PREVUE:
        return {"absence": absence, "mot": "À confirmer", "ton": "ambre", "rang": 2}
    if absence.code and absence.code.proprietes.get("alerte_ei"):
        return {
            "absence": absence,
            "mot": absence.code.proprietes["court"],
            "ton": "rouge",
            "rang": 0,
        }
    if absence.retour_prevu and absence.retour_prevu < maintenant:
        return {"absence": absence, "mot": "En retard", "ton": "ambre", "rang": 1}
    return None


# ---------------------------------------------------------------- evacuation


def evacuation(habilitation, lieu) -> list[dict]:
    """Who is inside now, unit by unit, by room, with what helps them to move."""
    ici = presents(habilitation, lieu)
    partis = lectures.absences_ouvertes(habilitation, [s.dossier_id for s in ici])
    aides = Habitude.objects.visibles(habilitation, Action.RESUME)
    return _par_unite(ici, partis, aides)


def evacuation_du_systeme(etablissement) -> list[dict]:
    ici = list(Sejour.objects.au_tableau(etablissement=etablissement).select_related(
        "dossier__usager", "place", "unite"
    ))  # fmt: skip
    absences = Absence.objects.en_cours().des_dossiers(s.dossier_id for s in ici)
    partis = [
        lectures.nommer_absence(a) for a in absences.select_related("sejour").order_by("debut")
    ]
    return _par_unite(ici, partis, Habitude.objects.all())


def _par_unite(ici, absences, aides) -> list[dict]:
    """Away from another house, one may be in this one: whoever is not known to be out is sought."""
    reelles = [a for a in absences if a.etat == Absence.Etat.REELLE]
    partis = {(a.dossier_id, a.sejour.etablissement_id): a for a in reelles}
    aides = aides.filter(rubrique="deplacement").des_dossiers(s.dossier_id for s in ici)
    mobilite = dict(aides.order_by("pk").values_list("dossier_id", "texte"))
    unites: dict = {}
    for s in ici:
        groupe = unites.setdefault(s.unite_id, {"unite": s.unite, "dedans": [], "dehors": []})
        ligne = {"sejour": s, "aide": mobilite.get(s.dossier_id, ""), "absence": None}
        if absence := partis.get((s.dossier_id, s.etablissement_id)):
            groupe["dehors"].append(ligne | {"absence": absence})
        else:
            groupe["dedans"].append(ligne)
    return list(unites.values())


# ---------------------------------------------------------------- register


def registre(habilitation, lieu) -> list[dict]:
    """The last days of a unit: closed by whom and when, or still open."""
    if lieu.unite not in habilitation.unites_de(lieu.etablissement):
        return []
    aujourdhui = timezone.localdate()
    jours = [aujourdhui - timedelta(days=n) for n in range(REGISTRE_JOURS)]
    clos = CloturePresences.objects.filter(unite=lieu.unite, jour__gte=jours[-1])
    par_jour = {c.jour: c for c in clos.select_related("par").order_by("jour")}
    return [{"jour": j, "cloture": par_jour.get(j), "passe": j < aujourdhui} for j in jours]
