"""La boîte d’envoi : au moins une fois, dans l’ordre de sa file, jamais deux à la fois."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from dui.socle import sortants, tasks
from dui.socle.models import MessageSortant
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
Etat = MessageSortant.Etat


@pytest.fixture(autouse=True)
def sans_coup_de_coude(monkeypatch):
    monkeypatch.setattr(tasks.relever, "apply_async", lambda **_: None)


@pytest.fixture
def recus(monkeypatch):
    recus = []

    def envoyer(message):
        recus.append(message.pk)
        return {"accuse": message.pk}

    monkeypatch.setitem(sortants._EXPEDITEURS, "essai", envoyer)
    return recus


def echouer(monkeypatch, erreur):
    def envoyer(message):
        raise erreur

    monkeypatch.setitem(sortants._EXPEDITEURS, "essai", envoyer)


def deposer(**champs):
    return sortants.deposer("essai", charge={}, **champs)


def test_deposer_hors_transaction_est_une_faute(transactional_db):
    with pytest.raises(RuntimeError, match="hors transaction"):
        deposer()


def test_l_intention_disparait_avec_le_fait_qui_echoue():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        deposer(dossier=DossierFactory())
        1 / 0  # noqa: B018
    assert not MessageSortant.objects.exists()


def test_deux_expediteurs_pour_un_type_sont_refuses(recus):
    with pytest.raises(RuntimeError, match="deux expéditeurs"):
        sortants.expediteur("essai")(lambda message: None)


def test_un_message_part_et_garde_son_accuse(recus):
    message = deposer()
    assert sortants.relever() == 1
    message.refresh_from_db()
    assert (message.etat, message.accuse) == (Etat.ENVOYE, {"accuse": message.pk})
    assert message.envoye_le is not None
    assert sortants.relever() == 0


def test_une_file_part_dans_l_ordre_et_n_attend_pas_les_autres(recus):
    a, b = deposer(file="dmp:1"), deposer(file="dmp:1")
    autre = deposer(file="dmp:2")
    assert sortants.relever() == 3
    assert recus.index(a.pk) < recus.index(b.pk)
    assert autre.pk in recus


def test_une_file_dont_la_tete_est_abandonnee_attend_une_decision(recus):
    a, b = deposer(file="dmp:1"), deposer(file="dmp:1")
    libre = deposer()
    MessageSortant.objects.filter(pk=a.pk).update(etat=Etat.ABANDONNE)
    sortants.relever()
    assert recus == [libre.pk]
    MessageSortant.objects.filter(pk=a.pk).update(etat=Etat.CLASSE)
    sortants.relever()
    assert recus == [libre.pk, b.pk]


def test_un_echec_se_reprogramme_de_plus_en_plus_tard(monkeypatch):
    echouer(monkeypatch, ConnectionError("DMP indisponible, dossier de Marie Durand"))
    message = deposer()
    attentes = []
    maintenant = timezone.now()
    for _ in range(3):
        with time_machine.travel(maintenant, tick=False):
            assert sortants.relever() == 1
        message.refresh_from_db()
        attentes.append((message.prochain_essai_le - maintenant).total_seconds())
        maintenant = message.prochain_essai_le
    assert (message.etat, message.tentatives) == (Etat.EN_ATTENTE, 3)
    assert 20 < attentes[0] < 40 < attentes[1] < 80 < attentes[2] < 160
    assert message.erreur == "ConnectionError"  # jamais le texte : il peut nommer quelqu’un


def test_rien_ne_repart_avant_l_heure(monkeypatch):
    echouer(monkeypatch, ConnectionError())
    deposer()
    sortants.relever()
    assert sortants.relever() == 0


def test_au_douzieme_echec_une_personne_decide(monkeypatch):
    echouer(monkeypatch, ConnectionError())
    message = deposer()
    MessageSortant.objects.update(tentatives=sortants.TENTATIVES_MAX - 1)
    sortants.relever()
    message.refresh_from_db()
    assert message.etat == Etat.ABANDONNE
    assert message in MessageSortant.objects.en_attente()


def test_un_refus_definitif_s_abandonne_tout_de_suite(monkeypatch):
    echouer(monkeypatch, sortants.ErreurDefinitive("document refusé"))
    message = deposer()
    sortants.relever()
    message.refresh_from_db()
    assert (message.etat, message.tentatives) == (Etat.ABANDONNE, 1)
    assert message.erreur == "document refusé"


def test_le_bail_d_un_travailleur_mort_finit_par_tomber(recus):
    message = deposer()
    pris = sortants._prendre()  # puis le travailleur meurt
    assert pris == message
    assert sortants.relever() == 0
    with time_machine.travel(timezone.now() + sortants.BAIL + timedelta(seconds=1)):
        assert sortants.relever() == 1
    assert recus == [message.pk]


def test_un_travailleur_qui_se_reveille_tard_ne_defait_rien(monkeypatch, recus):
    message = deposer()
    endormi = sortants._prendre()
    with time_machine.travel(timezone.now() + sortants.BAIL + timedelta(seconds=1)):
        sortants.relever()
    echouer(monkeypatch, sortants.ErreurDefinitive("trop tard"))
    sortants.envoyer(endormi)
    message.refresh_from_db()
    assert message.etat == Etat.ENVOYE


def test_deux_messages_n_ont_jamais_la_meme_cle():
    assert deposer().cle != deposer().cle


@pytest.mark.django_db(transaction=True)
def test_quatre_travailleurs_n_envoient_jamais_deux_fois(recus):
    with transaction.atomic():
        for n in range(40):
            deposer(file=f"dmp:{n % 3}" if n % 2 else "")

    def travailler():
        while sortants.relever(5):
            pass
        connection.close()

    fils = [threading.Thread(target=travailler) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    sortants.relever()
    assert len(recus) == len(set(recus)) == 40
    for file in ("dmp:0", "dmp:1", "dmp:2"):
        ordre = list(
            MessageSortant.objects.filter(file=file).order_by("pk").values_list("pk", flat=True)
        )
        assert [pk for pk in recus if pk in ordre] == ordre


def test_redis_en_panne_n_empeche_pas_d_enregistrer(
    monkeypatch, recus, django_capture_on_commit_callbacks
):
    def panne(**_):
        raise ConnectionError("Redis")

    monkeypatch.setattr(tasks.relever, "apply_async", panne)
    with django_capture_on_commit_callbacks(execute=True) as rappels:
        deposer()
    assert len(rappels) == 1
    assert sortants.relever() == 1
