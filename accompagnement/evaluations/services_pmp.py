from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accompagnement.models import PmpValide
from dui.socle import evenements
from dui.socle.enums import Action, Bloc
from dui.socle.models import Etablissement


@transaction.atomic
def noter(habilitation, *, etablissement, valeur, coupe_le, valide_le, medecin) -> PmpValide:
    """A value never changes: a mistake is corrected by another line, the last one counts. The
    same one twice (double click) is one act."""
    permises = habilitation.etablissements(Bloc.EVA, Action.VALIDER)
    if not permises.filter(pk=etablissement.pk).exists():
        raise PermissionDenied("Votre rôle ne note pas le PMP de cet établissement.")
    if valide_le > timezone.localdate():
        raise ValidationError({"valide_le": "Cette date est dans le futur."})
    champs = {"valeur": valeur, "coupe_le": coupe_le, "valide_le": valide_le, "medecin": medecin}
    # The lock makes a double click wait for the first one, then find its row.
    Etablissement.objects.select_for_update(of=("self",), no_key=True).get(pk=etablissement.pk)
    siens = PmpValide.objects.filter(etablissement=etablissement)
    dernier = siens.order_by("-saisi_le").first()
    if dernier and all(getattr(dernier, c) == v for c, v in champs.items()):
        return dernier
    pmp = PmpValide(etablissement=etablissement, saisi_par=habilitation.compte, **champs)
    pmp.full_clean()
    pmp.save()
    evenements.noter(habilitation, "pmp.note", charge={"pmp": str(pmp.pk)})
    return pmp
