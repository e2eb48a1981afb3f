"""Change the matrix of an organisme, or come back to the shipped one."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from dui.socle.enums import Action, Bloc
from dui.socle.evenements import noter
from dui.socle.journal import consigner
from dui.socle.models import Organisme
from habilitations.models import Droit, ReglageDroit, Role
from habilitations.reglages import lectures

SON_ROLE = "Personne ne change les droits de son propre rôle."
PORTAIL = "Les droits du portail se donnent personne par personne, sur le dossier."


@transaction.atomic
def regler(
    habilitation, *, role: Role, bloc: str, action: str, accorde: bool, motif: str
) -> ReglageDroit | None:
    """None when the change brings back what the shipped matrix says."""
    organisme = _prendre(habilitation, role)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi ce droit change."})
    cases = lectures.matrice(organisme, role=role)
    actions = cases[role.pk, bloc].actions
    if (action in actions) == accorde:
        raise ValidationError("Ce droit est déjà ainsi : rien ne change.")
    if not accorde and action == Action.RESUME and Action.VOIR in actions:
        raise ValidationError("« Consulter » comprend l’essentiel : retirez d’abord « Consulter ».")
    if accorde and action == Action.SAISIR and Action.VOIR not in actions:
        raise ValidationError("« Saisir » demande « Consulter » : accordez d’abord « Consulter ».")
    _tracer(habilitation, "droit.regle", role, bloc=bloc, action=action, accorde=accorde)
    cle = {"organisme": organisme, "role": role, "bloc": bloc, "action": action}
    if Droit.objects.filter(role=role, bloc=bloc, action=action).exists() == accorde:
        _effacer(ReglageDroit.objects.filter(**cle), motif)
        return None
    reglage = ReglageDroit(**cle, accorde=accorde, motif=motif.strip())
    reglage._change_reason = motif.strip()[:100]
    reglage.save()
    return reglage


@transaction.atomic
def revenir_a_l_origine(habilitation, *, role: Role) -> int:
    """Every difference of this role disappears; its history stays."""
    organisme = _prendre(habilitation, role)
    nombre = _effacer(lectures.reglages(organisme, role=role), "Retour à la matrice d’origine")
    if nombre:
        _tracer(habilitation, "droit.origine", role, nombre=nombre)
    return nombre


def _prendre(habilitation, role: Role) -> Organisme:
    """One change of the matrix at a time."""
    organisme = lectures.organisme(habilitation, Action.SAISIR)
    if role.pk in habilitation.roles:
        raise PermissionDenied(SON_ROLE)
    if role.acteur == Role.Acteur.PORTAIL:
        raise PermissionDenied(PORTAIL)
    return Organisme.objects.select_for_update(of=("self",)).get(pk=organisme.pk)


def _effacer(lignes, motif: str) -> int:
    """One by one: each leaves its history."""
    toutes = list(lignes)
    for reglage in toutes:
        reglage._change_reason = motif[:100]
        reglage.delete()
    return len(toutes)


def _tracer(habilitation, evenement: str, role: Role, **charge) -> None:
    charge = {"role": role.pk} | charge
    noter(habilitation, evenement, charge=charge)
    consigner(habilitation, "habilitation", bloc=Bloc.PAR, cible=evenement, contexte=charge)
