"""Le portail : la personne lit ce qui est partagé avec elle, et rien d’autre."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle import coffre
from dui.socle.enums import Bloc
from dui.socle.models import Brouillon, EntreeJournal
from tests.accompagnement.factories import TransmissionFactory
from tests.habilitations.factories import AffectationFactory, BrisDeGlaceFactory, acces_portail
from tests.outils import connecter
from tests.socle.factories import (
    CompteFactory,
    ContactFactory,
    DocumentFactory,
    DossierFactory,
    ProfessionnelFactory,
    SejourFactory,
    UsagerFactory,
)

pytestmark = pytest.mark.django_db
# Pages of the professionals, and addresses that are nothing.
AILLEURS = ("/moi/journal/", "/equipe/", "/rien/du/tout/")
PAGES = ("nouvelles", "contacts", "documents", "acces")


@pytest.fixture
def dossier():
    return DossierFactory(usager=UsagerFactory(nom_naissance="DURAND", premier_prenom="MARIE"))


def adresse(page, dossier, *args):
    return reverse(f"relation_usager:{page}", args=[dossier.pk, *args])


# ------------------------------------------------------------------ ce qui est partagé


def test_la_personne_lit_ce_que_l_equipe_a_partage_et_seulement_cela(dossier, sur_le_portail):
    TransmissionFactory(dossier=dossier, partagee=True, donnees="A chanté à la chorale.")
    TransmissionFactory(dossier=dossier, donnees="Refuse la toilette.")
    TransmissionFactory(partagee=True, donnees="Nouvelle d’une autre personne.")
    auteur = CompteFactory()
    Brouillon.objects.create(
        compte=auteur, formulaire="transmission", dossier=dossier, saisies={"d": ["en cours"]}
    )
    page = sur_le_portail(dossier).get(adresse("nouvelles", dossier))
    assertContains(page, "A chanté à la chorale.")
    assertContains(page, "Marie DURAND")
    for secret in ("Refuse la toilette", "autre personne", "en cours"):
        assertNotContains(page, secret)


def test_une_correction_remplace_ce_qui_etait_partage(dossier, sur_le_portail):
    ancienne = TransmissionFactory(
        dossier=dossier, partagee=True, courante=False, donnees="Nom du voisin cité."
    )
    TransmissionFactory(
        dossier=dossier, remplace=ancienne, motif_correction="erreur", donnees="Corrigé."
    )
    page = sur_le_portail(dossier).get(adresse("nouvelles", dossier))
    assertNotContains(page, "voisin")
    assertNotContains(page, "Corrigé.")  # à partager de nouveau, exprès


def test_un_partage_prevu_pour_demain_attend_demain(dossier, sur_le_portail):
    demain = timezone.now() + timedelta(days=1)
    TransmissionFactory(dossier=dossier, communicable_le=demain, donnees="Surprise.")
    client = sur_le_portail(dossier)
    assertNotContains(client.get(adresse("nouvelles", dossier)), "Surprise.")


def test_la_page_donne_le_telephone_et_la_chambre(dossier, sur_le_portail):
    page = sur_le_portail(dossier).get(adresse("nouvelles", dossier))
    assertContains(page, "tel:0320000000")
    assertContains(page, f"chambre {dossier.sejours.get().place}")


def test_la_personne_partie_garde_son_portail(dossier, sur_le_portail):
    sejour = dossier.sejours.get()
    sejour.sortie_le = sejour.entree_le + timedelta(days=1)
    sejour.save()
    client = sur_le_portail(dossier)
    for page in PAGES:
        assert client.get(adresse(page, dossier)).status_code == 200


def test_les_contacts_se_lisent_sans_le_commentaire_de_l_equipe(dossier, sur_le_portail):
    ContactFactory(dossier=dossier, commentaire="Fâchée avec son frère.", personne_confiance=True)
    ContactFactory(dossier=dossier, nom="Parti", actif=False)
    ContactFactory(nom="Ailleurs")
    page = sur_le_portail(dossier).get(adresse("contacts", dossier))
    assertContains(page, "Sophie DURAND")
    assertContains(page, "Personne de confiance")
    for secret in ("Fâchée", "PARTI", "AILLEURS"):
        assertNotContains(page, secret)


# ------------------------------------------------------------------ documents


def test_un_document_remis_se_telecharge_et_le_journal_le_sait(dossier, sur_le_portail):
    remis = DocumentFactory(dossier=dossier, titre="Contrat", communicable_le=timezone.now())
    client = sur_le_portail(dossier)
    assertContains(client.get(adresse("documents", dossier)), "Contrat")
    reponse = client.get(adresse("document", dossier, remis.pk))
    assert b"".join(reponse.streaming_content) == coffre.contenu(remis)
    assert 'attachment; filename="contrat.pdf"' in reponse.headers["Content-Disposition"]
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["Cache-Control"] == "no-store"
    assert EntreeJournal.objects.filter(action="telecharger", dossier=dossier).count() == 1


def test_un_document_ni_remis_ni_de_ses_blocs_ni_perime_n_existe_pas(dossier, sur_le_portail):
    maintenant = timezone.now()
    garde = DocumentFactory(dossier=dossier, titre="Brouillon de courrier")
    psy = DocumentFactory(dossier=dossier, bloc="PSY", titre="Notes", communicable_le=maintenant)
    autrui = DocumentFactory(titre="D’un autre", communicable_le=maintenant)
    perime = DocumentFactory(dossier=dossier, titre="Ancien", communicable_le=maintenant)
    DocumentFactory(dossier=dossier, titre="Récent", remplace=perime)
    client = sur_le_portail(dossier)
    page = client.get(adresse("documents", dossier))
    for document in (garde, psy, autrui, perime):
        assertNotContains(page, document.titre)
        assert client.get(adresse("document", dossier, document.pk)).status_code == 404


# ------------------------------------------------------------------ qui a ouvert mon dossier


@pytest.fixture
def claire(dossier):
    compte = CompteFactory(first_name="Claire", last_name="Martin")
    AffectationFactory(compte=compte, etablissement=dossier.sejours.get().etablissement)
    ProfessionnelFactory(compte=compte, libelle_fonction="infirmière")
    return connecter(compte)


def test_la_personne_voit_qui_a_ouvert_quoi_en_mots_simples(dossier, claire, sur_le_portail):
    claire.get(reverse("accompagnement:transmissions", args=[dossier.pk]))
    page = sur_le_portail(dossier).get(adresse("acces", dossier))
    assertContains(page, "Claire Martin")
    assertContains(page, "infirmière")
    assertContains(page, "a lu : transmissions de l’équipe")
    assertNotContains(page, "TRA")


def test_les_lectures_a_la_suite_se_lisent_en_une_ligne(dossier, claire, sur_le_portail):
    for _ in range(3):
        claire.get(reverse("accompagnement:transmissions", args=[dossier.pk]))
        claire.get(reverse("dossier", args=[dossier.pk]))
    page = sur_le_portail(dossier).get(adresse("acces", dossier))
    assertContains(page, "Claire Martin", count=1)


def test_une_tentative_refusee_se_voit(dossier, sur_le_portail, en_tant_que):
    en_tant_que(DossierFactory()).get(reverse("dossier", args=[dossier.pk]))
    assertContains(sur_le_portail(dossier).get(adresse("acces", dossier)), "Accès refusé")


def test_une_ouverture_en_urgence_se_voit(dossier, sur_le_portail):
    etablissement = dossier.sejours.get().etablissement
    compte = AffectationFactory(etablissement=etablissement, portee="equipe").compte
    BrisDeGlaceFactory(compte=compte, dossier=dossier)
    connecter(compte).get(reverse("dossier", args=[dossier.pk]))
    assertContains(sur_le_portail(dossier).get(adresse("acces", dossier)), "Ouvert en urgence")


def test_ses_propres_lectures_ne_l_encombrent_pas(dossier, sur_le_portail):
    client = sur_le_portail(dossier)
    client.get(adresse("contacts", dossier))
    assertContains(client.get(adresse("acces", dossier)), "Personne d’autre que vous")


def test_la_liste_se_feuillette_sans_oublier_ni_repeter(dossier, sur_le_portail):
    comptes = CompteFactory.create_batch(150)
    for compte in comptes:
        EntreeJournal.objects.create(acteur=compte, dossier=dossier, bloc="TRA", action="voir")
    client, suite, vus = sur_le_portail(dossier), "", []
    while suite is not None:
        contexte = client.get(adresse("acces", dossier) + suite).context
        vus += [a.entree.acteur_id for _, jour in contexte["jours"] for a in jour]
        suite = contexte["anciens"] or None
    assert vus == [c.pk for c in reversed(comptes)]


@pytest.mark.parametrize("curseur", ["x", "-1", "9" * 30, "1;drop", "٣"])
def test_un_curseur_invente_rend_la_premiere_page(dossier, sur_le_portail, curseur):
    client = sur_le_portail(dossier)
    assert client.get(adresse("acces", dossier), {"avant": curseur}).status_code == 200


def lu_du_journal(connexion) -> list[int]:
    """Rows of the journal that each of these requests goes through, as PostgreSQL counts them."""

    def lignes(noeud):
        if noeud.get("Relation Name") == "socle_entreejournal":
            yield noeud["Actual Rows"] + noeud.get("Rows Removed by Filter", 0)
        for dessous in noeud.get("Plans", ()):
            yield from lignes(dessous)

    parcourues = []
    for requete in connexion.captured_queries:
        if requete["sql"].startswith("SELECT") and "socle_entreejournal" in requete["sql"]:
            with connection.cursor() as c:
                c.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + requete["sql"].replace("%", "%%"), ())
                parcourues.append(sum(lignes(c.fetchone()[0][0]["Plan"])))
    return parcourues


def test_vingt_mille_lectures_se_feuillettent_sans_les_relire(dossier, sur_le_portail):
    compte = CompteFactory()
    client = sur_le_portail(dossier)
    with connection.cursor() as c:
        c.execute(
            "INSERT INTO socle_entreejournal"
            " (horodatage, acteur_id, dossier_id, bloc, action, cible, titre_acces, contexte)"
            " SELECT now() - n * interval '1 minute', %s, %s, 'TRA', 'voir', '', '', '{}'"
            " FROM generate_series(1, 20000) n",
            [compte.pk, dossier.pk],
        )
        c.execute("ANALYZE socle_entreejournal")
    milieu = EntreeJournal.objects.order_by("pk").values_list("pk", flat=True)[10_000]
    for suite in ("", f"?avant={milieu}"):
        for page in (adresse("acces", dossier) + suite, adresse("nouvelles", dossier)):
            with CaptureQueriesContext(connection) as lues:
                assert client.get(page).status_code == 200
            assert 0 < max(lu_du_journal(lues)) < 5_000, page


# ------------------------------------------------------------------ trois acteurs


@pytest.mark.parametrize("page", PAGES)
def test_un_etranger_ne_trouve_rien_et_sa_tentative_est_notee(dossier, sur_le_portail, page):
    etranger = sur_le_portail(DossierFactory())
    assert etranger.get(adresse(page, dossier)).status_code == 404
    trace = EntreeJournal.objects.get(dossier=dossier)
    assert (trace.acteur, trace.action, trace.titre_acces) == (etranger.compte, "refus", "aucun")


@pytest.mark.parametrize("page", PAGES)
def test_un_professionnel_ne_trouve_pas_les_pages_du_portail(dossier, en_tant_que, page):
    assert en_tant_que(dossier, role="IDEC").get(adresse(page, dossier)).status_code == 404
    assert EntreeJournal.objects.filter(dossier=dossier, action="refus").exists()
    assert en_tant_que(dossier).get("/portail/").status_code == 404


PROFESSIONNELLES = (
    "/residents/",
    "/recherche/?q=durand",
    "/releve/",
    "/dossiers/{}/",
    "/dossiers/{}/transmissions/",
    "/dossiers/{}/transmissions/nouvelle/",
    "/importations/",
)


@pytest.mark.parametrize("chemin", PROFESSIONNELLES)
def test_la_personne_ne_trouve_pas_les_pages_des_professionnels(dossier, sur_le_portail, chemin):
    client = sur_le_portail(dossier, "ID", "TRA", "ANI", "ADM")
    assert client.get(chemin.format(dossier.pk)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_sans_session_on_se_connecte_d_abord(dossier, client, page):
    reponse = client.get(adresse(page, dossier))
    assert reponse.status_code == 302 and reponse.url.startswith("/connexion/")


def test_l_acces_s_arrete_le_soir_de_sa_fin(dossier, sur_le_portail):
    aujourdhui = timezone.localtime().replace(hour=23, minute=50)
    client = sur_le_portail(dossier, fin=aujourdhui.date())
    with time_machine.travel(aujourdhui + timedelta(minutes=20)):
        compte = connecter(client.compte)
        for page in PAGES:
            assert compte.get(adresse(page, dossier)).status_code == 404
        assertContains(compte.get("/portail/"), "Rien à lire")
    assert EntreeJournal.objects.filter(dossier=dossier, action="refus").count() == len(PAGES)


def test_un_proche_ne_lit_que_le_bloc_accorde(dossier, sur_le_portail):
    client = sur_le_portail(dossier, Bloc.ANI, qualite="PROCHE")
    page = client.get(adresse("nouvelles", dossier))
    assertContains(page, "Vous êtes de ses proches")
    assertNotContains(page, "Qui a ouvert")
    for fermee in ("contacts", "documents", "acces"):
        assert client.get(adresse(fermee, dossier)).status_code == 404
        assertNotContains(page, adresse(fermee, dossier))


# ------------------------------------------------------------------ l’arrivée


def test_un_seul_dossier_s_ouvre_tout_de_suite(dossier, sur_le_portail):
    assertRedirects(sur_le_portail(dossier).get("/portail/"), adresse("nouvelles", dossier))


def test_un_curateur_arrive_sur_la_premiere_page_qui_lui_est_ouverte(dossier, sur_le_portail):
    client = sur_le_portail(dossier, Bloc.DOCA, qualite="ASSISTANT_JUR")
    assertRedirects(client.get("/portail/"), adresse("documents", dossier))


def test_plusieurs_dossiers_se_choisissent(dossier, sur_le_portail):
    autre = DossierFactory(usager=UsagerFactory(nom_naissance="BENALI", premier_prenom="ADAM"))
    client = sur_le_portail(dossier, qualite="REP_LEGAL")
    acces_portail(client.compte, autre, qualite="REP_LEGAL")
    page = client.get("/portail/")
    assertContains(page, "Marie DURAND")
    assertContains(page, "Adam BENALI")
    assertContains(client.get(adresse("nouvelles", autre)), "Changer")


def test_un_nouveau_sejour_ne_coupe_pas_le_portail(dossier, sur_le_portail):
    SejourFactory(dossier=dossier, modalite="temporaire")
    assert sur_le_portail(dossier).get(adresse("nouvelles", dossier)).status_code == 200


@pytest.mark.parametrize("page", AILLEURS)
def test_une_erreur_parle_a_la_personne_et_non_a_une_soignante(page):
    compte = CompteFactory()
    acces_portail(compte, DossierFactory())
    reponse = connecter(compte).get(page)
    assert reponse.status_code in (403, 404)
    assertContains(reponse, "Mon espace", status_code=reponse.status_code)
    for mot in ("votre cadre", "Rechercher", "Mon poste", "Brouillons"):
        assertNotContains(reponse, mot, status_code=reponse.status_code)
