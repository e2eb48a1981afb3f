"""What the agenda offers to the others; called by coordination/registre.py."""

from datetime import datetime, time, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from coordination.agenda import lectures, preuves, reunion
from coordination.models import Intervenant, Participation
from dui.socle import fusion, registres
from dui.socle.enums import Bloc
from dui.socle.models import Usager
from dui.socle.registres import (
    EntreeRail,
    OngletDossier,
    SectionAccueil,
    SectionPortail,
    SectionSynthese,
)

A_VENIR = 4  # of a person, on the summary
DU_JOUR = 10  # on the home page
AU_PORTAIL = 12


def enregistrer():
    fusion.regler("coordination.Participation", fusion.Regle(reunion.participations))
    fusion.regler("coordination.Domicile", fusion.Regle(reunion.domiciles))
    registres.sources_preuves.ajouter(preuves.SOURCE)
    for entree in (
        EntreeRail("agenda", "Agenda", "agenda", "coordination:agenda", Bloc.AGE, ordre=40),
        EntreeRail(
            "activites", "Activités", "etoile", "coordination:activites", Bloc.ANI, ordre=52
        ),
    ):
        registres.rail.ajouter(entree)
    registres.onglets_dossier.ajouter(
        OngletDossier("agenda", "Agenda", "coordination:agenda_personne", Bloc.AGE, ordre=45)
    )
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "agenda",
            "coordination/agenda/_synthese.html",
            prochains,
            Bloc.AGE,
            ordre=70,
            colonne="cote",
        )
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "journee",
            "coordination/agenda/_accueil.html",
            la_journee,
            Bloc.AGE,
            ordre=5,
            colonne="droite",
        )
    )
    registres.sections_portail.ajouter(
        SectionPortail(
            "agenda",
            "Mes rendez-vous",
            "agenda",
            "coordination/agenda/_portail.html",
            au_portail,
            Bloc.AGE,
            ordre=20,
        )
    )


def prochains(habilitation, dossier):
    requete = lectures.de_la_personne(habilitation, dossier).tenus()
    requete = requete.filter(fin__gte=timezone.now()).exclude(nature=lectures.VISITE)
    lignes = list(requete.dans_l_ordre()[:A_VENIR])
    return {"lignes": [lectures.nommer_le_type(r) for r in lignes], "dossier": dossier}


def la_journee(habilitation, lieu):
    """What is planned today: mine, and what gathers my unit. One query: the home page has many."""
    # Who steers a house reads its occupation there: the two together cost more than a page may.
    if not lieu.etablissement or habilitation.peut(Bloc.STA):
        return None
    minuit = datetime.combine(timezone.localdate(), time(0), timezone.get_current_timezone())
    moi = Intervenant.objects.filter(rendez_vous=OuterRef("pk"), compte=habilitation.compte)
    ici = lectures.du_lieu(habilitation, lieu) if lieu.unite else None
    requete = lectures.RendezVous.objects.visibles(habilitation)
    condition = Q(Exists(moi)) if ici is None else Q(Exists(moi)) | Q(pk__in=ici.values("pk"))
    requete = requete.filter(condition).entre(minuit, minuit + timedelta(days=1)).tenus()
    requete = requete.exclude(nature=lectures.VISITE).annotate(traits=_traits(habilitation))
    lignes = list(requete.dans_l_ordre()[: DU_JOUR + 1])
    if not lignes:
        return None
    for r in lignes:
        lectures.nommer_le_type(r)
        r.qui = lectures.en_noms([Usager(**t).nom_affiche for t in r.traits])
        r.passe = r.fin <= timezone.now()
    return {"lignes": lignes[:DU_JOUR], "suite": len(lignes) > DU_JOUR, "lieu": lieu}


def _traits(habilitation):
    """What names the persons of a meeting that this account may know."""
    siennes = Participation.objects.visibles(habilitation).tenues()
    siennes = siennes.filter(rendez_vous=OuterRef("pk")).order_by("pk")
    noms = ("nom_naissance", "premier_prenom", "prenom_utilise")
    return ArraySubquery(siennes.values(t=JSONObject(**{n: f"dossier__usager__{n}" for n in noms})))


def au_portail(habilitation, dossier):
    """What is planned for the person: when, what, where; neither notes nor others’ names."""
    siennes = Participation.objects.visibles(habilitation).filter(dossier=dossier).tenues()
    requete = lectures.RendezVous.objects.filter(pk__in=siennes.values("rendez_vous")).tenus()
    lignes = list(requete.filter(fin__gte=timezone.now()).dans_l_ordre()[:AU_PORTAIL])
    return {"lignes": [lectures.nommer_le_type(r) for r in lignes]}
