"""One way to ask again who holds this session: the password, or a key that verifies its holder."""

from dui.socle.journal import consigner_connexion
from habilitations.connexion import services
from habilitations.connexion.essais import TropDEssais
from habilitations.connexion.vues import ATTENDRE
from habilitations.moyens import cles

USAGE = "preuve"  # a challenge given for this opens no session
CLE_REFUSEE = "Cette clé n’a pas pu être vérifiée. Recommencez."
MANQUE = "Donnez votre mot de passe, ou utilisez votre clé d’accès."


def proposer(request) -> dict:
    """The challenge that a key of this very account must sign."""
    return cles.proposer(request, compte=request.user, usage=USAGE)


def donnee(request, formulaire) -> bool:
    """`formulaire` is a valid PreuveForm and the proof is right; else the form says why not."""
    if not formulaire.is_valid():
        return False
    if reponse := formulaire.cleaned_data["reponse"]:
        return _par_cle(request, formulaire, reponse)
    if mot_de_passe := formulaire.cleaned_data.get("mot_de_passe"):
        return _par_mot_de_passe(request, formulaire, mot_de_passe)
    formulaire.add_error(None, MANQUE)
    return False


def _par_cle(request, formulaire, reponse) -> bool:
    try:
        cles.verifier(request, reponse, compte=request.user, usage=USAGE)
    except cles.CleRefusee:
        consigner_connexion(request.user, "connexion_refusee", contexte={"methode": "cle"})
        formulaire.add_error(None, CLE_REFUSEE)
        return False
    return True


def _par_mot_de_passe(request, formulaire, mot_de_passe) -> bool:
    try:
        if services.prouver_encore(request, mot_de_passe):
            return True
    except TropDEssais:
        formulaire.add_error(None, ATTENDRE)
    else:
        formulaire.add_error("mot_de_passe", "Mot de passe refusé.")
    return False
