"""Ce que l’API change dans la copie locale, et ce qui reste quand elle ne répond pas."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from dui.demonstration.annuaire import ressources
from dui.demonstration.annuaire.personnes import Annuaire
from dui.demonstration.annuaire.serveur import Travers
from dui.socle.annuaire import actualisation, etat, tables
from dui.socle.annuaire.taches import actualiser as tache
from dui.socle.models import (
    BalAnnuaire,
    ExerciceAnnuaire,
    ProfessionnelAnnuaire,
    SourceAnnuaire,
    StructureAnnuaire,
)
from tests.annuaire.factories import EHPAD, activite, fichier, importer_tout

pytestmark = pytest.mark.django_db


def a_l_instant() -> str:
    return timezone.now().isoformat(timespec="seconds")


@pytest.fixture
def copie(tmp_path):
    """Une extraction importée hier : un médecin au cabinet et à l’EHPAD."""
    hier = timezone.now() - timedelta(days=1)
    chemin = fichier(
        tmp_path, activite(1), activite(1, structure=EHPAD, mode="S"), activite(2, nom="PETIT"),
        nom=f"PS_{hier:%Y%m%d%H%M}.txt",
    )  # fmt: skip
    importer_tout(chemin)
    return chemin


def test_un_changement_d_exercice_remplace_la_ligne_du_meme_lieu(copie, passerelle):
    passerelle.ressources = ressources.toutes(
        Annuaire(activites=[activite(1, structure=EHPAD, mode="B", nom="SAUCIER-DUBOIS")]),
        a_l_instant(),
    )
    assert actualisation.actualiser()
    lignes = ExerciceAnnuaire.objects.filter(rpps=activite(1).rpps).order_by("structure")
    assert [(x.structure, x.mode, x.nom) for x in lignes] == [
        ("1990000028", "B", "SAUCIER-DUBOIS"),
        ("4C100", "L", "SAUCIER-DUBOIS"),
    ]
    assert [x.profession for x in lignes] == ["10", "10"]
    assert ExerciceAnnuaire.objects.filter(nom="PETIT").exists()


def test_actualiser_deux_fois_ne_change_rien_de_plus(copie, passerelle):
    passerelle.ressources = ressources.toutes(
        Annuaire(activites=[activite(1, structure=EHPAD), activite(7, nom="NEUF")]), a_l_instant()
    )
    actualisation.actualiser()
    etats = _tout()
    actualisation.actualiser()
    assert _tout() == etats


def _tout():
    modeles = (ExerciceAnnuaire, ProfessionnelAnnuaire, StructureAnnuaire, BalAnnuaire)
    return [list(m.objects.order_by("pk").values()) for m in modeles]


def test_un_nouveau_venu_se_trouve_avec_son_lieu_et_son_adresse(copie, passerelle):
    neuf = activite(7, nom="NEUF", structure=EHPAD)
    passerelle.ressources = ressources.toutes(Annuaire(activites=[neuf]), a_l_instant())
    actualisation.actualiser()
    ligne = ExerciceAnnuaire.objects.get(nom="NEUF")
    assert (ligne.structure, ligne.recherche, ligne.lieu) == ("1990000028", "neuf arthur", "saumur")
    assert BalAnnuaire.objects.get(idnps=neuf.idnps).adresse == neuf.mssante


def test_qui_n_exerce_plus_ne_se_trouve_plus(copie, passerelle):
    entier = ressources.professionnel(activite(1), a_l_instant())
    passerelle.ressources = [ressources.inactive(entier)]
    actualisation.actualiser()
    assert not ExerciceAnnuaire.objects.filter(rpps=activite(1).rpps, actif=True).exists()
    assert ExerciceAnnuaire.objects.filter(nom="PETIT", actif=True).exists()


def test_une_structure_fermee_ne_se_trouve_plus(copie, passerelle):
    passerelle.ressources = [ressources.inactive(ressources.structure(EHPAD, a_l_instant()))]
    actualisation.actualiser()
    assert not StructureAnnuaire.objects.get(finess=EHPAD.finess).actif


def test_un_exercice_termine_ne_se_trouve_plus(copie, passerelle):
    a = activite(1, structure=EHPAD)
    passerelle.ressources = ressources.toutes(Annuaire(activites=[a]), a_l_instant())
    actualisation.actualiser()
    passerelle.ressources = [ressources.inactive(ressources.exercice(a, a_l_instant()))]
    actualisation.actualiser()
    lignes = ExerciceAnnuaire.objects.filter(rpps=a.rpps, actif=True)
    assert [x.structure for x in lignes] == ["4C100"]
    passerelle.ressources = [ressources.professionnel(a, a_l_instant())]
    actualisation.actualiser()  # the person goes on, that activity does not come back
    assert [x.structure for x in lignes.all()] == ["4C100"]


def test_ce_que_l_api_tait_garde_ce_que_le_fichier_disait(copie, passerelle):
    avant = StructureAnnuaire.objects.get(finess=EHPAD.finess)
    passerelle.ressources = [ressources.structure(EHPAD, a_l_instant(), telecom=[], address=[])]
    actualisation.actualiser()
    apres = StructureAnnuaire.objects.get(finess=EHPAD.finess)
    assert (apres.telephone, apres.commune) == (avant.telephone, "Saumur")


def test_une_adresse_mise_en_liste_rouge_ne_laisse_pas_de_trace(copie, passerelle):
    a = activite(1)
    passerelle.ressources = [ressources.professionnel(a, a_l_instant())]
    actualisation.actualiser()
    assert BalAnnuaire.objects.filter(adresse=a.mssante).exists()
    rouge = [ressources.bal(a.mssante, rouge=True)]
    passerelle.ressources = [ressources.professionnel(a, a_l_instant(), telecom=rouge)]
    actualisation.actualiser()
    assert not BalAnnuaire.objects.filter(adresse=a.mssante).exists()


def test_une_ressource_partielle_n_efface_pas_ce_qu_elle_tait(copie, passerelle):
    partielle = ressources.professionnel(activite(1), a_l_instant(), name=[], telecom=[])
    partielle["meta"]["tag"] = [{"code": "SUBSETTED"}]
    passerelle.ressources = [partielle]
    actualisation.actualiser()
    assert ExerciceAnnuaire.objects.filter(nom="SAUCIER", actif=True).count() == 2


def test_un_exercice_dont_on_ne_sait_pas_qui_ne_fait_pas_de_ligne(copie, passerelle):
    passerelle.ressources = [ressources.exercice(activite(9), a_l_instant())]
    assert actualisation.actualiser()
    assert ExerciceAnnuaire.objects.count() == 3


# ------------------------------------------------------------------ state


@pytest.mark.parametrize(
    ("travers", "mot"),
    [
        (Travers(statut=401), "clé refusée"),
        (Travers(statut=503), "statut 503"),
        (Travers(statut=429, entetes={"Retry-After": "9"}), "trop de demandes"),
        (Travers(statut=200, corps=b"<html>"), "JSON"),
    ],
)
def test_sans_reponse_la_copie_reste_et_l_etat_le_dit(copie, passerelle, travers, mot):
    avant = _tout()
    passerelle.travers = travers
    assert not actualisation.actualiser()
    assert not actualisation.actualiser()
    assert _tout() == avant
    source = SourceAnnuaire.objects.get(code="api")
    assert source.echecs == 2 and mot in source.motif and source.bonne_copie_le is None
    dit = etat.constat()
    assert dit["copie_le"] and dit["echecs"] == 2 and not dit["ancienne"]
    passerelle.travers = Travers()
    assert actualisation.actualiser()
    assert SourceAnnuaire.objects.get(code="api").echecs == 0


def test_la_demande_suivante_repart_de_la_precedente(copie, passerelle):
    actualisation.actualiser()
    apres = SourceAnnuaire.objects.get(code="api").donnees_du
    assert timedelta(minutes=9) < timezone.now() - apres < timedelta(minutes=12)
    passerelle.demandes.clear()
    actualisation.actualiser()
    assert all(f"ge{apres:%Y-%m-%dT%H}" in d.replace("%3A", ":") for d in passerelle.demandes)


def test_au_dela_de_trente_jours_l_etat_demande_une_extraction(passerelle):
    SourceAnnuaire.objects.create(code="api", donnees_du=datetime(2026, 1, 1, tzinfo=UTC))
    assert actualisation.actualiser()
    source = SourceAnnuaire.objects.get(code="api")
    assert source.echecs == 0 and "importez l’extraction" in source.motif


def test_une_copie_ancienne_se_voit(copie):
    dans_deux_semaines = timezone.now() + timedelta(days=14)
    assert etat.constat(dans_deux_semaines)["ancienne"]
    assert etat.constat(dans_deux_semaines)["age"] == 14


@pytest.mark.django_db(transaction=True)
def test_pendant_un_import_l_actualisation_attend_la_suivante(passerelle):
    autre = connections.create_connection("default")
    try:
        with autre.cursor() as c:
            c.execute("SELECT pg_advisory_lock(%s)", [tables.VERROU])
        assert not actualisation.actualiser()
    finally:
        autre.close()
    assert passerelle.demandes == []


def test_la_tache_ne_fait_rien_sans_cle(passerelle, settings):
    settings.ANNUAIRE_OUVERT = False
    tache()
    assert passerelle.demandes == []
    settings.ANNUAIRE_OUVERT = True
    tache()
    assert len(passerelle.demandes) == 3


def test_la_copie_de_la_demonstration_et_son_serveur_disent_la_meme_chose(passerelle):
    from dui.demonstration.annuaire.copie import charger
    from dui.demonstration.annuaire.personnes import de_la_demonstration

    charger()
    avant = set(ExerciceAnnuaire.objects.values_list("rpps", "structure"))
    passerelle.ressources = ressources.toutes(de_la_demonstration(), a_l_instant())
    assert actualisation.actualiser()
    assert set(ExerciceAnnuaire.objects.values_list("rpps", "structure")) == avant
    assert len(avant) > 60
    assert StructureAnnuaire.objects.filter(nom="CENTRE HOSPITALIER DE SAUMUR").exists()
