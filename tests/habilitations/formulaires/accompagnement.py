"""Les formulaires de l’accompagnement."""

from datetime import timedelta

from django.utils import timezone

from accompagnement.models import (
    Absence,
    Cible,
    CloturePresences,
    DecisionPhotos,
    Evaluation,
    Habitude,
    Lecture,
    PmpValide,
    Transmission,
)
from dui.socle.models import Tache
from tests.accompagnement.factories import AbsenceFactory, TransmissionFactory
from tests.cibles.factories import CibleFactory
from tests.evaluations.factories import ALGOPLUS, EvaluationFactory
from tests.habilitations.formulaires.cas import Cas, du_dossier, valeurs
from tests.taches.factories import TacheFactory


def _corriger(dossier, compte):
    t = TransmissionFactory(dossier=dossier, auteur=compte)
    return f"/dossiers/{dossier.pk}/transmissions/{t.pk}/corriger/"


def _partager(dossier, compte):
    TransmissionFactory(dossier=dossier)
    return f"/dossiers/{dossier.pk}/transmissions/"


def _vers_le_partage(dossier):
    return f"/dossiers/{dossier.pk}/transmissions/{Transmission.objects.get().pk}/partager/"


def _releve(dossier, compte):
    TransmissionFactory(dossier=dossier, importante=True)
    return f"/releve/?unite={dossier.sejours.get().unite_id}"


def _retour(dossier, compte):
    AbsenceFactory(dossier=dossier)
    return f"/dossiers/{dossier.pk}/absence/"


def _remplir(dossier, compte):
    e = EvaluationFactory(
        dossier=dossier, auteur=compte, brouillon=True, grille="algoplus", reponses=ALGOPLUS
    )
    return f"/dossiers/{dossier.pk}/evaluations/{e.pk}/remplir/"


def _vers_l_abandon(dossier):
    return f"/dossiers/{dossier.pk}/evaluations/{Evaluation.objects.get().pk}/abandonner/"


def _cible(geste, **champs):
    def adresse(dossier, compte):
        cible = CibleFactory(dossier=dossier, **champs)
        return f"/dossiers/{dossier.pk}/transmissions/cibles/{cible.pk}/{geste}/"

    return adresse


def _corriger_la_macrocible(dossier, compte):
    t = TransmissionFactory(dossier=dossier, auteur=compte, macro=True)
    return f"/dossiers/{dossier.pk}/transmissions/{t.pk}/macrocible/"


def _suite(dossier, compte):
    t = TransmissionFactory(dossier=dossier)
    TacheFactory(
        dossier=dossier, creee_par=compte, compte=compte, source_type="transmission", source_id=t.pk
    )
    return f"/dossiers/{dossier.pk}/transmissions/"


def _vers_la_suite(dossier):
    return f"/dossiers/{dossier.pk}/transmissions/suites/{Tache.objects.get().pk}/"


def _absence_passee(dossier, compte):
    absence = AbsenceFactory(dossier=dossier, fin=timezone.now())
    return f"/dossiers/{dossier.pk}/absences/{absence.pk}/corriger/"


def _prevue(dossier, compte):
    hier, demain = (timezone.now() + timedelta(days=n) for n in (-1, 1))
    AbsenceFactory(
        dossier=dossier, etat="prevue", debut=hier, debut_prevu=hier, retour_prevu=demain
    )
    return f"/presences/?unite={dossier.sejours.get().unite_id}"


def _vers_le_constat(dossier):
    return f"/dossiers/{dossier.pk}/absences/{Absence.objects.get().pk}/constater/"


def _registre(dossier, compte):
    return f"/presences/registre/?unite={dossier.sejours.get().unite_id}"


