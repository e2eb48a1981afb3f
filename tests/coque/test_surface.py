"""La surface entière : méthodes, jetons, injections, champs en trop, sessions, pannes."""

import ast
import re
from datetime import timedelta
from itertools import cycle, product

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as essais
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Transmission
from dui.socle import pdf
from dui.socle.models import Compte
from habilitations.politique import Habilitation
from tests.accompagnement.factories import TransmissionFactory
from tests.architecture.arbre import modules
from tests.habilitations.connexion import (
    appareil,
    code_de,
    plus_tard,
    poster,
    saisir_mot_de_passe,
    se_connecter,
)
from tests.habilitations.factories import AffectationFactory
from tests.habilitations.maison import Maison
from tests.habilitations.parcours import A_PARCOURIR, repondre_en_entier
from tests.navigateur.pages import methodes, routes
from tests.outils import ClientVerifie, connecter, formulaire_de, jeton_de
from tests.socle.factories import MOT_DE_PASSE, DocumentFactory, DossierFactory, UsagerFactory

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
PARAMETRES = ["q", "tri", "filtre", "unite", "depuis", "avant", "page"]
SQL = [
    "' OR '1'='1",
    "1; DROP TABLE socle_dossier; --",
    "nom) DESC, (SELECT 1",
    "%' UNION SELECT 1",
]


@pytest.fixture
def ici(monkeypatch):
    monkeypatch.setattr(pdf, "rendre", lambda *args, **kwargs: b"%PDF")
    return Maison("DURAND")


@pytest.fixture
def soignante(ici):
    return connecter(
        AffectationFactory(role="IDE", etablissement=ici.sejour.etablissement).compte,
        Client(raise_request_exception=False),
    )


# ------------------------------------------------------------------ méthodes, jetons


@pytest.mark.lent
def test_une_methode_imprevue_est_refusee_partout(ici):
    client = connecter(ici.auteur)
    siens = ici.siens(ici.auteur)
    prevues = {route.nom: methodes(vue) for route, vue in routes()}
    for adresse, methode in zip(A_PARCOURIR, cycle(("PUT", "DELETE", "PATCH", "TRACE"))):
        if methode not in prevues[adresse.nom]:
            reponse = client.generic(methode, adresse.remplie(siens))
            assert reponse.status_code in (405, 403, 404), f"{methode} /{adresse.route}"


@pytest.mark.lent
def test_aucun_envoi_ne_passe_sans_jeton(ici):
    client = connecter(ici.auteur, Client(enforce_csrf_checks=True))
    siens = ici.siens(ici.auteur)
    envois = [a for a in A_PARCOURIR if a.methode == "POST"]
    assert len(envois) > 20
    for adresse in envois:
        statut = repondre_en_entier(client, adresse, siens).status_code
        assert statut == 403, f"/{adresse.route} : {statut}"


@pytest.mark.parametrize(
    "adresse",
    ["/.git/config", "/.env", "/admin/", "/admin/doc/", "/metrics", "/schema/", "/docs/",
     "/__debug__/", "/static/../dui/settings/base.py", "/static/%2e%2e/manage.py", "/media/x"],
)  # fmt: skip
def test_rien_du_depot_ni_des_outils_n_est_servi(adresse, client):
    assert client.get(adresse).status_code in (302, 404)
    assert client.get(adresse, follow=True).status_code in (200, 404)
    assert "PASSWORD" not in client.get(adresse, follow=True).content.decode()


# ------------------------------------------------------------------ injections


def test_un_texte_hostile_s_affiche_et_ne_s_execute_nulle_part(en_tant_que):
    usager = UsagerFactory(premier_prenom="MARIE", nom_utilise=XSS[:60])
    dossier = DossierFactory(usager=usager)
    TransmissionFactory(dossier=dossier, urgente=True, donnees=XSS, actions=XSS)
    client = en_tant_que(dossier)
    ici = f"/dossiers/{dossier.pk}/"
    listes = ("/", "/releve/", "/residents/", "/recherche/?q=durand")
    for adresse in (*listes, ici, f"{ici}transmissions/"):
        page = client.get(adresse)
        assertNotContains(page, "<script>alert(1)")
        assertNotContains(page, "<img src=x")
    assertContains(page, "&lt;script&gt;alert(1)")


