"""L’annuaire national dit autre chose que nos fiches : on le signale, on ne change rien seul."""

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from administratif.ecarts import services
from dui.demonstration.annuaire.personnes import rpps
from dui.socle.annuaire import ecarts, etat
from dui.socle.annuaire.taches import relever_les_ecarts
from dui.socle.models import EcartAnnuaire, Evenement, ExerciceAnnuaire, Professionnel
from habilitations.models import Affectation
from tests.annuaire.factories import bal, exercice
from tests.habilitations.factories import AffectationFactory
from tests.outils import formulaire_de
from tests.socle.factories import (
    CorrespondantFactory,
    DossierFactory,
    EtablissementFactory,
    OrganismeFactory,
    ProfessionnelFactory,
)

pytestmark = pytest.mark.django_db
ADRESSE = "/annuaire/ecarts/"


@pytest.fixture
def maison():
    return EtablissementFactory()


@pytest.fixture
def copie():
    etat.reussir("activites", donnees_du=timezone.now(), lignes=1)


@pytest.fixture
def claire(maison):
    """Infirmière ici, telle que l’annuaire la connaît."""
    compte = AffectationFactory(etablissement=maison).compte
    exercice("MARTIN", "CLAIRE", numero=1, profession="60")
    bal("claire.martin@mssante.example.org", idnps=f"8{rpps(1)}")
    return ProfessionnelFactory(
        compte=compte, nom="Martin", prenom="Claire", profession="60", rpps=rpps(1),
        mssante="claire.martin@mssante.example.org",
    )  # fmt: skip


def releves():
    ecarts.relever()
    attendent = EcartAnnuaire.objects.filter(etat="a_juger").order_by("nature")
    return list(attendent.values_list("nature", "chez_nous", "annuaire"))


def test_rien_a_dire_quand_l_annuaire_dit_la_meme_chose(copie, claire):
    assert releves() == []


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"nom": "MOREAU"}, ("nom", "Martin|Claire", "MOREAU|Claire")),
        ({"profession": "10"}, ("profession", "60", "10")),
        ({"actif": False}, ("fin", "Claire Martin", "inactif")),
    ],
)
def test_un_changement_de_l_annuaire_attend_d_etre_juge(copie, claire, champs, attendu):
    ExerciceAnnuaire.objects.update(**champs)
    assert releves() == [attendu]
    assert releves() == [attendu]  # the next night asks it once
    claire.refresh_from_db()
    assert (claire.nom, claire.profession) == ("Martin", "60")


def test_une_autre_adresse_mssante_et_une_adresse_retiree(copie, claire):
    claire.mssante = "ancienne@mssante.example.org"
    claire.save()
    adresse = "claire.martin@mssante.example.org"
    assert releves() == [("mssante", "ancienne@mssante.example.org", adresse)]


def test_absente_de_l_annuaire(copie, claire):
    ExerciceAnnuaire.objects.all().delete()
    assert releves() == [("fin", "Claire Martin", "absent")]


def test_sans_copie_ou_sur_une_vieille_copie_rien_ne_se_dit(claire, settings):
    ExerciceAnnuaire.objects.all().delete()
    assert releves() == []
    etat.reussir("activites", donnees_du=timezone.now(), lignes=1)
    settings.ANNUAIRE_AGE_MAX = -1
    assert releves() == []


def test_un_ecart_qui_n_existe_plus_ne_se_demande_plus(copie, claire):
    ExerciceAnnuaire.objects.update(nom="MOREAU")
    assert len(releves()) == 1
    ExerciceAnnuaire.objects.update(nom="MARTIN")
    assert releves() == []
    assert EcartAnnuaire.objects.get().etat == "disparu"


def test_un_ecart_ignore_revient_seulement_s_il_change(copie, claire, maison, en_tant_que):
    cadre = en_tant_que(role="IDEC", etablissement=maison)
    ExerciceAnnuaire.objects.update(nom="MOREAU")
    releves()
    services.juger(cadre.habilitation, EcartAnnuaire.objects.get().pk, accepter=False)
    assert releves() == []
    ExerciceAnnuaire.objects.update(nom="PETIT")
    assert [e[2] for e in releves()] == ["PETIT|Claire"]


