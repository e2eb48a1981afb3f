"""La lecture d’une carte Vitale, puis l’appel qu’elle permet."""

from dataclasses import replace

import pytest

from dui.connecteurs.insi import (
    AppelInterdit,
    Beneficiaire,
    Geste,
    LectureRefusee,
    lire_carte,
)

LECTURE = b"""<?xml version="1.0" encoding="UTF-8"?>
<T_AsnDonneesVitale>
  <tech><numeroSerie>123456</numeroSerie></tech>
  <listeBenef>
    <T_AsnBeneficiaire>
      <ident>
        <nomUsuel>DURAND</nomUsuel><nomPatronymique>CORSE</nomPatronymique>
        <prenomUsuel>ANTHONY</prenomUsuel>
        <naissance><date>02031980</date></naissance>
        <rangDeNaissance>1</rangDeNaissance>
        <nirCertifie>180032B020401 23</nirCertifie><nir>180032B020401 23</nir>
      </ident>
      <amo><qualBenef>0</qualBenef></amo>
    </T_AsnBeneficiaire>
    <T_AsnBeneficiaire>
      <ident>
        <nomUsuel>CORSE</nomUsuel><prenomUsuel>PIERRE</prenomUsuel>
        <naissance><dateEnCarte>140709</dateEnCarte></naissance>
        <rangDeNaissance>2</rangDeNaissance><nir>180032B020401 23</nir>
      </ident>
      <amo><qualBenef>6</qualBenef></amo>
    </T_AsnBeneficiaire>
  </listeBenef>
</T_AsnDonneesVitale>
"""


def personne(**champs):
    vide = dict.fromkeys(Beneficiaire.__dataclass_fields__, "")
    return Beneficiaire(**{**vide, "rang": "1", **champs})


def test_chaque_beneficiaire_de_la_carte_se_lit():
    parent, enfant = lire_carte(LECTURE)
    assert (parent.nom_naissance, parent.nom_usuel, parent.prenom) == ("CORSE", "DURAND", "ANTHONY")
    assert (parent.naissance, parent.rang, parent.qualite) == ("1980-03-02", "1", "0")
    assert parent.matricule == parent.matricule_assure == "180032B02040123"
    assert (enfant.nom_naissance, enfant.matricule, enfant.rang) == ("", "", "2")
    assert (enfant.naissance, enfant.annee_courte, enfant.qualite) == ("", "140709", "6")
    assert "CORSE" not in repr(parent)


def test_la_carte_donne_l_identite_corse(client, insi):
    reponse = client.rechercher_vitale(lire_carte(LECTURE)[0])
    assert (reponse.code, reponse.geste) == ("00", Geste.PROPOSER)
    assert str(reponse.identite.matricule) == "180032B02040123"
    assert insi.recues[0].operation == "rechercherInsAvecCarteVitale"
    assert b"<NomNaissance>CORSE</NomNaissance>" in insi.recues[0].octets
    assert b"DURAND" not in insi.recues[0].octets  # the used name is not a birth name


def test_une_cle_fausse_sur_la_carte_se_dit(client):
    carte = personne(matricule="181036322045660", naissance="1981-03-24")
    assert client.rechercher_vitale(carte).avertissements == ("cle_fausse",)


def test_personne_derriere_ce_matricule(client):
    carte = personne(matricule="180032B02040123", naissance="1980-03-03")
    assert client.rechercher_vitale(carte).geste is Geste.REFORMULER


def test_sans_le_siecle_une_personne_complete(client, insi):
    enfant = lire_carte(LECTURE)[1]
    with pytest.raises(LectureRefusee) as refus:
        client.rechercher_vitale(enfant)
    assert refus.value.code == "vitale:siecle_manquant" and insi.recues == []
    complete = enfant.au_siecle(20)
    assert (complete.naissance, complete.annee_courte) == ("2009-07-14", "")
    assert client.rechercher_vitale(complete).code == "01"


def test_une_date_lunaire_se_transmet_telle_que_la_carte_la_donne(client, insi):
    lecture = LECTURE.replace(b"02031980", b"00001980")
    carte = lire_carte(lecture)[0]
    assert carte.naissance == "1980-00-00"
    assert client.rechercher_vitale(carte).code == "01"
    assert b"<DateNaissance>1980-00-00<" in insi.recues[0].octets


@pytest.mark.parametrize("attribut", ["douteuse", "fictive"])
def test_une_identite_douteuse_ou_fictive_n_appelle_pas_par_la_carte(client, insi, attribut):
    with pytest.raises(AppelInterdit):
        client.rechercher_vitale(lire_carte(LECTURE)[0], frozenset({attribut}))
    assert insi.recues == []


def test_une_carte_sans_matricule_n_appelle_pas(client, insi):
    with pytest.raises(LectureRefusee) as refus:
        client.rechercher_vitale(replace(lire_carte(LECTURE)[0], matricule="", matricule_assure=""))
    assert refus.value.code == "vitale:sans_matricule" and insi.recues == []


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "lecture_illisible"),
        (b"pas du xml", "lecture_illisible"),
        (b"<!DOCTYPE x><x/>", "lecture_illisible"),
        (LECTURE[:300], "lecture_illisible"),
        (b"<T_AsnDonneesVitale/>", "lecture_sans_personne"),
    ],
)
def test_une_lecture_abimee_ne_donne_personne(octets, code):
    with pytest.raises(LectureRefusee) as refus:
        lire_carte(octets)
    assert refus.value.ligne.code == code
