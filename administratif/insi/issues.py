"""One outcome for every way a call may end: an answer, a verification, an error. No row here."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from administratif.insi import demandes
from dui.connecteurs.insi import Echange, ErreurINSi, Geste, Identite, Reponse, Verification
from dui.connecteurs.insi.codes import code as ligne_du_code
from dui.socle.enums import Recueil
from dui.socle.identite import forme_ins
from dui.socle.insi import client_insi
from dui.socle.models import AppelInsi
from dui.socle.statuts import Cause

Nature = AppelInsi.Nature
# What an outcome says of the identity by itself; what it proposes waits for a person.
CAUSES = {
    Geste.REFORMULER: Cause.INSI_AUCUNE,
    Geste.PRECISER: Cause.INSI_PLUSIEURS,
    Geste.CONFIRMER: Cause.VERIFICATION_OK,
    Geste.RETROGRADER: Cause.VERIFICATION_KO,
}
RECUEILS = {Nature.TRAITS: Recueil.INSI, Nature.VITALE: Recueil.CARTE_VITALE}


@dataclass(frozen=True, repr=False)
class Issue:
    """`version`: that of the identity when it was asked about."""

    nature: Nature
    version: int
    code: str
    geste: Geste
    message: str
    echanges: tuple[Echange, ...] = ()
    aides: tuple[str, ...] = ()
    avertissements: tuple[str, ...] = ()
    identite: Identite | None = None
    premier_prenom: str = ""

    @property
    def cause(self) -> Cause | None:
        return CAUSES.get(self.geste)

    def code_de(self, rang: int) -> str:
        """Of each call; what was made of the last answer, when its own code does not say it."""
        propre = self.echanges[rang].code
        dernier = rang == len(self.echanges) - 1
        return self.code if dernier and propre not in self.code else propre

    def resultat_de(self, rang: int) -> Geste:
        """Of each call; the last one bears the outcome of all."""
        if rang == len(self.echanges) - 1:
            return self.geste
        return ligne_du_code("CR", self.echanges[rang].code).geste


def demander(nature: Nature, version: int, appeler: Callable[[], Reponse | Verification]) -> Issue:
    """Nothing is raised: whoever asked always has something to read."""
    try:
        rendu = appeler()
    except ErreurINSi as erreur:
        return Issue(
            nature, version, erreur.code, erreur.geste, erreur.message, tuple(erreur.echanges)
        )
    ligne = rendu.ligne
    issue = Issue(
        nature,
        version,
        f"{ligne.couche}:{ligne.code}",
        rendu.geste,
        rendu.message,
        rendu.echanges,
    )
    return issue if isinstance(rendu, Verification) else _avec_les_traits(issue, rendu)


def demander_la_verification(usager) -> Issue:
    """For one who waits, and for each of a batch."""
    return demander(
        Nature.VERIFICATION,
        usager.version,
        lambda: client_insi().verifier(demandes.a_verifier(usager)),
    )


def _avec_les_traits(issue: Issue, rendu: Reponse) -> Issue:
    return replace(
        issue,
        aides=rendu.aides,
        avertissements=rendu.avertissements,
        identite=rendu.identite,
        premier_prenom=rendu.premier_prenom,
    )


def contenu(issue: Issue) -> dict:
    """What waits for a person, as JSON. No request, no envelope: they are in the trace."""
    lu = {
        "code": issue.code,
        "geste": issue.geste.value,
        "message": issue.message,
        "aides": list(issue.aides),
        "avertissements": list(issue.avertissements),
    }
    if issue.identite is None:
        return lu
    qui = issue.identite
    return lu | {
        "matricule": str(qui.matricule),
        "oid": qui.matricule.oid,
        "traits": {
            "nom_naissance": qui.nom,
            "prenoms": qui.liste_prenoms,
            "premier_prenom": forme_ins(issue.premier_prenom),
            "sexe": qui.sexe,
            "date_naissance": qui.naissance.isoformat(),
            "lieu_naissance_cog": qui.lieu,
        },
    }
