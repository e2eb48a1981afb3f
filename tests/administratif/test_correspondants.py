"""Les correspondants d’un dossier : qui peut les lire, les noter, y mettre fin."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from administratif.correspondants import lectures
from administratif.correspondants.services import ajouter_correspondant, terminer_correspondant
from dui.socle import registres
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Correspondant, EntreeJournal, Evenement, Professionnel
from habilitations.models import Interdiction
from habilitations.politique import Habilitation
from tests.annuaire.factories import bal, exercice, professions, structure
from tests.habilitations.factories import AffectationFactory
from tests.outils import formulaire_de
from tests.socle.factories import CorrespondantFactory, DossierFactory, ProfessionnelFactory

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 2)
CONTROLE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def page(dossier, suite=""):
    return f"/dossiers/{dossier.pk}/entourage/correspondants/{suite}"


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def annuaire():
    """Un médecin à son cabinet, une pharmacie ; chacun son adresse."""
    professions(c10="Médecin")
    lieu = structure("CABINET DU PORT", finess="990000028", telephone="0241000002")
    officine = structure("PHARMACIE DU PORT", finess="990000036")
    medecin = exercice(cle="medecin", structure=lieu.identifiant, civilite="MME")
    bal("arthur.saucier@medecin.mssante.fr", idnps=medecin.idnps)
    bal("pharmacie@port.mssante.fr", structure=officine.identifiant)
    return {
        "medecin": "exercice:medecin|arthur.saucier@medecin.mssante.fr",
        "officine": f"structure:{officine.identifiant}|pharmacie@port.mssante.fr",
    }


def noter(client, dossier, choix, role="MEDECIN_TRAITANT", **champs):
    return ajouter_correspondant(
        client.habilitation, dossier, choix=choix, role=role, debut=JOUR, **champs
    )


# ------------------------------------------------------------------ who may


def test_l_infirmiere_note_l_aide_soignante_lit_l_agent_ne_voit_rien(en_tant_que, dossier):
    CorrespondantFactory(dossier=dossier)
    infirmiere, aide = en_tant_que(dossier, "IDE"), en_tant_que(dossier, "AS")
    agent = en_tant_que(dossier, "ASH")
    assert "Ajouter un correspondant" in infirmiere.get(page(dossier)).content.decode()
    lue = aide.get(page(dossier))
    assert lue.status_code == 200 and "Hélène PETIT" in lue.content.decode()
    assert "Ajouter un correspondant" not in lue.content.decode()
    assert "Terminer" not in lue.content.decode()
    assert aide.get(page(dossier, "ajouter/")).status_code == 403
    assert agent.get(page(dossier)).status_code == 403
    assert agent.get("/annuaire/").status_code == 403


def test_un_inconnu_ne_trouve_rien(en_tant_que, sur_le_portail, dossier):
    correspondant = CorrespondantFactory(dossier=dossier)
    ailleurs, personne = en_tant_que(role="IDE"), sur_le_portail(dossier)
    for suite in ("", "imprimable/", "ajouter/", f"{correspondant.pk}/terminer/"):
        assert ailleurs.get(page(dossier, suite)).status_code == 404
        assert personne.get(page(dossier, suite)).status_code == 404
    assert personne.get("/annuaire/").status_code == 404
    with pytest.raises(ObjectDoesNotExist):
        noter(ailleurs, dossier, "exercice:x|")
    with pytest.raises(ObjectDoesNotExist):
        terminer_correspondant(
            ailleurs.habilitation, correspondant.pk, version_lue=1, fin=JOUR, motif="x"
        )


def test_une_opposition_ferme_aussi_les_correspondants(en_tant_que, dossier):
    client = en_tant_que(dossier, "IDE")
    Interdiction.objects.create(
        dossier=dossier, compte=client.compte, blocs=["ENT"], origine="personne",
        decidee_par=AffectationFactory(role="IDEC").compte,
    )  # fmt: skip
    client.habilitation = Habilitation(client.compte)
    CorrespondantFactory(dossier=dossier)
    assert client.get(page(dossier)).status_code == 403
    assert not Correspondant.objects.visibles(client.habilitation).exists()


def test_le_correspondant_d_un_autre_dossier_ne_se_termine_pas_par_le_mien(en_tant_que, dossier):
    autre = CorrespondantFactory()
    client = en_tant_que(dossier, "IDE")
    assert client.get(page(dossier, f"{autre.pk}/terminer/")).status_code == 404


def test_lire_noter_et_imprimer_laissent_leur_trace(en_tant_que, dossier, annuaire):
    client = en_tant_que(dossier, "IDE")
    client.get(page(dossier))
    client.get(page(dossier, "imprimable/"))
    fait = noter(client, dossier, annuaire["medecin"])
    traces = EntreeJournal.objects.filter(dossier=dossier, bloc="ENT")
    assert {"voir", "imprimer"} <= set(traces.values_list("action", flat=True))
    evenement = Evenement.objects.get(type="correspondant.ajoute")
    assert evenement.charge == {"correspondant": str(fait.pk), "role": "MEDECIN_TRAITANT"}


# ------------------------------------------------------------------ add


def test_ce_qui_est_choisi_se_recopie_et_ne_bouge_plus(en_tant_que, dossier, annuaire):
    client = en_tant_que(dossier, "IDE")
    fait = noter(client, dossier, annuaire["medecin"], commentaire="Passe le mardi")
    exercice_ = exercice(cle="autre", numero=2, nom="AUTRE")
    exercice_.delete()
    fait.refresh_from_db()
    p = fait.professionnel
    assert (p.nom, p.prenom, p.rpps, p.civilite) == ("SAUCIER", "Arthur", p.rpps, "MME")
    assert p.libelle_fonction == "Médecin" and p.compte is None
    assert p.mssante == fait.mssante
    assert (fait.structure, fait.structure_identifiant) == ("CABINET DU PORT", "1990000028")
    assert fait.mssante == "arthur.saucier@medecin.mssante.fr"
    assert fait.telephone == "0241000001" and fait.commune == "Saumur"


def test_un_professionnel_deja_connu_se_reconnait_a_son_numero(en_tant_que, dossier, annuaire):
    connu = ProfessionnelFactory(nom="Saucier-Martin", rpps=exercice(cle="z").rpps)
    client = en_tant_que(dossier, "IDE")
    assert noter(client, dossier, annuaire["medecin"]).professionnel == connu
    connu.refresh_from_db()
    assert connu.nom == "Saucier-Martin"


def test_sans_rpps_l_identifiant_national_fait_foi(en_tant_que, dossier):
    exercice(cle="psy", rpps="", idnps="0930000001", nom="PSY")
    client = en_tant_que(dossier, "IDE")
    un = noter(client, dossier, "exercice:psy|", role="PSYCHOLOGUE")
    autre = noter(client, DossierFactory(sejour__unite=dossier.sejours.get().unite),
                  "exercice:psy|", role="PSYCHOLOGUE")  # fmt: skip
    assert un.professionnel == autre.professionnel
    assert un.professionnel.identifiant_national == "0930000001"


def test_une_structure_seule_peut_etre_correspondante(en_tant_que, dossier, annuaire):
    client = en_tant_que(dossier, "IDE")
    fait = noter(client, dossier, annuaire["officine"], role="PHARMACIEN")
    assert fait.professionnel is None and str(fait) == "PHARMACIE DU PORT"
    assert fait.mssante == "pharmacie@port.mssante.fr"


def test_deux_clics_ne_font_qu_un_correspondant(en_tant_que, dossier, annuaire):
    client = en_tant_que(dossier, "IDE")
    assert noter(client, dossier, annuaire["medecin"]) == noter(
        client, dossier, annuaire["medecin"]
    )
    assert Correspondant.objects.count() == 1


def test_un_seul_medecin_traitant_a_la_fois(en_tant_que, dossier, annuaire):
    client = en_tant_que(dossier, "IDE")
    CorrespondantFactory(dossier=dossier)
    with pytest.raises(ValidationError, match="Hélène PETIT l’est déjà"):
        noter(client, dossier, annuaire["medecin"])
    assert noter(client, dossier, annuaire["medecin"], role="MEDECIN_SPECIALISTE")


@pytest.mark.parametrize(
    "choix",
    ["", "exercice:", "exercice:inconnu|", "structure:medecin|", "compte:1|",
     "exercice:medecin|pirate@exemple.fr", "exercice:\0|", "exercice:medecin"],
)  # fmt: skip
def test_un_choix_qui_n_est_pas_dans_l_annuaire_est_refuse(en_tant_que, dossier, annuaire, choix):
    client = en_tant_que(dossier, "IDE")
    if choix == "exercice:medecin":  # without an address: allowed
        assert noter(client, dossier, choix).mssante == ""
        return
    with pytest.raises(ValidationError, match="n’est plus dans l’annuaire"):
        noter(client, dossier, choix)
    assert not Professionnel.objects.filter(nom="SAUCIER").exists()


def test_un_role_inconnu_est_refuse(en_tant_que, dossier, annuaire):
    with pytest.raises(ValidationError, match="rôle"):
        noter(en_tant_que(dossier, "IDE"), dossier, annuaire["medecin"], role="ROI")


def test_la_page_cherche_choisit_et_note_sans_script(en_tant_que, dossier, annuaire):
    client = en_tant_que(dossier, "SECRETAIRE")
    reponse = client.get(page(dossier, "ajouter/"), {"nom": "saucier", "ville": "saumur"})
    assert annuaire["medecin"] in reponse.content.decode()
    adresse, champs = formulaire_de(reponse)
    champs |= {
        "choix": [annuaire["medecin"]],
        "role": ["MEDECIN_TRAITANT"],
        "debut": ["02/03/2026"],
    }
    suite = client.post(adresse, champs, follow=True)
    assert "Arthur SAUCIER est noté parmi les correspondants" in suite.content.decode()
    assert Correspondant.objects.get().debut == JOUR


def test_sans_choix_la_page_dit_quoi_faire_et_ne_perd_rien(en_tant_que, dossier, annuaire):
    client = en_tant_que(dossier, "IDE")
    adresse, champs = formulaire_de(client.get(page(dossier, "ajouter/?nom=saucier")))
    refuse = client.post(adresse, champs | {"commentaire": ["Le mardi"]})
    assert refuse.status_code == 422
    assert "choisissez une ligne de l’annuaire" in refuse.content.decode()
    assert "Le mardi" in refuse.content.decode()
    champs |= {"choix": [annuaire["medecin"]], "role": [""]}
    refuse = client.post(page(dossier, "ajouter/"), champs)
    assert refuse.status_code == 422
    assert "checked" in refuse.content.decode() and "SAUCIER" in refuse.content.decode()


def test_le_fragment_a_choisir_ne_porte_que_des_choix(en_tant_que, dossier, annuaire):
    client = en_tant_que(dossier, "IDE")
    html = client.get("/annuaire/choisir/", {"nom": "saucier"}).content.decode()
    assert annuaire["medecin"] in html and "<html" not in html
    assert "Personne ne correspond" in client.get("/annuaire/choisir/?nom=zzz").content.decode()


# ------------------------------------------------------------------ end


def test_un_suivi_se_termine_avec_sa_date_et_reste_ecrit(en_tant_que, dossier):
    c = CorrespondantFactory(dossier=dossier)
    client = en_tant_que(dossier, "IDE")
    adresse, champs = formulaire_de(client.get(page(dossier, f"{c.pk}/terminer/")))
    hier = timezone.localdate() - timedelta(days=1)
    champs |= {"fin": [f"{hier:%d/%m/%Y}"], "motif": ["A pris sa retraite"]}
    html = client.post(adresse, champs, follow=True).content.decode()
    assert "Suivis terminés" in html and "Hélène PETIT" in html
    c.refresh_from_db()
    assert c.fin == hier
    assert c.history.first().history_change_reason == "A pris sa retraite"
    assert not Correspondant.objects.filter(dossier=dossier).en_cours().exists()


def test_la_fin_ne_precede_pas_le_debut(en_tant_que, dossier):
    c = CorrespondantFactory(dossier=dossier)
    client = en_tant_que(dossier, "IDE")
    with pytest.raises(ValidationError, match="01/02/2024"):
        terminer_correspondant(
            client.habilitation, c.pk, version_lue=1, fin=date(2024, 1, 1), motif="x"
        )
    with pytest.raises(ConflitDeVersion):
        terminer_correspondant(client.habilitation, c.pk, version_lue=9, fin=JOUR, motif="x")


def test_la_base_refuse_ce_qui_ne_peut_pas_etre(dossier):
    c = CorrespondantFactory(dossier=dossier)
    for faute in (
        {"fin": date(2020, 1, 1)},
        {"professionnel": None, "structure": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CorrespondantFactory(dossier=dossier, role="AUTRE", **faute)
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrespondantFactory(dossier=dossier, professionnel=c.professionnel)
    with pytest.raises(Exception, match="ajout seul"), transaction.atomic():
        c.save()
        with connection.cursor() as curseur:
            curseur.execute("DELETE FROM socle_historicalcorrespondant")


# ------------------------------------------------------------------ pages


def test_la_liste_commence_par_le_medecin_traitant(en_tant_que, dossier):
    CorrespondantFactory(dossier=dossier, role="PEDICURE", professionnel__nom="AAA")
    CorrespondantFactory(dossier=dossier, professionnel__nom="ZZZ")
    CorrespondantFactory(dossier=dossier, role="RETIRE_DE_LA_LISTE", professionnel__nom="BBB")
    h = en_tant_que(dossier, "IDE").habilitation
    assert [c.professionnel.nom for c in lectures.correspondants(h, dossier)] == [
        "ZZZ", "AAA", "BBB",
    ]  # fmt: skip


def test_les_pages_coutent_autant_avec_douze_correspondants(en_tant_que, dossier):
    client = en_tant_que(dossier, "IDE")
    for n in range(12):
        CorrespondantFactory(dossier=dossier, role="AUTRE", professionnel__nom=f"NOM{n}")
        exercice("MARTIN", f"P{n}", numero=n)
    client.get(page(dossier))
    for adresse in (
        page(dossier), page(dossier, "imprimable/"), page(dossier, "ajouter/?nom=martin"),
        "/annuaire/?nom=martin",
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as lues:
            reponse = client.get(adresse)
        requetes = [q["sql"] for q in lues if not q["sql"].startswith(CONTROLE)]
        assert reponse.status_code == 200
        assert len(requetes) <= 15, adresse + "\n".join(r[:160] for r in requetes)
    assert reponse.content.decode().count("MARTIN") >= 12


def test_la_version_imprimable_porte_l_identite_et_chacun(en_tant_que, dossier):
    CorrespondantFactory(dossier=dossier)
    html = en_tant_que(dossier, "AS").get(page(dossier, "imprimable/")).content.decode()
    assert escape(dossier.usager.nom_naissance) in html
    assert "Médecin traitant" in html and "02 41 00 00 01" in html


def test_la_fiche_d_urgence_nomme_le_medecin_traitant_mais_pas_la_pedicure(en_tant_que, dossier):
    CorrespondantFactory(dossier=dossier)
    CorrespondantFactory(dossier=dossier, role="PEDICURE", professionnel__nom="PIED")
    client = en_tant_que(dossier, "IDE")
    html = client.get(f"/dossiers/{dossier.pk}/fiche-urgence/").content.decode()
    assert "Hélène PETIT" in html and "PIED" not in html
    [section] = [s for s in registres.sections_fiche if s.nom == "correspondants"]
    assert section.contexte(client.habilitation, DossierFactory()) is None


def test_l_annuaire_dit_l_age_de_sa_copie_et_ses_echecs(en_tant_que, dossier):
    from dui.socle.annuaire import etat

    cadre, aide = en_tant_que(dossier, "IDEC"), en_tant_que(dossier, "AS")
    html = aide.get("/annuaire/").content.decode()
    assert "n’a pas encore été importé" in html
    etat.reussir("activites", donnees_du=timezone.now(), lignes=12)
    etat.echouer("api", "clé refusée (401)")
    html = aide.get("/annuaire/").content.decode()
    assert "12 lignes" in html and "échoue" in html and "clé refusée" not in html
    supervise = cadre.get("/annuaire/").content.decode()
    assert ("clé refusée (401)" in supervise) == cadre.habilitation.peut("PAR", "administrer")


def test_l_annuaire_rend_un_fragment_pendant_la_frappe(en_tant_que, dossier, annuaire):
    client = en_tant_que(dossier, "AS")
    fragment = client.get("/annuaire/?nom=sau", headers={"HX-Request": "true"}).content.decode()
    assert "SAUCIER" in fragment and "<html" not in fragment
    assert "Précisez" in client.get("/annuaire/?nom=s").content.decode()
    assert "Personne ne correspond" in client.get("/annuaire/?nom=zzz").content.decode()
    assert client.get("/annuaire/?profession=pasuncode&nom=sau").status_code == 200
