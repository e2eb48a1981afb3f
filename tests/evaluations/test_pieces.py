"""Les pièces jointes d’une évaluation : jointes au brouillon, figées avec la version validée."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.evaluations import services
from accompagnement.models import Evaluation
from dui.socle import coffre
from dui.socle.models import Document, EntreeJournal
from tests.evaluations.factories import EvaluationFactory
from tests.evaluations.test_pages import ALGOPLUS, COMPLET, adresse, envoyer
from tests.photos.factories import jpeg
from tests.socle.factories import DocumentFactory, DossierFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 certificat"


@pytest.fixture
def dossier():
    return DossierFactory()


def fichier(contenu=PDF, nom="certificat_MDPH.pdf"):
    return SimpleUploadedFile(nom, contenu, "application/octet-stream")


def evaluation_jointe(dossier, **champs):
    piece = DocumentFactory(dossier=dossier, bloc="EVA", titre="Certificat médical")
    pieces = [str(piece.pk)]
    return EvaluationFactory(
        dossier=dossier, grille="algoplus", reponses=COMPLET, pieces=pieces, **champs
    ), piece


def test_une_piece_se_joint_se_retire_puis_reste_avec_la_version_validee(en_tant_que, dossier):
    client = en_tant_que(dossier)
    page = adresse("evaluation_nouvelle", dossier, "algoplus")
    assertContains(client.get(page), 'enctype="multipart/form-data"')

    remplir = envoyer(client, page, ALGOPLUS, piece=fichier()).url
    premiere = Document.objects.get()
    assert (premiere.titre, premiere.type_mime) == ("Certificat MDPH", "application/pdf")
    assert (premiere.bloc, premiere.communicable_le) == ("EVA", None)
    exif = Image.Exif()
    exif[0x0110] = "Téléphone de Claire"
    photo = fichier(jpeg(exif=exif), "IMG_1.jpg")
    envoyer(client, remplir, ALGOPLUS, piece=photo, piece_titre="Plan de la chambre")
    seconde = Document.objects.get(titre="Plan de la chambre")
    garde = coffre.contenu(seconde)
    assert b"Claire" not in garde and Image.open(io.BytesIO(garde)).format == "JPEG"

    suite = envoyer(client, remplir, COMPLET, "valider", retirees=[str(premiere.pk)])
    evaluation = Evaluation.objects.get()
    assert evaluation.validee and evaluation.pieces == [str(seconde.pk)]
    lue = client.get(suite.url)
    assertContains(lue, adresse("evaluation_piece", dossier, evaluation.pk, seconde.pk))
    assertNotContains(lue, "Certificat MDPH")
    imprimee = client.get(adresse("evaluation_imprimable", dossier, evaluation.pk))
    assertContains(imprimee, "Plan de la chambre")
    assert client.get(adresse("evaluation_pdf", dossier, evaluation.pk)).status_code == 200
    with pytest.raises(DatabaseError), transaction.atomic():
        evaluation.pieces = []
        evaluation.save()


def test_la_version_corrigee_garde_les_pieces_sauf_celles_qu_elle_retire(en_tant_que, dossier):
    client = en_tant_que(dossier)
    evaluation, piece = evaluation_jointe(dossier, auteur=client.compte)
    corriger = adresse("evaluation_corriger", dossier, evaluation.pk)
    envoyer(client, corriger, COMPLET, motif="heure", piece=fichier())
    nouvelle = Evaluation.objects.get(version=2)
    assert nouvelle.pieces[0] == str(piece.pk) and len(nouvelle.pieces) == 2

    corriger = adresse("evaluation_corriger", dossier, nouvelle.pk)
    envoyer(client, corriger, COMPLET, motif="autrui", retirees=[str(piece.pk)])
    assert Evaluation.objects.get(version=3).pieces == nouvelle.pieces[1:]
    ancienne = adresse("evaluation_piece", dossier, evaluation.pk, piece.pk)
    assert client.get(ancienne).status_code == 200  # the former version keeps its own


def test_trois_acteurs_devant_une_piece(en_tant_que, sur_le_portail, dossier):
    evaluation, piece = evaluation_jointe(dossier)
    url = adresse("evaluation_piece", dossier, evaluation.pk, piece.pk)
    reponse = en_tant_que(dossier, role="DIM").get(url)
    assert reponse.content == coffre.contenu(piece)
    assert reponse["Content-Disposition"] == 'inline; filename="piece.pdf"'
    assert reponse["Cache-Control"] == "no-store"
    trace = EntreeJournal.objects.get(action="telecharger")
    assert (trace.dossier, trace.cible) == (dossier, str(piece.pk))

    assert en_tant_que(dossier, role="AS").get(url).status_code == 403
    etrangere = en_tant_que(DossierFactory())
    assert etrangere.get(url).status_code == 404
    assert sur_le_portail(dossier).get(url).status_code == 404
    ailleurs = adresse("evaluation_piece", dossier, EvaluationFactory(dossier=dossier).pk, piece.pk)
    assert en_tant_que(dossier).get(ailleurs).status_code == 404  # the piece of another one


@pytest.mark.parametrize(
    ("contenu", "nom", "dit"),
    [
        (b"MZ\x90\0", "certificat.pdf", "Ce type de fichier n’est pas accepté ici."),
        (PDF, "certificat.exe", "ce que son contenu n’est pas"),
        (jpeg(600)[:-2000], "plan.jpg", "Cette image est illisible."),
        (PDF, "certificat.pdf", "Choisissez de nouveau ce fichier"),  # refused for its answers
    ],
)
def test_un_fichier_refuse_ne_perd_pas_les_reponses(en_tant_que, dossier, contenu, nom, dit):
    client, autres = en_tant_que(dossier), {}
    if "de nouveau" in dit:
        autres = {"faite_le": "01/01/2999 10:00"}
    page = envoyer(
        client,
        adresse("evaluation_nouvelle", dossier, "algoplus"),
        ALGOPLUS,
        piece=fichier(contenu, nom),
        **autres,
    )
    assertContains(page, dit, status_code=422)
    assert page.context["formulaire"]["r_visage"].value() == "oui"
    assert not Evaluation.objects.exists() and not Document.objects.exists()


def test_le_nombre_de_pieces_est_borne_par_les_reglages(en_tant_que, dossier, monkeypatch):
    client = en_tant_que(dossier)
    evaluation, _ = evaluation_jointe(dossier, brouillon=True, auteur=client.compte)
    reglages = services.pieces.catalogue.donnees("reglages") | {"pieces_max": 1}
    monkeypatch.setattr(services.pieces.catalogue, "donnees", lambda nom: reglages)
    remplir = adresse("evaluation_remplir", dossier, evaluation.pk)
    assertContains(envoyer(client, remplir, COMPLET, piece=fichier()), "au plus 1", status_code=422)
    assertContains(
        envoyer(client, remplir, COMPLET, piece_titre="Un plan"),
        "Choisissez le fichier qui porte ce nom.",
        status_code=422,
    )


def test_un_fichier_trop_lourd_est_coupe_sans_perdre_les_reponses(en_tant_que, dossier, settings):
    settings.TAILLE_MAXIMALE_DOCUMENT = 1000
    nouvelle = adresse("evaluation_nouvelle", dossier, "algoplus")
    lourd = fichier(PDF + b"0" * 200_000)
    page = envoyer(en_tant_que(dossier), nouvelle, ALGOPLUS, piece=lourd)
    assertContains(page, "trop lourd", status_code=422)
    assert page.context["formulaire"]["r_visage"].value() == "oui"
    assert not Document.objects.exists()
