"""Write to a colleague or to a function, with what it is about."""

from django.db import transaction

from coordination.boite.regles import BLOCS
from dui.socle import taches
from dui.socle.enums import Action
from dui.socle.models import Tache
from dui.socle.sortants import deposer
from habilitations import destinataires


@transaction.atomic
def transmettre(habilitation, dossier, *, a, source=("", None), bloc="", **champs) -> Tache:
    """`a`: a Destinataire. `bloc`: that of the source, else the first that both read. Nobody
    receives what they may not read."""
    blocs = (bloc,) if bloc else BLOCS
    commun = destinataires.bloc_commun(habilitation, dossier, a, blocs)
    tache = taches.creer(
        habilitation,
        dossier=dossier,
        bloc=commun,
        source=source,
        action=Action.VOIR,
        **a.champs,
        **champs,
    )
    if tache.compte_id and tache.compte_id != habilitation.compte.pk:
        deposer("notification.tache", charge={"tache": str(tache.pk)}, file="courriel")
    return tache
