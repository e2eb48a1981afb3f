"""La grille d’une maison : qui l’importe, où elle se propose, ce que ses versions gardent."""

import json
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accompagnement.evaluations import catalogue
from accompagnement.evaluations import services as evaluations
from accompagnement.evaluations.importees import services
from accompagnement.models import Evaluation, Grille, PublicationGrille
from dui.socle.models import Evenement
from tests.evaluations.factories import GrilleFactory
from tests.evaluations.importees.outils import fichier, grille
from tests.evaluations.test_pages import adresse, envoyer
from tests.socle.factories import DossierFactory, EtablissementFactory

pytestmark = pytest.mark.django_db
REPONSES = {"moral": "bon", "sommeil": "6"}
LISTE = "/evaluations/grilles/"


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def maison(dossier):
    return dossier.sejours.get().etablissement


@pytest.fixture
def admin(en_tant_que, dossier):
    return en_tant_que(dossier, role="ADMIN_SI")


@pytest.fixture
def publiee(admin, maison):
    return publier(admin, maison)


def publier(client, *maisons, **champs):
    h = client.habilitation
    nouvelle = services.importer(h, fichier(**champs))
    services.publier(h, nouvelle, etablissements=maisons)
    return nouvelle


def deposer(client, contenu, nom="grille.json"):
    return client.post(f"{LISTE}importer/", {"fichier": SimpleUploadedFile(nom, contenu)})


def commencer(client, dossier, *, version="1", **saisie):
    saisie.setdefault("reponses", dict(REPONSES))
    return evaluations.commencer(
        client.habilitation,
        dossier,
        grille="bien_etre",
        version_grille=version,
        cle_saisie=uuid.uuid4(),
        faite_le=timezone.now() - timedelta(minutes=5),
        **saisie,
    )


@pytest.mark.parametrize(
    ("role", "lit", "importe"), [("ADMIN_SI", 200, 200), ("DPO", 200, 403), ("IDE", 403, 403)]
)
def test_qui_regle_importe_qui_veille_lit_les_autres_non(en_tant_que, dossier, role, lit, importe):
    client = en_tant_que(dossier, role=role)

    assert client.get(LISTE).status_code == lit
    assert client.get(f"{LISTE}importer/").status_code == importe
    assert (LISTE in client.get("/").text) == (lit == 200)


def test_de_l_import_a_l_evaluation_validee(admin, en_tant_que, dossier, maison):
    """The whole way, by its pages."""
    reponse = deposer(admin, fichier())
    page = admin.get(reponse.url)
    assert "Moral du jour" in page.text
    assert "n’est publiée nulle part" in page.text
    ide = en_tant_que(dossier)
    assert ide.get(adresse("evaluation_nouvelle", dossier, "bien_etre")).status_code == 404

    admin.post(f"{reponse.url}publier/", {"etablissements": maison.pk})
    assert "Bien-être au Clos" in ide.get(adresse("evaluation_choisir", dossier)).text
    url = adresse("evaluation_nouvelle", dossier, "bien_etre")
    page = ide.get(envoyer(ide, url, REPONSES | {"mots": "Ça va."}, "valider").url)

    assert "8 / 9 : bien" in page.text
    assert "Ça va." in page.text
    e = Evaluation.objects.get()
    assert (e.version_grille, e.score) == ("1", 8)
    assert ide.get(adresse("evaluation_suivi", dossier, "bien_etre")).status_code == 200
    assert ide.get(adresse("evaluation_pdf", dossier, e.pk)).content.startswith(b"%PDF")
    assert set(Evenement.objects.values_list("type", flat=True)) >= {
        "grille.importee",
        "grille.publiee",
    }


def test_les_fautes_du_fichier_se_lisent_sur_la_page(admin):
    page = deposer(admin, fichier(domaine="magie"))

    assert page.status_code == 422
    assert "domaine : attendu" in page.text
    assert deposer(admin, b"%PDF-1.7 ").status_code == 422
    assert not Grille.objects.exists()


