"""Un double clic, deux dossiers pour un matricule : une acceptation, et un refus qui se lit."""

import pytest
from django.core.exceptions import ValidationError

from administratif.doublons import services as fusions
from administratif.insi import services
from dui.connecteurs.insi import Geste
from dui.socle.models import AppelInsi, AttenteInsi, Evenement, Usager
from habilitations.politique import Habilitation
from tests.doublons.factories import cellule, paire, proposer
from tests.habilitations.factories import AffectationFactory
from tests.identite.outils import relu
from tests.identite.test_creations_simultanees import lancer
from tests.insi.pages import adresse, interroger, personne, texte

pytestmark = pytest.mark.django_db(transaction=True)


def interrogee(dossier, en_tant_que):
    """(account, waiting answer) of somebody who has just asked INSi about this dossier."""
    compte = en_tant_que(dossier, role="SECRETAIRE").compte
    issue = services.interroger(Habilitation(compte), dossier)
    assert issue.geste is Geste.PROPOSER
    return compte, AttenteInsi.objects.get(compte=compte, dossier=dossier).pk


def test_deux_acceptations_simultanees_n_en_font_qu_une(en_tant_que, ouvert):
    dossier = personne("ADRUN")
    compte, attente = interrogee(dossier, en_tant_que)
    rendus = lancer([lambda: services.accepter(Habilitation(compte), dossier, attente)] * 4)
    assert sorted(rendus) == [False, False, False, True]
    assert relu(dossier).version == 2
    assert Evenement.objects.filter(type="identite.insi_trouvee").count() == 1


def test_le_meme_matricule_accepte_au_meme_instant_dans_deux_dossiers(en_tant_que, ouvert):
    dossiers = [personne("ADRUN"), personne("ADRUN")]
    demandes = [(d, *interrogee(d, en_tant_que)) for d in dossiers]
    rendus = lancer(
        [lambda d=d, c=c, a=a: services.accepter(Habilitation(c), d, a) for d, c, a in demandes]
    )
    refus = [r for r in rendus if isinstance(r, ValidationError)]
    assert True in rendus and len(refus) == 1
    assert "déjà ce matricule" in " ".join(refus[0].messages)
    assert Usager.objects.filter(ins_recuperee=True).count() == 1
    assert AttenteInsi.objects.filter(decision="").count() == 1  # the other may still be refused


def test_une_fusion_pendant_l_appel_n_ecrit_rien_et_mene_au_dossier_garde(
    en_tant_que, ouvert, monkeypatch
):
    garde, ancien = personne("ADRUN"), personne("ADRUN")
    doublon, approbateur = paire(garde, ancien), cellule(garde, ancien)
    proposer(doublon, garde)
    client = en_tant_que(ancien, role="SECRETAIRE")
    AffectationFactory(
        compte=client.compte, role="SECRETAIRE", etablissement=garde.sejours.get().etablissement
    )
    appeler = services.demander

    def demander(*args):
        issue = appeler(*args)
        fusions.approuver(approbateur, doublon.pk)
        return issue

    monkeypatch.setattr(services, "demander", demander)
    page = interroger(client, ancien)
    assert page.redirect_chain[-1][0] == adresse("", garde)
    assert "rien n’est enregistré" in texte(page)
    assert not AttenteInsi.objects.exists() and not Usager.objects.filter(ins_recuperee=True)
    assert AppelInsi.objects.get().dossier == ancien  # what left the house is never forgotten
