"""La matrice d’un organisme : celle d’origine, et ce qu’il y change, dès maintenant et partout."""

import csv
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains

from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier, EntreeJournal, Evenement
from habilitations.models import Droit, ReglageDroit, Role
from habilitations.politique import Habilitation
from habilitations.reglages import lectures, services
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, formulaire_de
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
PAGES = ["/habilitations/matrice/", "/habilitations/matrice.csv"]


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def maison(dossier):
    return dossier.sejours.get().etablissement


@pytest.fixture
def administrateur(maison):
    client = connecter(AffectationFactory(role="ADMIN_SI", etablissement=maison).compte)
    client.habilitation = Habilitation(client.compte)
    return client


@pytest.fixture
def infirmiere(maison):
    return connecter(AffectationFactory(role="IDE", etablissement=maison).compte)


def regler(client, role="IDE", **champs):
    adresse = f"/habilitations/matrice/{role}/"
    voulu = {"bloc": "TRA", "action": "voir", "accorde": "non", "motif": "Essai de la direction"}
    return client.post(adresse, formulaire_de(client.get(adresse))[1] | voulu | champs)


# ------------------------------------------------------------------ dès maintenant, partout


def test_un_droit_retire_se_ferme_aussitot_sur_chaque_page(administrateur, infirmiere, dossier):
    adresse = f"/dossiers/{dossier.pk}/transmissions/"
    assert infirmiere.get(adresse).status_code == 200
    assert regler(administrateur).status_code == 302
    assert infirmiere.get(adresse).status_code == 403
    h = Habilitation(infirmiere.compte)
    for action in (Action.VOIR, Action.RESUME):
        assert not h.peut(Bloc.TRA, action)
        assert not h.peut_pour(dossier, Bloc.TRA, action)
        assert not Dossier.objects.visibles(h, Bloc.TRA, action).exists()
    assert not infirmiere.compte.has_perm("TRA.voir", dossier)
    assert h.peut_pour(dossier, Bloc.TRA, Action.SAISIR), "les autres actions restent"


def test_un_droit_accorde_s_ouvre_aussitot_et_seulement_pour_ce_role(
    administrateur, infirmiere, dossier, maison
):
    soignante = Habilitation(AffectationFactory(role="AS", etablissement=maison).compte)
    assert regler(administrateur, bloc="PRE", action="prescrire", accorde="oui").status_code == 302
    assert Habilitation(infirmiere.compte).peut_pour(dossier, Bloc.PRE, Action.PRESCRIRE)
    assert not soignante.peut(Bloc.PRE, Action.PRESCRIRE)


def test_la_regle_n_a_toujours_qu_une_requete(administrateur, infirmiere):
    regler(administrateur)
    with CaptureQueriesContext(connection) as requetes:
        h = Habilitation(infirmiere.compte)
        assert h.peut(Bloc.CST) and not h.peut(Bloc.TRA)
    assert len(requetes) == 1


def test_revenir_a_la_matrice_d_origine(administrateur, infirmiere):
    regler(administrateur)
    regler(administrateur, bloc="PRE", action="prescrire", accorde="oui")
    page = administrateur.get("/habilitations/matrice/IDE/")
    retour = formulaire_de(page, "/habilitations/matrice/IDE/origine/")
    assert administrateur.post(*retour).status_code == 302
    assert administrateur.post(*retour).status_code == 302
    assert not ReglageDroit.objects.exists()
    assert Habilitation(infirmiere.compte).peut(Bloc.TRA)
    assert not Habilitation(infirmiere.compte).peut(Bloc.PRE, Action.PRESCRIRE)
    assert ReglageDroit.history.count() == 4
    assert Evenement.objects.filter(type="droit.origine").count() == 1


def test_defaire_un_changement_ne_laisse_pas_de_reglage(administrateur):
    regler(administrateur)
    assert regler(administrateur, accorde="oui").status_code == 302
    assert not ReglageDroit.objects.exists()


def test_chaque_changement_a_son_auteur_son_motif_et_sa_trace(administrateur):
    regler(administrateur)
    histoire = ReglageDroit.history.get()
    assert histoire.history_user == administrateur.compte
    assert (histoire.motif, histoire.accorde) == ("Essai de la direction", False)
    trace = EntreeJournal.objects.get(action="habilitation")
    assert trace.contexte["role"] == "IDE" and trace.cible == "droit.regle"


@pytest.mark.parametrize(
    "champs",
    [
        {"motif": ""},
        {"accorde": "oui"},
        {"bloc": "XXX"},
        {"action": "resume"},
        {"accorde": ""},
    ],
)
def test_un_changement_sans_effet_ou_sans_motif_se_refuse(administrateur, champs):
    assert regler(administrateur, **champs).status_code == 422
    assert not ReglageDroit.objects.exists()


