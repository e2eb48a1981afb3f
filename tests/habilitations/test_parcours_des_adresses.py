"""Chaque adresse × chaque rôle × objet d’ici, d’ailleurs, ou d’ailleurs glissé dans mon dossier."""

from collections import defaultdict

import pytest
from django.template.backends.django import Template
from django.test import Client

from dui.socle import pdf
from dui.socle.enums import Action, Bloc
from habilitations.models import Droit, Role
from tests.habilitations.adresses import (
    AILLEURS,
    CODES,
    GLISSE,
    ICI,
    INTROUVABLE,
    SANS_LIEU,
    Adresse,
    cases_de,
)
from tests.habilitations.maison import Maison
from tests.habilitations.parcours import A_PARCOURIR, ADMINISTRATION, ecart, parcourir, repondre
from tests.outils import connecter

pytestmark = pytest.mark.django_db
ROLES, PARTS = 27, 9


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


@pytest.fixture
def par_role(ici):
    """[(its rank, role, an account of it here)]: one in nine, to share the work of nine tests."""

    def lire(part):
        roles = list(enumerate(Role.objects.order_by("pk")))
        assert len(roles) == ROLES
        return [(rang, role, ici.compte(role)) for rang, role in roles[part::PARTS]]

    return lire


@pytest.mark.lent
@pytest.mark.parametrize("part", range(PARTS))
def test_chaque_adresse_repond_a_chaque_role_ce_que_dit_la_matrice(
    part, par_role, ici, ailleurs, sans_dessin
):
    for rang, role, compte in par_role(part):
        client, cases = connecter(compte, Client()), cases_de(role)
        ecarts = [
            *parcourir(client, role, cases, ici.siens(compte), lieu=ICI),
            *_d_ailleurs(client, role, cases, ici, ailleurs, lambda liste: tour(liste, rang)),  # noqa: B023
        ]
        assert not any(ecarts), f"{role.pk}\n" + "\n".join(filter(None, ecarts))


def tour(adresses, rang):
    """One of each access that a view may declare; another one for each role. Who holds every role
    is asked for all of them, below."""
    par_acces = defaultdict(list)
    for adresse in adresses:
        par_acces[adresse.acces].append(adresse)
    return [memes[rang % len(memes)] for memes in par_acces.values()]


@pytest.mark.lent
@pytest.mark.parametrize("acteur", ["professionnel", "portail"])
def test_rien_d_ailleurs_ne_s_ouvre_a_qui_tient_tous_les_roles_d_ici(
    acteur, ici, ailleurs, sans_dessin
):
    """Les droits s’ajoutent : ce que tous les rôles ensemble n’ouvrent pas, aucun ne l’ouvre. Sur
    le portail, la personne a les droits de tous."""
    roles = list(Role.objects.exclude(acteur=Role.Acteur.PORTAIL))
    if acteur == "portail":
        roles = [Role.objects.get(pk="USAGER")]
    cases = set.union(*map(cases_de, roles))
    client = connecter(ici.compte(*roles), Client())
    ecarts = _d_ailleurs(client, roles[0], cases, ici, ailleurs)
    assert not any(ecarts), "\n".join(filter(None, ecarts))


def _d_ailleurs(client, role, cases, ici, ailleurs, choisir=list):
    """What is another house's, then the same slipped into a dossier of mine."""
    glisses = ailleurs.objets | {"dossier_id": ici.dossier.pk}
    etrangers = [a for a in A_PARCOURIR if set(a.identifiants) - CODES and a.nom not in SANS_LIEU]
    doubles = [
        a for a in etrangers if "dossier_id" in a.identifiants and set(a.identifiants[1:]) - CODES
    ]
    assert len(doubles) > 10
    etrangers, doubles = choisir(etrangers), choisir(doubles)
    return [
        *parcourir(client, role, cases, ailleurs.objets, lieu=AILLEURS, choisies=etrangers),
        *parcourir(client, role, cases, glisses, lieu=GLISSE, choisies=doubles),
    ]


