"""Ce qui vient d’ailleurs et que rien ne permet de classer seul attend la cellule."""

import json
from dataclasses import asdict
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains, assertNotContains

from administratif.cellule import services
from dui.socle import quarantaine
from dui.socle.models import Dossier, EntreeJournal, Evenement, IdentiteRecue, Usager
from tests.cellule.conftest import NIR, OID, recue
from tests.habilitations.factories import AffectationFactory
from tests.habilitations.test_interdictions import interdire
from tests.outils import connecter, formulaire_de
from tests.socle.factories import EtablissementFactory, OrganismeFactory

pytestmark = pytest.mark.django_db
Motif = IdentiteRecue.Motif


@pytest.mark.parametrize(
    ("traits", "doute"),
    [
        ({"nom_naissance": "PETIT", "matricule": NIR, "oid": OID}, Motif.AUTRES_TRAITS),
        ({"matricule": "297022A02077878", "oid": OID}, Motif.AUTRE_MATRICULE),
        ({"nom_naissance": "DURANT"}, Motif.PROCHES),
        ({"date_naissance": date(1931, 12, 5)}, Motif.PROCHES),
    ],
)
def test_une_identite_douteuse_attend_et_aucun_trait_ne_change(marie, recevoir, traits, doute):
    avant = Usager.objects.values().get()
    verdict = recevoir(**traits)
    attend = IdentiteRecue.objects.get()
    assert (verdict.doute, attend.motif, attend.etat) == (doute, doute, "en_attente")
    assert [r.usager_id for r in attend.ressemblances.all()] == [marie.usager_id]
    assert Usager.objects.values().get() == avant and Dossier.objects.count() == 1
    assert Evenement.objects.filter(type="quarantaine.deposee").exists()


def test_les_memes_traits_avec_ou_sans_son_matricule_sont_la_meme_personne(marie, recevoir):
    assert recevoir().connu == marie.usager_id
    assert recevoir(matricule=NIR, oid=OID).connu == marie.usager_id
    assert not IdentiteRecue.objects.exists()


def test_personne_ne_lui_ressemble_elle_n_attend_pas(marie, recevoir):
    verdict = recevoir(nom_naissance="AUBRY", prenoms="LUCIENNE", date_naissance=date(1940, 1, 2))
    assert verdict == quarantaine.Verdict() and not IdentiteRecue.objects.exists()


def test_le_meme_numero_sous_une_autre_nature_n_est_pas_le_meme_matricule(marie, recevoir):
    nia = "1.2.250.1.213.1.4.9"
    assert not recevoir(nom_naissance="PETIT", prenoms="ANNE", matricule=NIR, oid=nia).doute


def test_deux_personnes_de_memes_traits_ne_se_choisissent_pas_au_hasard(marie, present, recevoir):
    traits = ("nom_naissance", "prenoms", "premier_prenom", "sexe", "date_naissance")
    present(**{nom: getattr(marie.usager, nom) for nom in traits}, lieu_naissance_cog="69123")
    assert recevoir().doute == Motif.PLUSIEURS
    assert IdentiteRecue.objects.get().ressemblances.count() == 2


@pytest.mark.parametrize("nom", ["DURAND", "DURANT"])
def test_les_personnes_d_un_autre_organisme_ne_se_devinent_pas(marie, en_tant_que, nom):
    ailleurs = EtablissementFactory(organisme=OrganismeFactory(finess_ej="590000002"))
    h = en_tant_que(role="IDENTITOVIG", etablissement=ailleurs).habilitation
    recu = recue(nom_naissance=nom, matricule=NIR, oid=OID)
    assert quarantaine.recevoir(h, ailleurs, recu, source="import") == quarantaine.NOUVELLE
    assert not IdentiteRecue.objects.exists()


def test_recue_deux_fois_elle_attend_une_fois(marie, recevoir):
    recevoir(nom_naissance="DURANT")
    recevoir(nom_naissance="DURANT")
    assert IdentiteRecue.objects.count() == 1


