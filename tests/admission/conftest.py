import pytest

from admission import services
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter
from tests.socle.factories import EtablissementFactory


class Secretariat:
    """A secretary, her establishment, and the whole path of an import."""

    def __init__(self, etablissement):
        self.etablissement = etablissement
        self.compte = AffectationFactory(
            role="SECRETAIRE", portee="etablissement", etablissement=etablissement
        ).compte

    @property
    def habilitation(self):
        return Habilitation(self.compte)

    @property
    def client(self):
        return connecter(self.compte)

    def deposer(self, fichier, nom=""):
        fichier.seek(0)
        nom = nom or ("liste.xlsx" if fichier.read(2) == b"PK" else "liste.csv")
        fichier.seek(0)
        return services.deposer_fichier(
            self.habilitation, etablissement=self.etablissement, flux=fichier, nom=nom
        )

    def importer(self, fichier, *, simulation=False, **options):
        importation = self.deposer(fichier)
        h, cle = self.habilitation, importation.pk
        services.choisir_correspondance(h, cle, colonnes_choisies=importation.colonnes)
        demander = services.demander_simulation if simulation else services.demander_import
        demander(h, cle, en_file=False, **options)
        services.executer(cle)
        importation.refresh_from_db()
        return importation

    def simuler(self, fichier, **options):
        return self.importer(fichier, simulation=True, **options)


@pytest.fixture
def secretariat(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Secretariat(EtablissementFactory())
