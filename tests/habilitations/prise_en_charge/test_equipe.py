"""L’équipe de prise en charge : qui en est, qui la change, ce qu’elle ouvre."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.models import Evenement, Tache
from habilitations.models import MembreEquipe
from habilitations.politique import Habilitation
from habilitations.prise_en_charge import services
from tests.accompagnement.factories import TransmissionFactory
from tests.accompagnement.test_transmissions import ecrire
from tests.habilitations.factories import AffectationFactory, MembreEquipeFactory
from tests.outils import jeton_de
from tests.socle.factories import CompteFactory, DossierFactory

AUJOURDHUI = "%d/%m/%Y"


@pytest.fixture
def dossier(db):
    return DossierFactory()


@pytest.fixture
def educatrice(dossier):
    """Works in the house; sees only the persons of her teams."""
    maison = dossier.sejours.get().etablissement
    compte = CompteFactory(first_name="Solène", last_name="Le Bris")
    return AffectationFactory(
        role="EDUCATEUR", etablissement=maison, portee="equipe", compte=compte
    ).compte


def url(nom, dossier, *args):
    return reverse(f"equipe_dossier{nom}", args=[dossier.pk, *args])


def poster(client, adresse, **champs):
    return client.post(adresse, champs | jeton_de(client.get(adresse)))


def ajouter(client, dossier, compte, place="membre", **champs):
    jour = f"{timezone.localdate():{AUJOURDHUI}}"
    commun = {"compte": compte.pk, "place": place, "fonction": "353", "debut": jour}
    commun["perimetre"] = "tous"
    return poster(client, url("_ajouter", dossier), **commun | champs)


def test_entrer_dans_l_equipe_ouvre_le_dossier_et_en_sortir_le_ferme(
    en_tant_que, dossier, educatrice
):
    cadre = en_tant_que(dossier, role="IDEC")
    assert not Habilitation(educatrice).ouvre(dossier, "TRA")
    assert ajouter(cadre, dossier, educatrice, "referent").status_code == 302
    assert Habilitation(educatrice).ouvre(dossier, "TRA")
    page = cadre.get(url("", dossier))
    assertContains(page, "Référent principal")
    assertContains(page, "Le Bris")
    membre = MembreEquipe.objects.get()
    hier = f"{timezone.localdate() - timedelta(days=1):{AUJOURDHUI}}"
    terminer = url("_terminer", dossier, membre.pk)
    refus = poster(cadre, terminer, fin=hier, motif="départ")
    assertContains(refus, "La fin précède le début", status_code=422)
    MembreEquipe.objects.filter(pk=membre.pk).update_sans_historique(
        motif="essai", debut=timezone.localdate() - timedelta(days=9)
    )
    assert poster(cadre, terminer, fin=hier, motif="départ").status_code == 302
    assert not Habilitation(educatrice).ouvre(dossier, "TRA")
    assertContains(cadre.get(url("", dossier)), "Ont fait partie")
    assert membre.history.count() == 2
    assert membre.history.first().history_change_reason == "départ"
    types = list(Evenement.objects.order_by("pk").values_list("type", flat=True))
    assert types == ["equipe.ajoutee", "equipe.terminee"]


def test_un_seul_referent_principal_a_la_fois_jusque_dans_la_base(en_tant_que, dossier, educatrice):
    premier = MembreEquipeFactory(dossier=dossier, referent=True)
    cadre = en_tant_que(dossier, role="IDEC")
    reponse = ajouter(cadre, dossier, educatrice, "referent")
    assertContains(reponse, "déjà un référent principal", status_code=422)
    assert ajouter(cadre, dossier, educatrice, "coreferent").status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        MembreEquipeFactory(dossier=dossier, referent=True)
    MembreEquipeFactory(referent=True)  # of somebody else
    assert MembreEquipe.objects.filter(dossier=dossier, referent=True).get() == premier


def test_le_remplacant_prend_la_place_le_jour_dit(en_tant_que, dossier, educatrice):
    premier = MembreEquipeFactory(dossier=dossier, referent=True, perimetre="educatif")
    cadre = en_tant_que(dossier, role="DIRECTEUR")
    demain = timezone.localdate() + timedelta(days=1)
    adresse = url("_remplacer", dossier, premier.pk)
    reponse = poster(
        cadre, adresse, compte=educatrice.pk, le=f"{demain:{AUJOURDHUI}}", motif="congé"
    )
    assert reponse.status_code == 302
    premier.refresh_from_db()
    suite = MembreEquipe.objects.get(compte=educatrice)
    assert premier.fin == timezone.localdate()
    assert (suite.debut, suite.referent, suite.perimetre) == (demain, True, "educatif")


def test_personne_n_est_deux_fois_de_la_meme_equipe(en_tant_que, dossier, educatrice):
    cadre = en_tant_que(dossier, role="IDEC")
    ajouter(cadre, dossier, educatrice)
    assertContains(ajouter(cadre, dossier, educatrice), "déjà de l’équipe", status_code=422)
    membre = MembreEquipe.objects.get()
    with pytest.raises(ValidationError):
        services.remplacer(
            cadre.habilitation,
            dossier,
            membre.pk,
            compte=educatrice,
            le=timezone.localdate(),
            motif="m",
        )


def test_qui_voit_l_equipe_qui_la_change_et_qui_n_en_sait_rien(en_tant_que, dossier, educatrice):
    membre = MembreEquipeFactory(dossier=dossier)
    aide = en_tant_que(dossier, role="AS")
    page = aide.get(url("", dossier))
    assertContains(page, membre.compte.last_name)
    assertNotContains(page, "Remplacer")
    gestes = ((("_ajouter"), ()), ("_terminer", (membre.pk,)), ("_remplacer", (membre.pk,)))
    etranger = en_tant_que(DossierFactory(), role="IDEC")
    for nom, args in gestes:
        assert aide.get(url(nom, dossier, *args)).status_code == 403
        assert etranger.get(url(nom, dossier, *args)).status_code == 404
    ici = DossierFactory()
    cadre = en_tant_que(ici, role="IDEC")
    assert cadre.get(url("_terminer", ici, membre.pk)).status_code == 404
    assert ajouter(cadre, ici, educatrice).status_code == 422  # works elsewhere


def test_une_fin_repoussee_ne_recouvre_pas_la_suite(en_tant_que, dossier, educatrice):
    """Deux référents à la fois, ou deux fois le même collègue : dit au champ, jamais une panne."""
    fin = timezone.localdate() + timedelta(days=10)
    lendemain = {"dossier": dossier, "debut": fin + timedelta(days=1)}
    referent = MembreEquipeFactory(dossier=dossier, referent=True, fin=fin)
    MembreEquipeFactory(referent=True, **lendemain)
    membre = MembreEquipeFactory(dossier=dossier, compte=educatrice, fin=fin)
    MembreEquipeFactory(compte=educatrice, **lendemain)
    cadre = en_tant_que(dossier, role="IDEC")
    repoussee = {"fin": f"{fin + timedelta(days=5):{AUJOURDHUI}}", "motif": "prolongée"}
    for qui, pourquoi in ((referent, "déjà un référent"), (membre, "déjà de l’équipe")):
        reponse = poster(cadre, url("_terminer", dossier, qui.pk), **repoussee)
        assertContains(reponse, pourquoi, status_code=422)
        assertContains(reponse, "prolongée", status_code=422)
        qui.refresh_from_db()
        assert qui.fin == fin


def test_ce_qui_est_adresse_au_referent_lui_est_montre_a_la_releve(en_tant_que, dossier):
    t = TransmissionFactory(
        dossier=dossier, donnees="Demande à vous voir.", destinataires=["@referent"]
    )
    referente, autre = (en_tant_que(dossier, role="IDE") for _ in range(2))
    MembreEquipeFactory(dossier=dossier, compte=referente.compte, referent=True)
    MembreEquipeFactory(dossier=dossier, compte=autre.compte)
    assertContains(referente.get("/releve/?depuis=24"), "Pour vous")
    assertNotContains(autre.get("/releve/?depuis=24"), "Pour vous")
    TransmissionFactory(dossier=dossier, destinataires=["@equipe"])
    assertContains(autre.get("/releve/?depuis=24"), "Pour vous")
    fil = autre.get(reverse("accompagnement:transmissions", args=[dossier.pk]))
    assertContains(fil, "À l’attention de : Son référent")
    assert t.importance == "courante"


def test_une_suite_se_demande_a_quelqu_un_de_l_equipe(en_tant_que, dossier, educatrice):
    MembreEquipeFactory(dossier=dossier, compte=educatrice, referent=True)
    demain = f"{timezone.localdate() + timedelta(days=1):{AUJOURDHUI}}"
    client = en_tant_que(dossier, role="IDE")
    suite = {"suite_titre": "L’appeler", "suite_le": demain, "suite_pour": str(educatrice.pk)}
    assert ecrire(client, dossier, **suite).status_code == 302
    assert Tache.objects.get().compte == educatrice