def test_ce_qui_est_recu_est_chiffre_et_se_relit_tel_quel(en_quarantaine):
    octets = bytes(en_quarantaine.contenu)
    assert b"DURANT" not in octets and b"1931" not in octets
    assert asdict(en_quarantaine.lire()) == asdict(recue(nom_naissance="DURANT"))
    assert "DURANT" not in json.dumps(list(Evenement.objects.values_list("charge", flat=True)))


def test_la_base_refuse_une_decision_sans_date(en_quarantaine):
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentiteRecue.objects.update(etat="refusee")


def test_une_source_inconnue_ne_depose_rien(cellule, maison, marie):
    with pytest.raises(LookupError):
        quarantaine.recevoir(
            cellule.habilitation, maison, recue(nom_naissance="DURANT"), source="ailleurs"
        )


# ---------------------------------------------------------------- decisions


def decider(client, x, decision, **champs):
    page = client.get(f"/identitovigilance/quarantaine/{x.pk}/")
    adresse, lus = formulaire_de(page)
    return client.post(adresse, lus | {"decision": decision} | champs)


def test_comparer_puis_rattacher_ne_change_aucun_trait(cellule, en_quarantaine, marie):
    page = cellule.get(f"/identitovigilance/quarantaine/{en_quarantaine.pk}/")
    assertContains(page, "DURANT")
    assertContains(page, "Différent", 1)
    assertContains(page, "Compatible", 4)
    avant = Usager.objects.get()
    reponse = decider(cellule, en_quarantaine, f"dossier:{marie.pk}", raison="Faute de frappe")
    assert reponse.url == f"/dossiers/{marie.pk}/identite/"
    x, apres = IdentiteRecue.objects.get(), Usager.objects.get()
    assert (x.etat, x.dossier_id, x.decidee_par) == ("rattachee", marie.pk, cellule.compte)
    assert (apres.nom_naissance, apres.matricule_ins) == ("DURAND", avant.matricule_ins)
    assert apres.faits_identite == avant.faits_identite
    ligne = apres.history.latest()
    assert "reçue d’un autre logiciel" in ligne.history_change_reason
    assert ligne.history_user == cellule.compte
    assert Evenement.objects.filter(type="quarantaine.rattachee", dossier=marie).exists()
    lus = EntreeJournal.objects.filter(dossier=marie, cible="quarantaine.comparee")
    assert lus.exists()


def test_creer_ouvre_un_dossier_provisoire_et_signale_les_homonymes(cellule, en_quarantaine, marie):
    reponse = decider(cellule, en_quarantaine, "creer", raison="Deux personnes, vues ensemble")
    nouveau = Usager.objects.get(nom_naissance="DURANT")
    dossier = nouveau.dossiers.get()
    assert reponse.url == f"/dossiers/{dossier.pk}/identite/"
    assert nouveau.statut_identite == "PROV" and nouveau.homonyme
    assert Usager.objects.get(pk=marie.usager_id).homonyme
    assert dossier.sejours.get().etablissement == en_quarantaine.etablissement
    assert IdentiteRecue.objects.get().etat == "creee"


def test_creer_ne_prend_pas_le_matricule_d_une_autre(cellule, marie, recevoir):
    recevoir(nom_naissance="PETIT", prenoms="ANNE", matricule=NIR, oid=OID)
    decider(cellule, IdentiteRecue.objects.get(), "creer", raison="Matricule du conjoint")
    assert Usager.objects.get(nom_naissance="PETIT").matricule_ins == ""


def test_refuser_demande_une_raison_et_n_ecrit_rien(cellule, en_quarantaine):
    reponse = decider(cellule, en_quarantaine, "refuser")
    assert reponse.status_code == 422
    assertContains(reponse, "Dites pourquoi", status_code=422)
    assert (
        decider(cellule, en_quarantaine, "refuser", raison="Doublon de saisie").status_code == 302
    )
    x = IdentiteRecue.objects.get()
    assert (x.etat, x.raison, x.dossier) == ("refusee", "Doublon de saisie", None)
    assert Usager.objects.count() == 1


