"""What changed in one's means of sign-in since the last session: read at the next one, so that a
change made by somebody else does not stay unseen."""

from django.contrib import messages
from django.db.models import Max
from django.utils import timezone

from dui.socle.models import EntreeJournal
from dui.socle.templatetags.dates import quand_texte
from habilitations.models import Activation

CHANGEMENTS = {
    "mot_de_passe_change": "mot de passe changé",
    "cle_ajoutee": "clé d’accès ajoutée",
    "cle_retiree": "clé d’accès retirée",
    "codes_de_secours": "nouveaux codes de secours",
    "code_choisi": "code personnel choisi",
    "essais_nombreux": "de nombreux essais de connexion refusés",
}
# True of an account that never had a password: only its professional card opened it.
REMPLACES = {
    Activation.Motif.MOT_DE_PASSE: "un nouveau mot de passe a été choisi",
    Activation.Motif.SECOND_FACTEUR: (
        "le second facteur a été retiré et un nouveau mot de passe a été choisi"
    ),
}
ACTIVATION = "activation"  # in the session that a code has opened: it learns nothing from it


def changements(compte) -> list[EntreeJournal]:
    """Oldest first; to be read before the new session is journaled."""
    siennes = EntreeJournal.objects.du_compte(compte)
    derniere = siennes.filter(action="connexion").aggregate(pk=Max("pk"))["pk"] or 0
    depuis = siennes.filter(action__in=CHANGEMENTS, pk__gt=derniere)
    return list(depuis.order_by("pk"))


def prevenir(request, entrees: list[EntreeJournal]) -> None:
    if entrees:
        faits = ", ".join(f"{CHANGEMENTS[e.action]} {quand_texte(e.horodatage)}" for e in entrees)
        messages.warning(
            request,
            f"Depuis votre dernière connexion : {faits}. Si ce n’est pas vous, prévenez le cadre.",
            fail_silently=True,
        )


def acces_remplaces(request) -> list[Activation]:
    """The codes that replaced my way in, until I say, from a session that none of them opened,
    that I know of them."""
    utilisees = Activation.objects.filter(
        compte=request.user, motif__in=REMPLACES, utilisee=True, lue_le=None
    ).exclude(pk=request.session.get(ACTIVATION))
    return list(utilisees.select_related("donnee_par").order_by("donnee_le", "pk"))


def dire(activation: Activation) -> str:
    quoi = REMPLACES[Activation.Motif(activation.motif)]
    return f"{quoi} (code remis par {activation.donnee_par}, {quand_texte(activation.donnee_le)})"


def rappeler(request) -> None:
    """At each sign-in."""
    if remplaces := acces_remplaces(request):
        faits = " ; ".join(map(dire, remplaces))
        messages.warning(
            request,
            f"Votre accès a changé : {faits}. Si ce n’est pas vous, prévenez le cadre ; sinon, "
            "dites-le dans « Mes moyens de connexion ».",
            fail_silently=True,
        )


def acquitter(request) -> None:
    lues = [a.pk for a in acces_remplaces(request)]
    Activation.objects.filter(pk__in=lues).update(lue_le=timezone.now())
