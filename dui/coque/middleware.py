from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import BadRequest

from dui.coque.erreurs import a_un_bouton_pres

POLITIQUE_CONTENU = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
REFUSEES = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "web-share",
    "xr-spatial-tracking",
)
EN_TETES = {
    "Content-Security-Policy": POLITIQUE_CONTENU,
    "Permissions-Policy": ", ".join(
        [
            "camera=(self)",  # the photograph of the person
            "publickey-credentials-create=(self)",  # security keys
            "publickey-credentials-get=(self)",
            *(f"{nom}=()" for nom in REFUSEES),
        ]
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class AdresseDuPoste:
    """Behind a reverse proxy (DUI_MANDATAIRE): the workstation is the last address of
    X-Forwarded-For, which the proxy wrote. Else everybody would share the proxy's, in the journal
    as in the count of failed sign-ins."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        adresse = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        with suppress(ValueError):  # nothing that the proxy wrote: its own address stays
            request.META["REMOTE_ADDR"] = str(ip_address(adresse))
        return self.get_response(request)


class EnTetes:
    """Constant security headers; a page that may hold a name is never stored by a cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        for nom, valeur in EN_TETES.items():
            reponse.setdefault(nom, valeur)
        if not request.path.startswith(settings.STATIC_URL):
            reponse.setdefault("Cache-Control", "no-store")
        if getattr(request.resolver_match, "view_name", "") == "deconnexion":
            # Not "cookies", where the place of the workstation is; not "cache", slow to empty and
            # where no page ever stays.
            reponse["Clear-Site-Data"] = '"storage"'
        return reponse


NUL = "\0"


class Lisible:
    """No browser types a NUL and PostgreSQL stores none: refused here, before anything reads it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        _refuser_les_nuls(request.GET)
        if any(NUL in valeur for valeur in request.COOKIES.values()):
            raise BadRequest("caractère NUL")
        return self.get_response(request)

    def process_view(self, request, vue, args, kwargs):
        _refuser_les_nuls(request.POST)


def _refuser_les_nuls(champs) -> None:
    for nom, valeurs in champs.lists():
        if NUL in nom or any(NUL in valeur for valeur in valeurs):
            raise BadRequest("caractère NUL")


class MethodeRefusee:
    """Django answers 405 without a word, and the browser then shows a page of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        lisible = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if reponse.status_code != 405 or not lisible or request.htmx:
            return reponse
        page = a_un_bouton_pres(request)
        page["Allow"] = reponse["Allow"]
        return page


class Lieu:
    """`request.lieu` from ?unite= or ?etablissement=, else from the workstation's cookie."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        lieu = getattr(request, "_lieu", None)
        if lieu and (request.GET.get("unite") or request.GET.get("etablissement")):
            reponse.set_cookie(
                settings.LIEU_COOKIE_NAME,
                lieu.parametre.partition("=")[2],
                max_age=90 * 24 * 3600,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return reponse
