"""Un tour se valide d’un geste, sauf les écarts ; deux soignants ne valident chaque acte qu’une
fois."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Transmission
from dui.socle.models import Brouillon, Evenement
from soins.models import ActePlanifie, ActeRealise
from soins.tours import lectures, listes, services
from tests.accompagnement.factories import AbsenceFactory
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, formulaire_de
from tests.socle.factories import DossierFactory, SejourFactory
from tests.tours.factories import ActePlanifieFactory, ActeRealiseFactory, matin_d_hier


@pytest.fixture
def dossier(db):
    return DossierFactory()


@pytest.fixture
def soignante(dossier, en_tant_que):
    return en_tant_que(dossier, role="AS")


def unite(dossier):
    return dossier.sejours.get().unite


def adresse(dossier, jour=None, moment=None, nom="soins:tour"):
    ici = lectures.en_ce_moment()
    jour, moment = jour or ici[0], moment or ici[1]
    return reverse(nom, args=[unite(dossier).pk, jour.isoformat(), moment.code])


def valider(client, dossier, *, nom="soins:tour", jour=None, moment=None, **champs):
    page = client.get(adresse(dossier, jour, moment))
    vers, lus = formulaire_de(page)
    return client.post(vers, lus | {c: [v] for c, v in champs.items()})


def voisin(dossier, nom="BENALI"):
    return SejourFactory(
        unite=unite(dossier), place=None, dossier__sejour=None, dossier__usager__nom_naissance=nom
    ).dossier


def test_rien_n_est_fait_avant_le_geste_et_tout_l_est_apres_sauf_les_ecarts(dossier, soignante):
    faite, refusee = (
        ActePlanifieFactory(dossier=dossier),
        ActePlanifieFactory(dossier=voisin(dossier), code="marche"),
    )
    page = soignante.get(adresse(dossier))
    assertNotContains(page, "case fait")
    assert not ActeRealise.objects.exists()
    ecart = {f"e_{refusee.pk}": "douleur", f"p_{refusee.pk}": "Genou droit"}
    reponse = valider(soignante, dossier, **ecart)
    assert reponse.status_code == 302
    lus = {r.acte_id: r for r in ActeRealise.objects.all()}
    assert lus[faite.pk].issue == "fait" and not lus[faite.pk].motif
    assert (lus[refusee.pk].issue, lus[refusee.pk].motif) == ("non_fait", "douleur")
    assert {r.auteur for r in lus.values()} == {soignante.compte}
    assertContains(soignante.get(adresse(dossier)), "Tour terminé")
    assert Evenement.objects.filter(type="acte.ecart").get().charge["motif"] == "douleur"


def test_un_ecart_ecrit_une_transmission_a_sa_cible_sauf_si_on_l_a_decochee(dossier, soignante):
    acte = ActePlanifieFactory(dossier=dossier, code="marche")
    valider(soignante, dossier, **{f"e_{acte.pk}": "refus"})
    ecrite = Transmission.objects.get()
    assert (ecrite.cible, ecrite.dossier) == ("mobilite", dossier)
    assert ecrite.donnees.startswith("Marche accompagnée (") and "refusé." in ecrite.donnees
    autre = ActePlanifieFactory(dossier=dossier, code="bouche")
    page = soignante.get(adresse(dossier))
    vers, lus = formulaire_de(page)
    lus.pop("transmettre")
    soignante.post(vers, lus | {f"e_{autre.pk}": ["refus"]})
    assert Transmission.objects.count() == 1


def test_fait_autrement_demande_comment(dossier, soignante):
    acte = ActePlanifieFactory(dossier=dossier)
    reponse = valider(soignante, dossier, **{f"e_{acte.pk}": "autrement"})
    assertContains(reponse, "ce qui s’est passé", status_code=422)
    assert not ActeRealise.objects.exists()


def test_un_acte_a_signer_n_est_pas_valide_par_le_geste_commun(dossier, soignante):
    a_signer = ActePlanifieFactory(dossier=dossier, code="contention")
    plus_tard = ActePlanifieFactory(dossier=dossier, code="hydratation")
    fait = ActePlanifieFactory(dossier=dossier)
    valider(soignante, dossier, **{f"e_{plus_tard.pk}": listes.PLUS_TARD})
    assert [r.acte_id for r in ActeRealise.objects.all()] == [fait.pk]
    valider(soignante, dossier, **{f"e_{a_signer.pk}": "fait"})
    assert set(ActeRealise.objects.values_list("acte_id", flat=True)) == {
        fait.pk, a_signer.pk, plus_tard.pk,
    }  # fmt: skip


def test_un_acte_que_la_page_ne_montrait_pas_n_est_pas_valide(dossier, soignante):
    ActePlanifieFactory(dossier=dossier)
    vers, lus = formulaire_de(soignante.get(adresse(dossier)))
    nouveau = ActePlanifieFactory(dossier=dossier, code="bouche")
    soignante.post(vers, lus)
    assert not ActeRealise.objects.filter(acte=nouveau).exists()


def test_une_personne_absente_est_dite_et_rien_ne_se_valide_pour_elle(dossier, soignante):
    jour, matin = matin_d_hier()
    absent = voisin(dossier)
    ActePlanifieFactory(dossier=dossier, moments=["matin"])
    parti = ActePlanifieFactory(dossier=absent, moments=["matin"])
    AbsenceFactory(dossier=absent, debut=timezone.now() - timedelta(days=4))
    page = soignante.get(adresse(dossier, jour, matin))
    assertContains(page, "rien à valider")
    assertNotContains(page, f"e_{parti.pk}")
    valider(soignante, dossier, jour=jour, moment=matin)
    assert not ActeRealise.objects.filter(acte=parti).exists()


def test_absente_d_une_autre_maison_on_la_soigne_dans_celle_ci(dossier, soignante):
    jour, matin = matin_d_hier()
    pages = adresse(dossier, jour, matin), adresse(dossier)
    ailleurs = SejourFactory(dossier=dossier, place=None)
    for moment in {matin.code, lectures.en_ce_moment()[1].code}:
        ActePlanifieFactory(dossier=dossier, moments=[moment])
    AbsenceFactory(sejour=ailleurs, dossier=dossier, debut=timezone.now() - timedelta(days=4))
    for page in map(soignante.get, pages):
        assert page.context["tour"].a_noter
        assertNotContains(page, "rien à valider")
    assertNotContains(soignante.get(reverse("residents")), "Hôpital")


def test_partie_pendant_le_tour_ce_qui_a_ete_fait_avant_se_note_acte_par_acte(dossier, soignante):
    jour, matin = matin_d_hier()
    acte = ActePlanifieFactory(dossier=dossier, moments=["matin"])
    autre = ActePlanifieFactory(dossier=dossier, moments=["matin"], code="habillage")
    depart = timezone.make_aware(datetime.combine(jour, matin.debut)) + timedelta(hours=2)
    AbsenceFactory(dossier=dossier, debut=depart)
    valider(soignante, dossier, jour=jour, moment=matin, **{f"e_{acte.pk}": "fait"}, heure="7:10")
    assert ActeRealise.objects.get().acte == acte
    assert not ActeRealise.objects.filter(acte=autre).exists()


def test_l_heure_faite_et_l_heure_ecrite_sont_gardees_et_le_retard_se_voit(dossier, soignante):
    jour, matin = matin_d_hier()
    ActePlanifieFactory(dossier=dossier, moments=["matin"])
    valider(soignante, dossier, jour=jour, moment=matin, heure="8:05")
    ecrit = ActeRealise.objects.get()
    assert f"{timezone.localtime(ecrit.fait_le):%d %H:%M}" == f"{jour:%d} 08:05"
    assert ecrit.ecrit_le - ecrit.fait_le > timedelta(hours=1)
    assertContains(soignante.get(adresse(dossier, jour, matin)), "saisi après coup")


def test_un_tour_a_venir_ou_une_heure_future_sont_refuses(dossier, soignante):
    h = soignante.habilitation
    jour, matin = matin_d_hier()
    acte = ActePlanifieFactory(dossier=dossier, moments=["matin"])
    communs = {"unite": unite(dossier), "moment": matin, "cle_saisie": uuid4()}
    communs["lignes"] = {acte.pk: ("fait", "")}
    demain = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="pas encore commencé"):
        services.valider_tour(h, jour=demain, fait_le=timezone.now(), **communs)
    futur = timezone.now() + timedelta(minutes=5)
    with pytest.raises(ValidationError, match="pas encore passée"):
        services.valider_tour(h, jour=jour, fait_le=futur, **communs)


def test_une_ligne_validee_seule_laisse_les_ecarts_des_autres_en_brouillon(dossier, soignante):
    autre = voisin(dossier)
    mien, sien = ActePlanifieFactory(dossier=dossier), ActePlanifieFactory(dossier=autre)
    champs = {f"e_{sien.pk}": "fatigue", "seulement": str(dossier.pk)}
    reponse = valider(soignante, dossier, **champs)
    assert [r.acte_id for r in ActeRealise.objects.all()] == [mien.pk]
    page = soignante.get(reponse.url)
    assert formulaire_de(page)[1][f"e_{sien.pk}"] == ["fatigue"]
    assert Brouillon.objects.get(clos_le=None).compte == soignante.compte


def test_le_meme_envoi_deux_fois_n_ecrit_qu_une_fois(dossier, soignante):
    ActePlanifieFactory(dossier=dossier)
    vers, lus = formulaire_de(soignante.get(adresse(dossier)))
    for _ in range(2):
        assert soignante.post(vers, lus).status_code == 302
    assert ActeRealise.objects.count() == 1


def test_le_second_soignant_voit_qui_a_valide_et_son_ecart_n_est_pas_perdu(dossier, soignante):
    acte = ActePlanifieFactory(dossier=dossier)
    collegue = AffectationFactory(
        role="AS", etablissement=unite(dossier).etablissement, compte__last_name="Bensaïd"
    ).compte
    vers, lus = formulaire_de(soignante.get(adresse(dossier)))
    second = connecter(collegue)
    assert valider(second, dossier).status_code == 302
    sans_ecart = soignante.post(vers, lus, follow=True)
    assertContains(sans_ecart, "Déjà validés avant vous : 1 par")
    dit = {f"e_{acte.pk}": ["refus"], f"p_{acte.pk}": ["Genou douloureux"]}
    reponse = soignante.post(vers, lus | dit)
    assertContains(reponse, "rien n’a été écrasé", status_code=409)
    assertContains(reponse, "Genou douloureux", status_code=409)  # what was typed is not lost
    assertContains(reponse, "Bensaïd a noté « Fait »", status_code=409)
    ecrit = ActeRealise.objects.get()
    assert (ecrit.auteur, ecrit.issue) == (collegue, "fait")


def corriger(client, realise, **champs):
    page = client.get(reverse("soins:acte_corriger", args=[realise.dossier_id, realise.pk]))
    vers, lus = formulaire_de(page)
    return client.post(vers, lus | {c: [v] for c, v in champs.items()})


def test_corriger_ecrit_une_version_et_n_efface_rien(dossier, soignante):
    acte = ActePlanifieFactory(dossier=dossier)
    valider(soignante, dossier)
    premier = ActeRealise.objects.get()
    assert corriger(soignante, premier, ecart="refus").status_code == 422  # no reason given
    jadis = corriger(soignante, premier, motif="Erreur d’heure", fait_le="01/01/1990 10:00")
    assertContains(jadis, "Cet acte est du", status_code=422)
    assert corriger(soignante, premier, ecart="refus", motif="Erreur de ligne").status_code == 302
    premier.refresh_from_db()
    second = ActeRealise.objects.get(courante=True)
    assert (premier.issue, premier.courante, second.issue) == ("fait", False, "non_fait")
    assert (second.version, second.remplace, second.acte) == (2, premier, acte)
    perime = corriger(soignante, premier, ecart="fatigue", motif="Autre")
    assertContains(perime, "corrigé entre-temps", status_code=409)


def test_la_base_refuse_deux_fois_le_meme_acte_et_tout_changement(dossier):
    realise = ActeRealiseFactory(acte__dossier=dossier)
    with pytest.raises(IntegrityError, match="acte_realise_une_fois"), transaction.atomic():
        ActeRealiseFactory(acte=realise.acte)
    with pytest.raises(Exception, match="ne se modifie pas"), transaction.atomic():
        ActeRealise.objects.filter(pk=realise.pk).update_sans_historique(motif="x", fonction="IDE")
    with pytest.raises(Exception, match="ne se modifie pas"), transaction.atomic():
        realise.delete()


def test_qui_peut_qui_peut_moins_et_l_etrangere(dossier, en_tant_que):
    ActePlanifieFactory(dossier=dossier)
    psychologue = en_tant_que(dossier, role="PSYCHOLOGUE")  # reads the acts, writes none
    assert psychologue.get(adresse(dossier)).status_code == 403
    assert psychologue.get(adresse(dossier, nom="soins:tour_imprimable")).status_code == 200
    assert psychologue.get(reverse("soins:actes", args=[dossier.pk])).status_code == 200
    secretaire = en_tant_que(dossier, role="SECRETAIRE")
    assert secretaire.get(reverse("soins:actes", args=[dossier.pk])).status_code == 403
    etrangere = en_tant_que(DossierFactory(), role="AS")
    assert etrangere.get(adresse(dossier)).status_code == 404
    assert etrangere.get(reverse("soins:actes", args=[dossier.pk])).status_code == 404


def test_le_plan_s_ecrit_se_modifie_et_s_arrete(dossier, en_tant_que):
    infirmiere = en_tant_que(dossier, role="IDE")
    vers, lus = formulaire_de(infirmiere.get(reverse("soins:acte_planifier", args=[dossier.pk])))
    saisie = {"code": ["douche"], "moments": ["matin"], "jours": ["1", "4"]}
    reponse = infirmiere.post(vers, lus | saisie)
    assert reponse.status_code == 302, reponse.context["formulaire"].errors
    acte = ActePlanifie.objects.get()
    assertContains(
        infirmiere.get(reverse("soins:actes", args=[dossier.pk])), "Matin, lundi et jeudi"
    )
    vers, lus = formulaire_de(
        infirmiere.get(reverse("soins:acte_modifier", args=[dossier.pk, acte.pk]))
    )
    hier = timezone.localdate() - timedelta(days=1)
    ActePlanifie.objects.filter(pk=acte.pk).update_sans_historique(motif="essai", debut=hier)
    arret = lus | {"fin": [f"{hier:%d/%m/%Y}"], "debut": [f"{hier:%d/%m/%Y}"]}
    assert infirmiere.post(vers, arret).status_code == 302
    assertContains(infirmiere.post(vers, arret), "a changé depuis", status_code=409)
    assertContains(infirmiere.get(reverse("soins:actes", args=[dossier.pk])), "Aucun acte planifié")
    aide = en_tant_que(dossier, role="AS")
    assert aide.get(reverse("soins:acte_planifier", args=[dossier.pk])).status_code == 403


def test_l_accueil_dit_ce_qui_reste_du_tour_du_moment(dossier, soignante):
    ActePlanifieFactory(dossier=dossier)
    ActeRealiseFactory(acte__dossier=dossier, acte__code="marche", issue="non_fait", motif="refus")
    page = soignante.get(f"/?unite={unite(dossier).pk}")
    assertContains(page, "1 sur 2")
    assertContains(page, "1 écart")


def test_le_tour_coute_autant_de_requetes_pour_deux_que_pour_dix(
    dossier, soignante, django_assert_max_num_queries
):
    def requetes():
        with django_assert_max_num_queries(15) as lues:
            soignante.get(adresse(dossier))
        return len([q for q in lues if "SAVEPOINT" not in q["sql"]])

    ActePlanifieFactory(dossier=dossier)
    ActeRealiseFactory(acte__dossier=voisin(dossier))
    soignante.get(adresse(dossier))
    avant = requetes()
    for rang in range(8):
        autre = voisin(dossier, f"PERSONNE{'ABCDEFGH'[rang]}")
        for code in ("toilette", "marche", "bouche"):
            ActePlanifieFactory(dossier=autre, code=code)
            ActeRealiseFactory(acte__dossier=autre, acte__code=code)
    assert requetes() == avant
