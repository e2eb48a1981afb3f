from pathlib import Path

import pytest

from dui.connecteurs.insi import Traits

DONNEES = Path(__file__).parents[3] / "shared" / "data" / "ins"
EXEMPLES = DONNEES / "insi_samples"
OFFICIELS = DONNEES / "wsdl"
avec_les_donnees = pytest.mark.skipif(
    not DONNEES.is_dir(), reason="../shared/data/ins n’est pas présent"
)

ADRUN = Traits("ADRUN", ("ZOE",), "F", "1975-12-31", "63220")
ECETINSI = Traits("ECETINSI", ("PIERRE-ALAIN", "MURIEL", "FLORIANT"), "M", "2009-07-14", "63220")
HERMANN = Traits("HERMANN", ("GATIEN",), "M", "1981-03-24", "63220")
CORSE = Traits("CORSE", ("ANTHONY",), "M", "1980-03-02", "2B020")
PROVISOIRE = Traits("PROVISOIRE", ("MATRICULE",), "M", "2009-07-01", "63220")
HOUILLES = Traits("HOUILLES", ("PIERRE",), "M", "1993-01-27")
HOMONYME = Traits("HOMONYME", ("MARIE",), "F", "1938-05-04")

NIR, NIA = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"
OID_DE_TEST = "1.2.250.1.213.1.4.10"


def nommee(nom: str) -> Traits:
    """Somebody whose name asks the local INSi for a failure."""
    return Traits(nom, ("ZOE",), "F", "1975-12-31")


def resultat(contenu: str) -> bytes:
    """An answer as the service could send it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        f'<RESULTAT xmlns="http://www.cnamts.fr/INSiResultat">{contenu}</RESULTAT>'
        "</s:Body></s:Envelope>"
    ).encode()


CR_00 = "<CR><CodeCR>00</CodeCR><LibelleCR>OK</LibelleCR></CR>"


def individu(
    *,
    numero="2751263220749",
    cle="74",
    oid=NIR,
    nom="ADRUN",
    liste="ZOE",
    sexe="F",
    naissance="1975-12-31",
    lieu="63220",
    histo="",
) -> str:
    return (
        "<INDIVIDU><INSACTIF><IdIndividu>"
        f"<NumIdentifiant>{numero}</NumIdentifiant><Cle>{cle}</Cle></IdIndividu>"
        f"<OID>{oid}</OID></INSACTIF>{histo}<TIQ><NomNaissance>{nom}</NomNaissance>"
        f"<ListePrenom>{liste}</ListePrenom><Sexe>{sexe}</Sexe>"
        f"<DateNaissance>{naissance}</DateNaissance><LieuNaissance>{lieu}</LieuNaissance>"
        "</TIQ></INDIVIDU>"
    )


def trouve(**champs) -> bytes:
    return resultat(CR_00 + individu(**champs))
