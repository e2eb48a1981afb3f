"""What an act on accounts and rights changed, for whom: read from the facts of its row."""

from django.apps import apps

from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte
from habilitations.models import Role

# After « a » or « avez »; {compte} and {role} come from the facts.
ACTES = {
    "compte.ouvert": "ouvert le compte de {compte}, rôle {role}",
    "compte.renomme": "corrigé le nom de {compte}",
    "compte.suspendu": "suspendu le compte de {compte}",
    "compte.retabli": "rétabli le compte de {compte}",
    "compte.acces_redonne": "redonné un accès à {compte}",
    "compte.identite_declaree": "relié une carte professionnelle au compte de {compte}",
    "compte.identite_retiree": "retiré une carte professionnelle du compte de {compte}",
    "affectation.ouverte": "donné le rôle {role} à {compte}",
    "affectation.terminee": "terminé l’affectation de {compte}, rôle {role}",
    "affectation.revue": "revu une affectation à la recertification",
    "droit.origine": "remis la matrice d’origine au rôle {role}",
    "portail.acces_ouvert": "ouvert le portail à {compte}",
    "portail.acces_ferme": "fermé le portail à {compte}",
    "portail.code_remis": "remis un code du portail à {compte}",
}
PAGES = {"history": "l’historique, ", "changelist": "la liste, ", "add": "un ajout, "}


def nommer(entrees) -> None:
    """`designes` of each row: the account and the role its facts speak of, in two queries."""
    sujets = [e for e in entrees if e.cible in ACTES or e.cible == "droit.regle"]
    comptes = Compte.objects.in_bulk(_cles(sujets, "compte"))
    roles = Role.objects.in_bulk(_cles(sujets, "role"))
    for e in sujets:
        compte, role = comptes.get(e.contexte.get("compte")), roles.get(e.contexte.get("role"))
        e.designes = {
            "compte": str(compte) if compte else "un compte",
            "role": f"« {role.libelle} »" if role else "« inconnu »",
        }


def _cles(entrees, nom) -> set:
    return {e.contexte[nom] for e in entrees if nom in e.contexte}


def dire(entree) -> str:
    """« donné le rôle « Infirmier » à Claire Martin »; "" when the row is not such an act."""
    if entree.action == Action.ADMINISTRER and (page := _administration(entree.cible)):
        return page
    if entree.action == Action.ADMINISTRER and not entree.cible:
        return "changé les droits d’accès"  # the portal, before its acts had names
    designes = getattr(entree, "designes", None)
    if designes is None:
        return ""
    if entree.cible == "droit.regle":
        return _droit(entree.contexte, designes["role"])
    return ACTES[entree.cible].format(**designes)


def _droit(contexte, role: str) -> str:
    geste = "accordé" if contexte.get("accorde") else "retiré"
    action = Action(contexte["action"]).label
    return f"{geste} le droit « {action} » sur « {Bloc(contexte['bloc']).label} » au rôle {role}"


def _administration(cible: str) -> str:
    """« POST administration:socle_compte_change 12 »: to open a page changes nothing."""
    methode, _, reste = cible.partition(" ")
    nom, _, objet = reste.partition(" ")
    espace, _, page = nom.partition(":")
    if espace != "administration":
        return ""
    geste = "envoyé un formulaire de" if methode == "POST" else "ouvert"
    return f"{geste} l’administration{_de_quoi(page)}" + (f", n° {objet}" if objet else "")


def _de_quoi(page: str) -> str:
    modele, _, vue = page.rpartition("_")
    application, _, nom = modele.partition("_")
    try:
        libelle = apps.get_model(application, nom)._meta.verbose_name_plural
    except LookupError:
        return ""
    return f" : {PAGES.get(vue, '')}{libelle}"
