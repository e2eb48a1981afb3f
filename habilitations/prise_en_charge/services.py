"""Who joins or leaves the team of care of a person. It drives access: each gesture is journaled,
noted and kept in the history."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from dui.socle.enums import Action, Bloc
from dui.socle.evenements import noter
from dui.socle.models import Dossier
from habilitations.models import MembreEquipe
from habilitations.prise_en_charge import lectures

REFERENT, COREFERENT, MEMBRE = "referent", "coreferent", "membre"
PLACES = [
    (REFERENT, "Référent principal"),
    (COREFERENT, "Co-référent"),
    (MEMBRE, "Membre de l’équipe"),
]
DEJA = "Cette personne est déjà de l’équipe à ces dates."
LUI_MEME = "Choisissez quelqu’un d’autre pour le remplacement."
TROP_TOT = "La fin précède le début."


@transaction.atomic
def ajouter(
    habilitation, dossier, *, compte, place, fonction, debut, perimetre="", fin=None
) -> MembreEquipe:
    dossier = _tenir(habilitation, dossier)
    return _ajouter(
        habilitation,
        MembreEquipe(
            compte=compte,
            dossier=dossier,
            fonction=fonction,
            perimetre=perimetre,
            referent=place == REFERENT,
            coreferent=place == COREFERENT,
            debut=debut,
            fin=fin,
        ),
    )


@transaction.atomic
def terminer(habilitation, dossier, membre_id, *, fin, motif) -> MembreEquipe:
    """An end date counts until its evening; the row stays."""
    dossier = _tenir(habilitation, dossier)
    membre = _verrouiller(dossier, membre_id)
    return _finir(habilitation, membre, fin, motif)


@transaction.atomic
def remplacer(habilitation, dossier, membre_id, *, compte, le, motif) -> MembreEquipe:
    """The same place, held by somebody else from that day; the former leaves the day before."""
    dossier = _tenir(habilitation, dossier)
    membre = _verrouiller(dossier, membre_id)
    if compte == membre.compte:
        raise ValidationError({"compte": LUI_MEME})
    suite = MembreEquipe(
        compte=compte,
        dossier=dossier,
        fonction=membre.fonction,
        perimetre=membre.perimetre,
        referent=membre.referent,
        coreferent=membre.coreferent,
        debut=le,
        fin=membre.fin if membre.fin and membre.fin >= le else None,
    )
    _finir(habilitation, membre, le - timedelta(days=1), motif)
    return _ajouter(habilitation, suite)


def _tenir(habilitation, dossier) -> Dossier:
    """One change of a team at a time: a double click waits, then finds it done."""
    return Dossier.objects.pour_ecrire(habilitation, Bloc.PAR, Action.ADMINISTRER).get(
        pk=dossier.pk
    )


def _verrouiller(dossier, membre_id) -> MembreEquipe:
    lignes = lectures.modifiables(dossier).select_for_update(of=("self",))
    return lignes.get(pk=membre_id)


def _ajouter(habilitation, membre) -> MembreEquipe:
    if lectures.chevauchent(membre):
        raise ValidationError({"compte": DEJA})
    membre.full_clean()
    membre.save(force_insert=True)
    _noter(habilitation, "equipe.ajoutee", membre)
    return membre


def _finir(habilitation, membre, fin, motif) -> MembreEquipe:
    if fin < membre.debut:
        raise ValidationError({"fin": TROP_TOT})
    membre.fin = fin
    if lectures.chevauchent(membre):
        raise ValidationError({"fin": DEJA})
    membre.full_clean()
    membre._change_reason = motif
    membre.save(update_fields=["fin"])
    _noter(habilitation, "equipe.terminee", membre)
    return membre


def _noter(habilitation, type_, membre) -> None:
    faits = {"membre": membre.pk, "compte": membre.compte_id, "place": membre.place}
    noter(habilitation, type_, dossier=membre.dossier, charge=faits)
