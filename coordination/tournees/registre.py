"""What the rounds offer to the others; called by coordination/registre.py."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from coordination.models import Intervenant, RendezVous
from coordination.tournees import lectures
from dui.socle import registres
from dui.socle.enums import Action, Bloc, Domaine
from dui.socle.registres import EntreeRail, SectionAccueil, SectionSynthese


def enregistrer():
    registres.rail.ajouter(
        EntreeRail(
            "tournee",
            "Ma tournée",
            "lieu",
            "coordination:tournee",
            Bloc.AVQ,
            Action.SAISIR,
            ordre=25,
            prefixe="/tournee",
            domaines=frozenset({Domaine.DOM}),
        )
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "tournee",
            "coordination/tournees/_accueil.html",
            ma_tournee,
            Bloc.AVQ,
            Action.SAISIR,
            ordre=5,
        )
    )
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "domicile",
            "coordination/tournees/_synthese.html",
            domicile,
            Bloc.AGE,
            ordre=8,
            colonne="cote",
        )
    )


def ma_tournee(habilitation, lieu):
    """Only in a service that goes to people's homes."""
    if not lieu.etablissement or lieu.etablissement.domaine != Domaine.DOM:
        return None
    minuit = datetime.combine(timezone.localdate(), time(0), timezone.get_current_timezone())
    siennes = Intervenant.objects.filter(compte=habilitation.compte).values("rendez_vous")
    visites = RendezVous.objects.visibles(habilitation, Action.SAISIR, Bloc.AVQ)
    visites = visites.filter(nature=lectures.VISITE, pk__in=siennes)
    visites = visites.filter(debut__gte=minuit, debut__lt=minuit + timedelta(days=1))
    lignes = list(visites.dans_l_ordre().values_list("debut", "statut"))
    ouvertes = [debut for debut, statut in lignes if statut in RendezVous.OUVERTS]
    return {
        "nombre": len(lignes),
        "restent": len(ouvertes),
        "prochaine": ouvertes[0] if ouvertes else None,
        "partage": habilitation.peut(Bloc.AGE, Action.SAISIR),
    }


def domicile(habilitation, dossier):
    """Of who is accompanied at home: the address, or the invitation to write it."""
    sejours = habilitation.sejours_ouverts(dossier)
    a_domicile = any(s.modalite == s.Modalite.DOMICILE for s in sejours)
    if not a_domicile:
        return None
    return {
        "domicile": lectures.domicile(habilitation, dossier),
        "dossier": dossier,
        "modifiable": habilitation.peut_pour(dossier, Bloc.AGE, Action.SAISIR),
    }
