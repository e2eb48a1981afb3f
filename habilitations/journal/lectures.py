"""The pages of the journal: keyset, never a count, the same number of queries at any volume."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier, EntreeJournal, Usager
from dui.socle.pagination import Tranche, trancher, trancher_par_numero
from habilitations import detenteurs
from habilitations.journal import faits, mots

TAILLE = 60
LOT = 2_000
RESULTATS = 12


@dataclass
class Ligne:
    """The same gesture of the same account on the same thing, within one hour."""

    entree: EntreeJournal  # the latest
    soi: bool = False
    dossier: Dossier | None = None  # only where the reader may know whom it is about
    debut: datetime = field(init=False)
    nombre: int = 1

    def __post_init__(self):
        self.debut = self.entree.horodatage

    def ajouter(self, entree):
        self.debut, self.nombre = entree.horodatage, self.nombre + 1

    @property
    def qui(self) -> str:
        if self.entree.acteur:
            return str(self.entree.acteur)
        return "Un identifiant inconnu" if self.echec else "Le logiciel"

    @property
    def metier(self) -> str:
        return mots.en_minuscules(getattr(self.entree, "metier", ""))

    @property
    def phrase(self) -> str:
        return mots.phrase(self.entree, soi=self.soi)

    @property
    def url(self) -> str:
        """Mine lead back to the record, those of others to its journal."""
        nom = "dossier" if self.soi else "journal_dossier"
        return reverse(nom, args=[self.dossier.pk]) if self.dossier else ""

    @property
    def ou(self) -> str:
        return self.entree.contexte.get("adresse", "")

    @property
    def chemin(self) -> str:
        return mots.chemin(self.entree.titre_acces)

    @property
    def chemin_particulier(self) -> str:
        """On a page, the ordinary way goes without saying; a refusal or a broken glass is said."""
        dit = self.entree.titre_acces in ("affectation", "aucun") or self.entree.bloc == Bloc.BDG
        return "" if dit else self.chemin

    @property
    def refuse(self) -> bool:
        return self.entree.action == "refus"

    @property
    def echec(self) -> bool:
        return self.entree.action == "connexion_refusee"

    @property
    def copie(self) -> bool:
        return self.entree.action in ("imprimer", "exporter", "telecharger")

    @property
    def en_urgence(self) -> bool:
        return self.entree.titre_acces == "bris_de_glace"


@dataclass(frozen=True)
class Page:
    jours: list[tuple[date, list[Ligne]]]
    tranche: Tranche


def du_dossier(habilitation, dossier) -> QuerySet:
    """Of a record that `acces_dossier` opened for AUD, its merged aliases included."""
    if not habilitation.peut_pour(dossier, Bloc.AUD):
        return EntreeJournal.objects.none()
    return EntreeJournal.objects.du_dossier(dossier)


def des_maisons(habilitation) -> QuerySet:
    return EntreeJournal.objects.visibles(habilitation).a_surveiller()


def de_moi(habilitation) -> QuerySet:
    return EntreeJournal.objects.du_compte(habilitation.compte)


def page_du_dossier(requete, request) -> Page:
    tranche = trancher_par_numero(_signees(requete), request, taille=TAILLE)
    nommer(tranche.lignes)
    return Page(_par_jour([Ligne(e) for e in tranche.lignes]), tranche)


def page_des_maisons(habilitation, requete, request) -> Page:
    tranche = trancher(_signees(requete), request, champ="horodatage", taille=TAILLE)
    nommer(tranche.lignes)
    dossiers = _dossiers(habilitation, tranche.lignes, Bloc.AUD, Action.VOIR)
    lignes = [Ligne(e, dossier=dossiers.get(e.dossier_id)) for e in tranche.lignes]
    return Page(_par_jour(lignes), tranche)


def ma_page(habilitation, requete, request) -> Page:
    tranche = trancher_par_numero(requete, request, taille=TAILLE)
    faits.nommer(tranche.lignes)
    # A record that refused me, or that I no longer open, is not named.
    dossiers = _dossiers(habilitation, tranche.lignes, Bloc.ID, Action.RESUME)
    lignes = [Ligne(e, soi=True, dossier=dossiers.get(e.dossier_id)) for e in tranche.lignes]
    return Page(_par_jour(lignes), tranche)


def _signees(requete):
    return requete.select_related("acteur__professionnel")


def nommer(entrees) -> None:
    """`metier` of each row: the function on the badge, else the last role, in plain words."""
    roles = detenteurs.roles_en_clair({e.acteur_id for e in entrees if e.acteur_id})
    for entree in entrees:
        professionnel = getattr(entree.acteur, "professionnel", None)
        fonction = professionnel.libelle_fonction if professionnel else ""
        entree.metier = fonction or roles.get(entree.acteur_id, "")
    faits.nommer(entrees)


def _dossiers(habilitation, entrees, bloc, action) -> dict:
    """A merged record is named as the one that was kept."""
    cles = {e.dossier_id for e in entrees if e.dossier_id}
    visibles = Dossier.objects.visibles(habilitation, bloc, action).values("pk")
    dossiers = Dossier.objects.filter(Q(pk__in=visibles) | Q(fusionne_dans__in=visibles))
    lus = dossiers.select_related("usager", "fusionne_dans__usager").in_bulk(cles)
    return {cle: d.garde for cle, d in lus.items()}


def _par_jour(lignes) -> list[tuple[date, list[Ligne]]]:
    """Days, then one line for what one account repeats within an hour, the latest first."""
    jours: dict[date, dict[tuple, Ligne]] = {}
    for ligne in lignes:
        e = ligne.entree
        quand = timezone.localtime(e.horodatage)
        cle = (quand.hour, e.acteur_id, e.dossier_id, ligne.phrase, e.titre_acces, ligne.ou)
        du_jour = jours.setdefault(quand.date(), {})
        if cle in du_jour:
            du_jour[cle].ajouter(e)
        else:
            du_jour[cle] = ligne
    return [(jour, list(groupes.values())) for jour, groupes in jours.items()]


def regrouper(entrees) -> list[Ligne]:
    """The acts of one account, hour by hour."""
    return [ligne for _, lignes in _par_jour([Ligne(e) for e in entrees]) for ligne in lignes]


def par_lots(requete, maximum: int) -> Iterator[list[EntreeJournal]]:
    """Short queries one after another: a long export holds neither cursor nor transaction."""
    requete, reste, avant = _signees(requete).order_by("-pk"), maximum, None
    while reste > 0:
        suite = requete.filter(pk__lt=avant) if avant else requete
        lot = list(suite[: min(LOT, reste)])
        if not lot:
            return
        nommer(lot)
        yield lot
        avant, reste = lot[-1].pk, reste - len(lot)


def chercher(habilitation, texte: str) -> list[Dossier]:
    """Whose journal? By file number or name, former ones included, among the records whose traces
    open."""
    nommes = Usager.objects.ressemblant(texte).values("pk")
    dossiers = Dossier.objects.visibles(habilitation, Bloc.AUD).select_related("usager")
    dits = Dossier.objects.filter(Q(numero=texte) | Q(usager__in=nommes)).gardes()
    trouves = dossiers.filter(pk__in=dits)
    return list(trouves.order_by("usager__recherche", "pk")[:RESULTATS])
