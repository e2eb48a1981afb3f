"""Does the answer speak of the person who was asked about? Pure."""

import re
from collections.abc import Iterator

from dui.connecteurs.insi.erreurs import ReponseRefusee
from dui.connecteurs.insi.reponse import Identite
from dui.connecteurs.insi.traits import IdentiteAVerifier, Traits


def _cle(texte: str) -> str:
    """Hyphen, apostrophe and space are equivalent (EXI ID 10)."""
    return re.sub(r"[-' ]+", " ", texte).strip()


def avertissements(demande: Traits, identite: Identite) -> tuple[str, ...]:
    """The birth date and the sex are those that were sent, or the answer is not ours."""
    if (identite.naissance.isoformat(), identite.sexe) != (demande.naissance, demande.sexe):
        raise ReponseRefusee("autre_personne")
    return tuple(_avertissements(demande, identite))


def _avertissements(demande: Traits, identite: Identite) -> Iterator[str]:
    if not identite.matricule.cle_juste:
        yield "cle_fausse"
    if _cle(identite.nom) != _cle(demande.nom):
        yield "ecart_nom"
    recus = f" {_cle(identite.liste_prenoms)} "
    if not any(f" {_cle(prenom)} " in recus for prenom in demande.prenoms):
        yield "ecart_prenom"


def premier_prenom(identite: Identite, demandes: tuple[str, ...] = ()) -> str:
    """What INSi says, else the one that was asked and heads its list (« ANNE MARIE » is one first
    name as well as two), else the first word of the list."""
    liste = identite.liste_prenoms
    tetes = [p for p in demandes if f"{_cle(liste)} ".startswith(f"{_cle(p)} ")]
    return identite.prenom or max(tetes, key=len, default=liste.split()[0])


def confirme(demande: IdentiteAVerifier, identite: Identite | None) -> bool:
    """The same number under the same OID, the same name and the same list of first names."""
    if identite is None:
        return False
    traits = demande.traits
    numero = (str(identite.matricule), identite.matricule.oid) == (demande.matricule, demande.oid)
    listes = _cle(identite.liste_prenoms), _cle(" ".join(traits.prenoms))
    lieux = {traits.lieu_transmis, identite.lieu} - {""}
    return (
        numero
        and _cle(identite.nom) == _cle(traits.nom)
        and listes[0] == listes[1]
        and len(lieux) <= 1
    )
