from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admission.importation import elements
from admission.importation.colonnes import COLONNES
from admission.importation.examen import Contexte, Rejet
from admission.importation.regles import LigneValide, valider
from admission.importation.valeurs_brutes import ErreurDeCalcul, Formule

CONTEXTE = Contexte(date(2026, 9, 30))
MINIMUM = {
    "nom_naissance": "Durand",
    "prenoms": "Marie, Jeanne",
    "sexe": "F",
    "date_naissance": "12/05/1931",
    "cog_naissance": "69123",
}


def juger(contexte=CONTEXTE, **valeurs):
    return valider(2, MINIMUM | valeurs, contexte)


def lue(**valeurs):
    resultat = juger(**valeurs)
    assert isinstance(resultat, LigneValide), resultat
    return resultat


def rejets(**valeurs):
    resultat = juger(**valeurs)
    assert isinstance(resultat, list), resultat
    return [(r.colonne, r.raison) for r in resultat]


def test_une_ligne_minimale_donne_une_identite_complete():
    ligne = lue()
    assert (ligne.nom_naissance, ligne.prenoms, ligne.premier_prenom) == (
        "DURAND",
        "MARIE JEANNE",
        "MARIE",
    )
    assert (ligne.sexe, ligne.date_naissance) == ("F", date(1931, 5, 12))
    assert ligne.avertissements == ()


@pytest.mark.parametrize("code", ["nom_naissance", "prenoms", "sexe", "date_naissance"])
@pytest.mark.parametrize("vide", ["", "-", "?"])
def test_ce_qui_est_obligatoire_ne_peut_pas_manquer(code, vide):
    assert [c for c, _ in rejets(**{code: vide})] == [COLONNES[code].libelle]


def test_toutes_les_raisons_sont_donnees_a_la_fois():
    assert [c for c, _ in rejets(sexe="X9", date_naissance="31/02/1931", gir="8")] == [
        "Sexe",
        "Date de naissance",
        "GIR",
    ]


def test_un_rejet_dit_la_ligne_la_colonne_la_valeur_et_que_faire():
    assert juger(gir="8") == [
        Rejet(2, "GIR", "8", "Le GIR va de 1 à 6.", "Écrivez un chiffre de 1 à 6, ou rien.")
    ]


@pytest.mark.parametrize("texte", ["M", "H", "1", "Homme", "homme", "Masculin", "M.", "Monsieur"])
def test_les_ecritures_du_masculin(texte):
    assert lue(sexe=texte).sexe == "M"


@pytest.mark.parametrize("texte", ["F", "2", "Femme", "Féminin", "Mme", "Madame", "Mlle"])
def test_les_ecritures_du_feminin(texte):
    assert lue(sexe=texte).sexe == "F"


def test_la_civilite_donne_le_sexe_qui_manque_et_ne_le_contredit_pas():
    ligne = lue(sexe="", civilite="Mme")
    assert (ligne.sexe, ligne.civilite) == ("F", "MME")
    assert lue(sexe="Mme").civilite == "MME"
    assert lue(civilite="Sœur").civilite == ""
    assert rejets(sexe="M", civilite="Mme") == [("Sexe", "Le sexe et la civilité se contredisent.")]


def test_le_nom_utilise_reste_tel_que_saisi_et_le_nom_de_naissance_prend_la_forme_ins():
    ligne = lue(nom_naissance="D’Artagnan–Lœuf", nom_utilise="Le Goff-Pêcheur")
    assert (ligne.nom_naissance, ligne.nom_utilise) == ("D'ARTAGNAN-LOEUF", "Le Goff-Pêcheur")


def test_un_nom_utilise_egal_au_nom_de_naissance_ne_se_repete_pas():
    assert lue(nom_naissance="LE GOFF", nom_utilise="Le-Goff").nom_utilise == ""


def test_le_prenom_utilise_n_est_jamais_deduit():
    assert lue().prenom_utilise == ""


def test_un_homme_sans_nom_de_jeune_fille_garde_son_nom_une_femme_doit_le_donner():
    ligne = lue(nom_naissance="", nom_utilise="Le Goff", sexe="M")
    assert (ligne.nom_naissance, ligne.nom_utilise) == ("LE GOFF", "")
    assert "nom utilisé est repris" in ligne.avertissements[0]
    assert rejets(nom_naissance="", nom_utilise="Le Goff") == [
        ("Nom de naissance", "Le nom de naissance manque.")
    ]


@pytest.mark.parametrize("nom", ["DURAND née PETIT", "DURAND EP PETIT", "PETIT veuve DURAND"])
def test_deux_noms_dans_une_cellule_sont_a_separer(nom):
    assert rejets(nom_naissance=nom) == [("Nom de naissance", "La cellule contient deux noms.")]


@pytest.mark.parametrize(
    "nom", ["DUPONT1", "JEAN.", "DURAND (Marie)", "DUPONT-", "O''NEIL", "DUR@ND"]
)
def test_un_nom_hors_de_la_regle_lexicale_est_refuse(nom):
    assert rejets(nom_naissance=nom) == [
        ("Nom de naissance", "Le nom contient un caractère non admis.")
    ]


