"""Ce que deviennent les droits quand deux dossiers se réunissent : fermé l’emporte."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accompagnement.models import Transmission
from dui.socle.models import (
    Dossier,
    Evenement,
    Fusion,
)
from habilitations import fusions
from habilitations.models import AccesNominatif, BrisDeGlace, Interdiction
from habilitations.politique import Habilitation
from tests.accompagnement.factories import TransmissionFactory
from tests.doublons.factories import (
    defusionner,
    fusionner,
)
from tests.habilitations.factories import (
    AffectationFactory,
    BrisDeGlaceFactory,
    acces_portail,
)
from tests.socle.factories import (
    CompteFactory,
)

pytestmark = pytest.mark.django_db


def voit(compte, d, bloc="ID", action="resume") -> bool:
    return Dossier.objects.visibles(Habilitation(compte), bloc, action).filter(pk=d.pk).exists()


def test_une_interdiction_d_un_seul_cote_vaut_pour_l_ensemble(a, b):
    """Elle gagne sur l’affectation qui ouvrait l’autre dossier."""
    soignante = AffectationFactory(etablissement=a.sejours.get().etablissement).compte
    Interdiction.objects.create(
        dossier=b, compte=soignante, origine="personne", decidee_par=CompteFactory()
    )
    assert voit(soignante, a)
    doublon, _ = fusionner(a, b)
    assert not voit(soignante, a) and not voit(soignante, b)
    defusionner(doublon)
    assert voit(soignante, a)


def test_une_opposition_dite_pendant_la_fusion_vaut_des_deux_cotes_ensuite(a, b):
    soignante = AffectationFactory(etablissement=b.sejours.get().etablissement).compte
    doublon, _ = fusionner(a, b)
    Interdiction.objects.create(
        dossier=a, compte=soignante, origine="personne", decidee_par=CompteFactory()
    )
    defusionner(doublon)
    assert not voit(soignante, b)
    assert Interdiction.objects.en_cours().filter(dossier=a, compte=soignante).exists()
    copie = Interdiction.objects.get(dossier=b, compte=soignante)
    fait = Evenement.objects.get(type="acces.interdit", dossier=b)
    assert fait.charge["interdiction"] == str(copie.pk)
    assert copie.history.get().history_user == Fusion.objects.get(sens="defusion").decide_par


def test_l_acces_du_portail_suit_et_ne_se_double_pas(a, b):
    personne, fille = CompteFactory(), CompteFactory()
    acces_portail(personne, b, "ANI")
    for d in (a, b):
        acces_portail(fille, d, "ANI", qualite="PROCHE")
    assert not voit(personne, a, "ANI", "voir")
    fusionner(a, b)
    assert voit(personne, a, "ANI", "voir") and voit(fille, a, "ANI", "voir")
    assert not voit(personne, b, "ANI", "voir") and not voit(fille, b, "ANI", "voir")


def test_un_acces_du_portail_termine_ne_revient_pas(a, b):
    fille, hier = CompteFactory(), timezone.localdate() - timedelta(days=1)
    acces_portail(fille, a, "ANI", qualite="PROCHE", fin=hier)
    acces_portail(fille, b, "ANI", qualite="PROCHE")
    fusionner(a, b)
    assert not voit(fille, a, "ANI", "voir")
    assert AccesNominatif.objects.filter(user=fille).count() == 2


def test_un_bris_de_glace_en_cours_continue_dans_le_dossier_garde(a, b):
    sejour = b.sejours.get()
    en_urgence = AffectationFactory(etablissement=sejour.etablissement, portee="equipe").compte
    BrisDeGlaceFactory(dossier=b, compte=en_urgence, etablissement=sejour.etablissement)
    fusionner(a, b)
    assert voit(en_urgence, a)
    assert BrisDeGlace.objects.get().dossier == a


def test_une_note_reservee_le_reste(a, b):
    TransmissionFactory(dossier=b, reserve="psychologues")
    maison = a.sejours.get().etablissement
    psychologue, aide = (
        Habilitation(AffectationFactory(role=r, etablissement=maison).compte)
        for r in ("PSYCHOLOGUE", "IDE")
    )
    fusionner(a, b)
    assert Transmission.objects.visibles(psychologue).filter(dossier=a).exists()
    assert not Transmission.objects.visibles(aide).filter(dossier=a).exists()


def test_la_page_dit_qui_lira_davantage_par_role(a, b):
    AffectationFactory(role="IDE", etablissement=a.sejours.get().etablissement)
    for _ in range(2):
        AffectationFactory(role="AS", etablissement=b.sejours.get().etablissement)
    AffectationFactory(role="ADMIN_SI", etablissement=b.sejours.get().etablissement)
    partout = CompteFactory()
    for d in (a, b):
        AffectationFactory(
            compte=partout, role="MEDCO", etablissement=d.sejours.get().etablissement
        )
    ferme = AffectationFactory(role="IDE", etablissement=b.sejours.get().etablissement).compte
    Interdiction.objects.create(
        dossier=a, compte=ferme, origine="personne", decidee_par=CompteFactory()
    )
    acces_portail(CompteFactory(), b, "ANI", qualite="PROCHE")
    dits = {g.role: g.nombre for g in fusions.gains(a, b)}
    assert dits.pop(fusions.PORTAIL) == 1
    assert sorted(dits.values()) == [1, 2]  # an IDE, two AS; neither head office nor who is closed
