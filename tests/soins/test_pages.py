from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dui.socle.models import EntreeJournal
from soins.models import Mesure, Vigilance
from tests.outils import formulaire_de, jeton_de
from tests.socle.factories import DossierFactory
from tests.soins.factories import MesureFactory, VigilanceFactory, peser

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


def url(nom, dossier, *args):
    return reverse(f"soins:{nom}", args=[dossier.pk, *args])


def texte(reponse):
    return reponse.content.decode()


def requetes(client, adresse) -> int:
    with CaptureQueriesContext(connection) as capture:
        assert client.get(adresse).status_code == 200
    return len(capture)


# ---------------------------------------------------------------- lire


def test_l_infirmiere_lit_les_constantes_et_le_journal_le_sait(dossier, en_tant_que):
    MesureFactory(dossier=dossier, valeur="39.4")
    client = en_tant_que(dossier, role="IDE")

    page = texte(client.get(url("constantes", dossier)))

    assert "39,4" in page and "Seuil haut" in page
    trace = EntreeJournal.objects.get()
    assert (trace.bloc, trace.action, trace.dossier) == ("CST", "voir", dossier)


@pytest.mark.parametrize("role, statut", [("REEDUCATEUR", 403), ("SECRETAIRE", 403), ("AS", 200)])
def test_qui_peut_noter_des_constantes(dossier, en_tant_que, role, statut):
    assert (
        en_tant_que(dossier, role=role).get(url("constante_saisir", dossier)).status_code == statut
    )


def test_le_reeducateur_lit_sans_qu_on_lui_propose_d_ecrire(dossier, en_tant_que):
    MesureFactory(dossier=dossier)
    page = texte(en_tant_que(dossier, role="REEDUCATEUR").get(url("constantes", dossier)))
    assert "36,8" in page
    assert "Noter des constantes" not in page and "corriger" not in page


@pytest.mark.parametrize("nom", ["constantes", "constante_saisir", "vigilances"])
def test_pour_un_etranger_le_dossier_n_existe_pas_et_le_refus_est_trace(dossier, en_tant_que, nom):
    client = en_tant_que(DossierFactory(), role="MEDCO")
    assert client.get(url(nom, dossier)).status_code == 404
    trace = EntreeJournal.objects.get()
    assert (trace.action, trace.titre_acces, trace.dossier) == ("refus", "aucun", dossier)


def test_une_mesure_d_un_autre_dossier_ne_se_corrige_pas_par_celui_ci(dossier, en_tant_que):
    ailleurs = MesureFactory()
    client = en_tant_que(dossier, role="IDE")
    assert client.get(url("constante_corriger", dossier, ailleurs.pk)).status_code == 404


