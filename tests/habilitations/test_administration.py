"""`/administration/` : les comptes et la structure, jamais un dossier, jamais sans trace."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import ForeignKey
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.models import Dossier, EntreeJournal, MessageSortant, Usager
from habilitations.administration.inscriptions import site
from habilitations.models import Affectation
from tests.habilitations.connexion import saisir_mot_de_passe
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter
from tests.socle.factories import CompteFactory, DossierFactory, EtablissementFactory

pytestmark = pytest.mark.django_db
Compte = get_user_model()
MODELES = sorted(site._registry, key=lambda m: m._meta.label)


@pytest.fixture(autouse=True)
def gabarits_de_django(monkeypatch):
    """Django's own pages count on variables that are not there."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")


@pytest.fixture
def administrateur():
    compte = CompteFactory(is_staff=True)
    AffectationFactory(compte=compte, role="ADMIN_SI")
    return connecter(compte)


def liste(modele) -> str:
    return reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_changelist")


def fiche(objet, suite="change") -> str:
    m = objet._meta
    return reverse(f"admin:{m.app_label}_{m.model_name}_{suite}", args=[objet.pk])


def lies_a_une_personne() -> set:
    """Every model from which one key leads to a dossier or to a person, and these two."""
    cibles = {Dossier, Usager}
    return cibles | {
        m
        for m in apps.get_models(include_auto_created=True)
        if any(isinstance(f, ForeignKey) and f.related_model in cibles for f in m._meta.fields)
    }


def test_aucun_modele_lie_a_une_personne_n_est_inscrit():
    interdits = lies_a_une_personne()
    assert len(interdits) > 10
    assert set(site._registry) & interdits == {MessageSortant}  # supervised without its contents
    montres = {*site._registry[MessageSortant].fields, *site._registry[MessageSortant].list_display}
    assert not montres & {"dossier", "charge", "accuse"}


@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m.__name__)
def test_l_administrateur_ouvre_chaque_liste_sans_style_ni_script_en_ligne(administrateur, modele):
    reponse = administrateur.get(liste(modele))
    assert reponse.status_code == 200
    assert "script-src 'self'" in reponse["Content-Security-Policy"]


@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m.__name__)
def test_les_autres_ne_trouvent_pas_l_administration(modele):
    for champs in ({}, {"is_staff": True}):
        client = connecter(AffectationFactory(role="IDEC", compte=CompteFactory(**champs)).compte)
        assert client.get(liste(modele)).status_code == 404
    assert EntreeJournal.objects.filter(action="refus", bloc="PAR").count() == 2
    sans_acces = connecter(AffectationFactory(role="ADMIN_SI").compte)
    assert sans_acces.get(liste(modele)).status_code == 404


def test_le_menu_du_compte_y_mene_celui_qui_y_entre(administrateur):
    lien = 'href="/administration/"'
    assertContains(administrateur.get("/equipe/"), lien)
    for compte, role in ((CompteFactory(is_staff=True), "AS"), (CompteFactory(), "ADMIN_SI")):
        AffectationFactory(compte=compte, role=role)
        assertNotContains(connecter(compte).get("/moi/journal/"), lien)


def test_on_y_entre_par_la_connexion_du_produit_avec_les_deux_facteurs(client):
    compte = CompteFactory(is_staff=True, is_superuser=True)
    assert client.get("/administration/login/").status_code in (302, 404)
    assert client.get("/administration/").url.startswith("/connexion/?suite=")
    saisir_mot_de_passe(client, compte)
    assert client.get("/administration/").url.startswith("/connexion/?suite=")


def test_chaque_demande_est_journalisee(administrateur):
    administrateur.get("/administration/")
    affectation = Affectation.objects.get()
    administrateur.get(fiche(affectation))
    traces = EntreeJournal.objects.filter(action="administrer", acteur=administrateur.compte)
    assert list(traces.order_by("pk").values_list("cible", flat=True)) == [
        "GET administration:index",
        f"GET administration:habilitations_affectation_change {affectation.pk}",
    ]


