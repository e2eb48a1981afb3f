import uuid

from django.urls import reverse
from django.utils import timezone

from accompagnement.models import Transmission
from dui.socle.models import Compte
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.outils import jeton_de

SECRET, OUVERTE = "Séance : parle pour la première fois de son frère.", "A chanté avec le groupe."
MENTION = "Réservée : psychologues"


def compte_de(dossier, role, portee="etablissement", **champs) -> Compte:
    sejour = dossier.sejours.get()
    if portee == "unite":
        champs["unite"] = sejour.unite
    return AffectationFactory(
        role=role, etablissement=sejour.etablissement, portee=portee, **champs
    ).compte


def h(compte) -> Habilitation:
    return Habilitation(Compte.objects.get(pk=compte.pk))


def lit(compte, note, action="voir") -> bool:
    return Transmission.objects.visibles(h(compte), action).filter(pk=note.pk).exists()


def page_du_dossier(nom, suffixe=""):
    return lambda dossier: reverse(nom, args=[dossier.pk]) + suffixe


def page_du_lieu(adresse):
    return lambda dossier: f"{adresse}unite={dossier.sejours.get().unite_id}"


# Toutes les pages où une transmission s’affiche ; « ouverte » s’y lit par toute l’équipe.
SURFACES = {
    "fil": page_du_dossier("accompagnement:transmissions"),
    "fil filtré": page_du_dossier("accompagnement:transmissions", "?importance=importantes"),
    "fil imprimable": page_du_dossier("accompagnement:fil_imprimable"),
    "synthèse": page_du_dossier("dossier"),
    "synthèse imprimable": page_du_dossier("dossier_imprimable"),
    "formulaire": page_du_dossier("accompagnement:transmission_nouvelle"),
    "relève": page_du_lieu("/releve/?depuis=72&"),
    "relève imprimable": page_du_lieu("/releve/imprimer/?depuis=72&"),
    "mon poste": page_du_lieu("/?"),
    "tableau": page_du_lieu("/residents/?"),
    "tableau en cartes": page_du_lieu("/residents/?vue=cartes&"),
    "tableau imprimable": page_du_lieu("/residents/imprimer/?"),
    "recherche": lambda dossier: f"/recherche/?q={dossier.usager.nom_naissance[:4].lower()}",
    "fiche d’urgence": page_du_dossier("administratif:fiche_urgence"),
}
MONTRENT = sorted(
    SURFACES.keys() - {"recherche", "fiche d’urgence", "tableau en cartes", "tableau imprimable"}
)
DEBUT = "parle pour la première fois"


def saisie(**champs):
    maintenant = timezone.localtime()
    return {
        "cle_saisie": str(uuid.uuid4()),
        "forme": "ciblee",
        "cible": "humeur",
        "donnees": SECRET,
        "importance": "courante",
        "heure": f"{maintenant:%H:%M}",
        "jour": maintenant.date().isoformat(),
    } | champs


def ecrire(client, dossier, **champs):
    adresse = reverse("accompagnement:transmission_nouvelle", args=[dossier.pk])
    return client.post(adresse, saisie(**champs) | jeton_de(client.get(adresse)))
