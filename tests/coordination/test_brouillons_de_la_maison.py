"""Ce qui s’écrit sans dossier (réunion, activité, panne, mot à un collègue) ne se perd pas."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from coordination.models import EvenementIndesirable, RendezVous, Reunion
from dui.socle.models import Brouillon, Tache
from tests.agenda.factories import RendezVousFactory
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
TEXTE = "Une phrase tapée d’une main, puis une sonnette."
DEMAIN = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
HORAIRE = {"jour": DEMAIN, "debut": "14:00", "fin": "15:00"}
# {address: (role, field that one types, what else the form asks for, what is then saved)}
PAGES = {
    "/reunions/nouvelle/": ("IDEC", "ordre_du_jour", {"prevue_le": f"{DEMAIN} 14:00"}, Reunion),
    "/agenda/nouveau/": ("IDEC", "commentaire", HORAIRE, RendezVous),
    "/activites/nouvelle/": ("ANIMATEUR", "commentaire", HORAIRE, RendezVous),
    "/boite/ecrire/": ("IDEC", "texte", {"titre": "Clés"}, Tache),
    "/evenements/nouveau/equipement/": (
        "IDEC",
        "circonstances",
        {"gravite": "2"},
        EvenementIndesirable,
    ),
}


@pytest.fixture
def dossier():
    return DossierFactory()


def garder(client, adresse, **saisie):
    """What the script sends while one types; gives the form as it was."""
    page = client.get(adresse)
    _, champs = formulaire_de(page)
    envoi = {"Accept": "application/json", "Referer": f"http://testserver{adresse}"}
    reponse = client.post(page.context["redaction"].adresse, champs | saisie, headers=envoi)
    assert "enregistre_a" in reponse.json()
    return champs


@pytest.mark.parametrize("adresse", PAGES)
def test_le_texte_commence_se_reprend_puis_disparait_une_fois_enregistre(
    en_tant_que, dossier, adresse
):
    role, champ, reste, modele = PAGES[adresse]
    client, collegue = en_tant_que(dossier, role=role), en_tant_que(dossier, role=role)
    champs = garder(client, adresse, **{champ: TEXTE})
    reprise = Brouillon.objects.visibles(client.habilitation).get().adresse_reprise
    for page in ("/brouillons/", reprise, adresse):
        assertContains(client.get(page), TEXTE)
        assertNotContains(collegue.get(page), TEXTE)
    reste = reste | {"a": f"compte:{collegue.compte.pk}", "participants": str(dossier.pk)}
    if modele is Reunion:
        del reste["participants"]  # those of a meeting are accounts
    reponse = client.post(adresse, champs | {champ: TEXTE} | reste)
    assert reponse.status_code == 302 and modele.objects.exists()
    assert not Brouillon.objects.visibles(client.habilitation).exists()
    assertContains(client.get(reprise), "Ce texte est déjà enregistré")


def test_deux_pannes_a_la_fois_sont_deux_textes(en_tant_que, dossier):
    client, adresse = en_tant_que(dossier, role="IDEC"), "/evenements/nouveau/equipement/"
    garder(client, adresse, circonstances="L’ascenseur.")
    champs = garder(client, adresse, circonstances=TEXTE)
    saisie = champs | {"circonstances": TEXTE, "gravite": "2"}
    assert client.post(adresse, saisie).status_code == 302
    autre = Brouillon.objects.visibles(client.habilitation).get()
    assert autre.saisies["circonstances"] == ["L’ascenseur."]


def test_ce_qui_est_refuse_garde_son_brouillon(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDEC")
    champs = garder(client, "/reunions/nouvelle/", ordre_du_jour=TEXTE)
    refus = client.post("/reunions/nouvelle/", champs | {"ordre_du_jour": TEXTE, "prevue_le": "?"})
    assertContains(refus, TEXTE, status_code=422)
    assert Brouillon.objects.visibles(client.habilitation).get().saisies["ordre_du_jour"] == [TEXTE]


def test_la_ligne_enregistree_oublie_les_autres_brouillons_de_sa_page(en_tant_que, dossier):
    """Deux onglets sur le même rendez-vous : l’autre parle de ce qui vient d’être remplacé."""
    client = en_tant_que(dossier, role="IDEC")
    passe = RendezVousFactory(dossiers=[dossier], libelle="Podologue")
    conclure = f"/agenda/{passe.pk}/conclure/"
    garder(client, conclure, compte_rendu="L’autre onglet.")
    champs = garder(client, conclure, compte_rendu=TEXTE)
    miens = Brouillon.objects.visibles(client.habilitation)
    assert miens.count() == 2
    assert "Podologue" not in client.get(conclure).context["redaction"].adresse
    assert client.post(conclure, champs | {"compte_rendu": TEXTE}).status_code == 302
    assert not miens.all().exists()