FORMULAIRES = (
    Cas(
        "écrire une transmission",
        "accompagnement/transmission.html",
        du_dossier("transmissions/nouvelle/"),
        Transmission.objects.count,
        {"donnees": "A mangé seule ce midi.", "cible": "alimentation"},
    ),
    Cas(
        "corriger une transmission",
        "accompagnement/corriger.html",
        _corriger,
        Transmission.objects.count,
        {"donnees": "A mangé les deux tiers.", "motif": "erreur de quantité"},
    ),
    Cas(
        "partager une transmission",
        "accompagnement/_ligne_fil.html",
        _partager,
        valeurs(Transmission, "communicable_le"),
        action=_vers_le_partage,
    ),
    Cas(
        "accuser lecture d’une transmission",
        "accompagnement/_ligne_releve.html",
        _releve,
        Lecture.objects.count,
        action=lambda dossier: "/releve/lu/",
    ),
    Cas(
        "noter l’accord pour les photos",
        "accompagnement/photos/decider.html",
        du_dossier("photos/accord/"),
        DecisionPhotos.objects.count,
        {"sens": "accord"},
        role="SECRETAIRE",
    ),
    Cas(
        "noter un départ",
        "accompagnement/absence.html",
        du_dossier("absence/"),
        Absence.objects.count,
        {"motif": "AH", "lieu": "Centre hospitalier"},
        role="SECRETAIRE",
    ),
    Cas(
        "noter un retour",
        "accompagnement/absence.html",
        _retour,
        valeurs(Absence, "fin"),
        role="SECRETAIRE",
    ),
    Cas(
        "écrire « Qui je suis »",
        "accompagnement/qui_je_suis.html",
        du_dossier("qui-je-suis/"),
        Habitude.objects.count,
        {"histoire": "Institutrice à Saumur."},
    ),
    Cas(
        "commencer une évaluation",
        "accompagnement/evaluations/remplir.html",
        du_dossier("evaluations/nouvelle/algoplus/"),
        Evaluation.objects.count,
        {"r_visage": "oui", "avec": "Sa fille était là."},
    ),
    Cas(
        "compléter une évaluation",
        "accompagnement/evaluations/remplir.html",
        _remplir,
        valeurs(Evaluation, "avec"),
        {"avec": "Sa fille était là."},
    ),
    Cas(
        "abandonner une évaluation",
        "accompagnement/evaluations/remplir.html",
        _remplir,
        Evaluation.objects.count,
        action=_vers_l_abandon,
    ),
    Cas(
        "noter un PMP validé",
        "accompagnement/evaluations/pmp.html",
        lambda dossier, compte: "/indicateurs/gmp/pmp/",
        PmpValide.objects.count,
        {
            "valeur": "198,5",
            "coupe_le": "02/03/2026",
            "valide_le": "01/06/2026",
            "medecin": "Dr Essai",
        },
        role="MEDCO",
    ),
    Cas(
        "clore une cible",
        "accompagnement/cibles/geste.html",
        _cible("clore"),
        valeurs(Cible, "etat"),
        {"resultat": "Ne se plaint plus."},
    ),
    Cas(
        "rouvrir une cible",
        "accompagnement/cibles/geste.html",
        _cible("rouvrir", close=True),
        valeurs(Cible, "etat"),
        {"donnees": "A de nouveau mal."},
    ),
    Cas(
        "relancer une cible",
        "accompagnement/cibles/geste.html",
        _cible("relancer"),
        valeurs(Cible, "relance_le"),
        {"relance_le": "01/12/2099"},
    ),
    Cas(
        "écrire une macrocible",
        "accompagnement/cibles/macrocible.html",
        du_dossier("transmissions/macrocibles/appel/"),
        Transmission.objects.count,
        {"r_situation": "Essoufflée depuis midi."},
        role="IDE",
    ),
    Cas(
        "corriger une macrocible",
        "accompagnement/cibles/macrocible.html",
        _corriger_la_macrocible,
        Transmission.objects.count,
        {"r_situation": "Essoufflée depuis midi.", "motif": "heure"},
        role="IDE",
    ),
    Cas(
        "dire qu’une suite est faite",
        "accompagnement/_suite.html",
        _suite,
        valeurs(Tache, "etat"),
        action=_vers_la_suite,
    ),
    Cas(
        "noter une absence pour plusieurs",
        "accompagnement/presences/plusieurs.html",
        lambda dossier, compte: f"/presences/plusieurs/?unite={dossier.sejours.get().unite_id}",
        Absence.objects.count,
        {"motif": "AW", "personnes": lambda dossier: str(dossier.pk)},
    ),
    Cas(
        "corriger une absence",
        "accompagnement/presences/corriger.html",
        _absence_passee,
        valeurs(Absence, "lieu"),
        {"lieu": "CHU d’Angers", "pourquoi": "erreur de lieu"},
    ),
    Cas(
        "confirmer un départ prévu",
        "accompagnement/presences/_a_traiter.html",
        _prevue,
        valeurs(Absence, "etat"),
        action=_vers_le_constat,
    ),
    Cas(
        "clore le registre d’un jour",
        "accompagnement/presences/registre.html",
        _registre,
        CloturePresences.objects.count,
        action=lambda dossier: "/presences/registre/clore/",
    ),
)
