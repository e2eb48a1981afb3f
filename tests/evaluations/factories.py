import uuid
from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.moteur import VERSION, evaluer
from tests.evaluations.importees.outils import grille
from tests.evaluations.outils import lettres
from tests.socle.factories import CompteFactory, DossierFactory

HUIT_C = lettres("CCCCCCCC")  # GIR 1
HUIT_A = lettres("AAAAAAAA")  # GIR 6
ALGOPLUS = {"visage": "oui", "regard": "oui", "plaintes": "non", "corps": "non"}


class EvaluationFactory(DjangoModelFactory):
    """A validated AGGIR, GIR 1, an hour ago."""

    class Meta:
        model = "accompagnement.Evaluation"

    class Params:
        brouillon = factory.Trait(etat="brouillon", validee_le=None, validee_par=None)

    dossier = factory.SubFactory(DossierFactory)
    grille = "aggir"
    version_grille = factory.LazyAttribute(lambda e: catalogue.definition(e.grille).version)
    etat = "validee"
    auteur = factory.SubFactory(CompteFactory)
    fonction = "IDE"
    evaluateurs = factory.LazyAttribute(
        lambda e: [{"compte": e.auteur.pk, "nom": e.auteur.signature, "fonction": e.fonction}]
    )
    faite_le = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    ecrite_le = factory.LazyAttribute(lambda e: e.faite_le + timedelta(minutes=5))
    reponses = factory.LazyFunction(lambda: dict(HUIT_C))
    resultat = factory.LazyAttribute(lambda e: _resultat(e).en_donnees())
    score = factory.LazyAttribute(lambda e: _resultat(e).score)
    version_moteur = VERSION
    validee_le = factory.LazyAttribute(lambda e: e.ecrite_le)
    validee_par = factory.LazyAttribute(lambda e: e.auteur)
    cle_saisie = factory.LazyFunction(uuid.uuid4)


class GrilleFactory(DjangoModelFactory):
    """A grid of a house, published there when one is given."""

    class Meta:
        model = "accompagnement.Grille"
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"maison_{n}")
    version = "1"
    nom = "Grille de la maison"
    contenu = factory.LazyAttribute(lambda g: grille(code=g.code, version=g.version, nom=g.nom))

    @factory.post_generation
    def chez(self, create, etablissement):
        if etablissement:
            self.publications.create(etablissement=etablissement)


def _resultat(e):
    return evaluer(catalogue.definition(e.grille), e.reponses)
