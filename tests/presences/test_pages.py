"""Qui est là : la grille, plusieurs à la fois, l’évacuation, le registre qui se ferme."""

from datetime import timedelta
from html import escape, unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Absence, CloturePresences
from accompagnement.presences import services, taches
from dui.socle.models import Evenement, Unite
from habilitations.lieux import Lieu
from habilitations.politique import Habilitation
from tests.accompagnement.factories import AbsenceFactory, HabitudeFactory
from tests.habilitations.factories import AffectationFactory
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory, EtablissementFactory, SejourFactory, UniteFactory

JOUR = timedelta(days=1)


@pytest.fixture
def dossier(db):
    return DossierFactory()


@pytest.fixture
def poste(dossier, en_tant_que):
    return en_tant_que(dossier, role="IDE")


def unite(dossier):
    return dossier.sejours.get().unite


def ici(dossier, nom, suffixe=""):
    return f"{reverse(f'accompagnement:{nom}')}?unite={unite(dossier).pk}{suffixe}"


def il_y_a(jours):
    return timezone.now() - jours * JOUR


def plusieurs(poste, dossier, *dossiers, **champs):
    vers, lus = formulaire_de(poste.get(ici(dossier, "presences_plusieurs")))
    saisie = {"personnes": [str(d.pk) for d in dossiers], "motif": ["AW"]}
    return poste.post(vers or ici(dossier, "presences_plusieurs"), lus | saisie | champs)


def dans(jours):
    return [f"{timezone.localdate() + jours * JOUR:%d/%m/%Y}"]


def test_la_grille_montre_le_reel_le_prevu_et_qui_a_disparu(poste, dossier):
    AbsenceFactory(dossier=dossier, motif="AF")
    autre = SejourFactory(unite=unite(dossier), place=None).dossier
    AbsenceFactory(
        dossier=autre, etat="prevue", debut=il_y_a(-1), debut_prevu=il_y_a(-1),
        retour_prevu=il_y_a(-3),
    )  # fmt: skip
    page = poste.get(ici(dossier, "presences", "&vue=mois"))
    assertContains(page, "Fugue, disparition")
    assertContains(page, 'class="alarme"')
    suite = poste.get(ici(dossier, "presences", f"&le={timezone.localdate() + 2 * JOUR}"))
    assertContains(suite, "Hospitalisation (prévue)")
    assertContains(poste.get("/"), "Présences à vérifier")


def test_un_nom_ne_mene_pas_a_une_page_refusee(en_tant_que, poste, dossier):
    AbsenceFactory(dossier=dossier, motif="AF")
    lit, ecrit = en_tant_que(dossier, role="AS"), poste
    absence = reverse("accompagnement:absence", args=[dossier.pk])
    assert lit.get(absence).status_code == 403
    for page in (ici(dossier, "presences"), "/"):
        assertContains(ecrit.get(page), f'href="{absence}"')
        assertNotContains(lit.get(page), absence)
        assertContains(lit.get(page), reverse("dossier", args=[dossier.pk]))


def test_plusieurs_personnes_partent_ensemble_et_le_depart_a_venir_se_confirme(poste, dossier):
    autre = SejourFactory(unite=unite(dossier), place=None).dossier
    reponse = plusieurs(poste, dossier, dossier, autre, du=dans(2), au=dans(4))
    assert reponse.status_code == 302
    assert {a.etat for a in Absence.objects.all()} == {"prevue"}
    assert not Absence.objects.en_cours().exists()
    double = plusieurs(poste, dossier, dossier, autre, du=dans(2), au=dans(4))
    assert double.status_code == 302 and Absence.objects.count() == 2
    croisee = plusieurs(poste, dossier, dossier, du=dans(3), au=dans(3))
    assertContains(croisee, "déjà une absence", status_code=422)
    prevue = Absence.objects.get(dossier=dossier)
    with pytest.raises(ValidationError, match="pas encore passé"):
        services.constater(poste.habilitation, prevue.pk, dossier, parti=True)
    prevue.debut = prevue.debut_prevu = il_y_a(1)
    prevue.save()
    adresse = reverse("accompagnement:absence_constater", args=[dossier.pk, prevue.pk])
    page = poste.get(ici(dossier, "presences"))
    vers, champs = formulaire_de(page, adresse)
    assert poste.post(vers, champs | {"geste": ["parti"]}).status_code == 302
    prevue.refresh_from_db()
    assert (prevue.etat, prevue.version) == ("reelle", 2)


