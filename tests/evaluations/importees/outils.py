"""A small grid of a house, and ways to spoil it."""

import copy
import json

MAISON = {
    "code": "bien_etre",
    "nom": "Bien-être au Clos",
    "version": "1",
    "moteur": "echelle",
    "domaine": "qualite_vie",
    "publics": ["PA"],
    "mode": "avec la personne",
    "rappel_jours": 30,
    "source": ["Grille écrite par l’équipe"],
    "licence": {"statut": "propre à l’établissement", "detail": "Écrite par l’équipe."},
    "items": [
        {
            "code": "moral",
            "libelle": "Moral du jour",
            "type": "choix",
            "obligatoire": True,
            "options": [
                {"valeur": "bon", "points": 2, "libelle": "Bon"},
                {"valeur": "moyen", "points": 1, "libelle": "Moyen"},
                {"valeur": "bas", "points": 0, "libelle": "Bas"},
            ],
        },
        {
            "code": "sommeil",
            "libelle": "Nuits sans réveil",
            "type": "entier",
            "obligatoire": True,
            "min": 0,
            "max": 7,
        },
        {"code": "mots", "libelle": "Ses mots", "type": "texte", "obligatoire": False},
    ],
    "score": {"methode": "somme", "min": 0, "max": 9, "sens": "haut = bien-être"},
    "bandes": [
        {"min": 0, "max": 4, "libelle": "À accompagner"},
        {"min": 5, "max": 9, "libelle": "Bien"},
    ],
    "alertes": [],
}


def grille(**champs) -> dict:
    return copy.deepcopy(MAISON) | champs


def fichier(brut=None, **champs) -> bytes:
    return json.dumps(brut if brut is not None else grille(**champs)).encode()
