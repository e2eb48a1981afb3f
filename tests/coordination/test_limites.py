"""Ce que personne ne doit pouvoir faire ici : nommer qui s’est tu, changer ce qui est parti, écrire
chez les autres, perdre ce qui est demandé."""

import uuid
from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from coordination.agenda import services as agenda
from coordination.agenda.contenu import Contenu
from coordination.boite import services as boite
from coordination.evenements import lectures, services, services_eig
from coordination.models import (
    EnvoiEig,
    EvenementIndesirable,
    Participant,
    RendezVous,
    Reunion,
)
from coordination.reunions import services as reunions
from coordination.tournees import services as tournees
from dui.socle.models import EntreeJournal, Tache
from habilitations.destinataires import Destinataire
from habilitations.lieux import Lieu
from habilitations.politique import Habilitation
from tests.agenda.factories import RendezVousFactory, dans
from tests.coordination.factories import EigFactory, EvenementFactory, PointReunionFactory
from tests.coordination.test_pages_evenements import declarer
from tests.coque.test_gestes_simultanes import ensemble
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, formulaire_de
from tests.socle.factories import DossierFactory, EtablissementFactory, SejourFactory
from tests.taches.factories import TacheFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def maison(dossier):
    return dossier.sejours.get().etablissement


@pytest.fixture
def qui(en_tant_que, dossier):
    def habilitation(role="IDE", ou=dossier, **champs):
        return en_tant_que(ou, role=role, **champs).habilitation

    return habilitation


# ------------------------------------------------------------------ events


def test_sans_son_nom_la_page_ne_signe_rien_a_sa_place(en_tant_que, dossier):
    aide, cadre = en_tant_que(dossier, role="AS"), en_tant_que(dossier, role="IDEC")
    nom = aide.compte.last_name
    adresse = f"/dossiers/{dossier.pk}/evenements/nouveau/chute/"
    reponse = declarer(aide, adresse, anonyme="on", famille_connu="autre", famille_qui="sa fille")
    e = EvenementIndesirable.objects.get()
    # A transmission offered right after would be signed.
    assert reponse.url == f"/dossiers/{dossier.pk}/evenements/{e.pk}/"
    assert (e.famille_par, e.declarant, e.fonction) == ("", None, "")
    fiche = f"/dossiers/{dossier.pk}/evenements/{e.pk}/"
    for page in (fiche, f"{fiche}imprimer/", f"{fiche}completer/"):
        assertNotContains(cadre.get(page), nom)
    vers, champs = formulaire_de(cadre.get(f"{fiche}completer/"))
    assert cadre.post(vers, champs).status_code == 302
    e.refresh_from_db()
    assert (e.version, e.famille_par) == (2, "")  # nor does a colleague sign in their place


def test_le_plan_d_un_evenement_n_est_fait_que_de_ses_actions(qui, dossier, maison):
    h, collegue = qui("IDEC"), qui("AS")
    e = EvenementFactory(dossier=dossier)
    autre = DossierFactory(sejour__etablissement=maison)
    for d, nature in ((dossier, "message"), (autre, "tache")):
        boite.transmettre(
            h, d, a=Destinataire(compte=collegue.compte), titre="Entre nous", nature=nature,
            source=("evenement", e.pk), cle_saisie=uuid.uuid4(),
        )  # fmt: skip
    assert Tache.objects.de_source("evenement", e.pk).count() == 2
    assert lectures.actions(qui("QUALITE"), e) == []
    assert not e.plan.exists()  # nothing of it keeps the event open


def test_on_ne_confie_rien_a_qui_ne_le_lirait_pas(en_tant_que, qui, dossier):
    cadre, hotelier = en_tant_que(dossier, role="IDEC"), qui("ASH").compte
    e, point = EvenementFactory(dossier=dossier), PointReunionFactory(dossier=dossier)
    demain = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    for page, action in (
        (f"/dossiers/{dossier.pk}/evenements/{e.pk}/", "action/"),
        (f"/dossiers/{dossier.pk}/reunions/{point.pk}/", "confier/"),
    ):
        vers, champs = formulaire_de(cadre.get(page), f"{page}{action}")
        saisie = champs | {"titre": "Poser une barre", "pour_le": demain}
        refus = cadre.post(vers, saisie | {"a": f"compte:{hotelier.pk}"})
        assertContains(refus, "ne lit pas", status_code=422)
        for _ in range(2):  # a double click
            assert cadre.post(vers, saisie | {"a": f"compte:{cadre.compte.pk}"}).status_code == 302
    assert Tache.objects.count() == 2


