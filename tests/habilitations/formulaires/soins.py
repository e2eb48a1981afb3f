"""Les formulaires des soins."""

from soins.models import Mesure, Vigilance
from tests.habilitations.formulaires.cas import Cas, du_dossier, valeurs
from tests.soins.factories import MesureFactory, VigilanceFactory


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


FORMULAIRES = (
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
        {"type": "chute", "libelle": "Chute : risque élevé", "gravite": "2"},
        role="MEDCO",
    ),
    Cas(
        "modifier une vigilance",
        "soins/vigilance_formulaire.html",
        _vigilance("modifier"),
        valeurs(Vigilance, "libelle"),
        {"libelle": "Chute : risque modéré"},
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
