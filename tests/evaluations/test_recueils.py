"""SERAFIN-PH et GEVA : des réponses gardées sans score, des besoins que d’autres relisent."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accompagnement.evaluations import catalogue, lectures
from accompagnement.evaluations.moteur import ReponsesRefusees, evaluer
from dui.socle import nomenclatures_fichiers
from tests.evaluations.factories import EvaluationFactory
from tests.evaluations.test_pages import adresse, envoyer
from tests.socle.factories import DossierFactory, EtablissementFactory

SERAFIN, GEVA = catalogue.definition("serafin_besoins"), catalogue.definition("geva")


def test_la_grille_serafin_a_toutes_les_feuilles_de_la_nomenclature_et_elles_seules():
    fichier = nomenclatures_fichiers.DOSSIER / "besoin_serafin.json"
    besoins = json.loads(fichier.read_text(encoding="utf-8"))
    feuilles = {c["code"] for c in besoins["codes"] if c["proprietes"]["feuille"]}

    assert {i.code for i in SERAFIN.items if i.type == "choix"} == feuilles
    assert len(feuilles) == 25


def test_seuls_les_besoins_a_accompagner_sont_retenus_et_rien_n_est_un_zero():
    resultat = evaluer(SERAFIN, {"1.1.1": "2", "1.1.2": "1", "1.1.3": "0", "synthese": "Vu."})

    assert [r["code"] for r in resultat.detail["retenus"]] == ["1.1.1"]
    assert (resultat.score, resultat.conclusion) == (None, "1 besoin à accompagner")
    assert resultat.mention == "4 rubriques remplies sur 26"
    assert not evaluer(SERAFIN, {}).complet
    with pytest.raises(ReponsesRefusees, match="réponse inconnue"):
        evaluer(SERAFIN, {"1.1.1": "3"})


def test_geva_garde_dix_volets_de_textes_bornes():
    assert len({i.groupe for i in GEVA.items}) == 10
    assert evaluer(GEVA, {"medical.sante": "Stable."}).conclusion.startswith(
        "1 rubrique remplie sur"
    )
    with pytest.raises(ReponsesRefusees, match="4000 caractères au plus"):
        evaluer(GEVA, {"medical.sante": "x" * 4001})


@pytest.mark.django_db
def test_un_ime_remplit_serafin_et_ses_besoins_se_relisent(en_tant_que):
    ime = EtablissementFactory(domaine="PH")
    dossier = DossierFactory(sejour__etablissement=ime, sejour__unite=None, sejour__place=None)
    client = en_tant_que(dossier)
    EvaluationFactory(
        dossier=dossier,
        grille="serafin_besoins",
        reponses={"1.1.1": "2", "1.1.2": "2"},
        faite_le=timezone.now() - timedelta(days=200),
    )
    url = adresse("evaluation_nouvelle", dossier, "serafin_besoins")
    page = client.get(envoyer(client, url, {"1.1.3": "2"}, "valider").url)

    assert "1 besoin à accompagner" in page.text
    retenus = lectures.retenus(client.habilitation, dossier, "serafin_besoins")
    assert [r["code"] for r in retenus] == ["1.1.3"]
    url = adresse("evaluation_nouvelle", dossier, "geva")
    texte = "Vit chez ses parents.\n<b>Fratrie</b> de trois."
    page = client.get(envoyer(client, url, {"familial.famille": texte}, "valider").url)
    assert "Vit chez ses parents.<br>&lt;b&gt;Fratrie" in page.text
