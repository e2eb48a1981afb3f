"""Lists as people send them, and files as attackers send them."""

import io
import struct
import zipfile
import zlib
from datetime import date

from openpyxl import Workbook

TITRES = ["Nom de naissance", "Prénom", "Sexe", "Né(e) le", "Code INSEE naissance", "Chambre"]
LIGNE = ["DURAND", "Marie", "F", "12/05/1931", "69123", "12"]


def csv(lignes, *, separateur=";", encodage="utf-8", fin="\r\n"):
    texte = fin.join(separateur.join(str(c) for c in ligne) for ligne in lignes) + fin
    return io.BytesIO(texte.encode(encodage))


def xlsx(lignes, *, autres_feuilles=(), formats=None):
    classeur = Workbook()
    feuille = classeur.active
    feuille.title = "Résidents"
    for ligne in lignes:
        feuille.append(ligne)
    for reference, code in (formats or {}).items():
        feuille[reference].number_format = code
    for titre in autres_feuilles:
        classeur.create_sheet(titre).append(["ailleurs"])
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie


def reecrire(fichier, **parties):
    """The same archive with some parts replaced or added (`xl/a.xml` is `xl__a_xml`)."""
    sortie = io.BytesIO()
    remplacees = {nom.replace("__", "/"): contenu for nom, contenu in parties.items()}
    with zipfile.ZipFile(fichier) as avant, zipfile.ZipFile(sortie, "w", 8) as apres:
        for nom in avant.namelist():
            if nom not in remplacees:
                apres.writestr(nom, avant.read(nom))
        for nom, contenu in remplacees.items():
            apres.writestr(nom, contenu)
    return sortie


FEUILLE = "xl__worksheets__sheet1.xml"


def feuille_brute(corps: bytes, *, prologue: bytes = b""):
    """A workbook whose first sheet holds these rows, written by hand."""
    debut = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    xml = prologue + debut + b"<sheetData>" + corps + b"</sheetData></worksheet>"
    return reecrire(xlsx([TITRES, LIGNE]), **{FEUILLE: xml})


def bombe_declaree(mo: int = 400):
    """Honest sizes: 400 MiB of zeros in 400 KiB."""
    return reecrire(xlsx([TITRES]), **{"xl__media__image.bin": b"\0" * (mo * 2**20)})


def bombe_menteuse():
    """A sheet that declares 1,000 bytes and inflates to 300 MiB."""
    compresseur = zlib.compressobj(9, zlib.DEFLATED, -15)
    bloc = b"<row><c><v>1</v></c></row>" * 40_000
    reelle = b"".join(compresseur.compress(bloc) for _ in range(300)) + compresseur.flush()
    fichier = reecrire(xlsx([TITRES]), **{FEUILLE: b"@" * 1000})
    octets = bytearray(fichier.getvalue())
    with zipfile.ZipFile(io.BytesIO(bytes(octets))) as archive:
        entree = archive.getinfo(FEUILLE.replace("__", "/"))
    nom = len(entree.filename)
    debut = entree.header_offset + 30 + nom
    ecart = len(reelle) - entree.compress_size
    octets[debut : debut + entree.compress_size] = reelle
    struct.pack_into("<I", octets, entree.header_offset + 18, len(reelle))
    central = bytes(octets).rfind(b"PK\x01\x02", 0, bytes(octets).rfind(entree.filename.encode()))
    struct.pack_into("<I", octets, central + 20, len(reelle))
    fin = bytes(octets).rfind(b"PK\x05\x06")
    position = struct.unpack_from("<I", octets, fin + 16)[0]
    struct.pack_into("<I", octets, fin + 16, position + ecart)
    return io.BytesIO(bytes(octets))


def residents(nombre):
    """An ordinary list: accents, apostrophes, men and women, two wards."""
    noms = ["LEFÈVRE", "D’ARC", "LE GOFF", "MARTIN-PÊCHEUR", "N'DIAYE", "ŒUVRARD"]
    prenoms = [("Hélène", "F"), ("François", "M"), ("Zoé", "F"), ("Jean-Pierre", "M")]
    yield [
        *["N° dossier", "Nom d'usage", "Nom de naissance", "Prénoms", "Sexe", "Né(e) le"],
        *["Code INSEE naissance", "Unité", "Chambre", "Date d'entrée", "GIR"],
        *["Contact 1 nom", "Contact 1 lien", "Contact 1 téléphone", "Médecin traitant"],
    ]
    for i in range(nombre):
        prenom, sexe = prenoms[i % 4]
        ne = date(1926 + i % 30, 1 + i % 12, 1 + i % 28)
        nom = f"{noms[i % 6]} {''.join(chr(65 + int(c)) for c in f'{i:05d}')}"
        yield [
            *[f"R-{i:05d}", "", nom, prenom, sexe, f"{ne:%d/%m/%Y}"],
            *[f"{1 + i % 95:02d}{1 + i % 300:03d}".replace("20", "21", 1)[:5]],
            *[f"Unité {1 + i % 10}", f"{i}", "03/02/2024", str(1 + i % 6)],
            *["PETIT Luc", "Fils", "06 00 00 00 00", "Dr Claire MARTIN"],
        ]
