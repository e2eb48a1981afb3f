"""What a request says of its own encoding is chosen by whoever sends it: Python has codecs that are
no encoding of text (zlib, hex) or that choke on a body (idna). Everything here is UTF-8."""

UTF_8 = {"utf-8", "utf8"}


class SansCodageInconnu:
    """Before any middleware: Django reads the charset while it builds the request, where nothing
    answers an error with the headers of the product."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, repondre):
        type_, *parametres = environ.get("CONTENT_TYPE", "").split(";")
        gardes = [p for p in parametres if _lisible(p)]
        if len(gardes) < len(parametres):
            environ["CONTENT_TYPE"] = ";".join([type_, *gardes])
        return self.application(environ, repondre)


def _lisible(parametre: str) -> bool:
    nom, _, valeur = parametre.partition("=")
    nom, valeur = nom.strip().lower(), valeur.strip().strip('"').lower()
    if nom.endswith("*"):  # name*=utf-8''value (RFC 8187)
        return valeur.partition("'")[0] in UTF_8
    return nom != "charset" or valeur in UTF_8
