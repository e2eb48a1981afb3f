"""What a service refuses, where its author reads it: in the form, or on top of the next page.

`with refus_dans(formulaire):` holds the call of the service and the answer of the view when it is
accepted; what follows the block is the page that shows the form again. A form that knows better
where each fault goes has a method `refuser`.
"""

from contextlib import contextmanager
from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from dui.socle.erreurs import ConflitDeVersion, DejaServi


@contextmanager
def refus_dans(formulaire):
    try:
        yield
    except ValidationError as erreur:
        if hasattr(formulaire, "refuser"):
            formulaire.refuser(erreur)
        else:
            refuser(formulaire, erreur)


@contextmanager
def refus_en_message(request):
    try:
        yield
    except ValidationError as erreur:
        messages.error(request, " ".join(erreur.messages))


def refuser(formulaire, erreur: ValidationError) -> None:
    """What the service refused, at its field when the form has it."""
    if isinstance(erreur, DejaServi):
        formulaire.data = formulaire.data.copy()
        formulaire.data[formulaire.add_prefix("cle_saisie")] = str(uuid4())
    if not hasattr(erreur, "error_dict"):
        formulaire.add_error(None, erreur)
        return
    for nom, fautes in erreur.message_dict.items():
        formulaire.add_error(nom if nom in formulaire.fields else None, fautes)


def conflit_de(formulaire) -> ConflitDeVersion | None:
    """The conflict that `refus_dans` put in this form, with what the row holds now."""
    fautes = formulaire.errors.as_data().get(NON_FIELD_ERRORS, [])
    return next((f for f in fautes if isinstance(f, ConflitDeVersion)), None)


def statut(formulaire) -> HTTPStatus:
    """Of the page that shows this form: 409 when a colleague was first."""
    if not formulaire.is_bound:
        return HTTPStatus.OK
    return HTTPStatus.CONFLICT if conflit_de(formulaire) else HTTPStatus.UNPROCESSABLE_ENTITY