def test_un_superutilisateur_ne_voit_aucune_donnee_de_soin():
    dossier = DossierFactory()
    client = connecter(CompteFactory(is_staff=True, is_superuser=True))
    for adresse in ("/residents/", f"/dossiers/{dossier.pk}/", "/releve/", "/recherche/?q=du"):
        assert client.get(adresse).status_code == 404
    MessageSortant.objects.create(type="essai", dossier=dossier, charge={"document": "secret"})
    page = client.get(fiche(MessageSortant.objects.get()))
    assertNotContains(page, dossier.usager.nom_naissance)
    assertNotContains(page, "secret")


def test_personne_ne_se_donne_un_role_de_soin(administrateur):
    etablissement = Affectation.objects.get().etablissement
    champs = {
        "compte": administrateur.compte.pk,
        "etablissement": etablissement.pk,
        "portee": "etablissement",
        "debut": f"{timezone.localdate():%d/%m/%Y}",
    }
    adresse = reverse("admin:habilitations_affectation_add")
    reponse = administrateur.post(adresse, champs | {"role": "MEDCO"})
    assertContains(reponse, "Personne ne se donne un rôle")
    autre = CompteFactory()
    reponse = administrateur.post(adresse, champs | {"role": "MEDCO", "compte": autre.pk})
    assert reponse.status_code == 302
    donnee = Affectation.objects.get(compte=autre)
    assert donnee.history.get().history_user == administrateur.compte


def demandes(modele):
    """What an address may ask of each field of the model, and of the account behind a key."""
    for champ in modele._meta.get_fields():
        for suite in ("", "__startswith", "__isnull", "__has_key", "__password__startswith"):
            yield champ.name, f"{champ.name}{suite}"


@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m.__name__)
def test_une_adresse_ne_filtre_que_par_ce_que_la_page_propose(modele, rf):
    presentation, request = site._registry[modele], rf.get("/")
    montres = {*presentation.list_filter, *presentation.search_fields}
    permises = {
        demande
        for champ, demande in demandes(modele)
        if presentation.lookup_allowed(demande, "x", request)
    }
    assert {d.partition("__")[0] for d in permises} <= {m.partition("__")[0] for m in montres}
    assert not [d for d in permises if d.endswith("startswith") or d.endswith("has_key")]


def test_personne_ne_devine_une_empreinte_ni_un_envoi_lettre_par_lettre(administrateur):
    MessageSortant.objects.create(type="essai", dossier=DossierFactory(), charge={"nom": "Roy"})
    secrets = {
        Compte: ("password__startswith", "argon2"),
        Affectation: ("compte__password__startswith", "argon2"),
        MessageSortant: ("charge__nom__startswith", "R"),
    }
    for modele, (champ, valeur) in secrets.items():
        assert administrateur.get(liste(modele), {champ: valeur}).status_code == 400, champ
    assert administrateur.get(liste(Compte), {"is_active__exact": "1"}).status_code == 200
    assert administrateur.get(liste(Affectation), {"role__code__exact": "AS"}).status_code == 200


def saisie(affectation, **champs) -> dict:
    return {
        "compte": affectation.compte_id,
        "role": affectation.role_id,
        "etablissement": affectation.etablissement_id,
        "portee": affectation.portee,
        "debut": f"{timezone.localdate():%d/%m/%Y}",
    } | champs


def test_personne_ne_prolonge_sa_propre_affectation(administrateur):
    sienne = Affectation.objects.get()
    sienne.fin = timezone.localdate()
    sienne.save()
    reponse = administrateur.post(fiche(sienne), saisie(sienne, fin="31/12/2099"))
    assert reponse.status_code == 403
    sienne.refresh_from_db()
    assert sienne.fin == timezone.localdate()
    role = {"role": "ADMIN_SI", "etablissement": EtablissementFactory().pk}
    ajout = administrateur.post(
        reverse("admin:habilitations_affectation_add"), saisie(sienne, **role)
    )
    assertContains(ajout, "Personne ne se donne un rôle")
    assert Affectation.objects.filter(compte=administrateur.compte).count() == 1


