from django.conf import settings

from habilitations import lieux

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
EN_TETES = {
    "Content-Security-Policy": POLITIQUE_CONTENU,
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


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
        return reponse


class Lieu:
    """`request.lieu` from ?unite= or ?etablissement=, else from the workstation's cookie."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        lieu = getattr(request, "_lieu", None)
        if lieu and (request.GET.get("unite") or request.GET.get("etablissement")):
            reponse.set_cookie(
                lieux.COOKIE,
                lieu.parametre.partition("=")[2],
                max_age=90 * 24 * 3600,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return reponse
