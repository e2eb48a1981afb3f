import csv as lecteur_csv
from datetime import date
from pathlib import Path

import pytest

from administratif.cellule.services import creer_dossier
from admission import services
from admission.models import LigneRejetee
from dui.socle.enums import StatutIdentite
from dui.socle.models import (
    Contact,
    Dossier,
    EntreeJournal,
    Evenement,
    IdentiteRecue,
    Place,
    Sejour,
    Unite,
    Usager,
)
from tests.admission.fichiers import csv, xlsx
from tests.admission.listes import HENRI, MARIE, TITRES, liste, raisons
from tests.socle.factories import (
    PlaceFactory,
    SejourFactory,
    UniteFactory,
    UsagerFactory,
)

# ------------------------------------------------------------------ ce qu'un import écrit


def test_une_ligne_cree_personne_dossier_sejour_et_contacts(secretariat):
    unite = UniteFactory(etablissement=secretariat.etablissement, nom="Les Tilleuls")
    place = PlaceFactory(unite=unite, chambre="12", lit="")
    titres = [
        *TITRES,
        *["Nom d'usage", "Unité", "Chambre", "Date d'entrée", "GIR", "N° dossier"],
        *["Contact 1 nom", "Contact 1 lien", "Contact 1 téléphone", "Médecin traitant"],
    ]
    ligne = [
        *MARIE,
        *["Petit", "les tilleuls", "Ch. 12", "03/02/2024", "4", "R-0042"],
        *["PETIT Luc", "Fils", "0600000000", "Dr Claire MARTIN"],
    ]
    importation = secretariat.importer(csv([titres, ligne]))
    assert (importation.etat, importation.creees, importation.motif) == ("terminee", 1, "")

    dossier = Dossier.objects.get()
    usager, sejour = dossier.usager, dossier.sejours.get()
    assert (usager.nom_affiche, usager.nom_utilise) == ("DURAND Marie", "Petit")
    assert usager.statut_identite is StatutIdentite.PROVISOIRE
    assert (dossier.numero, dossier.gir, dossier.ouvert_le) == ("R-0042", 4, date(2024, 2, 3))
    assert (sejour.unite, sejour.place, sejour.place_depuis) == (unite, place, date(2024, 2, 3))
    fils, medecin = dossier.contacts.order_by("ordre_appel")
    assert (fils.nom, fils.prenom, fils.role, fils.relation) == ("PETIT", "Luc", "ECON", "SONC")
    assert (medecin.nom, medecin.relation) == ("MARTIN", "MEDECIN_TRAITANT")
    assert not fils.personne_confiance and not fils.representant_legal


def test_l_historique_le_journal_et_les_evenements_gardent_la_trace(secretariat):
    importation = secretariat.importer(liste(MARIE))
    for modele in (Usager, Dossier, Sejour):
        trace = modele.history.get()
        assert (trace.history_user, trace.history_type) == (secretariat.compte, "+")
        assert trace.history_change_reason == "Import de liste"
    assert EntreeJournal.objects.filter(action="importer").count() == 1
    charge = Evenement.objects.get(type="importation.terminee").charge
    assert charge == {
        "importation": str(importation.pk),
        "creees": 1,
        "mises_a_jour": 0,
        "ignorees": 0,
    }


def test_sans_numero_de_dossier_les_numeros_se_suivent(secretariat):
    secretariat.importer(liste(MARIE))
    secretariat.importer(liste(HENRI))
    annee = Dossier.objects.order_by("numero").first().numero[:4]
    numeros = Dossier.objects.order_by("numero").values_list("numero", flat=True)
    assert list(numeros) == [f"{annee}-00001", f"{annee}-00002"]


def test_le_fichier_chiffre_s_efface_quand_l_import_est_fini(
    secretariat, settings, django_capture_on_commit_callbacks
):
    importation = secretariat.deposer(liste(MARIE))
    (fichier,) = [f for f in Path(settings.MEDIA_ROOT).rglob("*") if f.is_file()]
    assert b"DURAND" not in fichier.read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        services.annuler(secretariat.habilitation, importation.pk)
    assert not fichier.exists()


# ------------------------------------------------------------------ tout ou rien


def test_une_seule_ligne_fausse_et_rien_n_est_importe(secretariat):
    fausse = ["PETIT", "", "F", "31/02/1931", "69123"]
    importation = secretariat.importer(liste(MARIE, fausse, HENRI))
    assert (importation.etat, importation.creees, importation.rejetees) == ("echouee", 0, 1)
    assert importation.motif == "1 ligne est rejetée : rien n’a été importé."
    assert not Usager.objects.exists() and not Dossier.objects.exists()
    assert {r.colonne for r in importation.rejets.all()} == {
        "Prénoms de naissance",
        "Date de naissance",
    }