def test_l_administrateur_d_une_maison_ne_donne_ni_ne_prend_rien_dans_une_autre(administrateur):
    ici, ailleurs = Affectation.objects.get(), AffectationFactory(role="AS")
    adresse = reverse("admin:habilitations_affectation_add")
    complice = CompteFactory()
    voulue = saisie(ici, compte=complice.pk, role="MEDCO", etablissement=ailleurs.etablissement_id)
    assertContains(administrateur.post(adresse, voulue), "Vous ne pouvez pas donner ce rôle")
    assert not Affectation.objects.filter(compte=complice).exists()
    etablissement = {"etablissement": ici.etablissement_id}
    reprise = administrateur.post(fiche(ailleurs), saisie(ailleurs, **etablissement))
    assert reprise.status_code == 403
    assert administrateur.get(fiche(ailleurs)).status_code == 200
    de_la_maison = AffectationFactory(role="AS", etablissement=ici.etablissement)
    portes = {"etablissement": ailleurs.etablissement_id}
    depart = administrateur.post(fiche(de_la_maison), saisie(de_la_maison, **portes))
    assertContains(depart, "Vous ne pouvez pas donner ce rôle")
    assert administrateur.post(fiche(de_la_maison), saisie(de_la_maison)).status_code == 302


@pytest.mark.parametrize("debut", ["01/01/1900", "31/12/9999"])
def test_un_acces_ne_se_date_ni_du_passe_ni_de_dans_des_annees(administrateur, debut):
    ici, nouveau = Affectation.objects.get(), CompteFactory()
    voulue = saisie(ici, compte=nouveau.pk, role="AS", debut=debut)
    page = administrateur.post(reverse("admin:habilitations_affectation_add"), voulue)
    assertContains(page, "Entre le ")
    assert not Affectation.objects.filter(compte=nouveau).exists()


def test_un_superutilisateur_se_donne_le_seul_role_technique():
    compte = CompteFactory(is_staff=True, is_superuser=True)
    client, adresse = connecter(compte), reverse("admin:habilitations_affectation_add")
    modele = AffectationFactory.build(compte=compte, etablissement=EtablissementFactory())
    refus = client.post(adresse, saisie(modele, role="MEDCO"))
    assertContains(refus, "Personne ne se donne un rôle")
    assert client.post(adresse, saisie(modele, role="ADMIN_SI")).status_code == 302


def test_un_administrateur_ne_fait_ni_superutilisateur_ni_mot_de_passe(administrateur):
    adresse = reverse("admin:socle_compte_add")
    champs = {"username": "lila.roy", "is_superuser": "on", "is_staff": "on", "is_active": "on"}
    assert administrateur.post(adresse, champs).status_code == 302
    compte = Compte.objects.get(username="lila.roy")
    assert not compte.is_superuser and not compte.is_staff and not compte.has_usable_password()


def test_rien_ne_se_supprime_et_l_histoire_se_lit_seulement(administrateur):
    affectation = Affectation.objects.get()
    assert administrateur.post(fiche(affectation, "delete"), {"post": "yes"}).status_code == 403
    page = administrateur.get(fiche(affectation, "history"))
    assertContains(page, "Créé")
    assertNotContains(page, "<form")
    acte = {"action": "delete_selected", "_selected_action": [affectation.pk], "post": "yes"}
    administrateur.post(liste(Affectation), acte)
    assert Affectation.objects.filter(pk=affectation.pk).exists()


def test_un_message_abandonne_repart_sur_decision(administrateur):
    abandonne = MessageSortant.objects.create(type="essai", etat="abandonne", tentatives=12)
    parti = MessageSortant.objects.create(type="essai", etat="envoye")
    acte = {"action": "reessayer", "_selected_action": [abandonne.pk, parti.pk]}
    assert administrateur.post(liste(MessageSortant), acte).status_code == 302
    abandonne.refresh_from_db()
    parti.refresh_from_db()
    assert (abandonne.etat, abandonne.tentatives, parti.etat) == ("attente", 0, "envoye")


def test_la_liste_des_affectations_coute_autant_pour_trois_que_pour_trente(administrateur):
    def cout():
        with CaptureQueriesContext(connection) as requetes:
            administrateur.get(liste(Affectation))
        return len(requetes)

    avant = cout()
    AffectationFactory.create_batch(30, etablissement=Affectation.objects.get().etablissement)
    assert cout() == avant <= 15


@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m.__name__)
def test_chaque_fiche_et_chaque_formulaire_obeissent_a_la_politique_de_contenu(
    administrateur, modele
):
    """The client of the tests refuses any inline script or style."""
    ajout = reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_add")
    attendu = 200 if site._registry[modele].modifiable else 403
    assert administrateur.get(ajout).status_code == attendu
    if objet := modele._default_manager.order_by("pk").first():
        assert administrateur.get(fiche(objet)).status_code == 200
