"""Planifier, changer, annuler, conclure : chaque geste une fois, pour ceux qu’on peut écrire."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from coordination.agenda import conflits, services, services_conclusion
from coordination.agenda.contenu import CECI, SUITE, TOUTES, Contenu
from coordination.agenda.regles import Repetition
from coordination.models import Participation, RendezVous
from dui.socle.erreurs import ConflitDeVersion, DejaServi
from dui.socle.models import Evenement
from habilitations.politique import Habilitation
from tests.accompagnement.factories import AbsenceFactory
from tests.agenda.factories import RendezVousFactory, RessourceFactory, dans
from tests.coque.test_gestes_simultanes import ensemble
from tests.habilitations.factories import AffectationFactory
from tests.socle.factories import DossierFactory, EtablissementFactory, UniteFactory

pytestmark = pytest.mark.django_db
LUNDI = date(2031, 3, 24)  # the week before the clocks change


@pytest.fixture
def maison():
    return EtablissementFactory()


@pytest.fixture
def dossiers(maison):
    unite = UniteFactory(etablissement=maison)
    return [DossierFactory(sejour__unite=unite) for _ in range(3)]


@pytest.fixture
def animatrice(maison):
    return Habilitation(AffectationFactory(role="ANIMATEUR", etablissement=maison).compte)


def contenu(dossiers=(), *, jour=LUNDI, debut=time(10), fin=time(11), **autres):
    noms = ("comptes", "externes", "ressources")
    rattaches = {n: autres.pop(n, []) for n in noms}
    champs = {"libelle": "Gym douce", "type": "corporelle"} | autres
    return Contenu(jour, debut, fin, champs, list(dossiers), **rattaches)


def planifier(h, maison, quoi, nature="activite", repetition=None, cle=None):
    return services.planifier(
        h, etablissement=maison, nature=nature, contenu=quoi, repetition=repetition,
        cle_saisie=cle or uuid.uuid4(),
    )  # fmt: skip


def toutes_les_semaines(fois=4):
    return Repetition("semaine", nombre=fois)


def locales():
    lignes = RendezVous.objects.dans_l_ordre()
    return [timezone.localtime(r.debut).replace(tzinfo=None) for r in lignes]


# ------------------------------------------------------------------ planning


def test_une_serie_reste_a_dix_heures_apres_le_changement_d_heure(animatrice, maison, dossiers):
    planifier(animatrice, maison, contenu(dossiers), repetition=toutes_les_semaines())
    assert {m.time() for m in locales()} == {time(10)} and len(locales()) == 4
    assert Participation.objects.count() == 12
    assert Participation.history.count() == 12  # l’histoire commence avec la ligne


def test_la_meme_saisie_deux_fois_ne_planifie_qu_une_fois(animatrice, maison, dossiers):
    cle = uuid.uuid4()
    premiere = planifier(animatrice, maison, contenu(dossiers), cle=cle)
    assert planifier(animatrice, maison, contenu(dossiers), cle=cle) == premiere
    assert RendezVous.objects.count() == 1


@pytest.mark.parametrize(
    "autre",
    [{"commentaire": "Amener les photos"}, {"libelle": "Gym debout"}, {"debut": time(9)},
     {"externes": ["M. Petit"]}],
    ids=lambda autre: next(iter(autre)),
)  # fmt: skip
def test_la_meme_saisie_avec_d_autres_mots_n_est_pas_annoncee_enregistree(
    animatrice, maison, dossiers, autre
):
    cle = uuid.uuid4()
    planifier(animatrice, maison, contenu(dossiers), cle=cle)
    with pytest.raises(DejaServi):
        planifier(animatrice, maison, contenu(dossiers, **autre), cle=cle)


def test_la_meme_saisie_repetee_ou_pour_d_autres_est_un_autre_acte(animatrice, maison, dossiers):
    cle, semaines = uuid.uuid4(), toutes_les_semaines()
    serie = planifier(animatrice, maison, contenu(dossiers), cle=cle, repetition=semaines)
    meme = planifier(animatrice, maison, contenu(dossiers), cle=cle, repetition=semaines)
    assert meme == serie
    for quoi, repetition in [(contenu(dossiers[:2]), semaines), (contenu(dossiers), None)]:
        with pytest.raises(DejaServi):
            planifier(animatrice, maison, quoi, cle=cle, repetition=repetition)


def test_qui_lit_l_animation_sans_l_ecrire_ne_planifie_pas_d_activite(maison, dossiers):
    aide = Habilitation(AffectationFactory(role="AS", etablissement=maison).compte)
    with pytest.raises(PermissionDenied):
        planifier(aide, maison, contenu(dossiers))


def test_un_etranger_ne_planifie_rien_ni_avec_ni_sans_personne(maison, dossiers):
    etranger = Habilitation(AffectationFactory(role="ANIMATEUR").compte)
    for quoi in (contenu(dossiers), contenu()):
        with pytest.raises(PermissionDenied):
            planifier(etranger, maison, quoi)
    assert not RendezVous.objects.exists()


def test_une_salle_ne_se_prend_qu_une_fois_et_se_libere_a_l_annulation(animatrice, maison):
    salon = RessourceFactory(etablissement=maison)
    premier = planifier(animatrice, maison, contenu(ressources=[salon]))
    with pytest.raises(ValidationError, match="déjà prise"):
        planifier(animatrice, maison, contenu(ressources=[salon], debut=time(10, 30)))
    planifier(animatrice, maison, contenu(ressources=[salon], debut=time(11), fin=time(12)))
    services.annuler(animatrice, premier.pk, portee=CECI, motif="intemperies")
    planifier(animatrice, maison, contenu(ressources=[salon]))


def test_une_ressource_d_une_autre_maison_est_refusee(animatrice, maison):
    ailleurs = RessourceFactory()
    with pytest.raises(ValidationError, match="n’est plus proposée"):
        planifier(animatrice, maison, contenu(ressources=[ailleurs]))


# ------------------------------------------------------------------ changing


@pytest.mark.parametrize(
    ("portee", "a_onze_heures"), [(CECI, [1]), (SUITE, [1, 2, 3]), (TOUTES, [0, 1, 2, 3])]
)
def test_changer_cette_fois_les_suivantes_ou_toutes(
    animatrice, maison, dossiers, portee, a_onze_heures
):
    planifier(animatrice, maison, contenu(dossiers), repetition=toutes_les_semaines())
    deuxieme = RendezVous.objects.dans_l_ordre()[1]
    _, nombre = services.modifier(
        animatrice, deuxieme.pk, version_lue=1, portee=portee,
        contenu=contenu(dossiers[:2], jour=LUNDI + timedelta(days=8), debut=time(11), fin=time(12)),
    )  # fmt: skip
    assert nombre == len(a_onze_heures)
    for rang, moment in enumerate(locales()):
        mardi = rang in a_onze_heures
        assert (moment.weekday(), moment.hour) == ((1, 11) if mardi else (0, 10))
    retires = Participation.objects.filter(presence="annulee", dossier=dossiers[2])
    assert retires.count() == len(a_onze_heures)


def test_une_date_changee_a_part_ne_suit_plus_sa_serie(animatrice, maison, dossiers):
    planifier(animatrice, maison, contenu(dossiers), repetition=toutes_les_semaines())
    premiere, deuxieme = RendezVous.objects.dans_l_ordre()[:2]
    services.modifier(
        animatrice, deuxieme.pk, version_lue=1, portee=CECI, contenu=contenu(
            dossiers, jour=LUNDI + timedelta(days=7), debut=time(15), fin=time(16)))  # fmt: skip
    nombre = services.modifier(
        animatrice, premiere.pk, version_lue=1, portee=TOUTES,
        contenu=contenu(dossiers, debut=time(9), fin=time(10)))[1]  # fmt: skip
    assert nombre == 3 and [m.hour for m in locales()] == [9, 15, 9, 9]


def test_deux_collegues_qui_changent_la_meme_date_le_savent(animatrice, maison, dossiers):
    seance = planifier(animatrice, maison, contenu(dossiers))
    donnees = {"portee": CECI, "contenu": contenu(dossiers, debut=time(9))}
    services.modifier(animatrice, seance.pk, version_lue=1, **donnees)
    with pytest.raises(ConflitDeVersion):
        services.modifier(animatrice, seance.pk, version_lue=1, **donnees)


def test_une_personne_d_une_autre_maison_bloque_le_changement_pour_tous(animatrice, dossiers):
    autre = DossierFactory()
    seance = RendezVousFactory(activite=True, demain=True, dossiers=[*dossiers, autre])
    with pytest.raises(PermissionDenied):
        services.annuler(animatrice, seance.pk, portee=CECI, motif="autre")


# ------------------------------------------------------------------ cancelling


def test_annuler_toute_la_serie_annule_une_fois_chacun(animatrice, maison, dossiers):
    seance = planifier(animatrice, maison, contenu(dossiers), repetition=toutes_les_semaines())
    assert services.annuler(animatrice, seance.pk, portee=TOUTES, motif="intemperies") == 4
    assert services.annuler(animatrice, seance.pk, portee=TOUTES, motif="autre") == 0
    assert set(Participation.objects.values_list("presence", "motif")) == {
        ("annulee", "intemperies")
    }
    annulations = Evenement.objects.filter(type="rendez_vous.annule")
    assert sorted(annulations.values_list("dossier", flat=True)) == sorted(d.pk for d in dossiers)
    assert {len(e.charge["rendez_vous"]) for e in annulations} == {4}


@pytest.mark.django_db(transaction=True)
def test_deux_annulations_au_meme_instant_n_en_font_qu_une_pour_chacun(maison):
    dossiers = [DossierFactory(sejour__etablissement=maison) for _ in range(3)]
    comptes = [AffectationFactory(role="EDUCATEUR", etablissement=maison).compte for _ in range(3)]
    planifier(
        Habilitation(comptes[0]), maison, contenu(dossiers), repetition=toutes_les_semaines(6)
    )
    seances = list(RendezVous.objects.dans_l_ordre())

    def geste(compte, seance):
        return lambda: services.annuler(
            Habilitation(compte), seance.pk, portee=TOUTES, motif="autre"
        )

    # Chacun part d’une autre date de la même série : aucun ne tient ce que l’autre attend.
    nombres = ensemble(*map(geste, comptes, (seances[0], seances[5], seances[2])))
    assert sorted(nombres) == [0, 0, 6]
    for dossier in dossiers:
        assert Evenement.objects.filter(type="rendez_vous.annule", dossier=dossier).count() == 1
        for participation in Participation.objects.filter(dossier=dossier):
            assert participation.history.filter(presence="annulee").count() == 1


# ------------------------------------------------------------------ concluding


def test_conclure_note_chacun_et_garde_ce_qui_etait_ecrit(animatrice, dossiers):
    seance = RendezVousFactory(activite=True, dossiers=dossiers)
    lignes = {
        dossiers[0].pk: {"presence": "refusee", "note": "Préfère se reposer."},
        dossiers[1].pk: {"presence": "presente", "note": "A chanté."},
    }
    services_conclusion.conclure(
        animatrice, seance.pk, version_lue=1, compte_rendu="Belle séance.", lignes=lignes
    )
    presences = dict(Participation.objects.values_list("dossier", "presence"))
    assert [presences[d.pk] for d in dossiers] == ["refusee", "presente", "presente"]
    seance.refresh_from_db()
    assert (seance.statut, seance.compte_rendu) == ("REALISE", "Belle séance.")
    assert seance.history.count() == 2 and seance.history.first().history_user_id


def test_on_ne_conclut_ni_l_avenir_ni_ce_qui_est_annule(animatrice, dossiers):
    demain = RendezVousFactory(activite=True, demain=True, dossiers=dossiers)
    annule = RendezVousFactory(activite=True, statut="ANNULE", motif="autre", dossiers=dossiers)
    for seance in (demain, annule):
        with pytest.raises(ValidationError):
            services_conclusion.valider_comme_prevu(animatrice, [seance.pk])


def test_valider_la_journee_en_un_geste_laisse_ce_qu_un_collegue_a_conclu(animatrice, dossiers):
    seances = [RendezVousFactory(activite=True, dossiers=dossiers) for _ in range(3)]
    lignes = {d.pk: {"presence": "absente"} for d in dossiers}
    services_conclusion.conclure(
        animatrice, seances[0].pk, version_lue=1, compte_rendu="", lignes=lignes
    )
    assert services_conclusion.valider_comme_prevu(animatrice, [s.pk for s in seances]) == 2
    absents = Participation.objects.filter(presence="absente")
    assert set(absents.values_list("rendez_vous", flat=True)) == {seances[0].pk}


# ------------------------------------------------------------------ what is already taken


def test_les_conflits_disent_la_personne_le_professionnel_la_salle_et_l_absence(
    animatrice, maison, dossiers
):
    salon, (marie, yves, leila) = RessourceFactory(etablissement=maison), dossiers
    pris = RendezVousFactory(dossiers=[marie], comptes=[animatrice.compte], debut=dans(hours=1))
    pris.reservations.create(ressource=salon, debut=pris.debut, fin=pris.fin)
    AbsenceFactory(dossier=yves)
    plage = (pris.debut + timedelta(minutes=30), pris.fin + timedelta(minutes=30))
    tout = {"dossiers": dossiers, "comptes": [animatrice.compte], "ressources": [salon]}
    trouves = conflits.chercher(animatrice, [plage], **tout)
    assert trouves[0].qui == salon.nom and [c.bloquant for c in trouves].count(True) == 1
    textes = "\n".join(f"{c.qui} {c.texte}" for c in trouves)
    assert "Dr Petit, cardiologue" in textes and "Hospitalisation" in textes
    assert len(trouves) == 4 and leila.usager.nom_affiche not in textes
    assert not conflits.chercher(animatrice, [plage], **tout, sauf=[pris.pk])[1:]
    apres = (pris.fin, pris.fin + timedelta(hours=1))
    seuls = conflits.chercher(animatrice, [apres], **tout)
    assert [c.qui for c in seuls] == [yves.usager.nom_affiche]


def test_le_conflit_d_un_professionnel_ne_dit_pas_qui_il_voit(animatrice, maison, dossiers):
    ailleurs = RendezVousFactory(
        dossiers=[DossierFactory()], comptes=[animatrice.compte], debut=dans(hours=1)
    )
    (conflit,) = conflits.chercher(
        animatrice, [(ailleurs.debut, ailleurs.fin)], dossiers=dossiers,
        comptes=[animatrice.compte],
    )  # fmt: skip
    assert "Petit" not in conflit.texte and "déjà pris" in conflit.texte
