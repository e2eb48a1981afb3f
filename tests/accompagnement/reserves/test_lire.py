"""Une note réservée à une profession : lue par cette profession auprès de la personne, invisible
de tous les autres, partout."""

from datetime import timedelta

import lxml.html
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement import lectures, services
from accompagnement.models import Lecture, Transmission
from accompagnement.registre import importantes_a_lire
from habilitations import reserves
from habilitations.models import Affectation, Interdiction, Role
from tests.accompagnement.factories import TransmissionFactory
from tests.accompagnement.reserves.outils import (
    DEBUT,
    MENTION,
    MONTRENT,
    OUVERTE,
    SECRET,
    SURFACES,
    compte_de,
    lit,
)
from tests.habilitations.factories import (
    AffectationFactory,
    BrisDeGlaceFactory,
    MembreEquipeFactory,
    acces_portail,
)
from tests.outils import jeton_de
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db
# ------------------------------------------------------------------ qui la lit


@pytest.mark.parametrize("surface", MONTRENT)
def test_une_autre_psychologue_de_la_maison_la_lit_et_sait_qu_elle_est_reservee(
    surface, dossier, note, psychologue
):
    page = psychologue.get(SURFACES[surface](dossier)).content.decode()
    assert SECRET[:30] in page, surface
    assert MENTION in page, surface


@pytest.mark.lent
@pytest.mark.parametrize("role", ["IDE", "IDEC", "MEDCO", "DIRECTEUR"])
def test_rien_ne_dit_aux_autres_qu_elle_existe(role, dossier, note, en_tant_que):
    client = en_tant_que(dossier, role=role)
    with time_machine.travel(timezone.now(), tick=False):  # what is printed tells the minute
        for surface, adresse in SURFACES.items():
            avec = client.get(adresse(dossier))
            texte = avec.content.decode()
            assert SECRET[:30] not in texte and MENTION not in texte, surface
            _montrer(note, courante=False)
            sans = client.get(adresse(dossier))
            assert _dit(avec) == _dit(sans), f"{surface} change avec la note : un compte la trahit"
            _montrer(note, courante=True)


def _montrer(note, *, courante):
    Transmission.objects.filter(pk=note.pk).update_sans_historique(motif="test", courante=courante)


def _dit(reponse) -> str:
    """Ce que la page affiche, sans ce qui change d’une fois à l’autre."""
    page = lxml.html.fromstring(reponse.content.decode())
    for e in page.xpath("//script | //input[@type='hidden'] | //*[@data-instant]"):
        e.drop_tree()
    return " ".join(page.text_content().split())


def test_la_derniere_transmission_du_tableau_reste_la_derniere_que_l_on_peut_lire(
    dossier, note, en_tant_que
):
    ide, psychologue = (en_tant_que(dossier, role=r) for r in ("IDE", "PSYCHOLOGUE"))
    lues = [
        lectures.dernieres_par_dossier(c.habilitation, dossier.sejours.all())[dossier.pk].donnees
        for c in (ide, psychologue)
    ]
    assert lues == [OUVERTE, SECRET]


def test_la_cloche_et_les_accuses_ne_comptent_que_ce_qui_se_lit(dossier, note, en_tant_que):
    ide, psychologue = (en_tant_que(dossier, role=r) for r in ("IDE", "PSYCHOLOGUE"))
    assert importantes_a_lire(ide.habilitation).count() == 0
    assert importantes_a_lire(psychologue.habilitation).count() == 1
    assert services.accuser_lecture(ide.habilitation, [note.pk]) == 0
    assert services.accuser_lecture(psychologue.habilitation, [note.pk]) == 1
    assert Lecture.objects.get().compte == psychologue.compte


@pytest.mark.parametrize("role", ["IDE", "IDEC", "MEDCO"])
@pytest.mark.parametrize("geste", ["historique", "corriger", "partager"])
def test_son_adresse_ne_repond_pas_aux_autres(geste, role, dossier, note, en_tant_que):
    client = en_tant_que(dossier, role=role)
    adresse = reverse(f"accompagnement:transmission_{geste}", args=[dossier.pk, note.pk])
    jetons = jeton_de(client.get(reverse("accompagnement:transmissions", args=[dossier.pk])))
    reponse = client.post(adresse, jetons) if geste == "partager" else client.get(adresse)
    assert reponse.status_code == 404


def test_la_psychologue_d_une_autre_maison_ne_trouve_rien(dossier, note, en_tant_que):
    client = en_tant_que(DossierFactory(), role="PSYCHOLOGUE")
    for nom in ("transmissions", "fil_imprimable", "transmission_nouvelle"):
        assert client.get(reverse(f"accompagnement:{nom}", args=[dossier.pk])).status_code == 404
    historique = reverse("accompagnement:transmission_historique", args=[dossier.pk, note.pk])
    assert client.get(historique).status_code == 404
    assert not lit(client.compte, note)


def test_etre_psychologue_ailleurs_ne_suffit_pas_ici(dossier, note):
    """Infirmière de cette maison, psychologue d’une autre."""
    compte = compte_de(dossier, "IDE")
    AffectationFactory(compte=compte, role="PSYCHOLOGUE")
    assert lit(compte, Transmission.objects.exclude(pk=note.pk).get())
    assert not lit(compte, note)