# ------------------------------------------------------------------ qui


def test_l_administrateur_regle_le_dpo_lit_l_infirmiere_ni_l_un_ni_l_autre(
    administrateur, infirmiere, maison
):
    dpo = connecter(AffectationFactory(role="DPO", etablissement=maison).compte)
    for page in PAGES:
        assert administrateur.get(page).status_code == 200
        assert dpo.get(page).status_code == 200
        assert infirmiere.get(page).status_code == 403
    for client in (dpo, infirmiere):
        assert client.get("/habilitations/matrice/IDE/").status_code == 403
        assert client.post("/habilitations/matrice/IDE/origine/").status_code == 403
        with pytest.raises(PermissionDenied):
            services.regler(
                Habilitation(client.compte),
                role=Role.objects.get(pk="AS"),
                bloc="TRA",
                action="voir",
                accorde=False,
                motif="Essai",
            )


def test_personne_ne_change_les_droits_de_son_propre_role(administrateur):
    assertContains(administrateur.get("/habilitations/matrice/ADMIN_SI/"), "propre rôle")
    champs = {"bloc": "TRA", "action": "voir", "accorde": "oui", "motif": "Voir les soins"}
    reponse = administrateur.post("/habilitations/matrice/ADMIN_SI/", champs)
    assert reponse.status_code == 422
    assert administrateur.post("/habilitations/matrice/ADMIN_SI/origine/").status_code == 403
    assert not ReglageDroit.objects.exists()
    assert EntreeJournal.objects.filter(action="refus", bloc="PAR").count() == 2


def test_le_portail_ne_se_regle_pas_pour_tout_le_monde(administrateur):
    with pytest.raises(PermissionDenied):
        services.regler(
            administrateur.habilitation,
            role=Role.objects.get(pk="PROCHE"),
            bloc="ANT",
            action="voir",
            accorde=True,
            motif="Essai",
        )


def test_un_role_inconnu_n_existe_pas(administrateur):
    assert administrateur.get("/habilitations/matrice/INCONNU/").status_code == 404


# ------------------------------------------------------------------ ce que la page montre


def test_la_matrice_montre_chaque_droit_de_chaque_role(administrateur):
    organisme = lectures.organisme(administrateur.habilitation)
    cases = {
        (role.pk, bloc.value): case.actions
        for t in lectures.tableaux(organisme)
        for bloc, ligne in t["lignes"]
        for role, case in zip(t["roles"], ligne, strict=True)
    }
    assert len(cases) == 27 * 35
    attendues = {(d.role_id, d.bloc, d.action) for d in Droit.objects.all()}
    assert {(r, b, a) for (r, b), actions in cases.items() for a in actions} == attendues


def test_chaque_note_citee_est_expliquee():
    citees = set(Droit.objects.exclude(note=None).values_list("note", flat=True))
    assert citees <= set(lectures.notes())


def test_l_export_dit_chaque_droit_et_reste_inerte(administrateur):
    regler(administrateur, motif="=cmd|calc")
    texte = administrateur.get("/habilitations/matrice.csv").content.decode("utf-8-sig")
    lignes = list(csv.DictReader(texte.splitlines(), delimiter=";"))
    assert len(lignes) == Droit.objects.count()
    [retiree] = [ligne for ligne in lignes if ligne["État"].startswith("retiré")]
    assert (retiree["Rôle"], retiree["Bloc"], retiree["Motif"]) == ("IDE", "TRA", "'=cmd|calc")
    assert EntreeJournal.objects.filter(action="exporter", bloc="PAR").exists()


def test_la_page_coute_autant_avec_trente_changements(administrateur, maison):
    def cout():
        with CaptureQueriesContext(connection) as requetes:
            assert administrateur.get("/habilitations/matrice/").status_code == 200
        return len(requetes)

    avant = cout()
    for bloc in Bloc.values[:30]:
        ReglageDroit.objects.create(
            organisme=maison.organisme,
            role_id="ASH",
            bloc=bloc,
            action="valider",
            accorde=True,
            motif=json.dumps("essai"),
        )
    assert cout() == avant <= 15


def test_saisir_ne_s_accorde_pas_a_qui_ne_consulte_pas(administrateur, infirmiere):
    refus = regler(administrateur, bloc="FAC", action="saisir", accorde="oui")
    assertContains(refus, "accordez d’abord « Consulter »", status_code=422)
    assert not Habilitation(infirmiere.compte).peut(Bloc.FAC, Action.SAISIR)
    assert regler(administrateur, bloc="FAC", action="voir", accorde="oui").status_code == 302
    assert regler(administrateur, bloc="FAC", action="saisir", accorde="oui").status_code == 302
