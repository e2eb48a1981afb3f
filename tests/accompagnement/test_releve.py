from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Lecture
from accompagnement.registre import importantes_a_lire
from habilitations.models import PriseDePoste
from tests.accompagnement.factories import AbsenceFactory, TransmissionFactory
from tests.outils import jeton_de
from tests.socle.factories import DossierFactory, UniteFactory


def releve(client, **parametres):
    return client.get(reverse("accompagnement:releve"), parametres)


def test_les_importantes_viennent_d_abord_et_celles_a_lire_avant_les_lues(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    TransmissionFactory(dossier=dossier, donnees="Courante.")
    lue = TransmissionFactory(dossier=dossier, importante=True, donnees="Importante et lue.")
    TransmissionFactory(dossier=dossier, urgente=True, donnees="Urgente.")
    Lecture.objects.create(transmission=lue, compte=client.compte)
    contexte = releve(client).context
    assert [t.donnees for t in contexte["importantes"]] == ["Urgente.", "Importante et lue."]
    assert [t.donnees for t in contexte["a_lire"]] == ["Urgente."]


def test_depuis_mon_dernier_poste_commence_a_la_fin_du_precedent(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    PriseDePoste.objects.create(
        compte=client.compte, releve_depuis=timezone.now() - timedelta(hours=30)
    )
    TransmissionFactory(
        dossier=dossier, ecrit_le=timezone.now() - timedelta(hours=29), donnees="Après la fin."
    )
    TransmissionFactory(
        dossier=dossier, ecrit_le=timezone.now() - timedelta(hours=31), donnees="Avant la fin."
    )
    page = releve(client)
    assertContains(page, "Après la fin.")
    assertNotContains(page, "Avant la fin.")
    assertNotContains(releve(client, depuis="8"), "Après la fin.")


def test_une_saisie_tardive_est_une_nouvelle(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    TransmissionFactory(
        dossier=dossier,
        survenu_le=timezone.now() - timedelta(days=3),
        ecrit_le=timezone.now() - timedelta(minutes=10),
        donnees="Écrite après coup.",
    )
    assertContains(releve(client, depuis="8"), "Écrite après coup.")


def test_j_ai_lu_revient_a_la_meme_releve(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    t = TransmissionFactory(dossier=dossier, importante=True)
    page = releve(client, depuis="24")
    reponse = client.post(
        reverse("accompagnement:lu"), jeton_de(page) | {"transmission": t.pk, "depuis": "24"}
    )
    assert "depuis=24" in reponse.url
    assertContains(client.get(reponse.url), "Lu à")


def test_un_accuse_de_lecture_trafique_ne_casse_rien(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    jetons = jeton_de(client.get("/"))
    reponse = client.post(
        reverse("accompagnement:lu"), jetons | {"transmission": "x", "depuis": "'"}
    )
    assert reponse.status_code == 302


def test_la_releve_d_une_unite_ne_montre_pas_l_autre(en_tant_que):
    dossier = DossierFactory()
    sejour = dossier.sejours.get()
    autre = DossierFactory(sejour__etablissement=sejour.etablissement)
    TransmissionFactory(dossier=dossier, donnees="Ici.")
    TransmissionFactory(dossier=autre, donnees="À côté.")
    client = en_tant_que(dossier, role="IDE")
    page = releve(client, unite=sejour.unite_id)
    assertContains(page, "Ici.")
    assertNotContains(page, "À côté.")


def test_ce_qui_concerne_une_personne_sans_unite_se_lit_dans_la_releve_de_la_maison(en_tant_que):
    dossier = DossierFactory(sejour__unite=None)
    client = en_tant_que(dossier, role="IDE")
    TransmissionFactory(dossier=dossier, urgente=True, donnees="Chute sans témoin.")
    ailleurs = DossierFactory(sejour__unite=None)
    TransmissionFactory(dossier=ailleurs, urgente=True, donnees="D’une autre maison.")
    maison = dossier.sejours.get().etablissement_id
    page = releve(client, etablissement=maison)
    assertContains(page, "Chute sans témoin.")
    assertNotContains(page, "D’une autre maison.")
    assert [t.donnees for t in importantes_a_lire(client.habilitation)] == ["Chute sans témoin."]
    unite = UniteFactory(etablissement=dossier.sejours.get().etablissement)
    assertContains(releve(client, unite=unite.pk), "Chute sans témoin.")


def test_l_aide_soignante_d_une_unite_ne_lit_pas_la_releve_de_l_autre(en_tant_que):
    dossier = DossierFactory()
    sejour = dossier.sejours.get()
    autre = DossierFactory(sejour__etablissement=sejour.etablissement)
    TransmissionFactory(dossier=autre, donnees="À côté.")
    client = en_tant_que(dossier, role="AS", portee="unite")
    page = releve(client, unite=autre.sejours.get().unite_id)
    assertNotContains(page, "À côté.")


def test_la_direction_n_ouvre_pas_la_releve(en_tant_que):
    assert releve(en_tant_que(DossierFactory(), role="DIRECTEUR")).status_code == 403


def test_une_absence_se_note_et_le_retour_la_ferme(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="SECRETAIRE")
    adresse = reverse("accompagnement:absence", args=[dossier.pk])
    debut = timezone.localtime() - timedelta(hours=2)
    jetons = jeton_de(client.get(adresse))
    reponse = client.post(
        adresse, jetons | {"motif": "AH", "lieu": "CHU", "debut": f"{debut:%d/%m/%Y %H:%M}"}
    )
    assert reponse.status_code == 302
    assertContains(client.get(reverse("dossier", args=[dossier.pk])), "Hospitalisation")
    assert client.post(adresse, jetons | {"fin": f"{timezone.localtime():%d/%m/%Y %H:%M}"}).url
    assert dossier.absences.get().fin is not None


def test_deux_absences_ne_se_superposent_pas(en_tant_que):
    dossier = DossierFactory()
    AbsenceFactory(dossier=dossier)
    client = en_tant_que(dossier, role="SECRETAIRE")
    assertContains(
        client.get(reverse("accompagnement:absence", args=[dossier.pk])), "Noter le retour"
    )


def test_la_version_imprimable_garde_la_periode_et_dit_les_jours_par_leur_date(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    hier = timezone.now() - timedelta(hours=30)
    TransmissionFactory(dossier=dossier, survenu_le=hier, ecrit_le=hier, donnees="Avant-hier.")
    page = releve(client, depuis="72")
    feuille = client.get(page.context["imprimer_url"])
    assertContains(feuille, "Avant-hier.")
    assertNotContains(feuille, "<b>hier")
    assert "depuis=72" in feuille.context["retour"]


def test_une_urgence_se_dit_urgente_partout_et_en_entier(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    texte = "Chute dans le couloir. " * 40 + "Appeler le 15."
    TransmissionFactory(dossier=dossier, urgente=True, donnees=texte)
    page = releve(client)
    assertContains(page, "Appeler le 15.", count=2)
    assertNotContains(page, ">Important</span>")
    assertContains(page, 'class="dit rouge petit"')
    assertNotContains(page, "&lt;")


def test_sur_papier_l_urgent_vient_d_abord_quel_que_soit_celui_qui_imprime(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    TransmissionFactory(dossier=dossier, importante=True, donnees="Importante.")
    TransmissionFactory(dossier=dossier, urgente=True, donnees="Urgente.", auteur=client.compte)
    feuille = client.get(reverse("accompagnement:releve_imprimable"), {"depuis": "24"})
    assert [t.donnees for t in feuille.context["importantes"]] == ["Urgente.", "Importante."]