def test_les_lignes_valables_s_importent_si_on_le_demande(secretariat):
    fausse = ["PETIT", "ANNE", "F", "31/02/1931", "69123"]
    importation = secretariat.importer(liste(MARIE, fausse, HENRI), lignes_valables=True)
    assert (importation.etat, importation.creees, importation.rejetees) == ("terminee", 2, 1)
    assert Dossier.objects.count() == 2


def test_une_panne_au_milieu_n_ecrit_rien(secretariat, monkeypatch):
    def tomber(self, decisions):
        Usager.objects.create(
            nom_naissance="X", prenoms="Y", premier_prenom="Y", sexe="F",
            date_naissance=date(1931, 5, 12),
        )  # fmt: skip
        raise RuntimeError("DURAND MARIE")

    monkeypatch.setattr("admission.services.ecriture.Ecriture.ecrire", tomber)
    importation = secretariat.importer(liste(MARIE))
    assert importation.etat == "echouee"
    assert "DURAND" not in importation.motif
    assert not Usager.objects.exists()


def test_un_essai_n_ecrit_rien_et_compte_comme_l_import(secretariat):
    fichier = [TITRES, MARIE, HENRI, ["PETIT", "ANNE", "F", "", ""]]
    essai = secretariat.simuler(csv(fichier))
    assert (essai.etat, essai.creees, essai.rejetees) == ("simulee", 2, 1)
    assert essai.simulation["total"] == 3
    assert not Usager.objects.exists()


def test_une_tache_livree_deux_fois_n_importe_qu_une_fois(secretariat):
    importation = secretariat.importer(liste(MARIE))
    services.executer(importation.pk)
    assert Dossier.objects.count() == 1


# ------------------------------------------------------------------ lieux


def test_une_unite_inconnue_est_refusee_avec_la_liste_des_unites(secretariat):
    UniteFactory(etablissement=secretariat.etablissement, nom="Magnolia")
    UniteFactory(nom="Ailleurs")
    essai = secretariat.simuler(csv([[*TITRES, "Unité"], [*MARIE, "Tilleuls"]]))
    assert raisons(essai) == [(2, "Cette unité n’existe pas. Unités connues : « Magnolia ».")]


def test_les_unites_et_les_chambres_se_creent_si_on_le_demande(secretariat):
    titres = [*TITRES, "Unité", "Chambre"]
    lignes = [[*MARIE, "Tilleuls", "2"], [*HENRI, "TILLEULS", "10"]]
    essai = secretariat.simuler(csv([titres, *lignes]), creer_lieux=True)
    assert (essai.simulation["unites"], essai.simulation["places"]) == (["Tilleuls"], 2)
    assert not Unite.objects.exists()
    secretariat.importer(csv([titres, *lignes]), creer_lieux=True)
    assert [str(p) for p in Place.objects.order_by("ordre")] == ["2", "10"]
    assert Unite.objects.get().nom == "Tilleuls"


def test_une_chambre_seule_se_reconnait_si_elle_est_unique(secretariat):
    place = PlaceFactory(unite__etablissement=secretariat.etablissement, chambre="12")
    secretariat.importer(csv([[*TITRES, "Chambre"], [*MARIE, "12"]]))
    assert Sejour.objects.get().place == place


def test_deux_personnes_pour_une_place_et_une_place_occupee_sont_refusees(secretariat):
    occupee = SejourFactory(etablissement=secretariat.etablissement, place__chambre="7").place
    PlaceFactory(unite=occupee.unite, chambre="12")
    titres = [*TITRES, "Chambre", "Date d'entrée"]
    autre = ["PETIT", "ANNE", "F", "01/01/1935", "69123", "7", "03/02/2024"]
    essai = secretariat.simuler(
        csv([titres, [*MARIE, "12", "03/02/2024"], [*HENRI, "12", "03/02/2024"], autre])
    )
    assert raisons(essai) == [
        (3, "La ligne 2 demande déjà cette place."),
        (4, "Cette place est déjà occupée à cette date."),
    ]


# ------------------------------------------------------------------ doublons


def test_la_meme_personne_deux_fois_dans_le_fichier(secretariat):
    proche = ["DURANT", "MARIE", "F", "12/05/1931", "69123"]
    essai = secretariat.simuler(liste(MARIE, MARIE, proche))
    assert raisons(essai) == [
        (3, "La même personne est déjà à la ligne 2."),
        (4, "Doublon probable de la ligne 2."),
    ]


def test_une_personne_deja_presente_est_laissee_telle_quelle(secretariat):
    secretariat.importer(liste(MARIE))
    encore = secretariat.importer(liste(MARIE, HENRI))
    assert (encore.etat, encore.creees, encore.ignorees) == ("terminee", 1, 1)
    assert Dossier.objects.count() == 2


