import pytest

from accompagnement.evaluations.importees import lectures


@pytest.fixture(autouse=True)
def rien_de_lu():
    """A version never changes, but the next test brings its own."""
    lectures.oublier()
    yield
    lectures.oublier()
