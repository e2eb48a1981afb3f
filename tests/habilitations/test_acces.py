"""Chaque adresse d’un dossier devant chaque acteur : ouvert, refusé, introuvable."""

import re
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from pytest_django.asserts import assertContains

from dui.socle.enums import Action, Bloc
from dui.socle.evenements import noter
from dui.socle.models import EntreeJournal, Evenement
from habilitations.acces import EN_CONSULTATION, acces_dossier, acces_soi
from habilitations.models import Droit
from tests.accompagnement.factories import TransmissionFactory
from tests.architecture.test_code import vues
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, connecter
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db

DU_DOSSIER = [(route, vue.acces) for route, vue in vues() if vue.acces[0] == "dossier"]
DES_LISTES = [(route, vue.acces) for route, vue in vues() if vue.acces[0] == "bloc"]


# Arguments that are nobody's object.
CODES = {
    "<slug:grille>": "aggir",
    "<slug:genre>": "objectif",
    "<slug:macrocible>": "appel",
    "<slug:moment>": "matin",
    "<slug:repas>": "dejeuner",
    "<str:jour>": "2026-05-12",
}


def remplir(route, dossier) -> str:
    """The address: this dossier, and an object that does not exist for the other identifiers."""
    adresse = f"/{route}".replace("<uuid:dossier_id>", str(dossier.pk))
    adresse = re.sub(r"<int:\w+>", "0", adresse).replace("<slug:role>", "IDE")
    for argument, code in CODES.items():
        adresse = adresse.replace(argument, code)
    maison = adresse.startswith("/evenements/")
    adresse = adresse.replace("<slug:type_evenement>", "equipement" if maison else "chute")
    while "<uuid:" in adresse:
        debut, _, reste = adresse.partition("<uuid:")
        adresse = f"{debut}{uuid.uuid4()}{reste.partition('>')[2]}"
    return adresse


def demander(client, adresse):
    reponse = client.get(adresse)
    return client.post(adresse) if reponse.status_code == 405 else reponse


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.mark.lent
def test_un_dossier_d_ailleurs_n_existe_pas_et_la_tentative_est_tracee(dossier, en_tant_que):
    client = en_tant_que(DossierFactory(), role="MEDCO")
    for route, (_, bloc, _) in DU_DOSSIER:
        assert demander(client, remplir(route, dossier)).status_code == 404, route
        trace = EntreeJournal.objects.filter(dossier=dossier).latest("pk")
        dite = (trace.acteur, trace.action, trace.bloc, trace.titre_acces)
        assert dite == (client.compte, "refus", bloc, "aucun"), route


@pytest.mark.lent
@pytest.mark.parametrize("acces", sorted({acces for _, acces in DU_DOSSIER}), ids="-".join)
def test_sans_ce_droit_sur_un_dossier_que_je_vois_c_est_un_refus_en_francais(
    acces, dossier, en_tant_que
):
    _, bloc, action = acces
    lire = action in (Action.VOIR, Action.RESUME)
    if bloc == Bloc.ID and lire:
        pytest.skip("c’est le droit qui rend le dossier visible")
    actions = [action, Action.VOIR] if action == Action.RESUME else [action]
    Droit.objects.filter(role_id="IDE", bloc=bloc, action__in=actions).delete()
    client, refus = en_tant_que(dossier), EntreeJournal.objects.filter(action="refus", bloc=bloc)
    message = "Votre rôle n’ouvre pas" if lire else EN_CONSULTATION
    routes = [route for route, exige in DU_DOSSIER if exige == acces]
    for route in routes:
        reponse = demander(client, remplir(route, dossier))
        assertContains(reponse, message, status_code=403, msg_prefix=route)
    assert refus.filter(dossier=dossier).count() == len(routes)


def test_sans_session_on_se_connecte_d_abord(dossier, client):
    for route, _ in DU_DOSSIER + DES_LISTES:
        reponse = demander(client, remplir(route, dossier))
        assert reponse.status_code == 302 and reponse.url.startswith("/connexion/"), route


