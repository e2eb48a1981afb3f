"""Official documents: one file that is both PDF/A-3a and PDF/UA-1, by WeasyPrint.

The same HTML gives the same bytes. Nothing is fetched but our own static files (`static:css/…`):
a document never reaches the network nor the rest of the disk.
"""

import hashlib
import mimetypes
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string

STATIQUE = "static:"
INTENTION = "dui-srgb"
# PDF/A wants every XMP property outside its own list to be declared: hence the schema.
PDF_UA = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>PDF/UA part</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


class AdresseRefusee(ValueError):
    """A document asked for something else than our static files."""


def fichier_statique(adresse: str) -> Path:
    chemin = unquote(adresse.removeprefix(STATIQUE)).lstrip("/")
    try:
        trouve = finders.find(chemin) if adresse.startswith(STATIQUE) else None
    except SuspiciousFileOperation:
        trouve = None
    if not trouve:
        raise AdresseRefusee(f"Un document n’ouvre pas {adresse}")
    return Path(trouve)


def _lecteur():
    # Imported when a document is made: Pango is heavy, and pages must answer without it.
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class LecteurStatique(URLFetcher):
        def fetch(self, url, headers=None):
            try:
                fichier = fichier_statique(url)
            except (AdresseRefusee, OSError) as refus:
                raise FatalURLFetchingError(str(refus)) from refus
            nature = mimetypes.guess_type(fichier.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, BytesIO(fichier.read_bytes()), {"Content-Type": nature})

    return LecteurStatique(allowed_protocols=["static"])


def _couleurs() -> dict:
    """The sRGB profile that PDF/A asks for; WeasyPrint's own way leaves its file open."""
    from weasyprint.css import ColorProfile

    icc = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
    composantes = (["r"], ["g"], ["b"])
    return {
        INTENTION: ColorProfile(BytesIO(icc), "sRGB2014.icc", "relative-colorimetric", composantes)
    }


def _declarer_pdf_ua(document, pdf) -> None:
    """WeasyPrint finisher: complete the XMP packet and leave it uncompressed."""
    metadonnees = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    parties = (p if isinstance(p, bytes) else str(p).encode() for p in metadonnees.stream)
    metadonnees.stream = [b"".join(parties).replace(b"</rdf:RDF>", PDF_UA + b"</rdf:RDF>")]
    metadonnees.compress = False


def depuis_html(html: str) -> bytes:
    from PIL import ImageFile
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    # WeasyPrint sets it for the whole process: dui.socle.images would then keep half a photograph.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    document = HTML(string=html, base_url=STATIQUE, url_fetcher=_lecteur())
    try:
        return document.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_tags=True,
            color_profiles=_couleurs(),
            output_intent=INTENTION,
            pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
            finisher=_declarer_pdf_ua,
        )
    except FatalURLFetchingError as refus:  # a BaseException: it would take the process down
        raise AdresseRefusee(str(refus)) from refus


def rendre(gabarit: str, contexte: dict) -> bytes:
    """A template that extends pdf/base.html. `contexte`: see there; « brouillon » draws DRAFT."""
    return depuis_html(render_to_string(gabarit, contexte))
