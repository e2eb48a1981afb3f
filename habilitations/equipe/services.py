"""Open, lend, end and give back an access. Each act has its author, its trace and its event."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from dui.socle.enums import Bloc
from dui.socle.evenements import noter
from dui.socle.journal import consigner
from dui.socle.models import Compte
from habilitations.connexion import essais
from habilitations.equipe import lectures, regles
from habilitations.equipe.remise import creer_compte, donner_code, redonner_code
from habilitations.models import Activation, Affectation, IdentiteProfessionnelle
from habilitations.moyens.retrait import fermer_partout
from habilitations.psc import identites

HORS_REGLE = "Vous ne pouvez pas donner ce rôle à cet endroit."
PAS_A_VOUS = "Cette personne a des droits que vous ne donnez pas : demandez à l’administrateur."

SUR_LE_PORTAIL = "Ce compte est celui d’un proche, sur le portail : ouvrez-en un autre."


@transaction.atomic
def ajouter_remplacant(habilitation, *, fin: date, **acte) -> tuple[Compte, str]:
    """As `ouvrir_compte`, and always with an end, whoever opens it."""
    if fin is None:
        raise ValidationError({"fin": "Un remplacement a toujours une fin."})
    return ouvrir_compte(habilitation, fin=fin, **acte)


@transaction.atomic
def ouvrir_compte(
    habilitation, *, cle, prenom: str, nom: str, role, lieu, debut: date, fin: date | None
) -> tuple[Compte, str]:
    """The account, its affectation and the code to hand over. The same `cle` twice (double
    click) is one account; its code is then drawn again, since the first was never seen."""
    deja = lectures.affectations(habilitation).filter(pk=cle).first()
    if deja:
        _exiger_sa_creation(habilitation, deja.compte)
        code = donner_code(habilitation, deja.compte, Activation.Motif.NOUVEAU, deja.debut)
        return deja.compte, code
    compte = creer_compte(prenom, nom)
    _affecter(habilitation, compte, cle=cle, role=role, lieu=lieu, debut=debut, fin=fin)
    code = donner_code(habilitation, compte, Activation.Motif.NOUVEAU, debut)
    _tracer(habilitation, "compte.ouvert", compte, role=role, fin=fin)
    return compte, code


@transaction.atomic
def renommer(habilitation, compte, *, prenom: str, nom: str) -> None:
    """An empty name stays what it was; the identifier never changes."""
    _exiger_d_en_repondre(habilitation, compte)
    compte.first_name = prenom.strip() or compte.first_name
    compte.last_name = nom.strip() or compte.last_name
    compte.save(update_fields=["first_name", "last_name"])
    _tracer(habilitation, "compte.renomme", compte)


@transaction.atomic
def deleguer(
    habilitation, compte, *, cle, role, lieu, debut: date, fin: date | None
) -> Affectation:
    """One more affectation for somebody of the team."""
    deja = lectures.affectations(habilitation).filter(pk=cle, compte=compte).first()
    if deja:
        return deja
    if compte == habilitation.compte:
        raise PermissionDenied("Personne ne se donne un rôle à soi-même.")
    if not lectures.comptes(habilitation).filter(pk=compte.pk).exists():
        raise PermissionDenied(PAS_A_VOUS)
    affectation = _affecter(
        habilitation, compte, cle=cle, role=role, lieu=lieu, debut=debut, fin=fin
    )
    _tracer(habilitation, "affectation.ouverte", compte, role=role, fin=fin)
    return affectation


@transaction.atomic
def terminer(habilitation, affectation_id, *, fin: date) -> Affectation:
    """Until the evening of `fin`; the day before today closes at once."""
    visibles = lectures.affectations(habilitation).select_for_update(of=("self",))
    affectation = visibles.get(pk=affectation_id)
    if not lectures.donnable(lectures.perimetres(habilitation), affectation):
        raise PermissionDenied(PAS_A_VOUS)
    if affectation.fin and fin > affectation.fin:
        raise ValidationError("Une fin ne se repousse pas : ajoutez une affectation.")
    if fin < timezone.localdate() - timedelta(days=1):
        raise ValidationError("Une fin ne se date pas dans le passé.")
    if affectation.fin == fin:
        return affectation
    affectation.fin = fin
    affectation.full_clean(validate_unique=False)
    affectation.save()
    _tracer(habilitation, "affectation.terminee", affectation.compte, role=affectation.role)
    return affectation


@transaction.atomic
def redonner_acces(habilitation, compte, *, motif: str) -> str:
    """A code for a forgotten password or a lost second factor."""
    _exiger_d_en_repondre(habilitation, compte)
    if not compte.is_active:
        raise ValidationError("Son accès est suspendu : rétablissez-le d’abord.")
    code, motif = redonner_code(habilitation, compte, motif)
    _tracer(habilitation, "compte.acces_redonne", compte, motif=motif)
    return code


@transaction.atomic
def debloquer(habilitation, compte) -> None:
    """After too many tries, who answers for the account lets it try again at once."""
    _exiger_d_en_repondre(habilitation, compte)
    essais.oublier(compte)
    _tracer(habilitation, "compte.debloque", compte)


@transaction.atomic
def suspendre(habilitation, compte) -> None:
    """At once, on every page, whatever the dates; a session does not wake up with the account."""
    _changer_activite(habilitation, compte, actif=False, evenement="compte.suspendu")
    fermer_partout(habilitation.compte, compte)


@transaction.atomic
def retablir(habilitation, compte) -> None:
    _changer_activite(habilitation, compte, actif=True, evenement="compte.retabli")


@transaction.atomic
def declarer_identite(habilitation, compte, *, identifiant: str) -> IdentiteProfessionnelle:
    """Whose professional card opens this account: to give it is to give a way in."""
    _exiger_d_en_repondre(habilitation, compte)
    if not (emetteur := identites.emetteur_configure()):
        raise ValidationError("Pro Santé Connect n’est pas ouvert sur ce serveur.")
    identite = identites.declarer(compte, identifiant, emetteur=emetteur)
    _tracer(habilitation, "compte.identite_declaree", compte)
    return identite


@transaction.atomic
def retirer_identite(habilitation, identite: IdentiteProfessionnelle) -> None:
    """At once: what this card had opened closes too."""
    _exiger_d_en_repondre(habilitation, identite.compte)
    fermer_partout(habilitation.compte, identite.compte)
    identite.delete()
    _tracer(habilitation, "compte.identite_retiree", identite.compte)


def _changer_activite(habilitation, compte, *, actif: bool, evenement: str) -> None:
    _exiger_d_en_repondre(habilitation, compte)
    if compte.is_active != actif:
        compte.is_active = actif
        compte.save(update_fields=["is_active"])
        _tracer(habilitation, evenement, compte)


def _exiger_d_en_repondre(habilitation, compte) -> None:
    if not lectures.repond_de(habilitation, compte):
        raise PermissionDenied(PAS_A_VOUS)


def _exiger_sa_creation(habilitation, compte) -> None:
    """The key of somebody else's affectation must not give a code for their account."""
    siennes = compte.activations.filter(
        close_le=None, motif=Activation.Motif.NOUVEAU, donnee_par=habilitation.compte
    )
    if compte.has_usable_password() or not siennes.exists():
        raise ValidationError("Ce compte est déjà créé : ouvrez sa fiche dans l’équipe.")
    _exiger_d_en_repondre(habilitation, compte)


