"""Les décisions d’accès publiées avec la matrice : une ligne, un test."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from dui.socle import canaux, ins
from dui.socle.enums import Bloc
from dui.socle.models import Compte, Dossier, EntreeJournal, MessageSortant
from habilitations.bris import services
from habilitations.models import Interdiction, MembreEquipe
from habilitations.politique import Habilitation
from tests.accompagnement.factories import TransmissionFactory
from tests.habilitations.factories import AffectationFactory, MembreEquipeFactory, acces_portail
from tests.identite.outils import FAITS, dossier_au_statut
from tests.outils import connecter
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db
FICHIER = Path(__file__).parents[3] / "shared/data/habilitations/access_decision_tests.csv"


@pytest.fixture
def dossier():
    return DossierFactory()


def professionnel(dossier, role="IDE", portee="etablissement", **champs) -> Compte:
    etablissement = dossier.sejours.get().etablissement
    return AffectationFactory(
        role=role, etablissement=etablissement, portee=portee, **champs
    ).compte


def voit(compte, dossier, bloc=Bloc.TRA, action="voir") -> bool:
    h = Habilitation(Compte.objects.get(pk=compte.pk))
    return Dossier.objects.visibles(h, bloc, action).filter(pk=dossier.pk).exists()


def lire(compte, dossier, page="accompagnement:transmissions") -> int:
    return connecter(compte).get(reverse(page, args=[dossier.pk])).status_code


def test_t01_un_membre_de_l_equipe_lit_la_personne_de_son_unite(dossier):
    compte = professionnel(dossier, portee="equipe")
    MembreEquipeFactory(compte=compte, dossier=dossier)
    assert lire(compte, dossier) == 200
    trace = EntreeJournal.objects.filter(acteur=compte, dossier=dossier, bloc="TRA").latest("pk")
    assert (trace.action, trace.titre_acces) == ("voir", "equipe")


def test_t03_un_liberal_lit_sa_patiente_le_temps_de_son_intervention(dossier):
    jour = timezone.localdate()
    compte = professionnel(dossier, role="INTERVENANT", portee="equipe")
    membre = MembreEquipeFactory(
        compte=compte, dossier=dossier, debut=jour, fin=jour + timedelta(days=7)
    )
    assert voit(compte, dossier, Bloc.TRA)
    assert not voit(compte, dossier, Bloc.FAC)
    MembreEquipe.objects.filter(pk=membre.pk).update_sans_historique(
        motif="test", debut=jour - timedelta(days=9), fin=jour - timedelta(days=1)
    )
    assert not voit(compte, dossier, Bloc.TRA)


def test_t05_l_opposition_de_la_personne_l_emporte_sur_l_equipe(dossier):
    compte = professionnel(dossier, portee="equipe")
    MembreEquipeFactory(compte=compte, dossier=dossier)
    Interdiction.objects.create(
        compte=compte,
        dossier=dossier,
        blocs=["TRA"],
        origine="personne",
        decidee_par=CompteFactory(),
    )
    assert lire(compte, dossier) == 403
    assert EntreeJournal.objects.filter(acteur=compte, dossier=dossier, action="refus").exists()


def test_t07_l_accord_retire_ferme_le_partage_hors_de_l_equipe(dossier):
    hier = timezone.localdate() - timedelta(days=1)
    compte = CompteFactory()
    acces_portail(compte, dossier, Bloc.ANI, qualite="PROCHE", fin=hier)
    assert not voit(compte, dossier, Bloc.ANI)


def test_t09_le_bris_de_glace_ouvre_ce_dossier_seul_et_previent(dossier):
    voisine = DossierFactory(sejour__etablissement=dossier.sejours.get().etablissement)
    compte = professionnel(dossier, portee="equipe")
    services.ouvrir(
        Habilitation(compte), dossier, code_motif="garde", motif="De garde cette nuit, chute."
    )
    assert voit(compte, dossier) and not voit(compte, voisine)
    page = connecter(compte).get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert 'class="bris"' in page
    assert MessageSortant.objects.filter(type="notification.bris_de_glace").exists()
    assert EntreeJournal.objects.filter(action="bris_ouvert", dossier=dossier).exists()
    with time_machine.travel(timezone.now() + timedelta(hours=4, seconds=5)):
        assert not voit(compte, dossier)


def test_t11_le_bris_de_glace_n_ouvre_pas_la_note_de_travail_du_psychologue(dossier):
    note = TransmissionFactory(dossier=dossier, donnees="Note de travail.", reserve="psychologues")
    TransmissionFactory(dossier=dossier, donnees="Pour toute l’équipe.")
    compte = professionnel(dossier, portee="equipe")
    services.ouvrir(
        Habilitation(compte), dossier, code_motif="garde", motif="De garde cette nuit, chute."
    )
    client = connecter(compte)
    fil = client.get(reverse("accompagnement:transmissions", args=[dossier.pk])).content.decode()
    assert "Pour toute l’équipe." in fil and "Note de travail." not in fil
    page = reverse("accompagnement:transmission_historique", args=[dossier.pk, note.pk])
    assert client.get(page).status_code == 404
    consoeur = connecter(professionnel(dossier, role="PSYCHOLOGUE"))
    assert consoeur.get(page).status_code == 200


def test_t13_le_directeur_ne_lit_pas_une_observation_medicale(dossier):
    compte = professionnel(dossier, role="DIRECTEUR")
    assert not voit(compte, dossier, Bloc.OBS)
    assert lire(compte, dossier) == 403


def test_t15_l_objet_d_un_autre_etablissement_n_existe_pas(dossier):
    etranger = AffectationFactory(role="MEDCO").compte
    transmission = TransmissionFactory(dossier=dossier)
    pages = [
        reverse("dossier", args=[dossier.pk]),
        reverse("accompagnement:fil_imprimable", args=[dossier.pk]),
        reverse("administratif:fiche_urgence_pdf", args=[dossier.pk]),
        reverse("accompagnement:transmission_corriger", args=[dossier.pk, transmission.pk]),
    ]
    client = connecter(etranger)
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
    assert EntreeJournal.objects.filter(acteur=etranger, action="refus").count() == len(pages)


def test_t17_ce_qui_n_est_pas_partage_n_existe_pas_pour_le_parent(dossier):
    parent = CompteFactory()
    acces_portail(parent, dossier, qualite="REP_LEGAL")
    TransmissionFactory(dossier=dossier, donnees="Soin gardé secret à sa demande.")
    TransmissionFactory(
        dossier=dossier, donnees="Belle sortie au marché.", communicable_le=timezone.now()
    )
    adresse = reverse("relation_usager:nouvelles", args=[dossier.pk])
    page = connecter(parent).get(adresse).content.decode()
    assert "Soin gardé secret" not in page
    assert "masqu" not in page.lower() and "caché" not in page.lower()


def test_t19_le_curateur_n_a_pas_le_dossier_medical(dossier):
    curateur = CompteFactory()
    acces_portail(curateur, dossier, qualite="ASSISTANT_JUR")
    for bloc in (Bloc.OBS, Bloc.PRE, Bloc.ANT, Bloc.RES):
        assert not voit(curateur, dossier, bloc)


def test_t21_l_ayant_droit_n_ouvre_que_les_parties_accordees_a_son_nom(dossier):
    heritier = CompteFactory()
    dossier.usager.date_deces = timezone.localdate()
    dossier.usager.save()
    acces_portail(heritier, dossier, Bloc.RES, qualite="PROCHE", fin=timezone.localdate())
    assert voit(heritier, dossier, Bloc.RES)
    assert not voit(heritier, dossier, Bloc.OBS)
    assert not voit(heritier, dossier, Bloc.TRA)


def test_t23_apres_la_sortie_l_acces_de_l_equipe_se_ferme_au_bout_du_delai(dossier):
    sejour = dossier.sejours.get()
    delai = sejour.etablissement.delai_fermeture_jours
    compte = professionnel(dossier)
    sejour.sortie_le = timezone.localdate() - timedelta(days=delai)
    sejour.save()
    assert voit(compte, dossier)
    sejour.sortie_le -= timedelta(days=1)
    sejour.save()
    assert not voit(compte, dossier)


@pytest.mark.parametrize("statut", [s for s in FAITS if s != "QUAL"])
def test_t25_sans_identite_qualifiee_le_dmp_est_ferme_et_la_messagerie_part_sans_matricule(
    statut, en_tant_que
):
    dossier = dossier_au_statut(statut)
    fermes = {p.canal.code: p for p in canaux.passages(dossier.usager)}
    assert [c for c, p in fermes.items() if not p.ouvert] == ["DMP", "MES"]
    assert fermes["MSS"].raison.startswith("Sans le matricule INS")
    page = reverse("administratif:identite", args=[dossier.pk])
    html = en_tant_que(dossier, role="SECRETAIRE").get(page).content.decode()
    assert html.count("Il lui faut une identité qualifiée") == 2
    assert ins.transmissible(dossier.usager) is None
    qualifiee = dossier_au_statut("QUAL", matricule="275126322074974").usager
    assert all(p.ouvert and "NIR" in p.raison for p in canaux.passages(qualifiee))


@pytest.mark.skipif(not FICHIER.exists(), reason="../shared/data/habilitations n’est pas présent")
def test_chaque_decision_publiee_a_son_test():
    with FICHIER.open(encoding="utf-8") as lignes:
        publiees = {ligne["id"] for ligne in csv.DictReader(lignes)}
    faites = {nom.split("_")[1].upper() for nom in globals() if nom.startswith("test_t")}
    assert publiees == faites
