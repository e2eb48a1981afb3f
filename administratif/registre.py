"""What this block offers to the others."""

from administratif import lectures
from administratif.correspondants.lectures import pour_l_urgence
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import EntreeRail, OngletDossier, SectionFiche, SectionSynthese


def enregistrer():
    registres.onglets_dossier.ajouter(
        OngletDossier("entourage", "Entourage", "administratif:entourage", Bloc.ENT, ordre=58)
    )
    registres.onglets_dossier.ajouter(
        OngletDossier("identite", "Administratif", "administratif:identite", Bloc.ID, ordre=90)
    )
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "contacts",
            "administratif/_synthese_contacts.html",
            qui_appeler,
            Bloc.ENT,
            Action.RESUME,
            ordre=10,
            colonne="cote",
        )
    )
    registres.sections_fiche.ajouter(
        SectionFiche(
            "contacts",
            "administratif/_fiche_contacts.html",
            qui_appeler,
            Bloc.ENT,
            Action.RESUME,
            ordre=20,
        )
    )
    registres.sections_fiche.ajouter(
        SectionFiche(
            "correspondants",
            "administratif/correspondants/_fiche.html",
            pour_l_urgence,
            Bloc.ENT,
            Action.RESUME,
            ordre=25,
        )
    )
    registres.rail.ajouter(
        EntreeRail("annuaire", "Annuaire", "livre", "administratif:annuaire", Bloc.ENT, ordre=60)
    )


def qui_appeler(habilitation, dossier):
    return {"contacts": lectures.contacts(habilitation, dossier), "dossier": dossier}