def test_une_naissance_partielle_garde_sa_marque():
    ligne = lue(date_naissance="00/00/1931")
    assert (ligne.date_naissance, ligne.naissance_incomplete) == (date(1931, 12, 31), "jour_mois")


def test_un_jour_sans_mois_suit_la_regle_nationale_et_garde_sa_marque():
    """RNIV, EXI PP 19 : le mois inconnu s’écrit 01, la date reste marquée incomplète."""
    ligne = lue(date_naissance="12/00/1931")
    assert (ligne.date_naissance, ligne.naissance_incomplete) == (date(1931, 1, 12), "mois")
    assert rejets(date_naissance="32/00/1931")[0][0] == "Date de naissance"


@pytest.mark.parametrize("ne, raison", [("30/09/2027", "futur"), ("01/01/1815", "125 ans")])
def test_une_naissance_impossible_est_refusee(ne, raison):
    assert raison in rejets(date_naissance=ne)[0][1]


def test_l_entree_suit_la_naissance_et_reste_proche():
    assert lue(entree_le="03/02/2024").entree_le == date(2024, 2, 3)
    assert lue(entree_le="").entree_le is None
    assert rejets(entree_le="03/02/1930") == [("Date d’entrée", "L’entrée précède la naissance.")]
    assert rejets(entree_le="2024") == [("Date d’entrée", "La date d’entrée est incomplète.")]
    assert "plus d’un an" in rejets(entree_le="03/02/2062")[0][1]


# ------------------------------------------------------------------ numéros


def test_un_numero_juste_sans_nature_est_controle_puis_laisse_a_l_insi():
    ligne = lue(matricule="2 31 05 69 123 045 41")
    assert (ligne.matricule, ligne.oid) == ("", "")
    assert "téléservice INSi" in ligne.avertissements[0]


def test_un_matricule_et_sa_nature_sont_repris():
    ligne = lue(matricule="231056912304541", oid="1.2.250.1.213.1.4.8")
    assert (ligne.matricule, ligne.oid) == ("231056912304541", "1.2.250.1.213.1.4.8")


def test_une_cle_fausse_dit_la_cle_attendue():
    assert rejets(matricule="231056912304539") == [
        (COLONNES["matricule"].libelle, "La clé est fausse : 39 au lieu de 41.")
    ]


def test_la_corse_et_la_cle_absente_se_lisent():
    ligne = lue(
        date_naissance="26/02/1997",
        cog_naissance="2a020",
        matricule="2 97 02 2A 020 778",
        oid="1.2.250.1.213.1.4.8",
    )
    assert (ligne.matricule, ligne.lieu_naissance_cog) == ("297022A02077878", "2A020")


def test_un_numero_arrondi_par_le_tableur_est_reconnu():
    assert "arrondi" in rejets(matricule="2,31057E+14")[0][1]


def test_un_numero_qui_contredit_les_traits_avertit_sans_refuser():
    ligne = lue(matricule="131066912304510", oid="1.2.250.1.213.1.4.8")
    assert ligne.avertissements == (
        "Le numéro de sécurité sociale contredit le sexe et le mois de naissance.",
    )


HERMANN = {
    "nom_naissance": "HERMANN",
    "prenoms": "GATIEN",
    "sexe": "M",
    "date_naissance": "1981-03-24",
    "matricule": "181036322045660",
    "oid": "1.2.250.1.213.1.4.8",
}


def test_une_identite_de_test_a_cle_fausse_avertit_hors_production_seulement():
    hors_production = juger(Contexte(date(2026, 9, 30), accepte_test=True), **HERMANN)
    assert isinstance(hors_production, LigneValide)
    assert hors_production.avertissements == ("La clé de cette identité de test est fausse.",)
    assert "La clé est fausse" in rejets(**HERMANN)[0][1]


def test_un_oid_de_test_est_refuse_en_production():
    valeurs = {"matricule": "231056912304541", "oid": "1.2.250.1.213.1.4.10"}
    assert rejets(**valeurs) == [
        (COLONNES["oid"].libelle, "Ce matricule est une identité de test.")
    ]
    assert isinstance(juger(Contexte(date(2026, 9, 30), accepte_test=True), **valeurs), LigneValide)


def test_un_oid_obsolete_est_refuse_celui_de_l_assure_est_ignore():
    assert "pas un INS" in rejets(oid="1.2.250.1.213.1.4.2")[0][1]
    assert lue(matricule="231056912304541", oid="1.2.250.1.213.1.4.13").oid == ""


# ------------------------------------------------------------------ lieu, chambre, téléphone


def test_le_code_du_lieu_se_complete_se_deduit_du_pays_ou_reste_inconnu():
    assert lue(cog_naissance="1053").lieu_naissance_cog == "01053"
    assert lue(cog_naissance="", pays_naissance="Algérie").lieu_naissance_cog == "99352"
    ligne = lue(cog_naissance="", pays_naissance="France", commune_naissance="Lyon")
    assert (ligne.lieu_naissance_cog, ligne.commune_naissance) == ("99999", "Lyon")
    assert "99999" in ligne.avertissements[0]
    assert "officiel géographique" in rejets(cog_naissance="Lyon")[0][1]


