"""Reads of the events: the same number of queries whatever their number."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from coordination.boite.lectures import completer as completer_les_taches
from coordination.evenements import regles
from coordination.models import EtapeEvenement, EvenementIndesirable, PersonneConcernee
from dui.socle import codes, graphes
from dui.socle.enums import Action, Bloc
from dui.socle.models import Contact, Correspondant, Dossier, Tache
from habilitations.lieux import Lieu, presents, sejour_ici

E = EvenementIndesirable
TONS = {
    E.Etat.DECLARE: ("ambre", "attente"),
    E.Etat.ANALYSE: ("bleu", "chercher"),
    E.Etat.PLAN: ("bleu", "objectif"),
    E.Etat.CLOS: ("vert", "fait"),
}
GRAVITES = {1: "gris", 2: "gris", 3: "rouge", 4: "rouge"}
ETAPES = {
    "declare": "Déclaré",
    "analyse": "En analyse",
    "plan": "Plan d’action",
    "clos": "Clos",
    "eig_brouillon": "Signalement commencé",
    "eig_declare": "Signalement déclaré en interne",
    "eig_analyse": "Signalement analysé",
    "eig_transmis": "Signalement transmis",
    "eig_complete": "Signalement complété",
    "eig_clos": "Signalement clos",
}
MOIS = 12
DOCTEURS = ("Médecin de garde", "Centre 15")
PROCHES_MAX = 4
MEDECINS_MAX = 2


def types(*, maison: bool) -> list:
    """Those one declares about a person, or about the house."""
    tous = codes.codes("type_evenement").values()
    return [t for t in tous if t.actif and bool(t.proprietes.get("maison")) == maison]


def nommer(evenement) -> E:
    """What each row says of itself, without another query."""
    connus = codes.codes("type_evenement")
    type_ = connus.get(evenement.type)
    evenement.libelle = type_.libelle if type_ else evenement.type
    evenement.icone = type_.proprietes.get("icone", "info") if type_ else "info"
    evenement.ton, evenement.icone_etat = TONS[evenement.etat]
    evenement.ton_gravite = GRAVITES[evenement.gravite]
    evenement.ou = codes.libelle("lieu_evenement", evenement.lieu) if evenement.lieu else ""
    return evenement


def du_dossier(habilitation, dossier) -> list[E]:
    lignes = E.objects.visibles(habilitation).filter(dossier=dossier).plus_recents()
    return [nommer(e) for e in lignes.select_related("declarant")[:100]]


def registre(habilitation, lieu: Lieu, filtres):
    """The QuerySet of the register; the view cuts it into pages."""
    visibles = E.objects.visibles(habilitation)
    if lieu.etablissement:
        visibles = visibles.du_lieu(lieu.etablissement, lieu.unite)
    return filtres.filtrer(visibles).select_related("dossier__usager", "unite", "declarant")


def par_mois(requete, jusqu_a: date | None = None) -> dict[str, Any]:
    """Twelve months, whatever the period filtered: the curve and its table."""
    fin = (jusqu_a or timezone.localdate()).replace(day=1)
    mois = [_recule(fin, n) for n in reversed(range(MOIS))]
    depuis = requete.filter(constate_le__date__gte=mois[0]).order_by()
    nombres = Counter(
        timezone.localdate(le).replace(day=1)
        for le in depuis.values_list("constate_le", flat=True)[:20_000]
    )
    lignes = [(m, nombres.get(m, 0)) for m in mois]
    courbe = graphes.courbe(lignes, titre="Événements par mois", decimales=0)
    return {"lignes": lignes, "courbe": courbe, "total": sum(n for _, n in lignes)}


def _recule(mois: date, nombre: int) -> date:
    rang = mois.year * 12 + mois.month - 1 - nombre
    return date(rang // 12, rang % 12 + 1, 1)


# ---------------------------------------------------------------- one event


@dataclass
class Fiche:
    evenement: E
    reponses: list[tuple[str, str]]
    personnes: list[tuple[str, str]]
    etapes: list[EtapeEvenement]
    actions: list[Tache]
    causes: list[str]


def fiche(habilitation, evenement) -> Fiche:
    type_ = codes.codes("type_evenement").get(evenement.type)
    demandees = regles.parties_de(type_.proprietes) if type_ else []
    return Fiche(
        evenement=nommer(evenement),
        reponses=list(regles.en_mots(demandees, evenement.faits)),
        personnes=_personnes(habilitation, evenement),
        etapes=_etapes(evenement),
        actions=actions(habilitation, evenement),
        causes=[codes.libelle("cause_evenement", c) for c in evenement.causes],
    )


def _personnes(habilitation, evenement) -> list[tuple[str, str]]:
    """Another person is named to those who may open her record, and to nobody else."""
    dossiers = Dossier.objects.visibles(habilitation, Bloc.ID, Action.RESUME)
    connues = dossiers.filter(pk__in=evenement.personnes.values("dossier"))
    noms = {d.pk: d.usager.nom_affiche for d in connues.select_related("usager")}
    masque = "une autre personne accompagnée"
    lignes = PersonneConcernee.objects.filter(evenement=evenement).order_by("pk")
    return [
        (p.get_qualite_display(), noms.get(p.dossier_id, masque) if p.dossier_id else p.nom)
        for p in lignes
    ]


def _etapes(evenement) -> list[EtapeEvenement]:
    etapes = list(evenement.etapes.select_related("par").order_by("le", "pk"))
    for etape in etapes:
        etape.libelle = ETAPES.get(etape.etape, etape.etape)
    return etapes


def actions(habilitation, evenement) -> list[Tache]:
    """Of an event that one reads: all of its plan, whoever does it."""
    plan = evenement.plan.order_by("echeance_le", "pk")
    return completer_les_taches(habilitation, plan)


def avec_signalement(requete):
    return requete.select_related("eig", "declarant", "dossier__usager", "etablissement", "unite")


def envois(eig) -> list:
    lignes = list(eig.envois.select_related("par", "preuve").order_by("transmis_le", "pk"))
    for envoi in lignes:
        envoi.vers = codes.libelle("autorite_eig", envoi.autorite)
        envoi.par_quoi = codes.libelle("moyen_envoi", envoi.moyen)
    return lignes


# ---------------------------------------------------------------- for the form


def proches(habilitation, dossier) -> list[str]:
    """Those one calls first, as the form names them; not those who look after the person."""
    contacts = _contacts(habilitation, dossier).exclude(relation__in=_liens("soignant"))
    return [
        f"{c} ({codes.libelle('relation_contact', c.relation).lower()})" if c.relation else str(c)
        for c in contacts[:PROCHES_MAX]
    ]


def medecins(habilitation, dossier) -> list[str]:
    """The attending one first, then who can be reached at any hour."""
    roles = [c for c, code in codes.codes("role_correspondant").items() if _a(code, "medecin")]
    suivent = Correspondant.objects.visibles(habilitation, Action.RESUME).filter(
        dossier=dossier, role__in=roles
    )
    lignes = suivent.en_cours().select_related("professionnel").order_by("pk")
    siens = sorted((c for c in lignes if c.professionnel_id), key=lambda c: roles.index(c.role))
    contacts = _contacts(habilitation, dossier).filter(relation__in=_liens("medecin"))
    noms: dict[str, str] = {}
    for medecin in (*siens, *contacts):
        noms.setdefault(str(medecin).casefold(), str(medecin))
    return [*list(noms.values())[:MEDECINS_MAX], *DOCTEURS]


def _contacts(habilitation, dossier):
    visibles = Contact.objects.visibles(habilitation, Action.RESUME)
    return visibles.filter(dossier=dossier, actif=True).dans_l_ordre()


def _liens(propriete) -> list[str]:
    return [c for c, code in codes.codes("relation_contact").items() if _a(code, propriete)]


def _a(code, propriete) -> bool:
    return bool(code.proprietes.get(propriete))


def autres_presents(habilitation, dossier) -> list[tuple[str, str]]:
    sejour = sejour_ici(habilitation, dossier)
    if sejour is None:
        return []
    lieu = Lieu(sejour.etablissement, sejour.unite)
    return [
        (str(s.dossier_id), s.dossier.usager.nom_affiche)
        for s in presents(habilitation, lieu)
        if s.dossier_id != dossier.pk
    ]


# ---------------------------------------------------------------- elsewhere


def a_suivre(habilitation):
    """Declared and not yet taken up, for those who close events and for those who supervise the
    place: at most 100."""
    encadres = habilitation.encadres
    ici = Q(etablissement__in=encadres.get("etablissement", ()))
    ici |= Q(unite__in=encadres.get("unite", ()))
    if habilitation.peut(E.BLOC, Action.VALIDER):
        ici |= Q(pk__in=E.objects.visibles(habilitation, Action.VALIDER).values("pk"))
    declares = E.objects.visibles(habilitation).filter(ici, etat=E.Etat.DECLARE)
    return declares.order_by("pk")[:100]
