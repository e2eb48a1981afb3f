"""Record and lift what closes a dossier to a professional."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from dui.socle.evenements import noter
from dui.socle.journal import consigner
from dui.socle.models import Dossier
from habilitations.models import Interdiction

SOI_MEME = "Personne ne lève ce qui lui ferme un dossier : quelqu’un d’autre le décide."
A_SOI = "Personne ne se ferme un dossier à soi-même : demandez-le à un collègue."


@transaction.atomic
def interdire(habilitation, dossier, *, compte, blocs, origine, motif) -> Interdiction:
    """From today, until lifted. ValidationError when the same already stands."""
    if compte == habilitation.compte:
        raise PermissionDenied(A_SOI)
    # no_key: the draft of this very form, kept meanwhile, refers to the dossier.
    Dossier.objects.select_for_update(of=("self",), no_key=True).get(pk=dossier.pk)
    for deja in Interdiction.objects.en_cours().filter(compte=compte, dossier=dossier):
        if not deja.blocs or set(blocs) == set(deja.blocs):
            raise ValidationError(f"C’est déjà fermé à {compte} depuis le {deja.debut:%d/%m/%Y}.")
    interdiction = Interdiction.objects.create(
        compte=compte,
        dossier=dossier,
        blocs=sorted(blocs),
        origine=origine,
        motif=motif,
        decidee_par=habilitation.compte,
    )
    _tracer(habilitation, interdiction, "interdiction", "acces.interdit")
    return interdiction


@transaction.atomic
def etendre(habilitation, interdiction: Interdiction, dossier) -> Interdiction:
    """The same one, on another record of this person, as it was decided."""
    autre = Interdiction(
        compte=interdiction.compte,
        dossier=dossier,
        blocs=interdiction.blocs,
        origine=interdiction.origine,
        motif=interdiction.motif,
        debut=interdiction.debut,
        decidee_par=interdiction.decidee_par,
    )
    autre._history_user = habilitation.compte
    autre.save(force_insert=True)
    _tracer(habilitation, autre, "interdiction", "acces.interdit")
    return autre


@transaction.atomic
def lever(habilitation, interdiction: Interdiction, *, motif: str) -> None:
    """At once; the row stays, with who lifted it and why. Never by the one it is aimed at."""
    if interdiction.compte == habilitation.compte:
        raise PermissionDenied(SOI_MEME)
    interdiction = Interdiction.objects.select_for_update(of=("self",)).get(pk=interdiction.pk)
    if interdiction.levee_le:
        raise ValidationError("Cette opposition vient d’être levée.")
    interdiction.levee_le, interdiction.levee_par = timezone.now(), habilitation.compte
    interdiction._change_reason = motif
    interdiction.save()
    _tracer(habilitation, interdiction, "interdiction_levee", "acces.rouvert")


def _tracer(habilitation, interdiction, action, evenement) -> None:
    faits = {"interdiction": str(interdiction.pk), "compte": interdiction.compte_id}
    consigner(habilitation, action, dossier=interdiction.dossier, bloc="JUR", contexte=faits)
    noter(habilitation, evenement, dossier=interdiction.dossier, charge=faits)
