"""L’opposition d’une personne, ou la décision de l’établissement, l’emporte sur tout."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dui.socle.enums import Bloc
from dui.socle.models import Compte, Dossier
from habilitations.bris import services
from habilitations.models import Interdiction
from habilitations.politique import Habilitation
from tests.accompagnement.factories import TransmissionFactory
from tests.habilitations.factories import AffectationFactory, acces_portail
from tests.outils import connecter
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


def interdire(compte, dossier, *blocs, **champs) -> Interdiction:
    champs.setdefault("origine", "personne")
    return Interdiction.objects.create(
        compte=compte, dossier=dossier, blocs=list(blocs), decidee_par=CompteFactory(), **champs
    )


def collegue(dossier, role="IDE", portee="etablissement") -> Compte:
    etablissement = dossier.sejours.get().etablissement
    return AffectationFactory(role=role, etablissement=etablissement, portee=portee).compte


def voit(compte, dossier, bloc=Bloc.TRA) -> bool:
    h = Habilitation(Compte.objects.get(pk=compte.pk))
    liste = Dossier.objects.visibles(h, bloc).filter(pk=dossier.pk).exists()
    assert liste == h.peut_pour(dossier, bloc) == h.ouvre(dossier, bloc)
    sejours = list(dossier.sejours.all())
    assert liste == (dossier.pk in h.ouverts(sejours, bloc))
    return liste


def test_l_opposition_a_un_professionnel_ferme_tout_le_dossier_a_lui_seul(dossier):
    oppose, autre = collegue(dossier), collegue(dossier)
    interdire(oppose, dossier)
    assert not voit(oppose, dossier)
    assert voit(autre, dossier)
    assert connecter(oppose).get(reverse("dossier", args=[dossier.pk])).status_code == 404


def test_l_opposition_peut_ne_porter_que_sur_une_partie(dossier):
    oppose = collegue(dossier)
    interdire(oppose, dossier, "TRA")
    assert not voit(oppose, dossier, Bloc.TRA)
    assert voit(oppose, dossier, Bloc.CST)
    adresse = reverse("accompagnement:transmissions", args=[dossier.pk])
    assert connecter(oppose).get(adresse).status_code == 403


def test_les_lignes_fermees_disparaissent_du_tableau_de_la_releve_et_de_la_recherche(dossier):
    oppose = collegue(dossier)
    TransmissionFactory(dossier=dossier, donnees="Texte que la personne ne veut pas partager.")
    interdire(oppose, dossier)
    client = connecter(oppose)
    for adresse in ("/", "/residents/", "/releve/?depuis=24", f"/recherche/?q={dossier.numero}"):
        page = client.get(adresse).content.decode()
        assert dossier.usager.nom_naissance not in page, adresse
        assert "ne veut pas partager" not in page, adresse


def test_ni_le_bris_de_glace_ni_l_acces_nominatif_ne_levent_une_opposition(dossier):
    oppose = collegue(dossier, portee="equipe")
    services.ouvrir(
        Habilitation(oppose), dossier, code_motif="urgence", motif="Malaise, appel de la cadre."
    )
    acces_portail(oppose, dossier, Bloc.TRA)
    assert voit(oppose, dossier)
    interdire(oppose, dossier)
    assert not voit(oppose, dossier)
    jamais = collegue(dossier, portee="equipe")
    interdire(jamais, dossier)
    with pytest.raises(services.NonAutorise):
        services.ouvrir(
            Habilitation(jamais), dossier, code_motif="urgence", motif="Malaise, appel de la cadre."
        )


def test_elle_ferme_aussi_le_portail(dossier):
    proche = CompteFactory()
    acces_portail(proche, dossier, Bloc.ANI, qualite="PROCHE")
    assert voit(proche, dossier, Bloc.ANI)
    interdire(proche, dossier)
    assert not voit(proche, dossier, Bloc.ANI)


def test_elle_a_ses_dates(dossier):
    oppose, hier = collegue(dossier), timezone.localdate() - timedelta(days=1)
    interdire(oppose, dossier, debut=hier - timedelta(days=9), fin=hier)
    assert voit(oppose, dossier)


def test_elle_ne_ferme_que_ce_dossier(dossier):
    oppose = collegue(dossier)
    voisine = DossierFactory(sejour__etablissement=dossier.sejours.get().etablissement)
    interdire(oppose, dossier)
    assert voit(oppose, voisine)


def test_elle_ne_coute_aucune_requete_de_plus(dossier):
    client = connecter(collegue(dossier))
    client.get("/residents/")
    with CaptureQueriesContext(connection) as avant:
        client.get("/residents/")
    interdire(client.compte, DossierFactory())
    with CaptureQueriesContext(connection) as apres:
        client.get("/residents/")
    assert len(apres) == len(avant)