def test_une_personne_deja_presente_se_complete_sans_rien_perdre(secretariat):
    secretariat.importer(csv([[*TITRES, "Téléphone"], [*MARIE, "0472000000"]]))
    titres = [*TITRES, "Téléphone", "Nom d'usage", "GIR", "Contact 1 nom"]
    complete = [*MARIE, "0499999999", "Petit", "3", "PETIT Luc"]
    encore = secretariat.importer(csv([titres, complete]), completer=True)
    assert (encore.mises_a_jour, encore.ignorees) == (1, 0)
    dossier = Dossier.objects.get()
    assert (dossier.usager.telephone, dossier.usager.nom_utilise) == ("04 72 00 00 00", "Petit")
    assert (dossier.gir, Contact.objects.get().nom) == (3, "PETIT")
    assert secretariat.importer(csv([titres, complete]), completer=True).ignorees == 1


def test_un_doublon_probable_de_la_base_est_refuse_puis_accepte_comme_homonyme(secretariat):
    secretariat.importer(liste(MARIE))
    proche = ["DURANT", "MARIE", "F", "12/05/1931", "69123"]
    assert raisons(secretariat.simuler(liste(proche))) == [
        (2, "Doublon probable d’une personne déjà enregistrée.")
    ]
    secretariat.importer(liste(proche), creer_doublons=True)
    assert Usager.objects.get(nom_naissance="DURANT").homonyme


def test_un_fichier_n_ouvre_pas_le_dossier_d_un_autre_etablissement(secretariat):
    """Sinon il suffirait de connaître une identité pour rattacher un dossier à sa maison."""
    SejourFactory(
        dossier__usager=UsagerFactory(
            nom_naissance="DURAND", prenoms="MARIE", premier_prenom="MARIE",
            date_naissance=date(1931, 5, 12), lieu_naissance_cog="69123",
        )
    )  # fmt: skip
    importation = secretariat.importer(liste(MARIE), completer=True, creer_doublons=True)
    assert importation.etat == "echouee"
    assert "hors de votre portée" in raisons(importation)[0][1]
    assert Sejour.objects.count() == 1


def test_une_personne_sortie_revient_a_la_main(secretariat):
    secretariat.importer(liste(MARIE))
    sejour = Sejour.objects.get()
    sejour.sortie_le = sejour.entree_le
    sejour.save()
    assert "sans séjour en cours" in raisons(secretariat.simuler(liste(MARIE)))[0][1]


def test_numero_de_dossier_et_matricule_deja_pris(secretariat):
    titres = [*TITRES, "N° dossier", "Matricule INS", "OID"]
    nir, oid = "231056912304541", "1.2.250.1.213.1.4.8"
    secretariat.importer(csv([titres, [*MARIE, "R-1", nir, oid]]))
    essai = secretariat.simuler(
        csv([
            titres,
            [*HENRI, "R-1", "", ""],
            ["PETIT", "ANNE", "F", "01/05/1931", "69123", "R-2", nir, oid],
        ])
    )  # fmt: skip
    assert raisons(essai) == [
        (2, "Ce numéro de dossier est déjà pris."),
        (3, "Une autre identité porte déjà ce matricule."),
    ]


# ------------------------------------------------------------------ quarantaine

NIR, OID = "231056912304541", "1.2.250.1.213.1.4.8"
AVEC_INS = [*TITRES, "Matricule INS", "OID", "Téléphone", "Contact 1 nom", "GIR"]


def test_confiee_a_la_cellule_une_ligne_douteuse_n_arrete_pas_l_import(secretariat):
    secretariat.importer(csv([AVEC_INS, [*MARIE, NIR, OID, "", "", ""]]))
    lignes = [
        AVEC_INS,
        ["DURANT", "MARIE", "F", "12/05/1931", "69123", "", "", "0472000000", "PETIT Luc", "3"],
        ["PETIT", "ANNE", "F", "01/05/1931", "69123", NIR, OID, "", "", ""],
        [*HENRI, "", "", "", "", ""],
    ]
    essai = secretariat.simuler(csv(lignes), quarantaine=True)
    assert (essai.rejetees, essai.creees, essai.simulation["quarantaine"]) == (0, 1, 2)
    assert not IdentiteRecue.objects.exists()
    importation = secretariat.importer(csv(lignes), quarantaine=True)
    assert (importation.etat, importation.creees, importation.rejetees) == ("terminee", 1, 0)
    recues = IdentiteRecue.objects.order_by("motif")
    assert [r.motif for r in recues] == ["autres_traits", "proches"]
    assert Usager.objects.count() == 2 and not Usager.objects.filter(homonyme=True).exists()
    page = secretariat.client.get(f"/importations/{importation.pk}/").content.decode()
    assert "Confiées à la cellule" in page


