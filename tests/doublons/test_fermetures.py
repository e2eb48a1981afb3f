"""Ce qui est fermé avant une fusion, ou pendant qu’elle tient, l’est encore après."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains

from administratif.doublons import services
from administratif.doublons.empechements import COLLISION
from dui.socle import fusion
from dui.socle.models import Dossier, Doublon, EntreeJournal
from habilitations.bris import lectures as urgence
from habilitations.bris import services as bris
from habilitations.journal import lectures as journal
from habilitations.models import AccesNominatif, Interdiction
from habilitations.politique import Habilitation
from relation_usager import services as portail
from tests.doublons.factories import cellule, defusionner, dossier, fusionner, paire, proposer
from tests.habilitations.factories import AffectationFactory, BrisDeGlaceFactory, acces_portail
from tests.outils import connecter, formulaire_de
from tests.socle.factories import CompteFactory, EtablissementFactory

pytestmark = pytest.mark.django_db
DEUX = "Deux écritures, deux filles."


def en_cours(compte, dossier) -> bool:
    ouverts = AccesNominatif.objects.en_cours().filter(user=compte, content_object=dossier)
    return ouverts.exists()


def test_une_autre_paire_de_l_ancien_dossier_se_ferme_avec_le_dossier_garde(a, b):
    c = dossier(nom_naissance="LE GOFFE")
    autre = paire(b, c)
    ferme, ouvert = cellule(a, b, c).compte, cellule(a, b, c).compte
    Interdiction.objects.create(
        dossier=a, compte=ferme, origine="personne", decidee_par=CompteFactory()
    )
    fusionner(a, b)
    page = f"/identitovigilance/doublons/{autre.pk}/"
    assert connecter(ferme).get(page).status_code == 404
    assert connecter(ouvert).get(page).status_code == 200


def test_un_acces_du_portail_clos_pendant_la_fusion_l_est_des_deux_cotes(a, b):
    clos, garde = CompteFactory(), CompteFactory()
    for compte in (clos, garde):
        for d in (a, b):
            acces_portail(compte, d, "ANI", qualite="PROCHE")
    doublon, _ = fusionner(a, b)
    portail._clore(a, clos)
    defusionner(doublon)
    assert not en_cours(clos, a) and not en_cours(clos, b)
    assert en_cours(garde, a) and en_cours(garde, b)


def test_un_acces_clos_d_un_cote_bien_avant_la_fusion_ne_ferme_pas_l_autre(a, b):
    compte = CompteFactory()
    acces_portail(compte, a, "ANI", qualite="PROCHE", fin=a.ouvert_le)
    acces_portail(compte, b, "ANI", qualite="PROCHE")
    doublon, _ = fusionner(a, b)
    assert not en_cours(compte, a)
    defusionner(doublon)
    assert not en_cours(compte, a) and en_cours(compte, b)


def test_refermer_un_bris_de_glace_referme_celui_de_chaque_ancien_dossier(a, b):
    sejour, maison = b.sejours.get(), a.sejours.get().etablissement
    sejour.etablissement = maison
    sejour.save()
    compte = AffectationFactory(etablissement=maison, portee="equipe").compte
    for d in (a, b):
        BrisDeGlaceFactory(compte=compte, dossier=d, etablissement=maison)
    fusionner(a, b)
    h = Habilitation(compte)
    assert h.ouvre(a, "ID")
    bris.fermer(h, h.bris_de_glace(a))
    assert not Habilitation(compte).ouvre(a, "ID")


def test_l_historique_du_dossier_dit_la_fusion_et_sa_fin(a, b):
    doublon, _ = fusionner(a, b)
    defusionner(doublon)
    dits = b.history.order_by("history_id").values_list("fusionne_dans", "history_change_reason")
    assert list(dits)[-2:] == [(a.pk, fusion.MOTIF), (None, fusion.DEFAITE)]


def test_on_ne_reunit_pas_un_dossier_ou_deux_personnes_sont_signalees(a, b):
    referent, doublon = cellule(a, b), paire(a, b)
    proposer(doublon, a)
    signalee = services.signaler_collision(referent, b, texte=DEUX)
    with pytest.raises(ValidationError, match="Deux personnes sont signalées"):
        services.approuver(referent, doublon.pk)
    services.refuser(referent, doublon.pk)
    page = connecter(referent.compte).get(f"/identitovigilance/doublons/{doublon.pk}/")
    assertContains(page, COLLISION)
    services.ecarter(referent, signalee.pk, motif="Relu avec la fille : une seule personne.")
    proposer(doublon, a)
    services.approuver(referent, doublon.pk)
    b.refresh_from_db()
    assert b.fusionne_dans == a


def test_un_signalement_d_un_dossier_reuni_reste_a_traiter(a, b):
    fusionner(a, b)
    Doublon.objects.create(organisme=a.organisme, nature="collision", premier=b, texte=DEUX)
    assertContains(connecter(cellule(a).compte).get("/identitovigilance/doublons/"), DEUX)


def test_un_signalement_envoye_deux_fois_attend_une_fois(a, en_tant_que):
    client = en_tant_que(a, role="SECRETAIRE")
    adresse, champs = formulaire_de(client.get(f"/dossiers/{a.pk}/identite/collision/"))
    for _ in range(2):
        assert client.post(adresse, champs | {"texte": [DEUX]}).status_code == 302
    assert Doublon.objects.get().texte == DEUX


def test_un_gir_importe_sans_date_suit_quand_le_dossier_garde_n_en_a_pas(a, b):
    Dossier.objects.filter(pk=b.pk).update_sans_historique(motif="essai", gir=2)
    doublon, _ = fusionner(a, b)
    assert (a.gir, a.gir_le) == (2, None)
    defusionner(doublon)
    a.refresh_from_db()
    assert a.gir is None


def test_dans_l_urgence_l_ancienne_adresse_mene_au_dossier_garde(a, b):
    maison, ailleurs = a.sejours.get().etablissement, EtablissementFactory()
    compte = AffectationFactory(etablissement=maison, portee="equipe").compte
    etranger = AffectationFactory(etablissement=ailleurs, portee="equipe").compte
    fusionner(a, b)
    adresse = "/bris-de-glace/{}/".format
    reponse = connecter(compte).get(adresse(b.pk), follow=True)
    assert reponse.redirect_chain == [(adresse(a.pk), 302)]
    assertContains(reponse, "Deux dossiers ont été réunis")
    assert connecter(etranger).get(adresse(b.pk)).status_code == 404
    assert EntreeJournal.objects.filter(action="refus", acteur=etranger, dossier=b).exists()
    Interdiction.objects.create(
        dossier=a, compte=compte, origine="personne", decidee_par=CompteFactory()
    )
    assert connecter(compte).get(adresse(b.pk)).status_code == 404


def test_dans_l_urgence_les_anciens_traits_trouvent_le_dossier_garde_une_fois(a):
    ancien = dossier(nom_naissance="KERLOC'H", date_naissance=date(1936, 9, 4))
    compte = AffectationFactory(etablissement=a.sejours.get().etablissement, portee="equipe").compte
    fusionner(a, ancien)
    h = Habilitation(compte)
    for traits in (a.usager, ancien.usager):
        nom, naissance = traits.nom_naissance, traits.date_naissance
        assert urgence.candidats(h, nom=nom, naissance=naissance) == [a]
    assert urgence.candidats(h, nom="KERLOC'H", naissance=date(1936, 4, 9)) == []


def test_le_journal_de_la_maison_nomme_et_trouve_l_ancien_dossier(a, en_tant_que):
    ancien = dossier(nom_naissance="KERLOC'H")
    en_tant_que(ancien).get(f"/dossiers/{ancien.pk}/")
    fusionner(a, ancien)
    h = en_tant_que(a, role="DPO").habilitation
    assert [journal.chercher(h, x) for x in (ancien.numero, "kerloc")] == [[a], [a]]
    lues = EntreeJournal.objects.filter(dossier=ancien)
    assert lues and journal._dossiers(h, lues, "AUD", "voir") == {ancien.pk: a}
    etrangere = en_tant_que(dossier(nom_naissance="AUTRE"), role="DPO").habilitation
    assert journal.chercher(etrangere, ancien.numero) == []
    assert journal._dossiers(etrangere, lues, "AUD", "voir") == {}
