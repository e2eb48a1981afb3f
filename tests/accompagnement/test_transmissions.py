import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement import services
from accompagnement.models import Lecture, Transmission
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Brouillon, EntreeJournal, Evenement
from tests.accompagnement.factories import TransmissionFactory
from tests.outils import formulaire_de, jeton_de
from tests.socle.factories import DossierFactory


def url(nom, dossier, *args):
    return reverse(f"accompagnement:{nom}", args=[dossier.pk, *args])


def saisie(**champs):
    maintenant = timezone.localtime()
    return {
        "cle_saisie": str(uuid.uuid4()),
        "forme": "ciblee",
        "cible": "alimentation",
        "donnees": "Un tiers du plat, dessert refusé.",
        "importance": "courante",
        "heure": f"{maintenant:%H:%M}",
        "jour": maintenant.date().isoformat(),
    } | champs


def ecrire(client, dossier, **champs):
    adresse = url("transmission_nouvelle", dossier)
    return client.post(adresse, saisie(**champs) | jeton_de(client.get(adresse)))


def test_l_aide_soignante_ecrit_une_transmission_signee_de_sa_fonction(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")

    reponse = ecrire(client, dossier)

    assert reponse.status_code == 302
    transmission = Transmission.objects.get()
    assert (transmission.auteur, transmission.fonction) == (client.compte, "AS")
    assert transmission.unite == dossier.sejours.get().unite
    assert Evenement.objects.get().type == "transmission.ecrite"
    assert EntreeJournal.objects.filter(dossier=dossier, action="saisir").exists()


def test_deux_clics_sur_enregistrer_font_une_seule_transmission(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    cle = str(uuid.uuid4())
    ecrire(client, dossier, cle_saisie=cle)
    assert ecrire(client, dossier, cle_saisie=cle).status_code == 302
    assert Transmission.objects.count() == 1


def test_la_cle_d_un_autre_ne_sert_pas(en_tant_que):
    ailleurs = TransmissionFactory()
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    reponse = ecrire(client, dossier, cle_saisie=str(ailleurs.cle_saisie))
    assertContains(reponse, "Cette saisie a déjà servi", status_code=422)
    assert Transmission.objects.count() == 1


def test_une_erreur_garde_le_texte_et_dit_quoi_faire(en_tant_que):
    dossier = DossierFactory()
    reponse = ecrire(en_tant_que(dossier, role="AS"), dossier, heure="25:99")
    assertContains(reponse, "Écrivez l’heure comme 14:02 ou 14h02.", status_code=422)
    assertContains(reponse, "Un tiers du plat, dessert refusé.", status_code=422)


@pytest.mark.parametrize("heure", ["14:02", "14h02", "14 h 02", "1402", "14.02", "14h"])
def test_l_heure_s_ecrit_comme_on_la_dit(en_tant_que, heure):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    hier = (timezone.localtime() - timedelta(days=1)).date()
    assert ecrire(client, dossier, heure=heure, jour=hier.isoformat()).status_code == 302
    assert timezone.localtime(Transmission.objects.get().survenu_le).hour == 14


def test_rien_ne_survient_dans_le_futur(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    with time_machine.travel("2026-11-19T10:00:00+01:00"):
        reponse = ecrire(client, dossier, heure="10:30", jour="2026-11-19")
    assertContains(reponse, "dans le futur", status_code=422)


def test_une_transmission_ciblee_demande_sa_cible_un_recit_non(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    assertContains(ecrire(client, dossier, cible=""), "Choisissez une cible", status_code=422)
    recit = {"forme": "recit", "cible": "", "texte": "Une belle journée."}
    assert ecrire(client, dossier, **recit).status_code == 302
    assert Transmission.objects.get().donnees == ""


def test_le_texte_de_la_forme_cachee_n_est_pas_enregistre_en_douce(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    ecrire(client, dossier, texte="Un récit commencé puis abandonné.")
    assert Transmission.objects.get().texte == ""


def test_le_brouillon_disparait_avec_l_enregistrement(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    Brouillon.objects.create(
        compte=client.compte, formulaire="Transmission", dossier=dossier, objet="ici"
    )
    ecrire(client, dossier, _formulaire="Transmission", _brouillon="ici")
    assert not Brouillon.objects.visibles(client.habilitation).exists()


def test_un_enregistrement_automatique_en_retard_ne_ressuscite_pas_le_brouillon(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    page = client.get(url("transmission_nouvelle", dossier))
    _, champs = formulaire_de(page)
    client.post(page.request["PATH_INFO"], champs | saisie())
    client.post(page.context["redaction"].adresse, {"donnees": "en retard"} | jeton_de(page))
    assert not Brouillon.objects.visibles(client.habilitation).exists()


def test_la_base_refuse_de_changer_une_transmission_validee(db):
    transmission = TransmissionFactory()
    with pytest.raises(DatabaseError), transaction_atomique():
        Transmission.objects.filter(pk=transmission.pk).update_sans_historique(
            motif="essai", donnees="Autre chose"
        )
    with pytest.raises(DatabaseError), transaction_atomique():
        Transmission.objects.filter(pk=transmission.pk)._raw_delete("default")


def transaction_atomique():
    return transaction.atomic()


def test_corriger_fait_une_version_et_garde_l_ancienne(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    premiere = TransmissionFactory(dossier=dossier, auteur=client.compte)
    page = client.get(url("transmission_corriger", dossier, premiere.pk))
    champs = saisie(donnees="Les deux tiers du plat.", motif="erreur de quantité", version_lue=1)
    reponse = client.post(page.request["PATH_INFO"], champs | jeton_de(page))

    assert reponse.status_code == 302
    seconde = Transmission.objects.en_vigueur().get()
    assert (seconde.version, seconde.remplace) == (2, premiere)
    fil = client.get(url("transmissions", dossier))
    assertContains(fil, "Les deux tiers du plat.")
    assertNotContains(fil, "A mangé la moitié du plat.")
    histoire = client.get(url("transmission_historique", dossier, seconde.pk))
    assertContains(histoire, "A mangé la moitié du plat.")
    assertContains(histoire, "erreur de quantité")


def test_deux_corrections_du_meme_texte_ne_s_ecrasent_pas(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    t = TransmissionFactory(dossier=dossier, auteur=client.compte)
    page = client.get(url("transmission_corriger", dossier, t.pk))
    adresse, jetons = page.request["PATH_INFO"], jeton_de(page)
    client.post(adresse, saisie(donnees="Premier onglet.", motif="m", version_lue=1) | jetons)
    second = saisie(donnees="Second onglet.", motif="m", version_lue=1)
    reponse = client.post(adresse, second | jetons)
    assertContains(reponse, "Premier onglet.", status_code=409)
    assertContains(reponse, "Second onglet.", status_code=409)
    assert Transmission.objects.count() == 2


@pytest.mark.parametrize(
    "jour", ["0001-01-01", "2001-01-01", "9999-12-31", "2024-01-01T00:00:00+02:00", "\u0663"]
)
def test_une_correction_ne_deplace_pas_la_transmission_a_un_jour_quelconque(en_tant_que, jour):
    dossier = DossierFactory()
    client = en_tant_que(dossier)
    t = TransmissionFactory(dossier=dossier, auteur=client.compte)
    champs = saisie(version_lue=1, motif="erreur de jour", jour=jour)
    reponse = client.post(url("transmission_corriger", dossier, t.pk), champs)
    assert reponse.status_code == 422
    assert Transmission.objects.get() == t


def test_une_correction_ne_reprend_pas_la_cle_de_la_transmission(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier)
    t = TransmissionFactory(dossier=dossier, auteur=client.compte)
    champs = saisie(version_lue=1, motif="erreur", cle_saisie=str(t.cle_saisie))
    reponse = client.post(url("transmission_corriger", dossier, t.pk), champs)
    assertContains(reponse, "déjà servi", status_code=422)


def test_une_correction_garde_le_jour_d_une_transmission_ancienne(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier)
    t = TransmissionFactory(
        dossier=dossier, auteur=client.compte, survenu_le=timezone.now() - timedelta(days=40)
    )
    jour = timezone.localtime(t.survenu_le).date().isoformat()
    champs = saisie(version_lue=1, motif="mauvaise cible", jour=jour)
    assert client.post(url("transmission_corriger", dossier, t.pk), champs).status_code == 302


def test_on_ne_corrige_que_la_sienne(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    autre = TransmissionFactory(dossier=dossier)
    with pytest.raises(ValidationError, match="Seul l’auteur"):
        services.corriger_transmission(
            client.habilitation,
            autre.pk,
            version_lue=1,
            motif="m",
            cle_saisie=uuid.uuid4(),
            survenu_le=timezone.now(),
            donnees="x",
            forme="ciblee",
        )


def test_une_version_perimee_montre_celle_qui_est_en_vigueur(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="AS")
    t = TransmissionFactory(dossier=dossier, auteur=client.compte)
    commun = {"motif": "m", "survenu_le": t.survenu_le, "forme": "ciblee", "cible": "transit"}
    services.corriger_transmission(
        client.habilitation, t.pk, version_lue=1, cle_saisie=uuid.uuid4(), donnees="b", **commun
    )
    with pytest.raises(ConflitDeVersion) as conflit:
        services.corriger_transmission(
            client.habilitation, t.pk, version_lue=1, cle_saisie=uuid.uuid4(), donnees="c", **commun
        )
    assert conflit.value.actuel.donnees == "b"


def test_la_secretaire_voit_le_dossier_mais_pas_ses_transmissions(en_tant_que):
    dossier = DossierFactory()
    TransmissionFactory(dossier=dossier)
    client = en_tant_que(dossier, role="SECRETAIRE")
    assert client.get(url("transmissions", dossier)).status_code == 403
    assert client.get(url("transmission_nouvelle", dossier)).status_code == 403
    assertNotContains(client.get(reverse("dossier", args=[dossier.pk])), "A mangé la moitié")


def test_l_animatrice_ecrit_sans_lire_celles_des_autres(en_tant_que):
    dossier = DossierFactory()
    TransmissionFactory(dossier=dossier)
    client = en_tant_que(dossier, role="ANIMATEUR")
    assert client.get(url("transmissions", dossier)).status_code == 403
    page = client.get(url("transmission_nouvelle", dossier))
    assertNotContains(page, "A mangé la moitié")


def test_l_infirmiere_d_un_autre_etablissement_ne_trouve_rien(en_tant_que):
    dossier = DossierFactory()
    t = TransmissionFactory(dossier=dossier)
    client = en_tant_que(DossierFactory(), role="IDE")
    for adresse in (
        url("transmissions", dossier),
        url("transmission_nouvelle", dossier),
        url("transmission_historique", dossier, t.pk),
        url("transmission_corriger", dossier, t.pk),
    ):
        assert client.get(adresse).status_code == 404
    assert EntreeJournal.objects.filter(dossier=dossier, action="refus").count() == 4


def test_la_transmission_d_un_autre_dossier_n_existe_pas_dans_celui_ci(en_tant_que):
    dossier = DossierFactory()
    sejour = dossier.sejours.get()
    voisin = DossierFactory(sejour__etablissement=sejour.etablissement, sejour__unite=sejour.unite)
    t = TransmissionFactory(dossier=voisin)
    client = en_tant_que(dossier, role="IDE")
    assert client.get(url("transmission_historique", dossier, t.pk)).status_code == 404
    jetons = jeton_de(client.get(url("transmission_nouvelle", dossier)))
    assert client.post(url("transmission_partager", dossier, t.pk), jetons).status_code == 404


def test_une_saisie_tardive_montre_ses_deux_heures(en_tant_que):
    dossier = DossierFactory()
    TransmissionFactory(
        dossier=dossier,
        survenu_le=timezone.now() - timedelta(hours=5),
        ecrit_le=timezone.now() - timedelta(hours=1),
    )
    page = en_tant_que(dossier, role="IDE").get(url("transmissions", dossier))
    assertContains(page, "écrit")


def test_le_fil_se_lit_par_tranches_sans_en_sauter(en_tant_que):
    dossier = DossierFactory()
    meme_instant = timezone.now() - timedelta(days=1)
    for numero in range(70):
        TransmissionFactory(
            dossier=dossier, survenu_le=meme_instant, donnees=f"Ligne {numero:03d}."
        )
    client = en_tant_que(dossier, role="IDE")
    adresse, vues = url("transmissions", dossier), set()
    suite = ""
    for _ in range(3):
        page = client.get(adresse + suite)
        vues |= {n for n in range(70) if f"Ligne {n:03d}." in page.content.decode()}
        suite = page.context["tranche"].anciens
    assert len(vues) == 70 and not suite


@pytest.mark.parametrize("avant", ["x", "2026_y", "_", "' OR 1=1", "9" * 5000])
def test_un_curseur_trafique_rend_la_premiere_tranche(en_tant_que, avant):
    dossier = DossierFactory()
    TransmissionFactory(dossier=dossier)
    client = en_tant_que(dossier, role="IDE")
    assertContains(client.get(url("transmissions", dossier), {"avant": avant}), "A mangé")


def test_les_filtres_du_fil(en_tant_que):
    dossier = DossierFactory()
    TransmissionFactory(dossier=dossier, cible="transit", donnees="Selles normales.")
    TransmissionFactory(dossier=dossier, importante=True, donnees="Malaise à midi.")
    client = en_tant_que(dossier, role="IDE")
    par_cible = client.get(url("transmissions", dossier), {"cible": "transit"})
    assertContains(par_cible, "Selles normales.")
    assertNotContains(par_cible, "Malaise à midi.")
    importantes = client.get(url("transmissions", dossier), {"importance": "importantes"})
    assertNotContains(importantes, "Selles normales.")


def test_partager_rend_la_transmission_communicable_une_fois(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    t = TransmissionFactory(dossier=dossier)
    jetons = jeton_de(client.get(url("transmissions", dossier)))
    client.post(url("transmission_partager", dossier, t.pk), jetons)
    t.refresh_from_db()
    premiere = t.communicable_le
    client.post(url("transmission_partager", dossier, t.pk), jetons)
    t.refresh_from_db()
    assert premiere and t.communicable_le == premiere


def test_ce_qui_etait_partage_se_retire_du_portail_et_les_deux_gestes_se_gardent(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    t = TransmissionFactory(dossier=dossier, partagee=True)
    page = client.get(url("transmissions", dossier))
    assertContains(page, "Retirer du portail")
    client.post(url("transmission_partager", dossier, t.pk), jeton_de(page) | {"partagee": "non"})
    t.refresh_from_db()
    assert t.communicable_le is None
    assert Evenement.objects.get().type == "transmission.retiree_du_portail"


def test_lire_deux_fois_ne_fait_qu_un_accuse(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier, role="IDE")
    t = TransmissionFactory(dossier=dossier, importante=True)
    assert services.accuser_lecture(client.habilitation, [t.pk]) == 1
    assert services.accuser_lecture(client.habilitation, [t.pk]) == 0
    assert Lecture.objects.get().compte == client.compte


def test_on_n_accuse_pas_lecture_de_ce_qu_on_ne_voit_pas(en_tant_que):
    t = TransmissionFactory(importante=True)
    client = en_tant_que(DossierFactory(), role="IDE")
    assert services.accuser_lecture(client.habilitation, [t.pk]) == 0


def test_un_agent_qui_ecrit_sans_lire_revient_au_dossier_et_ne_lit_rien_par_la_bande(en_tant_que):
    dossier = DossierFactory()
    autre = TransmissionFactory(dossier=dossier, donnees="Texte de soin.")
    client = en_tant_que(dossier, role="ASH")
    reponse = ecrire(client, dossier)
    assert reponse.url == reverse("dossier", args=[dossier.pk])
    assert client.get(reponse.url).status_code == 200
    assert client.get(url("transmission_corriger", dossier, autre.pk)).status_code == 404
    jetons = jeton_de(client.get(url("transmission_nouvelle", dossier)))
    assert client.post(url("transmission_partager", dossier, autre.pk), jetons).status_code == 404
    autre.refresh_from_db()
    assert autre.communicable_le is None


def test_seul_son_auteur_ouvre_la_correction_d_une_transmission(en_tant_que):
    dossier = DossierFactory()
    t = TransmissionFactory(dossier=dossier)
    client = en_tant_que(dossier, role="IDE")
    assert client.get(url("transmission_corriger", dossier, t.pk)).status_code == 404
