"""The zip that an .xlsx is, and its XML parts, read without trusting anything they declare.

`zipfile` reads at most the declared size of an entry, block by block; the declared sizes are
limited before anything is inflated. expat builds no tree and the first DOCTYPE stops everything.
"""

import posixpath
import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from admission.importation.refus import ENREGISTRER_EN_XLSX, EXPORTER_DE_NOUVEAU, FichierRefuse

ENTREES_MAXIMALES = 1_000
TOTAL_MAXIMAL = 200 * 2**20
PARTIE_MAXIMALE = 128 * 2**20  # a sheet
RAPPORT_MAXIMAL = 200  # a real sheet compresses 10 to 50 times
RAPPORT_TOLERE_JUSQU_A = 10 * 2**20
REPERTOIRE_MAXIMAL = 512 * 1024
BLOC = 64 * 1024
JETON_MAXIMAL = 2**20  # expat reads a longer token again and again
PROFONDEUR_MAXIMALE = 64
ELEMENTS_MAXIMAUX = 8_000_000
NOMS_MAXIMAUX = 500  # expat keeps every distinct name


def abime() -> FichierRefuse:
    return FichierRefuse("Le classeur est abîmé ou incomplet.", EXPORTER_DE_NOUVEAU)


def trop_gros() -> FichierRefuse:
    return FichierRefuse(
        "Le classeur est démesuré une fois décompressé.",
        "Copiez la seule liste dans un classeur neuf, puis enregistrez-le en .xlsx.",
    )


def _controler_fin(flux: BinaryIO) -> None:
    """The end record first: `zipfile` would read a directory of any length."""
    taille = flux.seek(0, 2)
    flux.seek(max(0, taille - 65_557))
    fin = flux.read()
    position = fin.rfind(b"PK\x05\x06")
    if position < 0 or len(fin) - position < 22:
        raise abime()
    entrees, taille_repertoire = struct.unpack("<HI", fin[position + 10 : position + 16])
    if b"PK\x06\x07" in fin[max(0, position - 20) : position] or entrees == 0xFFFF:
        raise trop_gros()
    if entrees > ENTREES_MAXIMALES or taille_repertoire > REPERTOIRE_MAXIMAL:
        raise trop_gros()


def _controler_entrees(archive: zipfile.ZipFile) -> None:
    entrees = archive.infolist()
    if len(entrees) > ENTREES_MAXIMALES or len({e.filename for e in entrees}) < len(entrees):
        raise trop_gros()
    if sum(e.file_size for e in entrees) > TOTAL_MAXIMAL:
        raise trop_gros()
    for entree in entrees:
        if entree.flag_bits & 0x1:
            raise FichierRefuse(
                "Le classeur est protégé par un mot de passe.",
                "Retirez le mot de passe, puis enregistrez le fichier en .xlsx.",
            )
        if entree.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise abime()
        rapport = entree.file_size / max(entree.compress_size, 1)
        if entree.file_size > RAPPORT_TOLERE_JUSQU_A and rapport > RAPPORT_MAXIMAL:
            raise trop_gros()


def _controler_nature(archive: zipfile.ZipFile) -> None:
    noms = set(archive.namelist())
    types = lire_octets(archive, "[Content_Types].xml") if "[Content_Types].xml" in noms else b""
    if "mimetype" in noms:
        raise FichierRefuse("C’est un classeur LibreOffice (.ods).", ENREGISTRER_EN_XLSX)
    if b"macroEnabled" in types or any(n.lower().endswith("vbaproject.bin") for n in noms):
        raise FichierRefuse(
            "Le classeur contient des macros.",
            "Enregistrez-le au format « Classeur Excel (.xlsx) », sans macro.",
        )
    if "xl/workbook.bin" in noms:
        raise FichierRefuse("C’est un classeur binaire (.xlsb).", ENREGISTRER_EN_XLSX)
    if "_rels/.rels" not in noms:
        raise FichierRefuse("Cette archive n’est pas un classeur.", ENREGISTRER_EN_XLSX)


def ouvrir_archive(flux: BinaryIO) -> zipfile.ZipFile:
    _controler_fin(flux)
    flux.seek(0)
    try:
        archive = zipfile.ZipFile(flux)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeError):
        raise abime() from None
    _controler_entrees(archive)
    _controler_nature(archive)
    return archive


