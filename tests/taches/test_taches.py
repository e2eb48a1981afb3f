"""Une tâche : qui la voit, qui la fait, et ce que la base refuse."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from dui.socle import taches
from dui.socle.erreurs import DejaServi
from dui.socle.models import Dossier, Evenement, LectureTache, Tache
from tests.socle.factories import DossierFactory, UniteFactory
from tests.taches.factories import TacheFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def qui(en_tant_que, dossier):
    def habilitation(role="IDE", ou=dossier, **champs):
        return en_tant_que(ou, role=role, **champs).habilitation

    return habilitation


def creer(h, dossier, **champs):
    return taches.creer(h, titre="Repeser", bloc="TRA", dossier=dossier, **champs)


def vues(h):
    return list(Tache.objects.visibles(h).order_by("pk"))


def test_une_tache_se_voit_de_l_equipe_un_message_de_ses_deux_bouts(qui, dossier):
    auteur, medecin, collegue = qui(), qui("MEDCO"), qui("AS")
    etrangere, comptable = qui(ou=DossierFactory()), qui("COMPTA")
    tache = creer(auteur, dossier, compte=medecin.compte)
    message = creer(auteur, dossier, compte=medecin.compte, nature="message")

    for h in (auteur, medecin):
        assert set(vues(h)) == {tache, message}
    assert vues(collegue) == [tache]
    assert vues(etrangere) == vues(comptable) == []


def test_le_destinataire_dont_l_acces_se_ferme_ne_la_lit_plus(qui, dossier):
    ailleurs = qui(ou=DossierFactory())
    TacheFactory(dossier=dossier, compte=ailleurs.compte)
    sans_dossier = TacheFactory(dossier=None, compte=ailleurs.compte)
    assert vues(ailleurs) == [sans_dossier]


def test_une_fonction_la_recoit_la_ou_elle_travaille_et_pas_ailleurs(qui, dossier):
    sejour = dossier.sejours.get()
    de_l_unite = qui(portee="unite")
    autre_unite = UniteFactory(etablissement=sejour.etablissement)
    d_une_autre = qui(portee="unite", unite=autre_unite)
    de_la_maison, aide_soignante = qui(), qui("AS")
    ici = {"role": "IDE", "etablissement": sejour.etablissement, "unite": sejour.unite}
    tache = creer(qui("MEDCO"), dossier, **ici)

    recues = {
        nom: list(Tache.objects.recues(h))
        for nom, h in [
            ("unité", de_l_unite), ("maison", de_la_maison),
            ("autre unité", d_une_autre), ("AS", aide_soignante),
        ]
    }  # fmt: skip
    assert recues == {"unité": [tache], "maison": [tache], "autre unité": [], "AS": []}


def test_qui_ne_lit_pas_le_bloc_ne_demande_rien_a_son_sujet(qui, dossier):
    medecin = qui("MEDCO")
    for h in (qui("COMPTA"), qui(ou=DossierFactory())):
        with pytest.raises(Dossier.DoesNotExist):
            creer(h, dossier, compte=medecin.compte)
    with pytest.raises(ValueError, match="BLOCS"):
        taches.creer(medecin, titre="x", bloc="PRE", dossier=dossier, compte=medecin.compte)


def test_le_meme_envoi_deux_fois_est_une_seule_tache(qui, dossier):
    h, cle = qui(), uuid.uuid4()
    premiere = creer(h, dossier, compte=h.compte, cle_saisie=cle)
    assert creer(h, dossier, compte=h.compte, cle_saisie=cle) == premiere
    with pytest.raises(ValidationError, match="déjà servi"):
        creer(qui("AS"), dossier, compte=h.compte, cle_saisie=cle)


@pytest.mark.parametrize(
    "autre",
    [{"priorite": 1}, {"echeance_le": timezone.now()}, {"texte": "Avant le petit-déjeuner"},
     {"nature": "message"}],
    ids=lambda autre: next(iter(autre)),
)  # fmt: skip
def test_renvoyer_la_meme_saisie_avec_autre_chose_ne_perd_rien_en_silence(qui, dossier, autre):
    h, cle = qui(), uuid.uuid4()
    creer(h, dossier, compte=h.compte, cle_saisie=cle)
    with pytest.raises(DejaServi):
        creer(h, dossier, compte=h.compte, cle_saisie=cle, **autre)


def test_renvoyer_la_meme_saisie_a_une_autre_fonction_ne_perd_rien_en_silence(qui, dossier):
    h, cle, sejour = qui(), uuid.uuid4(), dossier.sejours.get()
    ici = {"etablissement": sejour.etablissement, "unite": sejour.unite, "cle_saisie": cle}
    premiere = creer(h, dossier, role="AS", **ici)
    assert creer(h, dossier, role="AS", **ici) == premiere
    with pytest.raises(DejaServi):
        creer(h, dossier, role="IDE", **ici)


def test_lire_laisse_un_accuse_par_personne_et_un_seul(qui, dossier):
    h, tiers = qui(), qui("AS")
    tache = creer(qui("MEDCO"), dossier, compte=h.compte)
    assert [taches.lire(h, [tache.pk]), taches.lire(h, [tache.pk])] == [1, 0]
    assert taches.lire(tiers, [tache.pk]) == 0  # not for her: she receives nothing
    assert LectureTache.objects.get().compte == h.compte
    assert not Tache.objects.recues(h).non_lues(h).exists()


def test_faite_une_fois_le_second_apprend_par_qui(qui, dossier):
    premiere, seconde = qui(), qui("AS")
    tache = creer(qui("MEDCO"), dossier, compte=premiere.compte)
    faite = taches.faire(premiere, tache.pk, suite="52,4 kg")
    assert taches.faire(premiere, tache.pk) == faite  # a double click
    with pytest.raises(ValidationError, match=rf"Déjà faite par {premiere.compte.signature}, le "):
        taches.faire(seconde, tache.pk)
    with pytest.raises(Tache.DoesNotExist):
        taches.faire(qui(ou=DossierFactory()), tache.pk)
    tache.refresh_from_db()
    assert (tache.close_par, tache.suite) == (premiere.compte, "52,4 kg")


def test_annuler_et_reporter_disent_pourquoi(qui, dossier):
    h = qui()
    tache = creer(h, dossier, compte=h.compte, echeance_le=timezone.now() - timedelta(hours=1))
    assert tache.en_retard
    with pytest.raises(ValidationError, match="pourquoi"):
        taches.reporter(h, tache.pk, echeance_le=timezone.now(), motif=" ")
    demain = timezone.now() + timedelta(days=1)
    tache = taches.reporter(h, tache.pk, echeance_le=demain, motif="Sortie en famille")
    assert not tache.en_retard and tache.history.first().history_change_reason
    with pytest.raises(ValidationError, match="pourquoi"):
        taches.annuler(h, tache.pk, motif="")
    assert taches.annuler(h, tache.pk, motif="Demandée deux fois").suite == "Demandée deux fois"
    with pytest.raises(ValidationError, match="Déjà annulée"):
        taches.reporter(h, tache.pk, echeance_le=demain, motif="encore")


def test_les_faits_ne_disent_que_des_identifiants(qui, dossier):
    h = qui()
    tache = creer(h, dossier, compte=h.compte, texte="Chute cette nuit")
    taches.faire(h, tache.pk, suite="Rien vu")
    faits = Evenement.objects.filter(type__startswith="tache.").order_by("pk")
    assert [f.type for f in faits] == ["tache.creee", "tache.lue", "tache.faite"]
    assert {str(f.charge) for f in faits} == {str({"tache": str(tache.pk), "source": ""})}


def test_la_base_refuse_ce_qui_n_a_ni_destinataire_ni_auteur_de_cloture(dossier):
    for faute in ({"compte": None}, {"role": "IDE"}, {"etat": "faite"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TacheFactory(dossier=dossier, **faute)
    lecture = LectureTache.objects.create(tache=(t := TacheFactory()), compte=t.compte)
    with pytest.raises(ProgrammingError, match="ajout seul"), transaction.atomic():
        lecture.delete()


def test_la_liste_coute_autant_quel_que_soit_le_nombre(qui, dossier, django_assert_num_queries):
    h = qui()
    for _ in range(12):
        TacheFactory(dossier=dossier, compte=h.compte)
    h.peut("TRA")  # what the account holds is read once per request
    with django_assert_num_queries(1):
        assert len(Tache.objects.recues(h).a_faire().urgentes_d_abord()) == 12


def test_ce_qui_est_recu_est_ce_qu_on_voit_parmi_ce_qui_m_est_adresse(qui, dossier):
    """Une seule condition le dit, pour la cloche de chaque page : elle n’ouvre rien de plus."""
    ailleurs, auteur = DossierFactory(), qui("MEDCO")
    lecteurs = [qui(), qui("AS", portee="unite"), qui("COMPTA"), qui(ou=ailleurs)]
    for objet in (dossier, ailleurs, None):
        sejour = (objet or dossier).sejours.get()
        lieu = {"etablissement": sejour.etablissement, "unite": sejour.unite}
        for bloc in ("TRA", "CST", "ADM"):
            for nature in Tache.Nature.values:
                commun = {"dossier": objet, "bloc": bloc, "nature": nature}
                TacheFactory(compte=None, role="IDE", **commun, **lieu)
                TacheFactory(compte=None, role="AS", **commun, **lieu)
                for h in lecteurs:
                    TacheFactory(compte=h.compte, creee_par=auteur.compte, **commun)
                    TacheFactory(compte=auteur.compte, creee_par=h.compte, **commun)
    for h in lecteurs:
        (affectation,) = h.affectations
        miennes = [t for t in vues(h) if _m_est_adressee(t, h, affectation)]
        assert list(Tache.objects.recues(h).order_by("pk")) == miennes != []


def _m_est_adressee(tache, h, affectation) -> bool:
    ici = tache.etablissement_id == affectation.etablissement_id
    if affectation.portee == "unite":
        ici = ici and tache.unite_id in (None, affectation.unite_id)
    return tache.compte_id == h.compte.pk or (ici and tache.role == affectation.role_id)
