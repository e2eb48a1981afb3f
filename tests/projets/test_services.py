"""Construire un projet, l’arrêter, en vivre : ce qui s’écrit, et ce que la base refuse."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accompagnement.models import (
    AccordProjet,
    BilanProjet,
    Preuve,
    Projet,
    SuiviProjet,
    VersionProjet,
)
from accompagnement.projets import lectures, services, services_suivi
from accompagnement.projets.empreintes import empreinte
from accompagnement.services import corriger_transmission
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Dossier, Evenement
from tests.accompagnement.factories import HabitudeFactory
from tests.projets.factories import ProjetFactory, TransmissionFactory, brouillon, objectifs
from tests.socle.factories import ContactFactory, DossierFactory

pytestmark = pytest.mark.django_db
JOUR = timezone.localdate


def cadre(**autres):
    return {
        "titre": "Projet de Léa",
        "type": "PPA",
        "date_debut": JOUR().isoformat(),
        "revision": (JOUR() + timedelta(days=300)).isoformat(),
    } | autres


def ouvrir(h, dossier, **champs):
    champs = {"cadre": cadre(), "trame": "ime", "cle_saisie": uuid.uuid4()} | champs
    champs.setdefault("etablissement", dossier.sejours.get().etablissement)
    return services.ouvrir(h, dossier, **champs)


def ecrire(h, projet, genre, cle=None, lu="", **valeurs):
    cle = cle or uuid.uuid4()
    services.ecrire_element(
        h, projet.pk, projet.dossier, genre=genre, cle=cle, lu=lu, valeurs=valeurs
    )
    return str(cle)


def complet(h, dossier):
    projet = ouvrir(h, dossier)
    ecrire(h, projet, "attente", origine="usager", description="Apprendre à lire.")
    ecrire(h, projet, "objectif", titre="Lire son prénom")
    return projet


def arreter(h, projet):
    lu = empreinte(projet.versions.get(etat="brouillon").contenu)
    return services.arreter(h, projet.pk, projet.dossier, lu=lu)


def accord(h, projet, **dit):
    version = projet.versions.get(courante=True)
    dit = {
        "version_lue": version.numero,
        "cle_saisie": uuid.uuid4(),
        "partie": "usager",
        "qui": "Léa",
        "qualite": "personne",
        "avis": "accord",
        "moyen": "pictogrammes",
        "le": JOUR(),
    } | dit
    return services_suivi.noter_accord(h, projet.pk, projet.dossier, **dit)


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
    assert dit[0].startswith("À revoir le : ")  # a year from now
    assert dit[1:] == ["Objectif reformulé : « Lire son prénom » → « Lire une phrase »"]


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
