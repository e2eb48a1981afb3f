"""Ce qui est signé ne change plus, et ce qui appartient à une autre maison ou à un autre projet ne
se touche pas."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django.asserts import assertContains

from accompagnement.models import AccordProjet, CloturePresences, Projet, Transmission
from accompagnement.presences import services as presences
from accompagnement.projets import services, services_suivi
from accompagnement.projets.empreintes import empreinte
from dui.socle.enums import Action, Bloc
from habilitations.lieux import Lieu
from tests.accompagnement.factories import AbsenceFactory
from tests.accompagnement.test_transmissions import saisie
from tests.habilitations.factories import AffectationFactory
from tests.outils import formulaire_de, jeton_de
from tests.projets.factories import ProjetFactory, brouillon, objectifs
from tests.socle.factories import DossierFactory, SejourFactory, UniteFactory

pytestmark = pytest.mark.django_db
JOUR = timedelta(days=1)


@pytest.fixture
def dossier():
    return DossierFactory()


def test_un_jour_signe_garde_aussi_le_motif_et_le_depart_prevu(en_tant_que, dossier):
    h, unite = en_tant_que(dossier).habilitation, dossier.sejours.get().unite
    maintenant = timezone.now()
    reelle = AbsenceFactory(dossier=dossier, motif="AW", debut=maintenant - 6 * JOUR,
                            fin=maintenant - 5 * JOUR)  # fmt: skip
    prevue = AbsenceFactory(
        dossier=dossier, etat="prevue", motif="AW", debut=maintenant - 3 * JOUR,
        debut_prevu=maintenant - 3 * JOUR, retour_prevu=maintenant - JOUR, fin=None,
    )  # fmt: skip
    for recul in (5, 2):
        lieu, jour = Lieu(unite.etablissement, unite), timezone.localdate() - recul * JOUR
        presences.clore(h, lieu=lieu, jour=jour)
    lue = {n: getattr(reelle, n) for n in ("lieu", "debut", "retour_prevu", "fin")}
    with pytest.raises(ValidationError, match="est clos"):
        presences.corriger_absence(
            h, reelle.pk, dossier, version_lue=1, pourquoi="Erreur", motif="AH", **lue
        )
    with pytest.raises(ValidationError, match="est clos"):
        presences.constater(h, prevue.pk, dossier, parti=False)
    assert presences.constater(h, prevue.pk, dossier, parti=True).etat == "reelle"


def test_on_ne_clot_pas_le_registre_d_une_maison_que_l_on_ne_fait_que_lire(en_tant_que, dossier):
    client, unite = en_tant_que(dossier), UniteFactory()
    AffectationFactory(compte=client.compte, role="AS", etablissement=unite.etablissement)
    assert client.habilitation.peut(Bloc.AGE, Action.SAISIR)
    adresse = f"/presences/registre/clore/?unite={unite.pk}"
    hier = (timezone.localdate() - JOUR).isoformat()
    ici = f"/presences/registre/clore/?unite={dossier.sejours.get().unite.pk}"
    for vers, jour in (
        (adresse, hier),
        (ici, "0001-01-01"),
        (ici, "1880-01-01"),
        (ici, "9999-12-31"),
    ):
        assert client.post(vers, {"jour": jour}).status_code == 302
    assert not CloturePresences.objects.exists()


def test_la_cle_d_un_autre_projet_ne_sert_ni_d_accord_ni_d_objectif(en_tant_que, dossier):
    h, autre = en_tant_que(dossier).habilitation, DossierFactory()
    AffectationFactory(compte=h.compte, role="IDE", etablissement=autre.sejours.get().etablissement)
    h = type(h)(h.compte)
    mien, sien = ProjetFactory(dossier=dossier), ProjetFactory(dossier=autre)
    dit = {"version_lue": 1, "cle_saisie": uuid.uuid4(), "partie": "usager", "qui": "Elle",
           "qualite": "personne", "avis": "accord", "moyen": "oral", "duree_mois": None,
           "commentaire": "", "le": timezone.localdate()}  # fmt: skip
    services_suivi.noter_accord(h, mien.pk, dossier, **dit)
    with pytest.raises(ValidationError, match="déjà servi"):
        services_suivi.noter_accord(h, sien.pk, autre, **dit)
    assert AccordProjet.objects.count() == 1

    brouillon(mien)
    ici, ailleurs = objectifs(mien)[0], objectifs(sien)[0]
    for genre, cle in (("objectif", ailleurs["id"]), ("action", ici["id"])):
        with pytest.raises(ValidationError, match="déjà servi"):
            services.ecrire_element(
                h, mien.pk, dossier, genre=genre, cle=cle, lu="",
                valeurs={"titre": "Volé", "objectif": [ici["id"]]},
            )  # fmt: skip
    page = f"/dossiers/{dossier.pk}/projets/{mien.pk}/preparer/objectif/{ici['id']}/"
    client = en_tant_que(dossier)
    client.get(page)


def test_un_projet_ne_s_ouvre_pas_au_nom_de_la_maison_d_a_cote(en_tant_que, dossier):
    ici, client = dossier.sejours.get().etablissement, en_tant_que(dossier)
    SejourFactory(dossier=dossier, entree_le=timezone.localdate() - JOUR, place=None)
    vers, champs = formulaire_de(client.get(f"/dossiers/{dossier.pk}/projets/nouveau/"))
    assert "etablissement" not in champs
    assert client.post(vers, champs).status_code == 302
    assert Projet.objects.get().etablissement == ici


def test_un_projet_termine_ne_s_ecrit_plus(en_tant_que, dossier):
    h, projet = en_tant_que(dossier, role="IDEC").habilitation, ProjetFactory(dossier=dossier)
    version, demain = brouillon(projet), timezone.localdate() + JOUR
    with pytest.raises(ValidationError, match="déjà passé"):
        services.avancer_la_revision(h, projet.pk, dossier, motif="deuil", le=demain - 2 * JOUR)
    fini = {"statut": "TERMINE", "le": timezone.localdate()}
    services.changer_de_statut(h, projet.pk, dossier, **fini)
    lu = empreinte(version.contenu)
    objectif = objectifs(projet)[0]["id"]
    for geste in (
        lambda: services.arreter(h, projet.pk, dossier, lu=lu),
        lambda: services.retirer_element(h, projet.pk, dossier, genre="objectif", cle=objectif),
        lambda: services.avancer_la_revision(h, projet.pk, dossier, motif="deuil", le=demain),
    ):
        with pytest.raises(ValidationError, match="est terminé"):
            geste()
    services.abandonner_la_version(h, projet.pk, dossier)  # the draft that nobody will settle


def test_revenir_en_arriere_et_ecrire_autre_chose_ne_se_perd_pas(en_tant_que, dossier):
    client = en_tant_que(dossier, role="AS")
    premiere = saisie(donnees="A bu.")
    adresse = f"/dossiers/{dossier.pk}/transmissions/nouvelle/"
    jeton = jeton_de(client.get(adresse))
    for _ in range(2):  # a double click
        assert client.post(adresse, premiere | jeton).status_code == 302
    refus = client.post(adresse, premiere | jeton | {"donnees": "N’a pas mangé."})
    assertContains(refus, "N’a pas mangé.", status_code=422)
    assertContains(refus, "n’est pas enregistré", status_code=422)
    vers, champs = formulaire_de(refus)
    assert client.post(vers, champs).status_code == 302
    ecrites = Transmission.objects.order_by("ecrit_le").values_list("donnees", flat=True)
    assert list(ecrites) == ["A bu.", "N’a pas mangé."]
