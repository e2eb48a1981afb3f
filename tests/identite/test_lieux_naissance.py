"""Le COG : nom de la commune à la date de naissance, pays, fichiers officiels."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from dui.socle import lieux_naissance
from dui.socle.identite import cog_admis
from dui.socle.models import LieuNaissance, Nomenclature

pytestmark = pytest.mark.django_db

COMMUNES = """COM,TNCC,NCC,NCCENR,LIBELLE,DATE_DEBUT,DATE_FIN
75051,0,NEUILLY SUR SEINE,Neuilly-sur-Seine,Neuilly-sur-Seine,1943-01-01,1968-01-01
92051,0,NEUILLY SUR SEINE,Neuilly-sur-Seine,Neuilly-sur-Seine,1968-01-01,
49328,0,SAUMUR,Saumur,Saumur,1943-01-01,
93066,0,SAINT DENIS,Saint-Denis,Saint-Denis,1968-01-01,
97411,0,SAINT DENIS,Saint-Denis,Saint-Denis,1947-01-01,
"""
PAYS = """COG,CRPAY,LIBCOG,LIBENR,DATE_DEBUT,DATE_FIN
99100,,France,République française,1943-01-01,
99352,,Algérie,République algérienne démocratique et populaire,1962-07-05,
99142,,Allemagne de l'Ouest,République fédérale d'Allemagne,1949-05-23,1990-10-03
"""


@pytest.fixture
def officiels(tmp_path):
    communes, pays = tmp_path / "v_commune.csv", tmp_path / "v_pays.csv"
    communes.write_text(COMMUNES, encoding="utf-8")
    pays.write_text("\ufeff" + PAYS, encoding="utf-8")
    return communes, pays


@pytest.fixture
def charges(officiels):
    communes, pays = officiels
    call_command("importer_cog", communes=communes, pays=pays, verbosity=0)


def codes(texte, le=None):
    return [lieu.code for lieu in lieux_naissance.chercher(texte, le)]


def test_la_commune_est_celle_de_la_date_de_naissance(charges):
    assert codes("neuilly sur seine", date(1940, 3, 1)) == ["75051"]
    assert codes("Neuilly-sur-Seine", date(1975, 3, 1)) == ["92051"]
    assert codes("Neuilly-sur-Seine") == ["75051", "92051"]


def test_un_nom_que_portent_deux_communes_les_rend_toutes_les_deux(charges):
    assert codes("Saint-Denis", date(1970, 1, 1)) == ["93066", "97411"]


def test_un_pays_se_trouve_meme_si_la_naissance_precede_son_code(charges):
    assert codes("ALGERIE", date(1950, 1, 1)) == ["99352"]
    assert codes("allemagne de l'ouest", date(1960, 1, 1)) == ["99142"]
    assert codes("France") == []


def test_le_debut_d_un_nom_et_le_code_se_cherchent_aussi(charges):
    assert codes("saum") == codes("49328") == ["49328"]
    assert codes("Nulle-Part") == codes("") == codes(" % ") == []


def test_le_libelle_d_un_code_est_celui_de_la_date(charges):
    assert lieux_naissance.libelle("92051", date(1980, 1, 1)) == "Neuilly-sur-Seine"
    assert lieux_naissance.libelle("75051", date(1980, 1, 1)) == "Neuilly-sur-Seine"
    assert lieux_naissance.libelle("99999") == lieux_naissance.libelle("00000") == ""


def test_un_fichier_inattendu_ne_change_rien(charges, officiels, tmp_path):
    mauvais = tmp_path / "autre.csv"
    mauvais.write_text("a,b\n1,2\n", encoding="utf-8")
    avant = LieuNaissance.objects.count()
    with pytest.raises(CommandError, match="Rien n’a été changé"):
        call_command("importer_cog", communes=officiels[0], pays=mauvais, verbosity=0)
    with pytest.raises(CommandError, match="deux fichiers"):
        call_command("importer_cog", communes=officiels[0], verbosity=0)
    assert LieuNaissance.objects.count() == avant
    assert Nomenclature.objects.get(code="cog").source.startswith("Insee, v_commune.csv")


def test_la_liste_livree_se_charge_et_chaque_code_a_la_forme_d_un_cog():
    assert lieux_naissance.charger_si_absents() > 37_000
    assert lieux_naissance.charger_si_absents() == 0
    tous = LieuNaissance.objects.order_by("pk").values_list("code", flat=True)
    assert all(cog_admis(code) for code in tous)
    assert codes("Paris")[0] == "75056"
    assert codes("Portugal") == ["99139"]
    assert "Licence ouverte" in Nomenclature.objects.get(code="cog").licence


def test_un_ancien_code_se_lit_et_ne_se_propose_pas_par_son_libelle():
    """Ajaccio avant 1976, une commune réunie depuis : le code reçu n’est plus inconnu."""
    lieux_naissance.charger(lieux_naissance.livre(), lieux_naissance.source_livree())
    assert lieux_naissance.libelle("20004") == "Ancien code, aujourd’hui Ajaccio"
    assert codes("20004") == ["20004"]
    assert codes("Ajaccio") == ["2A004"]
    assert codes("ancien code") == []
