"""Is the journal whole? Said in one sentence without health data, and noted in the journal."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from dui.socle import ancres, journal
from dui.socle.models import EntreeJournal, Scellement

RETARD_ANCRE = timedelta(hours=50)  # two nights


@dataclass(frozen=True)
class Constat:
    sceaux: int
    ancres: int
    rupture: str  # empty when the journal is whole

    def __str__(self):
        if self.rupture:
            return f"Rupture : {self.rupture}"
        avec = f", {self.ancres} ancre(s) retrouvée(s)" if self.ancres else ""
        return f"Journal intact : {self.sceaux} sceau(x) vérifié(s){avec}."


def verifier(*, avec_ancres: bool) -> Constat:
    rupture, nombre = _des_sceaux(), 0
    if avec_ancres and not rupture:
        rupture, nombre = _des_ancres()
    constat = Constat(Scellement.objects.count(), nombre, rupture)
    EntreeJournal.objects.create(
        action="rupture" if rupture else "verification",
        contexte={"sceaux": constat.sceaux, "ancres": nombre},
    )
    return constat


def _des_sceaux() -> str:
    sceau = journal.premiere_rupture()
    if sceau is None:
        return ""
    return (
        f"les entrées {sceau.premier} à {sceau.dernier}, scellées le "
        f"{sceau.scelle_le:%d/%m/%Y à %H:%M}, ne correspondent plus à leur sceau."
    )


def _des_ancres() -> tuple[str, int]:
    try:
        lues = ancres.lire()
    except ancres.AncreIllisible as erreur:
        return f"ancre illisible, {erreur}.", 0
    if perdue := ancres.premiere_discordance(lues):
        return (
            f"le sceau {perdue.sceau}, ancré le {perdue.le:%d/%m/%Y à %H:%M}, n’est plus celui de "
            "la base : la chaîne a été refaite ou coupée.",
            len(lues),
        )
    return _retard(lues), len(lues)


def _retard(lues) -> str:
    """No anchor any more is how one would begin to hide something."""
    limite = timezone.now() - RETARD_ANCRE
    if lues and lues[-1].le < limite:
        return f"aucune ancre depuis le {lues[-1].le:%d/%m/%Y à %H:%M}."
    if not lues and Scellement.objects.filter(scelle_le__lt=limite).exists():
        return "aucune ancre, alors que des sceaux ont plus de deux jours."
    return ""
