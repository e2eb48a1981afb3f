"""Les formulaires des oppositions et du portail, et ceux de chaque page."""

from dui.socle.models import Brouillon, Compte
from habilitations.models import AccesNominatif, Interdiction, MembreEquipe
from tests.habilitations.factories import AffectationFactory, MembreEquipeFactory, acces_portail
from tests.habilitations.formulaires.cas import Cas, du_dossier, valeurs
from tests.socle.factories import CompteFactory


def _brouillon(dossier, compte):
    Brouillon.objects.create(
        compte=compte,
        formulaire="transmission",
        dossier=dossier,
        saisies={"donnees": ["x"]},
        extrait="x",
    )
    return "/brouillons/"


def _portail_ouvert(dossier, compte):
    acces = acces_portail(CompteFactory(), dossier, qualite="USAGER")[0]
    return f"/dossiers/{dossier.pk}/portail/{acces.pk}/fermer/"


def _opposition(dossier, compte):
    interdiction = Interdiction.objects.create(
        compte=_collegue(dossier), dossier=dossier, origine="personne", decidee_par=compte
    )
    return f"/dossiers/{dossier.pk}/oppositions/{interdiction.pk}/lever/"


def _collegue(dossier) -> Compte:
    nom, etablissement = f"collegue-{dossier.pk}", dossier.sejours.get().etablissement
    if deja := Compte.objects.filter(username=nom).first():
        return deja
    return AffectationFactory(role="IDE", etablissement=etablissement, compte__username=nom).compte


def _membre(geste):
    def adresse(dossier, compte):
        membre = MembreEquipeFactory(dossier=dossier)
        return f"/dossiers/{dossier.pk}/equipe/{membre.pk}/{geste}/"

    return adresse


FORMULAIRES = (
    Cas(
        "changer l’apparence",
        "_preferences.html",
        lambda dossier, compte: "/residents/",
        valeurs(Compte, "theme"),
        {"theme": "sombre"},
        action=lambda dossier: "/preferences/",
    ),
    Cas(
        "jeter un brouillon",
        "coque/brouillons.html",
        _brouillon,
        Brouillon.objects.count,
        action=lambda dossier: f"/brouillons/{Brouillon.objects.get().pk}/jeter/",
    ),
    Cas(
        "fermer un dossier à un professionnel",
        "habilitations/oppositions/opposer.html",
        du_dossier("oppositions/nouvelle/"),
        Interdiction.objects.count,
        {"compte": lambda d: str(_collegue(d).pk), "motif": "Un cousin de la voisine."},
        role="SECRETAIRE",
    ),
    Cas(
        "lever une opposition",
        "habilitations/oppositions/lever.html",
        _opposition,
        valeurs(Interdiction, "levee_le"),
        {"motif": "A changé d’avis."},
        role="SECRETAIRE",
    ),
    Cas(
        "fermer le portail",
        "ouvertures/fermer.html",
        _portail_ouvert,
        AccesNominatif.objects.en_cours().count,
        {"motif": "La personne ne le veut plus."},
        role="SECRETAIRE",
    ),
    Cas(
        "ajouter à l’équipe",
        "habilitations/prise_en_charge/geste.html",
        du_dossier("equipe/ajouter/"),
        MembreEquipe.objects.count,
        {"compte": lambda d: str(_collegue(d).pk), "place": "membre"},
        role="IDEC",
    ),
    Cas(
        "terminer dans l’équipe",
        "habilitations/prise_en_charge/geste.html",
        _membre("terminer"),
        valeurs(MembreEquipe, "fin"),
        {"motif": "Départ de l’établissement."},
        role="IDEC",
    ),
    Cas(
        "remplacer dans l’équipe",
        "habilitations/prise_en_charge/geste.html",
        _membre("remplacer"),
        MembreEquipe.objects.count,
        {"compte": lambda d: str(_collegue(d).pk), "motif": "Congé de trois mois."},
        role="IDEC",
    ),
)