def test_ce_qui_est_parti_aux_autorites_ne_se_recrit_pas_et_ne_part_qu_une_fois(
    en_tant_que, dossier
):
    qualite = en_tant_que(dossier, role="IDEC")
    eig = EigFactory(evenement=EvenementFactory(dossier=dossier), etat="declare")
    h, e = en_tant_que(dossier, role="QUALITE").habilitation, eig.evenement
    envoi = {"autorite": "ars", "moyen": "portail", "transmis_le": timezone.now()}
    premier = services_eig.transmettre(h, e.pk, preuve=(b"%PDF-1.4 x", "application/pdf"), **envoi)
    assert services_eig.transmettre(h, e.pk, **envoi) == premier
    assert EnvoiEig.objects.count() == 1
    eig.refresh_from_db()
    with pytest.raises(ValidationError, match="complément"):
        services_eig.rediger(h, e.pk, version_lue=eig.version, nature="Rien de grave")
    vers, champs = formulaire_de(
        qualite.get(f"/dossiers/{dossier.pk}/evenements/{e.pk}/signalement/")
    )
    forge = champs | {"nature": "Rien de grave", "complement": "Rentrée hier."}
    assert qualite.post(vers, forge).status_code == 302
    eig.refresh_from_db()
    assert (eig.nature, eig.complement) == ("Chute avec fracture", "Rentrée hier.")


@pytest.mark.django_db(transaction=True)
def test_le_meme_geste_a_deux_instants_egaux_est_un_seul_acte():
    compte = AffectationFactory(role="IDEC").compte
    lieu = Lieu(compte.affectations.get().etablissement, None)
    communs = {"cle_saisie": uuid.uuid4()}

    def evenement():
        return services.declarer(
            Habilitation(compte), None, type="equipement", lieu_de_travail=lieu, faits={},
            constate_le=timezone.now(), circonstances="Fuite.", gravite=1, **communs,
        )  # fmt: skip

    def reunion():
        return reunions.convoquer(
            Habilitation(compte), lieu=lieu, titre="Synthèse", prevue_le=timezone.now(),
            ordre_du_jour="", **communs,
        )  # fmt: skip

    for geste in (evenement, reunion):
        premier, second = ensemble(geste, geste)
        assert premier is not None and premier == second


# ------------------------------------------------------------------ inbox


def test_qui_lit_une_demande_sans_y_etre_pour_rien_ne_l_ecarte_pas(en_tant_que, dossier):
    tache = TacheFactory(dossier=dossier)
    lecteur, etrangere = en_tant_que(dossier, role="AS"), en_tant_que(DossierFactory())
    page = lecteur.get(f"/boite/{tache.pk}/")
    assertContains(page, "C’est fait")
    assertNotContains(page, "Annuler cette demande")
    demain = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    saisie = {"motif": "Inutile", "pour_le": demain, "suite": ""}
    for geste in ("annuler", "reporter"):
        assert lecteur.post(f"/boite/{tache.pk}/{geste}/", saisie).status_code == 403
        assert etrangere.post(f"/boite/{tache.pk}/{geste}/", saisie).status_code == 404
    refus = EntreeJournal.objects.filter(action="refus", acteur=lecteur.compte)
    assert set(refus.values_list("dossier", flat=True)) == {dossier.pk} and refus.count() == 2
    tache.refresh_from_db()
    assert (tache.etat, tache.echeance_le) == ("a_faire", None)
    # The event's plan: who closes events also settles what its author left behind.
    sienne = TacheFactory(dossier=dossier, bloc="EI")
    qualite = en_tant_que(dossier, role="QUALITE")
    assert qualite.post(f"/boite/{sienne.pk}/annuler/", saisie).status_code == 302


