"""Tell by e-mail, who asked for it, that something came. No name, no subject: « come and see »."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from coordination.models import PreferenceNotification
from dui.socle.models import MessageSortant, Tache
from dui.socle.sortants import expediteur

SUJET = "DUI : un message vous attend"
TEXTE = "Un collègue vous a écrit.\nConnectez-vous au DUI, page « Ma boîte », pour le lire.\n"


@expediteur("notification.tache")
def avertir(message: MessageSortant) -> dict:
    tache = Tache.objects.select_related("compte").get(pk=message.charge["tache"])
    demande = PreferenceNotification.objects.filter(compte=tache.compte, courriel=True).exists()
    if not demande or not _valable(tache.compte.email):
        return {"courriel": "non demandé"}
    if not settings.EMAIL_HOST:
        return {"courriel": "non configuré"}
    with get_connection() as connexion:
        EmailMessage(SUJET, TEXTE, to=[tache.compte.email], connection=connexion).send()
    return {"courriel": "envoyé"}


def _valable(adresse: str) -> bool:
    try:
        validate_email(adresse)
    except ValidationError:
        return False
    return True
