"""What an absence may not be: outside its stay, or at the same time as another."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from accompagnement.models import Absence


def hors_du_sejour(instant, sejour) -> str:
    """Why that hour is not of this stay; empty when it is."""
    jour = timezone.localdate(instant)
    if jour < sejour.entree_le:
        return f"Le séjour a commencé le {sejour.entree_le:%d/%m/%Y}."
    if sejour.sortie_le and jour > sejour.sortie_le:
        return f"Le séjour s’est terminé le {sejour.sortie_le:%d/%m/%Y}."
    return ""


def refuser_si_croisee(sejour, debut, fin, *, sauf=None) -> None:
    """Nobody is away twice: the counts of the month would not know which. `fin` None: not back."""
    autres = Absence.objects.filter(sejour=sejour).qui_croisent(debut, fin)
    autre = autres.exclude(pk=sauf and sauf.pk).order_by("debut", "pk").first()
    if autre:
        le = timezone.localtime(autre.debut)
        raise ValidationError(f"Déjà une absence du {le:%d/%m à %H:%M} : corrigez-la d’abord.")