@pytest.mark.lent
@pytest.mark.parametrize("attaque", SQL)
def test_un_parametre_hostile_ne_casse_ni_n_ouvre_rien(attaque, soignante, ici):
    pages = ("/recherche/", "/residents/", "/releve/", f"/dossiers/{ici.dossier.pk}/constantes/")
    for page, parametre in product(pages, PARAMETRES):
        reponse = soignante.get(page, {parametre: attaque})
        assert reponse.status_code in (200, 302, 404), f"{page}?{parametre}"


@pytest.mark.lent
@essais(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    valeurs=st.dictionaries(
        st.sampled_from(["donnees", "actions", "cible", "importance", "jour", "heure", "partagee"]),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
    )
)
def test_n_importe_quelle_saisie_est_enregistree_ou_refusee_jamais_une_panne(
    valeurs, soignante, ici
):
    adresse = f"/dossiers/{ici.dossier.pk}/transmissions/nouvelle/"
    assert soignante.post(adresse, valeurs).status_code in (302, 409, 422)


def test_un_champ_en_trop_ne_change_ni_l_auteur_ni_le_dossier_ni_les_droits(ici):
    autre = DossierFactory()
    compte = AffectationFactory(role="IDE", etablissement=ici.sejour.etablissement).compte
    client = connecter(compte)
    nouvelle = f"/dossiers/{ici.dossier.pk}/transmissions/nouvelle/"
    page = client.get(nouvelle)
    champs = formulaire_de(page)[1] | {
        "cible": "alimentation", "donnees": "A bien mangé.",
        "auteur": ici.auteur.pk, "auteur_id": ici.auteur.pk, "dossier": autre.pk,
        "dossier_id": autre.pk, "fonction": "MEDECIN", "is_staff": "1", "is_superuser": "1",
        "communicable_le": "2020-01-01", "ecrit_le": "2020-01-01",
    }  # fmt: skip
    assert client.post(nouvelle, champs).status_code == 302
    ligne = Transmission.objects.get(auteur=compte)
    assert (ligne.auteur, ligne.dossier, ligne.fonction) == (compte, ici.dossier, "IDE")
    assert ligne.communicable_le is None and ligne.ecrit_le.year > 2020
    compte.refresh_from_db()
    assert not compte.is_staff and not compte.is_superuser


def test_un_parametre_donne_deux_fois_ne_contourne_pas_le_lieu(ici):
    ailleurs = Maison("LOINTAIN")
    client = connecter(
        AffectationFactory(role="IDE", etablissement=ici.sejour.etablissement).compte
    )
    la_bas, la = ailleurs.sejour.unite_id, ici.sejour.unite_id
    for doubles in (f"unite={la}&unite={la_bas}", f"unite={la_bas}&unite={la}"):
        assertNotContains(client.get(f"/residents/?{doubles}"), "LOINTAIN")


# ------------------------------------------------------------------ sessions


def test_le_jeton_de_session_est_long_et_ne_se_repete_pas(ici):
    cles = {connecter(ici.auteur).session.session_key for _ in range(20)}
    assert len(cles) == 20 and min(map(len, cles)) >= 32
    assert not [c for c in cles if str(ici.auteur.pk) == c or ici.auteur.username in c]


def test_apres_la_deconnexion_l_ancien_cookie_n_ouvre_plus_rien(ici):
    client = connecter(ici.auteur)
    ancien = client.cookies["dui_session"].value
    jetons = jeton_de(client.get("/"))
    sortie = client.post("/deconnexion/", jetons)
    assert sortie["Clear-Site-Data"] == '"storage"'
    voleur = Client()
    voleur.cookies["dui_session"] = ancien
    assert voleur.get("/residents/").status_code == 302
    assert not Session.objects.filter(session_key=ancien).exists()


def test_changer_le_mot_de_passe_ferme_les_autres_sessions(ici):
    client = connecter(ici.auteur)
    ici.auteur.set_password("un autre mot de passe")
    ici.auteur.save()
    assert client.get("/residents/").status_code == 302


