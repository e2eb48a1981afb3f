"""Réunir deux dossiers : à deux, d’un bloc, sans rien perdre ni élargir en silence."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from accompagnement.models import Habitude, Transmission
from administratif.doublons import services
from administratif.doublons.regles import REGLES
from dui.socle.models import (
    Brouillon,
    Contact,
    Correspondant,
    Dossier,
    Doublon,
    EntreeJournal,
    Evenement,
    Fusion,
    Sejour,
)
from habilitations.models import Interdiction, MembreEquipe
from habilitations.politique import Habilitation
from tests.accompagnement.factories import TransmissionFactory
from tests.doublons.factories import (
    MOTIF,
    cellule,
    defusionner,
    dossier,
    fusionner,
    paire,
    proposer,
)
from tests.habilitations.factories import (
    AffectationFactory,
    MembreEquipeFactory,
)
from tests.socle.factories import (
    CompteFactory,
    ContactFactory,
    CorrespondantFactory,
)

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ deux personnes


def test_celui_qui_propose_n_approuve_jamais(a, b):
    doublon, lui = paire(a, b), cellule(a, b)
    proposer(doublon, a, lui)
    with pytest.raises(PermissionDenied):
        services.approuver(lui, doublon.pk)
    b.refresh_from_db()
    assert b.fusionne_dans is None


def test_la_base_refuse_qu_une_meme_personne_propose_et_approuve(a, b):
    doublon, lui = paire(a, b), cellule(a, b)
    demande = proposer(doublon, a, lui)
    demande.decision, demande.decide_par = "approuvee", lui.compte
    with pytest.raises(DatabaseError), transaction.atomic():
        demande.save()


@pytest.mark.parametrize("role", ["SECRETAIRE", "IDE", "MEDCO", "ADMIN_SI", "DIRECTEUR"])
def test_aucun_autre_role_ne_propose_ni_n_approuve(a, b, role):
    doublon = paire(a, b)
    sejour = a.sejours.get()
    h = Habilitation(AffectationFactory(role=role, etablissement=sejour.etablissement).compte)
    with pytest.raises(Doublon.DoesNotExist):
        services.proposer(h, doublon.pk, retenu_id=a.pk, motif=MOTIF)
    proposer(doublon, a)
    with pytest.raises(Doublon.DoesNotExist):
        services.approuver(h, doublon.pk)


def test_la_cellule_d_une_autre_maison_ne_voit_pas_la_paire(a, b):
    doublon, ailleurs = paire(a, b), cellule(dossier())
    assert not Doublon.objects.visibles(ailleurs).exists()
    with pytest.raises(Doublon.DoesNotExist):
        services.ecarter(ailleurs, doublon.pk, motif=MOTIF)


def test_chaque_dossier_est_suivi_par_l_un_des_deux(a, b):
    """Deux référents d’une seule maison ne réunissent pas le dossier d’une autre."""
    doublon = paire(a, b)
    proposer(doublon, a, cellule(a))
    with pytest.raises(PermissionDenied, match="approuve"):
        services.approuver(cellule(a), doublon.pk)
    services.approuver(cellule(b), doublon.pk)
    b.refresh_from_db()
    assert b.fusionne_dans == a


def test_ce_qui_est_ferme_a_un_referent_n_est_pas_dans_sa_liste(a, b):
    doublon, lui = paire(a, b), cellule(a, b)
    Interdiction.objects.create(
        dossier=b, compte=lui.compte, origine="personne", decidee_par=CompteFactory()
    )
    lui = Habilitation(lui.compte)
    assert not Doublon.objects.visibles(lui).filter(pk=doublon.pk).exists()


def test_une_proposition_expire_et_se_refait(a, b):
    doublon = paire(a, b)
    proposer(doublon, a)
    plus_tard = timezone.now() + REGLES.proposition + timedelta(hours=1)
    with time_machine.travel(plus_tard):
        with pytest.raises(ValidationError, match="expiré"):
            services.approuver(cellule(a, b), doublon.pk)
        proposer(doublon, b)
        services.approuver(cellule(a, b), doublon.pk)
    assert set(doublon.fusions.values_list("decision", flat=True)) == {"expiree", "approuvee"}


def test_une_paire_dont_la_proposition_a_expire_se_juge_encore(a, b):
    doublon, lui = paire(a, b), cellule(a, b)
    proposer(doublon, a)
    with pytest.raises(ValidationError, match="vient de changer"):
        services.ecarter(lui, doublon.pk, motif=MOTIF)
    with time_machine.travel(timezone.now() + REGLES.proposition + timedelta(hours=1)):
        assert services.ecarter(lui, doublon.pk, motif=MOTIF).etat == "distinctes"


def test_refuser_ou_retirer_remet_la_paire_a_examiner(a, b):
    doublon, lui = paire(a, b), cellule(a, b)
    proposer(doublon, a, lui)
    assert services.refuser(lui, doublon.pk).decision == "retiree"
    proposer(doublon, a, lui)
    assert services.refuser(cellule(a, b), doublon.pk).decision == "refusee"
    doublon.refresh_from_db()
    assert doublon.etat == Doublon.Etat.A_EXAMINER


# ------------------------------------------------------------------ empêchements


def test_deux_matricules_qualifies_differents_ne_fusionnent_pas(b):
    un, deux = (
        dossier(
            ins_recuperee=True, identite_validee=True, matricule_ins=m,
            oid_ins="1.2.250.1.213.1.4.11",
        )
        for m in ("236045935001144", "236045935001241")
    )  # fmt: skip
    with pytest.raises(ValidationError, match="matricules différents"):
        proposer(paire(un, deux), un)


def test_l_identite_qui_porte_l_ins_se_garde(a):
    recuperee = dossier(
        ins_recuperee=True, matricule_ins="236045935001144", oid_ins="1.2.250.1.213.1.4.11"
    )
    doublon = paire(a, recuperee)
    with pytest.raises(ValidationError, match="matricule INS"):
        proposer(doublon, a)
    proposer(doublon, recuperee)


def test_un_deces_note_d_un_seul_cote_arrete_la_fusion(a):
    decedee = dossier(date_deces=date(2025, 5, 5))
    with pytest.raises(ValidationError, match="décès"):
        proposer(paire(a, decedee), a)


def test_un_trait_corrige_apres_la_proposition_l_annule(a, b):
    doublon = paire(a, b)
    proposer(doublon, a)
    b.usager.nom_naissance = "LE GUEN"
    b.usager.save()
    with pytest.raises(ValidationError, match="a changé"):
        services.approuver(cellule(a, b), doublon.pk)


def test_un_dossier_deja_reuni_n_est_pas_reuni_de_nouveau(a, b):
    fusionner(a, b)
    with pytest.raises(ValidationError, match="déjà réuni"):
        proposer(paire(b, dossier()), b, cellule(a))


# ------------------------------------------------------------------ ce que devient chaque chose


def test_les_lignes_figees_passent_dans_le_dossier_garde(a, b):
    ligne = TransmissionFactory(dossier=b)
    fusionner(a, b)
    ligne.refresh_from_db()
    assert ligne.dossier == a


def test_hors_d_une_fusion_une_ligne_figee_ne_change_pas_de_dossier(a, b):
    ligne = TransmissionFactory(dossier=b)
    with pytest.raises(DatabaseError), transaction.atomic():
        Transmission._base_manager.filter(pk=ligne.pk).update(dossier=a)
    fusionner(a, b)  # what a former transaction wrote in the register opens nothing today
    with pytest.raises(DatabaseError), transaction.atomic():
        Transmission._base_manager.filter(pk=ligne.pk).update(dossier=b)
    with pytest.raises(DatabaseError), transaction.atomic():
        Transmission._base_manager.filter(pk=ligne.pk).update(donnees="autre chose")


def test_deux_sejours_en_cours_restent_et_la_page_le_dit(a, en_tant_que):
    maison = a.sejours.get().etablissement
    b = dossier(sejour__etablissement=maison)
    doublon, client = paire(a, b), en_tant_que(a, role="IDENTITOVIG")
    page = client.get(f"/identitovigilance/doublons/{doublon.pk}/")
    assert "même maison" in page.content.decode()
    fusionner(a, dossier(sejour__etablissement=maison))
    assert Sejour.objects.filter(dossier=a).en_cours().count() == 2


def test_les_deux_equipes_deviennent_celle_du_dossier_garde(a, b):
    du_premier = MembreEquipeFactory(dossier=a).compte
    du_second = MembreEquipeFactory(dossier=b).compte
    fusionner(a, b)
    equipe = MembreEquipe.objects.filter(dossier=a).order_by("pk")
    assert set(equipe.values_list("compte", flat=True)) == {du_premier.pk, du_second.pk}


def test_le_second_referent_principal_devient_co_referent(a, b):
    garde = MembreEquipeFactory(dossier=a, referent=True)
    autre = MembreEquipeFactory(dossier=b, referent=True)
    fusionner(a, b)
    equipe = MembreEquipe.objects.filter(dossier=a)
    assert equipe.get(referent=True) == garde
    assert equipe.get(coreferent=True) == autre


def test_les_contacts_s_ajoutent_ceux_du_dossier_reuni_a_la_suite(a, b):
    for d in (a, b):
        ContactFactory(dossier=d, nom=f"Fille{d.numero}", ordre_appel=1)
        ContactFactory(dossier=d, nom=f"Fils{d.numero}", ordre_appel=2)
    fusionner(a, b)
    ordre = list(Contact.objects.filter(dossier=a).dans_l_ordre().values_list("nom", "ordre_appel"))
    attendu = [f"Fille{a.numero}", f"Fils{a.numero}", f"Fille{b.numero}", f"Fils{b.numero}"]
    assert ordre == [(nom, rang) for rang, nom in enumerate(attendu, 1)]


def test_le_meme_correspondant_deux_fois_est_note_termine_du_cote_reuni(a, b):
    garde = CorrespondantFactory(dossier=a, professionnel=None)
    double = CorrespondantFactory(dossier=b, professionnel=None)
    autre = CorrespondantFactory(dossier=b, professionnel=None, role="KINE")
    fusionner(a, b)
    siens = Correspondant.objects.filter(dossier=a)
    assert {c.pk for c in siens.en_cours().order_by("pk")} == {garde.pk, autre.pk}
    assert {c.pk for c in siens.termines().order_by("pk")} == {double.pk}


def test_un_brouillon_garde_son_texte_et_se_rouvre_dans_le_dossier_garde(a, b):
    compte = CompteFactory()
    for d in (a, b):
        Brouillon.objects.create(
            compte=compte, formulaire="transmission", dossier=d, objet="x",
            chemin=f"/dossiers/{d.pk}/transmissions/nouvelle/", extrait=f"texte {d.numero}",
        )  # fmt: skip
    fusionner(a, b)
    siens = Brouillon.objects.filter(compte=compte, dossier=a)
    assert {x.extrait for x in siens.order_by("pk")} == {f"texte {a.numero}", f"texte {b.numero}"}
    assert all(str(a.pk) in x.chemin for x in siens.order_by("pk"))


def test_qui_je_suis_reunit_les_deux_textes_ou_arrete_tout(a, b):
    Habitude.objects.create(dossier=a, rubrique="repas", texte="Mange seule.")
    Habitude.objects.create(dossier=b, rubrique="repas", texte="Texture mixée !")
    fusionner(a, b)
    assert Habitude.objects.get(dossier=a).texte == "Mange seule. / Texture mixée !"
    c = dossier()
    Habitude.objects.create(dossier=c, rubrique="repas", texte="x" * 390)
    doublon = paire(a, c)
    proposer(doublon, a)
    with pytest.raises(ValidationError, match="ne tiennent pas"), transaction.atomic():
        services.approuver(cellule(a, c), doublon.pk)
    c.refresh_from_db()
    assert c.fusionne_dans is None and c.habitudes.exists()


def test_le_dernier_gir_et_l_ouverture_suivent(a, b):
    Dossier.objects.filter(pk=a.pk).update_sans_historique(motif="essai", clos_le=date(2025, 1, 1))
    Dossier.objects.filter(pk=b.pk).update_sans_historique(
        motif="essai", gir=2, gir_le=date(2025, 2, 1)
    )
    doublon, _ = fusionner(a, b)
    assert (a.gir, a.clos_le) == (2, None)
    defusionner(doublon)
    a.refresh_from_db()
    assert (a.gir, a.clos_le) == (None, date(2025, 1, 1))


# ------------------------------------------------------------------ alias, traces, ordre


def test_les_deux_dossiers_gardent_l_evenement_et_le_journal(a, b):
    fusionner(a, b)
    for d in (a, b):
        assert Evenement.objects.filter(dossier=d, type="identite.fusionnee").exists()
        ligne = EntreeJournal.objects.get(dossier=d, cible="identite.fusionnee")
        assert (ligne.bloc, ligne.titre_acces) == ("IDV", "identitovigilance")
    assert "LE GO" not in str(list(Evenement.objects.values_list("charge", flat=True)))


def test_le_journal_du_dossier_garde_raconte_aussi_l_ancien(a, b):
    EntreeJournal.objects.create(dossier=b, acteur=CompteFactory(), action="voir", bloc="TRA")
    doublon, _ = fusionner(a, b)
    assert EntreeJournal.objects.du_dossier(a).filter(bloc="TRA").count() == 1
    defusionner(doublon)
    assert not EntreeJournal.objects.du_dossier(a).filter(bloc="TRA").exists()


def test_trois_dossiers_se_reunissent_en_chaine_et_se_defont_dans_l_ordre(a, b):
    c = dossier(nom_naissance="LE GOFFE")
    TransmissionFactory(dossier=c)
    premiere, _ = fusionner(b, c)
    seconde, _ = fusionner(a, b)
    c.refresh_from_db()
    assert c.fusionne_dans == a and Transmission.objects.get().dossier == a
    with pytest.raises(ValidationError, match="plus récente"):
        services.proposer_defusion(cellule(a), premiere.pk, motif=MOTIF)
    defusionner(seconde)
    c.refresh_from_db()
    assert c.fusionne_dans == b and Transmission.objects.get().dossier == b
    defusionner(premiere)
    assert Transmission.objects.get().dossier == c


def test_ce_qui_est_ecrit_apres_la_fusion_reste_dans_le_dossier_garde(a, b):
    avant = TransmissionFactory(dossier=b)
    doublon, _ = fusionner(a, b)
    apres = TransmissionFactory(dossier=a)
    defusionner(doublon)
    avant.refresh_from_db()
    apres.refresh_from_db()
    assert (avant.dossier, apres.dossier) == (b, a)


def test_la_defusion_aussi_se_decide_a_deux(a, b):
    doublon, _ = fusionner(a, b)
    lui = cellule(a)
    services.proposer_defusion(lui, doublon.pk, motif=MOTIF)
    with pytest.raises(PermissionDenied):
        services.approuver(lui, doublon.pk)
    assert Fusion.objects.en_vigueur().count() == 1


def test_une_collision_se_signale_et_la_cellule_la_referme(a):
    maison = a.sejours.get().etablissement
    secretaire = Habilitation(AffectationFactory(role="SECRETAIRE", etablissement=maison).compte)
    doublon = services.signaler_collision(
        secretaire, a, texte="Deux dates de naissance dans les courriers."
    )
    with pytest.raises(Doublon.DoesNotExist):
        services.ecarter(secretaire, doublon.pk, motif=MOTIF)
    assert services.ecarter(cellule(a), doublon.pk, motif=MOTIF).etat == "distinctes"
    with pytest.raises(Dossier.DoesNotExist):
        services.signaler_collision(cellule(dossier()), a, texte="Pas de ma maison du tout.")
