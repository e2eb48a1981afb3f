"""What the presences offer to the others; called by accompagnement/registre.py."""

from datetime import timedelta

from django.utils import timezone

from accompagnement import lectures, services
from accompagnement.models import Absence, Transmission
from accompagnement.presences import lectures as lectures_presences
from dui.socle import registres
from dui.socle.enums import Action, Bloc, Domaine
from dui.socle.registres import EntreeRail, Redacteur, SectionAccueil, SourceAbsences

MAINTENANT = timedelta(minutes=1)
A_EVACUER = frozenset(Domaine) - {Domaine.DOM}  # who lives at home is not in a building of ours


def enregistrer():
    registres.sources_absences.ajouter(SourceAbsences("absences", absences))
    registres.redacteurs.ajouter(Redacteur("transmission", transmettre, Bloc.TRA))
    registres.rail.ajouter(
        EntreeRail(
            "presences", "Présences", "tableau", "accompagnement:presences", Bloc.AGE, ordre=42
        )
    )
    registres.rail.ajouter(
        EntreeRail(
            "evacuation", "Évacuation", "sortie", "accompagnement:evacuation_imprimable",
            Bloc.ID, Action.RESUME, ordre=95, domaines=A_EVACUER, pied=True,
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


def absences(habilitation, sejours, instant) -> dict:
    """{dossier: its real absence in progress at this instant, named}; now is read once a page."""
    if timezone.now() - instant < MAINTENANT:
        return lectures.absences_par_dossier(habilitation, sejours)
    lignes = Absence.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME).reelles()
    alors = lignes.entre(instant, instant + MAINTENANT).filter(debut__lte=instant)
    alors = alors.des_dossiers(s.dossier_id for s in sejours).select_related("sejour")
    ici = lectures.de_leur_maison(alors.order_by("debut", "pk"), sejours)
    return {a.dossier_id: lectures.nommer_absence(a) for a in ici}


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