@pytest.mark.lent
@pytest.mark.parametrize("bloc", sorted({bloc for _, (_, bloc, _) in DES_LISTES}))
def test_une_liste_dont_le_role_n_a_le_droit_nulle_part_se_refuse(bloc, dossier, en_tant_que):
    Droit.objects.filter(role_id="IDE", bloc=bloc).delete()
    client = en_tant_que(dossier)
    for route in [route for route, (_, exige, _) in DES_LISTES if exige == bloc]:
        assert demander(client, remplir(route, dossier)).status_code == 403, route
    assert EntreeJournal.objects.filter(action="refus", bloc=bloc).exists()


def test_un_compte_sans_aucun_droit_n_entre_nulle_part(dossier):
    client = connecter(CompteFactory())
    for chemin in ("/residents/", f"/dossiers/{dossier.pk}/", "/recherche/", "/releve/"):
        assert client.get(chemin).status_code == 404


def test_lire_se_note_avec_son_bloc_et_son_chemin(dossier, en_tant_que):
    client = en_tant_que(dossier, portee="equipe")
    client.get(f"/dossiers/{dossier.pk}/transmissions/")
    trace = EntreeJournal.objects.get(dossier=dossier)
    assert (trace.bloc, trace.action, trace.titre_acces) == ("TRA", "voir", "equipe")
    assert trace.cible == "accompagnement:transmissions"
    assert trace.contexte["adresse"] == "127.0.0.1" and trace.contexte["requete"]


# ------------------------------------------------------------------ vues d’essai


@acces_dossier(Bloc.TRA)
def refuse_apres_avoir_ecrit(request, dossier):
    from django.core.exceptions import PermissionDenied

    noter(request.habilitation, "essai", dossier=dossier)
    request.acces_refuse = (Bloc.TRA, Action.SAISIR, dossier.pk)
    raise PermissionDenied("non")


def sans_acces(request):
    return HttpResponse("ouvert à tous vents")


@acces_soi
def en_transaction(request):
    return HttpResponse(str(transaction.get_connection().in_atomic_block))


urlpatterns = [
    path("essai/<uuid:dossier_id>/", refuse_apres_avoir_ecrit),
    path("sans-acces/", sans_acces),
    path("transaction/", en_transaction),
]
handler403 = "dui.coque.erreurs.interdit"


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("tests.habilitations.test_acces")
def test_un_refus_reste_note_quand_la_transaction_de_la_page_est_annulee(settings):
    dossier = DossierFactory()
    compte = AffectationFactory(etablissement=dossier.sejours.get().etablissement).compte
    client = connecter(compte, ClientVerifie(raise_request_exception=False))
    client.post(f"/essai/{dossier.pk}/")
    assert not Evenement.objects.exists()
    assert list(EntreeJournal.objects.values_list("action", flat=True)) == ["refus"]


@pytest.mark.django_db(transaction=True)
def test_chercher_dans_mon_dossier_la_ligne_d_un_autre_laisse_une_trace(en_tant_que):
    ailleurs = TransmissionFactory()
    client = en_tant_que(dossier := DossierFactory())
    adresse = f"/dossiers/{dossier.pk}/transmissions/{ailleurs.pk}/historique/"
    assert client.get(adresse).status_code == 404
    trace = EntreeJournal.objects.get(dossier=dossier)
    assert (trace.action, trace.cible) == (
        "voir",
        "introuvable accompagnement:transmission_historique",
    )


@pytest.mark.urls("tests.habilitations.test_acces")
def test_une_vue_qui_ne_dit_pas_qui_peut_l_ouvrir_ne_repond_pas():
    client = connecter(AffectationFactory().compte)
    with pytest.raises(ImproperlyConfigured, match="ne déclare pas d’accès"):
        client.get("/sans-acces/")


@pytest.mark.urls("tests.habilitations.test_acces")
def test_chaque_page_est_une_transaction():
    client = connecter(AffectationFactory().compte)
    assert client.get("/transaction/").content == b"True"