def test_les_personnes_nommees_dans_une_liste_sont_au_journal(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDEC")
    TacheFactory(dossier=dossier, compte=client.compte)
    EvenementFactory(dossier=dossier)
    reunion = PointReunionFactory(dossier=dossier).reunion
    lues = EntreeJournal.objects.filter(dossier=dossier, acteur=client.compte)
    for page in ("/boite/", "/notifications/", f"/reunions/{reunion.pk}/"):
        avant = lues.count()
        assertContains(client.get(page), escape(dossier.usager.nom_naissance))
        assert lues.count() > avant, page


# ------------------------------------------------------------------ meetings, agenda, rounds


def test_une_reunion_refuse_ce_que_la_base_refuserait_et_la_cle_d_une_autre(
    en_tant_que, qui, dossier, maison
):
    cadre = en_tant_que(dossier, role="IDEC")
    vers, champs = formulaire_de(cadre.get("/reunions/nouvelle/"))
    saisie = champs | {"prevue_le": f"{timezone.localtime():%d/%m/%Y %H:%M}"}
    assertContains(cadre.post(vers, saisie | {"invites": "x" * 300}), "virgule", status_code=422)
    assert cadre.post(vers, saisie | {"invites": "Mme Roy, , M. Le Bihan"}).status_code == 302
    noms = Participant.objects.order_by("pk").values_list("nom", flat=True)
    assert list(noms) == ["Mme Roy", "M. Le Bihan"]
    with pytest.raises(ValidationError, match="déjà servi"):
        reunions.convoquer(
            qui("IDE"), lieu=Lieu(maison, None), titre="Autre", prevue_le=timezone.now(),
            ordre_du_jour="", cle_saisie=Reunion.objects.get().cle_saisie,
        )  # fmt: skip


def test_revenir_en_arriere_et_changer_de_personne_n_est_pas_le_meme_rendez_vous(
    qui, dossier, maison
):
    h, cle = qui(), uuid.uuid4()
    autre = DossierFactory(sejour__etablissement=maison)

    def planifier(*dossiers, heure=10):
        champs = {"libelle": "Dr Petit", "type": "consultation"}
        jour = timezone.localdate() + timedelta(days=3)
        contenu = Contenu(jour, time(heure), time(heure + 1), champs, list(dossiers))
        return agenda.planifier(
            h, etablissement=maison, nature="rendez_vous", contenu=contenu, cle_saisie=cle
        )

    assert planifier(dossier) == planifier(dossier)
    for change in (lambda: planifier(autre), lambda: planifier(dossier, heure=14)):
        with pytest.raises(ValidationError, match="déjà servi"):
            change()
    assert RendezVous.objects.count() == 1


def test_un_droit_tenu_dans_une_maison_ne_lit_rien_dans_l_autre(en_tant_que, dossier):
    client = en_tant_que(dossier, role="SECRETAIRE")  # reads the agenda, not the activities
    AffectationFactory(compte=client.compte, role="ANIMATEUR")
    seance = RendezVousFactory(activite=True, dossiers=[dossier], compte_rendu="Chant repris.")
    seance.participations.update_sans_historique(motif="test", note="A pleuré.")
    animatrice = en_tant_que(dossier, role="ANIMATEUR")
    for mot in ("Chant repris.", "A pleuré."):
        assertContains(animatrice.get(f"/agenda/{seance.pk}/"), mot)
        assertNotContains(client.get(f"/agenda/{seance.pk}/"), mot)


def test_une_visite_ne_dure_pas_un_jour_parce_que_ses_heures_sont_inversees(en_tant_que, dossier):
    aide = en_tant_que(dossier, role="AS")
    hier = dans(hours=-26)
    visite = RendezVousFactory(visite=True, dossiers=[dossier], comptes=[aide.compte], debut=hier)
    page = f"/dossiers/{dossier.pk}/visites/{visite.pk}/"
    vers, champs = formulaire_de(aide.get(page))
    fin = hier - timedelta(hours=1)
    heures = {
        n: [f"{timezone.localtime(i):%H:%M}"] for n, i in (("arrivee", hier), ("depart", fin))
    }
    refus = aide.post(vers or page, champs | {"issue": ["faite"], "note": ["Bien"]} | heures)
    assertContains(refus, "précède l’arrivée", status_code=422)
    assertContains(refus, "Bien", status_code=422)


def test_une_seance_partagee_ne_s_ouvre_pas_a_qui_ne_peut_l_ecrire_pour_tous(en_tant_que, dossier):
    """Un refus se dit avant d’avoir rempli la page, pas après."""
    educatrice, autre = en_tant_que(dossier, role="EDUCATEUR"), DossierFactory()
    passee = RendezVousFactory(activite=True, dossiers=[dossier, autre])
    prevue = RendezVousFactory(activite=True, dossiers=[dossier, autre], demain=True)
    for seance, geste in ((passee, "conclure"), (prevue, "modifier"), (prevue, "annuler")):
        page = f"/agenda/{seance.pk}/"
        assertNotContains(educatrice.get(page), f"{page}{geste}/")
        assert educatrice.get(f"{page}{geste}/").status_code == 403
    autre.participations.update_sans_historique(motif="retiree", presence="annulee")
    for seance, geste in ((passee, "conclure"), (prevue, "modifier"), (prevue, "annuler")):
        assert educatrice.get(f"/agenda/{seance.pk}/{geste}/").status_code == 200


def test_qui_vit_dans_deux_maisons_est_ecrite_dans_celle_ou_l_on_travaille(
    en_tant_que, dossier, maison
):
    client = en_tant_que(dossier, role="IDEC")
    sejour = SejourFactory(dossier=dossier, entree_le=timezone.localdate(), place=None)
    la_bas = en_tant_que(dossier, role="IDE").compte
    la_bas.last_name = "Zéphyrin"
    la_bas.save()
    assert la_bas.affectations.get().etablissement == sejour.etablissement != maison
    declarer(client, f"/dossiers/{dossier.pk}/evenements/nouveau/chute/", famille_qui="sa fille")
    assert EvenementIndesirable.objects.get().etablissement == maison
    for page in ("transmettre/", "agenda/nouveau/"):
        assertNotContains(client.get(f"/dossiers/{dossier.pk}/{page}"), la_bas.last_name)


def changer(affectation, **champs):
    for nom, valeur in champs.items():
        setattr(affectation, nom, valeur)
    affectation.save()


def test_le_calendrier_ne_suit_pas_la_ou_l_on_ne_travaille_plus(en_tant_que, dossier, maison):
    client, ailleurs = en_tant_que(dossier), EtablissementFactory()
    AffectationFactory(compte=client.compte, role="IDE", etablissement=ailleurs)
    RendezVousFactory(dossiers=[dossier], comptes=[client.compte], demain=True)
    RendezVousFactory(activite=True, etablissement=ailleurs, comptes=[client.compte], demain=True)
    client.post("/agenda/abonnement/")
    adresse = client.get("/agenda/abonnement/").context["adresse"].removeprefix("http://testserver")
    assert ClientVerifie().get(adresse).content.count(b"BEGIN:VEVENT") == 2
    hier = timezone.localdate() - timedelta(days=1)
    changer(client.compte.affectations.get(etablissement=maison), fin=hier)
    texte = ClientVerifie().get(adresse).content
    assert b"Activit" in texte and texte.count(b"BEGIN:VEVENT") == 1
    changer(client.compte.affectations.get(etablissement=ailleurs), role_id="ASH")
    assert ClientVerifie().get(adresse).status_code == 404


def test_une_visite_ne_se_confie_qu_a_qui_les_fait_dans_cette_maison(qui, dossier):
    cadre = qui("IDEC")
    visite = RendezVousFactory(visite=True, dossiers=[dossier], debut=dans(hours=3))
    for compte in (qui("IDE", ou=DossierFactory()).compte, qui("SECRETAIRE").compte):
        with pytest.raises(PermissionDenied):
            tournees.confier(cadre, [visite.pk], compte=compte)
    assert tournees.confier(cadre, [visite.pk], compte=qui("AS").compte) == 1
