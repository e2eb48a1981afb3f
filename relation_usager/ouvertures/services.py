"""Open the portal of a dossier to somebody, hand a code over again, close it at once."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from dui.socle.enums import Bloc
from dui.socle.evenements import noter
from dui.socle.models import Compte, Dossier
from habilitations.equipe import remise
from habilitations.equipe.lectures import gere_ses_nominatifs
from habilitations.models import Activation
from habilitations.moyens.retrait import fermer_partout
from relation_usager.ouvertures import lectures
from relation_usager.services import fermer_acces_portail, ouvrir_acces_portail, tracer

INCONNU = "Aucun compte du portail n’a cet identifiant et ce nom. Vérifiez, ou laissez vide."
PAS_A_VOUS = "Ce compte ouvre aussi un dossier que vous ne gérez pas : son code se demande là-bas."


@transaction.atomic
def ouvrir(
    habilitation, dossier, *, candidat, motif, fin=None, accords=(), identifiant=""
) -> tuple[Compte, str]:
    """The account and the code to hand over; no code for who already signs in. Twice (double
    click) is one account, whose code is drawn again since the first was never seen."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.JUR).get(pk=dossier.pk)
    compte = _compte(dossier, candidat, identifiant)
    if compte and (deja := _deja_ouvert(dossier, compte)):
        if not _attend_mon_code(habilitation, compte):
            raise ValidationError(f"Le portail est déjà ouvert à {deja.compte}.")
    else:
        compte = compte or remise.creer_compte(candidat.prenom, candidat.nom)
        ouvrir_acces_portail(
            habilitation,
            dossier,
            compte=compte,
            qualite=candidat.qualite,
            motif=motif,
            fin=fin,
            accords=accords,
        )
    if compte.has_usable_password() or not gere_ses_nominatifs(habilitation, compte):
        return compte, ""
    return compte, _code(habilitation, dossier, compte, Activation.Motif.NOUVEAU)


@transaction.atomic
def redonner_code(habilitation, dossier, *, compte, motif: str) -> str:
    """For a forgotten password or a lost telephone."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.JUR).get(pk=dossier.pk)
    if not gere_ses_nominatifs(habilitation, compte):
        raise PermissionDenied(PAS_A_VOUS)
    return _code(habilitation, dossier, compte, motif)


@transaction.atomic
def fermer(habilitation, dossier, *, compte, motif: str) -> None:
    """At once: the pages answer no more, the open sessions end, a code that waits is void."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.JUR).get(pk=dossier.pk)
    if not _deja_ouvert(dossier, compte):
        return  # the same gesture sent twice
    fermer_acces_portail(habilitation, dossier, compte=compte, motif=motif)
    fermer_partout(habilitation.compte, compte)
    if not lectures.reste_ouvert(compte):
        remise.fermer_les_codes(compte)


def _compte(dossier, candidat, identifiant: str) -> Compte | None:
    if not identifiant:
        return lectures.compte_connu(dossier, candidat)
    compte = lectures.compte_du_portail(identifiant, candidat)
    if compte is None:
        raise ValidationError({"identifiant": INCONNU})
    return compte


def _deja_ouvert(dossier, compte):
    ouverts, _ = lectures.ouvertures_du_dossier(dossier)
    return next((a for a in ouverts if a.compte == compte), None)


def _attend_mon_code(habilitation, compte) -> bool:
    siennes = compte.activations.utilisables().filter(donnee_par=habilitation.compte)
    return not compte.has_usable_password() and siennes.exists()


def _code(habilitation, dossier, compte, voulu: str) -> str:
    code, motif = remise.redonner_code(habilitation, compte, voulu)
    charge = {"compte": compte.pk, "motif": str(motif)}
    noter(habilitation, "portail.code_remis", dossier=dossier, charge=charge)
    tracer(habilitation, "portail.code_remis", dossier, charge)
    return code
