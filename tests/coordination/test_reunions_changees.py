"""Une réunion convoquée se déplace ou s’annule ; ceux qui étaient convoqués le savent."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from coordination.models import Reunion
from coordination.reunions import services, services_changement
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Evenement, Tache
from habilitations.lieux import Lieu
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory, UsagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory(usager=UsagerFactory(nom_naissance="DURAND"))


@pytest.fixture
def autre(dossier):
    maison = dossier.sejours.get().etablissement
    return DossierFactory(
        usager=UsagerFactory(nom_naissance="LE GOFF"), sejour__etablissement=maison
    )


@pytest.fixture
def cadre(en_tant_que, dossier):
    return en_tant_que(dossier, role="IDEC")


@pytest.fixture
def conviee(en_tant_que, dossier):
    return en_tant_que(dossier, role="AS")


@pytest.fixture
def reunion(cadre, conviee, dossier):
    return services.convoquer(
        cadre.habilitation, lieu=Lieu(dossier.sejours.get().etablissement, None), titre="Synthèse",
        prevue_le=timezone.now() + timedelta(days=3), ordre_du_jour="", cle_saisie=uuid.uuid4(),
        participants=[conviee.compte.pk, cadre.compte.pk], invites=["Mme Roy"],
        dossiers=[dossier.pk],
    )  # fmt: skip


def change(h, reunion, **champs):
    lignes = reunion.participants.all()
    valeurs = {
        "version_lue": 1, "titre": "Synthèse", "prevue_le": reunion.prevue_le, "ordre_du_jour": "",
        "participants": [p.compte_id for p in lignes if p.compte_id], "invites": ["Mme Roy"],
        "dossiers": [p.dossier_id for p in reunion.points.all()],
    } | champs  # fmt: skip
    return services_changement.modifier(h, reunion.pk, **valeurs)


def recus(client):
    return [t.titre for t in Tache.objects.recues(client.habilitation).order_by("creee_le")]


def test_on_change_le_jour_les_convoques_et_de_qui_l_on_parle(
    en_tant_que, cadre, conviee, reunion, dossier, autre
):
    neuve, le = en_tant_que(dossier), timezone.now() + timedelta(days=5)
    change(
        cadre.habilitation, reunion, prevue_le=le, participants=[neuve.compte.pk],
        invites=["M. Lin"], dossiers=[autre.pk],
    )  # fmt: skip
    reunion.refresh_from_db()
    assert (reunion.prevue_le, reunion.version) == (le, 2)
    assert [p.dossier for p in reunion.points.all()] == [autre]
    assert {str(p) for p in reunion.participants.all()} == {str(neuve.compte), "M. Lin"}
    for client in (conviee, neuve):  # who no longer comes must know it too
        assert len(recus(client)) == 1 and f"{timezone.localtime(le):%d/%m/%Y}" in recus(client)[0]
    assert recus(cadre) == []
    faits = Evenement.objects.values_list("type", "dossier")
    assert {("reunion.retiree", dossier.pk), ("reunion.inscrite", autre.pk)} <= set(faits)
    assert ("reunion.modifiee", None) in faits
    assert reunion.history.count() == 2


def test_une_personne_dont_on_a_deja_ecrit_reste_inscrite(cadre, reunion, dossier):
    point = reunion.points.get()
    ecrit = {"situation": "Elle dort mal.", "decisions": ""}
    services.ecrire(cadre.habilitation, dossier, point.pk, version_lue=1, **ecrit)
    change(cadre.habilitation, reunion, dossiers=[])
    assert [p.dossier for p in reunion.points.all()] == [dossier]


def test_un_dossier_que_l_on_n_ouvre_pas_reste_inscrit_et_n_entre_pas(
    en_tant_que, cadre, reunion, dossier, autre
):
    services_changement.inscrire(cadre.habilitation, reunion, [autre.pk])
    de_l_unite = en_tant_que(dossier, role="IDEC", portee="unite")
    change(de_l_unite.habilitation, reunion, dossiers=[dossier.pk, DossierFactory().pk])
    assert {p.dossier for p in reunion.points.all()} == {dossier, autre}


def test_annulee_elle_reste_lisible_avec_son_motif_et_ne_change_plus(
    cadre, conviee, reunion, dossier
):
    h, point = cadre.habilitation, reunion.points.get()
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        services_changement.annuler(h, reunion.pk, version_lue=1, motif=" ")
    services_changement.annuler(h, reunion.pk, version_lue=1, motif="Salle fermée")
    assert ("reunion.annulee", dossier.pk) in Evenement.objects.values_list("type", "dossier")
    message = Tache.objects.recues(conviee.habilitation).get()
    assert (message.nature, message.texte) == ("message", "Salle fermée")
    for refuse in (
        lambda: change(h, reunion, version_lue=2),
        lambda: services.ecrire(h, dossier, point.pk, version_lue=1, situation="x", decisions=""),
    ):
        with pytest.raises(ValidationError, match="annulée"):
            refuse()
    assertContains(conviee.get(f"/boite/{message.pk}/"), f"/reunions/{reunion.pk}/")
    for page in (f"/reunions/{reunion.pk}/", "/reunions/", f"/dossiers/{dossier.pk}/reunions/"):
        lue = cadre.get(page)
        assertContains(lue, "nnulée")
        assertNotContains(lue, "À écrire")
    assertNotContains(cadre.get(f"/reunions/{reunion.pk}/"), "modifier/")


def test_la_base_refuse_une_reunion_annulee_sans_motif(reunion):
    reunion.etat = "annulee"
    with pytest.raises(IntegrityError):
        reunion.save()


def test_deux_cadres_qui_changent_la_meme_reunion_le_savent(cadre, reunion):
    change(cadre.habilitation, reunion, titre="Synthèse du mois")
    for geste in (
        lambda: change(cadre.habilitation, reunion, titre="Autre"),
        lambda: services_changement.annuler(
            cadre.habilitation, reunion.pk, version_lue=1, motif="x"
        ),
    ):
        with pytest.raises(ConflitDeVersion):
            geste()


def test_renvoyer_le_meme_changement_n_en_fait_qu_un(cadre, conviee, reunion):
    for _ in range(2):
        change(cadre.habilitation, reunion, titre="Synthèse du mois")
    reunion.refresh_from_db()
    assert (reunion.version, len(recus(conviee))) == (2, 1)


def test_qui_convoque_change_qui_lit_lit_qui_est_ailleurs_ne_trouve_rien(
    en_tant_que, cadre, conviee, reunion
):
    ailleurs = en_tant_que(DossierFactory(), role="IDEC")
    for page in ("modifier/", "annuler/"):
        adresse = f"/reunions/{reunion.pk}/{page}"
        assertContains(cadre.get(f"/reunions/{reunion.pk}/"), adresse)
        assertNotContains(conviee.get(f"/reunions/{reunion.pk}/"), adresse)
        assert cadre.get(adresse).status_code == 200
        assert conviee.post(adresse, {"motif": "x", "version": 1}).status_code == 403
        assert ailleurs.get(adresse).status_code == 404
    for refuse in (conviee, ailleurs):
        with pytest.raises(Reunion.DoesNotExist):
            change(refuse.habilitation, reunion)


def test_a_l_ecran_on_deplace_puis_on_annule(cadre, reunion, dossier):
    adresse = f"/reunions/{reunion.pk}/"
    page = cadre.get(f"{adresse}modifier/")
    champs = formulaire_de(page)[1]
    assert (champs["dossiers"], champs["invites"]) == ([str(dossier.pk)], ["Mme Roy"])
    champs |= {"prevue_le": "02/01/2030 14:00"}
    assert cadre.post(f"{adresse}modifier/", champs).url == adresse
    assertContains(cadre.get(adresse), "14:00")
    assert [p.dossier for p in reunion.points.all()] == [dossier]
    perime = cadre.post(f"{adresse}modifier/", champs | {"titre": "Autre titre"})
    assertContains(perime, "Autre titre", status_code=409)
    champs = formulaire_de(cadre.get(f"{adresse}annuler/"))[1]
    assert cadre.post(f"{adresse}annuler/", champs | {"motif": ""}).status_code == 422
    assert cadre.post(f"{adresse}annuler/", champs | {"motif": "Salle fermée"}).url == adresse
    assertContains(cadre.get(adresse), "Salle fermée")
    assert cadre.get(f"{adresse}modifier/").status_code == 302
