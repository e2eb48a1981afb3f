"""Les pages de la cellule, et ce que répond l’adresse d’un dossier réuni à un autre."""

from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accompagnement.models import Transmission
from administratif.doublons import services
from admission.creation import lectures as creation
from admission.creation.criteres import Criteres
from dui.coque.lectures import chercher
from dui.socle.models import Doublon, EntreeJournal, Fusion, SaisieEnAttente, Usager
from habilitations.politique import Habilitation
from tests.accompagnement.factories import TransmissionFactory
from tests.admission.conftest import Secretariat
from tests.admission.listes import liste
from tests.coque.test_nombre_de_requetes import CONTROLE, MAXIMUM
from tests.doublons.factories import (
    MOTIF,
    cellule,
    dossier,
    fusionner,
    paire,
    proposer,
    vivre,
)
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, formulaire_de

pytestmark = pytest.mark.django_db
LISTE = "/identitovigilance/doublons/"


@pytest.fixture
def referent(a, b):
    return connecter(cellule(a, b).compte)


def page_de(doublon) -> str:
    return f"{LISTE}{doublon.pk}/"


def envoyer(client, doublon, geste, **saisie):
    page = client.get(page_de(doublon))
    adresse, champs = formulaire_de(page, f"{page_de(doublon)}{geste}/")
    return client.post(adresse, champs | saisie)


def requetes(client, adresse) -> list[str]:
    client.get(adresse)
    with CaptureQueriesContext(connection) as capture:
        assert client.get(adresse).status_code == 200
    return [q["sql"][:230] for q in capture if not q["sql"].startswith(CONTROLE)]


# ------------------------------------------------------------------ la cellule


def test_de_la_liste_a_la_fusion_approuvee_par_une_autre(a, b, referent):
    doublon = paire(a, b)
    assertContains(referent.get(LISTE), "LE GOF")
    reponse = envoyer(referent, doublon, "proposer", retenu=[str(a.pk)], motif=[MOTIF])
    assertRedirects(reponse, page_de(doublon))
    page = referent.get(page_de(doublon))
    assertContains(page, "Retirer ma proposition")
    assertNotContains(page, "Approuver la fusion")
    autre = connecter(cellule(a, b).compte)
    assertContains(autre.get(page_de(doublon)), MOTIF.split(",")[0])
    envoyer(autre, doublon, "approuver")
    b.refresh_from_db()
    assert b.fusionne_dans == a
    assertContains(autre.get(page_de(doublon)), "n’en font plus qu’un")


def test_ce_qu_une_collegue_propose_attend_sur_mon_poste_et_a_l_accueil_de_la_cellule(a, b):
    doublon, moi = paire(a, b), cellule(a, b)
    proposer(doublon, a)
    for page in ("/", "/identitovigilance/"):
        assertContains(connecter(moi.compte).get(page), LISTE)
    assertContains(connecter(moi.compte).get("/identitovigilance/"), "Fusion à approuver")
    approuver = services.approuver(moi, doublon.pk)
    assertNotContains(connecter(moi.compte).get("/identitovigilance/"), "à approuver")
    services.proposer_defusion(moi, doublon.pk, motif="Ce sont deux sœurs, vues ici.")
    assertNotContains(connecter(moi.compte).get("/identitovigilance/"), "à approuver")
    collegue = connecter(approuver.propose_par).get("/identitovigilance/")
    assertContains(collegue, "Défusion à approuver")
    services.approuver(Habilitation(approuver.propose_par), doublon.pk)
    for compte in (moi.compte, approuver.propose_par):  # two records again: somebody judges
        assertContains(connecter(compte).get("/identitovigilance/"), page_de(doublon))


def test_celui_qui_propose_lit_un_refus_s_il_force_l_approbation(a, b, referent):
    doublon = paire(a, b)
    envoyer(referent, doublon, "proposer", retenu=[str(a.pk)], motif=[MOTIF])
    jeton = formulaire_de(referent.get(page_de(doublon)), f"{page_de(doublon)}refuser/")[1]
    reponse = referent.post(f"{page_de(doublon)}approuver/", jeton)
    assertContains(reponse, "Une autre personne", status_code=403)
    assert EntreeJournal.objects.filter(action="refus", acteur=referent.compte).exists()


def test_la_page_montre_les_differences_et_propose_la_plus_sure(b, referent, a):
    usager = Usager.objects.get(pk=b.usager_id)
    usager.identite_validee = True
    usager.save()
    page = referent.get(page_de(paire(a, b)))
    assertContains(page, "Différent")
    assertContains(page, "Identique")
    _, champs = formulaire_de(page, f"{page_de(Doublon.objects.get())}proposer/")
    assert champs["retenu"] == [str(b.pk)]


