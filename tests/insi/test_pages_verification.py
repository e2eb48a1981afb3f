"""Vérifier l’INS : une identité devant soi, ou un lot que la cellule demande."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dui.socle import sortants, tasks
from dui.socle.models import (
    AppelInsi,
    LotVerification,
    MessageSortant,
    Usager,
    VerificationDemandee,
)
from tests.habilitations.factories import AffectationFactory
from tests.identite.outils import relu
from tests.insi.pages import adresse, cliquer, personne, texte
from tests.outils import connecter, formulaire_de
from tests.socle.factories import EtablissementFactory, SejourFactory

pytestmark = pytest.mark.django_db
ADRUN, CORSE = "275126322074974", "180032B02040123"
PAGE = reverse("administratif:verifications_ins")


@pytest.fixture(autouse=True)
def sans_coup_de_coude(monkeypatch):
    monkeypatch.setattr(tasks.relever, "apply_async", lambda **_: None)


def verifier(client, dossier):
    return cliquer(client, adresse("", dossier), adresse("_insi_verifier", dossier))


# ------------------------------------------------------------ one


@pytest.mark.parametrize(
    ("avant", "matricule", "apres", "garde", "mots"),
    [
        ("QUAL", ADRUN, "QUAL", True, "INS confirmée"),
        ("RECUP", ADRUN, "RECUP", True, "INS confirmée"),
        ("QUAL", CORSE, "VALI", False, "INS refusée"),
        ("RECUP", CORSE, "PROV", False, "INS refusée"),
    ],
)
def test_oui_se_note_et_non_fait_redescendre_comme_le_dit_la_table(
    avant, matricule, apres, garde, mots, en_tant_que, ouvert
):
    dossier = personne("ADRUN", avant, matricule=matricule)
    client = en_tant_que(dossier, role="SECRETAIRE")
    assert "Interroger INSi" not in texte(client.get(adresse("", dossier)))
    assert mots in texte(verifier(client, dossier))
    usager = relu(dossier)
    assert (usager.statut_identite, bool(usager.matricule_ins)) == (apres, garde)
    assert AppelInsi.objects.get().nature == "verification"


def test_une_panne_n_est_pas_un_refus(en_tant_que, ouvert, insi):
    insi.travers.effet = "indisponible"
    dossier = personne("ADRUN", "QUAL", matricule=ADRUN)
    page = verifier(en_tant_que(dossier, role="SECRETAIRE"), dossier)
    assert "momentanément indisponible" in texte(page)
    assert relu(dossier).statut_identite == "QUAL"


def test_l_identite_corrigee_pendant_la_verification_ne_redescend_pas(
    en_tant_que, ouvert, monkeypatch
):
    from dui.connecteurs.insi import ClientInsi

    dossier = personne("ADRUN", "QUAL", matricule=CORSE)
    demander = ClientInsi.verifier

    def changer(client, identite):
        rendu = demander(client, identite)
        lignes = Usager.objects.filter(pk=dossier.usager_id)
        lignes.update_sans_historique(motif="essai", version=5, matricule_ins=ADRUN)
        return rendu

    monkeypatch.setattr(ClientInsi, "verifier", changer)
    verifier(en_tant_que(dossier, role="SECRETAIRE"), dossier)
    assert (relu(dossier).statut_identite, relu(dossier).matricule_ins) == ("QUAL", ADRUN)


# ------------------------------------------------------------ a batch


@pytest.fixture
def maison(ouvert):
    """Two qualified identities of one house: INSi confirms the first, not the second."""
    bonne = personne("ADRUN", "QUAL", matricule=ADRUN, commune_naissance="Clermont-Ferrand")
    fausse = personne("CORSE", "QUAL", matricule="180032B02040200")
    SejourFactory(
        dossier=fausse, etablissement=bonne.sejours.get().etablissement, unite=None, place=None
    )
    return bonne, fausse


@pytest.fixture
def cellule(maison, en_tant_que):
    return en_tant_que(maison[0], role="IDENTITOVIG")


def demander(client, depuis=None):
    action, lus = formulaire_de(client.get(PAGE))
    jour = depuis or timezone.localdate() - timedelta(days=1)
    return client.post(action, lus | {"depuis": f"{jour:%d/%m/%Y}"}, follow=True)


def test_un_lot_avance_par_la_boite_d_envoi_et_le_refus_est_a_reprendre(maison, cellule):
    bonne, fausse = maison
    assert "0 sur 2" in texte(demander(cellule))
    assert relu(fausse).statut_identite == "QUAL"  # nothing leaves in the request
    assert sortants.relever(1) == 1
    assert "1 sur 2" in texte(cellule.get(PAGE))
    sortants.relever()
    page = texte(cellule.get(PAGE))
    assert "terminée, 2 sur 2" in page and "1 INS refusée" in page
    assert "CORSE" in page.partition("À reprendre")[2].partition("Demander")[0]
    assert "ADRUN" not in page
    assert (relu(bonne).statut_identite, relu(fausse).statut_identite) == ("QUAL", "VALI")
    assert {a.par for a in AppelInsi.objects.all()} == {cellule.compte}
    assert all(
        set(m.charge) == {"verification"} and m.etat == "envoye"
        for m in MessageSortant.objects.all()
    )


def test_une_panne_fait_attendre_le_lot_puis_il_reprend_de_lui_meme(maison, cellule, insi):
    insi.travers.effet = "indisponible"
    demander(cellule)
    assert sortants.relever() == 1  # the queue stops at the first: INSi is not hammered
    assert "sera interrogé de nouveau" in texte(cellule.get(PAGE))
    insi.travers.effet = ""
    MessageSortant.objects.update(prochain_essai_le=timezone.now())
    assert sortants.relever() == 2
    assert "terminée, 2 sur 2" in texte(cellule.get(PAGE))


def test_un_reglage_faux_arrete_le_lot_jusqu_a_ce_que_quelqu_un_le_reprenne(
    maison, cellule, insi, settings, tmp_path
):
    bon, settings.INSI_CERTIFICAT = settings.INSI_CERTIFICAT, "/nulle/part.pem"
    demander(cellule)
    sortants.relever()
    assert sortants.relever() == 0
    page = cellule.get(PAGE)
    assert "Vérification arrêtée" in texte(page) and "absent ou illisible" in texte(page)
    settings.INSI_CERTIFICAT = bon
    lot = LotVerification.objects.get()
    assert "La vérification reprend" in cellule.post(
        PAGE, {"reprendre": lot.pk}, follow=True
    ).content.decode()  # fmt: skip
    assert sortants.relever() == 2


def test_un_message_rejoue_ne_verifie_pas_deux_fois(maison, cellule):
    demander(cellule)
    sortants.relever()
    appels = AppelInsi.objects.count()
    MessageSortant.objects.update(etat="attente")
    sortants.relever()
    assert AppelInsi.objects.count() == appels


def test_le_droit_perdu_depuis_la_demande_n_appelle_pas(maison, cellule, insi):
    demander(cellule)
    cellule.compte.is_active = False
    cellule.compte.save()
    sortants.relever()
    assert insi.recues == []
    assert set(VerificationDemandee.objects.values_list("resultat", flat=True)) == {"interdire"}


def test_seules_les_identites_qualifiees_depuis_ce_jour_se_verifient(maison, cellule, settings):
    demain = timezone.localdate() + timedelta(days=1)
    assert "Aucune identité" in texte(demander(cellule, demain))
    settings.INSI_LOT = 1
    assert "Plus de 1 identités" in texte(demander(cellule))
    assert not VerificationDemandee.objects.exists()


def test_un_lot_a_la_fois_et_jamais_par_des_recherches(maison, cellule, settings):
    demander(cellule)
    assert "déjà en cours" in texte(demander(cellule))
    VerificationDemandee.objects.all().delete()
    LotVerification.objects.all().delete()
    settings.INSI_PRODUCTION = True  # without the official schemas
    assert "schémas officiels" in texte(demander(cellule))
    assert not VerificationDemandee.objects.exists()


def test_qui_demande_un_lot(maison, en_tant_que, sur_le_portail):
    assert en_tant_que(maison[0], role="SECRETAIRE").get(PAGE).status_code == 403
    assert sur_le_portail(maison[0]).get(PAGE).status_code == 404
    ailleurs = en_tant_que(role="IDENTITOVIG")
    page = texte(ailleurs.get(PAGE))
    assert "ADRUN" not in page and "CORSE" not in page
    assert "Aucune identité" in texte(demander(ailleurs))


def test_on_ne_reprend_pas_le_lot_d_une_autre_maison(maison, cellule, en_tant_que):
    demander(cellule)
    lot = LotVerification.objects.get()
    ailleurs = en_tant_que(role="IDENTITOVIG")
    page = ailleurs.post(PAGE, {"reprendre": lot.pk}, follow=True)
    assert "Ce lot n’est pas" in page.content.decode()


def test_les_pages_ne_coutent_pas_plus_avec_le_nombre(
    maison, cellule, django_assert_max_num_queries
):
    demander(cellule)
    sortants.relever()
    # Fifteen, and the two savepoints of a test.
    with django_assert_max_num_queries(17):
        cellule.get(PAGE)
    secretaire = connecter(
        AffectationFactory(
            role="SECRETAIRE", etablissement=maison[0].sejours.get().etablissement
        ).compte
    )
    verifier(secretaire, maison[0])
    for page in ("", "_insi"):
        with django_assert_max_num_queries(17):
            secretaire.get(adresse(page, maison[0]))
    with django_assert_max_num_queries(17):
        cellule.get(adresse("_insi_appels", maison[0]))


def test_un_lot_est_demande_pour_la_maison_que_montrait_la_page(en_tant_que, ouvert, settings):
    """Le lieu de travail a changé dans un autre onglet."""
    dossier = personne("ADRUN", "QUAL")
    maison, ailleurs = dossier.sejours.get().etablissement, EtablissementFactory()
    client = en_tant_que(dossier, role="IDENTITOVIG")
    AffectationFactory(compte=client.compte, role="IDENTITOVIG", etablissement=ailleurs)
    client.cookies[settings.LIEU_COOKIE_NAME] = str(maison.pk)
    envoi, champs = formulaire_de(client.get(PAGE))
    client.cookies[settings.LIEU_COOKIE_NAME] = str(ailleurs.pk)
    client.post(envoi, champs | {"depuis": [f"{timezone.localdate():%d/%m/%Y}"]})
    assert LotVerification.objects.get().etablissement == maison
