"""« Voir comme » : jamais plus que ce que l’on voit soi-même, et rien que lire."""

import pytest
from django.contrib import auth
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from dui.socle.models import Dossier, EntreeJournal
from habilitations.bris import services as bris
from habilitations.equipe.lectures import LieuDonnable, perimetres
from habilitations.models import Affectation, Interdiction, Role
from habilitations.politique import Habilitation
from habilitations.simulation import lectures
from habilitations.simulation.habilitation import de_collegue, de_role
from tests.habilitations.factories import (
    AffectationFactory,
    MembreEquipeFactory,
    acces_portail,
)
from tests.habilitations.simulation.outils import (
    ADRESSE,
    comme,
    dossier_vu,
    noms,
    resident,
    role_dans,
    soignante,
)
from tests.outils import connecter
from tests.socle.factories import (
    CompteFactory,
    SejourFactory,
    UniteFactory,
)

pytestmark = pytest.mark.django_db
# ------------------------------------------------------------------ jamais plus que le cadre


def test_un_role_plus_large_que_celui_du_cadre_ne_montre_rien_de_plus(maison, durand):
    """La direction n’ouvre pas les notes du psychologue : la simulation n’en dit rien."""
    compte = AffectationFactory(role="DIRECTEUR", etablissement=maison).compte
    direction, h = connecter(compte), Habilitation(compte)
    page = direction.get(dossier_vu(durand), role_dans("PSYCHOLOGUE", maison))
    montrees = {p["libelle"] for p in page.context["parties"]}
    siennes = {b.label for b in Bloc if h.peut_pour(durand, b, Action.RESUME)}
    assert montrees == siennes
    assert Bloc.PSY.label in page.context["au_dela"] and Bloc.PSY.label not in montrees


def test_un_cadre_d_une_unite_ne_simule_que_la_sienne(maison, magnolia, glycine, durand, legoff):
    client = connecter(AffectationFactory(role="IDEC", unite=magnolia, portee="unite").compte)
    assert noms(client.get(ADRESSE, role_dans("AS", magnolia))) == {"DURAND"}
    assert client.get(ADRESSE, role_dans("AS", glycine)).status_code == 404
    assert client.get(ADRESSE, role_dans("AS", maison)).status_code == 404
    # A colleague of both: only what is of mine.
    partout = AffectationFactory(role="AS", unite=magnolia, portee="etablissement").compte
    assert noms(client.get(ADRESSE, comme(partout))) == {"DURAND"}
    assert client.get(dossier_vu(legoff), comme(partout)).status_code == 404


def test_un_cadre_d_equipe_ne_decouvre_personne_par_un_role_de_toute_la_maison(
    maison, durand, legoff
):
    cadre = AffectationFactory(role="IDEC", etablissement=maison, portee="equipe").compte
    MembreEquipeFactory(compte=cadre, dossier=durand)
    page = connecter(cadre).get(ADRESSE, role_dans("MEDECIN", maison))
    assert noms(page) == {"DURAND"}
    assertNotContains(page, "LE GOFF")


def test_la_ou_le_cadre_ne_fait_que_soigner_rien_ne_se_simule(maison, magnolia, durand):
    """Cadre aux Tilleuls, infirmière ailleurs avec le même collègue."""
    ailleurs = UniteFactory(nom="Ailleurs")
    lointain = resident("LOINTAIN", ailleurs)
    cadre = AffectationFactory(role="IDEC", etablissement=maison).compte
    AffectationFactory(role="IDE", etablissement=ailleurs.etablissement, compte=cadre)
    nadia = soignante(magnolia)
    AffectationFactory(role="AS", etablissement=ailleurs.etablissement, compte=nadia)
    client = connecter(cadre)
    page = client.get(ADRESSE, comme(nadia))
    assert noms(page) == {"DURAND"}
    assert [a.etablissement for a in page.context["simulation"].simulee.affectations] == [maison]
    assert client.get(dossier_vu(lointain), comme(nadia)).status_code == 403
    assert client.get(ADRESSE, role_dans("AS", ailleurs.etablissement)).status_code == 404


def test_un_sejour_ailleurs_ne_se_devine_pas(cadre, magnolia, durand):
    autre = UniteFactory(nom="Hôpital de jour")
    SejourFactory(dossier=durand, unite=autre, place=None)
    page = cadre.get(ADRESSE, role_dans("AS", magnolia))
    assertContains(page, "DURAND")
    assertNotContains(page, "Hôpital de jour")


