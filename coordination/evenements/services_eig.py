"""The report of a serious event to the authorities: written, analysed, sent with its proof."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coordination.evenements import regles
from coordination.evenements.services import CHANGE, CLOS, verrouiller
from coordination.models import EnvoiEig, EtapeEvenement, SignalementEig
from dui.socle import coffre, evenements
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion

PARTI = "Ce signalement est parti : ce que l’on a su depuis s’écrit dans le complément."
TYPE_PREUVE = "preuve_eig"


@transaction.atomic
def rediger(habilitation, evenement_id, *, version_lue=0, **champs) -> SignalementEig:
    """Write or complete; once sent, what is added goes into the complement."""
    evenement = verrouiller(habilitation, evenement_id)
    eig = SignalementEig.objects.filter(evenement=evenement).first()
    if (eig.version if eig else 0) != version_lue:
        raise ConflitDeVersion(CHANGE, actuel=eig)
    if eig and eig.etat == SignalementEig.Etat.CLOS:
        raise ValidationError(CLOS)
    if eig and eig.parti and _changes(eig, champs) - {"complement"}:
        raise ValidationError(PARTI)
    nouveau = eig is None
    eig = eig or SignalementEig(evenement=evenement, version=0)
    for nom, valeur in champs.items():
        setattr(eig, nom, valeur)
    eig.version += 1
    eig.full_clean(exclude=["evenement"])
    eig.save()
    if nouveau:
        _etape(habilitation, eig, "brouillon")
    return eig


def _changes(eig, champs) -> set[str]:
    return {nom for nom, valeur in champs.items() if getattr(eig, nom) != valeur}


@transaction.atomic
def avancer(habilitation, evenement_id, *, vers, note="") -> SignalementEig:
    """Transmitted only by `transmettre`, which names the authority."""
    action = Action.VALIDER if vers == "clos" else Action.SAISIR
    eig = _signalement(verrouiller(habilitation, evenement_id, action))
    if eig.etat == vers:
        return eig
    if vers == "transmis" or not regles.peut_passer(eig.etat, vers, regles.SUITES_EIG):
        raise ValidationError(f"Ce signalement est déjà « {eig.get_etat_display()} ».")
    return _passer(habilitation, eig, vers, note)


@transaction.atomic
def transmettre(
    habilitation, evenement_id, *, autorite, transmis_le, moyen, reference="", preuve=None
) -> EnvoiEig:
    """`preuve`: (bytes, MIME type), kept encrypted in the record of the person."""
    evenement = verrouiller(habilitation, evenement_id, Action.VALIDER)
    eig = _signalement(evenement)
    if eig.etat in (SignalementEig.Etat.BROUILLON, SignalementEig.Etat.CLOS):
        raise ValidationError("Déclarez d’abord le signalement en interne.")
    if transmis_le > timezone.now():
        raise ValidationError({"transmis_le": "L’envoi est dans le futur."})
    dit = {"autorite": autorite, "transmis_le": transmis_le, "moyen": moyen}
    dit |= {"reference": reference.strip(), "par": habilitation.compte}
    if deja := eig.envois.filter(**dit).first():
        return deja  # a double click
    document = None
    if preuve:
        if evenement.dossier is None:
            raise ValidationError({"preuve": "Sans dossier, notez la référence de l’accusé."})
        document = coffre.deposer_document(
            habilitation,
            evenement.dossier,
            bloc=Bloc.EI,
            type_=TYPE_PREUVE,
            titre="Preuve de transmission d’un signalement",
            contenu=preuve[0],
            type_mime=preuve[1],
        )
    envoi = EnvoiEig.objects.create(signalement=eig, preuve=document, **dit)
    if eig.etat in (SignalementEig.Etat.DECLARE, SignalementEig.Etat.ANALYSE):
        _passer(habilitation, eig, "transmis", "")
    return envoi


def _signalement(evenement) -> SignalementEig:
    eig = SignalementEig.objects.select_related("evenement__dossier").filter(evenement=evenement)
    if (trouve := eig.first()) is None:
        raise ValidationError("Écrivez d’abord le signalement.")
    return trouve


def _passer(habilitation, eig, vers, note) -> SignalementEig:
    eig.etat = vers
    eig.version += 1
    eig.save()
    _etape(habilitation, eig, vers, note)
    return eig


def _etape(habilitation, eig, etape, note="") -> None:
    EtapeEvenement.objects.create(
        evenement=eig.evenement, etape=f"eig_{etape}", note=note.strip(), par=habilitation.compte
    )
    charge = {"evenement": str(eig.evenement_id), "categorie": eig.categorie}
    evenements.noter(habilitation, f"eig.{etape}", dossier=eig.evenement.dossier, charge=charge)
