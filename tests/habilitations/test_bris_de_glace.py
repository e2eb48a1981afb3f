"""Le bris de glace : ouvert sur motif et preuve, vu partout, borné, revu par un autre."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from dui.socle.enums import Bloc
from dui.socle.models import Compte, EntreeJournal, Evenement, MessageSortant
from habilitations.bris import lectures, services
from habilitations.explication import expliquer
from habilitations.models import BrisDeGlace, SessionOuverte
from habilitations.moyens import sessions
from habilitations.politique import Habilitation
from tests.habilitations.connexion import se_connecter
from tests.habilitations.factories import AffectationFactory, BrisDeGlaceFactory
from tests.outils import ClientVerifie, connecter
from tests.socle.factories import MOT_DE_PASSE, DossierFactory, EtablissementFactory, SejourFactory

pytestmark = pytest.mark.django_db
EXPLICATION = "Malaise dans la salle à manger, appelée par la cadre."


@pytest.fixture
def dossier():
    return DossierFactory()


def compte_de(dossier, role="IDE", portee="equipe") -> Compte:
    etablissement = dossier.sejours.get().etablissement
    return AffectationFactory(role=role, etablissement=etablissement, portee=portee).compte


def h(compte) -> Habilitation:
    return Habilitation(Compte.objects.get(pk=compte.pk))


def briser(compte, dossier) -> BrisDeGlace:
    return services.ouvrir(h(compte), dossier, code_motif="urgence", motif=EXPLICATION)


def page(dossier) -> str:
    return reverse("dossier", args=[dossier.pk])


def termine(compte, dossier) -> BrisDeGlace:
    bris = briser(compte, dossier)
    services.fermer(h(compte), bris)
    bris.refresh_from_db()
    return bris


def saisie(**champs) -> dict:
    return {"code_motif": "urgence", "motif": EXPLICATION, "mot_de_passe": MOT_DE_PASSE} | champs


# ------------------------------------------------------------------ ouvrir


def test_une_infirmiere_hors_equipe_cherche_ouvre_et_lit_le_dossier(dossier):
    client = connecter(compte_de(dossier))
    assert client.get(page(dossier)).status_code == 404
    usager = dossier.usager
    champs = {"nom": usager.nom_naissance, "naissance": f"{usager.date_naissance:%d/%m/%Y}"}
    trouve = client.post(reverse("bris_de_glace:chercher"), champs)
    assert escape(usager.nom_affiche) in trouve.content.decode()
    ouvert = client.post(reverse("bris_de_glace:ouvrir", args=[dossier.pk]), saisie())
    assert ouvert.status_code == 302
    lue = client.get(page(dossier)).content.decode()
    assert "Bris de glace" in lue
    bris = BrisDeGlace.objects.get()
    assert bris.etablissement == dossier.sejours.get().etablissement
    assert timedelta(hours=3, minutes=59) < bris.expire_le - timezone.now() <= timedelta(hours=4)


def test_on_ne_trouve_personne_sans_sa_date_de_naissance_exacte(dossier):
    client = connecter(compte_de(dossier))
    champs = {"nom": dossier.usager.nom_naissance, "naissance": "01/01/1901"}
    reponse = client.post(reverse("bris_de_glace:chercher"), champs)
    assert dossier.usager.nom_affiche not in reponse.content.decode()


@pytest.mark.parametrize(
    ("role", "portee"), [("ADMIN_SI", "etablissement"), ("AS", "equipe"), ("DIRECTEUR", "equipe")]
)
def test_qui_n_a_pas_le_droit_de_briser_la_glace_ne_trouve_pas_le_dossier(dossier, role, portee):
    client = connecter(compte_de(dossier, role, portee))
    adresse = reverse("bris_de_glace:ouvrir", args=[dossier.pk])
    assert client.post(adresse, saisie()).status_code == 404
    assert client.get(reverse("bris_de_glace:chercher")).status_code == 403
    assert not BrisDeGlace.objects.exists()


def test_l_infirmiere_d_un_autre_etablissement_ne_brise_rien(dossier):
    etrangere = AffectationFactory(role="IDE", portee="equipe").compte
    client = connecter(etrangere)
    assert client.get(reverse("bris_de_glace:ouvrir", args=[dossier.pk])).status_code == 404
    refus = EntreeJournal.objects.filter(action="refus", dossier=dossier)
    assert refus.filter(acteur=etrangere, bloc="BDG").exists()
    with pytest.raises(services.NonAutorise):
        briser(etrangere, dossier)


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"motif": "Urgence"}, "20 caractères"),
        ({"motif": " " * 40}, "obligatoire"),
        ({"code_motif": "curiosite"}, "Sélectionnez"),
        ({"mot_de_passe": "faux"}, "Mot de passe refusé"),
    ],
)
def test_sans_motif_sans_explication_ou_sans_preuve_rien_ne_s_ouvre(dossier, champs, message):
    client = connecter(compte_de(dossier))
    reponse = client.post(reverse("bris_de_glace:ouvrir", args=[dossier.pk]), saisie(**champs))
    assert reponse.status_code == 422
    assert message in reponse.content.decode()
    assert not BrisDeGlace.objects.exists()


def test_un_mot_de_passe_hache_a_l_ancienne_ne_ferme_pas_la_session(dossier, settings):
    ancien = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, ancien]
    compte = compte_de(dossier)
    compte.password = make_password(MOT_DE_PASSE, hasher="pbkdf2_sha256")
    compte.save()
    client = connecter(compte)
    client.post(reverse("bris_de_glace:ouvrir", args=[dossier.pk]), saisie())
    assert client.get(page(dossier)).status_code == 200


def test_la_session_de_qui_brise_la_glace_se_ferme_encore_d_ailleurs(dossier):
    compte = compte_de(dossier)
    client = ClientVerifie()
    se_connecter(client, compte)
    client.post(reverse("bris_de_glace:ouvrir", args=[dossier.pk]), saisie())
    assert client.get(page(dossier)).status_code == 200
    sessions.fermer(compte, SessionOuverte.objects.filter(compte=compte))
    assert client.get(page(dossier)).status_code == 302


def test_le_bris_de_glace_n_ouvre_que_ce_que_la_fonction_permet(dossier):
    compte = compte_de(dossier)
    briser(compte, dossier)
    ouvert = h(compte)
    assert ouvert.peut_pour(dossier, "TRA")
    assert not ouvert.peut_pour(dossier, "PSY", "saisir")
    assert not ouvert.peut_pour(dossier, "FAC", "voir")


def test_un_double_envoi_ne_prolonge_rien(dossier):
    compte = compte_de(dossier)
    premier = briser(compte, dossier)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert briser(compte, dossier).expire_le == premier.expire_le
    assert BrisDeGlace.objects.count() == 1


def test_au_bout_de_quatre_heures_le_dossier_se_referme(dossier):
    compte = compte_de(dossier)
    briser(compte, dossier)
    with time_machine.travel(timezone.now() + timedelta(hours=4, minutes=1)):
        assert connecter(compte).get(page(dossier)).status_code == 404


def test_son_auteur_peut_le_fermer_avant(dossier):
    compte = compte_de(dossier)
    briser(compte, dossier)
    client = connecter(compte)
    assert client.post(reverse("bris_de_glace:fermer", args=[dossier.pk])).status_code == 302
    assert client.get(page(dossier)).status_code == 404


def test_chaque_page_et_chaque_feuille_disent_le_bris_de_glace(dossier):
    compte = compte_de(dossier)
    briser(compte, dossier)
    client = connecter(compte)
    for nom in ("dossier", "accompagnement:transmissions", "soins:constantes"):
        lue = client.get(reverse(nom, args=[dossier.pk])).content.decode()
        assert 'class="bris"' in lue, nom
    feuille = client.get(reverse("accompagnement:fil_imprimable", args=[dossier.pk]))
    assert "(bris de glace)" in feuille.content.decode()


# ------------------------------------------------------------------ traces et avis


def test_l_ouverture_laisse_une_trace_un_evenement_et_un_avis_sans_donnee_de_sante(dossier):
    compte = compte_de(dossier)
    bris = briser(compte, dossier)
    trace = EntreeJournal.objects.get(action="bris_ouvert", dossier=dossier)
    assert (trace.acteur, trace.titre_acces) == (compte, "bris_de_glace")
    assert Evenement.objects.filter(type="bris_de_glace.ouvert", dossier=dossier).exists()
    message = MessageSortant.objects.get(type="notification.bris_de_glace")
    assert message.charge == {"bris": bris.pk}


def test_le_medecin_coordonnateur_et_le_dpo_recoivent_l_avis(dossier, settings, mailoutbox):
    from habilitations.bris.courriel import avertir

    settings.EMAIL_HOST = "courrier.invalid"
    for role in ("MEDCO", "DPO", "IDEC"):
        compte = compte_de(dossier, role, "etablissement")
        compte.email = f"{role.lower()}@exemple.invalid"
        compte.save()
    briser(compte_de(dossier), dossier)
    recu = avertir(MessageSortant.objects.get(type="notification.bris_de_glace"))
    assert recu == {"courriel": "envoyé", "destinataires": 2}
    assert {m.to[0] for m in mailoutbox} == {"medco@exemple.invalid", "dpo@exemple.invalid"}
    for m in mailoutbox:
        assert dossier.usager.nom_naissance.lower() not in (m.subject + m.body).lower()


@pytest.mark.parametrize(
    "hostile", ["a@exemple.invalid\r\nBcc: b@exemple.invalid", "a@exemple.invalid\nSubject: x"]
)
def test_une_adresse_hostile_n_ajoute_ni_destinataire_ni_en_tete(
    dossier, settings, mailoutbox, hostile
):
    from habilitations.bris.courriel import avertir

    settings.EMAIL_HOST = "courrier.invalid"
    for role, adresse in (("MEDCO", hostile), ("DPO", "dpo@exemple.invalid")):
        Compte.objects.filter(pk=compte_de(dossier, role, "etablissement").pk).update(email=adresse)
    with pytest.raises(ValidationError, match="mail"):
        Compte.objects.get(email=hostile).full_clean()  # la saisie la refuse déjà
    briser(compte_de(dossier), dossier)
    assert avertir(MessageSortant.objects.get(type="notification.bris_de_glace"))
    [envoye] = mailoutbox  # les autres sont prévenus quand même
    assert envoye.recipients() == ["dpo@exemple.invalid"]
    assert set(envoye.message().keys()) >= {"Subject", "From", "To"}
    assert "Bcc" not in envoye.message()


# ------------------------------------------------------------------ revue


def test_le_medecin_coordonnateur_revoit_et_conclut(dossier):
    bris = termine(compte_de(dossier), dossier)
    client = connecter(compte_de(dossier, "MEDCO", "etablissement"))
    assert "Bris de glace" in client.get("/").content.decode()
    assert EXPLICATION in client.get(reverse("bris_de_glace:revue")).content.decode()
    adresse = reverse("bris_de_glace:conclure", args=[_cle(bris)])
    vide = client.post(adresse, {"conclusion": "justifie"})
    assert vide.status_code == 422
    assert (
        client.post(adresse, {"conclusion": "abusif", "commentaire": "Sans motif."}).status_code
        == 302
    )
    bris.refresh_from_db()
    assert (bris.conclusion, bris.revu_par.affectations.get().role_id) == ("abusif", "MEDCO")


def _cle(bris):
    bris.refresh_from_db()
    return bris.cle


def test_qui_ne_revoit_pas_n_ouvre_pas_la_file(dossier):
    briser(compte_de(dossier), dossier)
    assert (
        connecter(compte_de(dossier, "IDEC", "etablissement"))
        .get(reverse("bris_de_glace:revue"))
        .status_code
        == 403
    )


def test_le_reviseur_d_ailleurs_ne_voit_rien(dossier):
    bris = briser(compte_de(dossier), dossier)
    client = connecter(AffectationFactory(role="DPO").compte)
    assert (
        dossier.usager.nom_affiche
        not in client.get(reverse("bris_de_glace:revue")).content.decode()
    )
    assert client.get(reverse("bris_de_glace:conclure", args=[_cle(bris)])).status_code == 404


def test_personne_ne_juge_son_propre_bris_de_glace(dossier):
    medco = compte_de(dossier, "MEDCO", "equipe")
    bris = termine(medco, dossier)
    assert not lectures.a_revoir_par(h(medco)).exists()
    with pytest.raises(ValidationError, match="Un autre"):
        services.conclure(h(medco), bris, conclusion="justifie", commentaire="Oui.")


def test_ce_qui_est_juge_le_reste(dossier):
    bris = termine(compte_de(dossier), dossier)
    dpo = h(compte_de(dossier, "DPO", "etablissement"))
    services.conclure(dpo, bris, conclusion="justifie", commentaire="Appel confirmé.")
    with pytest.raises(ValidationError, match=r"vient de conclure.*Justifié"):
        services.conclure(dpo, bris, conclusion="abusif", commentaire="Non.")


def test_une_revue_en_retard_le_dit(dossier):
    compte = compte_de(dossier)
    bris = BrisDeGlaceFactory(
        compte=compte, dossier=dossier, etablissement=dossier.sejours.get().etablissement
    )
    BrisDeGlace.objects.filter(pk=bris.pk).update(ouvert_le=timezone.now() - timedelta(days=8))
    file = lectures.file_de_revue(h(compte_de(dossier, "DPO", "etablissement")))
    assert [b.en_retard for b in file["a_revoir"]] == [True]


def test_un_bris_n_ouvre_que_la_maison_ou_il_a_ete_fait():
    """Infirmière ici, assistante sociale là : le bris d’ici n’ouvre pas le social de là."""
    ici, la = EtablissementFactory(), EtablissementFactory()
    dossier = DossierFactory(sejour=None)
    for maison in (ici, la):
        SejourFactory(dossier=dossier, etablissement=maison, unite=None, place=None)
    compte = AffectationFactory(role="IDE", etablissement=ici, portee="equipe").compte
    AffectationFactory(compte=compte, role="ASS_SOCIAL", etablissement=la, portee="equipe")
    services.ouvrir(
        Habilitation(compte), dossier, code_motif="urgence", motif="Malaise dans le couloir."
    )
    infirmier = Habilitation(compte)
    assert infirmier.ouvre(dossier, Bloc.TRA) and expliquer(infirmier, dossier, Bloc.TRA).decision
    assert not infirmier.ouvre(dossier, Bloc.FAC)
    assert not expliquer(infirmier, dossier, Bloc.FAC).chemins
    assert infirmier.titre(dossier) == "bris_de_glace"
    etranger = AffectationFactory(role="ASS_SOCIAL", etablissement=la, portee="equipe").compte
    assert not Habilitation(etranger).ouvre(dossier, Bloc.FAC)
