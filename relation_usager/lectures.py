"""What the portal reads. Each function is called behind @acces_portail, which checked the right."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.utils import timezone

from dui.socle import codes, registres
from dui.socle.enums import Bloc
from dui.socle.models import Contact, Document, Dossier, EntreeJournal, Sejour
from habilitations.journal.lectures import nommer
from relation_usager import mots

ENTREES_PAR_PAGE = 60
SEMAINE_LUE_AU_PLUS = 2000


@dataclass(frozen=True)
class Page:
    nom: str
    libelle: str
    icone: str
    bloc: str


PAGES = (
    Page("nouvelles", "Nouvelles", "poste", Bloc.ANI),
    Page("contacts", "Contacts", "telephone", Bloc.ENT),
    Page("documents", "Documents", "document", Bloc.DOCA),
    Page("acces", "Accès", "voir", Bloc.AUD),
)


def dossiers_ouverts(habilitation) -> list[Dossier]:
    """The records of which at least one page opens."""
    condition = reduce(or_, (habilitation.condition_dossier(p.bloc) for p in PAGES))
    dossiers = Dossier.objects.filter(condition).select_related("usager")
    return list(dossiers.order_by("usager__recherche", "pk"))


def pages_ouvertes(habilitation, dossier) -> list[Page]:
    return [p for p in PAGES if habilitation.ouvre(dossier, p.bloc)]


def sections(habilitation, dossier) -> list[dict]:
    return [
        {"gabarit": s.gabarit, "donnees": donnees}
        for s in registres.sections_portail
        if habilitation.ouvre(dossier, s.bloc, s.action)
        and (donnees := s.contexte(habilitation, dossier))
    ]


def sejour_actuel(dossier) -> Sejour | None:
    sejours = Sejour.objects.filter(dossier=dossier).en_cours()
    return sejours.select_related("etablissement", "unite", "place").order_by("-entree_le").first()


def contacts(habilitation, dossier) -> list[Contact]:
    lignes = Contact.objects.visibles(habilitation).filter(dossier=dossier, actif=True)
    lignes = list(lignes.dans_l_ordre())
    for ligne in lignes:
        ligne.lien = codes.libelle("relation_contact", ligne.relation) if ligne.relation else ""
    return lignes


def documents(habilitation, dossier):
    """The released ones, in their last version only."""
    lignes = Document.objects.visibles(habilitation).filter(dossier=dossier).derniers()
    return lignes.filter(communicable_le__lte=timezone.now()).order_by("-communicable_le", "pk")


@dataclass
class Acces:
    """What the same person did by the same gesture, within the same hour."""

    entree: EntreeJournal
    blocs: list[str]

    @property
    def qui(self) -> str:
        return str(self.entree.acteur or "Le logiciel")

    @property
    def metier(self) -> str:
        return self.entree.metier

    @property
    def geste(self) -> str:
        return mots.geste(self.entree)

    @property
    def quoi(self) -> str:
        if mots.acte(self.entree):
            return ""
        return ", ".join(filter(None, (mots.bloc(b) for b in self.blocs)))

    @property
    def refuse(self) -> bool:
        return self.entree.action == "refus"

    @property
    def en_urgence(self) -> bool:
        return self.entree.titre_acces == "bris_de_glace"

    @property
    def cle(self) -> tuple:
        e = self.entree
        heure = timezone.localtime(e.horodatage).replace(minute=0, second=0, microsecond=0)
        return e.acteur_id, mots.geste(e), e.titre_acces, heure


def _par_les_autres(habilitation, dossier):
    return EntreeJournal.objects.du_dossier(dossier).exclude(acteur=habilitation.compte)


def acces_au_dossier(habilitation, dossier, *, avant: int | None = None):
    """([(day, [Acces])], cursor of the older page or None), the newest first."""
    entrees = _par_les_autres(habilitation, dossier).select_related("acteur__professionnel")
    if avant:
        entrees = entrees.filter(pk__lt=avant)
    entrees = list(entrees.order_by("-id")[: ENTREES_PAR_PAGE + 1])
    suite = entrees[ENTREES_PAR_PAGE - 1].pk if len(entrees) > ENTREES_PAR_PAGE else None
    entrees = entrees[:ENTREES_PAR_PAGE]
    nommer(entrees)
    return _par_jour(_regrouper(entrees)), suite


def _regrouper(entrees) -> list[Acces]:
    groupes: dict[tuple, Acces] = {}
    for entree in entrees:
        acces = Acces(entree, [])
        blocs = groupes.setdefault(acces.cle, acces).blocs
        if entree.bloc not in blocs:
            blocs.append(entree.bloc)
    return list(groupes.values())


def _par_jour(groupes) -> list[tuple]:
    jours: dict = {}
    for acces in groupes:
        jours.setdefault(timezone.localdate(acces.entree.horodatage), []).append(acces)
    return list(jours.items())


def personnes_cette_semaine(habilitation, dossier) -> int:
    """How many accounts opened the record in seven days; an indexed slice, never a scan."""
    depuis = timezone.now() - timezone.timedelta(days=7)
    lignes = _par_les_autres(habilitation, dossier).order_by("-id")
    recentes = lignes.values_list("acteur", "horodatage")[:SEMAINE_LUE_AU_PLUS]
    return len({acteur for acteur, le in recentes if le >= depuis})
