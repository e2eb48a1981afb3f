"""A day of the register that no longer changes: signed, or past the delay of its domain."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from accompagnement.models import CloturePresences
from accompagnement.presences.reglages import delai_de_cloture
from accompagnement.presences.regles import verrouille


def refuser_si_clos(sejour, debut, fin) -> None:
    """A signed day no longer changes; past the delay of its domain, a day is as signed."""
    premier, dernier = timezone.localdate(debut), timezone.localdate(fin)
    clotures = CloturePresences.objects.filter(unite=sejour.unite_id)
    clos = clotures.filter(jour__range=(premier, dernier)).order_by("jour").first()
    jour = clos.jour if clos else None
    delai = delai_de_cloture(sejour.etablissement.domaine)
    if jour is None and verrouille(premier, timezone.localdate(), delai):
        jour = premier
    if jour:
        raise ValidationError(
            f"Le registre du {jour:%d/%m/%Y} est clos : ce jour ne change plus. "
            "Écrivez une transmission qui dit ce qui s’est réellement passé."
        )
