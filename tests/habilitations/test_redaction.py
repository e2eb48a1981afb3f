"""Tout formulaire d'un dossier garde son brouillon, l'offre à son auteur seul, et le referme."""

from pathlib import Path
from urllib.parse import urlencode

import lxml.html
import pytest
from django.conf import settings
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.models import Brouillon
from tests.habilitations.factories import AffectationFactory
from tests.habilitations.formulaires import FORMULAIRES
from tests.outils import connecter, formulaire_de
from tests.socle.factories import DossierFactory

pytestmark = [pytest.mark.django_db, pytest.mark.lent]

TAPES = ("donnees", "histoire", "temperature", "libelle", "motif", "nom", "telephone", "langue")


def garde_un_brouillon(cas) -> bool:
    texte = (Path(settings.BASE_DIR) / "templates" / cas.gabarit).read_text(encoding="utf-8")
    return "{% redaction" in texte or "data-brouillon" in texte


# The small second forms of their pages.
SECONDS = {
    "annuler une constante",
    "abandonner une évaluation",
    "retirer un objectif",
    "déclarer un signalement en interne",
    "noter un envoi à une autorité",
}
# A draft belongs to a record: these pages are about a house, a day, a colleague.
HORS_DOSSIER = {
    "modifier un rendez-vous",
    "annuler un rendez-vous",
    "conclure un rendez-vous",
    "planifier une activité",
    "ajouter une salle",
    "noter une absence pour plusieurs",
    "écrire à un collègue",
    "convoquer une réunion",
}
# Nothing but choices to make again.
SANS_TEXTE = {"noter une visite"}
SANS_BROUILLON = SECONDS | HORS_DOSSIER | SANS_TEXTE
REDIGES = [cas for cas in FORMULAIRES if garde_un_brouillon(cas) and cas.nom not in SANS_BROUILLON]


class Poste:
    """Le compte du cas, devant la page du cas."""

    def __init__(self, cas):
        self.cas, self.dossier = cas, DossierFactory()
        self.client = connecter(self._compte())
        self.adresse = cas.page(self.dossier, self.client.compte)
        self.ouvrir()

    def _compte(self):
        etablissement = self.dossier.sejours.get().etablissement
        return AffectationFactory(role=self.cas.role, etablissement=etablissement).compte

    def ouvrir(self, adresse=""):
        self.page = self.client.get(adresse or self.adresse)
        _, self.champs = formulaire_de(self.page)
        return self.page

    def remplir(self):
        self.champs |= self.cas.saisie_pour(self.dossier)

    def garder(self):
        html = lxml.html.fromstring(self.page.content.decode())
        (vers,) = html.xpath("//form[@data-principal]/@data-brouillon")
        entetes = {"Accept": "application/json", "Referer": f"http://testserver{self.adresse}"}
        return self.client.post(vers, self.champs, headers=entetes).json()

    def enregistrer(self):
        return self.client.post(self.adresse, self.champs)


@pytest.fixture(params=REDIGES, ids=str)
def poste(request):
    return Poste(request.param)


def test_la_liste_des_formulaires_rediges_n_est_pas_vide():
    assert len(REDIGES) >= 15


def test_ce_qui_est_tape_est_garde_offert_a_son_auteur_seul_repris_puis_clos(poste):
    poste.remplir()
    assert poste.garder()["enregistre_a"]
    saisie = poste.cas.saisie_pour(poste.dossier)
    reprise = Brouillon.objects.get().adresse_reprise
    _un_collegue_ne_le_voit_pas(poste, reprise, saisie)
    page = poste.ouvrir()
    if any(nom in TAPES for nom in saisie):
        assertContains(page, "Reprendre le brouillon")
    poste.ouvrir(reprise)
    for nom, valeurs in saisie.items():
        assert [v.strip() for v in poste.champs[nom]] == valeurs
    avant = poste.cas.etat()
    assert poste.enregistrer().status_code == 302
    assert poste.cas.etat() != avant
    assert poste.garder()["reprise"] == ""
    assert not Brouillon.objects.filter(clos_le=None).exists()


def _un_collegue_ne_le_voit_pas(poste, reprise, saisie):
    page = connecter(poste._compte()).get(reprise)
    if page.status_code == 404:  # only its author corrects a transmission
        return
    assertNotContains(page, "Reprendre le brouillon")
    _, champs = formulaire_de(page)
    for nom, valeurs in saisie.items():
        if nom in TAPES:
            assert [v.strip() for v in champs.get(nom, [])] != valeurs