def test_un_libelle_hostile_reste_du_texte_partout(admin, en_tant_que, dossier, maison):
    """The test client refuses a script, a style or a handler in any page."""
    mechant = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    brut = grille(nom=mechant[:120], mode=mechant, source=[mechant], notes=[mechant])
    brut["items"][0] |= {"libelle": mechant, "aide": mechant, "groupe": mechant}
    brut["items"][0]["options"][0]["libelle"] = mechant
    brut["bandes"][1]["libelle"] = mechant
    brut["score"]["sens"] = mechant
    h = admin.habilitation
    services.publier(h, services.importer(h, fichier(brut)), etablissements=[maison])
    ide = en_tant_que(dossier)
    e = commencer(ide, dossier, valider=True)
    commencer(ide, dossier)
    pages = [
        admin.get(LISTE),
        admin.get(f"{LISTE}{Grille.objects.get().pk}/"),
        *(ide.get(adresse(nom, dossier)) for nom in ("evaluations", "evaluation_choisir")),
        *(
            ide.get(adresse(nom, dossier, "bien_etre"))
            for nom in ("evaluation_nouvelle", "evaluation_suivi")
        ),
        *(
            ide.get(adresse(nom, dossier, e.pk))
            for nom in ("evaluation_voir", "evaluation_imprimable")
        ),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    assert ide.get(adresse("evaluation_pdf", dossier, e.pk)).content.startswith(b"%PDF")


def test_une_nouvelle_version_ne_change_rien_a_ce_qui_fut_evalue(
    publiee, admin, en_tant_que, dossier, maison
):
    ide = en_tant_que(dossier)
    ancienne, brouillon = commencer(ide, dossier, valider=True), commencer(ide, dossier)
    deux = grille(version="2", bandes=[{"min": 0, "max": 9, "libelle": "Toujours bien"}])
    h = admin.habilitation
    services.publier(h, services.importer(h, fichier(deux)), etablissements=[maison])

    assert catalogue.proposees([maison])["bien_etre"].version == "2"
    assert "8 / 9 : bien" in ide.get(adresse("evaluation_voir", dossier, ancienne.pk)).text
    envoyer(ide, adresse("evaluation_remplir", dossier, brouillon.pk), REPONSES, "valider")
    brouillon.refresh_from_db()
    assert (brouillon.etat, brouillon.resultat["conclusion"]) == ("validee", "Bien")
    # A page opened before, sent after: the version that was on the screen.
    assert commencer(ide, dossier, version="1").version_grille == "1"


def test_une_grille_retiree_ne_se_commence_plus_mais_se_corrige(
    publiee, admin, en_tant_que, dossier
):
    ide = en_tant_que(dossier)
    e = commencer(ide, dossier, valider=True)
    services.retirer(admin.habilitation, publiee, publiee.publications.get().pk)
    PublicationGrille.objects.update(retiree_le=timezone.now() - timedelta(days=1))

    assert ide.get(adresse("evaluation_nouvelle", dossier, "bien_etre")).status_code == 404
    with pytest.raises(catalogue.GrilleInconnue):
        commencer(ide, dossier)
    page = ide.get(adresse("evaluations", dossier))
    assert "Bien-être au Clos" in page.text
    assert adresse("evaluation_nouvelle", dossier, "bien_etre") not in page.text
    url = adresse("evaluation_corriger", dossier, e.pk)
    envoyer(ide, url, REPONSES | {"moral": "bas"}, motif="Relu.")
    e.refresh_from_db()
    assert e.remplacee_par.score == 6


def test_un_code_livre_depuis_n_efface_pas_la_grille_de_la_maison(maison):
    GrilleFactory(code="norton", version="a-nous", chez=maison)

    assert catalogue.definition("norton", "a-nous").nom == "Grille de la maison"
    assert catalogue.definition("norton").brut["domaine"] == "escarre"
    for version in ("999", "a-nous"):
        with pytest.raises(catalogue.GrilleInconnue):
            catalogue.commencable([EtablissementFactory()], "norton", version)


def test_la_grille_d_une_autre_maison_ne_se_trouve_pas(publiee, en_tant_que):
    ailleurs = DossierFactory()
    ide = en_tant_que(ailleurs)

    assert ide.get(adresse("evaluation_nouvelle", ailleurs, "bien_etre")).status_code == 404
    with pytest.raises(catalogue.GrilleInconnue):
        commencer(ide, ailleurs)


def test_on_ne_publie_ni_ne_retire_que_chez_soi(publiee, admin, en_tant_que):
    etrangere = EtablissementFactory()
    autre = en_tant_que(role="ADMIN_SI", etablissement=etrangere)
    publication = publiee.publications.get()

    with pytest.raises(PermissionDenied):
        services.publier(admin.habilitation, publiee, etablissements=[etrangere])
    with pytest.raises(PermissionDenied):
        services.publier(admin.habilitation, publiee, domaines=[etrangere.domaine])
    url = reverse("accompagnement:grille_retirer", args=[publiee.pk, publication.pk])
    assert autre.post(url).status_code == 404
    with pytest.raises(ValidationError, match="sous un autre code"):
        services.importer(autre.habilitation, fichier(version="2"))
    publication.refresh_from_db()
    assert publication.retiree_le is None


def test_publier_un_domaine_vaut_pour_la_maison_qui_s_y_ajoute(admin, maison):
    nouvelle = services.importer(admin.habilitation, fichier())
    services.publier(admin.habilitation, nouvelle, domaines=[maison.domaine])

    ajoutee = EtablissementFactory(domaine=maison.domaine)
    assert "bien_etre" in catalogue.proposees([ajoutee])
    assert "bien_etre" not in catalogue.proposees([EtablissementFactory(domaine="PDE")])


def test_deux_fois_le_meme_geste_n_en_fait_qu_un(publiee, admin, maison):
    h = admin.habilitation
    assert services.importer(h, fichier()) == publiee
    assert services.publier(h, publiee, etablissements=[maison]) == 0
    pk = publiee.publications.get().pk
    premiere = services.retirer(h, publiee, pk).retiree_le
    assert services.retirer(h, publiee, pk).retiree_le == premiere
    with pytest.raises(ValidationError, match="une version ne change jamais"):
        services.importer(h, fichier(nom="Autre nom"))


def test_la_base_refuse_de_changer_une_version(publiee):
    for requete in (
        lambda: Grille.objects.update(nom="X"),
        lambda: PublicationGrille.objects.update(domaine="PH"),
        lambda: PublicationGrille.objects.filter(pk__isnull=False)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            requete()


def test_ce_qui_s_exporte_se_reimporte(publiee, admin):
    sortie = admin.get(f"{LISTE}{publiee.pk}/definition.json")
    assert json.loads(sortie.content) == grille()
    livree = json.loads(admin.get(f"{LISTE}livrees/norton.json").content)
    assert services.importer(admin.habilitation, fichier(livree | {"code": "norton_a_nous"}))
    assert admin.get(f"{LISTE}livrees/tarot.json").status_code == 404
    assert "properties" in json.loads(admin.get(f"{LISTE}schema.json").content)


def test_les_pages_coutent_autant_pour_une_grille_que_pour_dix(
    admin, en_tant_que, dossier, maison, django_assert_max_num_queries
):
    ide = en_tant_que(dossier)
    for n in range(10):
        publier(admin, maison, code=f"maison_{n}")
    for client, url in (
        (admin, LISTE),
        (ide, adresse("evaluations", dossier)),
        (ide, adresse("evaluation_nouvelle", dossier, "maison_3")),
        (admin, f"{LISTE}{Grille.objects.first().pk}/"),
    ):
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


def test_la_commande_importe_publie_et_dit_les_fautes(tmp_path, maison):
    chemin, dits = tmp_path / "grille.json", StringIO()
    chemin.write_bytes(fichier())
    call_command("importer_grille", chemin, "--verifier", stdout=dits)
    assert not Grille.objects.exists()

    call_command("importer_grille", chemin, publier_etablissement=[maison.finess], stdout=dits)

    assert "1 nouvelle(s) publication(s)" in dits.getvalue()
    assert "bien_etre" in catalogue.proposees([maison])
    chemin.write_bytes(fichier(domaine="magie"))
    with pytest.raises(CommandError, match="domaine : attendu"):
        call_command("importer_grille", chemin)
    with pytest.raises(CommandError, match="absent"):
        call_command("importer_grille", tmp_path / "absent.json")
    chemin.write_bytes(fichier())
    with pytest.raises(CommandError, match="Établissement inconnu"):
        call_command("importer_grille", chemin, publier_etablissement=["000000000"])
