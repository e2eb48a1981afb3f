import re
from datetime import timedelta
from statistics import mean

import pytest

from dui.connecteurs.insi.local.annuaire import par_traits
from dui.demonstration import lieux, magnolia, monde, noms, personnel, rythme, structure
from dui.demonstration.fil import Fil
from dui.demonstration.personnes import OID_DEMONSTRATION, creer
from dui.demonstration.tirage import alea
from dui.demonstration.traces import LignesDeTraces
from dui.socle.identite import (
    OID_DE_TEST,
    cog_admis,
    forme_ins,
    matricule_valide,
    nom_naissance_admis,
)
from tests.demonstration.fabrique import JOUR, MAINTENANT, PETITE, installer

MAISONS = structure.construire(1, ehpad=1)
SERVICE = personnel.Service.de(personnel.recruter(1, MAISONS))


def an_de(graine, genre="ehpad", **imposes):
    a = alea(graine, genre)
    p = installer(creer(a, 0, genre, JOUR, **imposes))
    fil = Fil(
        p, a, debut=JOUR - timedelta(days=365), maintenant=MAINTENANT, service=SERVICE,
        voisins=("Mme JOUBERT", "M. AUBERT"),
    )  # fmt: skip
    return p, fil.ecrire()


@pytest.fixture(scope="module")
def annees():
    genres = ("ehpad", "ehpad", "ime", "ssiad")
    return [an_de(graine, genres[graine % 4]) for graine in range(40)]


def notes(annees, genre=None):
    return [n for p, t in annees if genre in (None, p.genre) for n in t.notes]


def test_la_meme_graine_donne_la_meme_annee():
    (_, une), (_, deux) = an_de(7), an_de(7)
    assert une == deux
    assert une != an_de(8)[1]


def test_la_meme_graine_donne_le_meme_monde():
    def noms_de(graine):
        cree = monde.creer(PETITE, graine=graine, maintenant=MAINTENANT)
        return [(p.id, p.nom, p.prenoms, p.naissance, p.matricule) for p in cree.personnes]

    assert noms_de(1) == noms_de(1)
    assert noms_de(1) != noms_de(2)


def test_l_insi_de_la_demonstration_connait_une_residente_provisoire():
    cree = monde.creer(PETITE, graine=1, maintenant=MAINTENANT)
    p = next(p for p in cree.personnes if p.nom == "TCHITCHI")
    assert (p.statut, p.incomplete, p.attributs) == ("PROV", "", set())
    connus = par_traits(p.nom, forme_ins(p.prenom), p.sexe, p.naissance.isoformat(), p.cog)
    assert [qui["nom"] for qui in connus] == ["TCHITCHI"]


def test_trois_releves_font_la_journee_d_un_ehpad(annees):
    ecrites = notes(annees, "ehpad")
    minutes = [n.ecrit.hour * 60 + n.ecrit.minute for n in ecrites]
    dans_un_pic = [any(d <= m < d + duree for d, duree in rythme.PICS) for m in minutes]
    assert 0.45 < mean(dans_un_pic) < 0.7


def test_un_ime_est_ferme_la_nuit_et_le_dimanche(annees):
    for n in notes(annees, "ime"):
        assert n.ecrit.weekday() < 5
        assert 6 <= n.ecrit.hour <= 22


def test_une_transmission_sur_vingt_est_importante(annees):
    assert 0.03 < mean(n.importance != "courante" for n in notes(annees)) < 0.09


def test_une_sur_dix_est_ecrite_en_retard(annees):
    tard = timedelta(minutes=60)
    assert 0.06 < mean(n.ecrit - n.survenu > tard for n in notes(annees)) < 0.12


def test_rien_n_est_ecrit_dans_l_avenir_ni_avant_d_etre_survenu(annees):
    for n in notes(annees):
        assert n.survenu <= n.ecrit <= MAINTENANT


def test_ce_qui_est_partage_au_portail_ne_nomme_aucun_autre_resident(annees):
    partagees = [n for n in notes(annees) if n.communicable]
    assert len(partagees) > 100
    for note in partagees:
        assert not {"JOUBERT", "AUBERT"} & set(re.findall(r"\w+", " ".join(note.parties)))


def test_l_absent_ne_fait_l_objet_d_aucun_soin(annees):
    for _, traces in annees:
        for absence in traces.absences:
            retour = absence.fin or absence.retour_prevu
            pendant = {
                n.cible
                for n in traces.notes
                if absence.debut.date() < n.ecrit.date() < retour.date()
            }
            assert pendant <= {"rendez_vous", "famille", "hospitalisation"}


def test_le_texte_et_la_mesure_disent_la_meme_chose(annees):
    for _, traces in annees:
        for n in traces.notes:
            if trouvee := re.match(r"Glycémie (?:à jeun )?(\d,\d+) g/L", n.parties[0]):
                dite = float(trouvee[1].replace(",", "."))
                assert any(
                    m.code == "glycemie" and m.mesuree == n.survenu and m.valeur == dite
                    for m in traces.mesures
                )


def test_les_mesures_restent_dans_le_possible(annees):
    bornes = {"pas": (80, 230), "pad": (40, 120), "spo2": (80, 100), "temperature": (35, 40)}
    bornes |= {"poids": (12, 150), "glycemie": (0.4, 4), "fc": (45, 130)}
    for _, traces in annees:
        for m in traces.mesures:
            mini, maxi = bornes.get(m.code, (0, 250))
            assert mini <= m.valeur <= maxi, m


