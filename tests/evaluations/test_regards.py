"""Deux collègues et la personne, la même grille : côte à côte, jamais moyennés."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.evaluations.factories import ALGOPLUS, EvaluationFactory
from tests.evaluations.test_pages import adresse
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
NORTON = {"etat_general": "4", "etat_mental": "4", "activite": "3", "mobilite": "4"}


@pytest.fixture
def dossier():
    return DossierFactory()


def norton(dossier, *, jours=0, incontinence="3", **champs):
    reponses = NORTON | {"incontinence": incontinence}
    le = timezone.now() - timedelta(days=jours, hours=1)
    return EvaluationFactory(
        dossier=dossier, grille="norton", reponses=reponses, faite_le=le, **champs
    )


def test_les_ecarts_de_deux_collegues_et_de_la_personne_se_voient(en_tant_que, dossier):
    premiere = norton(dossier, jours=3)
    norton(dossier, jours=2, incontinence="1")
    norton(dossier, jours=1, auto_evaluation=True, auteur=premiere.auteur)
    client = en_tant_que(dossier)

    assert "Comparer les regards" in client.get(adresse("evaluation_suivi", dossier, "norton")).text
    page = client.get(adresse("evaluation_regards", dossier, "norton"))

    croisement = page.context["croisement"]
    assert [x.differe for x in croisement.lignes] == [False, False, False, False, True]
    assert [f.en_mots.split(" ")[0] for f in croisement.feuilles] == ["18", "16", "18"]
    assert "La personne elle-même" in page.text
    assert page.text.count("Différent") == 1
    assert "17" not in " ".join(f.en_mots for f in croisement.feuilles)  # no mean


def test_un_meme_regard_ou_une_autre_periode_ne_se_comparent_pas_seuls(en_tant_que, dossier):
    recente = norton(dossier)
    norton(dossier, jours=1, auteur=recente.auteur)
    ancienne = norton(dossier, jours=90, incontinence="1")
    client = en_tant_que(dossier)
    url = adresse("evaluation_regards", dossier, "norton")

    assert "Un seul regard" in client.get(url).text
    choisies = client.get(f"{url}?e={recente.pk}&e={ancienne.pk}&e=x")
    assert choisies.context["croisement"].differences == 1


def test_l_evaluation_d_un_autre_dossier_ne_se_glisse_pas(en_tant_que, dossier):
    ici, ailleurs = norton(dossier), norton(DossierFactory())
    brouillon = EvaluationFactory(dossier=dossier, grille="norton", reponses=NORTON, brouillon=True)
    url = adresse("evaluation_regards", dossier, "norton")
    adresses = f"{url}?e={ici.pk}&e={ailleurs.pk}&e={brouillon.pk}"

    assert en_tant_que(dossier).get(adresses).context["croisement"] is None
    assert en_tant_que(dossier, role="AS").get(url).status_code == 403
    assert en_tant_que(DossierFactory()).get(url).status_code == 404
    tarot = adresse("evaluation_regards", dossier, "tarot")
    assert en_tant_que(dossier).get(tarot).status_code == 404


def test_quatre_regards_tiennent_dans_quinze_requetes(
    en_tant_que, dossier, django_assert_max_num_queries
):
    for n in range(4):
        EvaluationFactory(
            dossier=dossier,
            grille="algoplus",
            reponses=ALGOPLUS | {"comportements": "non"},
            faite_le=timezone.now() - timedelta(hours=n + 1),
        )
    client = en_tant_que(dossier)
    with django_assert_max_num_queries(15):
        page = client.get(adresse("evaluation_regards", dossier, "algoplus"))
    assert len(page.context["croisement"].feuilles) == 4