def interdire(compte, dossier, *blocs):
    return Interdiction.objects.create(
        compte=compte,
        dossier=dossier,
        blocs=list(blocs),
        origine="personne",
        decidee_par=CompteFactory(),
    )


def test_l_opposition_faite_au_cadre_et_celle_faite_au_collegue_ferment_toutes_deux(
    cadre, magnolia, durand
):
    nadia = soignante(magnolia)
    for nom in ("BENALI", "PETIT"):
        resident(nom, magnolia)
    benali, petit = (Dossier.objects.get(usager__nom_naissance=nom) for nom in ("BENALI", "PETIT"))
    interdire(cadre.compte, benali)
    interdire(nadia, petit)
    assert noms(cadre.get(ADRESSE, comme(nadia))) == {"DURAND"}
    assert cadre.get(dossier_vu(benali), comme(nadia)).status_code == 404
    ferme = cadre.get(dossier_vu(petit), comme(nadia))
    assertContains(ferme, "Ce dossier reste fermé")
    assertContains(ferme, "Opposition de la personne")


def test_l_opposition_au_cadre_sur_l_identite_seule_lui_cache_la_simulation(
    cadre, magnolia, durand
):
    interdire(cadre.compte, durand, "ID")
    assert noms(cadre.get(ADRESSE, role_dans("AS", magnolia))) == set()
    assert cadre.get(dossier_vu(durand), role_dans("AS", magnolia)).status_code == 404


def test_une_opposition_ne_se_dit_qu_a_qui_lit_la_partie_juridique(cadre, magnolia, durand):
    nadia = soignante(magnolia)
    interdire(nadia, durand, "TRA")
    interdire(cadre.compte, durand, "JUR")
    page = cadre.get(dossier_vu(durand), comme(nadia))
    parties = {p["libelle"]: p for p in page.context["parties"]}
    assert parties[Bloc.TRA.label]["raisons"] == [lectures.SANS_DIRE]
    assertNotContains(page, "Opposition de la personne")


# ------------------------------------------------------------------ qui peut


def test_un_soignant_n_ouvre_pas_la_simulation_le_portail_ne_la_trouve_pas(magnolia, durand):
    soin = connecter(soignante(magnolia, "IDE"))
    assert soin.get(ADRESSE).status_code == 403
    assert soin.get(dossier_vu(durand), role_dans("AS", magnolia)).status_code == 403
    proche = CompteFactory()
    acces_portail(proche, durand, Bloc.ANI)
    assert connecter(proche).get(ADRESSE).status_code == 404
    assert connecter(proche).get(dossier_vu(durand)).status_code == 404


def test_l_administrateur_lit_les_droits_et_ne_decouvre_personne(maison, magnolia, durand):
    admin = connecter(AffectationFactory(role="ADMIN_SI", etablissement=maison).compte)
    page = admin.get(ADRESSE, role_dans("AS", magnolia))
    assertContains(page, "Lit et écrit")
    assertNotContains(page, "DURAND")
    assert admin.get(dossier_vu(durand), role_dans("AS", magnolia)).status_code == 404


def test_le_cadre_d_ailleurs_ne_trouve_ni_lieu_ni_collegue_ni_dossier(maison, magnolia, durand):
    nadia = soignante(magnolia)
    autre = connecter(AffectationFactory(role="IDEC").compte)
    for parametres in (role_dans("AS", magnolia), role_dans("AS", maison), comme(nadia)):
        assert autre.get(ADRESSE, parametres).status_code == 404
    assert autre.get(dossier_vu(durand)).status_code == 404


@pytest.mark.parametrize(
    "parametres",
    [
        {"compte": "x"},
        {"compte": "999999"},
        {"compte": "-1"},
        {"role": "INCONNU", "lieu": "{lieu}"},
        {"role": "USAGER", "lieu": "{lieu}"},
        {"role": "AS", "lieu": "unite:x"},
        {"role": "", "lieu": "{lieu}"},
    ],
)
def test_une_demande_qui_n_existe_pas_est_introuvable(cadre, maison, parametres):
    ici = f"etablissement:{maison.pk}"
    remplis = {nom: valeur.replace("{lieu}", ici) for nom, valeur in parametres.items()}
    assert cadre.get(ADRESSE, remplis).status_code == 404


# ------------------------------------------------------------------ rien que lire


