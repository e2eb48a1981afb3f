"""The answer of INSi, read by element name: order and namespaces vary, keys may be wrong, dates of
the history are not reliable. What identifies is never guessed: whole, or refused."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dui.connecteurs.insi.codes import Code, Geste, code, connu, oids
from dui.connecteurs.insi.erreurs import FauteDuService, ReponseRefusee
from dui.connecteurs.insi.strategie import TROUVE
from dui.connecteurs.lecture_xml import XMLRefuse, lire_xml, nom_local

_NUMERO = re.compile(r"\d{5}(?:\d{2}|2[AB])\d{6}", re.ASCII)
_CLE = re.compile(r"\d{2}", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_LETTRES = re.compile(r"[A-Z' \-]{1,300}")
_LIEU = re.compile(r"[0-9A-Z]{5}")
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,40}")


@dataclass(frozen=True, repr=False)
class Echange:
    """For the trace: what left, what came, as it came. `certificat`: its CN."""

    operation: str
    message_id: str
    le: datetime
    certificat: str
    requete: bytes
    statut: int = 0
    reponse: bytes = b""
    code: str = ""
    duree_ms: int = 0


@dataclass(frozen=True, repr=False)
class Matricule:
    """As received. The key of an answer is never a reason to refuse it (published identities have
    a wrong one); the dates of a former number are not reliable."""

    numero: str
    cle: str
    oid: str
    debut: str = ""
    fin: str = ""

    def __str__(self) -> str:
        return self.numero + self.cle

    @property
    def nature(self) -> str:
        """NIR or NIA; empty for an OID that is no INS."""
        connu = oids().get(self.oid)
        return connu.nature if connu else ""

    @property
    def cle_juste(self) -> bool:
        chiffres = self.numero.replace("2A", "19").replace("2B", "18")
        return self.cle == f"{97 - int(chiffres) % 97:02d}"


@dataclass(frozen=True, repr=False)
class Identite:
    """`prenom`: the first first name as INSi tells it, empty when it only gives the list.
    `historique`: former numbers as received, where the active one may appear again."""

    matricule: Matricule
    nom: str
    prenom: str
    liste_prenoms: str
    sexe: str
    naissance: date
    lieu: str
    historique: tuple[Matricule, ...] = ()

    @property
    def anciens_matricules(self) -> tuple[Matricule, ...]:
        actif = (str(self.matricule), self.matricule.oid)
        return tuple(m for m in self.historique if (str(m), m.oid) != actif)


@dataclass(frozen=True, repr=False)
class Reponse:
    """`code`: 00, 01 or 02. `identite` is there only when everything in it can be taken over;
    otherwise `motif` says why an answer « 00 » gives none. `avertissements`: cle_fausse, ecart_nom,
    ecart_prenom, to be shown beside the traits. `premier_prenom`: the head of the list."""

    code: str
    identite: Identite | None = None
    premier_prenom: str = ""
    motif: str = ""
    avertissements: tuple[str, ...] = ()
    aides: tuple[str, ...] = ()
    echanges: tuple[Echange, ...] = ()

    @property
    def ligne(self) -> Code:
        return code("import", self.motif) if self.motif else code("CR", self.code)

    @property
    def geste(self) -> Geste:
        return self.ligne.geste

    @property
    def message(self) -> str:
        return self.ligne.message

    @property
    def brut(self) -> bytes:
        """The last answer, as received: the one that decided."""
        return self.echanges[-1].reponse if self.echanges else b""


@dataclass(frozen=True, repr=False)
class Verification:
    """`conforme`: INSi confirms the matricule with these traits. `par_recherche`: concluded from a
    search, and not from the operation of verification."""

    conforme: bool
    par_recherche: bool = False
    echanges: tuple[Echange, ...] = ()

    @property
    def ligne(self) -> Code:
        return code("verification", "00" if self.conforme else "01")

    @property
    def geste(self) -> Geste:
        return self.ligne.geste

    @property
    def message(self) -> str:
        return self.ligne.message


@dataclass(frozen=True, repr=False)
class Rendu:
    """A report and, perhaps, somebody; `motif`: somebody whose traits may not be taken over."""

    code: str
    identite: Identite | None = None
    motif: str = ""


# ------------------------------------------------------------ envelope


def ouvrir(octets: bytes, message_id: str) -> Any:
    """The report of the service, RESULTAT; FauteDuService for a fault."""
    try:
        racine = lire_xml(octets)
    except XMLRefuse as refus:
        raise ReponseRefusee(refus.motif) from None
    corps = _seul(racine, "Body") if nom_local(racine) == "Envelope" else None
    if corps is None or len(corps) != 1:
        raise ReponseRefusee("incomplete")
    relation = next((e for e in racine.iter() if nom_local(e) == "RelatesTo"), None)
    if relation is not None and (relation.text or "").strip() != message_id:
        raise ReponseRefusee("autre_appel")
    if nom_local(corps[0]) == "Fault":
        raise _faute(corps[0])
    if nom_local(corps[0]) not in ("RESULTAT", "REPONSE"):
        raise ReponseRefusee("incomplete")
    return corps[0]


def est_une_faute(octets: bytes) -> bool:
    try:
        return any(nom_local(e) == "Fault" for e in lire_xml(octets).iter())
    except XMLRefuse:
        return False


def _faute(faute: Any) -> FauteDuService:
    """The most precise code that we know; what the service said itself goes to the journal."""
    valeurs = [e.text or "" for e in faute.iter() if nom_local(e) == "Value"]
    siram = [_mot(v.rpartition(":")[2]) for v in valeurs]
    details = [_mot(e.get("code", "")) for e in faute.iter() if nom_local(e) == "Erreur"]
    vus = [c for c in (*details, *reversed(siram)) if c]
    retenu = next((c for c in vus if connu("faute", c)), "Sender")
    return FauteDuService(retenu, "+".join(c for c in vus if c != retenu)[:100])


def _mot(texte: str) -> str:
    texte = texte.strip()
    return texte if _CODE.fullmatch(texte) else ""


# ------------------------------------------------------------ report


def lire_verification(resultat: Any) -> Rendu:
    rendu = _code_du_compte_rendu(resultat)
    if not connu("verification", rendu):
        raise ReponseRefusee("code_inconnu", _mot(rendu))
    return Rendu(rendu)


def lire(resultat: Any, *, production: bool) -> Rendu:
    rendu = _code_du_compte_rendu(resultat)
    if not connu("CR", rendu):
        raise ReponseRefusee("code_inconnu", _mot(rendu))
    individu = _seul(resultat, "INDIVIDU")
    if (rendu == TROUVE) != (individu is not None):
        raise ReponseRefusee("incomplete")
    if individu is None:
        return Rendu(rendu)
    return _individu(rendu, individu, production=production)


def _individu(rendu: str, individu: Any, *, production: bool) -> Rendu:
    actif, traits = _exige(individu, "INSACTIF"), _exige(individu, "TIQ")
    matricule = _matricule(actif)
    motif = _motif_du_matricule(matricule, production=production) or _motif_des_traits(traits)
    if motif:
        return Rendu(rendu, None, motif)
    historique = tuple(_matricule(e, ancien=True) for e in individu if nom_local(e) == "INSHISTO")
    liste = _texte(traits, "ListePrenom") or _texte(traits, "Prenom")
    identite = Identite(
        matricule=matricule,
        nom=_juste(_texte(traits, "NomNaissance"), _LETTRES),
        prenom=_juste(_texte(traits, "Prenom"), _LETTRES, vide=True),
        liste_prenoms=_juste(liste, _LETTRES),
        sexe=_juste(_texte(traits, "Sexe"), re.compile("[MF]")),
        naissance=_naissance(_texte(traits, "DateNaissance")),
        lieu=_juste(_texte(traits, "LieuNaissance"), _LIEU, vide=True),
        historique=historique,
    )
    return Rendu(rendu, identite)


def _motif_du_matricule(matricule: Matricule, *, production: bool) -> str:
    oid = oids().get(matricule.oid)
    if oid is None:
        return "oid_inconnu"
    return "oid_de_test" if oid.d_essai and production else ""


def _motif_des_traits(traits: Any) -> str:
    """Rules 11 and 12: neither a day or month at 00, nor an empty name, first name or sex."""
    prenom = _texte(traits, "Prenom") or _texte(traits, "ListePrenom")
    if not (prenom and _texte(traits, "NomNaissance") and _texte(traits, "Sexe")):
        return "trait_manquant"
    lue = _DATE.fullmatch(_texte(traits, "DateNaissance"))
    return "date_incomplete" if lue and "00" in (lue[2], lue[3]) else ""


def _matricule(ins: Any, *, ancien: bool = False) -> Matricule:
    individu = _exige(ins, "IdIndividu")
    return Matricule(
        numero=_juste(_texte(individu, "NumIdentifiant"), _NUMERO),
        cle=_juste(_texte(individu, "Cle"), _CLE, vide=ancien),
        oid=_juste(_texte(ins, "OID"), re.compile(r"[0-9.]{5,60}")),
        debut=_texte(ins, "DateDeb")[:10],
        fin=_texte(ins, "DateFin")[:10],
    )


def _naissance(texte: str) -> date:
    try:
        return date.fromisoformat(_juste(texte, _DATE))
    except ValueError:
        raise ReponseRefusee("incomplete") from None


def _code_du_compte_rendu(resultat: Any) -> str:
    return _texte(_exige(resultat, "CR"), "CodeCR")


def _exige(parent: Any, nom: str) -> Any:
    trouve = _seul(parent, nom)
    if trouve is None:
        raise ReponseRefusee("incomplete")
    return trouve


def _seul(parent: Any, nom: str) -> Any:
    """The only child of that name; two of them are a contradiction, perhaps two persons."""
    trouves = [e for e in parent if nom_local(e) == nom]
    if len(trouves) > 1:
        raise ReponseRefusee("incomplete")
    return trouves[0] if trouves else None


def _texte(parent: Any, nom: str) -> str:
    trouve = _seul(parent, nom)
    if trouve is None:
        return ""
    if len(trouve):
        raise ReponseRefusee("incomplete")
    return (trouve.text or "").strip()


def _juste(texte: str, forme: re.Pattern[str], *, vide: bool = False) -> str:
    if forme.fullmatch(texte) or (vide and not texte):
        return texte
    raise ReponseRefusee("incomplete")
