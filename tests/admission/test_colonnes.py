import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admission.importation import colonnes
from admission.importation.colonnes import COLONNES, defauts, deviner, normaliser, trouver_entete
from admission.importation.lecture import ouvrir
from admission.importation.refus import FichierRefuse
from tests.admission.fichiers import LIGNE, TITRES, csv, xlsx


def devines(*titres):
    return [deviner(titres)[i].code if i in deviner(titres) else None for i in range(len(titres))]


@pytest.mark.lent
def test_un_export_ordinaire_se_reconnait_entierement():
    assert devines(
        *["Nom", "Nom de jeune fille", "Prénom", "Né(e) le", "Civ.", "N° SS", "Ch.", "Étage"],
        *["Dt entrée", "GIR", "Tél.", "Médecin traitant", "Tél. médecin", "Personne à prévenir"],
        *["Lien de parenté", "Tél. contact"],
    ) == [
        *["nom_utilise", "nom_naissance", "prenoms", "date_naissance", "civilite", "matricule"],
        *["chambre", "unite", "entree_le", "gir", "telephone", "medecin_nom"],
        *["medecin_telephone", "contact1_nom", "contact1_lien", "contact1_telephone"],
    ]


@pytest.mark.parametrize(
    "titre, code",
    [
        ("NOM", "nom_naissance"),
        ("nom_naissance", "nom_naissance"),
        ("Nom patronymique", "nom_naissance"),
        ("Prénom(s)", "prenoms"),
        ("1er prénom", "prenoms"),
        ("Prénom usuel", "prenom_utilise"),
        ("DDN", "date_naissance"),
        ("DATE NAISS.", "date_naissance"),
        ("Née le", "date_naissance"),
        ("Date de naisance", "date_naissance"),
        ("Date de naissance du résident", "date_naissance"),
        ("N° Sécurité Sociale", "matricule"),
        ("Numéro de sécu", "matricule"),
        ("Matricule INS", "matricule"),
        ("Code INSEE naissance", "cog_naissance"),
        ("N° de chambre", "chambre"),
        ("Date d’admission", "entree_le"),
        ("E-mail", "courriel"),
        ("N° de dossier", "numero_dossier"),
        ("Contact 2 – Téléphone", "contact2_telephone"),
    ],
)
def test_un_titre_se_reconnait_malgre_sa_graphie(titre, code):
    assert devines(titre) == [code]


@pytest.mark.parametrize("titre", ["", "Téléphone de la fille", "Observations", "Âge", "Régime"])
def test_un_titre_etranger_ou_trompeur_n_est_rattache_a_rien(titre):
    assert devines(titre) == [None]


def test_le_nom_seul_est_propose_avec_prudence():
    assert not deviner(["Nom"])[0].sure
    assert deviner(["Nom de naissance"])[0].sure


@pytest.mark.lent
@given(st.lists(st.sampled_from([s for c in COLONNES.values() for s in c.synonymes]), max_size=30))
def test_jamais_deux_colonnes_pour_une_meme_cible(titres):
    codes = [p.code for p in deviner(titres).values()]
    assert len(codes) == len(set(codes))


@given(st.text(max_size=30))
def test_la_normalisation_est_stable_pour_ce_qui_s_affiche(titre):
    assert normaliser(titre).isascii()


def test_la_ligne_de_titres_se_trouve_sous_un_bandeau():
    bandeau = [["EHPAD Les Tilleuls"], ["Liste au 30/09/2026"], [], TITRES, LIGNE]
    assert trouver_entete(ouvrir(csv(bandeau))).numero == 4
    assert trouver_entete(ouvrir(xlsx(bandeau))).numero == 4


def test_une_seule_colonne_ne_fait_pas_une_liste():
    with pytest.raises(FichierRefuse, match="une colonne"):
        trouver_entete(ouvrir(csv([["Nom"], ["DURAND"]])))


def test_les_colonnes_obligatoires_sont_exigees_une_seule_fois_chacune():
    assert defauts({0: "nom_naissance", 1: "prenoms", 2: "civilite", 3: "date_naissance"}) == []
    assert defauts({0: "nom_naissance", 1: "prenoms", 2: "prenoms", 3: "couleur"}) == [
        "Colonne inconnue : couleur.",
        "« Prénoms de naissance » est choisie pour plusieurs colonnes.",
        "Aucune colonne ne donne « Sexe », obligatoire.",
        "Aucune colonne ne donne « Date de naissance », obligatoire.",
    ]


def test_une_colonne_de_noms_complets_recoit_un_conseil():
    assert colonnes.conseils(["Nom et prénom", "DDN"]) == [
        "Séparez le nom et le prénom en deux colonnes."
    ]


def test_les_donnees_des_colonnes_sont_completes():
    donnees = json.loads(
        (Path(colonnes.__file__).parent / "colonnes.json").read_text(encoding="utf-8")
    )
    codes = [c["code"] for c in donnees["colonnes"]]
    assert donnees["version"] and len(codes) == len(set(codes))
    assert all(c["libelle"] and c["exemple"] and c["synonymes"] for c in donnees["colonnes"])
    assert {c.code for c in COLONNES.values() if c.obligatoire} == {
        *["nom_naissance", "prenoms", "sexe", "date_naissance"]
    }
