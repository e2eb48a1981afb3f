"""Plain words for people who do not work here."""

from dui.socle.enums import Action, Bloc

# What each block is called when speaking to the person (« a lu : … »).
BLOCS = {
    Bloc.ID: "identité",
    Bloc.IDV: "vérification de l’identité",
    Bloc.ENT: "contacts",
    Bloc.ADM: "séjour et chambre",
    Bloc.JUR: "protection juridique et volontés",
    Bloc.FAC: "factures et aides",
    Bloc.DOCA: "documents administratifs",
    Bloc.ANT: "santé et allergies",
    Bloc.OBS: "notes du médecin",
    Bloc.PRE: "ordonnances",
    Bloc.RES: "résultats et courriers médicaux",
    Bloc.VAC: "vaccins",
    Bloc.PLS: "soins prévus",
    Bloc.ADMM: "médicaments donnés",
    Bloc.CST: "mesures de santé",
    Bloc.TRA: "transmissions de l’équipe",
    Bloc.AVQ: "vie quotidienne",
    Bloc.EVA: "évaluations",
    Bloc.PSY: "notes du psychologue",
    Bloc.REE: "rééducation",
    Bloc.NUT: "repas et régime",
    Bloc.PP: "projet personnalisé",
    Bloc.EDU: "suivi éducatif",
    Bloc.SOC: "suivi social",
    Bloc.ANI: "nouvelles et animations",
    Bloc.AGE: "agenda",
    Bloc.EI: "événements signalés",
    Bloc.MSS: "messages entre soignants",
    Bloc.DMPC: "dossier médical partagé",
    Bloc.DMPA: "envoi au dossier médical partagé",
    Bloc.EXP: "copie complète du dossier",
    Bloc.STA: "statistiques",
    Bloc.AUD: "liste des accès",
    Bloc.PAR: "réglages",
    Bloc.BDG: "ouverture en urgence",
}

GESTES = {
    Action.VOIR: "a lu",
    Action.RESUME: "a lu",
    Action.SAISIR: "a ouvert pour écrire",
    Action.VALIDER: "a validé",
    Action.PRESCRIRE: "a ouvert pour prescrire",
    Action.EXPORTER: "a copié",
    Action.ADMINISTRER: "a réglé les droits",
    "imprimer": "a imprimé",
    "telecharger": "a téléchargé",
    "refus": "a essayé d’ouvrir, sans y avoir droit",
}
# These say all: no part of the record follows them.
ACTES = {
    "bris_ouvert": "a ouvert le dossier en urgence",
    "bris_ferme": "a refermé l’ouverture en urgence",
    "bris_revu": "a vérifié une ouverture en urgence",
    "interdiction": "a fermé le dossier à un professionnel",
    "interdiction_levee": "a rouvert le dossier à un professionnel",
    "simulation": "a vérifié ce que voit un professionnel",
}

QUALITES = {
    "USAGER": "Votre espace",
    "REP_LEGAL": "Vous êtes son représentant légal",
    "ASSISTANT_JUR": "Vous êtes son curateur ou mandataire",
    "PERS_CONF": "Vous êtes sa personne de confiance",
    "PROCHE": "Vous êtes de ses proches",
}

# The same capacities, as a professional says them.
QUALITES_DITES = {
    "USAGER": "la personne elle-même",
    "REP_LEGAL": "représentant légal",
    "ASSISTANT_JUR": "curateur ou mandataire",
    "PERS_CONF": "personne de confiance",
    "PROCHE": "proche",
}

# Title of each page, said to the person then to somebody else.
TITRES = {
    "nouvelles": ("Nouvelles", "Nouvelles"),
    "contacts": ("Vos contacts", "Ses contacts"),
    "documents": ("Vos documents", "Ses documents"),
    "acces": ("Qui a ouvert votre dossier", "Qui a ouvert son dossier"),
    "droits": ("Vos droits", "Ses droits"),
}


def titre(nom: str, *, soi: bool) -> str:
    return TITRES[nom][0 if soi else 1]


def acte(entree) -> str:
    if entree.cible == "voir_comme_dossier":
        return ACTES["simulation"]
    return ACTES.get(entree.action, "")


def geste(entree) -> str:
    return acte(entree) or GESTES.get(entree.action, "a ouvert")


def bloc(code: str) -> str:
    return BLOCS[Bloc(code)] if code in Bloc.values else ""


def nom_familier(usager) -> str:
    """Marie DURAND: on the portal the first name comes first."""
    prenom = usager.prenom_utilise or usager.premier_prenom.title()
    return f"{prenom} {(usager.nom_utilise or usager.nom_naissance).upper()}"
