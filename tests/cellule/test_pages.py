"""L’accueil de la cellule, ses listes, sa feuille, ses chiffres."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from administratif.cellule import indicateurs
from administratif.cellule.registre import files
from administratif.insi.lectures import par_resultat
from dui.socle import pdf
from dui.socle.models import (
    AppelInsi,
    ControlePiece,
    EntreeJournal,
    Evenement,
    HomonymeConfirme,
    Usager,
)
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory, EtablissementFactory

pytestmark = pytest.mark.django_db
ACCUEIL = "/identitovigilance/"
A_VALIDER, DOUTEUSES = f"{ACCUEIL}a-valider/", f"{ACCUEIL}douteuses/"
ATTRIBUTS, CHIFFRES = f"{ACCUEIL}attributs/", f"{ACCUEIL}indicateurs/"
FEUILLE, PDF = f"{A_VALIDER}imprimer/", f"{ACCUEIL}a-valider.pdf"
QUAL = {
    "ins_recuperee": True, "identite_validee": True,
    "matricule_ins": "297022A02077878", "oid_ins": "1.2.250.1.213.1.4.8",
}  # fmt: skip
RECUP = QUAL | {"identite_validee": False, "matricule_ins": "297022A02077879"}


def test_l_accueil_dit_ce_qui_attend_et_tait_les_files_vides(cellule, present, en_quarantaine):
    present(nom_naissance="AUBRY", sejour={"entree_le": date(2024, 1, 1)})
    present(nom_naissance="BELIN", douteuse=True)
    present(nom_naissance="CARON", **QUAL)
    page = cellule.get(ACCUEIL)
    for attendu in ("Identités en quarantaine", "Identités douteuses", "Identités à valider"):
        assertContains(page, attendu)
    assertContains(page, "AUBRY")
    assertContains(page, "BELIN")
    assertNotContains(page, "CARON")
    assertNotContains(page, "Attributs à juger")


def test_mon_poste_compte_ce_qui_attend_la_cellule_et_ne_nomme_personne(
    cellule, present, en_tant_que
):
    dossier = present(nom_naissance="AUBRY")
    present(nom_naissance="BELIN", douteuse=True)
    page = cellule.get("/")
    assertContains(page, A_VALIDER)
    assertContains(page, DOUTEUSES)
    assertNotContains(page, "Rien ne vous attend ici")
    assertNotContains(page, "AUBRY")
    for role in ("SECRETAIRE", "AS"):
        assertNotContains(en_tant_que(dossier, role=role).get("/"), A_VALIDER)


def test_rien_n_attend_se_dit(cellule, present):
    present(**QUAL)
    assertContains(cellule.get(ACCUEIL), "Rien n’attend dans cet établissement")


def test_la_plus_ancienne_vient_d_abord_et_un_clic_mene_au_geste(cellule, present):
    recent = present(nom_naissance="RECENT", sejour={"entree_le": date(2025, 5, 1)})
    ancien = present(nom_naissance="ANCIEN", sejour={"entree_le": date(2023, 5, 1)})
    texte = cellule.get(A_VALIDER).content.decode()
    assert texte.index("ANCIEN") < texte.index("RECENT")
    for dossier in (ancien, recent):
        adresse = f"/dossiers/{dossier.pk}/identite/valider/"
        assert adresse in texte
        assert cellule.get(adresse).status_code == 200


def test_le_compte_s_arrete_a_vingt(cellule, present):
    for rang in range(22):
        present(nom_naissance="AUBRY", sejour={"entree_le": date(2024, 1, 1 + rang)})
    assertContains(cellule.get(ACCUEIL), "plus de 20")


def test_la_liste_se_filtre_par_statut_et_se_tourne(cellule, present):
    present(nom_naissance="PROVISOIRE")
    present(nom_naissance="RECUPEREE", **RECUP)
    present(nom_naissance="QUALIFIEE", **QUAL)
    page = cellule.get(A_VALIDER, {"statut": "recuperee"})
    assertContains(page, "RECUPEREE")
    assertNotContains(page, "PROVISOIRE")
    assertNotContains(cellule.get(A_VALIDER), "QUALIFIEE")
    for rang in range(40):
        present(
            nom_naissance=f"SUITE{'ABCDEFGHIJ'[rang % 10]}", sejour={"entree_le": date(2025, 1, 1)}
        )
    premiere = cellule.get(A_VALIDER)
    suite = premiere.context["page"].anciens
    vues = {s.pk for s in premiere.context["page"].lignes}
    autres = {s.pk for s in cellule.get(A_VALIDER + suite).context["page"].lignes}
    assert len(vues) == 30 and len(autres) == 12 and not vues & autres


def test_qui_est_sorti_ou_n_est_pas_encore_la_n_attend_pas(cellule, present):
    jour = timezone.localdate()
    present(nom_naissance="SORTIE", sejour={"sortie_le": jour - timedelta(days=1)})
    present(nom_naissance="ATTENDUE", sejour={"entree_le": jour + timedelta(days=2)})
    page = cellule.get(A_VALIDER)
    assertNotContains(page, "SORTIE")
    assertNotContains(page, "ATTENDUE")


@pytest.mark.parametrize(
    "adresse", [ACCUEIL, A_VALIDER, DOUTEUSES, ATTRIBUTS, CHIFFRES, FEUILLE, PDF]
)
def test_la_cellule_ouvre_la_secretaire_et_une_autre_maison_non(
    adresse, cellule, secretaire, en_tant_que, present, monkeypatch
):
    monkeypatch.setattr(pdf, "depuis_html", lambda html: html.encode())
    present(nom_naissance="LAVAL", douteuse=adresse == DOUTEUSES, homonyme=True)
    etrangere = en_tant_que(role="IDENTITOVIG", etablissement=EtablissementFactory())
    assert cellule.get(adresse).status_code == 200
    assert secretaire.get(adresse).status_code == 403
    ailleurs = etrangere.get(
        adresse, {"etablissement": cellule.habilitation.affectations[0].etablissement_id}
    )
    assert ailleurs.status_code == 200
    assert b"LAVAL" not in ailleurs.content


@pytest.mark.parametrize("adresse", [ACCUEIL, A_VALIDER, ATTRIBUTS, CHIFFRES, FEUILLE])
def test_une_page_ne_coute_pas_plus_avec_le_nombre(
    adresse, cellule, present, django_assert_max_num_queries
):
    for rang in range(25):
        present(homonyme=rang % 2 == 0, douteuse=rang % 5 == 0)
    cellule.get(adresse)
    with django_assert_max_num_queries(15):
        cellule.get(adresse)


# ---------------------------------------------------------------- attributes


def test_un_homonyme_confirme_quitte_la_liste_et_garde_sa_mention(cellule, present):
    dossier = present(nom_naissance="AUBRY", homonyme=True)
    adresse, champs = formulaire_de(
        cellule.get(ATTRIBUTS), f"/dossiers/{dossier.pk}/identite/homonyme/"
    )
    cellule.post(adresse, champs)
    assertNotContains(cellule.get(ATTRIBUTS), "AUBRY")
    assert Usager.objects.get(pk=dossier.usager_id).homonyme
    assert Evenement.objects.filter(type="identite.homonyme_confirme", dossier=dossier).count() == 1


def test_lever_l_homonyme_efface_la_confirmation(cellule, present):
    from administratif.identification.services import changer_attribut

    dossier = present(homonyme=True)
    HomonymeConfirme.objects.create(usager=dossier.usager, confirme_par=cellule.compte)
    changer_attribut(
        cellule.habilitation, dossier, version_lue=1, cause="homonyme_leve", motif="Une seule"
    )
    assert not HomonymeConfirme.objects.exists()


def test_confirmer_est_a_la_cellule(cellule, secretaire, en_tant_que, present):
    dossier = present(homonyme=True)
    adresse = f"/dossiers/{dossier.pk}/identite/homonyme/"
    etrangere = en_tant_que(role="IDENTITOVIG", etablissement=EtablissementFactory())
    assert secretaire.post(adresse).status_code == 403
    assert etrangere.post(adresse).status_code == 404
    assert not HomonymeConfirme.objects.exists()
    assert cellule.post(adresse).status_code == 302
    assert HomonymeConfirme.objects.count() == 1


# ---------------------------------------------------------------- paper


def test_la_feuille_dit_quoi_apporter_et_chaque_dossier_le_garde_au_journal(cellule, present):
    present(nom_naissance="AUBRY", naissance_incomplete="mois", lieu_naissance_cog="99999")
    page = cellule.get(FEUILLE)
    assertContains(page, "AUBRY")
    assertContains(page, "Extrait d’acte de naissance")
    assertContains(page, "Carte Vitale, pour interroger INSi")
    assertContains(page, "Passeport")
    assertContains(page, "Imprimé par")
    impressions = EntreeJournal.objects.filter(action="imprimer", dossier__isnull=False)
    assert impressions.get().cible == "liste des identités à valider"


def test_le_pdf_porte_les_memes_lignes(cellule, present, monkeypatch):
    monkeypatch.setattr(pdf, "depuis_html", lambda html: html.encode())
    present(nom_naissance="AUBRY")
    reponse = cellule.get(PDF)
    assert "AUBRY" in reponse.content.decode()
    assert "AUBRY" not in reponse["Content-Disposition"]
    assert EntreeJournal.objects.filter(action="imprimer", dossier__isnull=False).count() == 1


# ---------------------------------------------------------------- figures


def test_les_taux_sont_ceux_des_definitions(cellule, maison, present):
    jour = timezone.localdate()
    present(**QUAL, sejour={"entree_le": jour})
    present(sejour={"entree_le": jour})
    present(**RECUP)
    present(sejour={"sortie_le": jour - timedelta(days=1)})
    page = indicateurs.page(cellule.habilitation, maison, [maison], jour)
    assert (page["ici"]["total"], page["ici"]["taux"]) == (3, "33 %")
    assert dict(page["ici"]["statuts"]) == {"QUAL": 1, "VALI": 0, "RECUP": 1, "PROV": 1}
    admissions = next(g for g in page["graphes"] if "admissions" in g.titre)
    assert admissions.lignes[0]["valeur"] == "50 % (1 sur 2)"
    assertContains(cellule.get(CHIFFRES), "Taux à l’admission")


def test_le_taux_d_un_mois_passe_vient_de_l_historique(maison, present):
    """Qualifiée aujourd’hui, elle ne l’était pas il y a deux mois."""
    jour = timezone.localdate()
    dossier = present(sejour={"entree_le": jour - timedelta(days=200)})
    usager = Usager.objects.get(pk=dossier.usager_id)
    usager._history_date = timezone.now() - timedelta(days=200)
    usager.save()
    del usager._history_date
    for nom, valeur in QUAL.items():
        setattr(usager, nom, valeur)
    usager.save()
    lignes = indicateurs.graphe_presents(maison, jour).lignes
    assert lignes[0]["valeur"] == "100 % (1 sur 1)"
    assert lignes[2]["valeur"] == "0 % (0 sur 1)"


def test_l_anciennete_et_les_controles_par_piece(cellule, maison, present):
    jour = timezone.localdate()
    dossier = present()
    dossier.ouvert_le = jour - timedelta(days=10)
    dossier.save()
    ControlePiece.objects.create(
        dossier=dossier, usager=dossier.usager, resultat="conforme", piece="PA",
        statut_avant="PROV", statut_apres="VALI", fait_par=cellule.compte,
    )  # fmt: skip
    page = indicateurs.page(cellule.habilitation, maison, [maison], jour)
    assert page["ici"]["age"] == "10 jours"
    assert [n for _, n in page["controles"]] == [1]
    assertContains(cellule.get(CHIFFRES), page["controles"][0][0])


def test_les_appels_a_insi_se_comptent_la_ou_l_on_suit_les_identites(cellule, present):
    assertNotContains(cellule.get(CHIFFRES), "Appels à INSi")
    ailleurs = DossierFactory()
    for dossier, resultat in ((present(), "proposer"), (ailleurs, "reformuler")):
        AppelInsi.objects.create(
            dossier=dossier, usager=dossier.usager, nature="traits", par=cellule.compte,
            code="CR:00", resultat=resultat, message_id=f"urn:uuid:{uuid4()}",
        )  # fmt: skip
    assert par_resultat(cellule.habilitation, date(2020, 1, 1)) == [("Identité trouvée", 1, 100)]
    assertContains(cellule.get(CHIFFRES), "Identité trouvée")


def test_les_douze_mois_finissent_aujourd_hui():
    fins = indicateurs.fins_de_mois(date(2026, 3, 15))
    assert fins[0] == date(2025, 4, 30) and fins[-2:] == [date(2026, 2, 28), date(2026, 3, 15)]
    assert len(fins) == 12


def test_chaque_file_mene_a_sa_liste(cellule, present):
    from django.urls import reverse

    for file in files:
        assert cellule.get(reverse(file.url_nom)).status_code == 200
