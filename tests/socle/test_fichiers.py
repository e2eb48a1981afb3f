"""Les fichiers déposés : ce que dit leur contenu, leur nom, leur taille, et l’antivirus."""

import io
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from admission.models import Importation
from dui.connecteurs.clamav_local import EICAR
from dui.socle import coffre, fichiers
from dui.socle.fichiers import DOCUMENTS, JPEG, LISTES, PDF, PNG, FichierInterdit
from dui.socle.models import Document, EntreeJournal
from habilitations.politique import Habilitation
from tests.admission.fichiers import csv
from tests.connecteurs.test_clamav import antivirus
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter
from tests.socle.factories import CompteFactory, DossierFactory

TITRES = ["Nom de naissance", "Prénoms", "Sexe", "Né(e) le"]


def png(largeur, hauteur):
    return b"\x89PNG\r\n\x1a\n" + struct.pack("!I4sII", 13, b"IHDR", largeur, hauteur) + b"\0" * 9


def jpeg(largeur, hauteur):
    segment = b"\xff\xe0" + struct.pack("!H", 16) + b"JFIF\0" + b"\0" * 9
    return b"\xff\xd8" + segment + b"\xff\xc0" + struct.pack("!HBHH", 17, 8, hauteur, largeur)


@pytest.fixture
def habilitation(db):
    return Habilitation(CompteFactory())


def motif(habilitation, contenu, *, nom="", permises=DOCUMENTS):
    with pytest.raises(FichierInterdit) as refus:
        fichiers.controler(habilitation, io.BytesIO(contenu), nom=nom, permises=permises)
    assert refus.value.message.endswith(".") and refus.value.que_faire.endswith(".")
    trace = EntreeJournal.objects.get(action="fichier_refuse")
    assert trace.cible == refus.value.motif
    return refus.value.motif


# ------------------------------------------------------------------ contenu, nom, taille


@pytest.mark.parametrize(
    "contenu",
    [
        b"MZ\x90\0",
        b"\x7fELF",
        b"<svg onload='x'>",
        b"<html>",
        b"PK\x03\x04",
        b"GIF89a",
        b"#!/bin/sh",
    ],
)
def test_ce_qui_n_est_ni_pdf_ni_image_est_refuse_quel_que_soit_son_nom(habilitation, contenu):
    assert motif(habilitation, contenu, nom="photo.png") == "nature"


@pytest.mark.parametrize("nom", ["a.pdf.exe", "a.html", "a.svg", "..\\..\\a.php"])
def test_le_nom_ne_dit_pas_autre_chose_que_le_contenu(habilitation, nom):
    assert motif(habilitation, b"%PDF-1.7", nom=nom) == "extension"


@pytest.mark.parametrize(
    ("contenu", "nature"),
    [(b"%PDF-1.7", PDF), (png(800, 600), PNG), (jpeg(800, 600), JPEG)],
)
def test_un_document_se_reconnait_a_ses_octets(habilitation, contenu, nature):
    lu = fichiers.controler(habilitation, io.BytesIO(contenu), nom="", permises=DOCUMENTS)
    assert lu is nature
    assert not EntreeJournal.objects.exists()


def test_une_liste_n_est_pas_un_document_ni_l_inverse(habilitation):
    assert motif(habilitation, b"%PDF-1.7", permises=LISTES) == "nature"


def test_un_fichier_vide_ou_trop_gros_est_refuse(habilitation, settings):
    settings.TAILLE_MAXIMALE_DOCUMENT = 10
    assert motif(habilitation, b"%PDF-" + b"x" * 6) == "taille"