def test_la_page_coute_autant_de_requetes_pour_30_et_300_saisies(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    client.get(url("constantes", dossier))
    comptes = []
    for nombre in (30, 270):
        for _ in range(nombre):
            MesureFactory(dossier=dossier, il_y_a=nombre, auteur=client.compte)
        comptes.append(requetes(client, url("constantes", dossier)))
    assert comptes[0] == comptes[1] <= 25


def test_la_liste_se_parcourt_sans_perdre_ni_repeter_une_saisie(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    instant = timezone.now() - timedelta(hours=1)
    for n in range(65):
        # Several sets at the very same minute, across the edges of pages.
        MesureFactory(
            dossier=dossier,
            code="fc",
            valeur=100 + n,
            mesuree_le=instant - timedelta(minutes=n // 9),
        )
    vues, adresse = [], url("constantes", dossier)
    while adresse:
        reponse = client.get(adresse)
        tranche = reponse.context["tranche"]
        vues += [m["pk"] for s in tranche.lignes for m in s["mesures"]]
        adresse = url("constantes", dossier) + tranche.anciens if tranche.anciens else ""
    assert len(vues) == len(set(vues)) == 65


def test_la_pression_se_lit_en_une_ligne_et_se_filtre_en_une_fois(dossier, en_tant_que):
    cle, le = uuid4(), timezone.now()
    for code, valeur in (("pas", 128), ("pad", 74)):
        MesureFactory(dossier=dossier, code=code, valeur=valeur, cle_saisie=cle, mesuree_le=le)
    MesureFactory(dossier=dossier, code="fc", valeur=68)
    client = en_tant_que(dossier, role="IDE")
    assert "128/74" in texte(client.get(url("constantes", dossier)))
    reponse = client.get(url("constantes", dossier) + "?code=pas")
    lignes = reponse.context["tranche"].lignes
    assert "".join(m["avant"] + m["texte"] for m in lignes[0]["mesures"]) == "Pression 128/74 mmHg"
    assert [len(s["mesures"]) for s in lignes] == [2]


def test_un_filtre_inconnu_ou_un_curseur_invente_ne_casse_rien(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    for parametres in ("?code=inconnu", "?avant=demain", "?code=corrections", "?code=glycemie"):
        assert client.get(url("constantes", dossier) + parametres).status_code == 200


# ---------------------------------------------------------------- écrire


def poster(client, adresse, **donnees):
    page = client.get(adresse)
    formulaire = page.context["formulaire"]
    initiales = {bf.html_name: bf.value() for bf in formulaire if bf.value() is not None}
    initiales = {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in initiales.items()}
    return client.post(adresse, initiales | jeton_de(page) | donnees)


def test_l_aide_soignante_note_des_constantes_avec_une_virgule(dossier, en_tant_que):
    client = en_tant_que(dossier, role="AS")
    reponse = poster(
        client, url("constante_saisir", dossier), poids="53,4", pas="128", pad="74", heure="0h01"
    )
    assert reponse.status_code == 302
    assert Mesure.objects.get(code="poids").valeur == Decimal("53.4")
    assert Mesure.objects.get(code="pas").auteur == client.compte


def test_une_valeur_impossible_revient_a_son_champ_avec_le_reste_de_la_saisie(dossier, en_tant_que):
    client = en_tant_que(dossier, role="AS")
    reponse = poster(
        client, url("constante_saisir", dossier), temperature="98,6", poids="53,4", heure="0:01"
    )
    assert reponse.status_code == 422
    page = texte(reponse)
    assert "Attendu entre 25 et 45 °C" in page and 'value="53,4"' in page
    assert "Erreur – " in page
    assert not Mesure.objects.exists()


@pytest.mark.parametrize("heure", ["26h", "midi", "12:75"])
def test_une_heure_illisible_dit_comment_l_ecrire(dossier, en_tant_que, heure):
    client = en_tant_que(dossier, role="AS")
    reponse = poster(client, url("constante_saisir", dossier), poids="53,4", heure=heure)
    assert reponse.status_code == 422 and "comme 14:02" in texte(reponse)


def test_corriger_une_mesure_montre_ensuite_les_deux_valeurs(dossier, en_tant_que):
    mesure = MesureFactory(dossier=dossier, code="poids", valeur="36.4")
    client = en_tant_que(dossier, role="IDE")
    adresse = url("constante_corriger", dossier, mesure.pk)

    assert poster(client, adresse, valeur="63,4", motif="Balance mal lue").status_code == 302

    page = texte(client.get(url("constantes", dossier) + "?code=corrections"))
    assert "36,4 kg" in page and "63,4 kg" in page and "Balance mal lue" in page
    assert "n’est plus en vigueur" in texte(client.get(adresse))


def test_corriger_une_mesure_deja_corrigee_le_dit_sans_rien_ecraser(dossier, en_tant_que):
    mesure = MesureFactory(dossier=dossier, code="poids", valeur="36.4")
    client = en_tant_que(dossier, role="IDE")
    adresse = url("constante_corriger", dossier, mesure.pk)
    page = client.get(adresse)
    poster(client, adresse, valeur="63,4", motif="Balance mal lue")
    suite = {"valeur": "64", "motif": "Autre", "jour": timezone.localdate(), "heure": "0:01"}
    reponse = client.post(adresse, suite | jeton_de(page) | {"cle_saisie": uuid4()})
    assert reponse.status_code == 422
    assert Mesure.objects.count() == 2


def test_annuler_une_mesure_demande_un_motif(dossier, en_tant_que):
    mesure = MesureFactory(dossier=dossier)
    client = en_tant_que(dossier, role="IDE")
    adresse, cle = url("constante_annuler", dossier, mesure.pk), uuid4()
    assert client.post(adresse, {"motif": "", "cle_saisie": cle}).status_code == 422
    suite = {"motif": "Mauvaise personne", "cle_saisie": cle}
    assert client.post(adresse, suite).status_code == 302
    assert not Mesure.objects.en_vigueur().exists()


# ---------------------------------------------------------------- vigilances


def test_l_aide_soignante_lit_l_essentiel_des_vigilances(dossier, en_tant_que):
    VigilanceFactory(dossier=dossier, allergie=True, precision="Œdème du visage, 2011")
    VigilanceFactory(dossier=dossier, libelle="Ancienne contention", levee=True)
    page = texte(en_tant_que(dossier, role="AS").get(url("vigilances", dossier)))
    assert "Œdème du visage, 2011" in page and "Ancienne contention" in page
    assert "Ajouter une vigilance" not in page


@pytest.mark.parametrize("role, statut", [("MEDCO", 200), ("IDE", 403), ("AS", 403)])
def test_seul_le_medecin_ajoute_une_vigilance(dossier, en_tant_que, role, statut):
    client = en_tant_que(dossier, role=role)
    assert client.get(url("vigilance_ajouter", dossier)).status_code == statut


def test_ajouter_modifier_puis_lever_une_vigilance_laisse_son_histoire(dossier, en_tant_que):
    client = en_tant_que(dossier, role="MEDCO")
    reponse = poster(
        client, url("vigilance_ajouter", dossier), type="allergie", libelle="Allergie : latex"
    )
    assert reponse.status_code == 302
    vigilance = Vigilance.objects.get()
    adresse = url("vigilance_modifier", dossier, vigilance.pk)
    assert poster(client, adresse, precision="Rougeurs aux mains").status_code == 302
    adresse = url("vigilance_lever", dossier, vigilance.pk)
    assert poster(client, adresse, motif="Test négatif").status_code == 302
    page = texte(client.get(url("vigilances", dossier)))
    assert "Ajoutée" in page and "Modifiée : précision" in page and "Test négatif" in page
    assert client.get(adresse).status_code == 404


def test_deux_medecins_modifient_la_meme_vigilance(dossier, en_tant_que):
    vigilance = VigilanceFactory(dossier=dossier, precision="")
    adresse = url("vigilance_modifier", dossier, vigilance.pk)
    premier, second = en_tant_que(dossier, role="MEDCO"), en_tant_que(dossier, role="MEDCO")
    lue = second.get(adresse)
    poster(premier, adresse, precision="Fracture en 2024")

    saisie = {
        bf.html_name: bf.value() for bf in lue.context["formulaire"] if bf.value() is not None
    }
    saisie |= {"libelle": "Chute : très élevé", "depuis": "2024-01-09"} | jeton_de(lue)
    conflit = second.post(adresse, saisie)

    assert conflit.status_code == 409
    page = texte(conflit)
    assert "Fracture en 2024" in page and "Chute : très élevé" in page
    fusion = dict(conflit.context["caches_fusion"])
    for d in conflit.context["divergences"]:
        fusion[d.champ.html_name] = d.champ.value()
    assert second.post(adresse, fusion | jeton_de(conflit)).status_code == 302
    vigilance.refresh_from_db()
    assert (vigilance.libelle, vigilance.precision) == ("Chute : très élevé", "Fracture en 2024")


# ---------------------------------------------------------------- ailleurs dans le produit


def test_le_bandeau_porte_les_vigilances_la_plus_grave_d_abord(dossier, en_tant_que):
    VigilanceFactory(dossier=dossier)
    VigilanceFactory(dossier=dossier, allergie=True)
    bandeau = en_tant_que(dossier, role="AS").get(url("constantes", dossier)).context["bandeau"]
    assert [(v[0], v[2], v[3]) for v in bandeau.vignettes] == [
        ("rouge", "Allergie : pénicilline", True),
        ("ambre", "Chute : risque élevé", False),
    ]


def test_la_secretaire_ne_voit_aucune_vigilance_dans_le_bandeau(dossier, en_tant_que):
    VigilanceFactory(dossier=dossier, allergie=True)
    reponse = en_tant_que(dossier, role="SECRETAIRE").get(reverse("dossier", args=[dossier.pk]))
    assert "pénicilline" not in texte(reponse)


def test_les_vignettes_de_30_dossiers_coutent_une_requete(en_tant_que):
    from soins.registre import vignettes

    dossiers = [DossierFactory() for _ in range(3)]
    for d in dossiers:
        VigilanceFactory.create_batch(10, dossier=d)
    h = en_tant_que(dossiers[0], role="IDE").habilitation
    vignettes(h, dossiers[:1])  # rights once per request, labels once a minute
    with CaptureQueriesContext(connection) as capture:
        par_dossier = vignettes(h, dossiers)
    assert len(capture) == 1
    assert list(par_dossier) == [dossiers[0].pk]  # the two others are elsewhere


def test_la_synthese_alerte_sur_la_perte_de_poids(dossier, en_tant_que):
    peser(dossier, j31="56.4", j0="53.4")
    MesureFactory(dossier=dossier, code="taille", valeur="160", il_y_a=400)
    page = texte(en_tant_que(dossier, role="IDE").get(reverse("dossier", args=[dossier.pk])))
    assert "Perte de poids : 5,3 % en un mois" in page
    assert "3,0 kg de moins en un mois, IMC 20,9" in page


def test_mon_poste_montre_a_l_infirmiere_les_alertes_de_l_unite(dossier, en_tant_que):
    peser(dossier, j31="56.4", j0="53.4")
    MesureFactory(dossier=dossier, valeur="38.2", il_y_a=1)
    MesureFactory(dossier=DossierFactory(), valeur="40.2")
    page = texte(en_tant_que(dossier, role="IDE").get("/"))
    assert "À faire d’abord" in page and "Température" in page and "40,2" not in page
    assert "À faire d’abord" not in texte(en_tant_que(dossier, role="AS").get("/"))


def test_une_fievre_de_la_semaine_derniere_n_alerte_plus(dossier, en_tant_que):
    MesureFactory(dossier=dossier, valeur="39.5", il_y_a=6)
    assert "À faire d’abord" not in texte(en_tant_que(dossier, role="IDE").get("/"))


@pytest.mark.lent
def test_mon_poste_coute_autant_pour_3_et_30_residents_en_alerte(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    sejour, comptes = dossier.sejours.get(), []
    client.get("/")
    for nombre in (3, 27):
        for _ in range(nombre):
            d = DossierFactory(sejour__unite=sejour.unite)
            peser(d, j31="60", j20="58", j0="53")
        comptes.append(requetes(client, "/"))
    assert comptes[0] == comptes[1]


def test_toutes_les_fautes_d_une_saisie_se_disent_d_un_coup_chacune_a_son_champ(
    dossier, en_tant_que
):
    client = en_tant_que(dossier, role="IDE")
    adresse = url("constante_saisir", dossier)
    _, champs = formulaire_de(client.get(adresse))
    demain = timezone.localdate() + timedelta(days=1)
    faux = {"pas": "abc", "temperature": "387", "spo2": "105", "jour": f"{demain:%d/%m/%Y}"}
    reponse = client.post(adresse, champs | faux)
    assert reponse.status_code == 422
    assert set(reponse.context["formulaire"].errors) == {"pas", "temperature", "spo2", "jour"}


@pytest.mark.parametrize("lu", ["[" * 100_000, '{"a":' * 100_000, "[1]", "{"])
def test_une_version_lue_trafiquee_donne_une_page_de_conflit(dossier, en_tant_que, lu):
    v = VigilanceFactory(dossier=dossier)
    client = en_tant_que(dossier, role="MEDCO")
    adresse = url("vigilance_modifier", dossier, v.pk)
    _, champs = formulaire_de(client.get(adresse))
    reponse = client.post(adresse, champs | {"libelle": "Autre", "version": "0", "lu": lu})
    assert reponse.status_code == 409


def test_une_vigilance_ne_precede_pas_la_naissance(dossier, en_tant_que):
    client = en_tant_que(dossier, role="MEDCO")
    adresse = url("vigilance_ajouter", dossier)
    _, champs = formulaire_de(client.get(adresse))
    saisie = {"type": "chute", "libelle": "Chute", "gravite": "2", "depuis": "01/01/1901"}
    reponse = client.post(adresse, champs | saisie)
    assert reponse.status_code == 422 and "précède la naissance" in texte(reponse)
