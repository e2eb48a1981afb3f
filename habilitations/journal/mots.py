"""What happened, in the words of the house: « a lu les transmissions »."""

from dui.socle.enums import Action, Bloc
from habilitations.journal import faits

PARTIES = {
    Bloc.ID: "l’identité",
    Bloc.IDV: "la vérification de l’identité",
    Bloc.ENT: "l’entourage et les contacts",
    Bloc.ADM: "le séjour",
    Bloc.JUR: "la protection juridique et les volontés",
    Bloc.FAC: "la facturation et les aides",
    Bloc.DOCA: "les documents administratifs",
    Bloc.ANT: "les antécédents et les allergies",
    Bloc.OBS: "les observations médicales",
    Bloc.PRE: "les prescriptions",
    Bloc.RES: "les résultats et les courriers",
    Bloc.VAC: "les vaccinations",
    Bloc.PLS: "le plan de soins",
    Bloc.ADMM: "l’administration des médicaments",
    Bloc.CST: "les constantes et les surveillances",
    Bloc.TRA: "les transmissions",
    Bloc.AVQ: "la vie quotidienne",
    Bloc.EVA: "les évaluations",
    Bloc.PSY: "les notes du psychologue",
    Bloc.REE: "la rééducation",
    Bloc.NUT: "l’alimentation et les régimes",
    Bloc.PP: "le projet personnalisé",
    Bloc.EDU: "le suivi éducatif",
    Bloc.SOC: "le suivi social",
    Bloc.ANI: "la vie sociale et l’animation",
    Bloc.AGE: "l’agenda",
    Bloc.EI: "les événements indésirables",
    Bloc.MSS: "la messagerie sécurisée",
    Bloc.DMPC: "le dossier médical partagé",
    Bloc.DMPA: "l’envoi au dossier médical partagé",
    Bloc.EXP: "la copie complète du dossier",
    Bloc.STA: "les statistiques",
    Bloc.AUD: "le journal des accès",
    Bloc.PAR: "les comptes et les droits",
    Bloc.BDG: "le bris de glace",
}