@pytest.mark.lent
def test_la_session_dure_dix_heures_au_plus_meme_sans_pause(ici, settings):
    """An absolute limit, not one that slides with each gesture."""
    assert settings.SESSION_COOKIE_AGE <= 12 * 3600
    client = ClientVerifie()
    se_connecter(client, ici.auteur)
    debut = timezone.now()
    for minutes in range(0, settings.SESSION_COOKIE_AGE // 60, 10):
        with time_machine.travel(debut + timedelta(minutes=minutes), tick=False):
            assert client.get("/moi/journal/").status_code == 200, minutes
    with time_machine.travel(
        debut + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1), tick=False
    ):
        reponse = client.get("/moi/journal/")
        assert reponse.url.startswith("/connexion/")
        assert not Session.objects.exists()


def test_aucun_compte_n_existe_apres_l_installation():
    assert not Compte.objects.exists()


def test_une_longue_phrase_convient_et_un_mot_de_passe_courant_non(ici):
    validate_password("correct cheval pile agrafe " * 3, ici.auteur)
    validate_password("été à Saumur, vélos et paniers d’osier", ici.auteur)
    for refuse in ("court", "passwordpassword"[:8], "123456789012345"[:14]):
        with pytest.raises(ValidationError):
            validate_password(refuse, ici.auteur)


def test_un_mot_de_passe_se_verifie_au_caractere_pres(ici):
    ici.auteur.set_password(f" {MOT_DE_PASSE} " + "x" * 64)
    assert ici.auteur.check_password(f" {MOT_DE_PASSE} " + "x" * 64)
    assert not ici.auteur.check_password(f"{MOT_DE_PASSE} " + "x" * 64)
    assert not ici.auteur.check_password(f" {MOT_DE_PASSE} " + "x" * 63)


def test_coller_un_mot_de_passe_est_permis(client):
    page = client.get("/connexion/").content.decode()
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page and 'autocomplete="off"' not in page


def test_un_code_ne_vaut_que_le_temps_de_le_recopier(client, ici):
    telephone = appareil(ici.auteur)
    etape = saisir_mot_de_passe(client, ici.auteur)
    for decalage in (-2, 2):
        perime = poster(client, etape.url, code=code_de(telephone, decalage))
        assert perime.status_code == 422
        assertContains(perime, "Code refusé", status_code=422)
        telephone.throttle_reset()


def test_un_mot_de_passe_de_l_an_dernier_ouvre_encore(client, ici):
    with plus_tard(days=400):
        assert saisir_mot_de_passe(client, ici.auteur).status_code == 302


@pytest.mark.parametrize(
    "titre", ['a"; filename="b.exe', "a\r\nSet-Cookie: x=1", "Bilan d’été à l’hôpital"]
)
def test_le_nom_d_un_telechargement_ne_sort_pas_de_son_en_tete(titre, ici, sur_le_portail):
    document = DocumentFactory(dossier=ici.dossier, titre=titre, communicable_le=timezone.now())
    client = sur_le_portail(ici.dossier)
    reponse = client.get(f"/portail/{ici.dossier.pk}/documents/{document.pk}/")
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.pdf"', reponse["Content-Disposition"])
    assert "Set-Cookie" not in reponse.headers


# ------------------------------------------------------------------ pannes


def test_une_panne_de_la_regle_d_acces_refuse_et_ne_montre_rien(ici, monkeypatch):
    def casser(*args, **kwargs):
        raise RuntimeError("la règle est en panne")

    client = connecter(ici.auteur, Client(raise_request_exception=False))
    monkeypatch.setattr(Habilitation, "chemins", casser)
    reponse = client.get(f"/dossiers/{ici.dossier.pk}/identite/")
    assert reponse.status_code == 500
    corps = reponse.content.decode()
    assert "DURAND" not in corps and "RuntimeError" not in corps and "Traceback" not in corps


def test_une_vue_ne_rattrape_jamais_tout():
    """`except Exception` cacherait un refus ; le dernier recours est celui du cadre."""
    fautes = [
        f"{chemin}:{n.lineno}"
        for chemin, arbre in modules().items()
        if "/views" in chemin or chemin.endswith(("views.py", "vues.py", "acces.py"))
        for n in ast.walk(arbre)
        if isinstance(n, ast.ExceptHandler)
        and (n.type is None or (isinstance(n.type, ast.Name) and n.type.id.endswith("Exception")))
    ]
    assert not fautes
