"""What a professional writes at home, and how the cadre shares the visits."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from coordination.agenda import rattaches
from coordination.agenda.services import (
    CHAMPS,
    CHANGE,
    tenir_les_dossiers,
    tenir_tous,
)
from coordination.agenda.services_conclusion import ECRITS
from coordination.models import Domicile, Participation, RendezVous
from coordination.tournees.lectures import intervenants
from dui.socle import codes, evenements
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Dossier

VISITE = RendezVous.Nature.VISITE
A_VENIR = "Cette heure n’est pas encore passée."
TROP_LONGUE = "Le départ précède l’arrivée : vérifiez les deux heures."
PAS_D_ICI = "Ce professionnel ne fait pas de visite pour cet établissement."
PAS_CE_JOUR = "Cette visite est prévue un autre jour : changez d’abord sa date."


@transaction.atomic
def noter_visite(
    habilitation, rendez_vous_id, dossier, *, version_lue, faite, motif, arrivee, depart, note
) -> RendezVous:
    """Done, with the hours when one was there; or not done, with its reason. What was planned
    stays; when it was written is kept beside when it was done."""
    visites = RendezVous.objects.filter(nature=VISITE, participations__dossier=dossier)
    (visite,) = rattaches.verrouiller([visites.get(pk=rendez_vous_id).pk])
    (dossier,) = tenir_les_dossiers(habilitation, Bloc.AVQ, [dossier])
    if visite.version != version_lue:
        raise ConflitDeVersion(CHANGE, actuel=visite)
    maintenant = timezone.now()
    if arrivee and max(arrivee, depart or arrivee) > maintenant:
        raise ValidationError({"arrivee": A_VENIR})
    if depart and depart - arrivee > timedelta(hours=settings.VISITE_AU_PLUS_HEURES):
        raise ValidationError({"depart": TROP_LONGUE})
    if timezone.localdate(visite.debut) > timezone.localdate(maintenant):
        raise ValidationError(PAS_CE_JOUR)
    participation = Participation.objects.select_for_update(of=("self",)).get(
        rendez_vous=visite, dossier=dossier
    )
    participation.presence = Participation.Presence.PRESENTE if faite else _presence_de(motif)
    participation.motif = "" if faite else motif
    participation.arrivee = arrivee if faite else None
    participation.depart = depart if faite else None
    participation.note, participation.version = note, participation.version + 1
    participation.ecrite_le, participation.ecrite_par = maintenant, habilitation.compte
    champs = [*ECRITS, "arrivee", "depart"]
    rattaches.enregistrer(habilitation, Participation, [participation], champs)
    visite.statut = RendezVous.Statut.REALISE if faite else RendezVous.Statut.ANNULE
    visite.motif, visite.version = participation.motif, visite.version + 1
    rattaches.enregistrer(habilitation, RendezVous, [visite], CHAMPS)
    charge = {"rendez_vous": str(visite.pk), "motif": participation.motif}
    quoi = "visite.faite" if faite else "visite.non_faite"
    evenements.noter(habilitation, quoi, dossier=dossier, charge=charge)
    return visite


def _presence_de(motif: str) -> str:
    code = codes.codes("motif_rendez_vous").get(motif)
    if code is None:
        raise ValidationError({"motif": "Choisissez un motif."})
    return code.proprietes["presence"]


@transaction.atomic
def confier(habilitation, rendez_vous_ids, *, compte) -> int:
    """These visits to this professional; those done or cancelled stay with whom they were."""
    tenues = tenir_tous(habilitation, rendez_vous_ids)
    ouvertes = [r for r in tenues if r.ouvert and r.nature == VISITE]
    for maison in {r.etablissement for r in ouvertes}:
        if compte not in intervenants(maison):
            raise PermissionDenied(PAS_D_ICI)
    for visite in ouvertes:
        visite.version += 1
    rattaches.enregistrer(habilitation, RendezVous, ouvertes, CHAMPS)
    rattaches.confier(ouvertes, [compte])
    for visite in ouvertes:
        for dossier in Dossier.objects.filter(participations__rendez_vous=visite).order_by("pk"):
            charge = {"rendez_vous": str(visite.pk), "compte": compte.pk}
            evenements.noter(habilitation, "visite.confiee", dossier=dossier, charge=charge)
    return len(ouvertes)


@transaction.atomic
def ecrire_domicile(habilitation, dossier, *, version_lue, **champs) -> Domicile:
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.AGE, Action.SAISIR).get(pk=dossier.pk)
    actuel = Domicile.objects.select_for_update(of=("self",)).filter(dossier=dossier).first()
    if actuel is None:
        return Domicile.objects.create(dossier=dossier, **champs)
    if all(getattr(actuel, nom) == valeur for nom, valeur in champs.items()):
        return actuel
    if actuel.version != version_lue:
        raise ConflitDeVersion("Cette adresse a changé depuis que vous l’avez lue.", actuel=actuel)
    for nom, valeur in champs.items():
        setattr(actuel, nom, valeur)
    actuel.version += 1
    actuel.save()
    return actuel
