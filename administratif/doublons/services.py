"""What the cellule d’identitovigilance does of a pair: set aside, merge, undo. One account
proposes, another one approves; both leave an event and a line on the journal of each record."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone

from administratif.doublons import detection
from administratif.doublons.empechements import empechements
from administratif.doublons.regles import REGLES
from dui.socle import evenements, fusion
from dui.socle.enums import Action, Bloc
from dui.socle.fusion import Passage
from dui.socle.journal import consigner
from dui.socle.models import Dossier, Doublon, Fusion, Sejour
from habilitations.politique import Habilitation

TITRE = "identitovigilance"
CHANGEE = "Cette paire vient de changer : relisez-la."
SOI_MEME = "Une autre personne que celle qui propose approuve : demandez à un collègue."
OCCUPE = "Quelqu’un écrit dans l’un des deux dossiers : réessayez dans un instant."
RELIRE = "Une identité a changé depuis la proposition : relisez-la, puis proposez de nouveau."
MAISONS = (
    "Ni vous ni la personne qui propose ne suivez l’un de ces deux dossiers : la cellule de son "
    "établissement approuve."
)
ORDRE = "Une fusion plus récente concerne ces dossiers : défaites-la d’abord."


# ---------------------------------------------------------------- judging


@transaction.atomic
def ecarter(habilitation, doublon_id, *, motif) -> Doublon:
    """Not the same person, or nothing to separate: with how one knows."""
    doublon = _ouvrir(habilitation, doublon_id)
    _expirer(doublon)
    attend = doublon.fusions.en_attente().exists()
    if attend or doublon.etat in (Doublon.Etat.DISTINCTES, Doublon.Etat.FUSIONNEE):
        raise ValidationError(CHANGEE)
    doublon.motif = _motif(motif)
    _juger(habilitation, doublon, Doublon.Etat.DISTINCTES)
    _tracer(habilitation, doublon, "ecartee")
    return doublon


@transaction.atomic
def signaler_collision(habilitation, dossier, *, texte) -> Doublon:
    """Two persons in one record: said from its page, settled by the cellule."""
    ouverts = Dossier.objects.pour_ecrire(habilitation, Bloc.IDV)
    dossier = ouverts.select_for_update(of=("self",), no_key=True).get(pk=dossier.pk)
    doublon, nouveau = Doublon.objects.get_or_create(
        organisme_id=dossier.organisme_id,
        nature=Doublon.Nature.COLLISION,
        premier=dossier,
        texte=_motif(texte, "texte")[:500],
        signale_par=habilitation.compte,
        etat=Doublon.Etat.A_EXAMINER,
        defaults={"score": 100},
    )
    if not nouveau:  # sent twice
        return doublon
    charge = {"doublon": str(doublon.pk)}
    evenements.noter(habilitation, "identite.collision_signalee", dossier=dossier, charge=charge)
    return doublon


# ---------------------------------------------------------------- proposing


@transaction.atomic
def proposer(habilitation, doublon_id, *, retenu_id, motif) -> Fusion:
    """`retenu_id`: the record that stays. Who approves reads the same page."""
    doublon = _ouvrir(habilitation, doublon_id)
    if doublon.second is None or str(retenu_id) not in {str(d.pk) for d in doublon.dossiers}:
        raise ValidationError({"retenu": "Choisissez l’identité à garder."})
    retenu, absorbe = sorted(doublon.dossiers, key=lambda d: str(d.pk) != str(retenu_id))
    _refuser_si_empeche(retenu, absorbe)
    demande = _demander(habilitation, doublon, retenu, absorbe, motif=motif)
    doublon.etat = Doublon.Etat.PROPOSEE
    doublon.save(update_fields=["etat"])
    _tracer(habilitation, doublon, "proposee", fusion=str(demande.pk))
    return demande


@transaction.atomic
def proposer_defusion(habilitation, doublon_id, *, motif) -> Fusion:
    doublon = _ouvrir(habilitation, doublon_id)
    faite = doublon.fusions.en_vigueur().first()
    if faite is None:
        raise ValidationError(CHANGEE)
    _derniere(faite)
    demande = _demander(
        habilitation, doublon, faite.retenu, faite.absorbe, motif=motif, defait=faite
    )
    _tracer(habilitation, doublon, "defusion_proposee", fusion=str(demande.pk))
    return demande


def _demander(habilitation, doublon, retenu, absorbe, *, motif, defait=None) -> Fusion:
    _expirer(doublon)
    if doublon.fusions.en_attente().exists():
        raise ValidationError("Une proposition attend déjà une décision.")
    return Fusion.objects.create(
        doublon=doublon,
        sens=Fusion.Sens.DEFUSION if defait else Fusion.Sens.FUSION,
        retenu=retenu,
        absorbe=absorbe,
        defait=defait,
        motif=_motif(motif),
        empreinte=detection.empreinte(retenu, absorbe),
        propose_par=habilitation.compte,
        expire_le=timezone.now() + REGLES.proposition,
    )


def _expirer(doublon) -> None:
    doublon.fusions.filter(decision="", expire_le__lte=timezone.now()).update(
        decision=Fusion.Decision.EXPIREE, decide_le=timezone.now()
    )


# ---------------------------------------------------------------- deciding


@transaction.atomic
def refuser(habilitation, doublon_id) -> Fusion:
    """By another one, or withdrawn by its author: the pair waits again."""
    doublon = _ouvrir(habilitation, doublon_id)
    demande = _demande(doublon)
    sien = demande.propose_par == habilitation.compte
    _conclure(habilitation, demande, Fusion.Decision.RETIREE if sien else Fusion.Decision.REFUSEE)
    if demande.sens == Fusion.Sens.FUSION:
        doublon.etat = Doublon.Etat.A_EXAMINER
        doublon.save(update_fields=["etat"])
    _tracer(habilitation, doublon, "refusee", fusion=str(demande.pk))
    return demande


@transaction.atomic
def approuver(habilitation, doublon_id) -> Fusion:
    """Merge, or undo: all of it in this transaction, with both records held."""
    doublon = _ouvrir(habilitation, doublon_id)
    demande = _demande(doublon)
    if demande.propose_par == habilitation.compte:
        raise PermissionDenied(SOI_MEME)
    tenus = _tenir(demande)
    passage = Passage(habilitation, demande, tenus[demande.retenu_id], tenus[demande.absorbe_id])
    _deux_maisons(habilitation, demande)
    if demande.empreinte != detection.empreinte(passage.retenu, passage.absorbe):
        raise ValidationError(RELIRE)
    _conclure(habilitation, demande, Fusion.Decision.APPROUVEE)
    if demande.sens == Fusion.Sens.FUSION:
        _refuser_si_empeche(passage.retenu, passage.absorbe)
        fusion.fusionner(passage)
        _juger(habilitation, doublon, Doublon.Etat.FUSIONNEE)
        _tracer(habilitation, doublon, "fusionnee", fusion=str(demande.pk), **passage.laissees)
    else:
        if demande.defait:
            _derniere(demande.defait)
        fusion.defusionner(passage)
        Fusion.objects.filter(pk=demande.defait_id).update(defaite_le=timezone.now())
        _juger(habilitation, doublon, Doublon.Etat.DEFUSIONNEE)
        _tracer(habilitation, doublon, "defusionnee", fusion=str(demande.pk))
    return demande


def _tenir(demande) -> dict:
    try:
        with transaction.atomic():
            return fusion.tenir(demande.retenu_id, demande.absorbe_id)
    except OperationalError as erreur:
        if isinstance(erreur.__cause__, fusion.TENU_AILLEURS):
            raise ValidationError(OCCUPE) from None
        raise


def _demande(doublon) -> Fusion:
    demande = doublon.fusions.filter(decision="").select_related("defait", "propose_par").first()
    if demande is None:
        raise ValidationError(CHANGEE)
    if demande.expire_le <= timezone.now():
        raise ValidationError("Cette proposition a expiré : proposez de nouveau.")
    return demande


def _conclure(habilitation, demande, decision) -> None:
    demande.decision, demande.decide_par = decision, habilitation.compte
    demande.decide_le = timezone.now()
    demande.save(update_fields=["decision", "decide_par", "decide_le"])


def _deux_maisons(habilitation, demande) -> None:
    """Between the two accounts, each record is followed by the cellule of a house of its own; one
    that never stayed anywhere is nobody's."""
    deux = [demande.retenu_id, demande.absorbe_id]
    tous = Sejour.objects.filter(dossier__in=deux).order_by("pk")
    sejournes, suivis = set(tous.values_list("dossier", flat=True)), set()
    for h in (habilitation, Habilitation(demande.propose_par)):
        maisons = h.etablissements(Bloc.IDV, Action.VALIDER)
        suivis |= set(tous.filter(etablissement__in=maisons).values_list("dossier", flat=True))
    if sejournes - suivis:
        raise PermissionDenied(MAISONS)