def test_un_depart_reel_reprend_l_absence_qui_etait_prevue(poste, dossier):
    AbsenceFactory(
        dossier=dossier, motif="AW", etat="prevue", debut=il_y_a(-0.2), debut_prevu=il_y_a(-0.2),
        retour_prevu=il_y_a(-2),
    )  # fmt: skip
    vers, lus = formulaire_de(poste.get(reverse("accompagnement:absence", args=[dossier.pk])))
    assert poste.post(vers, lus | {"motif": ["AW"]}).status_code == 302
    absence = Absence.objects.get()
    assert absence.etat == "reelle" and absence.debut < absence.debut_prevu


def test_une_absence_passee_pour_un_jour_entier_est_finie(poste, dossier):
    plusieurs(poste, dossier, dossier, du=dans(-2), au=dans(-2))
    absence = Absence.objects.get()
    assert absence.fin and absence.etat == "reelle"


def test_une_disparition_previent_le_registre_des_evenements(poste, dossier):
    vers, lus = formulaire_de(poste.get(reverse("accompagnement:absence", args=[dossier.pk])))
    poste.post(vers, lus | {"motif": ["AF"]})
    evenement = Evenement.objects.get(type="absence.alerte")
    assert evenement.dossier == dossier and evenement.charge["motif"] == "AF"


def test_un_retour_faux_se_corrige_avec_sa_raison_et_l_ancien_reste(poste, dossier):
    absence = AbsenceFactory(dossier=dossier, debut=il_y_a(3), fin=il_y_a(2))
    adresse = reverse("accompagnement:absence_corriger", args=[dossier.pk, absence.pk])
    vers, lus = formulaire_de(poste.get(adresse))
    juste = [f"{timezone.localtime(il_y_a(1)):%d/%m/%Y %H:%M}"]
    assert poste.post(vers, lus | {"fin": juste}).status_code == 422
    saisie = lus | {"fin": juste, "pourquoi": ["Revenu le lendemain"]}
    assert poste.post(vers, saisie).status_code == 302
    assertContains(poste.post(vers, saisie), "a changé depuis", status_code=409)
    absence.refresh_from_db()
    assert f"{timezone.localtime(absence.fin):%d/%m/%Y %H:%M}" == juste[0]
    derniere = absence.history.latest()
    assert (derniere.history_change_reason, derniere.history_user) == (
        "Revenu le lendemain", poste.compte,
    )  # fmt: skip


def test_l_evacuation_dit_qui_est_dedans_sa_chambre_et_son_aide(poste, dossier):
    sejour = dossier.sejours.get()
    HabitudeFactory(
        dossier=dossier, rubrique="deplacement", texte="Déambulateur, avec une personne."
    )
    parti = SejourFactory(unite=sejour.unite, place=None, dossier__usager__nom_naissance="PARTI")
    AbsenceFactory(dossier=parti.dossier)
    ailleurs = SejourFactory(dossier=dossier, place=None, etablissement=EtablissementFactory())
    AbsenceFactory(dossier=dossier, sejour=ailleurs)  # out of the other house, perhaps here
    page = poste.get(f"{reverse('accompagnement:evacuation_imprimable')}?unite={sejour.unite_id}")
    assertContains(page, "1 personne dedans, 1 absente.")
    assertContains(page, "Déambulateur, avec une personne.")
    assertContains(page, "Absents : PARTI")
    feuille = poste.get(f"{reverse('accompagnement:evacuation_pdf')}?unite={sejour.unite_id}")
    assert feuille.content.startswith(b"%PDF")
    assertContains(poste.get("/"), reverse("accompagnement:evacuation_imprimable"))


def test_la_feuille_de_la_nuit_reste_a_cote_et_les_anciennes_partent(dossier, settings, tmp_path):
    settings.VAR = tmp_path
    vieux = tmp_path / "evacuation" / "2020-01-01"
    vieux.mkdir(parents=True)
    (vieux / "490000001.pdf").write_bytes(b"x")
    taches.garder_les_feuilles()
    [feuille] = (tmp_path / "evacuation").glob("*/*.pdf")
    assert feuille.stem == dossier.sejours.get().etablissement.finess
    assert feuille.read_bytes().startswith(b"%PDF") and feuille.stat().st_mode & 0o077 == 0
    assert not vieux.exists()


