"""A gesture of one account at a time, where no row of a record makes two of them wait."""

from dui.socle.models import Compte


def un_a_la_fois(habilitation) -> None:
    """Two tabs, a double click: the second finds what the first wrote. In a transaction."""
    Compte.objects.select_for_update(of=("self",), no_key=True).get(pk=habilitation.compte.pk)
