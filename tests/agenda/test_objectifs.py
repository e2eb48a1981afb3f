"""Une activité sert un objectif du projet, et l’objectif la montre comme trace."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Preuve
from coordination.agenda import preuves
from coordination.models import Participation
from tests.agenda.factories import RendezVousFactory
from tests.outils import formulaire_de
from tests.projets.factories import ProjetFactory, objectifs
from tests.socle.factories import DossierFactory


@pytest.fixture
def marie(db):
    return DossierFactory()


def test_une_activite_sert_un_objectif_qui_la_montre_comme_trace(en_tant_que, marie):
    projet = ProjetFactory(dossier=marie)
    objectif = objectifs(projet)[0]
    educatrice = en_tant_que(marie, role="EDUCATEUR")
    atelier = RendezVousFactory(activite=True, dossiers=[marie])
    page = educatrice.get(f"/agenda/{atelier.pk}/conclure/")
    assertContains(page, objectif["titre"])
    cle = f"projet:{objectif['id']}"
    participation = Participation.objects.get()
    lien = reverse("accompagnement:projet_preuves", args=[marie.pk, projet.pk, objectif["id"]])
    assertNotContains(educatrice.get(lien), "Atelier peinture")  # nothing is written of it yet
    _, champs = formulaire_de(page, "")
    note = next((n for n in champs if n.startswith("note")), "note")
    reponse = educatrice.post(
        f"/agenda/{atelier.pk}/conclure/", champs | {"objectif": [cle], note: ["A peint debout."]}
    )
    assert reponse.status_code == 302, reponse.context["formulaire"].errors
    participation.refresh_from_db()
    assert participation.objectif == cle
    page = educatrice.get(lien)
    assertContains(page, "Atelier peinture, présent")
    vers, lus = formulaire_de(page)
    champ = next(n for n in page.context["formulaire"].fields if str(atelier.pk) in n)
    assert educatrice.post(vers, lus | {champ: ["pour"]}).status_code == 302
    liee = Preuve.objects.get()
    assert (liee.source, liee.trace, liee.sens) == ("rendez_vous", atelier.pk, "pour")
    suite = educatrice.get(
        reverse("accompagnement:projet_objectif", args=[marie.pk, projet.pk, objectif["id"]])
    )
    assertContains(suite, "Atelier peinture")
    etrangere = en_tant_que(DossierFactory(), role="EDUCATEUR")
    assert preuves.lire(etrangere.habilitation, marie, [atelier.pk]) == {}
    assert preuves.recentes(etrangere.habilitation, marie, 5) == []