def test_un_jour_signe_ne_change_plus(poste, dossier):
    absence = AbsenceFactory(dossier=dossier, debut=il_y_a(4), fin=il_y_a(2))
    hier = timezone.localdate() - JOUR
    page = poste.get(ici(dossier, "registre"))
    vers, champs = formulaire_de(page, reverse("accompagnement:registre_clore"))
    assert poste.post(vers, champs).status_code == 302
    cloture = CloturePresences.objects.get()
    assert (cloture.jour, cloture.par, len(cloture.empreinte)) == (hier, poste.compte, 64)
    assert cloture.contenu == {str(dossier.sejours.get().pk): ["P", "P", "P"]}
    with pytest.raises(ValidationError, match="est clos"):
        services.corriger_absence(
            poste.habilitation, absence.pk, dossier, version_lue=1, pourquoi="Erreur", motif="AH",
            lieu="", debut=absence.debut, retour_prevu=None, fin=il_y_a(0),
        )  # fmt: skip
    with pytest.raises(Exception, match="ajout seul"), transaction.atomic():
        cloture.delete()
    assertContains(poste.get(ici(dossier, "registre")), "Clos")


def test_passe_le_delai_un_jour_se_ferme_seul_la_ou_la_regle_le_veut(db):
    ime = UniteFactory(etablissement=EtablissementFactory(domaine="PH"))
    sejour = SejourFactory(unite=ime, place=None)
    educatrice = AffectationFactory(role="EDUCATEUR", etablissement=ime.etablissement).compte
    h = Habilitation(educatrice)
    with pytest.raises(ValidationError, match="est clos"):
        services.noter_ensemble(h, [sejour.dossier], motif="AI", debut=il_y_a(9), fin=il_y_a(8))
    services.noter_ensemble(h, [sejour.dossier], motif="AI", debut=il_y_a(3), fin=il_y_a(2))
    taches.clore_les_jours()
    clos = CloturePresences.objects.filter(unite=ime)
    assert clos.count() == 31 and not clos.exclude(par=None).exists()
    assert clos.latest("jour").jour == timezone.localdate() - 6 * JOUR
    assert not CloturePresences.objects.exclude(unite=ime).exists()
    taches.clore_les_jours()
    assert clos.count() == 31


def test_une_unite_etrangere_ne_se_clot_pas(poste, dossier):
    ailleurs = UniteFactory()
    with pytest.raises(ValidationError, match="pas ouverte"):
        services.clore(
            poste.habilitation,
            lieu=Lieu(ailleurs.etablissement, ailleurs),
            jour=timezone.localdate() - JOUR,
        )
    assert Unite.objects.filter(pk=ailleurs.pk).exists() and not CloturePresences.objects.exists()


def test_qui_lit_qui_ecrit_et_l_etrangere(dossier, en_tant_que):
    nom = escape(dossier.usager.nom_naissance)
    aide = en_tant_que(dossier, role="AS")  # reads the agenda, does not write it
    assertContains(aide.get(ici(dossier, "presences")), nom)
    assert aide.get(ici(dossier, "presences_plusieurs")).status_code == 403
    hotelier = en_tant_que(dossier, role="ASH")  # neither, but must know who is inside
    assert hotelier.get(ici(dossier, "presences")).status_code == 403
    assertContains(hotelier.get(ici(dossier, "evacuation_imprimable")), nom)
    etrangere = en_tant_que(DossierFactory(), role="IDE")
    for page in ("presences", "evacuation_imprimable", "presences_csv"):
        lu = unescape(etrangere.get(ici(dossier, page)).content.decode())
        assert dossier.usager.nom_naissance not in lu


def test_le_mois_s_exporte_et_les_taux_se_lisent(dossier, en_tant_que):
    cadre = en_tant_que(dossier, role="IDEC")
    AbsenceFactory(dossier=dossier, debut=il_y_a(40), fin=il_y_a(38))
    export = cadre.get(ici(dossier, "presences_csv"))
    assertContains(export, dossier.usager.nom_naissance)
    page = cadre.get(reverse("accompagnement:activite"))
    assertContains(page, "Taux d’occupation")
    assertContains(page, "100,0")


def test_la_grille_coute_autant_pour_une_personne_que_pour_dix(
    dossier, poste, django_assert_max_num_queries
):
    def requetes():
        with django_assert_max_num_queries(15) as lues:
            poste.get(ici(dossier, "presences", "&vue=mois"))
        return len([q for q in lues if "SAVEPOINT" not in q["sql"]])

    AbsenceFactory(dossier=dossier)
    poste.get(ici(dossier, "presences"))
    avant = requetes()
    for _ in range(9):
        AbsenceFactory(dossier=SejourFactory(unite=unite(dossier), place=None).dossier)
    assert requetes() == avant
