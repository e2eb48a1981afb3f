"""Break the glass, close it early, judge it afterwards."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dui.socle.evenements import noter
from dui.socle.journal import consigner
from dui.socle.models import Compte
from dui.socle.sortants import deposer
from habilitations.bris.lectures import REVUE
from habilitations.bris.regles import REGLES
from habilitations.models import BrisDeGlace
from habilitations.politique import Habilitation


class NonAutorise(Exception):
    """The policy opens no broken glass on this dossier to this account."""


@transaction.atomic
def ouvrir(habilitation, dossier, *, code_motif: str, motif: str) -> BrisDeGlace:
    """For a few hours, this dossier only. Raises NonAutorise; ValidationError when too short.

    The one already open is given back as it is: a double submit extends nothing.
    """
    # One break at a time for an account: the lock makes the second click wait for the first.
    Compte.objects.select_for_update(of=("self",)).get(pk=habilitation.compte.pk)
    if deja := habilitation.bris_de_glace(dossier):
        return deja
    sejour = habilitation.sejour_a_briser(dossier)
    if sejour is None:
        raise NonAutorise
    if len(motif.strip()) < REGLES.explication_minimale:
        raise ValidationError(
            f"Expliquez en {REGLES.explication_minimale} caractères au moins.", code="court"
        )
    bris = BrisDeGlace.objects.create(
        compte=habilitation.compte,
        dossier=dossier,
        etablissement=sejour.etablissement,
        code_motif=code_motif,
        motif=motif.strip(),
        expire_le=timezone.now() + REGLES.duree,
    )
    _tracer(habilitation, bris, "bris_ouvert", "bris_de_glace.ouvert")
    deposer("notification.bris_de_glace", charge={"bris": bris.pk}, file="courriel")
    return bris


@transaction.atomic
def fermer(habilitation, bris: BrisDeGlace) -> None:
    """Before its end, by its author; after a merge there may be two."""
    ouverts = BrisDeGlace.objects.en_cours().filter(compte=bris.compte_id, dossier=bris.dossier_id)
    for ouvert in ouverts.select_related("dossier").order_by("pk"):
        ouvert.expire_le = timezone.now()
        ouvert.save(update_fields=["expire_le"])
        _tracer(habilitation, ouvert, "bris_ferme", "bris_de_glace.ferme")


@transaction.atomic
def conclure(habilitation, bris: BrisDeGlace, *, conclusion: str, commentaire: str) -> None:
    """Once, when it is over, by another than its author; what is judged stays judged."""
    bris = BrisDeGlace.objects.select_for_update(of=("self",)).get(pk=bris.pk)
    if bris.conclusion:
        raise ValidationError(f"{bris.revu_par} vient de conclure : « {bris.verdict} ».")
    if bris.en_cours:
        raise ValidationError("L’accès est encore en cours : il se juge une fois terminé.")
    bris.conclusion, bris.commentaire = conclusion, commentaire.strip()
    bris.revu_le, bris.revu_par = timezone.now(), habilitation.compte
    bris.full_clean()
    bris.save()
    _tracer(
        habilitation, bris, "bris_revu", "bris_de_glace.revu", conclusion=conclusion, titre=REVUE
    )


def _tracer(habilitation, bris, action, evenement, *, titre="bris_de_glace", **faits) -> None:
    faits = {"bris": bris.pk, "motif": bris.code_motif} | faits
    # The path is given: whatever this very request knew before, it is no longer the one.
    consigner(
        Habilitation(habilitation.compte),
        action,
        dossier=bris.dossier,
        bloc="BDG",
        titre=titre,
        contexte=faits,
    )
    noter(habilitation, evenement, dossier=bris.dossier, charge=faits)
