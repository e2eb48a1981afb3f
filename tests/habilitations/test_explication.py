"""« Pourquoi je vois, pourquoi je ne vois pas » dit la même chose que la règle."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte
from habilitations.explication import expliquer
from habilitations.models import Interdiction, Role
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory, BrisDeGlaceFactory, acces_portail
from tests.habilitations.test_matrice import CHEMINS, emprunter
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db
QUELQUES_BLOCS = (Bloc.ID, Bloc.TRA, Bloc.PRE, Bloc.FAC, Bloc.PSY, Bloc.JUR)


@pytest.fixture
def dossier():
    return DossierFactory()


def pourquoi(compte, dossier, bloc=Bloc.TRA, action=Action.VOIR):
    return expliquer(Habilitation(Compte.objects.get(pk=compte.pk)), dossier, bloc, action)


@pytest.mark.parametrize("chemin", CHEMINS)
def test_la_decision_a_un_chemin_et_le_refus_une_raison(chemin, dossier):
    for role in Role.objects.filter(acteur="professionnel"):
        habilitation = Habilitation(emprunter(chemin, role, dossier, dossier.sejours.get()))
        for bloc in QUELQUES_BLOCS:
            for action in (Action.RESUME, Action.VOIR, Action.SAISIR):
                dit = expliquer(habilitation, dossier, bloc, action)
                assert dit.decision == bool(dit.chemins) == (not dit.obstacles), (
                    role.pk,
                    bloc,
                    action,
                    dit,
                )


@pytest.mark.parametrize(
    ("chemin", "nature"),
    [
        ("etablissement", "affectation"),
        ("unite", "affectation"),
        ("equipe", "equipe"),
        ("bris", "bris_de_glace"),
    ],
)
def test_le_chemin_porte_son_nom(chemin, nature, dossier):
    ide = Role.objects.get(pk="IDE")
    compte = emprunter(chemin, ide, dossier, dossier.sejours.get())
    assert [c.nature for c in pourquoi(compte, dossier).chemins] == [nature]


def test_l_acces_nominatif_dit_sa_fin(dossier):
    compte = CompteFactory()
    acces_portail(compte, dossier, Bloc.ANI)
    (chemin,) = pourquoi(compte, dossier, Bloc.ANI).chemins
    assert chemin.nature == "nominatif"


@pytest.mark.parametrize(
    ("chemin", "role", "phrase"),
    [
        ("rien", "IDE", "aucune affectation"),
        ("ailleurs", "IDE", "établissement où vous travaillez"),
        ("equipe sans membre", "IDE", "pas de l’équipe"),
        ("etablissement", "ANIMATEUR", "Votre fonction"),
    ],
)
def test_le_refus_dit_ce_qui_manque(chemin, role, phrase, dossier):
    compte = emprunter(chemin, Role.objects.get(pk=role), dossier, dossier.sejours.get())
    assert phrase in pourquoi(compte, dossier, Bloc.PRE).obstacles[0]


def test_l_opposition_passe_avant_toute_autre_raison(dossier):
    etablissement = dossier.sejours.get().etablissement
    compte = AffectationFactory(role="IDE", etablissement=etablissement).compte
    Interdiction.objects.create(
        compte=compte, dossier=dossier, origine="personne", decidee_par=CompteFactory()
    )
    dit = pourquoi(compte, dossier)
    assert (dit.decision, dit.chemins) == (False, [])
    assert dit.obstacles[0].startswith("Opposition de la personne")


def test_un_compte_desactive_n_ouvre_rien(dossier):
    etablissement = dossier.sejours.get().etablissement
    compte = AffectationFactory(role="IDE", etablissement=etablissement).compte
    compte.is_active = False
    compte.save()
    assert pourquoi(compte, dossier).obstacles == ["Le compte est désactivé."]


def test_la_commande_rend_la_decision_le_chemin_et_les_faits(dossier):
    etablissement = dossier.sejours.get().etablissement
    affectation = AffectationFactory(role="IDE", etablissement=etablissement)
    sortie = io.StringIO()
    nom = affectation.compte.username
    call_command(
        "acces_expliquer", nom, dossier.numero, "TRA", "voir", format="json", stdout=sortie
    )
    lu = json.loads(sortie.getvalue())
    assert lu["decision"] == "ouvert"
    assert lu["chemins"][0]["faits"]["affectation"] == str(affectation.pk)
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("acces_expliquer", "inconnu", dossier.numero, "TRA", "voir")
    with pytest.raises(CommandError, match="Aucun dossier"):
        call_command("acces_expliquer", nom, "000", "TRA", "voir")


def test_l_heure_du_bris_de_glace_est_celle_de_l_etablissement(dossier):
    etablissement = dossier.sejours.get().etablissement
    etablissement.fuseau = "Indian/Reunion"
    etablissement.save()
    compte = AffectationFactory(role="IDE", etablissement=etablissement, portee="equipe").compte
    fin = datetime(2099, 3, 2, 12, 49, tzinfo=UTC)
    BrisDeGlaceFactory(compte=compte, dossier=dossier, expire_le=fin)
    (chemin,) = pourquoi(compte, dossier).chemins
    assert "jusqu’à 16:49" in chemin.phrase
    sortie = io.StringIO()
    call_command("acces_expliquer", compte.username, dossier.numero, "TRA", "voir", stdout=sortie)
    assert "jusqu’à 16:49" in sortie.getvalue()
