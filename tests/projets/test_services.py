"""Construire un projet et l’arrêter : ce qui s’écrit, et ce que la base refuse."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from accompagnement.models import Projet, VersionProjet
from accompagnement.projets import lectures, services
from accompagnement.projets.empreintes import empreinte
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Dossier, Evenement
from tests.accompagnement.factories import HabitudeFactory
from tests.projets.factories import ProjetFactory, brouillon
from tests.projets.gestes import JOUR, accord, arreter, cadre, complet, ecrire, ouvrir
from tests.socle.factories import ContactFactory, DossierFactory

pytestmark = pytest.mark.django_db


def test_un_projet_s_ouvre_avec_qui_parle_et_ce_que_l_on_sait_deja(qui, dossier):
    ContactFactory(dossier=dossier, prenom="Lucie", nom="Petit", representant_legal=True)
    HabitudeFactory(dossier=dossier, rubrique="histoire", texte="Aime les chevaux.")
    h = qui()

    projet = ouvrir(h, dossier, cadre=cadre(referent=f"{h.compte.pk}|Solène Le Bris"))

    contenu = projet.versions.get().contenu
    assert (projet.statut, projet.referent, projet.titre) == (
        "EN_PREPARATION",
        h.compte,
        "Projet de Léa",
    )
    assert [p["qualite"] for p in contenu["participant"]] == ["personne", "rep_legal"]
    assert contenu["cadre"]["histoire"] == "Aime les chevaux."


def test_un_seul_projet_est_ouvert_a_la_fois_dans_une_maison_et_deux_clics_n_en_font_qu_un(
    qui, dossier
):
    h, cle = qui(), uuid.uuid4()
    premier = ouvrir(h, dossier, cle_saisie=cle)

    assert ouvrir(h, dossier, cle_saisie=cle) == premier
    with pytest.raises(ValidationError, match="déjà ouvert"):
        ouvrir(h, dossier)


@pytest.mark.parametrize("role", ["AS", "DIRECTEUR", "SECRETAIRE"])
def test_qui_ne_saisit_pas_les_projets_n_en_ecrit_rien(qui, dossier, role):
    projet = ProjetFactory(dossier=dossier)
    h, etablissement = qui(role), dossier.sejours.get().etablissement

    with pytest.raises(Dossier.DoesNotExist):
        ouvrir(h, dossier, etablissement=etablissement)
    with pytest.raises(Dossier.DoesNotExist):
        accord(h, projet)


def test_un_etranger_au_dossier_n_ecrit_rien(en_tant_que, dossier):
    ailleurs = en_tant_que(DossierFactory(), role="EDUCATEUR").habilitation
    with pytest.raises(Dossier.DoesNotExist):
        ouvrir(ailleurs, dossier)


# ---------------------------------------------------------------- the draft


def test_deux_personnes_completent_deux_objectifs_et_se_heurtent_sur_le_meme(qui, dossier):
    elle, lui = qui(), qui("IDE")
    projet = ouvrir(elle, dossier)
    a = ecrire(elle, projet, "objectif", titre="Lire")
    b = ecrire(lui, projet, "objectif", titre="Nager")
    lu = empreinte({"id": a, "titre": "Lire"})

    ecrire(elle, projet, "objectif", a, lu, titre="Lire son prénom")
    with pytest.raises(ConflitDeVersion) as conflit:
        ecrire(lui, projet, "objectif", a, lu, titre="Lire seul")

    assert conflit.value.actuel["titre"] == "Lire son prénom"
    assert ecrire(elle, projet, "objectif", a, lu, titre="Lire son prénom") == a  # sent twice
    assert {o["id"] for o in projet.versions.get().contenu["objectif"]} == {a, b}


def test_arreter_demande_la_parole_de_la_personne_et_un_objectif(qui, dossier):
    h = qui()
    projet = ouvrir(h, dossier)
    ecrire(h, projet, "attente", origine="famille", description="Qu’elle lise.")

    with pytest.raises(ValidationError) as refus:
        arreter(h, projet)

    assert len(refus.value.messages) == 2


def test_on_n_arrete_que_ce_qu_on_a_lu(qui, dossier):
    h = qui()
    projet = complet(h, dossier)
    lu = empreinte(projet.versions.get().contenu)
    ecrire(h, projet, "objectif", titre="Nager")

    with pytest.raises(ConflitDeVersion):
        services.arreter(h, projet.pk, dossier, lu=lu)


def test_arretee_une_version_fait_vivre_le_projet_et_ne_change_plus(qui, dossier):
    h = qui()
    projet = complet(h, dossier)
    version = arreter(h, projet)
    projet.refresh_from_db()

    assert (projet.statut, version.numero, version.courante) == ("EN_COURS", 1, True)
    assert projet.elements.get().pk == uuid.UUID(version.contenu["objectif"][0]["id"])
    assert Evenement.objects.filter(type="projet.version_arretee").get().charge == {
        "projet": str(projet.pk),
        "version": 1,
    }
    with pytest.raises(ConflitDeVersion, match="plus en préparation"):
        ecrire(h, projet, "objectif", titre="Trop tard")
    for ecriture in (
        lambda: VersionProjet.objects.filter(pk=version.pk).update(contenu={}),
        lambda: VersionProjet.objects.filter(pk=version.pk).update(numero=9),
        version.delete,
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            ecriture()


def test_une_nouvelle_version_part_de_l_ancienne_sans_son_accord(qui, dossier):
    h = qui()
    projet = complet(h, dossier)
    premiere = arreter(h, projet)
    accord(h, projet)
    services.preparer_une_version(h, projet.pk, dossier, motif="annuelle", cle_saisie=uuid.uuid4())
    cle = premiere.contenu["objectif"][0]["id"]
    lu = empreinte(premiere.contenu["objectif"][0])
    ecrire(h, projet, "objectif", cle, lu, titre="Lire une phrase")
    seconde = arreter(h, projet)
    premiere.refresh_from_db()

    assert (premiere.courante, seconde.courante, seconde.numero) == (False, True, 2)
    assert premiere.contenu["objectif"][0]["titre"] == "Lire son prénom"
    assert lectures.accords(premiere)["dits"]
    assert not lectures.accords(seconde)["dits"]
    assert len(lectures.accords(seconde)["attendus"]) == 2
    dit = [c.phrase for c in lectures.en_phrases(premiere, seconde)]
    assert dit[0].startswith("À revoir le : ")  # a year from now
    assert dit[1:] == ["Objectif reformulé : « Lire son prénom » → « Lire une phrase »"]


def test_abandonner_un_brouillon_rend_la_version_en_vigueur(qui, dossier):
    h, projet = qui(), ProjetFactory(dossier=dossier)
    brouillon(projet)

    services.abandonner_la_version(h, projet.pk, dossier)

    assert [v.numero for v in projet.versions.all()] == [1]


def test_un_projet_abandonne_avant_sa_premiere_version_disparait(qui, dossier):
    h = qui()
    projet = ouvrir(h, dossier)

    services.abandonner_la_version(h, projet.pk, dossier)

    assert not Projet.objects.filter(pk=projet.pk).exists()
    suivi = ouvrir(h, dossier)
    services.avancer_la_revision(
        h, suivi.pk, dossier, motif="deuil", le=JOUR() + timedelta(days=9), constat="Son frère."
    )
    with pytest.raises(ConflitDeVersion, match="terminez-le"):
        services.abandonner_la_version(h, suivi.pk, dossier)
    assert Evenement.objects.filter(type="projet.version_abandonnee").exists()
