"""Le journal d’accès : en ajout seul, scellé par lots, vérifiable."""

import threading

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from dui.socle import journal, tasks
from dui.socle.contexte_requete import poser_contexte, rendre_contexte
from dui.socle.models import EntreeJournal, Evenement, Scellement
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def habilitation():
    return Habilitation(CompteFactory())


def noter(habilitation, nombre=3):
    return [journal.consigner(habilitation, "voir", bloc="TRA") for _ in range(nombre)]


def alterer(sql, *parametres):
    """Un administrateur de base malveillant : il sait désactiver un déclencheur."""
    with connection.cursor() as c:
        c.execute("SET CONSTRAINTS ALL IMMEDIATE")
        c.execute("ALTER TABLE socle_entreejournal DISABLE TRIGGER inalterable")
        c.execute(sql, parametres)
        c.execute("ALTER TABLE socle_entreejournal ENABLE TRIGGER inalterable")


def test_une_entree_dit_qui_quoi_ou_et_par_quel_chemin():
    dossier = DossierFactory()
    compte = AffectationFactory(etablissement=dossier.sejours.get().etablissement).compte
    jeton = poser_contexte({"requete": "r-1", "adresse": "10.0.0.7"})
    try:
        entree = journal.consigner(
            Habilitation(compte), "voir", dossier=dossier, bloc="TRA", contexte={"page": 2}
        )
    finally:
        rendre_contexte(jeton)
    entree.refresh_from_db()
    assert (entree.acteur, entree.dossier, entree.bloc) == (compte, dossier, "TRA")
    assert entree.titre_acces == "affectation"
    assert entree.contexte == {"requete": "r-1", "adresse": "10.0.0.7", "page": 2}


def test_la_base_protege_l_historique_de_chaque_modele():
    with connection.cursor() as c:
        c.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'inalterable'")
        tables = {ligne[0] for ligne in c.fetchall()}
    historiques = {m._meta.db_table for m in apps.get_models() if hasattr(m, "history_id")}
    assert historiques
    assert historiques <= tables, f"sans déclencheur : {historiques - tables}"


@pytest.mark.parametrize("modele", [EntreeJournal, Scellement, Evenement])
def test_la_base_refuse_de_modifier_ou_d_effacer(modele, habilitation):
    with pytest.raises(ProgrammingError, match="ajout seul"), transaction.atomic():
        modele.objects.update(id=1)
    with pytest.raises(ProgrammingError, match="ajout seul"), transaction.atomic():
        modele.objects.all()._raw_delete("default")


def test_rien_de_nouveau_rien_a_sceller(habilitation):
    assert journal.sceller() is None
    noter(habilitation)
    assert journal.sceller().nombre == 3
    assert journal.sceller() is None


def test_les_sceaux_s_enchainent_sans_trou(habilitation):
    entrees = noter(habilitation, 7)
    while journal.sceller(maximum=3):
        pass
    sceaux = list(Scellement.objects.order_by("dernier"))
    assert [s.nombre for s in sceaux] == [3, 3, 1]
    assert (sceaux[0].premier, sceaux[-1].dernier) == (entrees[0].pk, entrees[-1].pk)
    assert journal.premiere_rupture() is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE socle_entreejournal SET action = 'autre' WHERE id = %s",
        "UPDATE socle_entreejournal SET horodatage = horodatage - interval '1 hour' WHERE id = %s",
        "UPDATE socle_entreejournal SET contexte = '{\"x\": 1}' WHERE id = %s",
        "DELETE FROM socle_entreejournal WHERE id = %s",
    ],
    ids=["action", "heure", "contexte", "effacement"],
)
def test_une_seule_ligne_alteree_rompt_la_chaine_a_son_lot(habilitation, sql):
    noter(habilitation)
    journal.sceller()
    victime = noter(habilitation)[1]
    atteint = journal.sceller()
    noter(habilitation)
    journal.sceller()
    alterer(sql, victime.pk)
    assert journal.premiere_rupture() == atteint


def test_une_ligne_glissee_dans_un_lot_scelle_se_voit(habilitation):
    premiere, derniere = noter(habilitation, 2)
    alterer("UPDATE socle_entreejournal SET id = id + 100 WHERE id = %s", derniere.pk)
    sceau = journal.sceller()
    alterer(
        "INSERT INTO socle_entreejournal"
        " (id, horodatage, bloc, action, cible, titre_acces, contexte)"
        " VALUES (%s, now(), '', 'voir', '', '', '{}')",
        premiere.pk + 50,
    )
    assert journal.premiere_rupture() == sceau


def test_sans_la_cle_la_chaine_ne_se_refait_pas(habilitation, settings):
    noter(habilitation)
    journal.sceller()
    settings.CLE_JOURNAL = b"une autre cle"
    assert journal.premiere_rupture() is not None


def test_la_commande_scelle_ce_qui_reste_et_atteste(habilitation, capsys):
    noter(habilitation)
    call_command("journal_verifier")
    assert "Journal intact" in capsys.readouterr().out
    assert Scellement.objects.get().nombre == 3


def test_la_commande_nomme_le_lot_rompu(habilitation):
    victime = noter(habilitation)[0]
    journal.sceller()
    alterer("UPDATE socle_entreejournal SET cible = 'x' WHERE id = %s", victime.pk)
    with pytest.raises(CommandError, match=f"entrées {victime.pk} à {victime.pk + 2}"):
        call_command("journal_verifier")


def ecrire_en_parallele(fils, chacun):
    compte = CompteFactory()

    def ecrire():
        for _ in range(chacun):
            with transaction.atomic():
                noter(Habilitation(compte), 1)
        connection.close()

    return [threading.Thread(target=ecrire) for _ in range(fils)]


@pytest.mark.django_db(transaction=True)
def test_sceller_pendant_qu_on_ecrit_n_oublie_aucune_entree():
    fils = ecrire_en_parallele(fils=4, chacun=25)
    for fil in fils:
        fil.start()
    while any(fil.is_alive() for fil in fils):
        journal.sceller()
    for fil in fils:
        fil.join()
    journal.sceller()
    assert sum(s.nombre for s in Scellement.objects.all()) == 100
    assert journal.premiere_rupture() is None


@pytest.mark.django_db(transaction=True)
def test_un_journal_occupe_remet_le_scellement_sans_erreur(habilitation):
    noter(habilitation)
    with psycopg.connect(**connection.get_connection_params()) as autre:
        autre.execute("LOCK TABLE socle_entreejournal IN ROW EXCLUSIVE MODE")
        tasks.sceller()
        assert not Scellement.objects.exists()
    tasks.sceller()
    assert Scellement.objects.get().nombre == 3