def _affecter(habilitation, compte, *, cle, role, lieu, debut, fin) -> Affectation:
    """`lieu`: (etablissement id, unite id or None)."""
    if lectures.a_le_portail(compte):
        raise ValidationError(SUR_LE_PORTAIL)
    etablissement, unite = lieu
    portees = lectures.perimetres(habilitation)
    portee = _portee(portees, etablissement, unite)
    donnent = [p for p in portees if p.donne(role.pk, etablissement, unite, portee)]
    if not donnent:
        raise PermissionDenied(HORS_REGLE)
    if refus := regles.refus_des_dates(debut, fin, donnent, jour=timezone.localdate()):
        raise ValidationError(refus)
    return Affectation.objects.create(
        pk=cle,
        compte=compte,
        role=role,
        etablissement_id=etablissement,
        unite_id=unite,
        portee=portee,
        debut=debut,
        fin=fin,
    )


def _portee(perimetres, etablissement, unite) -> str:
    if unite:
        return Affectation.Portee.UNITE
    portees = {p.portee for p in perimetres if p.couvre(etablissement, None)}
    toute = Affectation.Portee.ETABLISSEMENT
    return toute if toute in portees else Affectation.Portee.EQUIPE


def _tracer(habilitation, evenement: str, compte, *, role=None, fin=None, motif="") -> None:
    charge = {"compte": compte.pk, "role": role and role.pk, "fin": fin and fin.isoformat()}
    charge = {c: v for c, v in (charge | {"motif": str(motif)}).items() if v}
    noter(habilitation, evenement, charge=charge)
    consigner(habilitation, "habilitation", bloc=Bloc.PAR, cible=evenement, contexte=charge)
