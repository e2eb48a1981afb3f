"""Create an identity, its dossier and its stay; or receive here somebody already known."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from admission.creation import lectures
from admission.services.numeros import Numeros, une_creation_a_la_fois
from dui.socle import evenements, statuts
from dui.socle.enums import Action, Bloc, Domaine, Recueil
from dui.socle.journal import consigner
from dui.socle.models import Dossier, Sejour, Usager
from dui.socle.statuts import Cause

MOTIF = "Création à l’accueil"
PAS_LA_MEME = (
    "Ces traits sont ceux d’une personne déjà connue. Si c’en est une autre, dites comment vous "
    "le savez."
)
ENTREE_FUTURE = 366


class IdentiteDejaLa(ValidationError):
    """Somebody appeared since the search, with nearly these traits: a person decides again."""

    def __init__(self, proches):
        super().__init__("Une personne de traits proches vient d’apparaître : relisez la liste.")
        self.proches = proches


@transaction.atomic
def creer(
    habilitation,
    etablissement,
    *,
    vus,
    entree_le=None,
    motif_homonyme="",
    recueil=Recueil.SAISIE,
    **traits,
) -> Dossier:
    """`vus`: the dossiers that the author saw and declared to be somebody else's."""
    etablissement = lectures.etablissements(habilitation).get(pk=etablissement.pk)
    une_creation_a_la_fois(etablissement)
    usager = Usager(recueil=recueil, **traits)
    usager.faits_identite = statuts.passer(None, Cause.CREATION)
    proches = lectures.ressemblants(habilitation, etablissement, usager)
    _refuser_une_meme_personne(proches, vus, motif_homonyme)
    usager.homonyme = bool(proches)
    raison = f"{MOTIF}. {motif_homonyme.strip()}" if motif_homonyme.strip() else MOTIF
    _garder(habilitation, usager, raison)
    entree = _entree(entree_le, usager)
    dossier = _ouvrir_dossier(habilitation, etablissement.organisme, usager, entree)
    _ouvrir_sejour(habilitation, dossier, etablissement, entree)
    for proche in sorted(proches, key=lambda p: p.usager.pk):  # in the order of a merge
        _signaler_homonyme(habilitation, proche.usager, dossier)
    evenements.noter(
        habilitation,
        "identite.creee",
        dossier=dossier,
        charge={"recueil": str(recueil), "proches": len(proches)},
    )
    return dossier


def _refuser_une_meme_personne(proches, vus, motif_homonyme) -> None:
    if [p for p in proches if str(p.dossier.pk) not in vus]:
        raise IdentiteDejaLa(proches)
    if any(p.exacte for p in proches) and not motif_homonyme.strip():
        raise ValidationError({"motif_homonyme": PAS_LA_MEME})


def _ouvrir_dossier(habilitation, organisme, usager, entree) -> Dossier:
    jour = timezone.localdate()
    numero = Numeros(organisme, jour).suivant()
    ouvert_le = min(entree, jour)
    dossier = Dossier(organisme=organisme, usager=usager, numero=numero, ouvert_le=ouvert_le)
    _garder(habilitation, dossier, MOTIF)
    return dossier


@transaction.atomic
def accueillir(habilitation, etablissement, dossier_id, *, entree_le=None) -> Sejour:
    """The person is already known in the organisme: a new stay, never a second identity."""
    lieux = habilitation.etablissements(Bloc.ADM, Action.SAISIR)
    etablissement = lieux.get(pk=etablissement.pk)
    une_creation_a_la_fois(etablissement)
    dossier = (
        Dossier.objects.actifs()
        .filter(organisme=etablissement.organisme)
        .exclude(pk__in=habilitation.fermes(Bloc.ID) | habilitation.fermes(Bloc.ADM))
        .select_related("usager")
        .get(pk=dossier_id)
    )
    if dossier.usager.date_deces:
        raise ValidationError("Le décès de cette personne est noté : vérifiez son identité.")
    entree = _entree(entree_le, dossier.usager)
    ici = Sejour.objects.filter(dossier=dossier, etablissement=etablissement, sortie_le=None)
    if deja := ici.order_by("entree_le", "pk").first():
        return deja
    if dossier.clos_le:
        dossier.clos_le = None
        _garder(habilitation, dossier, "Nouveau séjour")
    sejour = _ouvrir_sejour(habilitation, dossier, etablissement, entree)
    cible = "sejour.ouvert"
    consigner(habilitation, Action.SAISIR, dossier=dossier, bloc=Bloc.ADM, cible=cible)
    return sejour


def _entree(entree_le, usager):
    jour = timezone.localdate()
    entree = entree_le or jour
    if entree < usager.date_naissance:
        raise ValidationError({"entree_le": "L’entrée précède la naissance."})
    if (entree - jour).days > ENTREE_FUTURE:
        raise ValidationError({"entree_le": "L’entrée est prévue dans plus d’un an."})
    return entree


def _ouvrir_sejour(habilitation, dossier, etablissement, entree) -> Sejour:
    a_domicile = etablissement.domaine == Domaine.DOM
    sejour = Sejour(
        dossier=dossier,
        etablissement=etablissement,
        entree_le=entree,
        modalite=Sejour.Modalite.DOMICILE if a_domicile else Sejour.Modalite.PERMANENT,
    )
    _garder(habilitation, sejour, MOTIF)
    evenements.noter(
        habilitation, "sejour.ouvert", dossier=dossier, charge={"sejour": str(sejour.pk)}
    )
    return sejour


def _signaler_homonyme(habilitation, usager, dossier) -> None:
    """The warning is on both records, or it protects nobody."""
    usager = Usager.objects.select_for_update(of=("self",)).get(pk=usager.pk)
    try:
        usager.faits_identite = statuts.passer(usager.faits_identite, Cause.HOMONYME)
    except statuts.ChangementRefuse:  # a fictitious identity bears nothing else
        return
    usager.version += 1
    _garder(habilitation, usager, f"{Cause.HOMONYME.label} : dossier {dossier.numero} créé")


def _garder(habilitation, objet, motif: str) -> None:
    objet.full_clean()
    objet._history_user = habilitation.compte
    objet._change_reason = motif[:100]
    objet.save()
