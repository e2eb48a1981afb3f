"""Ce qu’un compte détient, lu d’une requête compilée une fois : la même chose, pour chacun, chaque
jour."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from dui.socle.compilation import Apportee, Compilee, Partagee
from dui.socle.enums import Bloc
from dui.socle.models import Brouillon, Dossier, Organisme
from habilitations import politique, tenues
from habilitations.models import Affectation, Interdiction, ReglageDroit
from habilitations.politique import Habilitation
from tests.habilitations.connexion import plus_tard
from tests.habilitations.factories import AffectationFactory, MembreEquipeFactory, acces_portail
from tests.socle.factories import (
    CompteFactory,
    DossierFactory,
    EtablissementFactory,
    UniteFactory,
)

pytestmark = pytest.mark.django_db


def test_chacun_lit_les_siennes_avec_ses_lieux_ses_droits_et_ses_exceptions():
    dossier = DossierFactory()
    unite = dossier.sejours.get().unite
    ide = AffectationFactory(role="IDE", unite=unite, portee="unite")
    acces_portail(ide.compte, dossier, "PRE", qualite="")
    Interdiction.objects.create(
        compte=ide.compte, dossier=dossier, origine="personne", decidee_par=CompteFactory()
    )
    autre = AffectationFactory(role="AS")
    [lue] = Habilitation(ide.compte).affectations
    assert (lue, lue.role, lue.unite) == (ide, ide.role, unite)
    assert lue.etablissement == unite.etablissement
    assert lue.unites_du_lieu == [{"id": str(unite.pk), "nom": unite.nom}]
    attendus = set(ide.role.droits.values_list("bloc", "action"))
    assert {(d["bloc"], d["action"]) for d in lue.droits} == attendus
    assert lue.nominatifs == ["voir_PRE"]
    assert lue.interdictions == [{"dossier": str(dossier.pk), "blocs": []}]
    [sienne] = Habilitation(autre.compte).affectations
    assert (sienne, sienne.nominatifs, sienne.interdictions) == (autre, [], [])
    assert not Habilitation(CompteFactory()).affectations


def test_la_requete_compilee_hier_suit_le_jour():
    demain = timezone.localdate() + timedelta(days=1)
    compte = AffectationFactory(debut=demain, fin=demain).compte
    assert not Habilitation(compte).affectations
    with plus_tard(days=1):
        assert Habilitation(compte).affectations
    with plus_tard(days=2):
        assert not Habilitation(compte).affectations


def test_la_page_ne_lit_qu_une_fois(django_assert_num_queries):
    compte = AffectationFactory().compte
    with django_assert_num_queries(1):
        h = Habilitation(compte)
        assert h.peut(Bloc.TRA) and h.unites == [] and h.fonction == "IDE"
        assert not h.fermes(Bloc.TRA)


def test_un_siege_partage_ses_droits_sans_meler_les_organismes():
    """Le même rôle dans deux maisons d’un organisme et dans celle d’un autre, qui l’a restreint."""
    autre = Organisme.objects.create(nom="Fondation du Lac", finess_ej="740000001")
    maisons = [
        EtablissementFactory(),
        EtablissementFactory(),
        EtablissementFactory(organisme=autre),
    ]
    compte = CompteFactory()
    for jour, maison in enumerate(maisons, start=1):
        UniteFactory(etablissement=maison)
        AffectationFactory(compte=compte, etablissement=maison, debut=date(2024, 1, jour))
    ReglageDroit.objects.create(
        organisme=autre, role_id="IDE", bloc="TRA", action="voir", accorde=False, motif="Essai"
    )
    h = Habilitation(compte)
    assert [a.etablissement for a in h.affectations] == maisons
    voir = {"bloc": "TRA", "action": "voir"}
    assert [voir in a.droits for a in h.affectations] == [True, True, False]
    assert [len(a.unites_du_lieu) for a in h.affectations] == [1, 1, 1]
    assert {u.etablissement_id for u in h.unites} == {m.pk for m in maisons}
    for maison in maisons:
        [unite] = h.unites_dans(maison.pk)
        assert h.unite(unite.pk) == unite
    assert h.unite(UniteFactory().pk) is None and h.unite(None) is None
    ici, _, la = (DossierFactory(sejour__etablissement=m, sejour__unite=None) for m in maisons)
    ouverts = set(Dossier.objects.visibles(h, Bloc.TRA))
    assert ici in ouverts and la not in ouverts


@pytest.mark.parametrize("au_plus", [10, 1])
def test_les_chemins_s_ajoutent_sans_se_repeter(monkeypatch, au_plus):
    """Deux maisons, l’équipe d’une troisième, un accès nominatif : chacun une fois, même double."""
    monkeypatch.setattr(politique, "MAISONS_NOMBREUSES", au_plus)
    compte = CompteFactory()
    dossiers = [DossierFactory() for _ in range(5)]
    for dossier in dossiers[:2]:
        AffectationFactory(compte=compte, etablissement=dossier.sejours.get().etablissement)
    maison = dossiers[2].sejours.get().etablissement
    AffectationFactory(compte=compte, role="EDUCATEUR", etablissement=maison, portee="equipe")
    for dossier in dossiers[:3]:
        MembreEquipeFactory(compte=compte, dossier=dossier)
    for dossier in (dossiers[0], dossiers[3]):
        acces_portail(compte, dossier, "TRA", qualite="")
    visibles = Dossier.objects.visibles(Habilitation(compte), Bloc.TRA)
    assert sorted(d.pk for d in visibles) == sorted(d.pk for d in dossiers[:4])
    assert visibles.count() == 4


# ------------------------------------------------------------------ compiler une fois


def en_cours(*, compte, le):
    return Affectation.objects.en_cours(le).filter(compte=compte).order_by("pk")


def test_compilee_ou_non_la_requete_rend_les_memes_lignes():
    compilee = Compilee(en_cours, compte=-5, le=date(1, 1, 1))
    ouverte = AffectationFactory(fin=date(2025, 6, 30))
    AffectationFactory(compte=ouverte.compte, debut=date(2025, 7, 1))
    for jour in (date(2023, 12, 31), date(2025, 6, 30), date(2025, 7, 1)):
        for compte in (ouverte.compte_id, ouverte.compte_id + 1):
            attendu = list(en_cours(compte=compte, le=jour))
            assert list(compilee(compte=compte, le=jour)) == attendu


def test_un_parametre_oublie_ou_sans_effet_se_voit():
    with pytest.raises(TypeError, match="compte"):
        Compilee(en_cours, compte=-5, le=date(1, 1, 1))(compte=3)
    inutile = Compilee(lambda *, compte, le: en_cours(compte=compte, le=None), compte=-5, le="?")
    with pytest.raises(ValueError, match="le"):
        inutile(compte=3, le="?")


def test_rien_de_compile_ne_retient_les_valeurs_du_precedent():
    un, deux = AffectationFactory(), AffectationFactory()
    jour = timezone.localdate()
    premieres = tenues._LIRE(compte=un.compte_id, le=jour)
    secondes = tenues._LIRE(compte=deux.compte_id, le=jour)
    assert [a.pk for a in secondes] == [deux.pk]
    assert [a.pk for a in premieres] == [un.pk]


def test_chaque_affectation_porte_ce_qui_est_ferme_au_compte():
    """Une politique réduite à la deuxième (une profession, un lieu) garde les oppositions."""
    compte, dossier = CompteFactory(), DossierFactory()
    for debut in (date(2024, 1, 1), date(2024, 2, 1)):
        AffectationFactory(compte=compte, role="PSYCHOLOGUE", debut=debut)
    Interdiction.objects.create(
        compte=compte, dossier=dossier, origine="personne", decidee_par=CompteFactory()
    )
    toutes = tenues.affectations(compte.pk, timezone.localdate())
    ferme = [{"dossier": str(dossier.pk), "blocs": []}]
    assert [a.interdictions for a in toutes] == [ferme, ferme]


def test_partagee_ou_non_une_sous_requete_choisit_les_memes_lignes():
    un, deux, _ = (AffectationFactory() for _ in range(3))
    toutes = Affectation.objects.order_by("pk")
    sienne, autre = (Affectation.objects.filter(pk=a.pk).values("pk") for a in (un, deux))
    for requete in (sienne, sienne.union(autre, all=True), sienne.none(), toutes.values("pk")):
        partagee = Partagee(requete)
        assert list(toutes.filter(pk__in=partagee)) == list(toutes.filter(pk__in=requete))
        assert list(toutes.exclude(pk__in=partagee)) == list(toutes.exclude(pk__in=requete))
        deux_fois = toutes.filter(pk__in=partagee, compte__affectations__in=partagee)
        assert list(deux_fois) == list(toutes.filter(pk__in=requete))


def test_une_requete_compilee_recoit_la_sous_requete_de_chacun():
    un, deux = AffectationFactory(), AffectationFactory()
    compilee = Compilee(
        lambda compte, ici: Affectation.objects.filter(compte=compte, pk__in=ici).order_by("pk"),
        compte=-5,
        ici=Apportee("ici"),
    )
    siennes = Partagee(Affectation.objects.filter(etablissement=un.etablissement).values("pk"))
    aucune = Partagee(Affectation.objects.none())
    assert list(compilee(compte=un.compte_id, ici=siennes)) == [un]
    assert list(compilee(compte=deux.compte_id, ici=siennes)) == []
    assert list(compilee(compte=un.compte_id, ici=aucune)) == []


def test_qui_n_a_rien_commence_a_ecrire_n_a_rien_a_compter():
    affectation = AffectationFactory()
    assert tenues.compte(affectation.compte_id).sans_brouillon
    Brouillon.objects.create(compte=AffectationFactory().compte, extrait="D’une autre")
    vide = Brouillon.objects.create(compte=affectation.compte)
    assert tenues.compte(affectation.compte_id).sans_brouillon
    Brouillon.objects.filter(pk=vide.pk).update(extrait="Refuse le repas")
    assert not tenues.compte(affectation.compte_id).sans_brouillon
    Brouillon.objects.filter(pk=vide.pk).update(clos_le=timezone.now())
    assert tenues.compte(affectation.compte_id).sans_brouillon
