"""What a head of ward types, what the newcomer types."""

import re

from habilitations.equipe.regles import ALPHABET
from tests.habilitations.connexion import poster
from tests.outils import ClientVerifie, formulaire_de

CODE = re.compile(rf"(?:[{ALPHABET}]{{4}}-){{3}}[{ALPHABET}]{{4}}")
PHRASE = "ma cuisine sent la cannelle"


def remplir(client, unite, **champs):
    """The page as shown, with what a head of ward types."""
    adresse, donnees = formulaire_de(client.get("/equipe/remplacant/"))
    voulu = {"prenom": "Lila", "nom": "D’Almeida", "role": "AS", "lieu": f"unite:{unite.pk}"}
    return adresse, donnees | voulu | champs


def ajouter(client, unite, **champs):
    return client.post(*remplir(client, unite, **champs))


def code_montre(reponse) -> str:
    return CODE.search(reponse.content.decode())[0]


def activer(compte, code, client=None, mot_de_passe=PHRASE):
    client = client or ClientVerifie()
    return poster(
        client,
        "/activation/",
        identifiant=compte.username,
        code=code,
        mot_de_passe=mot_de_passe,
        confirmation=mot_de_passe,
    )