def test_ce_que_la_liste_savait_suit_la_personne_creee_par_la_cellule(secretariat, en_tant_que):
    secretariat.importer(liste(MARIE))
    proche = ["DURANT", "MARIE", "F", "12/05/1931", "69123", "", "", "0472000000", "PETIT Luc", "3"]
    secretariat.importer(csv([AVEC_INS, proche]), quarantaine=True)
    cellule = en_tant_que(role="IDENTITOVIG", etablissement=secretariat.etablissement)
    connue = Dossier.objects.get()
    dossier = creer_dossier(
        cellule.habilitation, IdentiteRecue.objects.get().pk, vus={str(connue.pk)}, raison="Sœurs"
    )
    assert dossier.usager.telephone == "04 72 00 00 00"
    assert (dossier.gir, dossier.contacts.get().nom) == (3, "PETIT")


def test_deux_personnes_de_memes_traits_la_liste_n_en_complete_aucune(secretariat):
    """Compléter la première venue écrirait peut-être dans le dossier d’une autre."""
    secretariat.importer(liste(MARIE))
    SejourFactory(
        etablissement=secretariat.etablissement,
        dossier__usager=UsagerFactory(
            nom_naissance="DURAND", prenoms="MARIE", premier_prenom="MARIE",
            date_naissance=date(1931, 5, 12), lieu_naissance_cog="69123",
        ),
    )  # fmt: skip
    complete = csv([[*TITRES, "Téléphone"], [*MARIE, "0499999999"]])
    essai = secretariat.importer(complete, completer=True)
    assert raisons(essai) == [(2, "Plusieurs personnes enregistrées ont ces traits.")]
    assert not Usager.objects.exclude(telephone="").exists()


def test_les_memes_traits_et_un_autre_matricule_ne_se_completent_pas(secretariat):
    secretariat.importer(csv([AVEC_INS, [*MARIE, NIR, OID, "", "", ""]]))
    autre = [*MARIE, "231056912304640", OID, "0499999999", "", ""]
    essai = secretariat.simuler(csv([AVEC_INS, autre]), completer=True)
    assert raisons(essai) == [(2, "La personne qui a ces traits porte un autre matricule.")]


# ------------------------------------------------------------------ identités de test publiées

IDENTITES = Path(__file__).parents[3] / "shared" / "data" / "ins" / "test_identities.csv"


@pytest.mark.skipif(not IDENTITES.is_file(), reason="../shared/data/ins n’est pas présent")
@pytest.mark.parametrize("fabrique", [csv, xlsx])
def test_le_sort_de_chaque_identite_de_test_publiee(secretariat, fabrique):
    """Un export ordinaire : noms, date française, NIR espacé, OID."""
    with IDENTITES.open(encoding="utf-8", newline="") as fichier:
        identites = list(lecteur_csv.DictReader(fichier))
    titres = [
        *["Nom de naissance", "Prénoms", "Sexe", "Né(e) le", "Code INSEE naissance"],
        *["Matricule INS", "OID"],
    ]
    lignes = [
        [
            *[i["nom_naissance"], i["prenoms"], i["sexe"]],
            "/".join(reversed(i["date_naissance"].split("-"))),
            *[i["lieu_cog"], i["matricule15"], i["oid"]],
        ]
        for i in identites
    ]
    essai = secretariat.simuler(fabrique([titres, *lignes]))
    par_ligne: dict[int, list] = {}
    for rejet in LigneRejetee.objects.filter(importation=essai).order_by("ligne", "pk"):
        par_ligne.setdefault(rejet.ligne - 2, []).append(rejet.raison)
    attendus = {
        n: "Le nom de naissance manque." for n, i in enumerate(identites) if not i["nom_naissance"]
    }
    attendus |= {
        n: "La personne aurait plus de 125 ans."
        for n, i in enumerate(identites)
        if i["date_naissance"] < "1901" and i["nom_naissance"]
    }
    assert {n: r[0] for n, r in par_ligne.items() if n in attendus} == attendus
    histos = [n for n, i in enumerate(identites) if "INSHISTO" in i["source"]]
    assert [par_ligne[n][0] for n in histos] == [
        "Doublon probable de la ligne 6.",
        "Doublon probable de la ligne 6.",
        "La même personne est déjà à la ligne 8.",
    ]
    assert set(par_ligne) == set(attendus) | set(histos)
    assert essai.creees == len(identites) - len(par_ligne) == 12
    assert essai.avertissements["La clé de cette identité de test est fausse."] == 2
