"""Tell those who judge that something waits for them. No name, no reason: only « come and see »."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from dui.socle.models import MessageSortant
from dui.socle.sortants import expediteur
from habilitations.bris.lectures import destinataires
from habilitations.models import BrisDeGlace

SUJET = "DUI : un bris de glace est à revoir"
TEXTE = (
    "Un dossier vient d’être ouvert par bris de glace dans votre établissement.\n"
    "Connectez-vous au DUI, page « Bris de glace », pour en prendre connaissance et le revoir.\n"
)


@expediteur("notification.bris_de_glace")
def avertir(message: MessageSortant) -> dict:
    """One mail for each; the review page and the counter of the shell say it anyway."""
    bris = BrisDeGlace.objects.select_related("etablissement").get(pk=message.charge["bris"])
    adresses = [c.email for c in destinataires(bris) if _valable(c.email)]
    if not settings.EMAIL_HOST:
        return {"courriel": "non configuré", "destinataires": len(adresses)}
    with get_connection() as connexion:
        envoyes = [
            EmailMessage(SUJET, TEXTE, to=[adresse], connection=connexion).send()
            for adresse in adresses
        ]
    return {"courriel": "envoyé", "destinataires": sum(envoyes)}


def _valable(adresse: str) -> bool:
    """A wrong one, as a list may bring, must not keep the others from being told."""
    try:
        validate_email(adresse)
    except ValidationError:
        return False
    return True
