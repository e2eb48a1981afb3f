"""The envelopes: SOAP 1.2, WS-Addressing, contexts BAM and LPS. Text goes through lxml alone.

With the certificate of an organisation (mTLS) there is no `wsse:Security` header: the assertion
belongs to the modes by card and by Pro Santé Connect."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from dui.connecteurs.insi.strategie import Appel
from dui.connecteurs.insi.traits import IdentiteAVerifier
from dui.connecteurs.insi.vitale import Beneficiaire

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
BAM, LPS = "urn:siram:bam:ctxbam", "urn:siram:lps:ctxlps"
SANS_VITALE = "http://www.cnamts.fr/INSiRecSans"
AVEC_VITALE = "http://www.cnamts.fr/INSiRecVit"
# The contract of the verification is not public: this one follows the names seen in an example of
# the GIE. It leaves for a production service only once the official schemas accept it.
VERIFICATION = "http://www.cnamts.fr/INSiLot2/REQUnitaire"
REQUETE_DE_VERIFICATION = f"{{{VERIFICATION}}}REQUETE"
ACTION = "urn:ServiceIdentiteCertifiee:1.0.0:"
PREFIXES = {"soap": SOAP, "wsa": WSA, "ctxbam": BAM, "ctxlps": LPS}


@dataclass(frozen=True)
class Logiciel:
    """Who speaks. `emetteur`: the unit named in the certificate (1, then the FINESS number).
    `idam`: the authorisation number given by the CNDA. `instance`: this installation, for ever."""

    emetteur: str
    idam: str
    instance: str
    nom: str = "DUI"
    version: str = "1.0"


@dataclass(frozen=True)
class Tampon:
    """What differs in each envelope."""

    message_id: str
    contexte_id: str
    le: datetime


def tamponner() -> Tampon:
    return Tampon(f"uuid:{uuid.uuid4()}", str(uuid.uuid4()), datetime.now(UTC))


@dataclass(frozen=True, repr=False)
class Message:
    operation: str
    message_id: str
    parties: tuple[Any, ...]
    octets: bytes

    @property
    def action(self) -> str:
        return ACTION + self.operation


Champs = Iterable[tuple[str, str]]


def recherche(appel: Appel, logiciel: Logiciel, tampon: Tampon) -> Message:
    corps = etree.Element(_q(SANS_VITALE, "RECSANSVITALE"), nsmap={None: SANS_VITALE})
    _remplir(
        corps,
        SANS_VITALE,
        [
            ("NomNaissance", appel.nom),
            ("Prenom", appel.prenom),
            ("Sexe", appel.sexe),
            ("DateNaissance", appel.naissance),
            ("LieuNaissance", appel.lieu),
        ],
    )
    return _enveloppe("rechercherInsAvecTraitsIdentite", corps, logiciel, tampon)


def recherche_vitale(lu: Beneficiaire, logiciel: Logiciel, tampon: Tampon) -> Message:
    corps = etree.Element(_q(AVEC_VITALE, "RECVITALE"), nsmap={None: AVEC_VITALE})
    for nom, matricule in (
        ("MatriculeIndividu", lu.matricule),
        ("MatriculeOD", lu.matricule_assure),
    ):
        if matricule:
            numero = _fils(corps, AVEC_VITALE, nom)
            champs = [("NumIdentifiant", matricule[:13]), ("Cle", matricule[13:])]
            _remplir(numero, AVEC_VITALE, champs)
    _remplir(
        corps,
        AVEC_VITALE,
        [
            ("NomNaissance", lu.nom_naissance),
            ("DateNaissance", lu.naissance),
            ("RangNaissance", lu.rang),
        ],
    )
    return _enveloppe(
        "rechercherInsAvecCarteVitale", corps, logiciel, tampon, lambda c: _couvrir(c, lu)
    )


def verification(identite: IdentiteAVerifier, logiciel: Logiciel, tampon: Tampon) -> Message:
    traits = identite.traits
    corps = etree.Element(REQUETE_DE_VERIFICATION, nsmap={None: VERIFICATION})
    individu = _fils(corps, VERIFICATION, "IndividuVerifie")
    ins = _fils(individu, VERIFICATION, "INSFourni")
    numero = _fils(ins, VERIFICATION, "IdIndividu")
    matricule = [("NumIdentifiant", identite.matricule[:13]), ("Cle", identite.matricule[13:])]
    _remplir(numero, VERIFICATION, matricule)
    _remplir(ins, VERIFICATION, [("OID", identite.oid)])
    _remplir(
        _fils(individu, VERIFICATION, "TraitsIdentiteIndividu"),
        VERIFICATION,
        [
            ("NomNaissance", traits.nom),
            ("Prenom", traits.prenoms[0]),
            ("ListePrenom", " ".join(traits.prenoms)),
            ("Sexe", traits.sexe),
            ("DateNaissance", traits.naissance),
            ("LieuNaissance", traits.lieu_transmis),
        ],
    )
    return _enveloppe("verifierInsAvecTraitsIdentite", corps, logiciel, tampon)


# ------------------------------------------------------------ headers


def _enveloppe(
    operation: str,
    corps: Any,
    logiciel: Logiciel,
    tampon: Tampon,
    couvrir: Callable[[Any], None] | None = None,
) -> Message:
    enveloppe = etree.Element(_q(SOAP, "Envelope"), nsmap=PREFIXES)
    tete = _fils(enveloppe, SOAP, "Header")
    _contexte_bam(tete, logiciel, tampon, couvrir)
    _contexte_lps(tete, logiciel, tampon)
    _remplir(tete, WSA, [("Action", ACTION + operation), ("MessageID", tampon.message_id)])
    _fils(enveloppe, SOAP, "Body").append(corps)
    octets = etree.tostring(enveloppe, xml_declaration=True, encoding="UTF-8")
    return Message(operation, tampon.message_id, (*tete, corps), octets)


def _contexte_bam(
    tete: Any, logiciel: Logiciel, tampon: Tampon, couvrir: Callable[[Any], None] | None
) -> None:
    contexte = _fils(tete, BAM, "ContexteBAM")
    contexte.set("Version", "01_02")
    _identifier(contexte, BAM, logiciel, tampon)
    couverture = _fils(contexte, BAM, "COUVERTURE")
    if couvrir:
        couvrir(couverture)


def _couvrir(couverture: Any, lu: Beneficiaire) -> None:
    if lu.matricule_assure:
        assure = _fils(_fils(couverture, BAM, "ASSURE"), BAM, "Id")
        _remplir(assure, BAM, [("Num", lu.matricule_assure[:13])])
    beneficiaire = _fils(couverture, BAM, "BENEFICIAIRE")
    if lu.matricule:
        _remplir(_fils(beneficiaire, BAM, "Nir"), BAM, [("Num", lu.matricule[:13])])
    _remplir(beneficiaire, BAM, [("DateNai", lu.naissance), ("Rang", lu.rang)])


def _contexte_lps(tete: Any, logiciel: Logiciel, tampon: Tampon) -> None:
    contexte = _fils(tete, LPS, "ContexteLPS")
    contexte.set("Nature", "CTXLPS")
    contexte.set("Version", "01_00")
    _identifier(contexte, LPS, logiciel, tampon)
    lps = _fils(contexte, LPS, "LPS")
    idam = _fils(lps, LPS, "IDAM")
    idam.set("R", "4")
    idam.text = logiciel.idam
    nom = f"urn:lps:{logiciel.nom}:{logiciel.version}"
    champs = [("Version", logiciel.version), ("Instance", logiciel.instance), ("Nom", nom)]
    _remplir(lps, LPS, champs)


def _identifier(contexte: Any, espace: str, logiciel: Logiciel, tampon: Tampon) -> None:
    instant = tampon.le.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    champs = [("Id", tampon.contexte_id), ("Temps", instant), ("Emetteur", logiciel.emetteur)]
    _remplir(contexte, espace, champs)


def _q(espace: str, nom: str) -> str:
    return f"{{{espace}}}{nom}"


def _fils(parent: Any, espace: str, nom: str) -> Any:
    return etree.SubElement(parent, _q(espace, nom))


def _remplir(parent: Any, espace: str, champs: Champs) -> None:
    """An empty value has no element."""
    for nom, valeur in champs:
        if valeur:
            _fils(parent, espace, nom).text = valeur
