"""Deux soignants valident le même tour au même instant : chaque acte une fois, et le second le
sait."""

import pytest

from soins.models import ActeRealise
from soins.tours import lectures
from tests.coque.test_gestes_simultanes import ensemble
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, formulaire_de
from tests.socle.factories import DossierFactory, SejourFactory
from tests.tours.factories import ActePlanifieFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_deux_soignants_au_meme_instant_valident_chaque_acte_une_fois():
    dossier = DossierFactory()
    unite = dossier.sejours.get().unite
    dossiers = [dossier] + [SejourFactory(unite=unite, place=None).dossier for _ in range(3)]
    actes = [
        ActePlanifieFactory(dossier=d, code=code)
        for d in dossiers
        for code in ("toilette", "marche", "bouche")
    ]
    jour, moment = lectures.en_ce_moment()
    adresse = f"/tours/{unite.pk}/{jour.isoformat()}/{moment.code}/"
    postes, envois = [], []
    for nom in ("Martin", "Bensaïd"):
        affectation = AffectationFactory(
            role="AS", etablissement=unite.etablissement, compte__last_name=nom
        )
        poste = connecter(affectation.compte)
        postes.append(poste)
        envois.append(formulaire_de(poste.get(adresse)))
    gestes = [lambda p=p, e=e: p.post(*e) for p, e in zip(postes, envois, strict=True)]
    reponses = ensemble(*gestes)
    assert [r.status_code for r in reponses] == [302, 302]
    realises = ActeRealise.objects.all()
    assert sorted(r.acte_id for r in realises) == sorted(a.pk for a in actes)
    [premier] = {r.auteur for r in realises}
    [second] = [p for p in postes if p.compte != premier]
    page = second.get(adresse).content.decode()
    assert f"Déjà validés avant vous : {len(actes)} par {premier.signature}" in page.replace(
        "&#x27;", "'"
    )
    assert page.count("case fait") == len(actes)
