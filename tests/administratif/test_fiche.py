import shutil
import subprocess

import page as verificateur
import pytest
import time_machine
from django.urls import reverse

from dui.socle.models import EntreeJournal
from tests.socle.factories import ContactFactory, DossierFactory
from tests.soins.factories import MesureFactory, VigilanceFactory

pytestmark = pytest.mark.django_db
SANS_POPPLER = shutil.which("pdftotext") is None


@pytest.fixture
def dossier():
    dossier = DossierFactory(
        usager__nom_naissance="DURAND",
        usager__premier_prenom="MARIE",
        usager__qualifiee=True,
        usager__matricule_ins="245034900711869",
        gir=3,
    )
    ContactFactory(
        dossier=dossier,
        prenom="Isabelle",
        nom="Morel",
        relation="DAUC",
        ordre_appel=1,
        telephone="06 39 98 01 12",
        personne_confiance=True,
    )
    VigilanceFactory(dossier=dossier, allergie=True, precision="œdème du visage, 2011")
    MesureFactory(dossier=dossier, code="temperature", valeur="36.8")
    return dossier


def adresse(dossier, nom="fiche_urgence"):
    return reverse(f"administratif:{nom}", args=[dossier.pk])


def pdf_de(client, dossier) -> bytes:
    reponse = client.get(adresse(dossier, "fiche_urgence_pdf"))
    assert reponse.status_code == 200 and reponse["Content-Type"] == "application/pdf"
    return reponse.content


def pages_de(pdf: bytes, tmp_path) -> list[str]:
    fichier = tmp_path / "fiche.pdf"
    fichier.write_bytes(pdf)
    sortie = subprocess.run(
        ["pdftotext", "-layout", str(fichier), "-"], check=True, capture_output=True, text=True
    ).stdout
    return sortie.split("\f")[:-1]


def test_la_fiche_porte_l_identite_les_contacts_et_les_allergies(dossier, en_tant_que):
    page = en_tant_que(dossier, role="IDE").get(adresse(dossier)).content.decode()
    for attendu in (
        "DURAND Marie",
        "2 45 03 49 007 118 69",
        "Isabelle MOREL",
        "06 39 98 01 12",
        "œdème du visage, 2011",
        "36,8 °C",
        "joindre l’ordonnance en cours",
    ):
        assert attendu in page
    assert "Fiche incomplète" not in page


def test_imprimer_la_fiche_est_trace_comme_une_impression(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    client.get(adresse(dossier))
    pdf_de(client, dossier)
    actions = EntreeJournal.objects.filter(dossier=dossier).values_list("action", flat=True)
    assert sorted(actions) == ["imprimer", "imprimer", "voir", "voir"]


@pytest.mark.parametrize("role", ["AS", "IDE", "IDEC", "MEDCO"])
def test_les_soignants_impriment_les_allergies(dossier, en_tant_que, role):
    page = en_tant_que(dossier, role=role).get(adresse(dossier)).content.decode()
    assert "pénicilline" in page and "Isabelle MOREL" in page


def test_la_secretaire_imprime_sans_les_soins_et_la_feuille_le_dit(dossier, en_tant_que):
    page = en_tant_que(dossier, role="SECRETAIRE").get(adresse(dossier)).content.decode()
    assert "Isabelle MOREL" in page and "Fiche incomplète" in page
    assert "pénicilline" not in page and "36,8" not in page


def test_un_droit_tenu_ailleurs_n_ouvre_pas_les_soins_de_ce_dossier(dossier, en_tant_que):
    """Nurse in another house, secretary here: the matrix is read house by house."""
    from tests.habilitations.factories import AffectationFactory

    client = en_tant_que(dossier, role="SECRETAIRE")
    AffectationFactory(compte=client.compte, role="IDE")
    page = client.get(adresse(dossier)).content.decode()
    assert "Fiche incomplète" in page and "Aucune notée" not in page


@pytest.mark.parametrize("nom", ["fiche_urgence", "fiche_urgence_pdf"])
def test_pour_un_etranger_la_fiche_n_existe_pas(dossier, en_tant_que, nom):
    client = en_tant_que(DossierFactory(), role="MEDCO")
    assert client.get(adresse(dossier, nom)).status_code == 404
    assert EntreeJournal.objects.get().action == "refus"


def test_l_agent_de_service_ne_l_imprime_pas(dossier, en_tant_que):
    assert en_tant_que(dossier, role="ASH").get(adresse(dossier)).status_code == 403


# ---------------------------------------------------------------- the document


@pytest.mark.parametrize("profil", ["PDF_A_3A", "PDF_UA_1"])
def test_le_document_est_archivable_et_accessible(dossier, en_tant_que, tmp_path, profil):
    dossier.usager.nom_utilise = "L’Haÿ-Łukaszewicz"
    fichier = tmp_path / "fiche.pdf"
    fichier.write_bytes(pdf_de(en_tant_que(dossier, role="IDE"), dossier))
    rapport = verificateur.validate_pdf(
        str(fichier), profile=getattr(verificateur.ValidationProfile, profil)
    )
    assert rapport.is_compliant, [(f.rule_id, f.message) for f in rapport.failures]


@pytest.mark.lent
@pytest.mark.skipif(SANS_POPPLER, reason="poppler-utils absent")
def test_l_identite_est_sur_chaque_feuille_meme_quand_la_fiche_deborde(
    dossier, en_tant_que, tmp_path
):
    for n in range(40):
        ContactFactory(dossier=dossier, prenom=f"Proche{n}", disponibilite="le soir, en semaine")
    client = en_tant_que(dossier, role="IDE")
    feuilles = pages_de(pdf_de(client, dossier), tmp_path)
    assert len(feuilles) >= 2
    for rang, feuille in enumerate(feuilles, 1):
        assert "DURAND Marie" in feuille and "2 45 03 49 007 118 69" in feuille
        assert f"page {rang} / {len(feuilles)}" in feuille
        assert client.compte.last_name.upper() in feuille


@pytest.mark.skipif(SANS_POPPLER, reason="poppler-utils absent")
def test_la_fiche_ordinaire_tient_sur_une_feuille(dossier, en_tant_que, tmp_path):
    assert len(pages_de(pdf_de(en_tant_que(dossier, role="IDE"), dossier), tmp_path)) == 1


def test_a_la_meme_heure_le_meme_contenu_donne_les_memes_octets(dossier, en_tant_que):
    client = en_tant_que(dossier, role="IDE")
    with time_machine.travel("2026-11-19T14:12:00+01:00", tick=False):
        client.get(adresse(dossier))  # the session is renewed once
        assert pdf_de(client, dossier) == pdf_de(client, dossier)
