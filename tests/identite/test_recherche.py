"""Chercher avant de créer ; accueillir ici qui est déjà connu ailleurs."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from admission.creation import lectures, services
from admission.creation.criteres import Criteres
from dui.socle.models import Dossier, EntreeJournal, Usager
from habilitations.journal.mots import phrase
from habilitations.models import Interdiction
from tests.habilitations.factories import AffectationFactory
from tests.identite.recherche import (
    ACCUEILLIR,
    CINQ,
    JOUR,
    RECHERCHE,
    chercher,
    connue,
    creer,
    vers_la_creation,
)
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory, EtablissementFactory

pytestmark = pytest.mark.django_db
# ------------------------------------------------------------------ recherche


@pytest.mark.parametrize(
    ("usager", "naissance", "nom", "prenom"),
    [
        ({}, JOUR, "", ""),
        ({}, JOUR, "LEG", ""),
        ({}, JOUR, "le-", "mar"),
        ({}, date(1940, 12, 3), "LE", ""),
        ({"nom_naissance": "MARTIN", "nom_utilise": "LE GOFF"}, JOUR, "LEG", ""),
        ({"nom_naissance": "MARIE", "premier_prenom": "LE GOFF"}, JOUR, "MAR", ""),
        ({"nom_naissance": "LA GOFF"}, JOUR, "LEG", ""),
        ({"prenom_utilise": "Maïté"}, JOUR, "", "mai"),
        ({"date_naissance": date(1940, 3, 1), "naissance_incomplete": "jour"}, JOUR, "LE", ""),
        ({"date_naissance": date(1940, 12, 31), "naissance_incomplete": "jour_mois"}, JOUR, "", ""),
        ({"date_naissance": date(1942, 12, 31), "naissance_incomplete": "annee"}, JOUR, "", ""),
    ],
)
def test_les_identites_proches_se_trouvent(usager, naissance, nom, prenom, maison, secretaire):
    connue(maison, **usager)
    trouves = lectures.chercher(
        secretaire.habilitation, maison, Criteres(naissance, nom=nom, prenom=prenom)
    )
    assert len(trouves) == 1


@pytest.mark.parametrize(
    ("naissance", "nom", "prenom"),
    [(date(1941, 3, 12), "", ""), (JOUR, "ZZZ", ""), (JOUR, "LE ", "PAU")],
)
def test_les_autres_ne_se_montrent_pas(naissance, nom, prenom, maison, secretaire):
    connue(maison)
    criteres = Criteres(naissance, nom=nom, prenom=prenom)
    assert lectures.chercher(secretaire.habilitation, maison, criteres) == []


def test_une_date_incomplete_cherche_tout_ce_qu_elle_peut_vouloir_dire(maison, secretaire):
    connue(maison)
    h = secretaire.habilitation
    assert lectures.chercher(h, maison, Criteres(date(1940, 3, 1), "jour"))
    assert lectures.chercher(h, maison, Criteres(date(1940, 12, 31), "jour_mois"))
    assert lectures.chercher(h, maison, Criteres(date(1938, 12, 31), "annee"))
    assert not lectures.chercher(h, maison, Criteres(date(1940, 4, 1), "jour"))


def test_la_date_ou_le_datamatrix_est_exige_et_trois_lettres_sont_le_plus(secretaire):
    reponse = chercher(secretaire, nom="Leg")
    assert reponse.status_code == 422 and "date de naissance" in reponse.content.decode()
    assert chercher(secretaire, naissance="12/03/1940", nom="Lego").status_code == 422
    assert chercher(secretaire, naissance="31/02/1940").status_code == 422


def test_la_recherche_montre_l_autre_maison_sans_dire_ou_ni_ouvrir(maison, secretaire):
    """L’identité est cherchée dans tout l’organisme ; le dossier, lui, reste fermé."""
    ailleurs = EtablissementFactory(nom="Maison des Pins")
    dossier = connue(ailleurs)
    page = chercher(secretaire, naissance="12/03/1940").content.decode()
    assert "LE GOFF" in page and "accueillir ici" in page
    assert "Maison des Pins" not in page and dossier.numero not in page
    assert reverse("dossier", args=[dossier.pk]) not in page


def test_ce_qu_une_interdiction_ferme_ne_dit_que_son_existence(maison, secretaire):
    dossier = connue(maison)
    Interdiction.objects.create(
        dossier=dossier,
        compte=secretaire.compte,
        blocs=[],
        origine="personne",
        decidee_par=AffectationFactory(etablissement=maison).compte,
    )
    page = chercher(secretaire, naissance="12/03/1940")
    assert "LE GOFF" not in page.content.decode()
    assert "hors de votre portée" in page.content.decode()


def test_la_recherche_est_journalisee_sans_ses_valeurs(secretaire):
    chercher(secretaire, naissance="12/03/1940", nom="Leg")
    trace = EntreeJournal.objects.filter(cible="recherche avant création").get()
    assert trace.contexte["lettres du nom"] == 3 and trace.contexte["résultats"] == 0
    # A date as it is written: the number of the request may well hold « 1940 ».
    for valeur in ("12/03/1940", "1940-03-12", "12031940", "Leg", "LEG"):
        assert valeur not in str(trace.contexte)


def test_qui_est_montre_sans_etre_ouvert_le_lit_dans_son_journal(maison, secretaire):
    """Une ligne par personne d’une autre maison ; aucune pour la sienne, ni pour une interdite."""
    ailleurs = connue(EtablissementFactory())
    connue(maison)
    interdite = connue(EtablissementFactory())
    Interdiction.objects.create(
        dossier=interdite,
        compte=secretaire.compte,
        blocs=[],
        origine="personne",
        decidee_par=AffectationFactory(etablissement=maison).compte,
    )
    chercher(secretaire, naissance="12/03/1940")
    trace = EntreeJournal.objects.exclude(dossier=None).get()
    assert (trace.dossier, trace.titre_acces, trace.bloc) == (ailleurs, "aucun", "ID")
    assert phrase(trace) == "a vu l’identité, parmi celles qui ressemblent à une autre"


def test_une_date_changee_apres_la_recherche_ne_montre_personne_sans_trace(maison, secretaire):
    page = vers_la_creation(secretaire, naissance="01/01/1950")
    ailleurs = connue(EtablissementFactory())
    assert creer(secretaire, page, **CINQ).status_code == 409
    assert EntreeJournal.objects.filter(cible="recherche avant création").count() == 2
    assert EntreeJournal.objects.filter(dossier=ailleurs, cible="identite.proche").count() == 1


def test_trente_proches_ne_coutent_pas_plus_de_requetes(maison, secretaire):
    action, lus = formulaire_de(secretaire.get(RECHERCHE))
    nombres = []
    for fois in (1, 30):
        for _ in range(fois):
            connue(maison)
        with CaptureQueriesContext(connection) as requetes:
            secretaire.post(action, lus | {"naissance": "12/03/1940"})
        nombres.append(len(requetes))
    assert nombres[0] == nombres[1] <= 18, nombres  # 15, and the savepoints of the request


def test_une_liste_trop_longue_dit_de_preciser(maison, secretaire, monkeypatch):
    monkeypatch.setattr(lectures, "MAXIMUM", 1)
    connue(maison)
    connue(maison)
    page = chercher(secretaire, naissance="12/03/1940")
    assert "ajoutez des lettres" in page.content.decode()
    assert len(page.context["proches"]) == 1


# ------------------------------------------------------------------ accueillir


def test_une_personne_partie_depuis_longtemps_revient_sous_la_meme_identite(maison, secretaire):
    dossier = connue(maison)
    sejour = dossier.sejours.get()
    sejour.sortie_le = timezone.localdate() - timedelta(days=200)
    sejour.mode_sortie = "domicile"
    sejour.save()
    page = chercher(secretaire, naissance="12/03/1940")
    action, lus = formulaire_de(page, ACCUEILLIR)
    reponse = secretaire.post(action, lus)
    assert reponse.url == reverse("administratif:identite", args=[dossier.pk])
    assert dossier.sejours.count() == 2 and Usager.objects.count() == 1
    traces = EntreeJournal.objects.filter(dossier=dossier, cible="sejour.ouvert")
    assert phrase(traces.get()) == "a accueilli la personne, par un nouveau séjour"
    secretaire.post(action, lus)
    assert (dossier.sejours.count(), traces.count()) == (2, 1)


def test_on_n_accueille_que_qui_la_recherche_a_montre(maison, secretaire):
    autre = DossierFactory(usager__date_naissance=date(1950, 1, 1))
    connue(EtablissementFactory())
    action, lus = formulaire_de(chercher(secretaire, naissance="12/03/1940"), ACCUEILLIR)
    assert secretaire.post(action, lus | {"dossier": str(autre.pk)}).url == RECHERCHE
    assert secretaire.post(action, lus | {"dossier": "x"}).url == RECHERCHE
    assert autre.sejours.count() == 1


def test_une_personne_decedee_ou_interdite_ne_s_accueille_pas(maison, secretaire):
    ailleurs = EtablissementFactory()
    decede = connue(ailleurs, date_deces=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="décès"):
        services.accueillir(secretaire.habilitation, maison, decede.pk)
    ferme = connue(ailleurs, nom_naissance="AUTRE")
    Interdiction.objects.create(
        dossier=ferme,
        compte=secretaire.compte,
        blocs=[],
        origine="personne",
        decidee_par=AffectationFactory(etablissement=maison).compte,
    )
    with pytest.raises(Dossier.DoesNotExist):
        services.accueillir(type(secretaire.habilitation)(secretaire.compte), maison, ferme.pk)