def test_la_page_ne_montre_aucune_donnee_de_soin(a, b, referent):
    vivre(a, rang=1)
    TransmissionFactory(dossier=a, donnees="Refuse de manger depuis lundi.")
    page = referent.get(page_de(paire(a, b))).content.decode()
    for secret in ("Refuse de manger", "Veilleuse", "Elle a bien", "Durand", "CABINET DU PORT"):
        assert secret not in page
    assert "Transmissions ciblées" in page  # a number of rows


def test_les_sejours_d_une_maison_que_l_on_ne_suit_pas_ne_se_montrent_pas(a, b):
    client = connecter(cellule(a).compte)
    page = client.get(page_de(paire(a, b)))
    assertContains(page, str(a.sejours.get().etablissement))
    assertNotContains(page, str(b.sejours.get().etablissement))
    assertContains(page, "LE GOF")


def test_deux_qualifiees_differentes_se_lisent_sans_formulaire_de_fusion():
    un, deux = (
        dossier(
            ins_recuperee=True, identite_validee=True, matricule_ins=m,
            oid_ins="1.2.250.1.213.1.4.11",
        )
        for m in ("236045935001144", "236045935001241")
    )  # fmt: skip
    page = connecter(cellule(un, deux).compte).get(page_de(paire(un, deux)))
    assertContains(page, "matricules différents")
    assertNotContains(page, "Proposer la fusion")


@pytest.mark.parametrize(
    ("autre", "verdict"), [("236045935001144", "Identique"), ("236045935001241", "Différent")]
)
def test_deux_matricules_non_montres_se_comparent_quand_meme(autre, verdict):
    """Récupérés ou reçus, non qualifiés : ils ne s’affichent pas, l’écart se lit."""
    oid = "1.2.250.1.213.1.4.11"
    un = dossier(matricule_ins="236045935001144", oid_ins=oid, ins_recuperee=True)
    deux = dossier(matricule_ins=autre, oid_ins=oid)
    page = connecter(cellule(un, deux).compte).get(page_de(paire(un, deux)))
    ligne = page.content.decode().partition(">INS<")[2].partition("</tr>")[0]
    assert verdict in ligne and ligne.count("non montré") == 2
    assert "23604" not in page.content.decode()


def test_un_motif_trop_court_revient_avec_ce_qui_est_tape(a, b, referent):
    doublon = paire(a, b)
    reponse = envoyer(referent, doublon, "ecarter", motif=["Non."])
    assertContains(reponse, "Non.", status_code=422)
    doublon.refresh_from_db()
    assert doublon.etat == "a_examiner"
    envoyer(referent, doublon, "ecarter", motif=["Deux sœurs, vues ensemble ici."])
    assertContains(referent.get(f"{LISTE}?etat=distinctes"), "LE GOF")


def test_lire_une_paire_se_lit_au_journal_de_chaque_dossier(a, b, referent):
    referent.get(page_de(paire(a, b)))
    for d in (a, b):
        ligne = EntreeJournal.objects.get(dossier=d)
        assert (ligne.cible, ligne.titre_acces) == ("doublons:paire", "identitovigilance")


@pytest.mark.lent
def test_les_pages_se_contentent_de_quinze_requetes(a, b, referent):
    auteur = vivre(a, rang=1)
    vivre(b, auteur, rang=2)
    doublon = paire(a, b)
    for adresse in (LISTE, page_de(doublon)):
        lues = requetes(referent, adresse)
        assert len(lues) <= MAXIMUM, "\n".join(lues)
    proposer(doublon, a)
    assert len(requetes(referent, page_de(doublon))) <= MAXIMUM
    envoyer(referent, doublon, "approuver")
    TransmissionFactory(dossier=a)
    lues = requetes(referent, page_de(doublon))
    assert len(lues) <= MAXIMUM, "\n".join(lues)


def test_la_page_liste_ce_qui_est_ecrit_depuis_sans_son_texte(a, b, referent):
    doublon, _ = fusionner(a, b)
    ligne = TransmissionFactory(dossier=a, donnees="Refuse de manger.")
    page = referent.get(page_de(doublon))
    assertContains(page, "Transmission")
    assertContains(page, str(ligne.auteur))
    assertNotContains(page, "Refuse de manger")


def test_la_collision_se_signale_depuis_l_identite(a, en_tant_que):
    client = en_tant_que(a, role="SECRETAIRE")
    signaler = client.get(reverse("administratif:identite_signaler", args=[a.pk]))
    adresse = reverse("doublons:collision", args=[a.pk])
    assertContains(signaler, adresse)
    page, texte = client.get(adresse), "Deux dates de naissance dans les courriers."
    client.post(*_rempli(page, texte))
    referent = connecter(cellule(a).compte)
    assertContains(referent.get(LISTE), texte)
    assertContains(referent.get(page_de(Doublon.objects.get())), texte)


def _rempli(page, texte):
    adresse, champs = formulaire_de(page)
    return adresse, champs | {"texte": [texte]}


# ------------------------------------------------------------------ l’ancien dossier


