"""Fusionner puis défusionner rend les deux dossiers octet pour octet, l’histoire gardée."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as essais
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dui.socle import fusion, journal
from dui.socle.models import Deplacement
from tests.doublons.factories import defusionner, dossier, fusionner, vivre
from tests.doublons.releve import differences, relever
from tests.socle.factories import ContactFactory, CorrespondantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


@pytest.mark.parametrize("garde_le_plus_recent", [True, False])
def test_fusionner_puis_defusionner_rend_tout_octet_pour_octet(garde_le_plus_recent):
    a, b = dossier(), dossier(nom_naissance="LE GOF")
    auteur = vivre(a, rang=1)
    vivre(b, auteur, rang=2)
    if garde_le_plus_recent:
        a, b = b, a
    avant = relever()
    doublon, _ = fusionner(a, b)
    pendant = relever()
    defusionner(doublon)
    assert not differences(avant, relever())
    assert len(differences(avant, pendant)) > 12  # la fusion, elle, a bien déplacé


def test_chaque_ligne_mobile_est_passee_dans_le_dossier_garde():
    """La paire vit dans toutes les tables : rien ne reste derrière que ce qui le dit."""
    a, b = dossier(), dossier(nom_naissance="LE GOF")
    auteur = vivre(a, rang=1)
    vivre(b, auteur, rang=2)
    fusionner(a, b)
    restees = {
        fusion.nom_du_lien(c): c.model._base_manager.filter(**{c.name: b}).count()
        for c in fusion.liens_mobiles()
    }
    assert {nom: n for nom, n in restees.items() if n} == {
        "accompagnement.habitude.dossier": 1,  # réunie à celle du dossier gardé
        "habilitations.accesnominatif.content_object": 1,  # le même accès du même compte
        "socle.brouillon.dossier": 1,  # la trace d’un brouillon déjà enregistré
    }


def test_le_journal_scelle_reste_vrai_apres_fusion_et_defusion():
    a, b = dossier(), dossier(nom_naissance="LE GOF")
    auteur = vivre(a, rang=1)
    vivre(b, auteur, rang=2)
    while journal.sceller():
        pass
    doublon, _ = fusionner(a, b)
    defusionner(doublon)
    while journal.sceller():
        pass
    assert journal.premiere_rupture() is None
    assert Deplacement.objects.exists()


gestes = st.lists(st.sampled_from(["contact", "correspondant", "vie"]), max_size=3)


class AllerRetour(TestCase):
    @given(gestes, gestes, st.booleans(), st.integers(1, 2))
    @essais(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
    def test_des_dossiers_quelconques_reviennent_a_l_identique(self, ici, la, inverse, tours):
        a, b = dossier(), dossier(nom_naissance="LE GOF")
        for cible, faits in ((a, ici), (b, la)):
            for rang, fait in enumerate(faits):
                _faire(cible, fait, rang)
        if inverse:
            a, b = b, a
        avant = relever()
        doublon, _ = fusionner(a, b)
        defusionner(doublon)
        assert not differences(avant, relever())
        if tours == 2:  # la même paire, une seconde fois
            _de_nouveau(doublon, a)
            defusionner(doublon)
            assert not differences(avant, relever())


def _faire(cible, fait, rang):
    if fait == "contact":
        ContactFactory(dossier=cible, ordre_appel=rang + 1)
    elif fait == "correspondant":
        CorrespondantFactory(dossier=cible, structure_identifiant=f"5C{rang}", professionnel=None)
    elif not cible.habitudes.exists():
        vivre(cible, rang=rang)


def _de_nouveau(doublon, retenu):
    from administratif.doublons import services
    from tests.doublons.factories import cellule, proposer

    proposer(doublon, retenu)
    services.approuver(cellule(*doublon.dossiers), doublon.pk)
    doublon.refresh_from_db()
