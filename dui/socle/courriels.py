"""The only door of e-mails: « come and see », one message for each, never any content."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email


def envoyer(sujet: str, texte: str, adresses: Iterable[str]) -> dict:
    """The receipt of the outbox: how many left, or that no server is configured."""
    valables = [adresse for adresse in adresses if _valable(adresse)]
    if not settings.EMAIL_HOST:
        return {"courriel": "non configuré", "destinataires": len(valables)}
    with get_connection() as connexion:
        envoyes = [
            EmailMessage(sujet, texte, to=[adresse], connection=connexion).send()
            for adresse in valables
        ]
    return {"courriel": "envoyé", "destinataires": sum(envoyes)}


def _valable(adresse: str) -> bool:
    """A wrong one, as a list may bring, must not keep the others from being told."""
    try:
        validate_email(adresse)
    except ValidationError:
        return False
    return True
