"""La revue d’un bris de glace : qui la lit, ce qu’elle montre, quand elle se conclut."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dui.socle.models import EntreeJournal
from habilitations.bris import lectures, services
from habilitations.models import Interdiction
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.habilitations.test_bris_de_glace import EXPLICATION, briser, compte_de, h, termine
from tests.outils import connecter
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
REVUE = reverse("bris_de_glace:revue")


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def dpo(dossier):
    return compte_de(dossier, "DPO", "etablissement")


@pytest.fixture
def medco(dossier):
    return compte_de(dossier, "MEDCO", "etablissement")


def adresse(bris) -> str:
    bris.refresh_from_db()
    return reverse("bris_de_glace:conclure", args=[bris.cle])


def interdire(compte, dossier, blocs=()):
    return Interdiction.objects.create(
        compte=compte,
        dossier=dossier,
        blocs=list(blocs),
        origine="personne",
        decidee_par=AffectationFactory().compte,
    )


@pytest.mark.parametrize("blocs", [(), ("ID",)])
def test_un_reviseur_a_qui_le_dossier_est_ferme_ne_lit_ni_nom_ni_motif(dossier, medco, dpo, blocs):
    bris = termine(compte_de(dossier), dossier)
    interdire(medco, dossier, blocs)
    ferme, ouvert = connecter(medco), connecter(dpo)
    page = ferme.get(REVUE).content.decode()
    assert EXPLICATION not in page and dossier.usager.nom_affiche not in page
    assert ferme.get(adresse(bris)).status_code == 404
    assert EXPLICATION in ouvert.get(REVUE).content.decode()
    assert lectures.destinataires(bris) == [dpo]
    assert connecter(AffectationFactory(role="DPO").compte).get(adresse(bris)).status_code == 404


def test_la_lecture_de_la_revue_s_inscrit_au_journal_de_chaque_dossier(dossier, dpo):
    bris = termine(compte_de(dossier), dossier)
    client = connecter(dpo)
    client.get(REVUE)
    client.get(adresse(bris))
    lues = EntreeJournal.objects.du_dossier(dossier).du_compte(dpo).order_by("pk")
    assert [(e.cible, e.titre_acces) for e in lues] == [
        ("bris_de_glace:revue", "revue"),
        ("bris_de_glace:conclure", "revue"),
    ]


def test_la_revue_ne_coute_pas_une_requete_par_dossier(dossier, dpo, django_assert_max_num_queries):
    maison = dossier.sejours.get().etablissement
    termine(compte_de(dossier), dossier)
    for _ in range(4):
        autre = DossierFactory(sejour__etablissement=maison)
        termine(compte_de(autre), autre)
    client = connecter(dpo)
    with django_assert_max_num_queries(15):
        client.get(REVUE)


def test_la_revue_montre_ce_qui_a_ete_ouvert_et_mene_au_journal_de_qui_le_lit(dossier, dpo, medco):
    infirmiere = compte_de(dossier)
    bris = briser(infirmiere, dossier)
    client = connecter(infirmiere)
    client.get(reverse("accompagnement:transmissions", args=[dossier.pk]))
    services.fermer(h(infirmiere), bris)
    journal = reverse("journal_dossier", args=[dossier.pk])
    du_dpo = connecter(dpo).get(adresse(bris)).content.decode()
    assert "A lu les transmissions" in du_dpo
    assert journal in du_dpo
    assert journal not in connecter(medco).get(adresse(bris)).content.decode()


def test_un_acces_en_cours_ne_se_juge_pas(dossier, dpo):
    bris = briser(compte_de(dossier), dossier)
    client = connecter(dpo)
    assert "À juger une fois l’accès terminé" in client.get(adresse(bris)).content.decode()
    donnees = {"conclusion": "justifie", "commentaire": "Appel de la cadre confirmé."}
    reponse = client.post(adresse(bris), donnees)
    assert reponse.status_code == 422
    assert "Appel de la cadre confirmé." in reponse.content.decode()
    bris.refresh_from_db()
    assert not bris.conclusion
    with pytest.raises(ValidationError, match="encore en cours"):
        services.conclure(Habilitation(dpo), bris, **donnees)


def test_le_second_reviseur_sait_qui_a_conclu_et_garde_son_texte(dossier, dpo, medco):
    bris = termine(compte_de(dossier), dossier)
    services.conclure(h(dpo), bris, conclusion="justifie", commentaire="Appel confirmé.")
    donnees = {"conclusion": "abusif", "commentaire": "Personne ne l’avait appelée."}
    reponse = connecter(medco).post(adresse(bris), donnees)
    page = reponse.content.decode()
    assert reponse.status_code == 422
    for texte in ("avis n’a pas été enregistré", str(dpo), "Abusif", "Personne ne l’avait appelée"):
        assert texte in page
    bris.refresh_from_db()
    assert (bris.conclusion, bris.revu_par) == ("justifie", dpo)


def test_revoir_n_est_pas_briser_la_glace(dossier, dpo):
    bris = termine(compte_de(dossier), dossier)
    services.conclure(h(dpo), bris, conclusion="justifie", commentaire="Appel confirmé.")
    trace = EntreeJournal.objects.get(action="bris_revu", acteur=dpo)
    assert trace.titre_acces == "revue"
    page = connecter(dpo).get(reverse("journal_dossier", args=[dossier.pk])).content.decode()
    assert page.count("par bris de glace") == 1  # son ouverture, par l’infirmière
