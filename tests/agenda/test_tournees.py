"""La tournée à domicile : la lire, noter chaque visite, confier ce que personne n’a."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from coordination.models import Domicile, Participation
from tests.agenda.factories import DomicileFactory, RendezVousFactory, dans
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, formulaire_de
from tests.socle.factories import DossierFactory, PlaceFactory, UniteFactory, UsagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unite():
    return UniteFactory()


@pytest.fixture
def marie(unite):
    place = PlaceFactory(unite=unite)
    return DossierFactory(usager=UsagerFactory(nom_naissance="DURAND"), sejour__place=place)


@pytest.fixture
def yves(unite):
    place = PlaceFactory(unite=unite)
    return DossierFactory(usager=UsagerFactory(nom_naissance="LE GOFF"), sejour__place=place)


def test_une_tournee_se_lit_se_note_et_garde_l_heure_ecrite_et_l_heure_faite(en_tant_que, marie):
    client = en_tant_que(marie, role="AS")
    DomicileFactory(dossier=marie)
    r = RendezVousFactory(visite=True, dossiers=[marie], comptes=[client.compte],
                          debut=dans(minutes=-90))  # fmt: skip
    page = client.get(f"/tournee/?jour={timezone.localdate(r.debut)}")
    for texte in ("DURAND", "12 rue du Port", "Clé dans la boîte", "En retard"):
        assertContains(page, texte)
    adresse = f"/dossiers/{marie.pk}/visites/{r.pk}/"
    champs = formulaire_de(client.get(adresse), "")[1]
    sans_motif = client.post(adresse, champs | {"issue": "non_faite"})
    assertContains(sans_motif, "Dites pourquoi", status_code=422)
    arrivee = timezone.localtime(r.debut)
    champs |= {"issue": "faite", "arrivee": f"{arrivee:%H:%M}", "depart": f"{arrivee:%H:%M}"}
    sans_duree = client.post(adresse, champs)
    assertContains(sans_duree, "à l’heure de l’arrivée", status_code=422)
    champs["depart"] = f"{arrivee + timedelta(minutes=40):%H:%M}"
    assert client.post(adresse, champs).status_code == 302
    p = Participation.objects.get()
    assert (p.arrivee, p.presence) == (r.debut, "presente") and p.ecrite_le > p.arrivee
    assert client.post(adresse, champs | {"note": "Autre"}).status_code == 409
    assertContains(client.get(f"/tournee/imprimer/?jour={timezone.localdate(r.debut)}"), "DURAND")


def test_une_visite_notee_avant_son_heure_demande_celle_de_l_arrivee(en_tant_que, marie):
    client = en_tant_que(marie, role="AS")
    r = RendezVousFactory(visite=True, dossiers=[marie], comptes=[client.compte],
                          debut=dans(seconds=30))  # fmt: skip
    adresse = f"/dossiers/{marie.pk}/visites/{r.pk}/"
    page = client.get(adresse)
    champs = formulaire_de(page, "")[1]
    assert "arrivee" not in champs and champs["depart"]
    refus = client.post(adresse, champs | {"issue": "faite"})
    assert list(refus.context["formulaire"].errors) == ["arrivee"]
    assertNotContains(page, '<details class="deplier"')


def test_une_visite_non_faite_dit_son_motif(en_tant_que, marie):
    client = en_tant_que(marie, role="AS")
    r = RendezVousFactory(visite=True, dossiers=[marie], comptes=[client.compte],
                          debut=dans(minutes=-30))  # fmt: skip
    adresse = f"/dossiers/{marie.pk}/visites/{r.pk}/"
    champs = formulaire_de(client.get(adresse), "")[1]
    client.post(adresse, champs | {"issue": "non_faite", "motif": "porte_close"})
    p = Participation.objects.get()
    assert (p.presence, p.motif, p.arrivee) == ("absente", "porte_close", None)
    assertContains(client.get(f"/tournee/?jour={timezone.localdate(r.debut)}"), "Porte close")


def test_le_cadre_voit_ce_que_personne_n_a_et_le_confie(en_tant_que, marie, yves):
    cadre = en_tant_que(marie, role="IDEC")
    aide = AffectationFactory(role="AS", etablissement=marie.sejours.get().etablissement).compte
    seule = RendezVousFactory(visite=True, dossiers=[marie], debut=dans(minutes=-50))
    page = cadre.get(f"/tournees/?jour={timezone.localdate(seule.debut)}")
    assertContains(page, "personne n’est prévu")
    champs = {"rendez_vous": [str(seule.pk)], "a": str(aide.pk)}
    assert cadre.post("/tournees/", champs).status_code == 302
    assert seule.intervenants.get().compte == aide
    assert connecter(aide).get("/tournees/").status_code == 403
    assertContains(
        connecter(aide).get(f"/tournee/?jour={timezone.localdate(seule.debut)}"), "DURAND"
    )
    etranger = connecter(AffectationFactory(role="IDEC").compte)
    assert etranger.post("/tournees/", champs | {"a": str(etranger.compte.pk)}).status_code == 404
    assert seule.intervenants.get().compte == aide


def test_une_page_reste_dans_sa_maison_quand_le_poste_en_regarde_une_autre(marie):
    """Deux onglets, deux maisons : celui qui envoie dit la sienne."""
    ici = marie.sejours.get().etablissement
    cadre = AffectationFactory(role="IDEC", etablissement=ici)
    client = connecter(cadre.compte)
    ailleurs = AffectationFactory(role="IDEC", compte=cadre.compte).etablissement
    for maison in (ici, ailleurs):
        AffectationFactory(role="EDUCATEUR", etablissement=maison, compte=cadre.compte)
    aide = AffectationFactory(role="AS", etablissement=ici).compte
    visite = RendezVousFactory(visite=True, dossiers=[marie], debut=dans(minutes=-50))
    seance = RendezVousFactory(activite=True, dossiers=[marie], debut=dans(minutes=-5))
    jour = f"jour={timezone.localdate(visite.debut)}"
    tournees = client.get(f"/tournees/?etablissement={ici.pk}&{jour}")
    activites = client.get(f"/activites/?etablissement={ici.pk}&{jour}")
    client.get(f"/residents/?etablissement={ailleurs.pk}")
    assert f"etablissement={ici.pk}" in tournees.context["avant"]
    assert f"etablissement={ici.pk}" in activites.context["apres"]

    vers = f"?{tournees.context['parametres']}"
    assertContains(tournees, f'action="{escape(vers)}"')
    retour = client.post(f"/tournees/{vers}", {"rendez_vous": visite.pk, "a": aide.pk})
    assert visite.intervenants.get().compte == aide
    assert f"etablissement={ici.pk}" in retour.url
    client.get(f"/residents/?etablissement={ailleurs.pk}")
    vers, champs = formulaire_de(activites, "/activites/valider/")
    retour = client.post(vers, champs)
    assert f"etablissement={ici.pk}" in retour.url
    seance.refresh_from_db()
    assert seance.statut == "REALISE"
    veille = RendezVousFactory(activite=True, dossiers=[marie], debut=dans(minutes=-1440))
    _, champs = formulaire_de(client.get(f"/agenda/{veille.pk}/conclure/"))
    retour = client.post(f"/agenda/{veille.pk}/conclure/", champs)
    attendu = f"?etablissement={ici.pk}&jour={timezone.localdate(veille.debut)}"
    assert retour.url == f"/activites/{attendu}"

    cadre.compte.affectations.filter(etablissement=ici).delete()
    assert client.post(f"/tournees/?etablissement={ici.pk}", champs).status_code == 404
    assert client.post(f"/activites/valider/?etablissement={ici.pk}", champs).status_code == 404


def test_le_domicile_s_ecrit_et_se_lit(en_tant_que, marie):
    client = en_tant_que(marie, role="SECRETAIRE")
    adresse = f"/dossiers/{marie.pk}/domicile/"
    donnees = {"adresse": "3 rue des Vignes", "code_postal": "494", "ville": "Saumur"}
    assertContains(client.post(adresse, donnees), "cinq chiffres", status_code=422)
    assert client.post(adresse, donnees | {"code_postal": "49400"}).status_code == 302
    assert Domicile.objects.get().ville == "Saumur"
    assert en_tant_que(marie, role="AS").get(adresse).status_code == 403