def test_deux_metiers_dans_la_meme_maison_lisent_ce_que_lit_chacun(dossier, note):
    compte = compte_de(dossier, "IDE")
    AffectationFactory(
        compte=compte,
        role="PSYCHOLOGUE",
        etablissement=dossier.sejours.get().etablissement,
        portee="equipe",
    )
    assert not lit(compte, note)
    MembreEquipeFactory(compte=compte, dossier=dossier)
    assert lit(compte, note)


@pytest.mark.parametrize("portee", ["etablissement", "unite", "equipe"])
def test_la_portee_de_l_affectation_vaut_pour_ses_notes(portee, dossier, note):
    compte = compte_de(dossier, "PSYCHOLOGUE", portee)
    voisine = TransmissionFactory(reserve="psychologues")
    assert lit(compte, note) == (portee != "equipe")
    MembreEquipeFactory(compte=compte, dossier=dossier)
    assert lit(compte, note)
    assert not lit(compte, voisine)


def test_l_affectation_finie_referme_ses_notes(dossier, note):
    jour = timezone.localdate()
    compte = compte_de(dossier, "PSYCHOLOGUE", fin=jour)
    assert lit(compte, note)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert not lit(compte, note)
    Affectation.objects.filter(compte=compte).update_sans_historique(
        motif="test", debut=jour + timedelta(days=1), fin=None
    )
    assert not lit(compte, note)


def test_l_auteur_qui_change_de_metier_ne_la_lit_plus(dossier):
    compte = compte_de(dossier, "IDE")
    note = TransmissionFactory(dossier=dossier, auteur=compte, reserve="psychologues")
    assert not lit(compte, note)


def test_le_bris_de_glace_n_ouvre_pas_les_notes_meme_a_un_confrere(dossier):
    ouverte = TransmissionFactory(dossier=dossier)
    note = TransmissionFactory(dossier=dossier, reserve="medecins")
    medecin = compte_de(dossier, "MEDECIN", "equipe")
    BrisDeGlaceFactory(compte=medecin, dossier=dossier)
    assert lit(medecin, ouverte)
    assert not lit(medecin, note)


def test_un_acces_nominatif_n_ouvre_pas_les_notes(dossier, note):
    compte = CompteFactory()
    acces_portail(compte, dossier, "TRA", qualite="")
    AffectationFactory(compte=compte, role="PSYCHOLOGUE")  # ailleurs
    assert lit(compte, Transmission.objects.exclude(pk=note.pk).get())
    assert not lit(compte, note)


def test_l_opposition_de_la_personne_les_ferme_aussi(dossier, note):
    compte = compte_de(dossier, "PSYCHOLOGUE")
    Interdiction.objects.create(
        compte=compte,
        dossier=dossier,
        blocs=["TRA"],
        origine="personne",
        decidee_par=CompteFactory(),
    )
    assert not lit(compte, note)


def test_chaque_groupe_ne_lit_que_les_siennes(dossier):
    notes = {g: TransmissionFactory(dossier=dossier, reserve=g) for g in reserves.groupes()}
    attendus = {role: g.code for g in reserves.groupes().values() for role in g.roles}
    for role in Role.objects.filter(acteur="professionnel", droits__bloc="TRA").distinct():
        compte = compte_de(dossier, role.pk)
        lues = {g for g, note in notes.items() if lit(compte, note)}
        assert lues == ({attendus[role.pk]} if role.pk in attendus else set()), role.pk


def test_les_groupes_ne_nomment_que_des_roles_qui_lisent_les_transmissions():
    for groupe in reserves.groupes().values():
        assert groupe.roles <= set(
            Role.objects.filter(droits__bloc="TRA", droits__action="saisir").values_list(
                "pk", flat=True
            )
        )
        assert len(groupe.code) <= Transmission._meta.get_field("reserve").max_length


# ------------------------------------------------------------------ le portail


def test_la_base_refuse_qu_elle_soit_partagee_sur_le_portail(dossier, note, sur_le_portail):
    with pytest.raises(IntegrityError), transaction.atomic():
        TransmissionFactory(dossier=dossier, reserve="psychologues", partagee=True)
    page = sur_le_portail(dossier).get(reverse("relation_usager:nouvelles", args=[dossier.pk]))
    assertNotContains(page, DEBUT)


def test_le_bouton_partager_n_y_est_pas_et_son_adresse_refuse(dossier, note, psychologue):
    fil = reverse("accompagnement:transmissions", args=[dossier.pk])
    page = psychologue.get(fil)
    partager = reverse("accompagnement:transmission_partager", args=[dossier.pk, note.pk])
    assertNotContains(page, partager)
    suite = psychologue.post(partager, jeton_de(page), follow=True)
    assertContains(suite, services.RESERVEE_HORS_DU_PORTAIL)
    assert Transmission.objects.get(pk=note.pk).communicable_le is None


# ------------------------------------------------------------------ le prix


@pytest.mark.parametrize("surface", [s for s in SURFACES if s != "fiche d’urgence"])
def test_la_page_d_une_psychologue_se_contente_de_quinze_requetes(
    surface, dossier, note, psychologue
):
    adresse = SURFACES[surface](dossier)
    psychologue.get(adresse)  # code lists are read once per process
    with CaptureQueriesContext(connection) as capture:
        psychologue.get(adresse)
    requetes = [q["sql"][:200] for q in capture if "SAVEPOINT" not in q["sql"]]
    assert len(requetes) <= 15, "\n".join(requetes)
