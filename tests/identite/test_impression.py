"""Le datamatrix sort sur les feuilles d’une identité qualifiée, et un vrai décodeur le relit."""

import shutil
import subprocess

import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image

from dui.socle import datamatrix, ins
from dui.socle.models import EntreeJournal
from tests.identite.outils import dossier_au_statut

pytestmark = pytest.mark.django_db
STATUTS = ["PROV", "RECUP", "VALI", "QUAL"]
IDENTITE = {
    "matricule": "297022A02077878",
    "nom_naissance": "ADRTROIS",
    "prenoms": "DOMINIQUE",
    "premier_prenom": "DOMINIQUE",
    "lieu_naissance_cog": "2A020",
}


def feuille(client, dossier, nom="fiche_urgence"):
    return client.get(reverse(f"administratif:{nom}", args=[dossier.pk]))


def symboles(pdf: bytes, tmp_path) -> list[bytes]:
    """What a reader finds on the pages, drawn at 200 dots an inch, as an office scanner does."""
    fichier = tmp_path / "fiche.pdf"
    fichier.write_bytes(pdf)
    racine = tmp_path / "page"
    commande = ["pdftoppm", "-r", "200", "-gray", "-png", str(fichier), str(racine)]
    subprocess.run(commande, check=True)
    pages = sorted(tmp_path.glob("page*.png"))
    trouves = []
    for page in pages:
        with Image.open(page) as image:
            lus = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.DataMatrix)
            trouves += [bytes(lu.bytes) for lu in lus]
    return trouves


@pytest.mark.lent
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils absent")
@pytest.mark.parametrize(
    "nom",
    ["ADRTROIS", "DE LA ROCHEFOUCAULD-MONTMORENCY D'ARTAGNAN DE SAINT-EXUPERY"],
    ids=["court", "long"],
)
def test_le_datamatrix_de_la_fiche_se_relit_avec_les_traits_de_la_personne(
    nom, en_tant_que, tmp_path
):
    dossier = dossier_au_statut("QUAL", **IDENTITE | {"nom_naissance": nom})
    pdf = feuille(en_tant_que(dossier), dossier, "fiche_urgence_pdf").content
    (lu, *_) = symboles(pdf, tmp_path)
    traits = datamatrix.lire(lu.decode("ascii"))
    usager = dossier.usager
    assert (traits.matricule, traits.oid) == (usager.matricule_ins, usager.oid_ins)
    assert (traits.nom, traits.prenoms, traits.sexe) == (nom, "DOMINIQUE", usager.sexe)
    assert (traits.naissance, traits.cog) == (usager.date_naissance, "2A020")


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils absent")
def test_la_fiche_d_une_identite_recuperee_n_a_pas_de_datamatrix(en_tant_que, tmp_path):
    dossier = dossier_au_statut("RECUP", **IDENTITE)
    pdf = feuille(en_tant_que(dossier), dossier, "fiche_urgence_pdf").content
    assert symboles(pdf, tmp_path) == []


@pytest.mark.parametrize("statut", STATUTS)
def test_la_feuille_porte_l_ins_et_son_datamatrix_si_l_identite_est_qualifiee(statut, en_tant_que):
    dossier = dossier_au_statut(statut, **IDENTITE)
    page = feuille(en_tant_que(dossier), dossier).content.decode()
    qualifiee = statut == "QUAL"
    assert ("INS à scanner" in page) == qualifiee
    assert ("2 97 02 2A 020 778 78 (NIR)" in page) == qualifiee
    trace = EntreeJournal.objects.filter(action="imprimer").latest("pk")
    assert trace.contexte["datamatrix"] == qualifiee


def test_la_feuille_nomme_les_traits_sans_ambiguite(en_tant_que):
    dossier = dossier_au_statut("QUAL", **IDENTITE, nom_utilise="Le Bihan")
    page = feuille(en_tant_que(dossier), dossier).content.decode()
    assert "Nom et premier prénom de naissance" in page and "LE BIHAN" in page


def test_le_bandeau_montre_le_nom_utilise_quand_il_differe(en_tant_que):
    client = en_tant_que(dossier := dossier_au_statut("PROV", nom_utilise="Le Bihan"))
    page = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert "LE BIHAN" in page
    dossier.usager.nom_utilise = dossier.usager.nom_naissance.title()
    dossier.usager.save()
    page = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert "identite__usage" not in page


@pytest.mark.parametrize("statut", STATUTS)
@pytest.mark.parametrize("oid", ["1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", ""])
def test_une_seule_porte_de_sortie_qualifiee_et_avec_sa_nature(statut, oid):
    usager = dossier_au_statut(statut).usager
    usager.matricule_ins, usager.oid_ins = "297022A02077878", oid
    sortie = ins.transmissible(usager)
    assert (sortie is not None) == (statut == "QUAL" and bool(oid))
    assert bool(ins.texte_datamatrix(usager)) == bool(ins.datamatrix_svg(usager)) == bool(sortie)


@pytest.mark.parametrize(("oid", "nature"), list(ins.NATURES.items()))
def test_en_production_une_ins_de_test_ne_sort_pas(oid, nature, settings):
    usager = dossier_au_statut("QUAL", oid=oid).usager
    assert nature in usager.ins_affiche
    settings.DEMONSTRATION = False
    assert bool(usager.ins_affiche) == ("test" not in nature and "démonstration" not in nature)
