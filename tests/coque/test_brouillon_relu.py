"""Un brouillon se relit en entier, même quand sa page ne le prend plus."""

import importlib

import pytest
from django.apps import apps
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Transmission
from dui.socle.models import Brouillon
from habilitations.models import Interdiction
from tests.accompagnement.factories import AbsenceFactory, TransmissionFactory
from tests.agenda.factories import RendezVousFactory
from tests.habilitations.factories import AffectationFactory
from tests.outils import formulaire_de
from tests.projets.factories import ProjetFactory, objectifs
from tests.projets.factories import brouillon as version_en_preparation
from tests.socle.factories import CompteFactory, DossierFactory
from tests.tours.factories import ActePlanifieFactory

pytestmark = pytest.mark.django_db
TEXTE = "Une phrase tapée d’une main, puis une sonnette."


@pytest.fixture
def dossier():
    return DossierFactory()


def garder(client, adresse, **saisie):
    """What the script sends while one types; the form, to be sent then."""
    page = client.get(adresse)
    vers, champs = formulaire_de(page)
    envoi = {"Accept": "application/json", "Referer": f"http://testserver{adresse}"}
    reponse = client.post(page.context["redaction"].adresse, champs | saisie, headers=envoi)
    return vers, champs | saisie, reponse.json()["reprise"]


def miens(client):
    return Brouillon.objects.visibles(client.habilitation)


@pytest.mark.parametrize(
    ("etat", "geste"),
    [("ANNULE", "modifier"), ("REALISE", "modifier"), ("ANNULE", "conclure")],
)
@pytest.mark.parametrize("script", [True, False])
def test_ce_qui_arrive_trop_tard_a_l_agenda_se_relit_et_ne_disparait_pas(
    en_tant_que, dossier, etat, geste, script
):
    client = en_tant_que(dossier, role="IDEC")
    demain = {"demain": True} if geste == "modifier" else {}
    rendez_vous = RendezVousFactory(dossiers=[dossier], **demain)
    champ = "commentaire" if geste == "modifier" else "compte_rendu"
    adresse = f"/agenda/{rendez_vous.pk}/{geste}/"
    vers, champs, _ = garder(client, adresse, **{champ: TEXTE})
    if not script:
        Brouillon.objects.all().delete()
    rendez_vous.statut, rendez_vous.motif = etat, "Grève"
    rendez_vous.save()
    page = client.post(vers, champs, follow=True)
    assertContains(page, "Ce que vous avez envoyé est gardé")
    relu = client.get(f"/brouillons/{miens(client).get().pk}/")
    assertContains(relu, TEXTE)


def test_une_redirection_sans_rien_d_enregistre_garde_le_brouillon(en_tant_que, dossier):
    """Le retour que je note l’est déjà : ce que j’en disais reste."""
    client = en_tant_que(dossier, role="IDE")
    absence = AbsenceFactory(dossier=dossier)
    vers, champs, _ = garder(client, f"/dossiers/{dossier.pk}/absence/")
    absence.delete()
    assert client.post(vers, champs).status_code == 302
    assert miens(client).get().clos_le is None


