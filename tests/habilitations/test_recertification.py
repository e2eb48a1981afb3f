"""La revue annuelle : chaque affectation est confirmée ou terminée, par quelqu’un qui en répond."""

import csv
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dui.socle.models import EntreeJournal, Evenement
from habilitations.equipe import recertification as revues
from habilitations.models import Revue
from habilitations.politique import Habilitation
from tests.habilitations.connexion import plus_tard
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, formulaire_de
from tests.socle.factories import UniteFactory

pytestmark = pytest.mark.django_db
PAGE = "/equipe/revue/"


@pytest.fixture
def unite():
    return UniteFactory()


@pytest.fixture
def cadre(unite):
    client = connecter(AffectationFactory(role="IDEC", etablissement=unite.etablissement).compte)
    client.habilitation = Habilitation(client.compte)
    return client


@pytest.fixture
def soignante(unite):
    return AffectationFactory(role="AS", unite=unite, portee="unite", debut=date(2023, 1, 9))


def decider(client, affectation, decision):
    adresse = f"/equipe/affectations/{affectation.pk}/revoir/"
    champs = formulaire_de(client.get(PAGE), adresse)[1]
    return client.post(adresse, champs | {"decision": decision})


def test_confirmer_compte_pour_un_an_et_une_fois(cadre, soignante):
    toutes = revues.a_revoir(cadre.habilitation)
    assert revues.avancement(toutes) == {"total": 2, "faites": 0}
    for _ in range(2):
        assert decider(cadre, soignante, "confirmee").status_code == 302
    revue = Revue.objects.get()
    assert (revue.par, revue.affectation) == (cadre.compte, soignante)
    assert revues.avancement(toutes) == {"total": 2, "faites": 1}
    assert Evenement.objects.filter(type="affectation.revue").count() == 1
    assert EntreeJournal.objects.filter(action="habilitation").count() == 1
    with plus_tard(days=366):
        assert soignante in revues.en_retard(revues.a_revoir(cadre.habilitation))


def test_terminer_ferme_ce_soir(cadre, soignante):
    decider(cadre, soignante, "terminee")
    soignante.refresh_from_db()
    assert soignante.fin == timezone.localdate()
    with plus_tard(days=1):
        assert not Habilitation(soignante.compte).professionnel


def test_les_plus_anciennes_revues_viennent_d_abord(cadre, unite, soignante):
    recente = AffectationFactory(role="IDE", etablissement=unite.etablissement)
    ancienne = AffectationFactory(role="IDE", etablissement=unite.etablissement)
    for affectation, jours in ((recente, 30), (ancienne, 400)):
        le = timezone.now() - timedelta(days=jours)
        Revue.objects.create(affectation=affectation, decision="confirmee", par=cadre.compte, le=le)
    liste = list(revues.a_revoir(cadre.habilitation))
    assert liste.index(soignante) < liste.index(ancienne) < liste.index(recente)
    assert recente not in revues.en_retard(revues.a_revoir(cadre.habilitation))


def test_une_affectation_commencee_dans_l_annee_n_est_pas_en_retard(cadre, unite):
    nouvelle = AffectationFactory(unite=unite, portee="unite", debut=timezone.localdate())
    assert nouvelle not in revues.en_retard(revues.a_revoir(cadre.habilitation))


def test_le_cadre_ne_confirme_ni_lui_meme_ni_plus_haut_que_lui(cadre, unite):
    chef = AffectationFactory(role="MEDCO", etablissement=unite.etablissement)
    sienne = cadre.habilitation.affectations[0]
    for affectation in (chef, sienne):
        adresse = f"/equipe/affectations/{affectation.pk}/revoir/"
        assert cadre.post(adresse, {"decision": "confirmee"}).status_code == 403
        with pytest.raises(PermissionDenied):
            revues.revoir(cadre.habilitation, affectation.pk, decision="confirmee")
    assert not Revue.objects.exists()


def test_sans_le_droit_c_est_un_refus_ailleurs_c_est_introuvable(unite, soignante):
    infirmiere = connecter(AffectationFactory(role="IDE", etablissement=unite.etablissement).compte)
    ailleurs = connecter(AffectationFactory(role="IDEC").compte)
    adresse = f"/equipe/affectations/{soignante.pk}/revoir/"
    for page in (PAGE, "/equipe/revue.csv"):
        assert infirmiere.get(page).status_code == 403
        assert str(soignante.compte) not in ailleurs.get(page).content.decode()
    assert infirmiere.post(adresse, {"decision": "confirmee"}).status_code == 403
    assert ailleurs.post(adresse, {"decision": "confirmee"}).status_code == 404


def test_une_revue_ne_se_reecrit_pas(cadre, soignante):
    revue = revues.revoir(cadre.habilitation, soignante.pk, decision="confirmee")
    with pytest.raises(DatabaseError), transaction.atomic():
        Revue.objects.filter(pk=revue.pk).update(decision="terminee")


def test_l_export_dit_chaque_affectation_et_reste_inerte(cadre, soignante):
    soignante.compte.last_name = "=cmd|calc"
    soignante.compte.first_name = ""
    soignante.compte.save()
    texte = cadre.get("/equipe/revue.csv").content.decode("utf-8-sig")
    lignes = {
        ligne["Identifiant"]: ligne for ligne in csv.DictReader(texte.splitlines(), delimiter=";")
    }
    assert len(lignes) == 2
    ligne = lignes[soignante.compte.username]
    assert (ligne["Personne"], ligne["Dernière revue"]) == ("'=cmd|calc", "jamais")


def test_la_page_coute_autant_pour_trois_que_pour_trente(cadre, unite, soignante):
    def cout():
        with CaptureQueriesContext(connection) as requetes:
            assert cadre.get(PAGE).status_code == 200
        return len(requetes)

    avant = cout()
    AffectationFactory.create_batch(30, role="AS", unite=unite, portee="unite")
    assert cout() == avant <= 15


def test_terminer_se_demande_une_fois_de_plus_et_dit_que_l_acces_se_ferme(cadre, soignante):
    adresse = f"/equipe/affectations/{soignante.pk}/revoir/"
    page = cadre.get(PAGE).content.decode()
    assert f'href="{adresse}"' in page and 'value="terminee"' not in page
    confirmation = cadre.get(adresse)
    assert "se ferme ce soir" in confirmation.content.decode()
    assert not Revue.objects.exists()
    assert cadre.post(*formulaire_de(confirmation)).status_code == 302
    soignante.refresh_from_db()
    assert soignante.fin == timezone.localdate()


def test_une_ligne_sans_geste_dit_pourquoi_et_ne_compte_pas(cadre, unite, soignante):
    chef = AffectationFactory(role="MEDCO", etablissement=unite.etablissement)
    page = cadre.get(PAGE)
    texte = page.content.decode()
    assert "C’est la vôtre" in texte and "Vous ne donnez pas ce rôle" in texte
    assert page.context["avancement"] == {"total": 1, "faites": 0}
    assert (
        "se ferme ce soir"
        not in cadre.get(f"/equipe/affectations/{chef.pk}/revoir/").content.decode()
    )


def test_on_y_cherche_un_nom(cadre, unite, soignante):
    autre = AffectationFactory(role="AS", etablissement=unite.etablissement)
    autre.compte.last_name = "Zimmermann"
    autre.compte.save()
    noms = [ligne["affectation"].compte for ligne in cadre.get(f"{PAGE}?q=zimm").context["lignes"]]
    assert noms == [autre.compte]
