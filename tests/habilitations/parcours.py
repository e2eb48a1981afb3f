"""The walk itself: which addresses, and what each answers; nothing of it is kept."""

from django.db import transaction

from tests.architecture.test_code import vues
from tests.habilitations.adresses import INTROUVABLE, OUVERT, REFUSE, adresses
from tests.navigateur.pages import routes

ADRESSES = adresses(zip(routes(), (motif for motif, _ in vues()), strict=True))
# These open, change or end the session that the walk needs (test_connexion, test_cles, test_postes,
# tests/psc); the site of administration has a door of its own (ADMINISTRATION, below); the demo
# does not exist in production.
HORS_PARCOURS = (
    "deconnexion", "verrou", "connexion", "activation", "relais", "moyens", "psc_",
    "administration:", "demonstration:",
)  # fmt: skip
A_PARCOURIR = [a for a in ADRESSES if not a.nom.startswith(HORS_PARCOURS)]
# A view decides once for all its methods: who may not open the page is not asked to send its form.
LISIBLES = {a.route for a in A_PARCOURIR if a.methode == "GET"}
ADMINISTRATION = [a for a in ADRESSES if a.nom.startswith("administration:")]


def repondre_en_entier(client, adresse, objets):
    """What a POST writes is undone; a GET writes nothing but the journal."""
    if adresse.methode == "GET":
        return client.get(adresse.remplie(objets))
    with transaction.atomic():
        reponse = client.post(adresse.remplie(objets))
        transaction.set_rollback(True)
    return reponse


def repondre(client, adresse, objets) -> int:
    return repondre_en_entier(client, adresse, objets).status_code


def ecart(adresse, attendu, statut) -> str:
    conforme = statut not in (REFUSE, INTROUVABLE) if attendu == OUVERT else statut == attendu
    return "" if conforme else f"{adresse.methode} /{adresse.route} : {statut}, attendu {attendu}"


def parcourir(client, role, cases, objets, *, lieu, choisies=A_PARCOURIR):
    for adresse in choisies:
        attendu = adresse.attendu(role, cases, lieu=lieu)
        if attendu != OUVERT and adresse.methode == "POST" and adresse.route in LISIBLES:
            continue
        yield ecart(adresse, attendu, repondre(client, adresse, objets))
