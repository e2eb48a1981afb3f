"""Registres, nomenclatures, événements, parcours."""

import json
import time

import pytest
from django import forms
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict

from dui.socle import codes, evenements, nomenclatures_fichiers
from dui.socle.enums import Bloc
from dui.socle.models import Brouillon, CodeNomenclature, Nomenclature
from dui.socle.parcours import Etape, Parcours
from dui.socle.registres import EntreeRail, Registre
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.socle.factories import CompteFactory, DossierFactory


def entree(nom, bloc="TRA", ordre=100):
    return EntreeRail(nom, nom.title(), "accueil", "accueil", bloc, ordre=ordre)


def test_un_registre_range_ses_entrees_et_refuse_deux_fois_le_meme_nom():
    registre = Registre()
    registre.ajouter(entree("b", ordre=20))
    registre.ajouter(entree("a", ordre=30))
    registre.ajouter(entree("c", ordre=10))
    assert [e.nom for e in registre] == ["c", "b", "a"]
    with pytest.raises(RuntimeError, match="nommées a"):
        registre.ajouter(entree("a"))


@pytest.mark.django_db
def test_un_registre_ne_montre_que_ce_que_le_role_permet():
    registre = Registre()
    registre.ajouter(entree("transmissions", Bloc.TRA))
    registre.ajouter(entree("prescriptions", Bloc.PSY))
    h = Habilitation(AffectationFactory(role="AS").compte)
    assert [e.nom for e in registre.permis(h)] == ["transmissions"]


# ------------------------------------------------------------------ nomenclatures


@pytest.fixture
def liste(tmp_path, monkeypatch, db):
    monkeypatch.setattr(nomenclatures_fichiers, "DOSSIER", tmp_path)

    def ecrire(version, *lignes):
        contenu = {
            "code": "essai", "libelle": "Essai", "version": version, "source": "test",
            "codes": [{"code": c, "libelle": c.upper()} for c in lignes],
        }  # fmt: skip
        (tmp_path / "essai.json").write_text(json.dumps(contenu), encoding="utf-8")
        codes.oublier()
        return nomenclatures_fichiers.charger_toutes()

    return ecrire


def test_charger_deux_fois_ne_change_rien(liste):
    assert liste("1", "a", "b") == 1
    avant = list(CodeNomenclature.objects.filter(nomenclature="essai").values_list("pk", "code"))
    assert nomenclatures_fichiers.charger_toutes() == 0
    assert set(avant) == set(
        CodeNomenclature.objects.filter(nomenclature="essai").values_list("pk", "code")
    )


def test_un_code_retire_reste_lisible_mais_ne_se_choisit_plus(liste):
    liste("1", "a", "b")
    liste("2", "b", "c")
    assert codes.choix("essai") == [("b", "B"), ("c", "C")]
    assert codes.libelle("essai", "a") == "A"
    assert Nomenclature.objects.get(code="essai").version == "2"


def test_un_code_qui_revient_se_choisit_de_nouveau(liste):
    liste("1", "a", "b")
    liste("2", "b")
    liste("3", "a", "b")
    assert [c for c, _ in codes.choix("essai")] == ["a", "b"]


def test_l_ordre_du_fichier_est_celui_de_l_ecran(liste):
    liste("1", "z", "a", "m")
    assert [c for c, _ in codes.choix("essai")] == ["z", "a", "m"]


@pytest.mark.django_db
def test_un_code_inconnu_s_affiche_tel_quel():
    assert codes.libelle("role_contact", "VIEUX_CODE") == "VIEUX_CODE"


@pytest.mark.django_db
def test_les_nomenclatures_livrees_sont_la_des_la_migration(capsys):
    livrees = {f.stem for f in nomenclatures_fichiers.DOSSIER.glob("*.json")}
    assert livrees == set(Nomenclature.objects.values_list("code", flat=True))
    call_command("charger_nomenclatures")
    assert capsys.readouterr().out.startswith("0 nomenclature")


# ------------------------------------------------------------------ événements


@pytest.mark.django_db
def test_un_evenement_s_ecrit_avec_le_fait_ou_pas_du_tout(transactional_db):
    h = Habilitation(CompteFactory())
    with pytest.raises(RuntimeError, match="hors transaction"):
        evenements.noter(h, "essai")
    with transaction.atomic():
        evenement = evenements.noter(h, "essai", dossier=DossierFactory(), charge={"code": "a"})
    assert (evenement.acteur, evenement.charge) == (h.compte, {"code": "a"})


# ------------------------------------------------------------------ parcours


class Qui(forms.Form):
    nom = forms.CharField()


class Mineur(forms.Form):
    parents = forms.CharField()


class Ou(forms.Form):
    choix = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])


ADMISSION = Parcours(
    "admission",
    (
        Etape("qui", "Qui", Qui),
        Etape("mineur", "Parents", Mineur, lambda d: d["qui"]["nom"] == "Enfant"),
        Etape("ou", "Où", Ou),
    ),
)


@pytest.fixture
def brouillon(db):
    return Brouillon.objects.create(compte=CompteFactory(), formulaire="admission")


def remplir(brouillon, etape, saisie):
    return ADMISSION.enregistrer(brouillon, ADMISSION.etapes[etape], QueryDict(saisie))


def test_un_parcours_dit_la_premiere_etape_a_remplir(brouillon):
    assert ADMISSION.valides(brouillon) == ({}, ADMISSION.etapes[0])


def test_une_etape_refusee_n_efface_pas_ce_qui_etait_bon(brouillon):
    remplir(brouillon, 0, "nom=Durand")
    assert remplir(brouillon, 0, "nom=").errors
    assert ADMISSION.valides(brouillon)[0] == {"qui": {"nom": "Durand"}}


def test_une_etape_sans_objet_se_saute(brouillon):
    remplir(brouillon, 0, "nom=Durand")
    assert ADMISSION.valides(brouillon)[1].nom == "ou"
    remplir(brouillon, 0, "nom=Enfant")
    assert ADMISSION.valides(brouillon)[1].nom == "mineur"


def test_un_parcours_reprend_apres_une_pause_avec_ses_valeurs_multiples(brouillon):
    remplir(brouillon, 0, "nom=Durand")
    remplir(brouillon, 2, "choix=a&choix=b")
    relu = Brouillon.objects.get(pk=brouillon.pk)
    donnees, manque = ADMISSION.valides(relu)
    assert manque is None
    assert donnees["ou"] == {"choix": ["a", "b"]}


@pytest.mark.django_db
def test_un_brouillon_n_appartient_qu_a_celui_qui_l_ecrit(brouillon):
    assert list(Brouillon.objects.visibles(Habilitation(brouillon.compte))) == [brouillon]
    assert not Brouillon.objects.visibles(Habilitation(CompteFactory())).exists()


@pytest.mark.django_db
def test_les_listes_perimees_se_relisent_toutes_en_une_requete(
    monkeypatch, django_assert_num_queries
):
    noms = ("constante", "motif_absence", "cible_transmission")
    codes.oublier()
    for nom in noms:
        codes.codes(nom)
    plus_tard = time.monotonic() + 2 * codes.DUREE
    monkeypatch.setattr(codes.time, "monotonic", lambda: plus_tard)
    with django_assert_num_queries(1):
        for nom in noms:
            assert codes.codes(nom)
