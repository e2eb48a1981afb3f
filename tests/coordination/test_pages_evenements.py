"""Les pages du registre : déclarer, lire, suivre, imprimer, signaler."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from coordination.evenements import lectures
from coordination.models import EvenementIndesirable, SignalementEig
from dui.socle.models import EntreeJournal, Tache
from tests.coordination.factories import EigFactory, EvenementFactory
from tests.outils import formulaire_de, jeton_de
from tests.socle.factories import ContactFactory, CorrespondantFactory, DossierFactory

pytestmark = pytest.mark.django_db
REPONSES = {
    "activite": "marche",
    "temoin": "non",
    "lesions": ["plaie", "douleur"],
    "surveillance": ["constantes"],
    "lieu": "chambre",
    "circonstances": "Au pied du lit.",
    "gravite": "2",
    "famille": "oui",
    "medecin": "oui",
    "medecin_connu": "Médecin de garde",
}


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def evenements(dossier):
    return f"/dossiers/{dossier.pk}/evenements/"


def declarer(client, adresse, **reponses):
    _, champs = formulaire_de(client.get(adresse))
    return client.post(adresse, champs | REPONSES | reponses)


def test_une_chute_se_declare_sur_une_page_et_propose_la_transmission(
    en_tant_que, dossier, evenements
):
    client = en_tant_que(dossier, role="AS")
    contact = ContactFactory(dossier=dossier)
    page = client.get(f"{evenements}nouveau/chute/")
    assert str(contact) in page.content.decode()
    vide = declarer(client, f"{evenements}nouveau/chute/", activite="", famille="", medecin="")
    assert vide.status_code == 422
    assert vide.content.decode().count("Répondez") >= 2
    qui = page.content.decode().split('name="famille_connu" value="')[1].split('"')[0]
    reponse = declarer(client, f"{evenements}nouveau/chute/", famille_connu=qui)
    e = EvenementIndesirable.objects.get()
    assert reponse.url == f"{evenements}{e.pk}/?transmettre=oui"
    assert (e.faits["lesions"], e.lieu) == (["douleur", "plaie"], "chambre") or e.faits["lesions"]
    assert (e.famille_qui, e.medecin_qui) == (qui, "Médecin de garde")
    assert "?cible=chute" in client.get(reponse.url).content.decode()
    assert "Au pied du lit." in client.get(f"{evenements}{e.pk}/").content.decode()


def test_ni_la_gravite_ni_qui_est_prevenu_ne_sont_choisis_d_avance(
    en_tant_que, dossier, evenements
):
    client = en_tant_que(dossier, role="AS")
    ContactFactory(dossier=dossier)
    page = client.get(f"{evenements}nouveau/chute/")
    assert not {"gravite", "famille_connu", "medecin_connu"} & formulaire_de(page)[1].keys()
    adresse = f"{evenements}nouveau/chute/"
    refuse = declarer(client, adresse, gravite="")
    assertContains(refuse, "Gravité\u00a0: Répondez", status_code=422)
    refuse = declarer(client, adresse, medecin_connu="", famille_le="")
    for point in ("Famille · Quand\u00a0: Dites quand", "Médecin · Nom\u00a0: Dites qui"):
        assertContains(refuse, point, status_code=422)


def test_une_chute_se_declare_depuis_le_service_pour_qui_l_on_peut(
    en_tant_que, dossier, evenements
):
    aide, ash = en_tant_que(dossier, role="AS"), en_tant_que(dossier, role="ASH")
    absente = DossierFactory()
    for client in (aide, ash):  # who reads the register, who only declares
        assertContains(client.get("/"), "/evenements/declarer/?")
        page = client.get("/evenements/declarer/")
        assertContains(page, "Chute : pour qui")
        assertContains(page, f"{evenements}nouveau/chute/")
        assertNotContains(page, str(absente.pk))
    assertContains(aide.get("/evenements/"), "/evenements/declarer/?")
    autre = aide.get("/evenements/declarer/?type=hospitalisation")
    assertContains(autre, f"{evenements}nouveau/hospitalisation/")
    assertContains(aide.get("/evenements/declarer/?type=equipement"), "Chute : pour qui")
    assert en_tant_que(dossier, role="DIRECTEUR").get("/evenements/declarer/").status_code == 403


def test_qui_declare_sans_lire_revient_a_la_synthese(en_tant_que, dossier, evenements):
    client = en_tant_que(dossier, role="ASH")
    assert client.get(evenements).status_code == 403
    assert "nouveau/chute/" in client.get(f"{evenements}declarer/").content.decode()
    contact = {"famille_qui": "sa fille"}
    reponse = declarer(client, f"{evenements}nouveau/chute/", **contact)
    assert reponse.url == f"/dossiers/{dossier.pk}/"
    e = EvenementIndesirable.objects.get()
    assert client.get(f"{evenements}{e.pk}/").status_code == 403
    assert en_tant_que(DossierFactory()).get(f"{evenements}{e.pk}/").status_code == 404


@pytest.mark.lent
def test_completer_analyser_planifier_clore_a_l_ecran(en_tant_que, dossier, evenements):
    infirmiere, qualite = en_tant_que(dossier), en_tant_que(dossier, role="QUALITE")
    e = EvenementFactory(dossier=dossier)
    un = f"{evenements}{e.pk}/"
    reponse = declarer(infirmiere, f"{un}completer/", famille_qui="sa fille")
    assert reponse.status_code == 302
    perime = infirmiere.post(f"{un}completer/", _perime(infirmiere, f"{un}completer/"))
    assert perime.status_code == 409
    jeton = jeton_de(infirmiere.get(un))
    infirmiere.post(f"{un}avancer/", jeton | {"vers": "analyse", "causes": ["equipe"]})
    infirmiere.post(f"{un}avancer/", jeton | {"vers": "plan"})
    _, champs = formulaire_de(infirmiere.get(un), f"{un}action/")
    action = champs | {"titre": "Poser une barre", "pour_le": "01/01/2030"}
    assert infirmiere.post(f"{un}action/", jeton | action).status_code == 422
    action["a"] = f"compte:{infirmiere.compte.pk}"
    assert infirmiere.post(f"{un}action/", jeton | action).status_code == 302
    assert "Poser une barre" in infirmiere.get("/boite/").content.decode()
    tache = Tache.objects.get()
    assert un in infirmiere.get(f"/boite/{tache.pk}/").content.decode()
    assert infirmiere.post(f"{un}avancer/", jeton | {"vers": "clos"}).status_code == 404
    jeton = jeton_de(qualite.get(un))
    refus = qualite.post(f"{un}avancer/", jeton | {"vers": "clos", "bilan": "Fait."})
    assert refus.status_code == 422
    assert "Une action reste" in refus.content.decode()


def _perime(client, adresse):
    _, champs = formulaire_de(client.get(adresse))
    return champs | REPONSES | {"version": "1", "famille_qui": "sa fille"}


def test_le_registre_se_filtre_se_compte_et_s_imprime(en_tant_que, dossier):
    client, maison = en_tant_que(dossier, role="QUALITE"), dossier.sejours.get().etablissement
    vieille = timezone.now() - timedelta(days=40)
    EvenementFactory(dossier=dossier, constate_le=vieille, clos=True)
    EvenementFactory(dossier=dossier, type="plainte", faits={})
    EvenementFactory(dossier=None, etablissement=maison, unite=None, type="equipement")
    EvenementFactory(dossier=DossierFactory(usager__nom_naissance="AILLEURS"))
    page = client.get("/evenements/").content.decode()
    lignes = page.split("<tbody>")[1].split("</tbody>")[0]
    assert lignes.count("<tr>") == 3 and "AILLEURS" not in page and "<svg" in page
    filtree = client.get("/evenements/?type=plainte&du=01/01/2020").content.decode()
    assert filtree.split("<tbody>")[1].split("</tbody>")[0].count("<tr>") == 1
    imprimee = client.get("/evenements/imprimer/?etat=clos")
    assert imprimee.content.decode().count("Chute") == 1
    traces = EntreeJournal.objects.filter(action="imprimer", cible="registre")
    assert [t.dossier for t in traces] == [dossier]


def test_ce_qui_arrive_a_la_maison_a_ses_pages(en_tant_que, dossier):
    client = en_tant_que(dossier)
    page = client.get("/evenements/nouveau/equipement/")
    _, champs = formulaire_de(page)
    reponse = client.post(
        "/evenements/nouveau/equipement/",
        champs | {"circonstances": "Ascenseur en panne.", "gravite": "2"},
    )
    e = EvenementIndesirable.objects.get()
    assert reponse.url == f"/evenements/{e.pk}/"
    assert "Ascenseur en panne." in client.get(reponse.url).content.decode()
    assert client.get(f"/evenements/{e.pk}/completer/").status_code == 200
    assert client.get(f"/evenements/{e.pk}/imprimer/").status_code == 200
    assert client.get("/evenements/nouveau/chute/").status_code == 404
    en_dossier = EvenementFactory(dossier=dossier)
    assert client.get(f"/evenements/{en_dossier.pk}/").status_code == 404


def test_le_signalement_s_ecrit_se_transmet_et_sort_sans_le_nom(en_tant_que, dossier, evenements):
    qualite = en_tant_que(dossier, role="MEDCO"), en_tant_que(dossier, role="QUALITE")
    medecin, qualite = qualite
    e = EvenementFactory(dossier=dossier)
    adresse = f"{evenements}{e.pk}/signalement/"
    _, champs = formulaire_de(medecin.get(adresse))
    champs |= {"categorie": "4", "consequences": "Fracture.", "mesures": "Appel du 15."}
    champs |= {"declarant": "Dr X", "declarant_fonction": "Médecin coordonnateur"}
    assert medecin.post(adresse, champs).status_code == 302
    assert medecin.post(adresse, champs).status_code == 409  # written since
    jeton = jeton_de(qualite.get(f"{evenements}{e.pk}/"))
    medecin.post(f"{adresse}avancer/", jeton_de(medecin.get(adresse)) | {"vers": "declare"})
    envoi = {"autorite": "ars", "moyen": "portail", "reference": "A-12"}
    envoi["transmis_le"] = f"{timezone.localtime():%d/%m/%Y %H:%M}"
    du_medecin = jeton_de(medecin.get(adresse))
    assert medecin.post(f"{adresse}transmettre/", du_medecin | envoi).status_code == 403
    assert qualite.post(f"{adresse}transmettre/", jeton | envoi).status_code == 302
    eig = SignalementEig.objects.get()
    assert (eig.etat, eig.envois.get().reference) == ("transmis", "A-12")


@pytest.mark.lent
@pytest.mark.parametrize("anonyme", [True, False])
def test_le_pdf_du_signalement_tait_le_nom_quand_on_le_demande(
    en_tant_que, dossier, evenements, anonyme, monkeypatch
):
    from dui.socle import pdf

    vues = []
    monkeypatch.setattr(pdf, "rendre", lambda gabarit, contexte: vues.append(contexte) or b"%PDF")
    e = EvenementFactory(dossier=dossier)
    EigFactory(evenement=e, anonyme=anonyme)
    reponse = en_tant_que(dossier).get(f"{evenements}{e.pk}/signalement/signalement.pdf")
    assert dossier.usager.nom_naissance not in reponse["Content-Disposition"]
    assert (vues[0]["bandeau"] is None) == anonyme


@pytest.mark.lent
def test_les_pages_coutent_autant_pour_deux_que_pour_vingt(en_tant_que, dossier, evenements):
    client, nombres = en_tant_que(dossier, role="QUALITE"), []
    for combien in (2, 18):
        for _ in range(combien):
            e = EvenementFactory(dossier=dossier)
        EigFactory(evenement=e)
        client.get(f"{evenements}{e.pk}/")  # the code lists are read once per process
        pages = (evenements, "/evenements/", "/evenements/imprimer/", f"{evenements}{e.pk}/")
        nombres.append([_requetes(client, page) for page in pages])
    assert nombres[0] == nombres[1]
    assert max(nombres[0]) <= 15, nombres
    assert _requetes(en_tant_que(dossier), f"{evenements}nouveau/chute/") <= 15


def _requetes(client, page) -> int:
    with CaptureQueriesContext(connection) as lues:
        assert client.get(page).status_code == 200
    return len([q for q in lues.captured_queries if "SAVEPOINT" not in q["sql"]])


def test_la_chute_propose_les_medecins_et_les_proches_chacun_a_sa_place(en_tant_que, dossier):
    """Un dentiste n’est pas un médecin à prévenir, ni le médecin traitant un proche."""
    CorrespondantFactory(dossier=dossier, role="DENTISTE", professionnel__nom="PRÉVOST")
    CorrespondantFactory(dossier=dossier, role="MEDECIN_SPECIALISTE", professionnel__nom="ROY")
    CorrespondantFactory(dossier=dossier)
    ContactFactory(dossier=dossier, nom="Petit", prenom="Hélène", relation="MEDECIN_TRAITANT")
    ContactFactory(dossier=dossier)
    h = en_tant_que(dossier).habilitation
    assert lectures.medecins(h, dossier) == ["Hélène PETIT", "Hélène ROY", *lectures.DOCTEURS]
    assert lectures.proches(h, dossier) == ["Sophie DURAND (fille)"]
