from datetime import date

from django.urls import reverse

from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory

RECHERCHE, CREER = reverse("identites:rechercher"), reverse("identites:creer")
ACCUEILLIR = reverse("identites:accueillir")
JOUR = date(1940, 3, 12)
TRAITS = {
    "nom_naissance": "LE GOFF",
    "premier_prenom": "MARIE",
    "prenoms": "MARIE JEANNE",
    "sexe": "F",
    "date_naissance": JOUR,
    "lieu_naissance_cog": "49328",
}
CINQ = {
    "nom_naissance": "Le Goff",
    "premier_prenom": "Marie",
    "naissance": "12/03/1940",
    "sexe": "F",
    "lieu": "49328",
}


def connue(maison, **usager):
    traits = TRAITS | usager
    return DossierFactory(
        sejour__etablissement=maison, **{f"usager__{nom}": v for nom, v in traits.items()}
    )


def chercher(client, **champs):
    action, lus = formulaire_de(client.get(RECHERCHE))
    return client.post(action, lus | champs)


def vers_la_creation(client, **champs):
    """La recherche, puis « créer » : la page de création."""
    action, lus = formulaire_de(chercher(client, **champs), CREER)
    return client.post(action, lus)


def creer(client, page, **champs):
    action, lus = formulaire_de(page)
    return client.post(action, lus | champs)
