"""Every form of the product that saves something, by the block whose templates draw it.

A new form joins the table of its block; tests/habilitations/test_reprise.py says which template
is missing.
"""

from tests.habilitations.formulaires import (
    acces,
    accompagnement,
    administratif,
    agenda,
    coordination,
    doublons,
    projets,
    repas,
    soins,
)

FORMULAIRES = (
    *accompagnement.FORMULAIRES,
    *projets.FORMULAIRES,
    *repas.FORMULAIRES,
    *soins.FORMULAIRES,
    *administratif.FORMULAIRES,
    *acces.FORMULAIRES,
    *doublons.FORMULAIRES,
    *coordination.FORMULAIRES,
    *agenda.FORMULAIRES,
)

# Forms that are not replayed, and why.
SANS_REPRISE = {
    "habilitations/": "connexion et verrou : leurs champs sont des secrets",
    "moyens/": "moyens de connexion et postes : des secrets, des réglages d’un geste",
    "demonstration/": "choix d’un compte d’essai",
    "_barre.html": "verrouiller, se déconnecter",
    "gabarit_portail.html": "se déconnecter",
    "relation_usager/": "verrouiller, se déconnecter",
    "insi/": "rien de tapé : un appel se redemande d’un clic, une réponse ou une carte expire",
    "ouvertures/ouvrir.html": "le code remis ne se montre qu’à qui vient d’ouvrir l’accès",
    "ouvertures/portail.html": "un nouveau code ne se montre qu’à qui vient de le demander",
    "admission/": "un fichier déposé se dépose de nouveau ; la suite relit l’état en base",
    "composants/redaction.html": "dessine le formulaire des autres pages, qui sont dans la table",
    "identification/pieces.html": "des cases et des listes, relues à l’écran",
    "coque/brouillon.html": "« Jeter » : le même envoi que dans la liste, déjà dans la table",
    "doublons/liste.html": "un bouton, sans rien à taper",
    "doublons/_etat.html": "des boutons, sans rien à taper",
    "conflit.html": "le même formulaire que la page d’origine, déjà dans la table",
    "accompagnement/projets/preuves.html": "des choix à cocher, relus à l’écran",
    "accompagnement/projets/relier.html": "des choix à cocher, relus à l’écran",
    "coordination/activites/jour.html": "des cases à cocher, relues à l’écran",
    "coordination/tournees/suivi.html": "des cases et une liste, relues à l’écran",
    "coordination/agenda/abonnement.html": "l’adresse secrète ne se montre qu’à qui la demande",
    "accompagnement/evaluations/grilles/": "un fichier se dépose de nouveau",
    "accompagnement/releve.html": "« Tout lu » : le même envoi que « J’ai lu »",
}
