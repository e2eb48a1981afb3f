"""Déclarer, suivre, clore un événement ; le signaler aux autorités."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.evenements import lectures, services, services_eig
from coordination.models import EnvoiEig, EtapeEvenement, EvenementIndesirable, SignalementEig
from dui.socle import coffre, taches
from dui.socle.erreurs import ConflitDeVersion, DejaServi
from dui.socle.models import Dossier, Evenement, Tache
from habilitations.destinataires import Destinataire
from habilitations.lieux import Lieu
from tests.coordination.factories import FAITS_CHUTE, EigFactory, EvenementFactory
from tests.socle.factories import DossierFactory, UsagerFactory

pytestmark = pytest.mark.django_db
PDF = (b"%PDF-1.4 accuse", "application/pdf")


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def qui(en_tant_que, dossier):
    def habilitation(role="IDE", ou=dossier, **champs):
        return en_tant_que(ou, role=role, **champs).habilitation

    return habilitation


def chute(h, dossier, **champs):
    il_y_a = timezone.now() - timedelta(minutes=10)
    valeurs = {
        "type": "chute",
        "cle_saisie": uuid.uuid4(),
        "constate_le": il_y_a,
        "circonstances": "Au pied du lit.",
        "gravite": 2,
        "faits": dict(FAITS_CHUTE),
        "famille": "oui",
        "famille_qui": "sa fille",
        "famille_le": il_y_a,
        "medecin": "non",
        "medecin_motif": "Ne répond pas encore.",
    } | champs
    return services.declarer(h, dossier, **valeurs)


def test_une_chute_complete_se_declare_et_dit_tout(qui, dossier):
    h = qui("AS")
    e = chute(h, dossier)
    e.refresh_from_db()
    sejour = dossier.sejours.get()
    assert (e.etat, e.declarant, e.fonction) == ("declare", h.compte, "AS")
    assert (e.etablissement, e.unite) == (sejour.etablissement, sejour.unite)
    assert e.famille_par == h.compte.signature  # the declarer, when nobody else is named
    assert [x.etape for x in e.etapes.all()] == ["declare"]
    fait = Evenement.objects.get(type="evenement.declare")
    assert fait.charge == {"evenement": str(e.pk), "type": "chute"}


@pytest.mark.parametrize(
    ("faute", "ou"),
    [
        ({"faits": {}}, "activite"),
        ({"faits": FAITS_CHUTE | {"lesions": ["aucune", "plaie"]}}, "lesions"),
        ({"famille": ""}, "famille"),
        ({"famille_qui": " "}, "famille_qui"),
        ({"famille_le": None}, "famille_le"),
        ({"medecin_motif": ""}, "medecin_motif"),
        ({"constate_le": timezone.now() + timedelta(days=1)}, "constate_le"),
        ({"survenu_le": timezone.now() + timedelta(days=1)}, "survenu_le"),
    ],
)
def test_ce_qui_manque_est_dit_a_sa_place(qui, dossier, faute, ou):
    with pytest.raises(ValidationError) as refus:
        chute(qui(), dossier, **faute)
    assert ou in refus.value.message_dict
    assert not EvenementIndesirable.objects.exists()


def test_le_meme_envoi_deux_fois_est_un_seul_evenement(qui, dossier):
    h, cle = qui(), uuid.uuid4()
    assert chute(h, dossier, cle_saisie=cle) == chute(h, dossier, cle_saisie=cle)
    with pytest.raises(ValidationError, match="déjà servi"):
        chute(qui("AS"), dossier, cle_saisie=cle)


@pytest.mark.parametrize(
    "autre",
    [
        {"gravite": 4},
        {"mesures": "Relevée à deux"},
        {"survenu_le": timezone.now() - timedelta(hours=2)},
        {"famille_qui": "son fils"},
        {"faits": FAITS_CHUTE | {"lesions": ["plaie"]}},
    ],
    ids=lambda autre: next(iter(autre)),
)
def test_renvoyer_la_declaration_avec_autre_chose_n_est_pas_annonce_enregistre(qui, dossier, autre):
    h, cle = qui(), uuid.uuid4()
    chute(h, dossier, cle_saisie=cle)
    with pytest.raises(DejaServi):
        chute(h, dossier, cle_saisie=cle, **autre)


def test_sans_son_nom_rien_de_ce_qui_reste_ne_le_dit(qui, dossier):
    h = qui()
    e = chute(h, dossier, anonyme=True, famille_par="l’équipe")
    assert (e.declarant, e.fonction) == (None, "")
    assert e.history.get().history_user is None
    assert e.etapes.get().par is None
    assert Evenement.objects.get(type="evenement.declare").acteur is None


def test_qui_declare_qui_lit_qui_ne_trouve_rien(qui, dossier):
    e = chute(qui("ASH"), dossier)  # declares, does not read the register
    visibles = EvenementIndesirable.objects.visibles
    assert list(visibles(qui("IDE"))) == [e]
    assert not visibles(qui("ASH")).exists()
    assert not visibles(qui("IDE", ou=DossierFactory())).exists()
    for h in (qui("COMPTA"), qui("IDE", ou=DossierFactory())):
        with pytest.raises(Dossier.DoesNotExist):
            chute(h, dossier)


def test_ce_qui_est_declare_attend_qui_encadre_et_qui_clot_jamais_les_autres(qui, dossier):
    EvenementFactory(dossier=dossier)
    EvenementFactory(dossier=dossier, etat="en_analyse")
    attendent = {role: lectures.a_suivre(qui(role)).count() for role in ("IDEC", "QUALITE", "IDE")}
    assert attendent == {"IDEC": 1, "QUALITE": 1, "IDE": 0}
    assert not lectures.a_suivre(qui("IDEC", ou=DossierFactory())).exists()


def test_ce_qui_arrive_a_la_maison_se_lit_ou_l_on_a_le_droit(qui, dossier):
    h, sejour = qui(), dossier.sejours.get()
    lieu = Lieu(sejour.etablissement, None)
    champs = {"famille": "", "famille_le": None, "medecin": "", "faits": {}}
    e = chute(h, None, type="equipement", lieu_de_travail=lieu, **champs)
    assert list(EvenementIndesirable.objects.visibles(qui("QUALITE"))) == [e]
    ailleurs = qui(ou=DossierFactory())
    assert not EvenementIndesirable.objects.visibles(ailleurs).exists()
    with pytest.raises(ValidationError, match="quel établissement"):
        chute(ailleurs, None, type="equipement", lieu_de_travail=lieu, **champs)


def test_la_personne_d_un_autre_dossier_n_est_nommee_qu_a_qui_l_ouvre(qui, dossier):
    h, maison = qui(), dossier.sejours.get().etablissement
    voisine = DossierFactory(
        usager=UsagerFactory(nom_naissance="VOISINE"), sejour__etablissement=maison
    )
    e = chute(h, dossier, personnes=[("auteur", voisine.pk, ""), ("temoin", None, "M. Petit")])
    assert lectures.fiche(h, e).personnes[0][1].startswith("VOISINE")
    voisine.sejours.all().delete()
    assert lectures.fiche(qui(), e).personnes == [
        ("Auteur", "une autre personne accompagnée"),
        ("Témoin", "M. Petit"),
    ]


def test_completer_apres_un_collegue_previent(qui, dossier):
    e = chute(qui(), dossier)
    saisie = {n: getattr(e, n) for n in ("constate_le", "circonstances", "gravite", "faits")}
    saisie |= {"famille": "non", "famille_motif": "absente", "medecin": "oui"}
    saisie |= {"medecin_qui": "Dr Petit", "medecin_le": timezone.now()}
    e = services.completer(qui("AS"), e.pk, version_lue=1, **saisie)
    assert (e.medecin_motif, e.famille_qui, e.famille_le, e.version) == ("", "", None, 2)
    with pytest.raises(ConflitDeVersion):
        services.completer(qui(), e.pk, version_lue=1, **saisie)
    assert e.history.count() == 2


def test_du_declare_au_clos_avec_ses_causes_son_plan_et_son_bilan(qui, dossier):
    infirmiere, qualite = qui(), qui("QUALITE")
    e = chute(infirmiere, dossier, medecin="oui", medecin_qui="Dr Petit", medecin_le=timezone.now())
    with pytest.raises(ValidationError, match=r"déjà «.*Déclaré"):
        services.avancer(infirmiere, e.pk, vers="plan")
    services.avancer(infirmiere, e.pk, vers="analyse", causes=["equipe", "inventée"], analyse="x")
    services.avancer(infirmiere, e.pk, vers="plan")
    responsable = Destinataire(compte=infirmiere.compte)
    action = services.ajouter_une_action(
        infirmiere, e.pk, a=responsable, titre="Poser une barre",
        echeance_le=timezone.now() + timedelta(days=7), priorite=3,
    )  # fmt: skip
    with pytest.raises(EvenementIndesirable.DoesNotExist):  # closing asks for more
        services.avancer(infirmiere, e.pk, vers="clos", bilan="Fait.")
    with pytest.raises(ValidationError, match="Une action reste"):
        services.avancer(qualite, e.pk, vers="clos", bilan="Fait.")
    taches.faire(infirmiere, action.pk)
    with pytest.raises(ValidationError, match="bilan"):
        services.avancer(qualite, e.pk, vers="clos", bilan=" ")
    services.avancer(qualite, e.pk, vers="clos", bilan="Fait.")
    e.refresh_from_db()
    assert (e.etat, e.causes, e.bilan) == ("clos", ["equipe"], "Fait.")
    assert [x.etape for x in e.etapes.order_by("pk")] == ["declare", "analyse", "plan", "clos"]
    assert Tache.objects.de_source("evenement", e.pk).get().bloc == "EI"


def test_la_base_refuse_une_famille_prevenue_par_personne_et_un_clos_sans_bilan(dossier):
    for faute in ({"famille_qui": ""}, {"medecin_motif": ""}, {"etat": "clos"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EvenementFactory(dossier=dossier, **faute)


# ---------------------------------------------------------------- authorities


@pytest.fixture
def eig(dossier):
    return EigFactory(evenement=EvenementFactory(dossier=dossier))


def test_un_signalement_va_du_brouillon_au_clos_avec_la_preuve_de_l_envoi(qui, eig):
    infirmiere, qualite, e = qui(), qui("QUALITE"), eig.evenement
    envoi = {"autorite": "ars", "moyen": "portail", "transmis_le": timezone.now()}
    with pytest.raises(ValidationError, match="en interne"):
        services_eig.transmettre(qualite, e.pk, **envoi)
    services_eig.avancer(infirmiere, e.pk, vers="declare")
    with pytest.raises(EvenementIndesirable.DoesNotExist):
        services_eig.transmettre(infirmiere, e.pk, **envoi)
    fait = services_eig.transmettre(qualite, e.pk, reference=" A-12 ", preuve=PDF, **envoi)
    assert (fait.reference, coffre.contenu(fait.preuve)) == ("A-12", PDF[0])
    assert (fait.preuve.bloc, fait.preuve.dossier) == ("EI", e.dossier)
    services_eig.transmettre(qualite, e.pk, **envoi | {"autorite": "pcd"})  # another authority
    eig.refresh_from_db()
    services_eig.rediger(infirmiere, e.pk, version_lue=eig.version, complement="Rentrée hier.")
    services_eig.avancer(infirmiere, e.pk, vers="complete")
    services_eig.avancer(qualite, e.pk, vers="clos")
    eig.refresh_from_db()
    assert (eig.etat, EnvoiEig.objects.count()) == ("clos", 2)
    etapes = EtapeEvenement.objects.filter(etape__startswith="eig_").order_by("pk")
    assert [x.etape for x in etapes] == [
        "eig_declare", "eig_transmis", "eig_complete", "eig_clos"
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="clos"):
        services_eig.rediger(infirmiere, e.pk, version_lue=eig.version, complement="x")


def test_deux_redacteurs_le_second_est_prevenu(qui, eig):
    services_eig.rediger(qui(), eig.evenement.pk, version_lue=1, nature="Chute")
    with pytest.raises(ConflitDeVersion):
        services_eig.rediger(qui("AS"), eig.evenement.pk, version_lue=1, nature="Autre")
    assert SignalementEig.objects.get().nature == "Chute"
