"""Deux fois le même geste à la fois, ou deux personnes sur la même chose : jamais une panne, jamais
un doublon."""

import threading

import pytest
from django.db import connections

from accompagnement.models import Absence, Habitude, Transmission
from coordination.models import RendezVous
from dui.socle.models import Contact, Sejour
from soins.models import Mesure, Vigilance
from tests.habilitations.factories import AffectationFactory
from tests.habilitations.formulaires import FORMULAIRES
from tests.outils import ClientVerifie, connecter, formulaire_de
from tests.socle.factories import (
    ContactFactory,
    DossierFactory,
    PlaceFactory,
    SejourFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

CAS = {cas.nom: cas for cas in FORMULAIRES}
# {form: how many rows it makes, however many times it is sent}
UNE_SEULE_FOIS = {
    "écrire une transmission": (Transmission, 1),
    "corriger une transmission": (Transmission, 2),
    "noter un départ": (Absence, 1),
    "noter un retour": (Absence, 1),
    "écrire « Qui je suis »": (Habitude, 1),
    "noter des constantes": (Mesure, None),
    "corriger une constante": (Mesure, 2),
    "annuler une constante": (Mesure, 2),
    "ajouter une vigilance": (Vigilance, 1),
    "ajouter un contact": (Contact, 1),
    "planifier un rendez-vous": (RendezVous, 1),
}


def ensemble(*gestes):
    """Run these functions at the same instant, each on its own connection."""
    depart, sorties = threading.Barrier(len(gestes)), [None] * len(gestes)

    def courir(rang, geste):
        try:
            depart.wait(10)
            sorties[rang] = geste()
        finally:
            connections.close_all()

    fils = [threading.Thread(target=courir, args=couple) for couple in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    return sorties


def poster_ensemble(compte, *envois):
    """[status] of these (address, fields), posted together by as many tabs of one account."""
    onglets = [connecter(compte, ClientVerifie(raise_request_exception=False)) for _ in envois]
    gestes = [
        lambda onglet=onglet, envoi=envoi: onglet.post(*envoi).status_code
        for onglet, envoi in zip(onglets, envois, strict=True)
    ]
    return sorted(ensemble(*gestes))


def compte_de(dossier, role):
    return AffectationFactory(role=role, etablissement=dossier.sejours.get().etablissement).compte


@pytest.mark.parametrize("nom", UNE_SEULE_FOIS)
def test_le_meme_formulaire_envoye_trois_fois_a_la_fois_n_agit_qu_une(nom):
    cas, dossier = CAS[nom], DossierFactory()
    compte = compte_de(dossier, cas.role)
    page = connecter(compte).get(cas.page(dossier, compte))
    adresse, champs = formulaire_de(page, cas.action(dossier))
    champs |= cas.saisie_pour(dossier)
    assert poster_ensemble(compte, *[(adresse, champs)] * 3) == [302, 302, 302]
    modele, attendu = UNE_SEULE_FOIS[nom]
    nombre = modele.objects.count()
    if attendu is None:
        attendu = modele.objects.values("code").distinct().count()
    assert nombre == attendu


def test_deux_personnes_ne_prennent_pas_la_meme_chambre_au_meme_instant():
    place = PlaceFactory()
    sejours = [SejourFactory(unite=place.unite) for _ in range(2)]
    compte = AffectationFactory(role="SECRETAIRE", etablissement=place.unite.etablissement).compte
    envois = []
    for sejour in sejours:
        adresse = f"/dossiers/{sejour.dossier_id}/sejours/{sejour.pk}/place/"
        _, champs = formulaire_de(connecter(compte).get(adresse))
        envois.append((adresse, champs | {"place": [str(place.pk)]}))
    assert poster_ensemble(compte, *envois) == [302, 422]
    assert Sejour.objects.filter(place=place).count() == 1


def test_deux_contacts_se_deplacent_au_meme_instant():
    dossier = DossierFactory()
    contacts = [ContactFactory(dossier=dossier, ordre_appel=n) for n in range(1, 5)]
    envois = [
        (f"/dossiers/{dossier.pk}/entourage/{contact.pk}/deplacer/", {"sens": sens})
        for contact, sens in zip(
            contacts, ["descendre", "monter", "descendre", "monter"], strict=True
        )
    ]
    assert set(poster_ensemble(compte_de(dossier, "SECRETAIRE"), *envois)) == {302}
    ordre = Contact.objects.order_by("ordre_appel").values_list("ordre_appel", flat=True)
    assert list(ordre) == [1, 2, 3, 4]