def test_un_formulaire_refuse_garde_le_meme_brouillon():
    poste = Poste(next(c for c in REDIGES if c.nom == "ajouter un contact"))
    poste.champs |= {"nom": ["Petit"], "telephone": ["pas un numéro"]}
    poste.garder()
    reponse = poste.enregistrer()
    assert reponse.status_code == 422
    _, champs = formulaire_de(reponse)
    assert champs["_brouillon"] == poste.champs["_brouillon"]
    assert Brouillon.objects.get().clos_le is None


def test_une_case_touchee_par_megarde_n_est_pas_un_texte_a_reprendre():
    poste = Poste(FORMULAIRES[0])
    poste.champs |= {"importance": ["urgente"]}
    poste.garder()
    assertNotContains(poste.ouvrir(), "Reprendre le brouillon")


def test_une_case_decochee_reste_decochee_a_la_reprise():
    poste = Poste(next(c for c in REDIGES if c.nom == "modifier un contact"))
    poste.dossier.contacts.update_sans_historique(motif="essai", personne_confiance=True)
    poste.ouvrir()
    assert poste.champs.pop("personne_confiance")
    poste.remplir()
    poste.garder()
    poste.ouvrir(Brouillon.objects.get().adresse_reprise)
    assert "personne_confiance" not in poste.champs


def test_le_plus_ancien_de_trente_brouillons_se_reprend():
    poste = Poste(FORMULAIRES[0])
    poste.champs["donnees"] = ["Texte 0"]
    poste.garder()
    ancien = Brouillon.objects.get()
    for rang in range(1, 30):
        Brouillon.objects.create(
            compte=ancien.compte,
            dossier=ancien.dossier,
            formulaire=ancien.formulaire,
            chemin=ancien.chemin,
            objet=str(rang),
            saisies={"donnees": [f"Texte {rang}"]},
            extrait=f"Texte {rang}",
        )
    poste.ouvrir(ancien.adresse_reprise)
    assert poste.champs["donnees"][0].strip() == "Texte 0"


def test_un_brouillon_se_reconnait_a_ce_qui_a_ete_tape():
    poste = Poste(next(c for c in REDIGES if c.nom == "noter des constantes"))
    poste.champs |= {"temperature": ["38,7"]}
    poste.garder()
    assert Brouillon.objects.get().extrait == "38,7"
    assertContains(poste.ouvrir(), "38,7")


def test_ce_qui_etait_deja_ecrit_ne_passe_pas_pour_tape():
    poste = Poste(next(c for c in REDIGES if c.nom == "modifier un contact"))
    poste.champs |= {"commentaire": ["Travaille le matin"]}
    poste.garder()
    assert Brouillon.objects.get().extrait == "Travaille le matin"


def test_revenir_apres_avoir_enregistre_le_dit():
    poste = Poste(next(c for c in REDIGES if c.nom == "noter des constantes"))
    poste.remplir()
    reprise = poste.garder()["reprise"]
    assert poste.enregistrer().status_code == 302
    assertContains(poste.client.get(reprise), "Ce texte est déjà enregistré")


def test_enregistrer_une_fiche_clot_les_anciens_brouillons_de_cette_fiche():
    poste = Poste(next(c for c in REDIGES if c.nom == "modifier un contact"))
    poste.champs |= {"commentaire": ["Un essai laissé là"]}
    poste.garder()
    poste.ouvrir()
    poste.remplir()
    poste.enregistrer()
    assert not Brouillon.objects.filter(clos_le=None).exists()


def test_un_second_onglet_de_la_meme_fiche_ne_dit_jamais_enregistre_a_tort():
    poste = Poste(next(c for c in REDIGES if c.nom == "modifier un contact"))
    poste.champs |= {"commentaire": ["Tapé dans l’autre onglet"]}
    poste.garder()
    autre = poste.page, dict(poste.champs)
    poste.ouvrir()
    poste.remplir()
    poste.enregistrer()
    poste.page, poste.champs = autre
    assert poste.garder()["reprise"]
    assert Brouillon.objects.get(clos_le=None).extrait == "Tapé dans l’autre onglet"


@pytest.mark.parametrize("noms", [["x" * 250_000], [f"n{i}" * 150 for i in range(900)]])
def test_un_brouillon_ne_deborde_pas_par_le_nom_de_ses_champs(noms):
    poste = Poste(FORMULAIRES[0])
    corps = urlencode(poste.champs | dict.fromkeys(noms, "a"), doseq=True)
    html = lxml.html.fromstring(poste.page.content.decode())
    (vers,) = html.xpath("//form[@data-principal]/@data-brouillon")
    nature = "application/x-www-form-urlencoded"
    assert poste.client.post(vers, corps, content_type=nature).status_code == 413
    assert not Brouillon.objects.exists()
