"""Ce que la base refuse elle-même : séjours, identités, lignes figées, historique."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from accompagnement.models import Lecture, Transmission
from dui.socle.enums import StatutIdentite
from dui.socle.models import Contact, Dossier, Sejour, Usager
from dui.socle.requetes import MiseAJourSansHistorique
from soins.models import Mesure
from tests.socle.factories import (
    CompteFactory,
    ContactFactory,
    DossierFactory,
    EtablissementFactory,
    PlaceFactory,
    SejourFactory,
    UniteFactory,
    UsagerFactory,
)

pytestmark = pytest.mark.django_db


def refuse(contrainte):
    return pytest.raises(IntegrityError, match=contrainte)


# ------------------------------------------------------------------ séjours


def test_deux_personnes_n_occupent_pas_la_meme_place_en_meme_temps():
    place = PlaceFactory()
    SejourFactory(place=place, entree_le=date(2026, 1, 5))
    with refuse("sejour_une_personne_par_place"), transaction.atomic():
        SejourFactory(place=place, entree_le=date(2026, 3, 1))


def test_la_place_se_libere_et_se_reprend_le_meme_jour():
    place = PlaceFactory()
    SejourFactory(place=place, entree_le=date(2026, 1, 5), sortie_le=date(2026, 3, 1))
    SejourFactory(place=place, entree_le=date(2026, 3, 1))
    assert place.sejours.count() == 2


def test_la_veille_de_la_sortie_la_place_est_encore_prise():
    place = PlaceFactory()
    SejourFactory(place=place, entree_le=date(2026, 1, 5), sortie_le=date(2026, 3, 1))
    with refuse("sejour_une_personne_par_place"), transaction.atomic():
        SejourFactory(place=place, entree_le=date(2026, 2, 28))


def test_changer_de_place_libere_l_ancienne_a_la_date_du_changement():
    sejour = SejourFactory(entree_le=date(2026, 1, 5))
    ancienne = sejour.place
    sejour.place = PlaceFactory(unite=sejour.unite)
    sejour.place_depuis = date(2026, 2, 1)
    sejour.save()
    SejourFactory(place=ancienne, entree_le=date(2026, 2, 1))
    assert sejour.history.count() == 2


def test_a_domicile_personne_n_occupe_de_place():
    etablissement = EtablissementFactory()
    SejourFactory.create_batch(2, etablissement=etablissement, unite=None, modalite="domicile")
    assert etablissement.sejours.count() == 2


def test_une_sortie_ne_precede_pas_l_entree():
    with refuse("sejour_dates_ordonnees"), transaction.atomic():
        SejourFactory(entree_le=date(2026, 3, 1), sortie_le=date(2026, 2, 1))


def test_une_place_porte_sa_date_a_partir_de_l_entree():
    with refuse("sejour_place_datee"), transaction.atomic():
        SejourFactory(entree_le=date(2026, 3, 1), place_depuis=date(2026, 2, 1))


def test_la_contrainte_parle_francais_dans_un_formulaire():
    place = PlaceFactory()
    SejourFactory(place=place)
    second = SejourFactory.build(
        dossier=DossierFactory(sejour=None), etablissement=place.unite.etablissement,
        unite=place.unite, place=place,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="déjà occupée"):
        second.validate_constraints()


@pytest.mark.parametrize(
    ("entree", "sortie", "present"),
    [(0, None, True), (1, None, False), (-30, 0, False), (-30, 1, True), (-30, -1, False)],
    ids=["entre ce jour", "entre demain", "sort ce jour", "sort demain", "sorti hier"],
)
def test_en_cours_va_de_l_entree_a_la_veille_de_la_sortie(entree, sortie, present):
    jour = timezone.localdate()
    SejourFactory(
        entree_le=jour + timedelta(days=entree),
        sortie_le=None if sortie is None else jour + timedelta(days=sortie),
    )
    assert Sejour.objects.en_cours().exists() == present


def test_le_tableau_range_par_chambre_et_non_par_ordre_alphabetique():
    unite = UniteFactory()
    for ordre, chambre in ((10, "10"), (2, "2"), (1, "1")):
        SejourFactory(place=PlaceFactory(unite=unite, chambre=chambre, ordre=ordre))
    chambres = [s.place.chambre for s in Sejour.objects.au_tableau(unite=unite)]
    assert chambres == ["1", "2", "10"]


def test_une_personne_n_a_qu_un_dossier_par_organisme():
    dossier = DossierFactory()
    with refuse("dossier_un_par_usager"), transaction.atomic():
        DossierFactory(usager=dossier.usager)


# ------------------------------------------------------------------ identités


@pytest.mark.parametrize(
    ("recuperee", "validee", "statut"),
    [
        (False, False, StatutIdentite.PROVISOIRE),
        (True, False, StatutIdentite.RECUPEREE),
        (False, True, StatutIdentite.VALIDEE),
        (True, True, StatutIdentite.QUALIFIEE),
    ],
)
def test_le_statut_se_deduit_de_deux_faits(recuperee, validee, statut):
    usager = UsagerFactory(qualifiee=True)
    usager.ins_recuperee, usager.identite_validee = recuperee, validee
    assert usager.statut_identite == statut
    assert bool(usager.ins_affiche) == (recuperee and validee)


@pytest.mark.parametrize(
    ("contrainte", "traits"),
    [
        ("usager_fictive_exclusive", {"fictive": True, "homonyme": True}),
        ("usager_douteuse_provisoire", {"douteuse": True, "identite_validee": True}),
        ("usager_douteuse_provisoire", {"fictive": True, "identite_validee": True}),
        ("usager_matricule_avec_oid", {"matricule_ins": "240036322000100"}),
        ("usager_matricule_avec_oid", {"oid_ins": "1.2.250.1.213.1.4.8"}),
        ("usager_recuperee_avec_matricule", {"ins_recuperee": True}),
    ],
)
def test_la_base_refuse_une_identite_incoherente(contrainte, traits):
    with refuse(contrainte), transaction.atomic():
        UsagerFactory(**traits)


def test_deux_identites_recuperees_ne_portent_pas_le_meme_matricule():
    ins = {"matricule_ins": "240036322000100", "oid_ins": "1.2.250.1.213.1.4.11"}
    UsagerFactory(ins_recuperee=True, **ins)
    UsagerFactory(**ins)  # saisi, pas encore vérifié : le doublon se traite, il ne bloque pas
    with refuse("usager_ins_unique"), transaction.atomic():
        UsagerFactory(ins_recuperee=True, **ins)


@pytest.mark.parametrize(
    ("incomplete", "attendu"),
    [
        ("", "12/03/1940"),
        ("jour", "03/1940 (jour inconnu)"),
        ("mois", "12/00/1940 (mois inconnu)"),
        ("jour_mois", "1940 (jour et mois inconnus)"),
        ("annee", "vers 1940"),
    ],
)
def test_une_date_de_naissance_dit_ce_qu_elle_ignore(incomplete, attendu):
    assert UsagerFactory.build(naissance_incomplete=incomplete).naissance_affichee == attendu


def test_l_age_change_le_jour_de_l_anniversaire_et_s_arrete_au_deces():
    usager = UsagerFactory.build(date_naissance=date(1940, 3, 12))
    assert usager.age(date(2026, 3, 11)) == 85
    assert usager.age(date(2026, 3, 12)) == 86
    usager.date_deces = date(2020, 1, 1)
    assert usager.age() == 79


# ------------------------------------------------------------------ recherche


@pytest.fixture
def personnes():
    return {
        "jose": UsagerFactory(nom_naissance="D'ALMEIDA", premier_prenom="JOSÉ"),
        "gwen": UsagerFactory(nom_naissance="LE GOFF", premier_prenom="GWENAËLLE"),
        "jean": UsagerFactory(
            nom_naissance="PETIT-JEAN", premier_prenom="ANNE", nom_utilise="MARTIN"
        ),
    }


@pytest.mark.parametrize(
    ("saisie", "trouvee"),
    [
        ("d’almeida", "jose"),
        ("d'almeida jose", "jose"),
        ("ALMEIDA", "jose"),
        ("gwenaelle", "gwen"),
        ("goff gwen", "gwen"),
        ("le-goff", "gwen"),
        ("petit jean", "jean"),
        ("Petit-Jean", "jean"),
        ("martin anne", "jean"),
    ],
)
def test_on_trouve_quels_que_soient_accents_tirets_ordre_et_nom_utilise(personnes, saisie, trouvee):
    assert list(Usager.objects.ressemblant(saisie)) == [personnes[trouvee]]


def test_chaque_mot_compte(personnes):
    assert not Usager.objects.ressemblant("goff martin").exists()


def test_un_signe_de_recherche_sql_n_est_qu_un_signe(personnes):
    assert not Usager.objects.ressemblant("%").exists()
    assert not Usager.objects.ressemblant("_").exists()


# ------------------------------------------------------------------ lignes figées


@pytest.fixture
def transmission():
    return Transmission.objects.create(
        dossier=DossierFactory(), auteur=CompteFactory(), fonction="IDE",
        donnees="A mangé la moitié du plat.", survenu_le=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def mesure():
    return Mesure.objects.create(
        dossier=DossierFactory(), auteur=CompteFactory(), code="poids", valeur="61.4",
        mesuree_le=timezone.now(),
    )  # fmt: skip


def changer(objet, **champs):
    with transaction.atomic():
        type(objet).objects.filter(pk=objet.pk).update_sans_historique(motif="essai", **champs)


def test_une_transmission_enregistree_ne_se_modifie_pas(transmission):
    for champs in ({"donnees": "Autre"}, {"survenu_le": timezone.now()}, {"fonction": "AS"}):
        with pytest.raises(ProgrammingError, match="ne se modifie pas"):
            changer(transmission, **champs)
    with pytest.raises(ProgrammingError, match="ne se modifie pas"), transaction.atomic():
        transmission.delete()


def test_une_transmission_se_remplace_et_se_partage(transmission):
    changer(transmission, courante=False, communicable_le=timezone.now())
    transmission.refresh_from_db()
    assert not transmission.courante


def test_un_accuse_de_lecture_ne_s_efface_pas(transmission):
    lecture = Lecture.objects.create(transmission=transmission, compte=CompteFactory())
    with pytest.raises(ProgrammingError, match="ajout seul"), transaction.atomic():
        lecture.delete()


def test_une_mesure_ne_se_modifie_pas(mesure):
    with pytest.raises(ProgrammingError, match="ne se modifie pas"):
        changer(mesure, valeur="99")
    with pytest.raises(ProgrammingError, match="ne se modifie pas"), transaction.atomic():
        mesure.delete()


def test_une_meme_saisie_ne_s_enregistre_pas_deux_fois(transmission):
    transmission.pk = uuid.uuid4()
    transmission._state.adding = True
    with refuse("cle_saisie"), transaction.atomic():
        transmission.save(force_insert=True)


# ------------------------------------------------------------------ historique


@pytest.mark.parametrize("modele", [Usager, Dossier, Sejour, Contact])
def test_les_ecritures_en_masse_contournent_l_historique_donc_elles_levent(modele):
    with pytest.raises(MiseAJourSansHistorique):
        modele.objects.update(pk=None)
    with pytest.raises(MiseAJourSansHistorique):
        modele.objects.bulk_update([], ["pk"])


def test_la_sortie_de_secours_dit_pourquoi():
    ContactFactory()
    with pytest.raises(ValueError, match="motif"):
        Contact.objects.update_sans_historique(motif="", nom="X")
    assert Contact.objects.update_sans_historique(motif="reprise de données", nom="X") == 1


def test_l_historique_ne_se_reecrit_pas():
    contact = ContactFactory()
    contact.telephone = "06 00 00 00 00"
    contact.save()
    assert contact.history.count() == 2
    with pytest.raises(ProgrammingError, match="ajout seul"), transaction.atomic():
        contact.history.all().delete()
