"""Who the local INSi knows, and the answers it makes, in the shape of the real ones: the order of
the fields of the history and the wrong keys included."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from dui.connecteurs.insi.reponse import Matricule

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
RESULTAT = "http://www.cnamts.fr/INSiResultat"
RESULTAT_DE_VERIFICATION = "http://www.cnamts.fr/INSiLot2/REPUnitaire"
NIR = "1.2.250.1.213.1.4.8"
DEMONSTRATION = "1.2.250.1.213.1.4.11"
LIBELLES = {"00": "OK", "01": "Aucune identite trouvee", "02": "Plusieurs identites trouvees"}
FAUTES = {
    "indisponible": (
        "Receiver",
        "siram_40",
        "insi_102",
        "fatal",
        "L’appel au service de recherche renvoie une erreur technique.",
    ),
    "logiciel_inconnu": (
        "Sender",
        "siram_100",
        "desir_550",
        "erreur",
        "Numéro d’autorisation du logiciel inconnu.",
    ),
    "certificat_refuse": (
        "Sender",
        "siram_100",
        "desir_560",
        "erreur",
        "Vous ne disposez pas des droits suffisants pour accéder à ce service.",
    ),
    "requete_invalide": ("Sender", "", "", "", "Message non conforme."),
}


@cache
def donnees() -> dict[str, Any]:
    lu = Path(__file__).with_name("identites.json").read_text(encoding="utf-8")
    contenu: dict[str, Any] = json.loads(lu)
    return contenu


def effet_de(nom: str) -> str:
    effets = {s["nom"]: s["effet"] for s in donnees()["scenarios"]}
    return str(effets.get(nom, ""))


def par_traits(nom: str, prenom: str, sexe: str, naissance: str, lieu: str) -> list[dict[str, Any]]:
    def correspond(qui: dict[str, Any]) -> bool:
        prenoms = {_cle(p) for p in (*qui["prenoms"], " ".join(qui["prenoms"]))}
        return (
            (_cle(qui["nom"]), qui["sexe"], qui["naissance"]) == (_cle(nom), sexe, naissance)
            and _cle(prenom) in prenoms
            and lieu in ("", qui["lieu"])
        )

    return [qui for qui in donnees()["identites"] if correspond(qui)]


def par_numero(numeros: Iterable[str], naissance: str) -> list[dict[str, Any]]:
    numeros = set(numeros)
    return [
        qui
        for qui in donnees()["identites"]
        if qui["numero"] in numeros and qui["naissance"] == naissance
    ]


def confirme(donne: tuple[str, str, str], trouves: list[dict[str, Any]]) -> bool:
    """A matricule of demonstration is nobody's: its key alone says whether it is well made."""
    numero, cle, oid = donne
    if oid == DEMONSTRATION:
        return Matricule(numero, cle, oid).cle_juste
    return donne in [(qui["numero"], qui["cle"], qui.get("oid", NIR)) for qui in trouves]


def _cle(texte: str) -> str:
    return re.sub(r"[-' ]+", " ", texte).strip()


# ------------------------------------------------------------ answers


def rendre(trouves: list[dict[str, Any]]) -> bytes:
    code = {0: "01", 1: "00"}.get(len(trouves), "02")
    resultat = etree.Element(f"{{{RESULTAT}}}RESULTAT", nsmap={None: RESULTAT})
    _compte_rendu(resultat, code, LIBELLES[code])
    if code == "00":
        _individu(resultat, trouves[0])
    return enveloppe(resultat)


def rendre_verification(conforme: bool) -> bytes:
    espace = RESULTAT_DE_VERIFICATION
    resultat = etree.Element(f"{{{espace}}}RESULTAT", nsmap={None: espace})
    _compte_rendu(resultat, *(("00", "OK") if conforme else ("01", "KO")))
    return enveloppe(resultat)


def faute(nom: str) -> bytes:
    sorte, siram, detail, severite, texte = FAUTES[nom]
    faute = etree.Element(f"{{{SOAP}}}Fault", nsmap={"soap": SOAP})
    code = _fils(faute, f"{{{SOAP}}}Code")
    _fils(code, f"{{{SOAP}}}Value", f"soap:{sorte}")
    if siram:
        _fils(_fils(code, f"{{{SOAP}}}Subcode"), f"{{{SOAP}}}Value", f"soap:{siram}")
    raison = _fils(_fils(faute, f"{{{SOAP}}}Reason"), f"{{{SOAP}}}Text", texte)
    raison.set("{http://www.w3.org/XML/1998/namespace}lang", "fr")
    if detail:
        erreur = _fils(_fils(faute, f"{{{SOAP}}}Detail"), "{urn:siram}Erreur", texte)
        erreur.set("severite", severite)
        erreur.set("code", detail)
    return enveloppe(faute)


def enveloppe(contenu: Any) -> bytes:
    racine = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    _fils(racine, f"{{{SOAP}}}Body").append(contenu)
    return bytes(etree.tostring(racine, xml_declaration=True, encoding="UTF-8"))


def _compte_rendu(resultat: Any, code: str, libelle: str) -> None:
    rendu = _fils(resultat, "CR")
    _fils(rendu, "CodeCR", code)
    _fils(rendu, "LibelleCR", libelle)


def _individu(resultat: Any, qui: dict[str, Any]) -> None:
    individu = _fils(resultat, "INDIVIDU")
    oid = qui.get("oid", NIR)
    _numero(_fils(individu, "INSACTIF"), qui, oid)
    for ancien in qui.get("historique", ()):
        ins = _fils(individu, "INSHISTO")
        # The real platform does not respect the order of its own schema here.
        for nom, cle in (("DateDeb", "debut"), ("DateFin", "fin")):
            if ancien.get(cle):
                _fils(ins, nom, ancien[cle])
        _numero(ins, ancien, oid)
    traits = _fils(individu, "TIQ")
    _fils(traits, "NomNaissance", qui["nom"])
    if qui.get("prenom"):
        _fils(traits, "Prenom", qui["prenom"])
    _fils(traits, "ListePrenom", " ".join(qui["prenoms"]))
    _fils(traits, "Sexe", qui["sexe"])
    _fils(traits, "DateNaissance", qui["naissance"])
    _fils(traits, "LieuNaissance", qui["lieu"])


def _numero(ins: Any, qui: dict[str, Any], oid: str) -> None:
    individu = _fils(ins, "IdIndividu")
    _fils(individu, "NumIdentifiant", qui["numero"])
    _fils(individu, "Cle", qui["cle"])
    _fils(ins, "OID", oid)


def _fils(parent: Any, nom: str, texte: str = "") -> Any:
    """Unqualified: in the namespace of the parent."""
    espace = etree.QName(parent).namespace
    fils = etree.SubElement(parent, nom if nom.startswith("{") else f"{{{espace}}}{nom}")
    if texte:
        fils.text = texte
    return fils
