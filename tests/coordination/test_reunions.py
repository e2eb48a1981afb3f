"""Une réunion : convoquer, écrire dans chaque dossier, confier."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains

from coordination.models import PointReunion, Reunion
from coordination.reunions import services
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Tache
from habilitations.destinataires import Destinataire
from habilitations.lieux import Lieu
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory, UsagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def lieu(dossier):
    return Lieu(dossier.sejours.get().etablissement, None)


@pytest.fixture
def convoquer(lieu):
    def faire(h, *dossiers, **champs):
        valeurs = {
            "titre": "Synthèse", "prevue_le": timezone.now() - timedelta(hours=1),
            "ordre_du_jour": "", "cle_saisie": uuid.uuid4(),
        } | champs  # fmt: skip
        return services.convoquer(h, lieu=lieu, dossiers=[d.pk for d in dossiers], **valeurs)

    return faire


def test_on_n_inscrit_que_les_dossiers_que_l_on_ecrit(en_tant_que, dossier, convoquer):
    h, etrangere = en_tant_que(dossier).habilitation, DossierFactory()
    cle = uuid.uuid4()
    reunion = convoquer(h, dossier, etrangere, invites=["Mme Roy", " "], cle_saisie=cle)
    assert convoquer(h, dossier, cle_saisie=cle) == reunion
    assert [p.dossier for p in reunion.points.all()] == [dossier]
    assert [p.nom for p in reunion.participants.all()] == ["Mme Roy"]


def test_la_part_de_chacun_ne_se_lit_que_dans_son_dossier(en_tant_que, dossier, convoquer, lieu):
    autre = DossierFactory(
        usager=UsagerFactory(nom_naissance="VOISINE"), sejour__etablissement=lieu.etablissement
    )
    infirmiere, ailleurs = en_tant_que(dossier), en_tant_que(DossierFactory())
    reunion = convoquer(infirmiere.habilitation, dossier, autre)
    mien, sien = (reunion.points.get(dossier=d) for d in (dossier, autre))
    assert "VOISINE" in infirmiere.get(f"/reunions/{reunion.pk}/").content.decode()
    de_l_unite = en_tant_que(dossier, portee="unite")
    assert "VOISINE" not in de_l_unite.get(f"/reunions/{reunion.pk}/").content.decode()
    assert infirmiere.get(f"/dossiers/{dossier.pk}/reunions/{mien.pk}/").status_code == 200
    assert infirmiere.get(f"/dossiers/{dossier.pk}/reunions/{sien.pk}/").status_code == 404
    assert ailleurs.get(f"/reunions/{reunion.pk}/").status_code == 404
    assert en_tant_que(dossier, role="COMPTA").get("/reunions/").status_code == 403


def test_ecrire_tient_la_reunion_et_previent_le_second(en_tant_que, dossier, convoquer):
    h = en_tant_que(dossier).habilitation
    point = convoquer(h, dossier).points.get()
    ecrit = {"situation": "Elle dort mal.", "decisions": "Veilleuse."}
    services.ecrire(h, dossier, point.pk, version_lue=1, **ecrit)
    assert Reunion.objects.get().etat == "tenue"
    services.ecrire(h, dossier, point.pk, version_lue=1, **ecrit)  # a double click
    autres = ecrit | {"decisions": "Tisane."}
    with pytest.raises(ConflitDeVersion):
        services.ecrire(h, dossier, point.pk, version_lue=1, **autres)
    lecteur = en_tant_que(dossier, role="AS").habilitation
    with pytest.raises(PointReunion.DoesNotExist):
        services.ecrire(lecteur, dossier, point.pk, version_lue=2, **ecrit)
    a = Destinataire(compte=lecteur.compte)
    tache = services.confier(
        h, dossier, point.pk, a=a, titre="Acheter la veilleuse", echeance_le=None, priorite=3
    )
    assert list(Tache.objects.recues(lecteur)) == [tache]
    assert (tache.bloc, tache.source_id) == ("PP", point.pk)


def test_de_la_convocation_a_la_synthese_a_l_ecran(en_tant_que, dossier):
    client = en_tant_que(dossier)
    _, champs = formulaire_de(client.get("/reunions/nouvelle/"))
    champs |= {"prevue_le": "02/01/2026 14:00", "dossiers": str(dossier.pk), "invites": "Sa sœur"}
    champs |= {"participants": f"compte:{client.compte.pk}"}
    reponse = client.post("/reunions/nouvelle/", champs)
    assert "Sa sœur" in client.get(reponse.url).content.decode()
    assert "Synthèse" in client.get("/reunions/").content.decode()
    point = PointReunion.objects.get()
    adresse = f"/dossiers/{dossier.pk}/reunions/{point.pk}/"
    _, champs = formulaire_de(client.get(f"{adresse}ecrire/"))
    reponse = client.post(f"{adresse}ecrire/", champs | {"decisions": "Veilleuse la nuit."})
    assert reponse.url == adresse
    conflit = client.post(f"{adresse}ecrire/", champs | {"decisions": "Tisane."})
    for mot in ("Tisane.", "Veilleuse la nuit."):  # both, then one gesture
        assertContains(conflit, mot, status_code=409)
    for page in (adresse, f"/dossiers/{dossier.pk}/reunions/"):
        assert "Veilleuse la nuit." in client.get(page).content.decode()
    assert "Veilleuse la nuit." in client.get(f"{adresse}imprimer/").content.decode()
    _, jeton = formulaire_de(client.get(adresse), f"{adresse}confier/")
    assert client.post(f"{adresse}confier/", jeton).status_code == 422
    action = {"titre": "Acheter", "a": f"compte:{client.compte.pk}", "pour_le": "01/01/2030"}
    assert client.post(f"{adresse}confier/", jeton | action).status_code == 302
    tache = Tache.objects.get()
    assert adresse in client.get(f"/boite/{tache.pk}/").content.decode()