def test_l_adresse_de_l_ancien_dossier_mene_au_dossier_garde_avec_un_mot(a, b, en_tant_que):
    client = en_tant_que(a)
    fusionner(a, b)
    reponse = client.get(f"/dossiers/{b.pk}/transmissions/?brouillon=1")
    assert reponse.url == f"/dossiers/{a.pk}/transmissions/?brouillon=1"
    assertContains(client.get(reponse.url), "Deux dossiers ont été réunis")


def test_qui_n_ouvre_pas_le_dossier_garde_ne_trouve_rien(a, b, en_tant_que):
    etranger = en_tant_que(dossier())
    fusionner(a, b)
    assert etranger.get(f"/dossiers/{b.pk}/").status_code == 404


def test_le_portail_aussi_mene_au_dossier_garde(a, b, sur_le_portail):
    client = sur_le_portail(b)
    fusionner(a, b)
    reponse = client.get(f"/portail/{b.pk}/")
    assert reponse.status_code == 302 and str(a.pk) in reponse.url


def test_ce_que_l_on_envoyait_a_l_ancien_dossier_attend_et_s_enregistre_sous_le_garde(
    a, b, en_tant_que
):
    client = en_tant_que(b)
    adresse, champs = formulaire_de(client.get(f"/dossiers/{b.pk}/transmissions/nouvelle/"))
    champs |= {"cible": ["alimentation"], "donnees": ["A bien mangé à midi."]}
    fusionner(a, b)
    reponse = client.post(adresse, champs)
    assert urlsplit(reponse.url).path.startswith("/reprise/")
    saisie = SaisieEnAttente.objects.get()
    page = client.get(reponse.url)
    assertContains(page, "A bien mangé à midi.")
    rejouee, gardes = formulaire_de(page, saisie.chemin)
    assert str(a.pk) in rejouee
    client.post(rejouee, gardes)
    assert Transmission.objects.get().dossier == a


def test_des_traits_lus_sur_l_ancienne_identite_ne_remplacent_pas_ceux_de_la_gardee(
    a, b, en_tant_que
):
    """Même numéro de version des deux côtés : c’est un conflit, jamais un écrasement."""
    client = en_tant_que(b, role="SECRETAIRE")
    adresse, champs = formulaire_de(client.get(f"/dossiers/{b.pk}/identite/traits/"))
    champs |= {"motif": ["Lu sur le livret."], "nom_naissance": ["LE GOFFIC"]}
    fusionner(a, b)
    saisie = client.post(adresse, champs).url
    rejouee, gardes = formulaire_de(client.get(saisie), SaisieEnAttente.objects.get().chemin)
    assert client.post(rejouee, gardes).status_code == 409
    assert Usager.objects.get(pk=a.usager_id).nom_naissance == "LE GOFF"


def test_le_numero_et_les_anciens_traits_trouvent_le_dossier_garde(a, b, en_tant_que):
    h = en_tant_que(a).habilitation
    usager = Usager.objects.get(pk=b.usager_id)
    usager.nom_naissance, usager.date_naissance = "ZOUAOUI", "1936-09-04"
    usager.save()
    fusionner(a, b)
    for texte in (b.numero, "zouaoui", "04/09/1936", a.numero, "le goff"):
        assert [r["dossier"] for r in chercher(h, texte)] == [a], texte


def test_la_recherche_avant_creation_montre_la_personne_une_fois(a, b):
    fusionner(a, b)
    maison = a.sejours.first().etablissement
    h = cellule(a)
    criteres = Criteres(b.usager.date_naissance, nom="LEG", prenom="YVO")
    assert [p.dossier for p in creation.chercher(h, maison, criteres)] == [a]


def test_une_liste_importee_ne_recree_pas_quelqu_un_sous_ses_anciens_traits(
    a, b, settings, tmp_path
):
    """Ses anciens traits mènent à l’identité gardée, que l’import reconnaît."""
    settings.MEDIA_ROOT = tmp_path
    fusionner(a, b)
    maison = a.sejours.order_by("entree_le", "pk").first().etablissement
    ligne = ["LE GOF", "YVONNE MARIE", "F", "09/04/1936", "59350"]
    importation = Secretariat(maison).importer(liste(ligne))
    assert (importation.creees, importation.ignorees) == (0, 1)
    assert Usager.objects.count() == 2


def test_trois_acteurs_la_cellule_celui_qui_signale_l_etranger(a, b):
    doublon = paire(a, b)
    maison = a.sejours.get().etablissement
    secretaire = connecter(AffectationFactory(role="SECRETAIRE", etablissement=maison).compte)
    etranger = connecter(cellule(dossier()).compte)
    assert connecter(cellule(a).compte).get(page_de(doublon)).status_code == 200
    assert secretaire.get(page_de(doublon)).status_code == 403
    assert etranger.get(page_de(doublon)).status_code == 404
    assertNotContains(etranger.get(LISTE), "LE GOF")
    assert not Fusion.objects.exists()
