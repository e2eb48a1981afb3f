"""Ce que les tours disent d’un objectif : l’acte planifié le sert, ses issues se comptent."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from soins.models import ActePlanifie
from soins.tours import decomptes
from soins.tours.formulaires import PlanForm
from tests.outils import formulaire_de
from tests.projets.factories import ProjetFactory
from tests.socle.factories import DossierFactory
from tests.tours.factories import ActePlanifieFactory, ActeRealiseFactory

pytestmark = pytest.mark.django_db
NON_FAIT, AUTREMENT = {"issue": "non_fait"}, {"issue": "autrement"}


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def objectif(dossier):
    projet = ProjetFactory(dossier=dossier)
    return projet, projet.versions.get().contenu["objectif"][0]["id"]


def noter(acte, il_y_a, **issue):
    jour = timezone.localdate() - timedelta(days=il_y_a)
    return ActeRealiseFactory(acte=acte, jour=jour, moment="matin", **issue)


@pytest.mark.parametrize(
    ("ecart", "sens"),
    [("", "pour"), ("seul", "pour"), ("refus", "contre"), ("douleur", "contre"),
     ("absence", "neutre"), ("temps", "neutre"), ("partie", "neutre"), ("disparu", "neutre")],
)  # fmt: skip
def test_ce_que_dit_un_ecart_est_une_donnee(ecart, sens):
    assert decomptes.sens(ecart) == sens


def test_l_acte_se_relie_a_l_objectif_et_l_objectif_compte_ses_issues(
    en_tant_que, dossier, objectif
):
    projet, cle = objectif
    client = en_tant_que(dossier, role="IDE")
    vers, lus = formulaire_de(client.get(reverse("soins:acte_planifier", args=[dossier.pk])))
    saisie = {"code": ["marche"], "moments": ["matin"], "jours": ["1"], "objectif": ["ailleurs:1"]}
    assert client.post(vers, lus | saisie).status_code == 422  # not of this person
    saisie["objectif"] = [f"projet:{cle}"]
    assert client.post(vers, lus | saisie).status_code == 302
    acte = ActePlanifie.objects.get()
    assertContains(client.get(reverse("soins:actes", args=[dossier.pk])), "salle à manger")

    for jours in (1, 2, 3):
        noter(acte, jours)
    noter(acte, 4, motif="refus", **NON_FAIT)
    noter(acte, 5, motif="absence", **NON_FAIT)
    noter(acte, 6, motif="seul", **AUTREMENT)
    noter(acte, 90)  # too long ago
    noter(acte, 7, courante=False)  # corrected since
    noter(ActePlanifieFactory(dossier=dossier), 1)  # serves nothing
    [dit] = decomptes.compter(
        client.habilitation, dossier, timezone.localdate() - timedelta(days=30)
    )[f"projet:{cle}"]
    assert (dit.pour, dit.contre, dit.neutres, dit.total) == (4, 1, 1, 6)
    assert "Refusé (1)" in dit.precision

    page = reverse("accompagnement:projet_objectif", args=[dossier.pk, projet.pk, cle])
    for url in (page, reverse("accompagnement:projet_voir", args=[dossier.pk, projet.pk])):
        lue = client.get(url)
        assertContains(lue, "4 sur 6")
        assertContains(lue, reverse("soins:actes", args=[dossier.pk]))
    imprime = client.get(reverse("accompagnement:projet_imprimable", args=[dossier.pk, projet.pk]))
    assertContains(imprime, "4 sur 6 dans le sens")


def test_trois_acteurs_devant_le_decompte_et_le_lien(en_tant_que, dossier, objectif):
    projet, cle = objectif
    acte = ActePlanifieFactory(dossier=dossier, code="marche", objectif=f"projet:{cle}")
    noter(acte, 1)
    depuis = timezone.localdate() - timedelta(days=30)
    page = reverse("accompagnement:projet_objectif", args=[dossier.pk, projet.pk, cle])
    assertContains(en_tant_que(dossier, role="IDE").get(page), "1 sur 1")
    etranger = en_tant_que(DossierFactory(), role="IDE").habilitation
    assert not decomptes.compter(etranger, dossier, depuis)

    # Who does not read the project is offered no objective, and changes none.
    lu = {"code": "marche", "moments": ["matin"], "jours": ["1"], "debut": "01/02/2026"}
    formulaire = PlanForm(lu, acte=acte)
    assert formulaire.is_valid() and "objectif" not in formulaire.plan
    assert PlanForm(acte=acte, objectifs=[("projet:autre", "Autre")])["objectif"].value() == (
        f"projet:{cle}"  # of a project that is over: kept as it is
    )
