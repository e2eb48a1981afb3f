"""Les écrans des évaluations : qui les ouvre, ce qu’ils montrent, ce qu’ils coûtent."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from pytest_django.asserts import assertContains

from accompagnement.evaluations import catalogue
from accompagnement.models import Evaluation
from dui.socle.models import Brouillon
from tests.evaluations.factories import ALGOPLUS, HUIT_A, EvaluationFactory
from tests.socle.factories import DossierFactory, EtablissementFactory

pytestmark = pytest.mark.django_db
COMPLET = ALGOPLUS | {"comportements": "non"}


@pytest.fixture
def dossier():
    return DossierFactory()


def adresse(nom, dossier, *arguments):
    return reverse(f"accompagnement:{nom}", args=[dossier.pk, *arguments])


def envoyer(client, url, reponses, geste="", **autres):
    """The form as the page gives it, with these answers."""
    formulaire = client.get(url).context["formulaire"]
    valeurs = {bf.name: bf.value() for bf in formulaire}
    donnees = {n: v for n, v in valeurs.items() if v is not None and not isinstance(v, bool)}
    donnees["faite_le"] = f"{timezone.localtime() - timedelta(minutes=5):%d/%m/%Y %H:%M}"
    donnees |= {f"r_{c}": v for c, v in reponses.items()} | {"geste": geste} | autres
    return client.post(url, donnees)


# ---------------------------------------------------------------- who opens what


@pytest.mark.parametrize(
    ("role", "liste", "nouvelle"),
    [("IDE", 200, 200), ("DIM", 200, 403), ("AS", 403, 200), ("SECRETAIRE", 403, 403)],
)
def test_chacun_ouvre_ce_que_la_matrice_lui_donne(en_tant_que, dossier, role, liste, nouvelle):
    client = en_tant_que(dossier, role=role)

    assert client.get(adresse("evaluations", dossier)).status_code == liste
    assert client.get(adresse("evaluation_nouvelle", dossier, "algoplus")).status_code == nouvelle


def test_une_infirmiere_d_ailleurs_ne_trouve_rien(en_tant_que, dossier):
    ailleurs = en_tant_que(DossierFactory())
    e = EvaluationFactory(dossier=dossier)

    for url in (adresse("evaluations", dossier), adresse("evaluation_voir", dossier, e.pk)):
        assert ailleurs.get(url).status_code == 404


def test_une_evaluation_ne_se_lit_pas_par_le_dossier_d_un_autre(en_tant_que, dossier):
    client, autre = en_tant_que(dossier), EvaluationFactory()

    for page in (
        "evaluation_voir",
        "evaluation_imprimable",
        "evaluation_pdf",
        "evaluation_remplir",
    ):
        assert client.get(adresse(page, dossier, autre.pk)).status_code == 404


def test_l_aide_soignante_commence_garde_et_valide_sans_lire_les_autres(en_tant_que, dossier):
    client, autre = en_tant_que(dossier, role="AS"), EvaluationFactory(dossier=dossier)
    assert "Remplir une grille" in client.get(reverse("dossier", args=[dossier.pk])).text

    reponse = envoyer(client, adresse("evaluation_nouvelle", dossier, "algoplus"), ALGOPLUS)
    brouillon = Evaluation.objects.get(grille="algoplus")
    assert reponse.url == adresse("evaluation_remplir", dossier, brouillon.pk)
    reponse = envoyer(client, reponse.url, COMPLET, "valider")

    assert reponse.url == adresse("evaluation_choisir", dossier)
    brouillon.refresh_from_db()
    assert brouillon.validee
    assert client.get(adresse("evaluation_voir", dossier, autre.pk)).status_code == 403


def test_le_brouillon_d_un_collegue_est_ferme_a_qui_ne_lit_pas(en_tant_que, dossier):
    e = EvaluationFactory(dossier=dossier, brouillon=True)

    assert en_tant_que(dossier, role="AS").get(
        adresse("evaluation_remplir", dossier, e.pk)
    ).status_code in (403, 404)
    assert en_tant_que(dossier).get(adresse("evaluation_remplir", dossier, e.pk)).status_code == 200


# ---------------------------------------------------------------- filling in


@pytest.mark.lent
def test_chaque_grille_s_ouvre_et_les_protegees_ne_montrent_que_leur_score(en_tant_que, dossier):
    client = en_tant_que(dossier, role="MEDCO")
    for code, definition in catalogue.courantes().items():
        page = client.get(adresse("evaluation_nouvelle", dossier, code))
        champs = [n for n in page.context["formulaire"].fields if n.startswith("r_")]
        assert page.status_code == 200, code
        assert page.context["titre"] == definition.nom
        if definition.protegee:
            assert champs == ["r_score"], code
            assert 'type="radio" name="r_' not in page.text


def test_une_grille_inconnue_n_existe_pas(en_tant_que, dossier):
    client = en_tant_que(dossier)

    assert client.get(adresse("evaluation_nouvelle", dossier, "tarot")).status_code == 404
    assert client.get(adresse("evaluation_suivi", dossier, "tarot")).status_code == 404


def test_le_resultat_se_calcule_en_enregistrant_le_brouillon(en_tant_que, dossier):
    client = en_tant_que(dossier)

    reponse = envoyer(client, adresse("evaluation_nouvelle", dossier, "algoplus"), ALGOPLUS)
    page = client.get(reponse.url)
    assert "Incomplète : pas de score" in page.text
    assert "Comportements" in page.context["feuille"].manquants[0]
    page = client.get(envoyer(client, reponse.url, COMPLET).url)

    assert "2 / 5 : douleur présente" in page.text.replace("\xa0", " ")


def test_valider_trop_tot_garde_les_reponses_et_dit_ce_qui_manque(en_tant_que, dossier):
    page = envoyer(
        en_tant_que(dossier),
        adresse("evaluation_nouvelle", dossier, "algoplus"),
        ALGOPLUS,
        "valider",
    )

    assert page.status_code == 422
    assert "Il manque des réponses" in page.text
    assert page.context["formulaire"]["r_visage"].value() == "oui"
    assert not Evaluation.objects.exists()


def test_une_reponse_refusee_est_dite_a_sa_place(en_tant_que, dossier):
    page = envoyer(
        en_tant_que(dossier), adresse("evaluation_nouvelle", dossier, "en"), {"intensite": "12"}
    )

    assert page.status_code == 422
    assert page.context["formulaire"].errors == {"r_intensite": ["de 0 à 10"]}


def test_deux_collegues_sur_un_brouillon_le_second_relit(en_tant_que, dossier):
    e = EvaluationFactory(dossier=dossier, brouillon=True, grille="algoplus", reponses=ALGOPLUS)
    client = en_tant_que(dossier)
    url = adresse("evaluation_remplir", dossier, e.pk)
    envoyer(client, url, COMPLET)

    page = envoyer(client, url, COMPLET, revision=1)

    assert page.status_code == 409
    assert "Un collègue a complété" in page.text


def test_un_brouillon_valide_entre_temps_se_lit(en_tant_que, dossier):
    e = EvaluationFactory(dossier=dossier)

    reponse = en_tant_que(dossier).get(adresse("evaluation_remplir", dossier, e.pk))

    assert reponse.url == adresse("evaluation_voir", dossier, e.pk)


def test_un_brouillon_s_abandonne_par_son_bouton(en_tant_que, dossier):
    e = EvaluationFactory(dossier=dossier, brouillon=True)

    reponse = en_tant_que(dossier).post(adresse("evaluation_abandonner", dossier, e.pk))

    assert reponse.url == adresse("evaluations", dossier)
    assert not Evaluation.objects.exists()


def test_aggir_se_cote_par_les_adverbes_jusqu_au_gir(en_tant_que, dossier):
    """The whole form, as the page names its fields."""
    client = en_tant_que(dossier, role="MEDCO")
    url = adresse("evaluation_nouvelle", dossier, "aggir")
    noms = [n for n in client.get(url).context["formulaire"].fields if n.startswith("r_")]
    oui = {n.removeprefix("r_"): "oui" for n in noms if n.endswith((".S", ".T", ".C", ".H"))}

    reponse = envoyer(client, url, oui, "valider")
    dossier.refresh_from_db()

    assert dossier.gir == 6
    page = client.get(reponse.url)
    assert "Aucun groupe n’atteint un seuil" in page.text
    transferts = dict(page.context["feuille"].lignes)["Transferts"]
    assert transferts == "A : spontanément, totalement, correctement, habituellement"


@pytest.mark.lent
def test_fait_seul_ou_ne_fait_pas_se_disent_d_un_geste(en_tant_que, dossier):
    """Twenty-four gestures where the adverbs ask for ninety-six."""
    client = en_tant_que(dossier, role="MEDCO")
    url = adresse("evaluation_nouvelle", dossier, "aggir")
    noms = [n.removeprefix("r_") for n in client.get(url).context["formulaire"].fields]
    brefs = [n for n in noms if n.endswith(".non")]
    seul = dict.fromkeys(brefs, "tout")
    contredit = envoyer(client, url, seul | {"transferts.S": "non"}, "valider")
    assert contredit.status_code == 422
    assert "contredit un adverbe coché non" in contredit.text

    envoyer(client, url, seul | {"transferts.non": "oui"}, "valider")

    e = Evaluation.objects.get()
    assert e.resultat["detail"]["modalites"]["transferts"] == "C"
    assert e.resultat["detail"]["modalites"]["toilette"] == "A"
    assert {e.reponses[f"alimentation.manger.{a}"] for a in "STCH"} == {"oui"}


def test_l_infirmiere_ne_voit_pas_le_bouton_valider_d_aggir(en_tant_que, dossier):
    url = adresse("evaluation_nouvelle", dossier, "aggir")

    assert 'value="valider"' not in en_tant_que(dossier).get(url).text
    assert 'value="valider"' in en_tant_que(dossier, role="MEDCO").get(url).text


def test_corriger_demande_un_motif_et_garde_l_ancienne_version(en_tant_que, dossier):
    client = en_tant_que(dossier, role="MEDCO")
    e = EvaluationFactory(dossier=dossier, grille="algoplus", reponses=COMPLET)
    url = adresse("evaluation_corriger", dossier, e.pk)
    assert envoyer(client, url, COMPLET).status_code == 422

    reponse = envoyer(client, url, COMPLET | {"regard": "non"}, motif="Relu avec l’équipe.")
    page = client.get(reponse.url)

    assert "Relu avec l’équipe." in page.text
    assert [v.version for v in page.context["versions"]] == [2, 1]
    assert en_tant_que(dossier).get(url).status_code == 404


# ---------------------------------------------------------------- reading


def test_la_liste_dit_le_dernier_resultat_et_le_retard(en_tant_que, dossier):
    ancien = timezone.now() - timedelta(days=400)
    EvaluationFactory(dossier=dossier, faite_le=ancien, reponses=HUIT_A)
    EvaluationFactory(dossier=dossier, grille="algoplus", reponses=COMPLET)

    page = en_tant_que(dossier).get(adresse("evaluations", dossier))

    lignes = page.context["suivies"]
    assert [(x.definition.code, x.en_retard) for x in lignes] == [
        ("aggir", True),
        ("algoplus", False),
    ]
    assert "En retard" in page.text
    assert "GIR 6" in page.text


def test_pourquoi_ce_gir_est_dit_en_toutes_lettres(en_tant_que, dossier):
    e = EvaluationFactory(dossier=dossier)

    texte = en_tant_que(dossier).get(adresse("evaluation_voir", dossier, e.pk)).text

    assert "Pourquoi ce GIR" in texte
    assert "Le groupe <b>A</b> a décidé : son total, <b>4440</b>" in texte.replace("\xa0", " ")


def test_le_suivi_dessine_la_courbe_et_son_tableau(en_tant_que, dossier):
    for jours, reponses in ((300, HUIT_A), (10, None)):
        champs = {"reponses": reponses} if reponses else {}
        EvaluationFactory(
            dossier=dossier, faite_le=timezone.now() - timedelta(days=jours), **champs
        )

    page = en_tant_que(dossier).get(adresse("evaluation_suivi", dossier, "aggir"))

    assert [e.en_mots for e in page.context["lignes"]] == ["GIR 1", "GIR 6"]
    assert "2 mesures" in page.context["dessin"].resume
    assert page.context["dessin"].conclusion == "Bas : dépendance"
    assert 'role="img"' in page.text


def test_l_impression_et_le_pdf_portent_l_identite_et_se_tracent(en_tant_que, dossier):
    client, e = en_tant_que(dossier), EvaluationFactory(dossier=dossier)

    feuille = client.get(adresse("evaluation_imprimable", dossier, e.pk))
    pdf = client.get(adresse("evaluation_pdf", dossier, e.pk))

    assert escape(dossier.usager.nom_affiche) in feuille.text
    assert "Pourquoi ce GIR" in feuille.text
    assert pdf.content.startswith(b"%PDF")
    assert dossier.usager.nom_naissance.lower() not in pdf["Content-Disposition"].lower()


@pytest.mark.parametrize("nombre", [1, 30])
def test_la_liste_coute_autant_pour_une_evaluation_que_pour_trente(
    en_tant_que, dossier, nombre, django_assert_max_num_queries
):
    client = en_tant_que(dossier)
    codes = sorted(catalogue.courantes())
    for n in range(nombre):
        EvaluationFactory(dossier=dossier, faite_le=timezone.now() - timedelta(days=n + 1))
        EvaluationFactory(dossier=dossier, grille=codes[n], reponses={}, brouillon=True, score=None)
    for nom, arguments in (("evaluations", ()), ("evaluation_suivi", ("aggir",))):
        with django_assert_max_num_queries(15):
            assert client.get(adresse(nom, dossier, *arguments)).status_code == 200


def test_remplir_tient_dans_quinze_requetes(en_tant_que, dossier, django_assert_max_num_queries):
    client = en_tant_que(dossier, role="MEDCO")
    e = EvaluationFactory(dossier=dossier, brouillon=True)
    for url in (
        adresse("evaluation_nouvelle", dossier, "aggir"),
        adresse("evaluation_remplir", dossier, e.pk),
        adresse("evaluation_choisir", dossier),
    ):
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


# ---------------------------------------------------------------- what waits to be validated


A_VALIDER = "/evaluations/a-valider/"


def test_le_medecin_trouve_les_grilles_completes_a_valider(en_tant_que, dossier):
    attendue = EvaluationFactory(dossier=dossier, brouillon=True)
    EvaluationFactory(dossier=dossier, brouillon=True, reponses={})
    EvaluationFactory(dossier=dossier, brouillon=True, grille="algoplus", reponses=COMPLET)
    EvaluationFactory(dossier=dossier)
    EvaluationFactory(brouillon=True)  # of another house

    page = en_tant_que(dossier, role="MEDCO").get(A_VALIDER)

    assert page.context["lignes"] == [attendue]
    assert adresse("evaluation_remplir", dossier, attendue.pk) in page.text


@pytest.mark.parametrize("role", ["IDE", "AS", "SECRETAIRE"])
def test_qui_ne_valide_pas_n_ouvre_pas_cette_liste(en_tant_que, dossier, role):
    client = en_tant_que(dossier, role=role)

    assert client.get(A_VALIDER).status_code == 403
    assert A_VALIDER not in client.get("/").text


def test_la_liste_a_valider_coute_autant_pour_un_que_pour_dix(
    en_tant_que, dossier, django_assert_max_num_queries
):
    client = en_tant_que(dossier, role="MEDCO")
    for nombre in (1, 9):
        EvaluationFactory.create_batch(nombre, dossier=dossier, brouillon=True)
        with django_assert_max_num_queries(15):
            client.get(A_VALIDER)


def test_ce_qu_un_collegue_a_valide_avant_moi_n_efface_pas_mon_texte(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    validee = EvaluationFactory(dossier=dossier)
    remplir = adresse("evaluation_remplir", dossier, validee.pk)
    envoi = {"_formulaire": "Grille", "_brouillon": "ici", "commentaire": "Perdu ?"}  # no script
    reponse = client.post(remplir, envoi, follow=True)
    assertContains(reponse, "Un collègue a validé cette évaluation avant vous")
    assert Brouillon.objects.visibles(client.habilitation).get().extrait == "Perdu ?"


def test_les_grilles_d_un_enfant_commencent_par_celles_de_son_public(en_tant_que):
    enfant = DossierFactory(sejour__etablissement=EtablissementFactory(domaine="PH"))
    page = en_tant_que(enfant, role="EDUCATEUR").get(f"/dossiers/{enfant.pk}/evaluations/choisir/")
    familles = [f.titre for f in page.context["familles"]]
    assert familles.index("Besoins et situation") < familles.index("Autonomie")
    douleur = next(f for f in page.context["familles"] if f.titre == "Douleur")
    assert douleur.lignes[0].definition.brut["publics"] == ["PH"]
