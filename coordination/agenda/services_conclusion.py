"""What happened: who came, what is to be told. It may be written again; the history keeps all."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coordination.agenda import rattaches
from coordination.agenda.services import CHAMPS, CHANGE, tenir_tous
from coordination.models import Participation, RendezVous
from dui.socle import evenements
from dui.socle.erreurs import ConflitDeVersion

A_VENIR = "Ce rendez-vous n’a pas encore commencé."
EST_ANNULE = "Ce rendez-vous est annulé."
PRESENCE = Participation.Presence
ECRITS = ["presence", "motif", "note", "objectif", "ecrite_le", "ecrite_par", "version"]


@transaction.atomic
def conclure(
    habilitation, rendez_vous_id, *, version_lue, compte_rendu, lignes, trajet=None
) -> RendezVous:
    """`lignes`: {record: {presence, motif, note, objectif}}; who is not named came as expected.
    `trajet`: how far it was in fact, and what it cost."""
    (rendez_vous,) = _tenus_et_commences(habilitation, [rendez_vous_id])
    if rendez_vous.version != version_lue:
        raise ConflitDeVersion(CHANGE, actuel=rendez_vous)
    for nom, valeur in (trajet or {}).items():
        setattr(rendez_vous, nom, valeur)
    _realiser(habilitation, [rendez_vous], {rendez_vous.pk: lignes}, compte_rendu)
    return rendez_vous


@transaction.atomic
def valider_comme_prevu(habilitation, rendez_vous_ids) -> int:
    """Everybody came: many sessions at once. Those concluded meanwhile stay as they are."""
    ouverts = [r for r in _tenus_et_commences(habilitation, rendez_vous_ids) if r.ouvert]
    _realiser(habilitation, ouverts, {}, None)
    return len(ouverts)


def _tenus_et_commences(habilitation, cles) -> list[RendezVous]:
    tenus = tenir_tous(habilitation, cles)
    if any(r.debut > timezone.now() for r in tenus):
        raise ValidationError(A_VENIR)
    if any(r.statut == RendezVous.Statut.ANNULE for r in tenus):
        raise ValidationError(EST_ANNULE)
    return tenus


def _realiser(habilitation, seances, lignes, compte_rendu) -> None:
    maintenant = timezone.now()
    for seance in seances:
        seance.statut = RendezVous.Statut.REALISE
        seance.version += 1
        if compte_rendu is not None:
            seance.compte_rendu = compte_rendu
    rattaches.enregistrer(habilitation, RendezVous, seances, CHAMPS)
    inscrits = Participation.objects.filter(rendez_vous__in=seances).tenues()
    participations = list(
        inscrits.select_related("dossier").select_for_update(of=("self",)).order_by("pk")
    )
    for p in participations:
        dit = lignes.get(p.rendez_vous_id, {}).get(p.dossier_id, {})
        p.presence = dit.get("presence") or PRESENCE.PRESENTE
        for nom in ("motif", "note", "objectif"):
            setattr(p, nom, dit.get(nom, getattr(p, nom)))
        p.ecrite_le, p.ecrite_par, p.version = maintenant, habilitation.compte, p.version + 1
    rattaches.enregistrer(habilitation, Participation, participations, ECRITS)
    for p in participations:
        charge = {"rendez_vous": str(p.rendez_vous_id), "presence": p.presence}
        evenements.noter(habilitation, "rendez_vous.realise", dossier=p.dossier, charge=charge)
