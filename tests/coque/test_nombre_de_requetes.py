"""A page costs the same number of queries with 12 rows and with 120 (AC-33)."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dui.socle.models import Brouillon, Tache
from habilitations.matrice import FICHIER
from soins.models import Mesure, Vigilance
from tests.accompagnement.factories import AbsenceFactory, TransmissionFactory
from tests.agenda.factories import RendezVousFactory
from tests.cibles.factories import CibleFactory
from tests.coordination.factories import EvenementFactory
from tests.evaluations.factories import EvaluationFactory
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter
from tests.projets.factories import ProjetFactory
from tests.socle.factories import (
    CompteFactory,
    ContactFactory,
    DossierFactory,
    EtablissementFactory,
    PlaceFactory,
    UniteFactory,
)
from tests.taches.factories import TacheFactory
from tests.tours.factories import ActePlanifieFactory

PEU, BEAUCOUP = 12, 120
MAXIMUM = 15
ROLES = [
    role["code"]
    for role in json.loads(FICHIER.read_text())["roles"]
    if role["acteur"] == "professionnel"
]
CONTROLE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def suite_en_retard(transmission, compte):
    Tache.objects.create(
        titre="Refaire le pansement",
        bloc="TRA",
        dossier=transmission.dossier,
        source_type="transmission",
        source_id=transmission.pk,
        compte=compte,
        creee_par=compte,
        echeance_le=timezone.now() - timedelta(days=1),
    )


class Unite:
    """A ward that grows, and one record of it that grows too."""

    def __init__(self, en_tant_que):
        self.unite, self.nombre = UniteFactory(), 0
        self.dossier = self._resident()
        self.client = en_tant_que(
            self.dossier, role="IDE", portee="etablissement", unite=self.unite
        )

    def _resident(self):
        place = PlaceFactory(unite=self.unite)
        return DossierFactory(sejour__place=place)

    def grandir(self, nombre):
        for rang in range(self.nombre, nombre):
            dossier = self._resident() if rang else self.dossier
            self._vivre(dossier, rang)
            self._ecrire(self.dossier, rang)
        self.nombre = nombre

    def _vivre(self, dossier, rang):
        importance = ("urgente", "importante", "courante")[rang % 3]
        cible = CibleFactory(dossier=dossier, en_retard=rang % 2 == 0)
        t = TransmissionFactory(dossier=dossier, importance=importance, cible_suivie=cible)
        suite_en_retard(t, self.client.compte)
        Brouillon.objects.create(
            compte=self.client.compte, formulaire="x", dossier=dossier, chemin="/", extrait="x"
        )
        if rang % 10 == 0:
            AbsenceFactory(dossier=dossier)
        RendezVousFactory(dossiers=[dossier], comptes=[self.client.compte])
        ActePlanifieFactory(dossier=dossier)
        TacheFactory(dossier=dossier, compte=self.client.compte)
        EvenementFactory(dossier=dossier)
        ProjetFactory(dossier=dossier)
        Vigilance.objects.create(
            dossier=dossier, type="chute", libelle="Chute", saisie_par=self.client.compte
        )

    def _ecrire(self, dossier, rang):
        cible = CibleFactory(dossier=dossier, en_retard=rang % 2 == 0)
        TransmissionFactory(dossier=dossier, cible_suivie=cible)
        Mesure.objects.create(
            dossier=dossier,
            code="poids",
            valeur=50 + rang / 100,
            mesuree_le=timezone.now() - timedelta(days=rang),
            auteur=self.client.compte,
        )
        le = timezone.now() - timedelta(days=rang, hours=1)
        EvaluationFactory(dossier=dossier, faite_le=le, brouillon=rang % 3 == 0)
        if rang < 60:
            ContactFactory(dossier=dossier, ordre_appel=rang + 1)

    @property
    def pages(self):
        releve, residents = reverse("accompagnement:releve"), reverse("residents")
        dossier = [self.dossier.pk]
        return {
            "mon poste": "/",
            "résidents": residents,
            "boîte": "/boite/",
            "événements": "/evenements/",
            "agenda": f"/agenda/?unite={self.unite.pk}",
            "projets": reverse("accompagnement:projets_a_revoir"),
            "présences": f"/presences/?unite={self.unite.pk}",
            "résidents, en cartes": f"{residents}?vue=cartes&unite={self.unite.pk}",
            "relève": f"{releve}?depuis=24",
            "relève imprimable": reverse("accompagnement:releve_imprimable") + "?depuis=24",
            "recherche": f"{reverse('recherche')}?q=mar",
            "brouillons": reverse("brouillons"),
            "transmission, pour qui": reverse("accompagnement:choisir"),
            "synthèse": reverse("dossier", args=dossier),
            "fil": reverse("accompagnement:transmissions", args=dossier),
            "fil, mots cherchés": reverse("accompagnement:transmissions", args=dossier)
            + "?q=repas&qui=moi",
            "fil de l’unité": reverse("accompagnement:fil_du_lieu"),
            "cibles de l’unité": reverse("accompagnement:cibles_du_lieu"),
            "cibles": reverse("accompagnement:transmission_cibles", args=dossier),
            "nouvelle transmission": reverse("accompagnement:transmission_nouvelle", args=dossier),
            "constantes": reverse("soins:constantes", args=dossier),
            "évaluations": reverse("accompagnement:evaluations", args=dossier),
            "suivi d’une grille": reverse(
                "accompagnement:evaluation_suivi", args=[*dossier, "aggir"]
            ),
            "nouvelle évaluation": reverse(
                "accompagnement:evaluation_nouvelle", args=[*dossier, "norton"]
            ),
        }

    def devenir(self, domaine):
        self.unite.etablissement.domaine = domaine
        self.unite.etablissement.save()
        if domaine == "DOM":
            sejour = self.dossier.sejours.get()
            sejour.modalite, sejour.place, sejour.place_depuis = "domicile", None, None
            sejour.save()

    def compter(self) -> dict[str, list[str]]:
        return {nom: self._requetes(adresse) for nom, adresse in self.pages.items()}

    def _requetes(self, adresse):
        with CaptureQueriesContext(connection) as capture:
            assert self.client.get(adresse).status_code == 200
        toutes = (q["sql"] for q in capture.captured_queries)
        return [sql for sql in toutes if not sql.startswith(CONTROLE)]


@pytest.fixture
def unite(en_tant_que):
    return Unite(en_tant_que)


@pytest.mark.lent
def test_une_page_coute_autant_de_requetes_avec_dix_fois_plus_de_lignes(unite):
    unite.grandir(PEU)
    unite.compter()  # code lists are read once per process
    avant = {nom: len(requetes) for nom, requetes in unite.compter().items()}
    unite.grandir(BEAUCOUP)
    unite.client.get("/")  # what a process keeps for a minute may have aged meanwhile
    apres = {nom: len(requetes) for nom, requetes in unite.compter().items()}
    assert apres == avant


@pytest.mark.lent
@pytest.mark.parametrize("domaine", ["PA", "DOM"])
def test_une_page_se_contente_de_quinze_requetes(unite, domaine):
    unite.devenir(domaine)
    unite.grandir(3)
    unite.compter()
    trop = {
        nom: "\n".join([f"{len(requetes)} requêtes", *(sql[:230] for sql in requetes)])
        for nom, requetes in unite.compter().items()
        if len(requetes) > MAXIMUM
    }
    assert not trop, "\n\n".join(f"{nom} : {liste}" for nom, liste in trop.items())


def pages_de_la_maison(unite):
    """The pages where a role that sees the whole house reads the most; at home, the record also
    says where one goes."""
    maison = unite.unite.etablissement_id
    return [
        f"/?etablissement={maison}",
        f"{reverse('residents')}?etablissement={maison}",
        f"{reverse('accompagnement:releve')}?etablissement={maison}&depuis=24",
        reverse("dossier", args=[unite.dossier.pk]),
    ]


@pytest.mark.lent
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("domaine", ["PA", "DOM"])
def test_aucun_role_ne_depasse_quinze_requetes_pour_toute_la_maison(
    unite, en_tant_que, role, domaine
):
    unite.devenir(domaine)
    unite.grandir(3)
    client = en_tant_que(unite.dossier, role=role, portee="etablissement")
    adresses = pages_de_la_maison(unite)
    for adresse in adresses if domaine == "PA" else adresses[-1:]:
        client.get(adresse)
        with CaptureQueriesContext(connection) as capture:
            statut = client.get(adresse).status_code
        requetes = [q["sql"][:230] for q in capture if not q["sql"].startswith(CONTROLE)]
        assert statut in (200, 302, 403, 404)
        assert len(requetes) <= MAXIMUM, f"{adresse}\n" + "\n".join(requetes)


def test_ce_que_compte_la_coque_ne_s_allonge_pas_avec_les_maisons(db, client):
    """Un siège tient deux cents fois la même fonction : une condition, et non deux cents."""
    conditions = []
    for nombre in (2, 9):
        compte = CompteFactory()
        for _ in range(nombre):
            maison = UniteFactory(etablissement=EtablissementFactory()).etablissement
            AffectationFactory(compte=compte, role="IDEC", etablissement=maison)
        Brouillon.objects.create(
            compte=compte, formulaire="Nouvelle transmission", extrait="A dormi"
        )
        connecter(compte, client)
        with CaptureQueriesContext(connection) as capture:
            client.get("/residents/")
        [compteur] = [q["sql"] for q in capture if q["sql"].startswith("SELECT 'brouillons'")]
        conditions.append(compteur.count(" OR "))
    assert conditions[0] == conditions[1]