def test_l_adresse_porte_tout_et_la_session_rien(cadre, magnolia, durand):
    avant = dict(cadre.session.items())
    cadre.get(ADRESSE, comme(soignante(magnolia)))
    cadre.get(dossier_vu(durand), role_dans("MEDECIN", magnolia))
    assert dict(cadre.session.items()) == avant
    assert cadre.post(ADRESSE, role_dans("AS", magnolia)).status_code == 405
    assert cadre.post(dossier_vu(durand), role_dans("AS", magnolia)).status_code == 405


@pytest.mark.parametrize("sorte", ["role", "collegue"])
def test_une_habilitation_simulee_ne_signe_rien_et_n_ouvre_aucune_session(
    rf, cadre, maison, magnolia, durand, sorte
):
    nadia = soignante(magnolia, "IDE")
    simulee = de_collegue(nadia, perimetres(Habilitation(cadre.compte)))
    if sorte == "role":
        simulee = de_role(Role.objects.get(pk="IDE"), maison, magnolia)
    avant = EntreeJournal.objects.count()
    with pytest.raises(ValueError, match="Compte"):
        consigner(simulee, "voir", dossier=durand, bloc="TRA", titre="")
    with pytest.raises((ValueError, bris.NonAutorise, nadia.DoesNotExist)):
        bris.ouvrir(simulee, durand, code_motif="urgence", motif="x" * 30)
    with pytest.raises((AttributeError, TypeError)):
        auth.login(rf.get("/"), simulee.compte)
    with pytest.raises(ValueError, match="Compte"):
        Affectation(compte=simulee.compte)
    assert EntreeJournal.objects.count() == avant


def test_chaque_usage_laisse_qui_pour_qui_ou_et_sur_qui(cadre, magnolia, durand):
    nadia = soignante(magnolia)
    cadre.get(ADRESSE, role_dans("AS", magnolia))
    cadre.get(dossier_vu(durand), comme(nadia))
    liste, fiche = EntreeJournal.objects.filter(action="simulation").order_by("pk")
    assert (liste.acteur, liste.dossier, liste.bloc) == (cadre.compte, None, "PAR")
    assert liste.contexte["simulation"] == role_dans("AS", magnolia)
    assert (fiche.acteur, fiche.dossier) == (cadre.compte, durand)
    assert fiche.contexte["simulation"] == {"compte": str(nadia.pk)}
    assertContains(
        cadre.get(reverse("mon_journal")), "avez simulé ce que verrait un collègue ou un rôle"
    )
    assert not EntreeJournal.objects.filter(acteur=nadia).exists()


def test_un_refus_laisse_une_trace(magnolia):
    client = connecter(soignante(magnolia, "IDE"))
    client.get(ADRESSE, role_dans("AS", magnolia))
    assert EntreeJournal.objects.filter(action="refus", acteur=client.compte, bloc="PAR").exists()


# ------------------------------------------------------------------ combien


def requetes(client, adresse, parametres) -> int:
    with CaptureQueriesContext(
        connection,
    ) as lues:
        assert client.get(adresse, parametres).status_code == 200
    controle = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return len([q for q in lues.captured_queries if not q["sql"].startswith(controle)])


@pytest.mark.lent
def test_quinze_requetes_suffisent_quel_que_soit_le_nombre(cadre, maison, magnolia, durand):
    nadia = soignante(magnolia)
    educateur = AffectationFactory(role="EDUCATEUR", etablissement=maison, portee="equipe").compte
    MembreEquipeFactory(compte=educateur, dossier=durand)
    pages = [
        (adresse, parametres)
        for adresse in (ADRESSE, dossier_vu(durand))
        for parametres in (role_dans("AS", magnolia), comme(nadia), comme(educateur))
    ]
    avant = [requetes(cadre, *p) for p in pages]
    for rang in range(60):
        resident(f"NOM {rang}", magnolia)
    assert [requetes(cadre, *p) for p in pages] == avant
    assert max(avant) <= 15, avant


def test_un_lieu_se_nomme_comme_dans_l_equipe(cadre, maison, magnolia):
    lieu = LieuDonnable("Les Tilleuls : Magnolia", maison.pk, magnolia.pk)
    role = Role.objects.get(pk="AS")
    simulation = lectures.d_un_role(Habilitation(cadre.compte), role, lieu)
    assert simulation.parametres == {"role": "AS", "lieu": lieu.valeur}
    [supposee] = simulation.simulee.affectations
    assert (supposee.unite, supposee.portee) == (magnolia, "unite")
    assert supposee.debut == timezone.localdate() and supposee.fin is None
