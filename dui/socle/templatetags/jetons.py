"""{% jeton %}: what every posting form carries: CSRF token, and for whom the page was drawn."""

from django import template
from django.core import signing
from django.middleware.csrf import get_token
from django.utils.html import format_html

register = template.Library()
SEL = "auteur-du-formulaire"


@register.simple_tag(takes_context=True)
def jeton(context):
    """Drawn once a request: some lists hold a form on each line."""
    request = context["request"]
    if not hasattr(request, "_jeton"):
        request._jeton = _dessiner(request)
    return request._jeton


def _dessiner(request):
    csrf = format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)
    )
    # On a locked session it is not known who reads the page: nothing is signed in their name.
    if not request.user.is_authenticated or request.session.get("verrouille"):
        return csrf
    auteur = signing.dumps(request.user.pk, salt=SEL)
    return csrf + format_html('<input type="hidden" name="_auteur" value="{}">', auteur)
