"""Tell by e-mail, who asked for it, that something came. No name, no subject: « come and see »."""

from coordination.models import PreferenceNotification
from dui.socle import courriels
from dui.socle.models import MessageSortant, Tache
from dui.socle.sortants import expediteur

SUJET = "DUI : un message vous attend"
TEXTE = "Un collègue vous a écrit.\nConnectez-vous au DUI, page « Ma boîte », pour le lire.\n"


@expediteur("notification.tache")
def avertir(message: MessageSortant) -> dict:
    tache = Tache.objects.select_related("compte").get(pk=message.charge["tache"])
    if not PreferenceNotification.objects.filter(compte=tache.compte, courriel=True).exists():
        return {"courriel": "non demandé"}
    return courriels.envoyer(SUJET, TEXTE, [tache.compte.email])
