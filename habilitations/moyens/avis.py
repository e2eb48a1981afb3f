"""What changed in one's means of sign-in since the last session: read at the next one, so that a
change made by somebody else does not stay unseen."""

from django.contrib import messages
from django.db.models import Max

from dui.socle.models import EntreeJournal
from dui.socle.templatetags.dates import quand

CHANGEMENTS = {
    "mot_de_passe_change": "mot de passe changé",
    "cle_ajoutee": "clé d’accès ajoutée",
    "cle_retiree": "clé d’accès retirée",
    "codes_de_secours": "nouveaux codes de secours",
    "code_choisi": "code personnel choisi",
    "essais_nombreux": "de nombreux essais de connexion refusés",
}


def changements(compte) -> list[EntreeJournal]:
    """Oldest first; to be read before the new session is journaled."""
    siennes = EntreeJournal.objects.du_compte(compte)
    derniere = siennes.filter(action="connexion").aggregate(pk=Max("pk"))["pk"] or 0
    depuis = siennes.filter(action__in=CHANGEMENTS, pk__gt=derniere)
    return list(depuis.order_by("pk"))


def prevenir(request, entrees: list[EntreeJournal]) -> None:
    if entrees:
        faits = ", ".join(f"{CHANGEMENTS[e.action]} {quand(e.horodatage)}" for e in entrees)
        messages.warning(
            request,
            f"Depuis votre dernière connexion : {faits}. Si ce n’est pas vous, prévenez le cadre.",
            fail_silently=True,
        )