def test_accepter_change_la_fiche_et_jamais_les_droits(copie, claire, maison, en_tant_que):
    cadre = en_tant_que(role="IDEC", etablissement=maison)
    ExerciceAnnuaire.objects.update(nom="MOREAU", profession="10")
    relever_les_ecarts()
    avant = list(Affectation.objects.order_by("pk").values())
    for ecart in EcartAnnuaire.objects.all():
        adresse, champs = formulaire_de(cadre.get(ADRESSE), f"{ADRESSE}{ecart.pk}/")
        cadre.post(adresse, champs | {"geste": "accepter"})
    claire.refresh_from_db()
    assert (claire.nom, claire.prenom, claire.profession) == ("MOREAU", "Claire", "10")
    assert list(Affectation.objects.order_by("pk").values()) == avant
    assert claire.compte.is_active
    assert Evenement.objects.filter(type="annuaire.ecart_accepte").count() == 2
    assert releves() == []


def test_la_fin_d_activite_se_note_et_n_ote_aucun_acces(copie, claire, maison, en_tant_que):
    cadre = en_tant_que(role="IDEC", etablissement=maison)
    ExerciceAnnuaire.objects.update(actif=False)
    releves()
    services.juger(cadre.habilitation, EcartAnnuaire.objects.get().pk, accepter=True)
    assert Professionnel.objects.get(pk=claire.pk).compte.is_active
    assert Affectation.objects.en_cours().filter(compte=claire.compte).exists()


def test_le_cadre_d_ici_juge_l_infirmiere_non_celui_d_ailleurs_ne_voit_rien(
    copie, claire, maison, en_tant_que
):
    ExerciceAnnuaire.objects.update(nom="MOREAU")
    releves()
    ecart = EcartAnnuaire.objects.get()
    ici = en_tant_que(role="IDEC", etablissement=maison)
    moins = en_tant_que(role="IDE", etablissement=maison)
    ailleurs = en_tant_que(role="IDEC", etablissement=EtablissementFactory())
    assertContains(ici.get(ADRESSE), "MOREAU")
    assert moins.get(ADRESSE).status_code == 403
    assertNotContains(ailleurs.get(ADRESSE), "MOREAU")
    adresse = f"{ADRESSE}{ecart.pk}/"
    assert moins.post(adresse, {"geste": "ignorer"}).status_code == 403
    assert ailleurs.post(adresse, {"geste": "ignorer"}).status_code == 404
    ecart.refresh_from_db()
    assert ecart.etat == "a_juger"


def test_le_medecin_traitant_se_juge_dans_l_organisme_qu_il_suit_et_nulle_part_ailleurs(
    copie, maison, en_tant_que
):
    medecin = ProfessionnelFactory(compte=None, nom="Petit", rpps=rpps(7))
    suivi = DossierFactory(sejour__etablissement=maison)
    CorrespondantFactory(dossier=suivi, professionnel=medecin)
    releves()
    ecart = EcartAnnuaire.objects.get()
    ici = en_tant_que(role="IDEC", etablissement=maison)
    autre = OrganismeFactory(finess_ej="590000099")
    ailleurs = en_tant_que(role="IDEC", etablissement=EtablissementFactory(organisme=autre))
    assertContains(ici.get(ADRESSE), "Petit")
    assertNotContains(ailleurs.get(ADRESSE), "Petit")
    assert ailleurs.post(f"{ADRESSE}{ecart.pk}/", {"geste": "ignorer"}).status_code == 404
    assert ici.post(f"{ADRESSE}{ecart.pk}/", {"geste": "ignorer"}).status_code == 302


def test_la_liste_ne_coute_pas_plus_avec_le_nombre(
    copie, maison, en_tant_que, django_assert_max_num_queries
):
    cadre = en_tant_que(role="IDEC", etablissement=maison)
    dossier = DossierFactory(sejour__etablissement=maison)
    for numero in range(2, 30):
        qui = ProfessionnelFactory(compte=None, nom="Petit", rpps=rpps(numero))
        CorrespondantFactory(dossier=dossier, professionnel=qui)
    assert len(releves()) == 28
    cadre.get(ADRESSE)
    with django_assert_max_num_queries(15):
        assertContains(cadre.get(ADRESSE), "absent de l’annuaire")