def blocs(archive: zipfile.ZipFile, nom: str, maximum: int) -> Iterator[bytes]:
    """The part, block by block; more than `maximum` bytes is a refusal, whatever was declared."""
    lus = 0
    try:
        with archive.open(nom) as partie:
            while bloc := partie.read(BLOC):
                lus += len(bloc)
                if lus > maximum:
                    raise trop_gros()
                yield bloc
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, RuntimeError, ValueError) as erreur:
        raise abime() from erreur
    except Exception as erreur:  # zlib.error has no public base
        if type(erreur).__module__ == "zlib":
            raise abime() from erreur
        raise


def lire_octets(archive: zipfile.ZipFile, nom: str, maximum: int = 2**20) -> bytes:
    return b"".join(blocs(archive, nom, maximum))


class Balises:
    """Base of the handlers: local names, limits on depth and on distinct names."""

    def __init__(self) -> None:
        self._profondeur = self._elements = 0
        self._noms: dict[str, str] = {}

    def debut(self, nom: str, attributs: dict[str, str]) -> None: ...

    def fin(self, nom: str) -> None: ...

    def texte(self, donnees: str) -> None: ...

    def _local(self, nom: str) -> str:
        local = self._noms.get(nom)
        if local is None:
            if len(self._noms) >= NOMS_MAXIMAUX:
                raise abime()
            local = self._noms[nom] = nom.rpartition(":")[2]
        return local

    def _debut(self, nom: str, attributs: dict[str, str]) -> None:
        self._profondeur += 1
        self._elements += 1
        if self._profondeur > PROFONDEUR_MAXIMALE:
            raise abime()
        if self._elements > ELEMENTS_MAXIMAUX:
            raise trop_gros()
        for attribut in attributs:
            self._local(attribut)
        self.debut(self._local(nom), attributs)

    def _fin(self, nom: str) -> None:
        self._profondeur -= 1
        self.fin(self._local(nom))


def _doctype(*_args) -> None:
    raise FichierRefuse(
        "Le classeur contient des déclarations XML interdites.", EXPORTER_DE_NOUVEAU
    )


def parcourir(archive: zipfile.ZipFile, nom: str, balises: Balises, maximum: int) -> Iterator[None]:
    """Feed `balises` with the part; yields after each block so that the caller drains it."""
    parseur = expat.ParserCreate()
    parseur.buffer_text = True
    parseur.StartDoctypeDeclHandler = _doctype
    parseur.StartElementHandler = balises._debut
    parseur.EndElementHandler = balises._fin
    parseur.CharacterDataHandler = balises.texte
    donnes = 0
    try:
        for bloc in blocs(archive, nom, maximum):
            parseur.Parse(bloc, False)
            donnes += len(bloc)
            if donnes - parseur.CurrentByteIndex > JETON_MAXIMAL:
                raise abime()
            yield
        parseur.Parse(b"", True)
    except expat.ExpatError:
        raise abime() from None
    yield


def lire_partie(archive: zipfile.ZipFile, nom: str, balises: Balises, maximum: int) -> None:
    for _ in parcourir(archive, nom, balises, maximum):
        pass


class _Relations(Balises):
    def __init__(self) -> None:
        super().__init__()
        self.cibles: dict[str, tuple[str, str]] = {}

    def debut(self, nom, attributs):
        if nom == "Relationship" and attributs.get("TargetMode") != "External":
            sorte = attributs.get("Type", "").rpartition("/")[2]
            self.cibles[attributs.get("Id", "")] = (sorte, attributs.get("Target", ""))


def relations(archive: zipfile.ZipFile, partie: str) -> dict[str, tuple[str, str]]:
    """{id: (kind, path in the archive)} of the parts that `partie` names; "" is the package."""
    dossier, nom = posixpath.split(partie)
    chemin = posixpath.join(dossier, "_rels", f"{nom}.rels")
    if chemin not in archive.namelist():
        return {}
    lues = _Relations()
    lire_partie(archive, chemin, lues, 2**20)
    return {
        cle: (sorte, posixpath.normpath(posixpath.join("/", dossier, cible)).lstrip("/"))
        for cle, (sorte, cible) in lues.cibles.items()
    }