def _derniere(faite: Fusion) -> None:
    """Merges are undone from the last one on: each one knows what it found."""
    dossiers = [faite.retenu_id, faite.absorbe_id]
    autres = Fusion.objects.en_vigueur().filter(decide_le__gt=faite.decide_le)
    if autres.filter(retenu__in=dossiers).exists() or autres.filter(absorbe__in=dossiers).exists():
        raise ValidationError(ORDRE)


# ---------------------------------------------------------------- common


def _ouvrir(habilitation, doublon_id) -> Doublon:
    """The pair, locked: two decisions at once are one."""
    visibles = Doublon.objects.visibles(habilitation).filter(pk=doublon_id)
    doublon = visibles.select_for_update(of=("self",)).select_related(
        "premier__usager", "second__usager"
    )
    return doublon.get()


def _juger(habilitation, doublon, etat) -> None:
    doublon.etat = etat
    doublon.empreinte = detection.empreinte(*doublon.dossiers)
    doublon.juge_par, doublon.juge_le = habilitation.compte, timezone.now()
    doublon.save()


def _motif(texte: str, champ="motif") -> str:
    if len(texte.strip()) < REGLES.motif_minimal:
        raise ValidationError({champ: f"Expliquez en {REGLES.motif_minimal} caractères au moins."})
    return texte.strip()


def _refuser_si_empeche(retenu, absorbe) -> None:
    collision = Doublon.objects.collisions_de(retenu, absorbe).exists()
    if raisons := empechements(retenu, absorbe, collision=collision):
        raise ValidationError(raisons)


def _tracer(habilitation, doublon, fait: str, **charge) -> None:
    """On both records: each keeps its own history."""
    charge = {"doublon": str(doublon.pk)} | charge
    for dossier in doublon.dossiers:
        evenements.noter(habilitation, f"identite.{fait}", dossier=dossier, charge=charge)
        consigner(
            habilitation,
            Action.VALIDER,
            dossier=dossier,
            bloc=Bloc.IDV,
            cible=f"identite.{fait}",
            titre=TITRE,
        )
