"""Every form of the product that saves something: how to fill it, how one sees that it is saved.

A new form joins this table; tests/habilitations/test_reprise.py says which template is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from accompagnement.models import Absence, Habitude, Lecture, Transmission
from administratif.identification.regles import TRAITS
from dui.socle.models import (
    Brouillon,
    Compte,
    Contact,
    Correspondant,
    Dossier,
    Place,
    Sejour,
    Usager,
)
from habilitations.models import AccesNominatif, Interdiction
from soins.models import Mesure, Vigilance
from tests.accompagnement.factories import AbsenceFactory, TransmissionFactory
from tests.annuaire.factories import exercice
from tests.habilitations.factories import AffectationFactory, acces_portail
from tests.socle.factories import CompteFactory, ContactFactory, CorrespondantFactory, PlaceFactory
from tests.soins.factories import MesureFactory, VigilanceFactory

HIER = timezone.localdate() - timezone.timedelta(days=1)


@dataclass(frozen=True)
class Cas:
    """`page(dossier, compte)` prepares and gives the address of the page that holds the form;
    `etat()` changes when the form is saved; `action(dossier)` names the form when the page has
    several; a callable value of `saisie` is computed from the dossier."""

    nom: str
    gabarit: str
    page: Callable
    etat: Callable
    saisie: dict = field(default_factory=dict)
    action: Callable = lambda dossier: ""
    role: str = "IDE"

    def __str__(self):
        return self.nom

    def saisie_pour(self, dossier) -> dict:
        return {c: [v(dossier) if callable(v) else v] for c, v in self.saisie.items()}


def du_dossier(suffixe):
    return lambda dossier, compte: f"/dossiers/{dossier.pk}/{suffixe}"


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


def _brouillon(dossier, compte):
    Brouillon.objects.create(
        compte=compte,
        formulaire="transmission",
        dossier=dossier,
        saisies={"donnees": ["x"]},
        extrait="x",
    )
    return "/brouillons/"


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


def _contact(geste, **champs):
    def page(dossier, compte):
        c = ContactFactory(dossier=dossier, **champs)
        return f"/dossiers/{dossier.pk}/entourage/{c.pk}/{geste}/"

    return page


def _deux_contacts(dossier, compte):
    ContactFactory(dossier=dossier, ordre_appel=1)
    ContactFactory(dossier=dossier, ordre_appel=2, prenom="Paul")
    return f"/dossiers/{dossier.pk}/entourage/"


def _contact_retire(dossier, compte):
    ContactFactory(dossier=dossier, actif=False)
    return f"/dossiers/{dossier.pk}/entourage/"


def _vers_le_contact(geste):
    def action(dossier):
        c = dossier.contacts.order_by("-ordre_appel").first()
        return f"/dossiers/{dossier.pk}/entourage/{c.pk}/{geste}/"

    return action


def _annuaire(dossier, compte):
    exercice(cle="essai")
    return f"/dossiers/{dossier.pk}/entourage/correspondants/ajouter/?nom=saucier"


def _correspondant(dossier, compte):
    c = CorrespondantFactory(dossier=dossier)
    return f"/dossiers/{dossier.pk}/entourage/correspondants/{c.pk}/terminer/"


def _sejour(geste, **champs):
    def page(dossier, compte):
        sejour = dossier.sejours.get()
        for nom, valeur in champs.items():
            setattr(sejour, nom, valeur)
        sejour.save()
        PlaceFactory(unite=sejour.unite)
        return f"/dossiers/{dossier.pk}/sejours/{sejour.pk}/{geste}/"

    return page


def _portail_ouvert(dossier, compte):
    acces = acces_portail(CompteFactory(), dossier, qualite="USAGER")[0]
    return f"/dossiers/{dossier.pk}/portail/{acces.pk}/fermer/"


def _place_libre(dossier):
    return str(Place.objects.filter(sejours=None).get().pk)


def valeurs(modele, *champs):
    return lambda: list(modele.objects.order_by("pk").values_list("pk", *champs))


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
        "accompagnement/fil.html",
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
        "écrire « Qui je suis »",
        "accompagnement/qui_je_suis.html",
        du_dossier("qui-je-suis/"),
        Habitude.objects.count,
        {"histoire": "Institutrice à Saumur."},
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
    Cas(
        "ajouter un contact",
        "administratif/contact_formulaire.html",
        du_dossier("entourage/ajouter/"),
        Contact.objects.count,
        {"nom": "Petit", "role": "NOK", "telephone": "06 39 98 01 12"},
    ),
    Cas(
        "modifier un contact",
        "administratif/contact_formulaire.html",
        _contact("modifier"),
        valeurs(Contact, "telephone"),
        {"telephone": "07 00 00 00 01"},
    ),
    Cas(
        "retirer un contact",
        "administratif/contact_retirer.html",
        _contact("retirer"),
        valeurs(Contact, "actif"),
        {"motif": "Déménagement"},
    ),
    Cas(
        "changer l’ordre d’appel",
        "administratif/entourage.html",
        _deux_contacts,
        valeurs(Contact, "ordre_appel"),
        {"sens": "monter"},
        action=_vers_le_contact("deplacer"),
    ),
    Cas(
        "remettre un contact",
        "administratif/entourage.html",
        _contact_retire,
        valeurs(Contact, "actif"),
        action=_vers_le_contact("remettre"),
    ),
    Cas(
        "noter un correspondant",
        "administratif/correspondants/ajouter.html",
        _annuaire,
        Correspondant.objects.count,
        {"choix": "exercice:essai|", "role": "MEDECIN_TRAITANT", "commentaire": "Le mardi"},
    ),
    Cas(
        "terminer un suivi",
        "administratif/correspondants/terminer.html",
        _correspondant,
        valeurs(Correspondant, "fin"),
        {"motif": "A pris sa retraite"},
    ),
    Cas(
        "changer comment on appelle la personne",
        "administratif/identite_formulaire.html",
        du_dossier("identite/usage/"),
        valeurs(Usager, "langue"),
        {"langue": "français et breton"},
    ),
    Cas(
        "corriger un trait d’identité",
        "administratif/identite_formulaire.html",
        du_dossier("identite/traits/"),
        valeurs(Usager, "commune_naissance"),
        {"commune_naissance": "Lomme", "motif": "Carte d’identité"},
        role="SECRETAIRE",
    ),
    Cas(
        "valider l’identité",
        "identification/valider.html",
        du_dossier("identite/valider/"),
        valeurs(Usager, "identite_validee"),
        {
            "piece": "PA",
            **dict.fromkeys((f"trait_{nom}" for nom in TRAITS), "conforme"),
        },
        role="SECRETAIRE",
    ),
    Cas(
        "signaler un doute sur l’identité",
        "identification/attribut.html",
        du_dossier("identite/signaler/"),
        valeurs(Usager, "douteuse"),
        {"cause": "doute", "motif": "Deux cartes Vitale"},
        role="SECRETAIRE",
    ),
    Cas(
        "noter le GIR",
        "administratif/sejour_formulaire.html",
        du_dossier("identite/gir/"),
        valeurs(Dossier, "gir"),
        {"gir": "3"},
        role="MEDCO",
    ),
    Cas(
        "changer de chambre",
        "administratif/sejour_formulaire.html",
        _sejour("place"),
        valeurs(Sejour, "place"),
        {"place": _place_libre},
        role="SECRETAIRE",
    ),
    Cas(
        "noter une sortie",
        "administratif/sejour_formulaire.html",
        _sejour("sortie"),
        valeurs(Sejour, "sortie_le"),
        {"mode": "domicile"},
        role="SECRETAIRE",
    ),
    Cas(
        "annuler une sortie",
        "administratif/sejour_formulaire.html",
        _sejour("annuler-sortie", sortie_le=HIER, mode_sortie="domicile"),
        valeurs(Sejour, "sortie_le"),
        {"motif": "revenue le soir même"},
        role="SECRETAIRE",
    ),
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
)

# Forms that are not replayed, and why.
SANS_REPRISE = {
    "habilitations/": "connexion et verrou : leurs champs sont des secrets",
    "moyens/": "moyens de connexion et postes : des secrets, des réglages d’un geste",
    "demonstration/": "choix d’un compte d’essai",
    "_barre.html": "verrouiller, se déconnecter",
    "gabarit_portail.html": "se déconnecter",
    "relation_usager/": "verrouiller, se déconnecter",
    "ouvertures/ouvrir.html": "le code remis ne se montre qu’à qui vient d’ouvrir l’accès",
    "ouvertures/portail.html": "un nouveau code ne se montre qu’à qui vient de le demander",
    "admission/": "un fichier déposé se dépose de nouveau ; la suite relit l’état en base",
    "composants/redaction.html": "dessine le formulaire des autres pages, qui sont dans la table",
    "identification/pieces.html": "des cases et des listes, relues à l’écran",
    "conflit.html": "le même formulaire que la page d’origine, déjà dans la table",
    "accompagnement/releve.html": "« Tout lu » : le même envoi que « J’ai lu »",
}
