"""Chaque adresse × chaque rôle × objet d’ici, d’ailleurs, ou d’ailleurs glissé dans mon dossier."""

import pytest
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client

from dui.socle import pdf
from habilitations.models import Droit, Role
from tests.architecture.test_code import vues
from tests.habilitations.adresses import (
    AILLEURS,
    CODES,
    GLISSE,
    ICI,
    INTROUVABLE,
    OUVERT,
    REFUSE,
    Adresse,
    Maison,
    adresses,
    cases_de,
)
from tests.navigateur.pages import routes
from tests.outils import connecter

pytestmark = pytest.mark.django_db
ADRESSES = adresses(zip(routes(), (motif for motif, _ in vues()), strict=True))
# These open, change or end the session that the walk needs (test_connexion, test_cles, test_postes,
# tests/psc); the site of administration has a walk of its own (test_administration); the demo does
# not exist in production.
HORS_PARCOURS = (
    "deconnexion", "verrou", "connexion", "activation", "relais", "moyens", "psc_",
    "administration:", "demonstration:",
)  # fmt: skip
A_PARCOURIR = [a for a in ADRESSES if not a.nom.startswith(HORS_PARCOURS)]
ROLES = 27


@pytest.fixture
def sans_dessin(monkeypatch):
    """Who may open is decided before anything is drawn; what is drawn has its own tests."""
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: "")
    monkeypatch.setattr(pdf, "rendre", lambda *args, **kwargs: b"%PDF")


@pytest.fixture
def ici():
    return Maison("DURAND")


@pytest.fixture
def ailleurs():
    return Maison("LOINTAIN")


def repondre_en_entier(client, adresse, objets):
    """The answer, and nothing kept of what the request wrote."""
    with transaction.atomic():
        envoyer = client.post if adresse.methode == "POST" else client.get
        reponse = envoyer(adresse.remplie(objets))
        transaction.set_rollback(True)
    return reponse


def repondre(client, adresse, objets) -> int:
    return repondre_en_entier(client, adresse, objets).status_code


def ecart(adresse, attendu, statut) -> str:
    conforme = statut not in (REFUSE, INTROUVABLE) if attendu == OUVERT else statut == attendu
    return "" if conforme else f"{adresse.methode} /{adresse.route} : {statut}, attendu {attendu}"


def parcourir(client, role, objets, *, lieu, choisies=A_PARCOURIR):
    cases = cases_de(role)
    for adresse in choisies:
        attendu = adresse.attendu(role, cases, lieu=lieu)
        yield ecart(adresse, attendu, repondre(client, adresse, objets))


@pytest.mark.lent
@pytest.mark.parametrize("rang", range(ROLES))
def test_chaque_adresse_repond_a_ce_role_ce_que_dit_la_matrice(rang, ici, ailleurs, sans_dessin):
    roles = list(Role.objects.order_by("pk"))
    assert len(roles) == ROLES
    role = roles[rang]
    compte = ici.compte(role)
    client = connecter(compte, Client())
    siens = ici.siens(compte)
    glisses = ailleurs.objets | {"dossier_id": ici.dossier.pk}
    doubles = [
        a for a in A_PARCOURIR if "dossier_id" in a.identifiants and set(a.identifiants[1:]) - CODES
    ]
    ecarts = [
        *parcourir(client, role, siens, lieu=ICI),
        *parcourir(client, role, ailleurs.objets, lieu=AILLEURS),
        *parcourir(client, role, glisses, lieu=GLISSE, choisies=doubles),
    ]
    assert len(doubles) > 10
    assert not any(ecarts), f"{role.pk}\n" + "\n".join(filter(None, ecarts))


def test_aucune_adresse_de_l_administration_ne_s_ouvre_a_qui_n_administre_pas(ici, sans_dessin):
    """Le rôle sans la qualité, la qualité sans le rôle, la personne elle-même."""
    cadre, agent = ici.compte(Role.objects.get(pk="IDEC")), ici.compte(Role.objects.get(pk="AS"))
    agent.is_staff = True
    agent.save()
    portail = ici.compte(Role.objects.get(pk="USAGER"))
    pages = [a for a in ADRESSES if a.nom.startswith("administration:")]
    assert len(pages) > 100
    for compte in (cadre, agent, portail):
        client = connecter(compte, Client())
        ouvertes = [a for a in pages if repondre(client, a, ici.objets) != INTROUVABLE]
        assert not ouvertes, compte


def test_une_adresse_nouvelle_sans_attente_fait_echouer_le_parcours():
    inconnue = Adresse("x", "essai/<uuid:objet_id>/", "GET", ("essai",), ("objet_id",))
    with pytest.raises(AssertionError, match="ignore « objet_id »"):
        inconnue.remplie({})
    with pytest.raises(AssertionError, match="sans attente"):
        inconnue.attendu(Role(code="IDE"), set(), lieu=ICI)


def test_un_ecart_avec_la_matrice_se_voit(ici, sans_dessin):
    """Le parcours lui-même : un droit ôté au milieu le fait échouer."""
    role = Role.objects.get(pk="IDE")
    client = connecter(ici.compte(role), Client())
    fil = [a for a in A_PARCOURIR if a.nom == "accompagnement:transmissions"]
    assert not any(parcourir(client, role, ici.objets, lieu=ICI, choisies=fil))
    cases = cases_de(role)
    Droit.objects.filter(role=role, bloc="TRA").delete()
    statut = repondre(client, fil[0], ici.objets)
    assert ecart(fil[0], fil[0].attendu(role, cases, lieu=ICI), statut)


@pytest.mark.lent
def test_les_listes_ne_nomment_jamais_quelqu_un_d_ailleurs(ici, ailleurs):
    """Dessinées pour de vrai, pour chaque rôle : liste, recherche, relève, impression, export."""
    listes = [a for a in A_PARCOURIR if not a.identifiants and a.methode == "GET"]
    assert {a.nom for a in listes} >= {"residents", "residents_imprimables", "recherche"}
    for role in Role.objects.all():
        client = connecter(ici.compte(role), Client())
        for adresse in listes:
            reponse = client.get(f"/{adresse.route}", {"q": "lointain", "depuis": "24"})
            corps = b"".join(reponse) if reponse.streaming else reponse.content
            corps = corps.replace(b'value="lointain"', b"")
            assert b"LOINTAIN" not in corps, f"{role.pk} /{adresse.route}"
