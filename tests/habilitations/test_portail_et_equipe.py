"""Le portail d’un proche et les pages des professionnels ne s’ouvrent jamais au même compte."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from dui.socle.enums import Bloc
from dui.socle.models import Compte, Dossier
from habilitations.equipe import services
from habilitations.explication import expliquer
from habilitations.models import Affectation, Role
from habilitations.politique import Habilitation
from relation_usager.services import ouvrir_acces_portail
from tests.habilitations.factories import AffectationFactory, acces_portail
from tests.outils import connecter
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db
PAGES = ("", "identite/", "entourage/", "documents/", "journal/", "imprimer/")


def test_ce_que_le_portail_ouvrait_n_ouvre_aucune_page_de_professionnel():
    mere = DossierFactory()
    proche = CompteFactory()
    acces_portail(proche, mere)
    assert Habilitation(proche).ouvre(mere, Bloc.ID)
    AffectationFactory(compte=proche, role="ASH")
    compte = Compte.objects.get(pk=proche.pk)
    h, client = Habilitation(compte), connecter(compte)
    assert {client.get(f"/dossiers/{mere.pk}/{p}").status_code for p in PAGES} == {404}
    for bloc in Bloc:
        assert not h.peut_pour(mere, bloc) and not h.ouvre(mere, bloc)
        assert not expliquer(h, mere, bloc).chemins
    assert not Dossier.objects.visibles(h, Bloc.ID).exists()


def test_une_derogation_en_nom_propre_ouvre_toujours():
    dossier, compte = DossierFactory(), AffectationFactory(role="IDE").compte
    acces_portail(compte, dossier, Bloc.TRA, qualite="")
    h = Habilitation(compte)
    assert h.ouvre(dossier, Bloc.TRA) and expliquer(h, dossier, Bloc.TRA).decision


def test_une_affectation_se_refuse_a_un_compte_du_portail(administration):
    client, maison, role = administration
    ancien = AffectationFactory(
        role="AS", etablissement=maison, fin=timezone.localdate() - timedelta(days=1)
    ).compte
    acte = {
        "cle": "5b0f9a34-4c86-4b63-9d43-5d8f6f0f3a11",
        "role": role,
        "lieu": (maison.pk, None),
        "debut": timezone.localdate(),
        "fin": timezone.localdate() + timedelta(days=3),
    }
    acces_portail(ancien, DossierFactory())
    with pytest.raises(ValidationError, match="celui d’un proche"):
        services.deleguer(client.habilitation, ancien, **acte)
    with pytest.raises(PermissionDenied):  # a stranger is refused before anything is told
        services.deleguer(Habilitation(AffectationFactory(role="IDEC").compte), ancien, **acte)
    saisie = {
        "compte": ancien.pk,
        "role": "AS",
        "etablissement": maison.pk,
        "portee": "etablissement",
        "debut": f"{timezone.localdate():%d/%m/%Y}",
    }
    page = client.post(reverse("admin:habilitations_affectation_add"), saisie)
    assertContains(page, "celui d’un proche")
    assert Affectation.objects.filter(compte=ancien).count() == 1


def test_le_portail_se_refuse_a_qui_travaille_ou_va_travailler():
    dossier = DossierFactory()
    secretaire = AffectationFactory(
        role="SECRETAIRE", etablissement=dossier.sejours.get().etablissement
    ).compte
    demain = timezone.localdate() + timedelta(days=1)
    for debut in (timezone.localdate(), demain):
        compte = AffectationFactory(role="AS", debut=debut).compte
        with pytest.raises(ValidationError, match="celui d’un professionnel"):
            ouvrir_acces_portail(
                Habilitation(secretaire),
                dossier,
                compte=compte,
                qualite="USAGER",
                motif="Sa demande",
            )


@pytest.fixture
def administration(monkeypatch):
    from django.template import engines

    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    compte = CompteFactory(is_staff=True)
    affectation = AffectationFactory(compte=compte, role="ADMIN_SI")
    client = connecter(compte)
    client.habilitation = Habilitation(compte)
    return client, affectation.etablissement, Role.objects.get(pk="AS")
