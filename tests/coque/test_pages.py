import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import Brouillon, EntreeJournal
from tests.accompagnement.factories import AbsenceFactory, TransmissionFactory
from tests.habilitations.factories import AffectationFactory
from tests.outils import jeton_de
from tests.socle.factories import DossierFactory, SejourFactory, UniteFactory, UsagerFactory
from tests.soins.factories import VigilanceFactory


def test_l_accueil_montre_ce_qui_est_important_depuis_mon_poste(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    TransmissionFactory(dossier=dossier, urgente=True, donnees="Glycémie à 0,58.")
    page = client.get("/")
    assertContains(page, "Glycémie à 0,58.")
    assertContains(page, "J’ai lu")


@pytest.mark.parametrize("methode", ["get", "head"])
def test_lire_l_accueil_laisse_une_trace(en_tant_que, methode):
    getattr(en_tant_que(DossierFactory()), methode)("/")
    trace = EntreeJournal.objects.get()
    assert (trace.action, trace.cible) == ("lister", "accueil")


def test_un_compte_du_portail_est_conduit_au_portail(sur_le_portail):
    client = sur_le_portail(DossierFactory())
    assertRedirects(client.get("/"), "/portail/", fetch_redirect_response=False)


def test_le_tableau_suit_les_chambres_et_nomme_les_absents(en_tant_que):
    dossier = DossierFactory(usager=UsagerFactory(nom_naissance="AUBERT"))
    AbsenceFactory(dossier=dossier)
    page = en_tant_que(dossier, role="AS").get("/residents/")
    assertContains(page, "AUBERT")
    assertContains(page, "Hôpital")
    assertContains(en_tant_que(dossier, role="AS").get("/residents/?vue=cartes"), "AUBERT")


@pytest.mark.parametrize(
    "parametres", ["filtre=alerte", "filtre=x", "tri=-nom", "tri=gir", "tri=x"]
)
def test_le_tableau_accepte_ses_filtres_et_ignore_les_autres(en_tant_que, parametres):
    page = en_tant_que(DossierFactory(), role="AS").get(f"/residents/?{parametres}")
    assert page.status_code == 200


def test_le_tableau_ne_montre_que_mon_etablissement(en_tant_que):
    DossierFactory(usager=UsagerFactory(nom_naissance="AILLEURS"))
    page = en_tant_que(DossierFactory(), role="AS").get("/residents/")
    assertNotContains(page, "AILLEURS")


def test_qui_n_ouvre_pas_les_vigilances_ne_lit_jamais_qu_il_n_y_en_a_pas(en_tant_que):
    dossier = DossierFactory()
    VigilanceFactory(dossier=dossier, libelle="Allergie : sulfamides")
    for adresse in ("/residents/", "/residents/imprimer/"):
        soignante = en_tant_que(dossier, role="AS").get(adresse)
        assertContains(soignante, "sulfamides")
        secretaire = en_tant_que(dossier, role="SECRETAIRE").get(adresse)
        assertNotContains(secretaire, "sulfamides")
        assertNotContains(secretaire, "aucune vigilance")


def test_deux_affectations_ne_font_pas_dire_rien_la_ou_l_on_ne_lit_pas(en_tant_que):
    """Infirmière d'une unité, secrétaire de toute la maison : l'autre unité reste fermée."""
    ici = DossierFactory()
    sejour = ici.sejours.get()
    ailleurs = DossierFactory(sejour__etablissement=sejour.etablissement)
    VigilanceFactory(dossier=ailleurs, libelle="Allergie : sulfamides")
    TransmissionFactory(dossier=ailleurs, donnees="Texte d’à côté.")
    client = en_tant_que(ici, role="IDE", portee="unite")
    AffectationFactory(compte=client.compte, role="SECRETAIRE", etablissement=sejour.etablissement)
    tableau = client.get(f"/residents/?unite={ailleurs.sejours.get().unite_id}")
    for phrase in ("aucune vigilance", "aucune transmission", "Texte d’à côté."):
        assertNotContains(tableau, phrase)
    assertContains(tableau, "non ouvert à vos droits")
    synthese = client.get(reverse("dossier", args=[ailleurs.pk]))
    noms = {s["nom"] for colonne in synthese.context["sections"].values() for s in colonne}
    assert not noms & {"qui_je_suis", "transmissions", "poids"}
    accueil = client.get(f"/?unite={ailleurs.sejours.get().unite_id}")
    assertNotContains(accueil, "Texte d’à côté.")
    choix = client.get(f"/transmissions/nouvelle/?unite={ailleurs.sejours.get().unite_id}")
    assertNotContains(choix, ailleurs.usager.nom_affiche)


@pytest.mark.parametrize(
    "texte", ["dalm", "D'ALM", "d alm", "almeida leila", "LEÏLA", "12/03/1940", "leïla d’almeida"]
)
def test_on_trouve_un_nom_sans_accent_ni_apostrophe_ni_ordre(en_tant_que, texte):
    usager = UsagerFactory(nom_naissance="D'ALMEIDA", premier_prenom="LEÏLA")
    dossier = DossierFactory(usager=usager)
    if texte == "dalm":
        texte = "alm"
    assertContains(en_tant_que(dossier, role="AS").get("/recherche/", {"q": texte}), "ALMEIDA")


def test_on_trouve_une_chambre_et_un_numero_de_dossier(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    chambre = dossier.sejours.get().place.chambre
    assertContains(client.get("/recherche/", {"q": chambre}), dossier.usager.prenom_affiche)
    assertContains(client.get("/recherche/", {"q": dossier.numero}), dossier.usager.prenom_affiche)


def test_la_recherche_ne_trouve_pas_chez_le_voisin(en_tant_que):
    ailleurs = DossierFactory(usager=UsagerFactory(nom_naissance="INTROUVABLE"))
    client = en_tant_que(DossierFactory(), role="IDE")
    assertContains(client.get("/recherche/", {"q": "introuv"}), "Personne ne correspond")
    assertContains(client.get("/recherche/", {"q": ailleurs.numero}), "Personne ne correspond")


@pytest.mark.parametrize("texte", ["%", "_", "'; --", "\\", "é" * 100, "31/02/1940", "\x01"])
def test_une_recherche_hostile_ne_trouve_rien_et_ne_casse_rien(en_tant_que, texte):
    client = en_tant_que(DossierFactory(), role="IDE")
    assert client.get("/recherche/", {"q": texte}).status_code == 200


def test_la_synthese_d_ailleurs_n_existe_pas_et_la_tentative_est_tracee(en_tant_que):
    ailleurs = DossierFactory()
    client = en_tant_que(DossierFactory(), role="IDE")
    for nom in ("dossier", "dossier_imprimable"):
        assert client.get(reverse(nom, args=[ailleurs.pk])).status_code == 404
    assert EntreeJournal.objects.filter(dossier=ailleurs, action="refus").count() == 2


def test_un_identifiant_inconnu_repond_comme_un_dossier_invisible(en_tant_que):
    client = en_tant_que(DossierFactory(), role="IDE")
    assert client.get(reverse("dossier", args=[uuid.uuid4()])).status_code == 404


def test_le_brouillon_se_garde_et_se_reprend_par_son_auteur_seul(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    nouvelle = reverse("accompagnement:transmission_nouvelle", args=[dossier.pk])
    page = client.get(nouvelle)
    adresse = page.context["redaction"].adresse
    saisie = {
        "donnees": "Texte interrompu",
        "cle_saisie": page.context["formulaire"]["cle_saisie"].value(),
    }
    reponse = client.post(
        adresse,
        saisie | jeton_de(page),
        headers={"Accept": "application/json", "Referer": f"http://testserver{nouvelle}"},
    )
    assert "enregistre_a" in reponse.json()
    brouillon = Brouillon.objects.get()
    assertContains(client.get("/brouillons/"), "Texte interrompu")
    assertContains(client.get(brouillon.adresse_reprise), "Texte interrompu")
    collegue = en_tant_que(dossier, role="AS")
    assertNotContains(collegue.get("/brouillons/"), "Texte interrompu")
    assertNotContains(collegue.get(brouillon.adresse_reprise), "Texte interrompu")


def test_sans_script_le_bouton_garde_le_brouillon_et_ramene_au_dossier(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    page = client.get(reverse("accompagnement:transmission_nouvelle", args=[dossier.pk]))
    reponse = client.post(page.context["redaction"].adresse, {"donnees": "x"} | jeton_de(page))
    assertRedirects(reponse, reverse("dossier", args=[dossier.pk]))


def test_on_ne_range_pas_de_brouillon_dans_le_dossier_d_un_autre(en_tant_que):
    ailleurs = DossierFactory()
    client = en_tant_que(DossierFactory(), role="AS")
    jetons = jeton_de(client.get("/transmissions/nouvelle/"))
    for dossier in (ailleurs.pk, "pas-un-identifiant"):
        adresse = f"/brouillons/enregistrer/?objet=essai&dossier={dossier}"
        assert client.post(adresse, jetons).status_code == 404


def test_un_brouillon_enorme_est_refuse_clairement(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    page = client.get(reverse("accompagnement:transmission_nouvelle", args=[dossier.pk]))
    saisie = {"donnees": "x" * 300_000} | jeton_de(page)
    assert client.post(page.context["redaction"].adresse, saisie).status_code == 413


def test_l_apparence_se_choisit_et_ne_renvoie_pas_ailleurs(en_tant_que):
    client = en_tant_que(DossierFactory(), role="AS")
    jetons = jeton_de(client.get("/"))
    reponse = client.post("/preferences/", jetons | {"theme": "sombre", "suite": "//ailleurs.test"})
    assert reponse.url == "/"
    client.compte.refresh_from_db()
    assert client.compte.theme == "sombre"


def test_l_etat_repond_sans_connexion(client, db):
    assert client.get("/etat/").json()["etat"] == "ok"


def test_la_page_garde_sa_mise_en_page(en_tant_que):
    """A formatter once glued the class of <body> to its name."""
    assertContains(en_tant_que(DossierFactory(), role="AS").get("/"), '<body class="appli">')


def test_chaque_version_imprimable_porte_l_identite_et_se_journalise(en_tant_que):
    dossier = DossierFactory()
    TransmissionFactory(dossier=dossier)
    client = en_tant_que(dossier, role="IDE")
    pages = (
        reverse("dossier_imprimable", args=[dossier.pk]),
        reverse("accompagnement:fil_imprimable", args=[dossier.pk]),
        reverse("residents_imprimables"),
        reverse("accompagnement:releve_imprimable"),
    )
    for adresse in pages:
        page = client.get(adresse)
        assertContains(page, dossier.usager.prenom_affiche)
        assertContains(page, dossier.usager.naissance_affichee)
        assertContains(page, "Imprimé par")
    assert EntreeJournal.objects.filter(action="imprimer").count() == len(pages)


def test_la_secretaire_voit_qui_il_faut_completer(en_tant_que):
    dossier = DossierFactory()
    page = en_tant_que(dossier, role="SECRETAIRE").get("/")
    assertContains(page, "À compléter")
    assertContains(
        page, "Pièce d’identité à contrôler, INS à rechercher, personne à prévenir sans téléphone"
    )


def test_l_accueil_dit_qui_arrive_aujourd_hui_et_dans_la_semaine(en_tant_que):
    dossier, jour = DossierFactory(), timezone.localdate()
    sejour = dossier.sejours.get()
    ici = {"etablissement": sejour.etablissement, "unite": sejour.unite}
    for jours in (0, 3, 9):
        arrivant = DossierFactory(sejour=None, usager__nom_naissance=f"ARRIVE-{jours}")
        SejourFactory(dossier=arrivant, entree_le=jour + timedelta(days=jours), **ici)
    contextes = {
        s["nom"]: s["donnees"]
        for colonne in en_tant_que(dossier, role="IDEC").get("/").context["sections"].values()
        for s in colonne
    }
    entrees = [s.dossier.usager.nom_naissance for s in contextes["aujourdhui"]["entrees"]]
    suivants = contextes["mouvements"]["lignes"]
    assert entrees == ["ARRIVE-0"]
    assert [x["sejour"].dossier.usager.nom_naissance for x in suivants] == ["ARRIVE-3"]


def test_la_semaine_a_venir_ne_nomme_que_ceux_dont_on_lit_le_sejour(en_tant_que):
    """Cadre ici, aide-soignante là : les arrivées de là-bas ne sont pas les siennes."""
    ici, la_bas = DossierFactory(), DossierFactory()
    sejour = la_bas.sejours.get()
    arrivante = DossierFactory(sejour=None, usager__nom_naissance="ARRIVANTE")
    SejourFactory(
        dossier=arrivante,
        entree_le=timezone.localdate() + timedelta(days=3),
        etablissement=sejour.etablissement,
        unite=sejour.unite,
    )
    client = en_tant_que(ici, role="IDEC")
    AffectationFactory(compte=client.compte, role="AS", etablissement=sejour.etablissement)
    adresse = f"/?etablissement={sejour.etablissement_id}"
    assertNotContains(client.get(adresse), "ARRIVANTE")
    assertContains(en_tant_que(la_bas, role="IDEC").get("/"), "ARRIVANTE")


def test_la_direction_voit_l_occupation_sans_aucun_soin(en_tant_que):
    dossier = DossierFactory()
    UniteFactory(etablissement=dossier.sejours.get().etablissement)
    TransmissionFactory(dossier=dossier, urgente=True, donnees="Texte de soin.")
    page = en_tant_que(dossier, role="DIRECTEUR").get("/")
    assertContains(page, "Occupation")
    assertContains(page, '<td class="nombre">—</td>', html=True)  # a unit whose places nobody set
    assertNotContains(page, "Texte de soin.")
