"""Les formulaires des soins."""

from soins.models import ActePlanifie, ActeRealise, Mesure, Vigilance
from soins.tours import lectures as tours
from tests.habilitations.formulaires.cas import Cas, du_dossier, valeurs
from tests.soins.factories import MesureFactory, VigilanceFactory
from tests.tours.factories import ActePlanifieFactory, ActeRealiseFactory


def _mesure(dossier, compte):
    mesure = MesureFactory(dossier=dossier, auteur=compte)
    return f"/dossiers/{dossier.pk}/constantes/{mesure.pk}/corriger/"


def _vers_l_annulation(dossier):
    return f"/dossiers/{dossier.pk}/constantes/{Mesure.objects.get().pk}/annuler/"


def _vigilance(geste):
    def page(dossier, compte):
        v = VigilanceFactory(dossier=dossier)
        return f"/dossiers/{dossier.pk}/vigilances/{v.pk}/{geste}/"

    return page


def _tour(dossier, compte):
    ActePlanifieFactory(dossier=dossier)
    jour, moment = tours.en_ce_moment()
    return f"/tours/{dossier.sejours.get().unite_id}/{jour.isoformat()}/{moment.code}/"


def _plan(dossier, compte):
    return f"/dossiers/{dossier.pk}/actes/plan/{ActePlanifieFactory(dossier=dossier).pk}/"


def _acte(dossier, compte):
    realise = ActeRealiseFactory(acte__dossier=dossier, auteur=compte)
    return f"/dossiers/{dossier.pk}/actes/{realise.pk}/corriger/"


FORMULAIRES = (
    Cas("valider un tour", "soins/tours/tour.html", _tour, ActeRealise.objects.count, role="AS"),
    Cas(
        "planifier un acte",
        "soins/tours/plan.html",
        du_dossier("actes/planifier/"),
        ActePlanifie.objects.count,
        {"code": "douche", "moments": "matin"},
    ),
    Cas(
        "modifier un acte du plan",
        "soins/tours/plan.html",
        _plan,
        valeurs(ActePlanifie, "consigne"),
        {"consigne": "Fait seule le visage."},
    ),
    Cas(
        "corriger un acte réalisé",
        "soins/tours/corriger.html",
        _acte,
        ActeRealise.objects.count,
        {"ecart": "refus", "motif": "erreur de ligne"},
        role="AS",
    ),
    Cas(
        "noter des constantes",
        "soins/constante_saisir.html",
        du_dossier("constantes/saisir/"),
        Mesure.objects.count,
        {"temperature": "37,2"},
    ),
    Cas(
        "corriger une constante",
        "soins/constante_corriger.html",
        _mesure,
        Mesure.objects.count,
        {"valeur": "36,9", "motif": "erreur de lecture"},
    ),
    Cas(
        "annuler une constante",
        "soins/constante_corriger.html",
        _mesure,
        valeurs(Mesure, "courante"),
        {"motif": "mauvaise personne"},
        action=_vers_l_annulation,
    ),
    Cas(
        "ajouter une vigilance",
        "soins/vigilance_formulaire.html",
        du_dossier("vigilances/ajouter/"),
        Vigilance.objects.count,
        {"type": "chute", "libelle": "Chute : risque élevé", "gravite": "2"},
        role="MEDCO",
    ),
    Cas(
        "modifier une vigilance",
        "soins/vigilance_formulaire.html",
        _vigilance("modifier"),
        valeurs(Vigilance, "libelle"),
        {"libelle": "Chute : risque modéré"},
        role="MEDCO",
    ),
    Cas(
        "lever une vigilance",
        "soins/vigilance_lever.html",
        _vigilance("lever"),
        valeurs(Vigilance, "fin"),
        {"motif": "réévaluée"},
        role="MEDCO",
    ),
)