@pytest.mark.lent
def test_l_administration_ne_s_ouvre_qu_aux_roles_que_dit_la_matrice(ici, ailleurs, sans_dessin):
    """Les droits s’ajoutent : qui tient tous les autres rôles, et la qualité, ne trouve rien."""
    donnent = Droit.objects.filter(bloc=Bloc.PAR, action=Action.SAISIR).values("role")
    permis = Role.objects.filter(pk__in=donnent)
    listes = {a.route for a in ADMINISTRATION if a.nom.endswith(("index", "changelist"))}
    assert permis and len(listes) > 10
    compte = _administre(ici, Role.objects.exclude(pk__in=permis))
    assert _ouvertes(compte, ici) == _ouvertes(compte, ailleurs) == []
    for role in permis:
        assert listes <= set(_ouvertes(_administre(ici, [role]), ici)), role
    portail = ici.compte(Role.objects.get(pk="USAGER"))
    portail.is_staff = True
    portail.save()
    assert not _ouvertes(portail, ici)


@pytest.mark.lent
def test_sans_la_qualite_l_administrateur_ne_trouve_pas_l_administration(ici, sans_dessin):
    assert not _ouvertes(ici.compte(Role.objects.get(pk="ADMIN_SI")), ici)


def _administre(maison, roles):
    """One account with the standing, and all these roles here."""
    compte = maison.compte(*roles)
    compte.is_staff = True
    compte.save()
    return compte


def _ouvertes(compte, maison) -> list[str]:
    client = connecter(compte, Client())
    statuts = {a.route: repondre(client, a, maison.objets) for a in ADMINISTRATION}
    return [route for route, statut in statuts.items() if statut != INTROUVABLE]


def test_une_adresse_nouvelle_sans_attente_fait_echouer_le_parcours():
    inconnue = Adresse("x", "essai/<uuid:objet_id>/", "GET", ("essai",), ("objet_id",))
    with pytest.raises(AssertionError, match="ignore « objet_id »"):
        inconnue.remplie({})
    with pytest.raises(AssertionError, match="sans attente"):
        inconnue.attendu(Role(code="IDE"), set(), lieu=ICI)


def test_un_ecart_avec_la_matrice_se_voit(ici, sans_dessin):
    """Le parcours lui-même : un droit ôté au milieu le fait échouer."""
    role = Role.objects.get(pk="IDE")
    client = connecter(ici.compte(role), Client())
    fil = [a for a in A_PARCOURIR if a.nom == "accompagnement:transmissions"]
    cases = cases_de(role)
    assert not any(parcourir(client, role, cases, ici.objets, lieu=ICI, choisies=fil))
    Droit.objects.filter(role=role, bloc="TRA").delete()
    statut = repondre(client, fil[0], ici.objets)
    assert ecart(fil[0], fil[0].attendu(role, cases, lieu=ICI), statut)


@pytest.mark.lent
def test_les_listes_ne_nomment_jamais_quelqu_un_d_ailleurs(ici, ailleurs):
    """Dessinées pour de vrai : liste, recherche, relève, impression, export ; pour qui tient tous
    les rôles d’ici, et pour la personne."""
    listes = [a for a in A_PARCOURIR if not a.identifiants and a.methode == "GET"]
    assert {a.nom for a in listes} >= {"residents", "residents_imprimables", "recherche"}
    personne = ici.compte(Role.objects.get(pk="USAGER"))
    for compte in (_administre(ici, Role.objects.all()), personne):
        client = connecter(compte, Client())
        for adresse in listes:
            reponse = client.get(f"/{adresse.route}", {"q": "lointain", "depuis": "24"})
            corps = b"".join(reponse) if reponse.streaming else reponse.content
            corps = corps.replace(b'value="lointain"', b"")
            assert b"LOINTAIN" not in corps, f"/{adresse.route}"
