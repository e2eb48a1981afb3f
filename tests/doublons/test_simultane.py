"""Deux décisions, une décision et une écriture : au même instant, sur de vraies connexions."""

from threading import Event

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accompagnement.models import Transmission
from administratif.doublons import services, taches
from dui.socle import fusion
from dui.socle.models import Dossier, Fusion, SaisieEnAttente
from tests.accompagnement.factories import TransmissionFactory
from tests.doublons.factories import cellule, dossier, fusionner, paire, proposer
from tests.habilitations.factories import AffectationFactory
from tests.identite.test_creations_simultanees import lancer
from tests.outils import connecter, formulaire_de

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def proposee():
    a, b = dossier(), dossier(nom_naissance="LE GOF")
    doublon = paire(a, b)
    proposer(doublon, a)
    return doublon, a, b


def decision(geste, doublon, *dossiers):
    h = cellule(*dossiers)
    return lambda: geste(h, doublon.pk)


def test_deux_approbations_au_meme_instant_font_une_seule_fusion(proposee):
    doublon, a, b = proposee
    TransmissionFactory(dossier=b)
    resultats = lancer([decision(services.approuver, doublon, a, b) for _ in range(2)])
    assert sum(isinstance(r, Fusion) for r in resultats) == 1
    assert sum(isinstance(r, ValidationError) for r in resultats) == 1
    assert Fusion.objects.en_vigueur().count() == 1
    assert Transmission.objects.get().dossier == a


def test_approuver_et_refuser_au_meme_instant_n_en_font_qu_un(proposee):
    doublon, a, b = proposee
    resultats = lancer(
        [decision(geste, doublon, a, b) for geste in (services.approuver, services.refuser)]
    )
    assert sum(isinstance(r, Fusion) for r in resultats) == 1
    rendue = Fusion.objects.get().decision
    assert (Dossier.objects.get(pk=b.pk).fusionne_dans is not None) == (rendue == "approuvee")


def test_une_ligne_en_cours_d_ecriture_passe_avec_les_autres(proposee):
    """La fusion attend qui écrit : sa ligne est sous le dossier gardé, jamais perdue."""
    doublon, a, b = proposee
    approbateur, ecrite, approbation = cellule(a, b), Event(), Event()

    def ecrire():
        with transaction.atomic():
            assert fusion.absorbe_par(b.pk) is None  # what every page that writes does first
            ligne = TransmissionFactory(dossier=b)
            ecrite.set()
            approbation.wait(1)  # the merge is asked for meanwhile
        return ligne

    def approuver():
        ecrite.wait(10)
        return services.approuver(approbateur, doublon.pk)

    ligne, faite = lancer([ecrire, approuver])
    assert isinstance(faite, Fusion), faite
    assert Transmission.objects.get(pk=ligne.pk).dossier == a


def test_si_l_ecriture_dure_la_fusion_le_dit_et_ne_fait_rien(proposee):
    doublon, a, b = proposee
    approbateur, ecrite, fini = cellule(a, b), Event(), Event()

    def ecrire():
        with transaction.atomic():
            fusion.absorbe_par(b.pk)
            TransmissionFactory(dossier=b)
            ecrite.set()
            fini.wait(20)

    def approuver():
        ecrite.wait(10)
        with connection.cursor() as curseur:
            curseur.execute("SET lock_timeout = '200ms'")
        try:
            return services.approuver(approbateur, doublon.pk)
        finally:
            fini.set()

    _, refus = lancer([ecrire, approuver])
    assert isinstance(refus, ValidationError) and refus.messages == [services.OCCUPE]
    assert Fusion.objects.get().decision == ""


@pytest.mark.lent
def test_une_page_envoyee_pendant_la_fusion_attend_puis_mene_au_dossier_garde(proposee):
    doublon, a, b = proposee
    compte = AffectationFactory(etablissement=b.sejours.get().etablissement).compte
    client, approbateur, faite, envoyee = connecter(compte), cellule(a, b), Event(), Event()
    AffectationFactory(compte=compte, etablissement=a.sejours.get().etablissement)
    adresse, champs = formulaire_de(client.get(f"/dossiers/{b.pk}/transmissions/nouvelle/"))
    champs |= {"cible": ["alimentation"], "donnees": ["A bien mangé à midi."]}

    def approuver():
        with transaction.atomic():
            services.approuver(approbateur, doublon.pk)
            faite.set()
            envoyee.wait(1)  # the page is sent meanwhile, and waits

    def envoyer():
        faite.wait(10)
        return client.post(adresse, champs)

    _, reponse = lancer([approuver, envoyer])
    assert reponse.url.startswith("/reprise/"), reponse
    assert str(a.pk) in SaisieEnAttente.objects.get().chemin
    assert not Transmission.objects.filter(dossier=b).exists()


def test_ce_qu_une_tache_ecrit_apres_sur_l_ancien_dossier_rejoint_le_dossier_garde():
    """Une autre porte que les pages : une tâche partie avant la fusion, qui écrit après."""
    a, b = dossier(), dossier(nom_naissance="LE GOF")
    doublon, _ = fusionner(a, b)
    ligne = TransmissionFactory(dossier=b)
    taches.rattraper()
    ligne.refresh_from_db()
    assert ligne.dossier == a
    taches.rattraper()
    services.proposer_defusion(cellule(a), doublon.pk, motif="Ce sont deux sœurs, vues ici.")
    services.approuver(cellule(a), doublon.pk)
    ligne.refresh_from_db()
    assert ligne.dossier == b  # written about her: it goes back with her
