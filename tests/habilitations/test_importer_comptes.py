"""Des comptes en nombre : les mêmes règles qu’un par un, tout ou rien."""

import json
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.asserts import assertContains

from habilitations.equipe.liste import ListeRefusee, lire
from habilitations.models import Activation, Affectation
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, formulaire_de
from tests.socle.factories import CompteFactory, UniteFactory

pytestmark = pytest.mark.django_db
Compte = get_user_model()
TITRES = "action;identifiant;prenom;nom;role;unite;debut;fin"
ADRESSE = "/equipe/importer/"


@pytest.fixture
def unite():
    return UniteFactory(nom="Magnolia")


@pytest.fixture
def nadia(unite):
    compte = CompteFactory(username="nadia.bensaid", first_name="Nadia", last_name="Bensaïd")
    return AffectationFactory(role="AS", unite=unite, portee="unite", compte=compte)


@pytest.fixture
def cadre(unite):
    return connecter(AffectationFactory(role="IDEC", etablissement=unite.etablissement).compte)


@pytest.fixture
def commande(unite, tmp_path):
    def lancer(*lignes, **options):
        fichier = tmp_path / "comptes.csv"
        fichier.write_text("\n".join([TITRES, *lignes]), encoding="utf-8")
        sortie, code = StringIO(), 0
        options = {"etablissement": unite.etablissement.finess, "format": "json"} | options
        try:
            call_command("importer_comptes", str(fichier), stdout=sortie, **options)
        except SystemExit as arret:
            code = arret.code
        return code, json.loads(sortie.getvalue())

    return lancer


LIGNES = (
    ";;Lila;Roy;AS;Magnolia;;31/12/2030",
    ";;Paul;Le Goff;IDE;;;",
    "ajouter;nadia.bensaid;;;IDE;Magnolia;;31/12/2030",
    "modifier;nadia.bensaid;;Bensaïd-Roux;AS;;;",
    "terminer;nadia.bensaid;;;AS;Magnolia;;",
)


def test_une_liste_cree_ajoute_modifie_et_termine(commande, nadia, unite):
    code, bilan = commande(*LIGNES)
    assert (code, bilan["rejets"]) == (0, [])
    faits = [bilan[c] for c in ("crees", "modifies", "ajoutees", "terminees")]
    assert faits == [2, 1, 1, 1]
    assert {c["identifiant"] for c in bilan["codes"]} == {"lila.roy", "paul.le-goff"}
    lila = Affectation.objects.get(compte__username="lila.roy")
    assert (lila.role_id, lila.unite, lila.portee) == ("AS", unite, "unite")
    nadia.refresh_from_db()
    assert nadia.fin == timezone.localdate()
    assert Compte.objects.get(username="nadia.bensaid").last_name == "Bensaïd-Roux"
    assert nadia.history.latest().history_type == "~"


def test_une_simulation_n_ecrit_rien_et_ne_donne_aucun_code(commande, nadia):
    code, bilan = commande(*LIGNES, simulation=True)
    assert (code, bilan["crees"], bilan["codes"]) == (0, 2, [])
    assert not Compte.objects.filter(username="lila.roy").exists()
    assert not Activation.objects.exists()


@pytest.mark.parametrize(
    ("ligne", "colonne"),
    [
        (";;Lila;;AS;;;", "nom"),
        (";;Lila;Roy;SORCIER;;;", "role"),
        (";;Lila;Roy;USAGER;;;", "role"),
        (";;Lila;Roy;AS;Inconnue;;", "unite"),
        (";;Lila;Roy;AS;;hier;", "debut"),
        (f";;Lila;Roy;AS;;{timezone.localdate():%d/%m/%Y};01/01/2026", "fin"),
        (";;Lila;Roy;AS;;31/12/9999;31/12/9999", "debut"),
        (";;Lila;Roy;AS;;01/01/1900;", "debut"),
        (";;Nadia;BENSAÏD;AS;;;", "nom"),
        ("ajouter;personne;;;AS;;;", "identifiant"),
        ("detruire;nadia.bensaid;;;AS;;;", "action"),
        ("terminer;nadia.bensaid;;;IDE;;;", "role"),
        (";;漢;字;AS;;;", "nom"),
    ],
)
def test_une_ligne_refusee_dit_son_numero_sa_colonne_et_rien_ne_s_ecrit(
    commande, nadia, ligne, colonne
):
    code, bilan = commande(";;Paul;Le Goff;IDE;;;", ligne)
    assert code == 1
    [rejet] = bilan["rejets"]
    assert (rejet["ligne"], rejet["colonne"]) == (3, colonne)
    assert rejet["raison"]
    assert bilan["codes"] == []
    assert not Compte.objects.filter(username="paul.le-goff").exists()


