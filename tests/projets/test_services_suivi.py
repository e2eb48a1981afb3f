"""Un projet qui vit : accords, bilans, états, preuves."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from accompagnement.models import AccordProjet, BilanProjet, Preuve, SuiviProjet
from accompagnement.projets import lectures, services, services_suivi
from accompagnement.services import corriger_transmission
from tests.projets.factories import ProjetFactory, TransmissionFactory, objectifs
from tests.projets.gestes import JOUR, accord, ouvrir

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- agreements


def test_un_refus_et_une_absence_de_parole_se_notent_avec_ce_qui_a_ete_essaye(qui, dossier):
    h, projet = qui(), ProjetFactory(dossier=dossier)

    accord(h, projet, avis="refus", commentaire="Veut rester en chambre.")
    with pytest.raises(ValidationError):
        accord(h, projet, avis="sans_expression")
    accord(h, projet, avis="sans_expression", commentaire="Photos montrées deux fois.")
    accord(h, projet, partie="structure", qui="Anne Corre", qualite="cadre", moyen="ecrit")

    lus = lectures.accords(projet.versions.get())
    assert [(a.qui, a.avis) for a in lus["dits"]] == [
        ("Léa", "sans_expression"),
        ("Anne Corre", "accord"),
    ]
    assert (lus["attendus"], lus["anciens"]) == ([], 1)


def test_un_accord_porte_sur_la_version_lue_et_dans_une_qualite_qui_peut_la_donner(qui, dossier):
    h, projet = qui(), ProjetFactory(dossier=dossier)

    with pytest.raises(ValidationError, match="Une autre version"):
        accord(h, projet, version_lue=2)
    with pytest.raises(ValidationError, match="ne parle pas"):
        accord(h, projet, partie="structure", qualite="soeur")
    with pytest.raises(ValidationError, match="futur"):
        accord(h, projet, le=JOUR() + timedelta(days=1))
    with pytest.raises(ValidationError, match="naissance"):
        accord(h, projet, le=dossier.usager.date_naissance - timedelta(days=1))


@pytest.mark.parametrize("modele", [AccordProjet, BilanProjet, SuiviProjet])
def test_ce_qui_a_ete_dit_un_jour_ne_se_reecrit_pas(qui, dossier, modele):
    h, projet = qui(), ProjetFactory(dossier=dossier)
    accord(h, projet)
    bilan(h, projet, constat="Marche mieux")

    for ecriture in (
        lambda: modele.objects.update(fonction="autre"),
        lambda: modele.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            ecriture()


# ---------------------------------------------------------------- lived


def bilan(h, projet, constat="", **dit):
    dit = {
        "nature": "INTERMEDIAIRE",
        "le": JOUR(),
        "synthese": "On continue.",
        "prochain_le": JOUR() + timedelta(days=180),
        "cle_saisie": uuid.uuid4(),
    } | dit
    points = [
        {"element": objectifs(projet)[0]["id"], "pourcentage": 60, "constat": constat,
         "statut": "", "motif": ""}
    ]  # fmt: skip
    return services_suivi.tenir_un_bilan(h, projet.pk, projet.dossier, points=points, **dit)


def test_un_bilan_note_ou_en_est_chaque_objectif_et_ne_se_tient_qu_une_fois(qui, dossier):
    h, projet, cle = qui(), ProjetFactory(dossier=dossier), uuid.uuid4()

    assert bilan(h, projet, "3 repas sur 5", cle_saisie=cle) == bilan(h, projet, cle_saisie=cle)

    suivi = projet.suivis.get()
    assert (suivi.pourcentage, suivi.constat, str(suivi.element_id)) == (
        60,
        "3 repas sur 5",
        objectifs(projet)[0]["id"],
    )


def test_abandonner_un_objectif_dit_pourquoi(qui, dossier):
    h, projet = qui(), ProjetFactory(dossier=dossier)
    dit = {"element": objectifs(projet)[0]["id"], "le": JOUR(), "statut": "ANNULE"}

    with pytest.raises(ValidationError, match="pourquoi"):
        services_suivi.noter_suivi(h, projet.pk, dossier, cle_saisie=uuid.uuid4(), **dit)
    services_suivi.noter_suivi(
        h, projet.pk, dossier, cle_saisie=uuid.uuid4(), motif="GEN-358", **dit
    )

    lu = lectures.Lecteur(projet.versions.get(), lectures.vie(h, dossier, projet))
    assert (lu.objectifs[0].abandonne, lu.objectifs[0].motif) == (True, "Motif lié à la personne")


def test_la_revision_s_avance_et_ne_se_recule_pas(qui, dossier):
    h, projet = qui(), ProjetFactory(dossier=dossier)
    bientot = JOUR() + timedelta(days=15)

    with pytest.raises(ValidationError, match="au moins une fois par an"):
        services.avancer_la_revision(
            h, projet.pk, dossier, motif="deuil", le=JOUR() + timedelta(days=900)
        )
    services.avancer_la_revision(h, projet.pk, dossier, motif="deuil", le=bientot)

    projet.refresh_from_db()
    [alerte] = [a for a in lectures.alertes(projet) if a.presse]
    assert (alerte.titre, alerte.pourquoi) == ("Révision dans 15 jours", "Deuil, séparation")


def test_les_etats_s_enchainent_comme_le_veut_la_nomenclature(qui, dossier):
    h, projet = qui(), ProjetFactory(dossier=dossier)
    for statut in ("EN_PAUSE", "EN_COURS", "TERMINE"):
        services.changer_de_statut(h, projet.pk, dossier, statut=statut, le=JOUR())

    with pytest.raises(ValidationError):
        services.changer_de_statut(h, projet.pk, dossier, statut="EN_COURS", le=JOUR())
    projet.refresh_from_db()
    assert (projet.date_fin, projet.suivis.count()) == (JOUR(), 3)
    assert ouvrir(h, dossier).statut == "EN_PREPARATION"


# ---------------------------------------------------------------- evidence


def relier(h, projet, transmission, sens, rang=0):
    lien = (objectifs(projet)[rang]["id"], "transmission", transmission.pk, sens)
    return services_suivi.relier(h, projet.dossier, liens=[lien])


def lues(h, projet):
    vie = lectures.vie(h, projet.dossier, projet)
    return [(p.preuve.sens, p.trace.texte) for p in vie.preuves.get(objectifs(projet)[0]["id"], [])]


def test_une_aide_soignante_relie_ce_qu_elle_lit_et_change_d_avis(qui, dossier):
    h, projet = qui("AS"), ProjetFactory(dossier=dossier)
    t = TransmissionFactory(dossier=dossier, donnees="Venue à pied.", actions="")

    assert relier(h, projet, t, "pour") == 1
    assert relier(h, projet, t, "pour") == 0  # sent twice
    assert relier(h, projet, t, "neutre") == 1
    assert lues(h, projet) == [("neutre", "Venue à pied.")]
    assert relier(h, projet, t, "") == 1
    assert lues(h, projet) == []
    assert Preuve.objects.filter(retiree_le__isnull=False).count() == 2


def test_une_transmission_corrigee_parle_par_sa_correction_et_ne_se_relie_qu_une_fois(qui, dossier):
    h, projet = qui(), ProjetFactory(dossier=dossier)
    t = TransmissionFactory(dossier=dossier, auteur=h.compte, donnees="Venue à pied.", actions="")
    relier(h, projet, t, "pour")
    corrigee = corriger_transmission(
        h, t.pk, version_lue=1, motif="erreur", cle_saisie=uuid.uuid4(),
        survenu_le=t.survenu_le, forme="ciblee", donnees="Venue en fauteuil.",
    )  # fmt: skip

    assert lues(h, projet) == [("pour", "Venue en fauteuil.")]
    assert relier(h, projet, corrigee, "contre") == 1
    assert lues(h, projet) == [("contre", "Venue en fauteuil.")]


def test_une_trace_reservee_ne_se_lit_ni_ne_se_relie_par_les_autres(qui, dossier):
    psy, as_, projet = qui("PSYCHOLOGUE"), qui("AS"), ProjetFactory(dossier=dossier)
    t = TransmissionFactory(dossier=dossier, donnees="Pleure.", actions="", reserve="psychologues")
    relier(psy, projet, t, "contre")

    assert lues(psy, projet) == [("contre", "Pleure.")]
    assert lues(as_, projet) == []
    with pytest.raises(ValidationError, match="plus lisible"):
        relier(as_, projet, t, "pour")


def test_on_ne_relie_ni_la_trace_ni_l_objectif_d_une_autre_personne(qui, dossier):
    h, projet = qui(), ProjetFactory(dossier=dossier)
    etrangere = TransmissionFactory()
    ici = TransmissionFactory(dossier=dossier)

    with pytest.raises(ValidationError):
        relier(h, projet, etrangere, "pour")
    with pytest.raises(ValidationError):
        ailleurs = objectifs(ProjetFactory())[0]["id"]
        services_suivi.relier(h, dossier, liens=[(ailleurs, "transmission", ici.pk, "pour")])