def test_chaque_champ_se_relit_sous_son_nom_et_chaque_choix_en_mots(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDEC")
    adresse = "/agenda/nouveau/"
    _, _, reprise = garder(client, adresse, commentaire=TEXTE, participants=str(dossier.pk))
    relu = client.get(f"/brouillons/{miens(client).get().pk}/")
    for mot in ("Nouveau rendez-vous", "À savoir", TEXTE, dossier.usager.nom_naissance):
        assertContains(relu, mot)
    assertContains(relu, reprise.replace("&", "&amp;"))
    assertNotContains(relu, "csrfmiddlewaretoken</dt>")
    assertNotContains(relu, str(dossier.pk))


def test_deux_questions_du_meme_nom_se_distinguent(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    quand = {"famille_le": "02/11/2026 10:00", "medecin_le": "02/11/2026 11:00"}
    garder(client, f"/dossiers/{dossier.pk}/evenements/nouveau/chute/", **quand)
    relu = client.get(f"/brouillons/{miens(client).get().pk}/")
    assertContains(relu, "<dt>Famille · Quand</dt><dd>02/11/2026 10:00</dd>")
    assertContains(relu, "<dt>Médecin · Quand</dt><dd>02/11/2026 11:00</dd>")


def test_une_personne_dont_le_dossier_s_est_ferme_n_y_est_plus_nommee(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDEC")
    rendez_vous = RendezVousFactory(dossiers=[dossier])
    participation = rendez_vous.participations.get()
    saisie = {f"note_{participation.pk}": TEXTE}
    garder(client, f"/agenda/{rendez_vous.pk}/conclure/", **saisie)
    page = f"/brouillons/{miens(client).get().pk}/"
    assertContains(client.get(page), dossier.usager.nom_naissance)
    Interdiction.objects.create(
        compte=client.compte, dossier=dossier, origine="personne", decidee_par=CompteFactory()
    )
    relu = client.get(page)
    assertContains(relu, TEXTE)
    assertNotContains(relu, dossier.usager.nom_naissance)


def test_le_brouillon_d_un_collegue_est_introuvable_et_le_mien_se_jette(en_tant_que, dossier):
    client, collegue = (en_tant_que(dossier, role="IDE") for _ in range(2))
    garder(client, f"/dossiers/{dossier.pk}/transmissions/nouvelle/", donnees=TEXTE)
    page = f"/brouillons/{miens(client).get().pk}/"
    assert collegue.get(page).status_code == 404
    assertContains(client.get("/brouillons/"), f'href="{page}"')
    jeter, champs = formulaire_de(client.get(page), action=f"{page}jeter/")
    client.post(jeter, champs)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("noms", ["", "[", "[1,2,3]", "[[],[],[[1,2,3,4]]]", '{"a":1}', "[" * 9000])
def test_des_noms_illisibles_ne_perdent_pas_le_texte(en_tant_que, dossier, noms):
    client = en_tant_que(dossier, role="IDE")
    adresse = f"/dossiers/{dossier.pk}/transmissions/nouvelle/"
    garder(client, adresse, donnees=TEXTE, _libelles=noms)
    relu = client.get(f"/brouillons/{miens(client).get().pk}/")
    assertContains(relu, "Donnees")
    assertContains(relu, TEXTE)


def test_un_nom_que_la_base_refuse_ne_fait_pas_de_panne(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    noms = r'[[[]],["\u0000"],[["donnees","Don\u0000n\ud800ées",0,0]]]'
    adresse = f"/dossiers/{dossier.pk}/transmissions/nouvelle/"
    garder(client, adresse, donnees=TEXTE, _libelles=noms)
    assertContains(client.get(f"/brouillons/{miens(client).get().pk}/"), "Données")


def test_un_brouillon_d_avant_se_relit_en_entier(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    ancien = Brouillon.objects.create(
        compte=client.compte,
        formulaire="Convoquer une réunion",
        chemin="/reunions/nouvelle/",
        extrait=TEXTE,
        saisies={"ordre_du_jour": [TEXTE * 9], "cle_saisie": ["à ne pas lire"], "version": ["3"]},
    )
    relu = client.get(f"/brouillons/{ancien.pk}/")
    assertContains(relu, "Ordre du jour")
    assertContains(relu, TEXTE * 9)
    assertNotContains(relu, "à ne pas lire")


def test_un_brouillon_d_avant_prend_la_maison_de_qui_n_en_a_jamais_eu_qu_une(dossier):
    maison = dossier.sejours.get().etablissement
    seul, deux = AffectationFactory.create_batch(2, etablissement=maison)
    AffectationFactory(compte=deux.compte)
    for compte in (seul.compte, deux.compte):
        Brouillon.objects.create(compte=compte, formulaire="Convoquer une réunion")
    migration = importlib.import_module("habilitations.migrations.0011_maison_des_brouillons")
    migration.situer(apps, None)
    assert Brouillon.objects.get(compte=seul.compte).etablissement == maison
    assert Brouillon.objects.get(compte=deux.compte).etablissement is None


# ---------------------------------------------------------------- what a draft is known by


def test_une_visite_commencee_se_reprend_comme_une_visite(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDEC")
    adresse = f"/dossiers/{dossier.pk}/agenda/nouveau/?nature=visite"
    _, _, reprise = garder(client, adresse, commentaire=TEXTE)
    page = client.get(reprise)
    assert page.context["titre"] == "Nouvelle visite à domicile"
    assertContains(page, TEXTE)


def test_ce_qui_precise_la_page_revient_avec_son_brouillon(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    adresse = f"/dossiers/{dossier.pk}/transmettre/?source=evenement&objet={dossier.pk}"
    _, _, reprise = garder(client, adresse, texte=TEXTE)
    assert reprise.startswith(f"{adresse}&brouillon=")
    trop_long = f"/dossiers/{dossier.pk}/transmettre/?source={'x' * 900}"
    _, _, reprise = garder(client, trop_long, texte=TEXTE)
    assert reprise.startswith(f"/dossiers/{dossier.pk}/transmettre/?brouillon=")


def test_l_adresse_d_un_brouillon_ne_dit_rien_de_ce_qui_s_ecrit(en_tant_que, dossier):
    client = en_tant_que(dossier, role="PSYCHOLOGUE")
    projet = ProjetFactory(dossier=dossier)
    version_en_preparation(projet)
    objectif = objectifs(projet)[0]
    element = f"/dossiers/{dossier.pk}/projets/{projet.pk}/preparer/objectif/{objectif['id']}/"
    page = client.get(element)
    assert page.context["titre"] != "" and "formulaire=" not in page.context["redaction"].adresse
    _, _, reprise = garder(client, element, titre=TEXTE)
    assert miens(client).get().formulaire == page.context["titre"]
    # A colleague renames it meanwhile: the draft comes back all the same.
    Brouillon.objects.update(formulaire="Objectif : un autre nom")
    assertContains(client.get(element), "Reprendre le brouillon")
    assertContains(client.get(reprise), TEXTE)


def test_deux_textes_sous_un_meme_projet_ne_sont_pas_une_meme_ligne(en_tant_que, dossier):
    client = en_tant_que(dossier, role="PSYCHOLOGUE")
    projet = ProjetFactory(dossier=dossier)
    version_en_preparation(projet)
    adresse = f"/dossiers/{dossier.pk}/projets/{projet.pk}/preparer/attente/nouveau/"
    saisie = {"origine": "usager", "description": TEXTE}
    garder(client, adresse, **saisie)
    vers, champs, _ = garder(client, adresse, **saisie)
    reponse = client.post(vers, champs)
    assert reponse.status_code == 302, reponse.context["formulaire"].errors
    assert miens(client).count() == 1


def test_deux_points_d_etape_d_un_objectif_sont_deux_textes(en_tant_que, dossier):
    client = en_tant_que(dossier, role="PSYCHOLOGUE")
    projet = ProjetFactory(dossier=dossier)
    objectif = objectifs(projet)[0]["id"]
    adresse = f"/dossiers/{dossier.pk}/projets/{projet.pk}/suivre/{objectif}/"
    garder(client, adresse, constat="L’autre onglet.")
    vers, champs, _ = garder(client, adresse, constat=TEXTE, pourcentage="60")
    reponse = client.post(vers, champs)
    assert reponse.status_code == 302, reponse.context["formulaire"].errors
    assert miens(client).count() == 1


def test_deux_onglets_d_un_meme_tour_gardent_deux_textes(en_tant_que, dossier):
    client = en_tant_que(dossier, role="AS")
    ActePlanifieFactory(dossier=dossier)
    adresse = client.get("/tours/", {"unite": dossier.sejours.get().unite_id}).url
    garder(client, adresse)
    vers, champs, _ = garder(client, adresse)
    reponse = client.post(vers, champs)
    assert reponse.status_code == 302, reponse.context["formulaire"].errors
    assert miens(client).count() == 1


def test_la_ligne_relue_puis_enregistree_oublie_ses_autres_brouillons(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    ligne = TransmissionFactory(dossier=dossier, auteur=client.compte, cible="alimentation")
    adresse = f"/dossiers/{dossier.pk}/transmissions/{ligne.pk}/corriger/"
    garder(client, adresse, donnees="L’autre onglet.")
    vers, champs, _ = garder(client, adresse, donnees=TEXTE, motif="Erreur de saisie")
    reponse = client.post(vers, champs)
    assert reponse.status_code == 302, reponse.context["formulaire"].errors
    assert Transmission.objects.filter(donnees=TEXTE).exists()
    assert not miens(client).exists()
