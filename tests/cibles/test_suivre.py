"""Une cible s’ouvre, se suit, se clôt, se rouvre ; tout ce qui s’y fait est une transmission."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement import services
from accompagnement.cibles import services as cibles
from accompagnement.models import Cible, Transmission
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Evenement
from tests.accompagnement.factories import TransmissionFactory
from tests.accompagnement.test_transmissions import ecrire, url
from tests.cibles.factories import CibleFactory
from tests.outils import jeton_de
from tests.socle.factories import DossierFactory


@pytest.fixture
def dossier(db):
    return DossierFactory()


def poster(client, dossier, nom, cible, **champs):
    adresse = url(nom, dossier, cible.pk)
    page = client.get(adresse)
    commun = {"version_lue": cible.version, "cle_saisie": str(uuid.uuid4())}
    return client.post(adresse, commun | champs | jeton_de(page))


def test_une_transmission_ouvre_une_cible_qui_revient_apres_son_delai(en_tant_que, dossier):
    client = en_tant_que(dossier, role="AS")
    ecrire(client, dossier, cible="peau", ouvrir="on", intitule="talon droit")
    cible = Cible.objects.get()
    assert (cible.titre, cible.ouverte) == ("Peau, plaie : talon droit", True)
    assert Transmission.objects.get().cible_suivie == cible
    assert cible.a_relancer_le == timezone.localdate() + timedelta(days=3)
    assert Evenement.objects.filter(type="cible.ouverte").exists()


def test_une_cible_libre_porte_le_nom_qu_on_lui_donne(en_tant_que, dossier):
    client = en_tant_que(dossier, role="AS")
    reponse = ecrire(client, dossier, cible="", ouvrir="on")
    assertContains(reponse, "Choisissez une cible", status_code=422)
    ecrire(client, dossier, cible="", ouvrir="on", intitule="Deuil de son frère")
    assert Cible.objects.get().titre == "Deuil de son frère"


def test_la_suite_va_d_elle_meme_a_la_cible_ouverte(en_tant_que, dossier):
    """Sans un geste de plus ; mais pas quand deux cibles du même nom sont ouvertes."""
    client = en_tant_que(dossier, role="AS")
    premiere = CibleFactory(dossier=dossier, code="peau", en_retard=True)
    ecrire(client, dossier, cible="peau", donnees="Rougeur moindre.")
    premiere.refresh_from_db()
    assert premiere.transmissions.count() == 1
    assert not premiere.en_retard, "on vient d’en donner des nouvelles"
    CibleFactory(dossier=dossier, code="peau", intitule="coude")
    ecrire(client, dossier, cible="peau", donnees="Sèche.")
    assert Transmission.objects.get(donnees="Sèche.").cible_suivie is None
    ecrire(client, dossier, cible=f"suivie-{premiere.pk}", donnees="Guérie.")
    suite = Transmission.objects.get(donnees="Guérie.")
    assert (suite.cible_suivie, suite.cible) == (premiere, "peau")


def test_on_clot_par_un_resultat_puis_on_rouvre(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    cible = CibleFactory(dossier=dossier)
    vide = poster(client, dossier, "transmission_cible_clore", cible, etat="resolue", resultat="")
    assert vide.status_code == 422
    cle = str(uuid.uuid4())
    for _ in range(2):  # a double click
        fait = poster(
            client,
            dossier,
            "transmission_cible_clore",
            cible,
            etat="resolue",
            resultat="Ne se plaint plus depuis trois jours.",
            cle_saisie=cle,
        )
        assert fait.status_code == 302
    cible.refresh_from_db()
    assert (cible.etat, bool(cible.close_le)) == ("resolue", True)
    resultat = Transmission.objects.get()
    assert (resultat.resultat, resultat.cible_suivie) == (
        "Ne se plaint plus depuis trois jours.",
        cible,
    )
    page = client.get(url("transmission_cibles", dossier))
    assertContains(page, "Cibles closes")
    rouverte = poster(
        client, dossier, "transmission_cible_rouvrir", cible, donnees="A de nouveau mal."
    )
    assert rouverte.status_code == 302
    cible.refresh_from_db()
    assert cible.ouverte and cible.close_le is None
    assertContains(client.get(url("transmission_cible", dossier, cible.pk)), "A de nouveau mal.")
    types = set(Evenement.objects.values_list("type", flat=True))
    assert types >= {"cible.close", "cible.rouverte"}
    assert cible.history.count() >= 3


def test_ce_qu_un_collegue_vient_d_ecrire_se_relit_avant_de_clore(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    cible = CibleFactory(dossier=dossier)
    lue = cible.version
    ecrire(client, dossier, cible="douleur", donnees="Crie au lever.")
    champs = {"etat": "resolue", "resultat": "Plus mal.", "version_lue": lue}
    reponse = poster(client, dossier, "transmission_cible_clore", cible, **champs)
    assertContains(reponse, "Crie au lever.", status_code=409)
    assertContains(reponse, "Plus mal.", status_code=409)
    with pytest.raises(ConflitDeVersion):
        cibles.relancer(client.habilitation, dossier, cible.pk, version_lue=lue, relance_le=None)
    cible.refresh_from_db()
    assert cible.ouverte


def test_la_relance_se_choisit_dans_l_avenir(en_tant_que, dossier):
    client = en_tant_que(dossier, role="AS")
    cible = CibleFactory(dossier=dossier)
    hier = timezone.localdate() - timedelta(days=1)
    refus = poster(client, dossier, "transmission_cible_relancer", cible, relance_le=f"{hier}")
    assertContains(refus, "Choisissez un jour à venir", status_code=422)
    demain = timezone.localdate() + timedelta(days=1)
    poster(client, dossier, "transmission_cible_relancer", cible, relance_le=f"{demain}")
    cible.refresh_from_db()
    assert cible.a_relancer_le == cible.relance_le == demain


def test_ce_qui_attend_revient_a_la_releve_et_a_l_accueil(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    CibleFactory(dossier=dossier, en_retard=True, intitule="hanche gauche")
    CibleFactory(dossier=dossier, intitule="épaule")
    for adresse in (
        "/",
        reverse("accompagnement:releve"),
        reverse("accompagnement:releve_imprimable"),
    ):
        page = client.get(adresse)
        assertContains(page, "hanche gauche")
        assertNotContains(page, "épaule")
    unite = client.get(reverse("accompagnement:cibles_du_lieu"))
    assertContains(unite, "hanche gauche")
    assertContains(unite, "épaule")


def test_une_cible_reservee_ne_se_devine_pas(en_tant_que, dossier):
    psychologue = en_tant_que(dossier, role="PSYCHOLOGUE")
    ecrire(psychologue, dossier, cible="humeur", ouvrir="on", reserve="psychologues")
    cible = Cible.objects.get()
    assert cible.reserve == "psychologues"
    infirmiere = en_tant_que(dossier, role="IDE")
    assert infirmiere.get(url("transmission_cible", dossier, cible.pk)).status_code == 404
    ecrire(infirmiere, dossier, cible="humeur", donnees="Sourit.")
    assert Transmission.objects.get(donnees="Sourit.").cible_suivie is None
    assertNotContains(infirmiere.get(url("transmissions", dossier)), "Cible suivie")
    with pytest.raises(ValidationError):
        services.ecrire_transmission(
            psychologue.habilitation,
            dossier,
            survenu_le=timezone.now(),
            cle_saisie=uuid.uuid4(),
            suivi=services.rattachement.Suivi(cible),
            forme="ciblee",
            cible="humeur",
            importance="courante",
            donnees="À tous.",
        )


def test_reserver_la_seule_transmission_d_une_cible_en_ferme_le_nom(en_tant_que, dossier):
    psychologue = en_tant_que(dossier, role="PSYCHOLOGUE")
    ecrire(psychologue, dossier, cible="humeur", ouvrir="on", intitule="un secret")
    t = Transmission.objects.get()
    services.corriger_transmission(
        psychologue.habilitation,
        t.pk,
        version_lue=1,
        motif="réservée",
        cle_saisie=uuid.uuid4(),
        survenu_le=t.survenu_le,
        reserve="psychologues",
        forme="ciblee",
        cible="humeur",
        importance="courante",
        donnees=t.donnees,
    )
    assert Cible.objects.get().reserve == "psychologues"
    page = en_tant_que(dossier, role="IDE").get(url("transmission_cibles", dossier))
    assertNotContains(page, "un secret")


def test_qui_ecrit_sans_lire_ne_connait_aucune_cible_et_l_etranger_non_plus(en_tant_que, dossier):
    cible = CibleFactory(dossier=dossier, intitule="hanche")
    animatrice = en_tant_que(dossier, role="ANIMATEUR")
    assertNotContains(animatrice.get(url("transmission_nouvelle", dossier)), "hanche")
    assert animatrice.get(url("transmission_cible_clore", dossier, cible.pk)).status_code == 404
    assert animatrice.get(url("transmission_cibles", dossier)).status_code == 403
    etrangere = en_tant_que(DossierFactory(), role="IDE")
    for nom in ("transmission_cible", "transmission_cible_clore", "transmission_cible_rouvrir"):
        assert etrangere.get(url(nom, dossier, cible.pk)).status_code == 404
    autre = CibleFactory()
    ici = en_tant_que(dossier, role="IDE")
    assert ici.get(url("transmission_cible", dossier, autre.pk)).status_code == 404


def test_une_phrase_usuelle_s_ajoute_sans_rien_effacer(en_tant_que, dossier):
    client = en_tant_que(dossier, role="AS")
    ecrire(client, dossier, cible="douleur", donnees="Au lever.", phrases=["Ne se plaint pas."])
    assert Transmission.objects.get().donnees == "Au lever. Ne se plaint pas."
    ecrire(client, dossier, cible="sommeil", donnees="", phrases=["Nuit calme."])
    assert Transmission.objects.filter(donnees="Nuit calme.").exists()


def test_une_macrocible_se_lit_par_rubriques_s_imprime_et_se_corrige(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    adresse = url("transmission_macrocible", dossier, "appel")
    page = client.get(adresse)
    assertContains(page, "SAED")
    maintenant = timezone.localtime()
    champs = {
        "cle_saisie": str(uuid.uuid4()),
        "importance": "importante",
        "heure": f"{maintenant:%H:%M}",
        "jour": maintenant.date().isoformat(),
    }
    vide = client.post(adresse, champs | jeton_de(page))
    assertContains(vide, "au moins une rubrique", status_code=422)
    ecrite = {"r_situation": "Essoufflée depuis midi.", "r_demande": "Venir ce soir."}
    assert client.post(adresse, champs | ecrite | jeton_de(page)).status_code == 302
    t = Transmission.objects.get()
    assert (t.forme, t.macrocible) == ("macro", "appel")
    assert t.parties == [("Situation", "Essoufflée depuis midi."), ("Demande", "Venir ce soir.")]
    assertContains(client.get(url("transmissions", dossier)), "Venir ce soir.")
    assertContains(client.get(url("transmission_imprimable", dossier, t.pk)), "Essoufflée")
    corriger = client.get(url("transmission_corriger", dossier, t.pk), follow=True)
    assertContains(corriger, "Essoufflée depuis midi.")
    suite = champs | ecrite | {"r_demande": "Venir tout de suite.", "motif": "urgence"}
    suite |= {"version_lue": 1, "cle_saisie": str(uuid.uuid4())} | jeton_de(corriger)
    client.post(corriger.request["PATH_INFO"], suite)
    assert Transmission.objects.en_vigueur().get().rubriques["demande"] == "Venir tout de suite."
    autre = TransmissionFactory(dossier=dossier)
    assert client.get(url("transmission_macrocible_corriger", dossier, autre.pk)).status_code == 404
    assert client.get(url("transmission_macrocible", dossier, "rien")).status_code == 404