def test_avec_un_compte_de_cadre_la_regle_du_cadre_s_applique(commande, cadre):
    code, bilan = commande(";;Lila;Roy;MEDCO;;;31/12/2026", compte=cadre.compte.username)
    assert code == 1
    assert bilan["rejets"][0]["colonne"] == "role"


def test_l_etablissement_et_le_compte_existent(commande):
    for options in ({"etablissement": "000000000"}, {"compte": "personne"}):
        with pytest.raises(CommandError):
            commande(LIGNES[0], **options)


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"\x00\x01\x02",
        b"PK\x03\x04zip",
        b"%PDF-1.7",
        b"<html><table>",
        b"nom;prenom\nRoy;Lila",
        b"role;nom;salaire\nAS;Roy;1",
        b"role;nom;nom\nAS;Roy;Roy",
        b'role;nom\nAS;"Roy',
        b"role;nom\n" + b"AS;Roy\n" * 1001,
        b"role;nom\nAS;" + b"A" * 201,
        b"role;nom\n" + b"A" * (2**20),
    ],
)
def test_un_fichier_hostile_est_refuse_en_entier(contenu):
    with pytest.raises(ListeRefusee):
        lire(contenu)


def test_les_encodages_et_separateurs_courants_se_lisent():
    for contenu in ("\ufeffRôle;Nom\nAS;Élise".encode(), "role,nom\nAS,Élise".encode("cp1252")):
        [ligne] = lire(contenu)
        assert (ligne.numero, ligne["role"], ligne["nom"]) == (2, "AS", "Élise")


# ------------------------------------------------------------------ la page


def envoyer(client, contenu, acte):
    champs = formulaire_de(client.get(ADRESSE))[1]
    fichier = SimpleUploadedFile("comptes.csv", contenu.encode(), content_type="text/csv")
    return client.post(ADRESSE, champs | {"acte": acte, "fichier": fichier})


def test_le_cadre_essaie_puis_importe_et_imprime_les_codes(cadre):
    liste = "prenom;nom;role;unite;fin\nLila;Roy;AS;Magnolia;" + f"{timezone.localdate():%d/%m/%Y}"
    assertContains(envoyer(cadre, liste, "essayer"), "Essai : rien n’est écrit")
    assert not Compte.objects.filter(username="lila.roy").exists()
    reponse = envoyer(cadre, liste, "importer")
    assertContains(reponse, "lila.roy")
    assert Activation.objects.filter(compte__username="lila.roy").exists()
    page = envoyer(cadre, liste, "importer")
    assertContains(page, "Une personne de ce nom", status_code=422)
    assert Compte.objects.filter(username__startswith="lila.roy").count() == 1


def test_un_cadre_n_importe_pas_dans_un_autre_etablissement(cadre):
    ailleurs = UniteFactory()
    champs = formulaire_de(cadre.get(ADRESSE))[1] | {"etablissement": ailleurs.etablissement_id}
    fichier = SimpleUploadedFile("c.csv", b"prenom;nom;role\nLila;Roy;AS")
    assert cadre.post(ADRESSE, champs | {"acte": "importer", "fichier": fichier}).status_code == 422
    assert not Compte.objects.filter(username="lila.roy").exists()


def test_sans_le_droit_la_page_se_refuse(unite, sur_le_portail):
    client = connecter(AffectationFactory(role="IDE", etablissement=unite.etablissement).compte)
    assert client.get(ADRESSE).status_code == 403
    assert client.post(ADRESSE).status_code == 403


def test_l_aide_dit_les_codes_la_fin_et_donne_un_modele_qui_se_relit(cadre, unite):
    page = cadre.get(ADRESSE)
    assertContains(page, "« <code>prenom</code> »")
    assertContains(page, "<b>AS</b> (")
    assertContains(page, "est obligatoire")
    assert "<b>MEDCO</b>" not in page.content.decode()
    modele = cadre.get(f"{ADRESSE}modele.csv")
    assert lire(modele.content) == []
    directeur = AffectationFactory(role="DIRECTEUR", etablissement=unite.etablissement).compte
    assertContains(connecter(directeur).get(ADRESSE), "jusqu’à ce qu’on la termine")
    infirmiere = AffectationFactory(role="IDE", etablissement=unite.etablissement).compte
    assert connecter(infirmiere).get(f"{ADRESSE}modele.csv").status_code == 403


def test_toutes_les_fautes_d_une_ligne_se_disent_a_la_fois(commande):
    code, bilan = commande(";;Lila;Roy;SORCIER;Inconnue;hier;demain")
    assert code == 1
    assert [r["colonne"] for r in bilan["rejets"]] == ["unite", "role", "debut", "fin"]
    assert {r["ligne"] for r in bilan["rejets"]} == {2}
