"""What this block offers to the others."""

from django.db.models import Q

from accompagnement import agenda, cellules, habitudes, lectures, suites, titres
from accompagnement.evaluations import registre as evaluations
from accompagnement.models import Transmission
from accompagnement.presences import registre as presences
from accompagnement.projets import registre as projets
from accompagnement.repas import registre as repas
from dui.socle import fusion, registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import (
    Attente,
    ColonneResidents,
    EntreeRail,
    OngletDossier,
    SectionAccueil,
    SectionFiche,
    SectionPortail,
    SectionSynthese,
    SourceAgenda,
)
from habilitations.lieux import dans_ses_unites, presents, presents_par_unite


def enregistrer():
    fusion.regler("accompagnement.Habitude", fusion.Regle(habitudes.reunir))
    registres.rail.ajouter(
        EntreeRail("releve", "Relève", "releve", "accompagnement:releve", Bloc.TRA, ordre=30)
    )
    registres.onglets_dossier.ajouter(
        OngletDossier(
            "transmissions", "Transmissions", "accompagnement:transmissions", Bloc.TRA, ordre=20
        )
    )
    suites.enregistrer()
    _accueil()
    _synthese()
    evaluations.enregistrer()
    presences.enregistrer()
    projets.enregistrer()
    repas.enregistrer()
    registres.colonnes_residents.ajouter(
        ColonneResidents(
            "presence",
            "Présence",
            cellules.presence,
            lectures.absences_par_dossier,
            Bloc.ID,
            Action.RESUME,
            ordre=10,
        )
    )
    registres.colonnes_residents.ajouter(
        ColonneResidents(
            "derniere",
            "Dernière transmission",
            cellules.derniere,
            lectures.dernieres_par_dossier,
            Bloc.TRA,
            ordre=40,
        )
    )
    registres.attentes.ajouter(
        Attente(
            "importantes",
            importantes_a_lire,
            Bloc.TRA,
            libelle="Transmissions importantes à lire",
            url_nom="accompagnement:releve",
        )
    )
    registres.sources_agenda.ajouter(
        SourceAgenda("absences", agenda.absences, Bloc.ID, Action.RESUME)
    )
    registres.sections_portail.ajouter(
        SectionPortail(
            "nouvelles",
            "Quoi de neuf",
            "transmission",
            "accompagnement/_nouvelles.html",
            nouvelles,
            Bloc.ANI,
            ordre=10,
        )
    )
    registres.sections_fiche.ajouter(
        SectionFiche(
            "qui_je_suis",
            "accompagnement/_fiche_qui_je_suis.html",
            qui_je_suis,
            Bloc.AVQ,
            Action.RESUME,
            ordre=40,
            colonne="droite",
        )
    )


def _accueil():
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "releve", "accompagnement/_accueil_releve.html", depuis_mon_poste, Bloc.TRA, ordre=20
        )
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "ecrire_pour",
            "accompagnement/_accueil_ecrire.html",
            ecrire_pour,
            Bloc.TRA,
            Action.SAISIR,
            ordre=10,
            colonne="droite",
        )
    )


def _synthese():
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "qui_je_suis",
            "accompagnement/_synthese_qui_je_suis.html",
            qui_je_suis,
            Bloc.AVQ,
            Action.RESUME,
            ordre=10,
            colonne="gauche",
        )
    )
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "transmissions",
            "accompagnement/_synthese_transmissions.html",
            dernieres,
            Bloc.TRA,
            ordre=60,
            colonne="large",
        )
    )
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "absence",
            "accompagnement/_synthese_absence.html",
            absence_en_cours,
            Bloc.ID,
            Action.RESUME,
            ordre=5,
            colonne="tete",
        )
    )


def depuis_mon_poste(habilitation, lieu):
    depuis = lectures.depuis_mon_poste(habilitation)
    contexte = lectures.releve_en_bref(habilitation, lieu, depuis)
    return contexte | {"lieu": lieu, "note": titres.depuis_mon_poste(contexte)}


def ecrire_pour(habilitation, lieu):
    """One gesture to write about somebody of the unit; a whole house goes through search."""
    if not lieu.unite:
        return None
    groupes = presents_par_unite(habilitation, lieu, Bloc.TRA)
    if not groupes:
        return None
    absents = lectures.absences_par_dossier(habilitation, presents(habilitation, lieu))
    sejours = [s for groupe in groupes for s in groupe["sejours"]]
    return {"personnes": [(s, s.dossier_id in absents) for s in sejours]}


def qui_je_suis(habilitation, dossier):
    return {
        "lignes": [x for x in lectures.qui_je_suis(habilitation, dossier) if x.texte],
        "modifiable": habilitation.peut_pour(dossier, Bloc.AVQ, Action.SAISIR),
        "dossier": dossier,
    }


def dernieres(habilitation, dossier):
    lignes = lectures.semaine_de_la_cible(habilitation, dossier, "")
    return {"lignes": lignes, "dossier": dossier}


def absence_en_cours(habilitation, dossier):
    absence = lectures.absence_en_cours(habilitation, dossier)
    return {"absence": absence, "dossier": dossier} if absence else None


def importantes_a_lire(habilitation):
    """Important ones of my units (or of no unit) since my last shift, not read yet: at most 100."""
    return (
        Transmission.objects.visibles(habilitation)
        .en_vigueur()
        .filter(dans_ses_unites(habilitation) | Q(unite=None))
        .filter(ecrit_le__gte=lectures.depuis_mon_poste(habilitation))
        .importantes()
        .non_lues(habilitation)
        .order_by("pk")[:100]
    )


def nouvelles(habilitation, dossier):
    """For the portal: what the team chose to share, in its own words."""
    lignes = Transmission.objects.filter(dossier=dossier).communiques()
    recentes = list(
        lignes.select_related("auteur__professionnel").order_by("-survenu_le", "-pk")[:30]
    )
    for t in recentes:
        t.metier = metier(t)
    return {"lignes": recentes}


def metier(transmission) -> str:
    """The author's job in plain words: relatives do not read « AES »."""
    professionnel = getattr(transmission.auteur, "professionnel", None)
    return (professionnel and professionnel.libelle_fonction.lower()) or transmission.fonction