@pytest.mark.parametrize("texte", ["12", "Ch. 12", "chambre 12", "N° 12", "ch 12"])
def test_le_numero_de_chambre_perd_son_mot(texte):
    assert lue(chambre=texte).chambre == "12"


def test_une_chambre_transformee_en_date_par_le_tableur_est_refusee():
    assert "transformé la valeur en date" in rejets(chambre=date(2026, 2, 1))[0][1]


@pytest.mark.parametrize(
    "texte, numero",
    [
        ("0472000000", "04 72 00 00 00"),
        ("472000000", "04 72 00 00 00"),
        ("04.72.00.00.00", "04 72 00 00 00"),
        ("+33 4 72 00 00 00", "+33472000000"),
        ("+33 (0)4 72 00 00 00", "+33472000000"),
        ("néant", ""),
    ],
)
def test_les_telephones_prennent_une_meme_forme(texte, numero):
    assert lue(telephone=texte).telephone == numero


def test_deux_telephones_dans_une_cellule_gardent_le_premier_et_avertissent():
    ligne = lue(telephone="06 00 00 00 00 / 07 00 00 00 00 (soir)")
    assert ligne.telephone == "06 00 00 00 00"
    assert "seul le numéro" in ligne.avertissements[0]


@pytest.mark.parametrize("texte, gir", [("4", 4), ("GIR 4", 4), ("4.0", 4), ("gir : 4", 4)])
def test_le_gir_se_lit(texte, gir):
    assert lue(gir=texte).gir == gir


def test_les_contacts_et_le_medecin_se_lisent():
    ligne = lue(
        contact1_nom="PETIT Luc",
        contact1_lien="Fils",
        contact1_telephone="0600000000",
        contact2_telephone="0700000000",
        medecin_nom="Dr Claire MARTIN",
        medecin_telephone="0472000001",
    )
    fils, inconnu, medecin = ligne.contacts
    assert (fils.nom, fils.prenom, fils.lien, fils.telephone) == (
        *["PETIT", "Luc", "Fils"],
        "06 00 00 00 00",
    )
    assert (inconnu.nom, inconnu.telephone) == ("À préciser", "07 00 00 00 00")
    assert (medecin.nom, medecin.prenom, medecin.medecin) == ("MARTIN", "Claire", True)


# ------------------------------------------------------------------ cellules hostiles


@pytest.mark.parametrize(
    "texte",
    [
        "=cmd|'/c calc'!A0",
        "=1+1",
        "@SUM(A1)",
        "+A1+B1",
        "-A1",
        "'=HYPERLINK(0)",
        "＝1+1",
        Formule("= 12"),
    ],
)
def test_une_formule_rejette_la_ligne(texte):
    assert rejets(commune_naissance=texte) == [
        ("Commune de naissance", "La cellule contient une formule.")
    ]


@pytest.mark.parametrize("texte", ["-1", "+33 6 00 00 00 00", "-", "+ 12", "- 12,5"])
def test_un_nombre_signe_n_est_pas_une_formule(texte):
    assert not elements.ressemble_a_une_formule(texte)


def test_une_erreur_de_calcul_rejette_la_ligne():
    assert "en erreur" in rejets(gir=ErreurDeCalcul("#REF!"))[0][1]


def test_une_cellule_demesuree_ou_a_plusieurs_lignes_rejette_la_ligne():
    assert "dépasse 100 caractères" in rejets(commune_naissance="a" * 101)[0][1]
    assert "guillemet" in rejets(commune_naissance="a\nb\nc\nd")[0][1]
    assert "illisible" in rejets(commune_naissance="Besan\ufffdon")[0][1]


@given(st.dictionaries(st.sampled_from(sorted(COLONNES)), st.text(max_size=40)))
def test_n_importe_quelles_valeurs_donnent_une_ligne_ou_des_rejets(valeurs):
    resultat = valider(2, valeurs, CONTEXTE)
    if isinstance(resultat, list):
        assert resultat and all(r.raison and r.que_faire and r.ligne == 2 for r in resultat)
    else:
        assert len(resultat.nom_naissance) <= 100 and len(resultat.telephone) <= 20


@pytest.mark.parametrize(
    ("tape", "trait", "affiche"),
    [
        ("Hélène, Marie", "HELENE MARIE", "Hélène"),
        ("HÉLÈNE", "HELENE", "Hélène"),
        ("Anne-Laure", "ANNE-LAURE", ""),
        ("Marie", "MARIE", ""),
    ],
)
def test_le_prenom_garde_a_l_affichage_les_accents_que_le_trait_perd(tape, trait, affiche):
    ligne = lue(prenoms=tape)
    assert (ligne.prenoms, ligne.prenom_utilise) == (trait, affiche)


def test_un_prenom_utilise_du_fichier_l_emporte():
    assert lue(prenoms="Hélène", prenom_utilise="Lili").prenom_utilise == "Lili"