SIMULE = "simulé ce que verrait un collègue ou un rôle"
# After « a » or « avez »; {} is the part of the record.
GESTES = {
    Action.VOIR: "lu {}",
    Action.RESUME: "vu l’essentiel sur {}",
    Action.SAISIR: "ouvert, pour écrire, {}",
    Action.VALIDER: "validé dans {}",
    Action.PRESCRIRE: "ouvert, pour prescrire, {}",
    Action.EXPORTER: "exporté {}",
    Action.ADMINISTRER: "ouvert, pour administrer, {}",
    "lister": "ouvert une liste : {}",
    "imprimer": "imprimé {}",
    "telecharger": "téléchargé un document : {}",
    "deposer": "déposé une liste à importer",
    "importer": "importé des dossiers",
    "simulation": SIMULE,
    "bris_ouvert": "ouvert le dossier par bris de glace",
    "bris_ferme": "refermé le bris de glace",
    "bris_revu": "revu un bris de glace",
    "interdiction": "fermé le dossier à un professionnel",
    "interdiction_levee": "rouvert le dossier à un professionnel",
    "mot_de_passe_change": "changé le mot de passe",
    "codes_de_secours": "demandé des codes de secours",
    "cle_ajoutee": "ajouté une clé d’accès",
    "cle_retiree": "retiré une clé d’accès",
    "code_choisi": "choisi un code personnel",
    "code_propose": "reçu la proposition de choisir un code personnel",
    "code_refuse": "donné un code personnel refusé",
    "code_bloque": "bloqué le code personnel, après trop d’essais",
    "session_fermee": "fermé une session ouverte ailleurs",
    "poste_enrole": "enrôlé un poste partagé",
    "poste_regle": "réglé un poste partagé",
    "poste_revoque": "révoqué un poste partagé",
    "delai_fixe": "changé un délai de verrouillage",
    "activation": "utilisé un code d’activation",
    "debit_depasse": "dépassé le nombre de demandes permis",
    "fichier_refuse": "déposé un fichier, qui a été refusé",
    "fichier_non_analyse": "déposé un fichier que l’antivirus n’a pas analysé",
    "grille_reglee": "importé, publié ou retiré une grille d’évaluation",
    "psc_injoignable": "essayé Pro Santé Connect, qui ne répondait pas",
    "connexion": "ouvert une session",
    "connexion_refusee": "essayé de se connecter, sans succès",
    "essais_nombreux": "essayé de très nombreuses fois de se connecter, sans succès",
    "deconnexion": "fermé la session",
    "verrouillage": "verrouillé le poste",
    "deverrouillage": "déverrouillé le poste",
    "verification": "vérifié le journal : intact",
    "rupture": "vérifié le journal : il a été altéré",
}
# A refused page was only asked for; a refused form tried to write. After « essayé ».
DEMANDES = {
    Action.VOIR: "de lire {}",
    Action.RESUME: "de lire {}",
    Action.SAISIR: "d’ouvrir, pour écrire, {}",
    Action.VALIDER: "d’ouvrir, pour valider, {}",
    Action.PRESCRIRE: "d’ouvrir, pour prescrire, {}",
    Action.EXPORTER: "d’exporter {}",
    Action.ADMINISTRER: "d’ouvrir, pour administrer, {}",
}
ENVOIS = DEMANDES | {
    Action.SAISIR: "d’écrire dans {}",
    Action.VALIDER: "de valider dans {}",
    Action.PRESCRIRE: "de prescrire dans {}",
    Action.ADMINISTRER: "de changer {}",
}
# Pages that have a name of their own, whatever their block.
PAGES = {
    "dossier": "ouvert la synthèse du dossier",
    "accueil": "ouvert sa page d’accueil",
    "bris_de_glace:chercher": "cherché un dossier à ouvrir en urgence",
    "bris_de_glace:ouvrir": "lu la page qui ouvre le dossier en urgence",
    "bris_de_glace:revue": "lu les bris de glace à revoir",
    "bris_de_glace:conclure": "lu un bris de glace à revoir",
    "identite.proche": "vu l’identité, parmi celles qui ressemblent à une autre",
    "quarantaine.comparee": "comparé l’identité avec une autre, reçue d’ailleurs",
    "sejour.ouvert": "accueilli la personne, par un nouveau séjour",
    "administratif:identite_insi": "lu la réponse d’INSi",
    "administratif:identite_insi_interroger": "interrogé INSi",
    "administratif:identite_insi_verifier": "fait vérifier l’INS par INSi",
    "administratif:identite_insi_decider": "décidé de la réponse d’INSi",
    "administratif:identite_insi_carte": "lu une carte Vitale pour interroger INSi",
    "administratif:identite_insi_appels": "lu les appels à INSi",
    "administratif:identite_insi_brute": "demandé une réponse d’INSi telle que reçue",
    "insi.reponse": "téléchargé une réponse d’INSi telle que reçue",
    "administratif:verifications_ins": "ouvert les vérifications d’INS",
    "identites:carte": "lu une carte Vitale pour chercher une personne",
    "doublons:liste": "vu l’identité, parmi les doublons à examiner",
    "doublons:paire": "comparé l’identité à une autre qui lui ressemble",
    "identite.ecartee": "jugé que deux identités qui se ressemblent sont deux personnes",
    "identite.proposee": "proposé de réunir ce dossier à un autre",
    "identite.refusee": "refermé une proposition de fusion de ce dossier",
    "identite.fusionnee": "réuni ce dossier à un autre de la même personne",
    "identite.defusion_proposee": "proposé de défaire la fusion de ce dossier",
    "identite.defusionnee": "défait la fusion de ce dossier",
    "voir_comme": SIMULE,
    "voir_comme_dossier": SIMULE,
}
CHEMINS = {
    "affectation": "par son affectation",
    "equipe": "comme membre de l’équipe",
    "nominatif": "par un accès nominatif",
    "bris_de_glace": "par bris de glace",
    "revue": "pour revoir un bris de glace",
    "identitovigilance": "pour la cellule d’identitovigilance",
    "aucun": "sans aucun droit",
}


def partie(bloc: str) -> str:
    return PARTIES[Bloc(bloc)] if bloc in Bloc.values else "le dossier"


def geste(entree) -> str:
    """The end of the sentence « Claire Martin, infirmière, a … »."""
    quoi = partie(entree.bloc)
    premier = entree.cible.partition(" ")[0]
    if entree.action == "refus":
        essais = ENVOIS if entree.contexte.get("methode") == "POST" else DEMANDES
        return f"essayé {essais.get(premier, 'd’ouvrir {}').format(quoi)}, sans en avoir le droit"
    if acte := faits.dire(entree):
        return acte
    if premier == "introuvable":
        return f"demandé dans {quoi} une page qui n’existe pas"
    if entree.action == "imprimer" and entree.cible:
        quoi = f"« {entree.cible} »"
    elif page := PAGES.get(entree.cible):
        return page
    return GESTES.get(entree.action, "agi sur {}").format(quoi)


def phrase(entree, *, soi: bool = False) -> str:
    if not soi:
        return f"a {geste(entree)}"
    texte = f"avez {geste(entree)}"
    return texte.replace("se connecter", "vous connecter").replace(" sa page", " votre page")


def en_minuscules(libelle: str) -> str:
    """« Médecin DIM » inside a sentence: « médecin DIM »."""
    mots = (m if len(m) > 1 and m.isupper() else m.lower() for m in libelle.split(" "))
    return " ".join(mots)


def chemin(titre: str) -> str:
    return CHEMINS.get(titre, "")
