"""Qui travaille dans deux maisons : ce qui s’écrit sans dossier reste dans celle de sa page."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from coordination.models import EvenementIndesirable, RendezVous, Ressource, Reunion
from dui.socle.models import Brouillon, Tache
from tests.agenda.factories import RendezVousFactory, RessourceFactory
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, formulaire_de
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
TEXTE = "Une phrase tapée d’une main, puis une sonnette."
DEMAIN = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
HORAIRE = {"jour": DEMAIN, "debut": "14:00", "fin": "15:00"}
# {address: (role, what the form asks for, what is saved)}
PAGES = {
    "/reunions/nouvelle/": ("IDEC", {"prevue_le": f"{DEMAIN} 14:00"}, Reunion),
    "/agenda/nouveau/": ("IDEC", HORAIRE, RendezVous),
    "/activites/nouvelle/": ("ANIMATEUR", HORAIRE, RendezVous),
    "/boite/ecrire/": ("IDEC", {"titre": "Clés", "texte": TEXTE}, Tache),
    "/evenements/nouveau/equipement/": (
        "IDEC",
        {"circonstances": TEXTE, "gravite": "1"},
        EvenementIndesirable,
    ),
}


class Poste:
    """One account, two houses, somebody and a colleague in each."""

    def __init__(self, role="IDEC"):
        self.dossiers = DossierFactory.create_batch(2)
        self.ici, self.la = (d.sejours.get().etablissement for d in self.dossiers)
        self.affectation = AffectationFactory(role=role, etablissement=self.ici)
        AffectationFactory(role=role, etablissement=self.la, compte=self.affectation.compte)
        self.collegues = [
            AffectationFactory(role=role, etablissement=m).compte for m in (self.ici, self.la)
        ]
        self.client = connecter(self.affectation.compte)

    def se_tenir(self, maison):
        """Another tab of the same workstation."""
        self.client.get("/", {"etablissement": maison.pk})

    def garder(self, adresse, **saisie):
        page = self.client.get(adresse)
        _, champs = formulaire_de(page)
        envoi = {"Accept": "application/json", "Referer": f"http://testserver{adresse}"}
        vers = page.context["redaction"].adresse
        return self.client.post(vers, champs | saisie, headers=envoi).json()["reprise"]


@pytest.mark.parametrize("adresse", PAGES)
def test_ce_qui_s_enregistre_reste_dans_la_maison_de_sa_page(adresse):
    role, reste, modele = PAGES[adresse]
    poste = Poste(role)
    poste.se_tenir(poste.ici)
    vers, champs = formulaire_de(poste.client.get(adresse))
    poste.se_tenir(poste.la)
    reste = reste | {"a": f"compte:{poste.collegues[0].pk}"}
    if modele is RendezVous:
        reste |= {"participants": str(poste.dossiers[0].pk)}
    reponse = poste.client.post(vers, champs | reste)
    assert reponse.status_code == 302, formulaire_de(reponse)
    if modele is not Tache:  # it names a colleague, not a house
        assert modele.objects.get().etablissement == poste.ici


@pytest.mark.parametrize("adresse", PAGES)
def test_la_maison_perdue_entre_la_page_et_l_envoi_n_est_pas_remplacee_par_une_autre(adresse):
    role, reste, modele = PAGES[adresse]
    poste = Poste(role)
    poste.se_tenir(poste.ici)
    vers, champs = formulaire_de(poste.client.get(adresse))
    poste.affectation.delete()
    reste = reste | {"a": f"compte:{poste.collegues[1].pk}"}
    assert poste.client.post(vers, champs | reste).status_code == 404
    assert not modele.objects.exists()


def test_une_salle_s_ajoute_a_la_maison_de_sa_page():
    poste = Poste()
    RessourceFactory(etablissement=poste.ici)
    poste.se_tenir(poste.ici)
    vers, champs = formulaire_de(poste.client.get("/agenda/ressources/"))
    poste.se_tenir(poste.la)
    poste.client.post(vers, champs | {"nom": "Minibus", "nature": "vehicule"})
    assert Ressource.objects.get(nom="Minibus").etablissement == poste.ici


def test_un_brouillon_se_reprend_dans_la_maison_ou_il_fut_commence():
    poste = Poste()
    poste.se_tenir(poste.ici)
    coche = str(poste.dossiers[0].pk)
    reprise = poste.garder("/reunions/nouvelle/", ordre_du_jour=TEXTE, dossiers=coche)
    poste.se_tenir(poste.la)
    page = poste.client.get(reprise)
    assertNotContains(page, "Tout n’est pas repris")
    vers, champs = formulaire_de(page)
    assert champs["dossiers"] == [coche]
    assert parse_qs(urlsplit(vers).query)["etablissement"] == [str(poste.ici.pk)]


def test_une_personne_d_une_autre_maison_est_laissee_de_cote_et_on_le_dit():
    poste = Poste()
    coche = str(poste.dossiers[0].pk)
    ici, la = f"?etablissement={poste.ici.pk}", f"?etablissement={poste.la.pk}"
    reprise = poste.garder(f"/reunions/nouvelle/{ici}", ordre_du_jour=TEXTE, dossiers=coche)
    page = poste.client.get(reprise.replace(ici, la))
    assertContains(page, "Tout n’est pas repris")
    assertContains(page, "1 choix n’est plus proposé ici")
    assertContains(page, TEXTE)


def test_repris_dans_une_autre_maison_il_y_est_copie_et_reste_entier_dans_la_sienne():
    poste = Poste()
    coche = str(poste.dossiers[0].pk)
    ici, la = f"?etablissement={poste.ici.pk}", f"?etablissement={poste.la.pk}"
    reprise = poste.garder(f"/reunions/nouvelle/{ici}", ordre_du_jour=TEXTE, dossiers=coche)
    poste.garder(reprise.replace(ici, la), ordre_du_jour=f"{TEXTE} Et la suite, ailleurs.")
    reste, copie = Brouillon.objects.order_by("modifie_le")
    assert (reste.etablissement, copie.etablissement) == (poste.ici, poste.la)
    assert reste.saisies["ordre_du_jour"] == [TEXTE]
    assert reste.saisies["dossiers"] == [coche]


def test_le_brouillon_d_une_maison_quittee_ne_se_montre_plus():
    poste = Poste()
    reprise = poste.garder(f"/reunions/nouvelle/?etablissement={poste.ici.pk}", ordre_du_jour=TEXTE)
    brouillon = Brouillon.objects.get()
    pages = ("/", "/brouillons/", reprise, "/reunions/nouvelle/")
    for page in pages:
        assertContains(poste.client.get(page), TEXTE)
    poste.affectation.delete()
    for page in pages:
        reponse = poste.client.get(page)
        assertNotContains(reponse, TEXTE)
        assert reponse.context["coque"].nb_brouillons == 0
    assert poste.client.get(f"/brouillons/{brouillon.pk}/").status_code == 404


def test_qui_n_ecrit_plus_dans_l_agenda_de_la_maison_n_en_relit_plus_les_brouillons():
    poste = Poste()
    poste.garder(f"/agenda/nouveau/?etablissement={poste.ici.pk}", commentaire=TEXTE)
    assertContains(poste.client.get("/brouillons/"), TEXTE)
    poste.affectation.role_id = "COMPTA"
    poste.affectation.save()
    assertNotContains(poste.client.get("/brouillons/"), TEXTE)


def test_le_brouillon_d_un_rendez_vous_est_de_la_maison_du_rendez_vous():
    poste = Poste()
    rendez_vous = RendezVousFactory(dossiers=[poste.dossiers[0]])
    poste.se_tenir(poste.la)
    poste.garder(f"/agenda/{rendez_vous.pk}/conclure/", compte_rendu=TEXTE)
    assert Brouillon.objects.get().etablissement == poste.ici


@pytest.mark.lent
def test_dix_brouillons_de_la_maison_se_lisent_d_autant_de_requetes_qu_un():
    poste = Poste()
    comptes = []
    for adresses in (["/reunions/nouvelle/"], ["/reunions/nouvelle/", "/agenda/nouveau/"] * 5):
        for adresse in adresses:
            poste.garder(adresse, ordre_du_jour=TEXTE, commentaire=TEXTE)
        with CaptureQueriesContext(connection) as lues:
            assertContains(poste.client.get("/brouillons/"), TEXTE)
        comptes.append(len(lues))
    assert comptes[0] == comptes[1]
