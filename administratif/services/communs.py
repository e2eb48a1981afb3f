from django.core.exceptions import ValidationError

from dui.socle import evenements
from dui.socle.erreurs import ConflitDeVersion

CHANGE = "Cette fiche a changé depuis que vous l’avez lue."


def lire_version(objet, version_lue) -> None:
    if objet.version != version_lue:
        raise ConflitDeVersion(CHANGE, actuel=objet)


def garder(habilitation, objet, *, motif="", nouveau=False):
    """Check, number, sign in the history, save."""
    if not nouveau:
        objet.version += 1
    objet.full_clean()
    objet._history_user = habilitation.compte
    objet._change_reason = motif[:100] or None
    objet.save()
    return objet


def noter(habilitation, type_, objet, dossier, **charge):
    nom = objet._meta.model_name
    evenements.noter(habilitation, type_, dossier=dossier, charge={nom: str(objet.pk)} | charge)


def exiger(texte: str, champ: str, message: str) -> str:
    if not texte.strip():
        raise ValidationError({champ: message})
    return texte.strip()
