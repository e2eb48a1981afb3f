"""Documents au repos : une clé par document, liée à sa ligne, ré-enveloppée sans le fichier."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from django.db import ProgrammingError, transaction

from dui.socle import chiffrement, coffre
from dui.socle.models import Document
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory, acces_portail
from tests.socle.factories import CompteFactory, DocumentFactory, DossierFactory

CLAIR = b"%PDF-1.7 Contrat de sejour de Mme Durand"


@dataclass
class Ligne:
    cle_enveloppee: bytes
    id_cle_maitre: str


@pytest.fixture
def scelle():
    chiffre, enveloppe, maitre = chiffrement.chiffrer(CLAIR, contexte=b"doc-1")
    return chiffre, Ligne(enveloppe, maitre)


def lire(chiffre, ligne, contexte=b"doc-1"):
    return chiffrement.dechiffrer(
        chiffre,
        cle_enveloppee=ligne.cle_enveloppee,
        id_cle_maitre=ligne.id_cle_maitre,
        contexte=contexte,
    )


def test_l_aller_retour_rend_les_memes_octets(scelle):
    assert CLAIR not in scelle[0]
    assert lire(*scelle) == CLAIR


def test_deux_documents_identiques_ne_se_ressemblent_pas(scelle):
    assert chiffrement.chiffrer(CLAIR, contexte=b"doc-1")[0] != scelle[0]


def test_la_rotation_reecrit_quarante_octets_et_jamais_le_fichier(scelle, settings):
    chiffre, ligne = scelle
    avant = ligne.cle_enveloppee
    settings.CLE_DOCUMENTS_COURANTE = "k2"
    chiffrement.reenvelopper(ligne)
    assert (ligne.id_cle_maitre, len(ligne.cle_enveloppee)) == ("k2", 40)
    assert ligne.cle_enveloppee != avant
    settings.CLES_DOCUMENTS = {"k2": settings.CLES_DOCUMENTS["k2"]}  # l’ancienne clé est détruite
    assert lire(chiffre, ligne) == CLAIR


def test_un_fichier_change_de_ligne_ne_se_lit_plus(scelle):
    with pytest.raises(InvalidTag):
        lire(*scelle, contexte=b"doc-2")


def test_un_octet_change_se_voit(scelle):
    chiffre, ligne = scelle
    with pytest.raises(InvalidTag):
        lire(chiffre[:-1] + bytes([chiffre[-1] ^ 1]), ligne)


def test_une_autre_cle_maitre_n_ouvre_rien(scelle):
    chiffre, ligne = scelle
    ligne.id_cle_maitre = "k2"
    with pytest.raises(InvalidUnwrap):
        lire(chiffre, ligne)


# ------------------------------------------------------------------ le coffre


@pytest.fixture
def depot(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    dossier = DossierFactory()
    compte = AffectationFactory(etablissement=dossier.sejours.get().etablissement).compte
    return Habilitation(compte), dossier


def deposer(depot, **champs):
    h, dossier = depot
    return coffre.deposer_document(
        h, dossier, bloc="DOCA", type_="contrat", titre="Contrat", contenu=CLAIR,
        type_mime="application/pdf", **champs,
    )  # fmt: skip


def test_un_document_depose_se_relit_et_son_fichier_ne_dit_rien(depot, settings):
    document = Document.objects.get(pk=deposer(depot).pk)
    fichier = Path(settings.MEDIA_ROOT) / document.chemin
    assert coffre.contenu(document) == CLAIR
    assert CLAIR not in fichier.read_bytes()
    assert "DURAND" not in document.chemin and "contrat" not in document.chemin


def test_deux_fichiers_echanges_ne_se_lisent_plus(depot, settings):
    un, deux = deposer(depot), deposer(depot)
    racine = Path(settings.MEDIA_ROOT)
    (racine / deux.chemin).write_bytes((racine / un.chemin).read_bytes())
    with pytest.raises(InvalidTag):
        coffre.contenu(deux)


def test_un_document_ne_se_modifie_pas_il_se_remplace(depot):
    ancien = deposer(depot)
    with pytest.raises(ProgrammingError, match="ne se modifie pas"), transaction.atomic():
        Document.objects.filter(pk=ancien.pk)._update(
            [(Document._meta.get_field("titre"), None, "X")]
        )
    nouveau = deposer(depot, remplace=ancien)
    assert list(Document.objects.derniers()) == [nouveau]


def test_un_document_devient_communicable_et_se_reenveloppe(depot, settings):
    document = deposer(depot)
    document.communicable_le = document.depose_le
    settings.CLE_DOCUMENTS_COURANTE = "k2"
    chiffrement.reenvelopper(document)
    document.save(update_fields=["communicable_le", "cle_enveloppee", "id_cle_maitre"])
    assert coffre.contenu(Document.objects.get(pk=document.pk)) == CLAIR


def test_un_document_suit_le_bloc_ou_il_est_range(depot):
    _, dossier = depot
    administratif = DocumentFactory(dossier=dossier, bloc="DOCA")
    medical = DocumentFactory(dossier=dossier, bloc="RES")
    compte = CompteFactory()
    acces_portail(compte, dossier, "RES", qualite="")
    assert list(Document.objects.visibles(Habilitation(compte))) == [medical]
    assert administratif not in Document.objects.visibles(Habilitation(compte))
