"""What the presences offer to the others; called by accompagnement/registre.py."""

from collections import defaultdict

from accompagnement import lectures, services
from accompagnement.models import Absence, Transmission
from accompagnement.presences import lectures as lectures_presences
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import EntreeRail, Redacteur, SectionAccueil, SourceAbsences


def enregistrer():
    registres.sources_absences.ajouter(SourceAbsences("absences", absences))
    registres.redacteurs.ajouter(Redacteur("transmission", transmettre, Bloc.TRA))
    registres.rail.ajouter(
        EntreeRail(
            "presences", "Présences", "tableau", "accompagnement:presences", Bloc.AGE, ordre=40
        )
    )
    registres.rail.ajouter(
        EntreeRail(
            "evacuation", "Évacuation", "sortie", "accompagnement:evacuation_imprimable",
            Bloc.ID, Action.RESUME, ordre=95,
        )
    )  # fmt: skip
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "presences_a_traiter",
            "accompagnement/presences/_accueil_a_traiter.html",
            a_traiter,
            Bloc.AGE,
            ordre=15,
        )
    )


def a_traiter(habilitation, lieu):
    lignes = lectures_presences.a_traiter(habilitation, lieu)
    return {"lignes": lignes} if lignes else None


def absences(habilitation, dossier_ids, debut, fin) -> dict:
    """{dossier: [its real absences that meet this interval, named]}."""
    lignes = Absence.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME).reelles()
    trouvees = defaultdict(list)
    for absence in lignes.entre(debut, fin).des_dossiers(dossier_ids).order_by("debut", "pk"):
        trouvees[absence.dossier_id].append(lectures.nommer_absence(absence))
    return dict(trouvees)


def transmettre(habilitation, dossier, *, cible, donnees, survenu_le, cle_saisie):
    return services.ecrire_transmission(
        habilitation,
        dossier,
        survenu_le=survenu_le,
        cle_saisie=cle_saisie,
        forme=Transmission.Forme.CIBLEE,
        cible=cible,
        donnees=donnees,
        importance=Transmission.Importance.COURANTE,
    )
