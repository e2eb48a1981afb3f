"""Un repas se note d’un geste, sauf les écarts ; la cuisine compte sans un nom."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Alimentation, Invites, RepasServi, Transmission
from accompagnement.repas import lectures, listes, services
from dui.socle import codes
from dui.socle.models import Evenement
from habilitations.lieux import Lieu
from soins.models import Vigilance
from tests.accompagnement.factories import AbsenceFactory
from tests.habilitations.factories import AffectationFactory
from tests.outils import formulaire_de
from tests.repas.factories import AlimentationFactory, RepasServiFactory
from tests.socle.factories import CompteFactory, DossierFactory, SejourFactory

UN_JOUR = timedelta(days=1)


@pytest.fixture
def dossier(db):
    return DossierFactory()


@pytest.fixture
def soignante(dossier, en_tant_que):
    return en_tant_que(dossier, role="AS")


def unite(dossier):
    return dossier.sejours.get().unite


def hier():
    return timezone.localdate() - UN_JOUR


def adresse(dossier, jour=None, repas="dejeuner", nom="accompagnement:repas_service"):
    return reverse(nom, args=[unite(dossier).pk, (jour or hier()).isoformat(), repas])


def cuisine(dossier, jour, nom="repas_cuisine"):
    vers = reverse(f"accompagnement:{nom}")
    return f"{vers}?unite={unite(dossier).pk}&le={jour.isoformat()}"


def noter(client, dossier, **champs):
    vers, lus = formulaire_de(client.get(adresse(dossier)))
    return client.post(vers, lus | {c: [v] for c, v in champs.items()})


def voisin(dossier, nom="BENALI", **champs):
    return SejourFactory(
        unite=unite(dossier), place=None, dossier__sejour=None, dossier__usager__nom_naissance=nom,
        **champs,
    ).dossier  # fmt: skip


def e(dossier, lettre="e"):
    return f"{lettre}_{dossier.sejours.get().pk}"


def a_midi(jour):
    return timezone.make_aware(datetime.combine(jour, datetime.min.time().replace(hour=11)))


def compte(client, dossier, jour):
    maison = dossier.sejours.get().etablissement
    lu = lectures.cuisine(client.habilitation, Lieu(maison, None), jour)
    rang = list(listes.repas()).index("dejeuner")
    groupes = {titre: {n: x_[rang] for n, x_ in x if x_[rang]} for titre, x in lu["groupes"]}
    return lu["total"][rang], groupes


def test_tout_le_monde_a_mange_sauf_les_ecarts_marques(dossier, soignante):
    AlimentationFactory(dossier=dossier)
    Vigilance.objects.create(
        dossier=dossier, type="allergie", libelle="Arachide", gravite=3, saisie_par=CompteFactory()
    )
    refusee, moitie, attend = (voisin(dossier, n) for n in ("BENALI", "COLIN", "DUPRE"))
    page = soignante.get(adresse(dossier))
    for mot in ("Mixée", "Gélifiée", "Sans sel", "Arachide", "Texture non renseignée"):
        assertContains(page, mot)
    assert not RepasServi.objects.exists()
    ecarts = {
        e(refusee): "refus", e(refusee, "p"): "N’a pas faim", e(moitie): "moitie",
        e(attend): listes.PLUS_TARD,
    }  # fmt: skip
    assert noter(soignante, dossier, **ecarts).status_code == 302
    lus = {r.dossier_id: r for r in RepasServi.objects.all()}
    pris = lus[dossier.pk]
    assert (pris.issue, pris.texture, pris.regimes) == ("pris", "mixee", ["sans_sel"])
    assert (lus[refusee.pk].issue, lus[moitie.pk].issue) == ("refuse", "partiel")
    assert attend.pk not in lus
    ecrite = Transmission.objects.get()  # half a meal is not handed over, a refusal is
    assert (ecrite.dossier, ecrite.cible) == (refusee, "alimentation")
    assert ecrite.donnees == "Déjeuner : refusé. N’a pas faim."
    assert Evenement.objects.filter(type="repas.ecart").count() == 2
    assertContains(soignante.get(adresse(dossier)), "3 repas notés sur 4, 1 à noter, 2 écarts")


def test_qui_n_est_pas_la_ne_mange_pas_et_qui_l_est_peut_etre_se_note_a_part(dossier, soignante):
    hier_matin = a_midi(hier()) - timedelta(hours=2)
    parti, peut_etre, a_jeun = (voisin(dossier, n) for n in ("PARTI", "PEUTETRE", "SONDE"))
    de_nuit = voisin(dossier, "VEILLEUR", modalite="nuit")
    AbsenceFactory(dossier=parti, debut=hier_matin)
    AbsenceFactory(
        dossier=peut_etre, etat="prevue", motif="AW", debut=hier_matin, debut_prevu=hier_matin,
        retour_prevu=hier_matin + UN_JOUR,
    )  # fmt: skip
    AlimentationFactory(dossier=a_jeun, texture="rien_par_la_bouche")
    page = soignante.get(adresse(dossier))
    assertContains(page, "Hospitalisation : pas de repas")
    assertContains(page, "prévue, à confirmer")
    assertNotContains(page, de_nuit.usager.nom_affiche)
    noter(soignante, dossier)
    assert [r.dossier for r in RepasServi.objects.all()] == [dossier]
    noter(soignante, dossier, **{e(peut_etre): listes.PRIS})
    assert {r.dossier for r in RepasServi.objects.all()} == {dossier, peut_etre}


def test_une_fausse_route_demande_ce_qui_s_est_passe(dossier, soignante):
    reponse = noter(soignante, dossier, **{e(dossier): "fausse_route"})
    assertContains(reponse, "ce qui s’est passé", status_code=422)
    assert not RepasServi.objects.exists()


def test_deux_soignants_notent_le_meme_repas_une_seule_fois(dossier, soignante, en_tant_que):
    collegue = en_tant_que(dossier, role="IDE")
    vers, lus = formulaire_de(collegue.get(adresse(dossier)))
    noter(soignante, dossier)
    dit = {e(dossier): ["refus"], e(dossier, "p"): ["A mal aux dents"]}
    reponse = collegue.post(vers, lus | dit)
    assertContains(reponse, "rien n’a été écrasé", status_code=409)
    assertContains(reponse, "A mal aux dents", status_code=409)  # what was typed is not lost
    ecrit = RepasServi.objects.get()
    assertContains(
        reponse,
        reverse("accompagnement:repas_corriger", args=[dossier.pk, ecrit.pk]),
        status_code=409,
    )
    assert ecrit.issue == "pris" and ecrit.auteur == soignante.compte


def test_un_repas_a_venir_se_lit_et_ne_se_note_pas(dossier, soignante):
    demain = timezone.localdate() + UN_JOUR
    page = soignante.get(adresse(dossier, demain))
    assertContains(page, "Ce repas n’a pas commencé")
    saisie = {"cle_saisie": str(uuid4()), e(dossier): ""}
    reponse = soignante.post(adresse(dossier, demain), saisie)
    assert reponse.status_code == 422 and not RepasServi.objects.exists()
    assert soignante.get(adresse(dossier, demain + UN_JOUR)).status_code == 404
    assert soignante.get(adresse(dossier, repas="brunch")).status_code == 404


def test_un_repas_faux_se_corrige_avec_sa_raison_et_l_ancien_reste(dossier, soignante):
    ancien = RepasServiFactory(dossier=dossier)
    vers, lus = formulaire_de(
        soignante.get(reverse("accompagnement:repas_corriger", args=[dossier.pk, ancien.pk]))
    )
    sans_raison = lus | {"ecart": ["refus"]}
    assert soignante.post(vers, sans_raison).status_code == 422
    juste = sans_raison | {"motif": ["Erreur de ligne"]}
    assert soignante.post(vers, juste).status_code == 302
    assert soignante.post(vers, juste).status_code == 302  # sent twice
    autre = juste | {"cle_saisie": [str(uuid4())]}
    assertContains(soignante.post(vers, autre), "entre-temps", status_code=409)
    nouveau = RepasServi.objects.get(courante=True)
    assert (nouveau.remplace, nouveau.issue, nouveau.version) == (ancien, "refuse", 2)
    with pytest.raises(Exception, match="ne se modifie pas"), transaction.atomic():
        RepasServi.objects.filter(pk=nouveau.pk).update_sans_historique(motif="essai", issue="pris")
    with pytest.raises(IntegrityError, match="repas_servi_une_fois"), transaction.atomic():
        RepasServiFactory(dossier=dossier)


def test_la_cuisine_compte_les_presents_les_textures_et_demain_sans_un_nom(
    dossier, soignante, en_tant_que
):
    aujourdhui, demain = timezone.localdate(), timezone.localdate() + UN_JOUR
    AlimentationFactory(dossier=dossier)
    AlimentationFactory(dossier=dossier, texture="hachee", regimes=[], debut=demain)
    part_demain, a_jeun = voisin(dossier), voisin(dossier, "SONDE")
    AlimentationFactory(dossier=a_jeun, texture="rien_par_la_bouche")
    depart = a_midi(demain)
    AbsenceFactory(
        dossier=part_demain, etat="prevue", motif="AW", debut=depart, debut_prevu=depart,
        retour_prevu=depart + 2 * UN_JOUR,
    )  # fmt: skip
    Invites.objects.create(
        unite=unite(dossier), jour=demain, repas="dejeuner", nombre=3, saisi_par=soignante.compte
    )
    total, groupes = compte(soignante, dossier, aujourdhui)
    assert total == 2 and groupes["Textures"] == {"Mixée": 1, "Non renseignée": 1}
    assert groupes["Régimes"] == {"Sans sel ajouté": 1}
    total, groupes = compte(soignante, dossier, demain)
    assert total == 1 + 3 and groupes["Textures"] == {"Hachée, humidifiée": 1}
    hoteliere = en_tant_que(dossier, role="ASH")
    for nom in ("repas_cuisine", "repas_cuisine_imprimable"):
        page = hoteliere.get(cuisine(dossier, demain, nom))
        assertContains(page, "Hachée, humidifiée")
        assertNotContains(page, dossier.usager.nom_affiche)


def test_une_texture_change_a_sa_date_et_l_histoire_reste(dossier, en_tant_que):
    infirmiere = en_tant_que(dossier, role="IDE")
    AlimentationFactory(dossier=dossier, texture="normale", boisson="liquide", regimes=[])
    page = reverse("accompagnement:alimentation_changer", args=[dossier.pk])
    vers, lus = formulaire_de(infirmiere.get(page))
    assert lus["texture"] == ["normale"]
    saisie = lus | {"texture": ["lisse"], "regimes": ["enrichi"], "motif": ["Fausse route hier"]}
    assert infirmiere.post(vers, saisie).status_code == 302
    assert infirmiere.post(vers, saisie).status_code == 302  # a double click
    assert Alimentation.objects.count() == 2
    dossier_lu = infirmiere.get(reverse("accompagnement:alimentation", args=[dossier.pk]))
    assertContains(dossier_lu, "Mixée lisse")
    assertContains(dossier_lu, "normale")
    fiche = infirmiere.get(reverse("administratif:fiche_urgence", args=[dossier.pk]))
    assertContains(fiche, "Texture : mixée lisse")
    nouvelle = Alimentation.objects.get(texture="lisse")
    with pytest.raises(Exception, match="ne se modifie pas"), transaction.atomic():
        siennes = Alimentation.objects.filter(pk=nouvelle.pk)
        siennes.update_sans_historique(motif="essai", texture="normale")


def test_les_invites_se_comptent_sans_nom(dossier, en_tant_que):
    secretaire = en_tant_que(dossier, role="SECRETAIRE")
    demain = timezone.localdate() + UN_JOUR
    page = reverse("accompagnement:repas_invites", args=[unite(dossier).pk, demain.isoformat()])
    vers, lus = formulaire_de(secretaire.get(page))
    assert secretaire.post(vers, lus | {"dejeuner": ["2"]}).status_code == 302
    assert secretaire.post(vers, lus | {"dejeuner": ["1"]}).status_code == 302
    assert Invites.objects.get(repas="dejeuner").nombre == 1
    assert secretaire.post(vers, lus | {"dejeuner": ["-1"]}).status_code == 422
    assert secretaire.get(page.replace(demain.isoformat(), hier().isoformat())).status_code == 404


def test_le_droit_d_une_maison_ne_compte_pas_les_invites_d_une_autre(dossier, en_tant_que):
    secretaire = en_tant_que(dossier, role="SECRETAIRE")
    la_bas = DossierFactory()
    AffectationFactory(
        compte=secretaire.compte, role="ASH", etablissement=la_bas.sejours.get().etablissement
    )
    demain = timezone.localdate() + UN_JOUR
    page = reverse("accompagnement:repas_invites", args=[unite(la_bas).pk, demain.isoformat()])
    invites = dict.fromkeys(listes.repas(), "9")
    assert secretaire.get(page).status_code == secretaire.post(page, invites).status_code == 403
    assert not Invites.objects.exists()


def test_qui_peut_qui_peut_moins_et_l_etrangere(dossier, en_tant_que):
    servi = RepasServiFactory(dossier=dossier)
    siens = reverse("accompagnement:alimentation", args=[dossier.pk])
    corriger = reverse("accompagnement:repas_corriger", args=[dossier.pk, servi.pk])
    aide = en_tant_que(dossier, role="AS")
    assert aide.get(siens).status_code == aide.get(corriger).status_code == 200
    assert aide.get(f"{siens}regime/").status_code == 403
    hoteliere = en_tant_que(dossier, role="ASH")  # counts, and reads no record
    assert hoteliere.get(cuisine(dossier, hier())).status_code == 200
    assert hoteliere.get(adresse(dossier)).status_code == 403
    assert hoteliere.get(siens).status_code == 403
    psychologue = en_tant_que(dossier, role="PSYCHOLOGUE")  # reads what is done, writes none
    assert (
        psychologue.get(adresse(dossier, nom="accompagnement:repas_imprimable")).status_code == 200
    )
    assert psychologue.get(adresse(dossier)).status_code == 403
    etrangere = en_tant_que(DossierFactory(), role="AS")
    assert etrangere.get(adresse(dossier)).status_code == 404
    assert etrangere.get(siens).status_code == etrangere.get(corriger).status_code == 404
    with pytest.raises(RepasServi.DoesNotExist):
        services.corriger_repas(
            etrangere.habilitation, servi.pk, ecart="refus", precision="", motif="x",
            version_lue=1, cle_saisie=uuid4(),
        )  # fmt: skip


def test_les_pages_coutent_autant_de_requetes_pour_deux_que_pour_dix(
    dossier, en_tant_que, django_assert_max_num_queries
):
    infirmiere = en_tant_que(dossier, role="IDE")
    pages = [
        adresse(dossier),
        cuisine(dossier, hier()),
        adresse(dossier, nom="accompagnement:repas_imprimable"),
    ]

    def requetes():
        nombres = []
        for page in pages:
            with django_assert_max_num_queries(15) as lues:
                assert infirmiere.get(page).status_code == 200
            nombres.append(len([q for q in lues if "SAVEPOINT" not in q["sql"]]))
        return nombres

    AlimentationFactory(dossier=dossier)
    RepasServiFactory(dossier=voisin(dossier), jour=hier(), repas="dejeuner")
    requetes()
    avant = requetes()
    for rang in range(8):
        autre = voisin(dossier, f"PERSONNE{'ABCDEFGH'[rang]}")
        AlimentationFactory(dossier=autre)
        RepasServiFactory(dossier=autre, jour=hier(), repas="dejeuner")
        AbsenceFactory(dossier=voisin(dossier, f"PARTI{'ABCDEFGH'[rang]}"))
    assert requetes() == avant


@pytest.mark.django_db
def test_chaque_code_dit_ce_que_le_produit_lui_demande():
    issues = set(RepasServi.Issue.values) - {"pris"}
    ecarts = codes.codes("ecart_repas").values()
    assert {c.proprietes["issue"] for c in ecarts} == issues
    compris = {r for liste in listes.reglages()["repas_compris"].values() for r in liste}
    assert compris == set(listes.repas())
    bornes = [(r.debut, r.repere, r.fin) for r in listes.repas().values()]
    assert bornes == sorted(bornes) and all(a <= b <= c for a, b, c in bornes)


def test_revenir_en_arriere_et_changer_de_texture_est_un_autre_changement(dossier, en_tant_que):
    infirmiere = en_tant_que(dossier, role="IDE")
    page = f"{reverse('accompagnement:alimentation', args=[dossier.pk])}regime/"
    vers, lus = formulaire_de(infirmiere.get(page))
    mixee = lus | {"texture": ["mixee"], "boisson": ["gelifiee"], "motif": ["Bilan"]}
    assert infirmiere.post(vers, mixee).status_code == 302
    assert infirmiere.post(vers, mixee).status_code == 302  # sent twice
    assert Alimentation.objects.count() == 1
    lisse = mixee | {"texture": ["lisse"], "motif": ["Fausse route"]}
    refus = infirmiere.post(vers, lisse)
    assertContains(refus, "n’est pas enregistré", status_code=422)
    assertContains(refus, "Fausse route", status_code=422)
    # What is in force is not what this page had read: said, then decided.
    conflit = infirmiere.post(*formulaire_de(refus))
    assertContains(conflit, "En vigueur : Mixée", status_code=409)
    vers, lisse = formulaire_de(conflit)
    avant = lisse | {"debut": [f"{timezone.localdate() - UN_JOUR:%d/%m/%Y}"]}
    assertContains(infirmiere.post(vers, avant), "vaut depuis le", status_code=422)
    assert infirmiere.post(vers, lisse).status_code == 302
    assert lectures.en_vigueur(infirmiere.habilitation, dossier).texture == "lisse"