@pytest.mark.parametrize(
    "image", [png(100_000, 100_000), png(0, 10), jpeg(65_000, 65_000), b"\xff\xd8\xff\xe0\0\x04ab"]
)
def test_une_image_demesuree_ou_sans_dimension_est_refusee_sans_etre_decodee(habilitation, image):
    assert motif(habilitation, image) == "pixels"


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-", b"\xff\xd8\xff", png(1, 1)[:20]]))
def test_aucun_octet_ne_fait_de_panne(octets, debut):
    """Reconnu ou refusé, jamais une autre erreur."""
    flux = io.BytesIO(debut + octets)
    try:
        nature = fichiers.reconnaitre(flux, (*DOCUMENTS, *LISTES))
        fichiers._verifier_l_image(flux, nature)
    except FichierInterdit as refus:
        assert refus.motif in {"taille", "nature", "pixels"}


def test_un_document_dont_le_type_ment_n_est_pas_range(db):
    dossier = DossierFactory()
    h = Habilitation(AffectationFactory(etablissement=dossier.sejours.get().etablissement).compte)
    champs = {"bloc": "DOCA", "type_": "courrier", "titre": "X", "type_mime": "application/pdf"}
    with pytest.raises(FichierInterdit):
        coffre.deposer_document(h, dossier, contenu=b"<html>", **champs)
    assert not Document.objects.exists()
    assert coffre.deposer_document(h, dossier, contenu=b"%PDF-1.7", **champs).taille == 8


# ------------------------------------------------------------------ antivirus, par la page


@pytest.fixture
def secretaire(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    affectation = AffectationFactory(role="SECRETAIRE")
    client = connecter(affectation.compte)
    client.etablissement = affectation.etablissement
    return client


def envoyer(secretaire, suite=b"", nom="liste.csv"):
    contenu = csv([TITRES, ["DURAND", "MARIE", "F", "12/05/1931"]]).getvalue() + suite
    return secretaire.post(
        reverse("admission:importation_nouvelle"),
        {"etablissement": secretaire.etablissement.pk, "fichier": SimpleUploadedFile(nom, contenu)},
    )


def rien_n_est_garde(tmp_path):
    return not Importation.objects.exists() and not [f for f in tmp_path.rglob("*") if f.is_file()]


def test_une_liste_saine_entre(secretaire, settings):
    with antivirus() as settings.ANTIVIRUS:
        assert envoyer(secretaire).status_code == 302
    assert Importation.objects.exists()


def test_une_liste_infectee_est_refusee_notee_et_jamais_gardee(secretaire, settings, tmp_path):
    with antivirus() as settings.ANTIVIRUS:
        reponse = envoyer(secretaire, EICAR)
    assert reponse.status_code == 422
    assert "L’antivirus a refusé ce fichier." in reponse.content.decode()
    assert rien_n_est_garde(tmp_path)
    trace = EntreeJournal.objects.get(action="fichier_refuse")
    assert (trace.acteur, trace.cible) == (secretaire.compte, "virus Eicar-Test-Signature")


def test_sans_reponse_de_l_antivirus_le_fichier_attend(secretaire, settings, tmp_path):
    with antivirus() as settings.ANTIVIRUS:
        pass  # it has just stopped
    reponse = envoyer(secretaire)
    assert reponse.status_code == 422 and "Réessayez" in reponse.content.decode()
    assert rien_n_est_garde(tmp_path)
    assert EntreeJournal.objects.filter(action="fichier_refuse", cible="antivirus muet").exists()


def test_ou_bien_il_entre_et_cela_se_sait(secretaire, settings):
    settings.ANTIVIRUS_OBLIGATOIRE = False
    with antivirus() as settings.ANTIVIRUS:
        pass
    assert envoyer(secretaire).status_code == 302
    assert EntreeJournal.objects.filter(action="fichier_non_analyse").count() == 1


def test_une_liste_qui_porte_un_autre_nom_est_refusee(secretaire, tmp_path):
    assert envoyer(secretaire, nom="liste-DURAND.pdf").status_code == 422
    assert rien_n_est_garde(tmp_path)
    traces = EntreeJournal.objects.values_list("cible", flat=True)
    assert "extension" in traces and not [c for c in traces if "DURAND" in c]