def test_un_perdu_de_memoire_au_lit_ne_marche_pas_et_ne_se_plaint_pas():
    _, traces = an_de(3, traits="alite trouble severe", gir=1)
    ecrit = " ".join(" ".join(n.parties) for n in traces.notes)
    impossible = re.search(
        r"déambulateur|dans le couloir|chorale|salle à manger|\b[Dd]it (ne|que|avoir)|Se plaint",
        ecrit,
    )
    assert not impossible, impossible[0]


def test_la_fin_de_vie_pese_cinq_fois():
    poids = rythme.intensites(80, alea(1), fins_de_vie={5})
    sans = rythme.intensites(80, alea(1))
    assert poids[5] == pytest.approx(5 * sans[5])
    assert mean(sans) == pytest.approx(1)


def test_le_week_end_la_psychologue_est_chez_elle():
    unite, lundi = MAISONS[0].unites[0].id, JOUR - timedelta(days=JOUR.weekday())
    presences = [
        SERVICE.auteur(alea(1), unite, "PSYCHOLOGUE", lundi.toordinal() + i, 10 * 60)
        for i in range(7)
    ]
    assert all(presences[:5]) and not any(presences[5:])


def test_l_auteur_est_de_service():
    unite = MAISONS[0].unites[0].id
    nuit = SERVICE.auteur(alea(1), unite, "AS", JOUR.toordinal(), 3 * 60)
    matin = SERVICE.auteur(alea(1), unite, "AS", JOUR.toordinal(), 9 * 60)
    assert nuit.equipe == "nuit"
    assert matin.equipe in ("matin", "jour")


# ---------------------------------------------------------------- identities


@pytest.fixture(scope="module")
def personnes():
    taille = monde.Taille(ehpad=40)
    return monde.creer(taille, graine=1, maintenant=MAINTENANT).personnes


def test_les_matricules_sont_justes_et_de_demonstration(personnes):
    matricules = [p.matricule for p in personnes if p.matricule]
    assert len(set(matricules)) == len(matricules)
    assert all(matricule_valide(m) for m in matricules)
    assert OID_DEMONSTRATION in OID_DE_TEST


def test_les_noms_sont_admis_par_l_identitovigilance(personnes):
    for p in personnes:
        assert nom_naissance_admis(forme_ins(p.nom)), p.nom
        assert len(p.nom) <= 100
    assert max(len(p.nom) for p in personnes) == 100


def test_un_pour_cent_d_homonymes_et_des_dates_incompletes(personnes):
    assert 0.003 < mean("homonyme" in p.attributs for p in personnes) < 0.04
    assert {p.incomplete for p in personnes} >= {"", "jour", "jour_mois"}


def test_les_noms_ont_apostrophes_traits_d_union_et_accents():
    tires = {noms.nom_de_famille(alea(1, i)) for i in range(4000)}
    for signe in "'- É":
        assert any(signe in nom for nom in tires), signe


def test_les_prenoms_suivent_les_decennies():
    anciens = {noms.prenom(alea(1, i), "F", 1935) for i in range(200)}
    recents = {noms.prenom(alea(1, i), "F", 2014) for i in range(200)}
    assert "Paulette" in anciens and "Paulette" not in recents
    assert "Jade" in recents and "Jade" not in anciens


def test_les_lieux_ont_un_code_officiel():
    for _, code in lieux.LISTE:
        assert cog_admis(code), code
    for *_, code in noms.AILLEURS.values():
        assert cog_admis(code), code


def test_la_corse_etait_un_seul_departement():
    assert lieux.departement_nir("2A004", 1950) == "20004"
    assert lieux.departement_nir("2A004", 1980) == "2A004"


# ---------------------------------------------------------------- Magnolia


def test_les_scenes_precedent_toujours_la_visite():
    for heure in (0, 7, 14, 15, 23):
        visite = MAINTENANT.replace(hour=heure, minute=5)
        derniere = max(s.quand for s in magnolia.scenes(visite))
        assert derniere <= visite
        assert visite - derniere < timedelta(hours=25)


def test_chaque_scene_a_sa_personne_et_son_auteur():
    cree = monde.creer(PETITE, graine=1, maintenant=MAINTENANT)
    residents = {c for p in cree.personnes for c in (p.nom, f"{p.nom} {p.prenom}")}
    for scene in magnolia.scenes(MAINTENANT):
        assert scene.personne in residents
        assert cree.employe(scene.auteur)


def test_mme_durand_a_son_homonyme_et_ses_contacts():
    cree = monde.creer(PETITE, graine=1, maintenant=MAINTENANT)
    durand = [p for p in cree.personnes if p.nom == "DURAND" and p.maison.vitrine and p.place]
    chambres = {p.prenom: p.place.chambre for p in durand if "fige" in p.traits}
    assert chambres == {"Marie": "12", "Marie-Thérèse": "30"}
    marie = next(p for p in durand if p.prenom == "Marie")
    assert [c.prenom for c in marie.contacts] == ["Isabelle", "Pierre", "Hélène"]
    assert "homonyme" in marie.attributs


@pytest.mark.parametrize("heure", [0, 5, 13, 14, 23])
def test_a_toute_heure_personne_ne_lit_deux_fois_la_meme_transmission(heure):
    univers = monde.creer(PETITE, graine=1, maintenant=MAINTENANT.replace(hour=heure))
    traces = LignesDeTraces(univers)
    for p in univers.personnes:
        if p.nom == "VASSEUR":
            traces.personne(p)
    lectures = [tuple(x.split("\t")[:2]) for x in traces.tables["lecture"].prendre()]
    assert lectures and len(lectures) == len(set(lectures))
