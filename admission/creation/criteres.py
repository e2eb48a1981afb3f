"""What one searches before creating an identity: a birth date, then at most three letters of a
name and of a first name (EXI ID 17), in separate fields. Pure."""

from dataclasses import asdict, dataclass, replace
from datetime import date

from dui.socle.datamatrix import TraitsLus
from dui.socle.identite import DateLue, cle_comparaison
from dui.socle.ressemblance import Traits, a_une_lettre_pres

LETTRES = 3


@dataclass(frozen=True)
class Criteres:
    naissance: date
    incomplete: str = ""
    nom: str = ""
    prenom: str = ""
    # Read from a datamatrix: they fill the creation, the letters alone search.
    matricule: str = ""
    oid: str = ""
    traits: tuple[tuple[str, str], ...] = ()

    @property
    def scannes(self) -> dict[str, str]:
        return dict(self.traits)

    def convient(self, connue: Traits) -> bool:
        """The letters begin a birth or used name, or a first name, whichever field they are in;
        one letter may differ."""
        noms = {connue.nom, connue.nom_utilise}
        prenoms = {connue.prenoms, connue.prenom_utilise}
        droit = _debute(self.nom, noms) and _debute(self.prenom, prenoms)
        return droit or (_debute(self.nom, prenoms) and _debute(self.prenom, noms))

    def exact(self, connue: Traits) -> bool:
        meme_nom = _lettres(connue.nom).startswith(_lettres(self.nom))
        return connue.naissance == self.naissance and meme_nom


def _debute(lettres: str, mots: set[str]) -> bool:
    cle = _lettres(lettres)
    debuts = [_lettres(mot) for mot in mots if mot]
    return not cle or any(
        mot.startswith(cle) or (len(cle) == LETTRES and _presque(cle, mot)) for mot in debuts
    )


def _lettres(texte: str) -> str:
    """« LE GOFF » begins with LEG."""
    return cle_comparaison(texte).replace(" ", "")


def _presque(cle: str, mot: str) -> bool:
    """« DUP » and « DUB », « MAR » and « AMR »."""
    debut = mot[:LETTRES]
    return a_une_lettre_pres(cle, debut) or sorted(cle) == sorted(debut)


def du_datamatrix(lus: TraitsLus) -> Criteres:
    traits = {
        "nom_naissance": lus.nom,
        "prenoms": lus.prenoms,
        "premier_prenom": lus.prenoms.split(" ")[0],
        "sexe": lus.sexe,
        "naissance": f"{lus.naissance:%d/%m/}{lus.naissance.year}",
        "lieu": lus.cog,
    }
    return Criteres(
        lus.naissance,
        nom=lus.nom[:LETTRES],
        prenom=lus.prenoms[:LETTRES],
        matricule=lus.matricule,
        oid=lus.oid,
        traits=tuple(traits.items()),
    )


def de_la_saisie(lue: DateLue, nom: str, prenom: str) -> Criteres:
    return Criteres(lue.date, lue.incomplete, nom, prenom)


def ecrire(criteres: Criteres) -> dict:
    return asdict(criteres) | {"naissance": criteres.naissance.isoformat()}


def relire(donnees: dict) -> Criteres:
    traits = tuple((nom, valeur) for nom, valeur in donnees["traits"])
    brut = Criteres(**donnees | {"traits": traits})
    return replace(brut, naissance=date.fromisoformat(donnees["naissance"]))