def test_une_decision_ne_se_prend_qu_une_fois(cellule, en_quarantaine, marie):
    decider(cellule, en_quarantaine, "refuser", raison="Doublon")
    with pytest.raises(ValidationError, match="vient d’être prise"):
        services.rattacher(cellule.habilitation, en_quarantaine.pk, dossier_id=marie.pk)
    page = cellule.get(f"/identitovigilance/quarantaine/{en_quarantaine.pk}/")
    assertContains(page, "Refusée")
    assertNotContains(page, "Enregistrer la décision")


def test_qui_apparait_entre_la_lecture_et_la_creation_se_relit(cellule, en_quarantaine, present):
    page = cellule.get(f"/identitovigilance/quarantaine/{en_quarantaine.pk}/")
    adresse, lus = formulaire_de(page)
    present(
        nom_naissance="DURANT", prenoms="MARIE", premier_prenom="MARIE", sexe="F",
        date_naissance=date(1931, 5, 12),
    )  # fmt: skip
    reponse = cellule.post(adresse, lus | {"decision": "creer", "raison": "Autre"})
    assertContains(reponse, "vient d’apparaître", status_code=422)
    assert IdentiteRecue.objects.get().etat == "en_attente"


def test_un_autre_dossier_que_ceux_qui_ressemblent_est_refuse(cellule, en_quarantaine, present):
    autre = present(nom_naissance="AUBRY", date_naissance=date(1940, 1, 2))
    reponse = decider(cellule, en_quarantaine, f"dossier:{autre.pk}")
    assert reponse.status_code == 422
    with pytest.raises(ValidationError, match="parmi ceux"):
        services.rattacher(cellule.habilitation, en_quarantaine.pk, dossier_id=autre.pk)


# ---------------------------------------------------------------- who


def test_la_cellule_decide_la_secretaire_non_une_autre_maison_ne_voit_rien(
    cellule, secretaire, en_quarantaine, en_tant_que
):
    adresse = f"/identitovigilance/quarantaine/{en_quarantaine.pk}/"
    etrangere = en_tant_que(role="IDENTITOVIG", etablissement=EtablissementFactory())
    assert cellule.get(adresse).status_code == 200
    assert secretaire.get(adresse).status_code == 403
    assert etrangere.get(adresse).status_code == 404
    assert etrangere.post(adresse, {"decision": "refuser", "raison": "x"}).status_code == 404
    assertNotContains(etrangere.get("/identitovigilance/quarantaine/"), "DURANT")
    assertContains(cellule.get("/identitovigilance/quarantaine/"), "DURANT")


def test_un_dossier_d_ailleurs_se_compare_et_ne_se_rattache_pas(cellule, present, recevoir):
    la_bas = present(
        etablissement=EtablissementFactory(), nom_naissance="DURAND", prenoms="MARIE",
        premier_prenom="MARIE", sexe="F", date_naissance=date(1931, 5, 12),
    )  # fmt: skip
    recevoir(nom_naissance="DURANT")
    x = IdentiteRecue.objects.get()
    page = cellule.get(f"/identitovigilance/quarantaine/{x.pk}/")
    assertContains(page, "sa cellule seule peut rattacher")
    assertNotContains(page, f"dossier:{la_bas.pk}")
    with pytest.raises(ValidationError):
        services.rattacher(cellule.habilitation, x.pk, dossier_id=la_bas.pk)


def test_le_matricule_recu_n_est_jamais_montre(cellule, marie, recevoir):
    recevoir(nom_naissance="PETIT", prenoms="ANNE", matricule=NIR, oid=OID)
    page = cellule.get(f"/identitovigilance/quarantaine/{IdentiteRecue.objects.get().pk}/")
    assertContains(page, "il n’est pas montré")
    for ecriture in (NIR, "2 31 05"):
        assertNotContains(page, ecriture)


def test_un_dossier_interdit_a_ce_compte_ne_dit_pas_son_nom(maison, en_quarantaine, marie):
    compte = AffectationFactory(role="IDENTITOVIG", etablissement=maison).compte
    interdire(compte, marie)
    client = connecter(compte)
    page = client.get(f"/identitovigilance/quarantaine/{en_quarantaine.pk}/")
    assertContains(page, "vous est fermé")
    assertNotContains(page, "DURAND")
