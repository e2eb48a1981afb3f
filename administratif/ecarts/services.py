"""Take what the directory says, or not. Rights and accounts are never touched."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from administratif.ecarts import lectures
from dui.socle import evenements
from dui.socle.annuaire.ecarts import SEPARATEUR
from dui.socle.models import EcartAnnuaire, Professionnel

Nature, Etat = EcartAnnuaire.Nature, EcartAnnuaire.Etat


@transaction.atomic
def juger(habilitation, ecart_annuaire_id, *, accepter: bool) -> EcartAnnuaire:
    permis = lectures.a_juger(habilitation)
    ecart = permis.select_for_update(of=("self",)).filter(pk=ecart_annuaire_id).first()
    if ecart is None:
        raise ValidationError("Cet écart vient d’être jugé, ou n’existe plus.")
    if accepter:
        _prendre(ecart)
    ecart.etat = Etat.ACCEPTE if accepter else Etat.IGNORE
    ecart.decide_par, ecart.decide_le = habilitation.compte, timezone.now()
    ecart.save()
    charge = {"professionnel": str(ecart.professionnel_id), "nature": ecart.nature}
    evenements.noter(habilitation, f"annuaire.ecart_{ecart.etat}", charge=charge)
    return ecart


def _prendre(ecart) -> None:
    """The sheet of the professional; the end of an activity changes nothing by itself."""
    qui = Professionnel.objects.select_for_update(of=("self",)).get(pk=ecart.professionnel_id)
    if ecart.nature == Nature.NOM:
        qui.nom, _, qui.prenom = ecart.annuaire.partition(SEPARATEUR)
    elif ecart.nature == Nature.PROFESSION:
        qui.profession = ecart.annuaire
    elif ecart.nature == Nature.MSSANTE:
        qui.mssante = ecart.annuaire
    else:
        return
    qui.full_clean()
    qui.save()
