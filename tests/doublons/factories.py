"""Deux dossiers d’une même personne, vécus chacun de leur côté."""

from datetime import date, timedelta

from django.utils import timezone

from accompagnement.models import Absence, Habitude
from administratif.doublons import services
from dui.socle.models import Brouillon, ControlePiece, Doublon, Evenement, MessageSortant
from habilitations.models import Interdiction
from habilitations.politique import Habilitation
from soins.models import Mesure
from tests.accompagnement.factories import TransmissionFactory
from tests.habilitations.factories import (
    AffectationFactory,
    BrisDeGlaceFactory,
    MembreEquipeFactory,
    acces_portail,
)
from tests.socle.factories import (
    CompteFactory,
    ContactFactory,
    CorrespondantFactory,
    DocumentFactory,
    DossierFactory,
    UsagerFactory,
)
from tests.soins.factories import VigilanceFactory

TRAITS = {
    "nom_naissance": "LE GOFF",
    "prenoms": "YVONNE MARIE",
    "premier_prenom": "YVONNE",
    "date_naissance": date(1936, 4, 9),
    "sexe": "F",
}
MOTIF = "Même photo, même fille : Mme Kerloc’h l’a confirmé."


def dossier(**traits):
    sejour = {k: traits.pop(k) for k in list(traits) if k.startswith("sejour")}
    return DossierFactory(usager=UsagerFactory(**TRAITS | traits), **sejour)


def paire(a=None, b=None) -> Doublon:
    a, b = a or dossier(), b or dossier(nom_naissance="LE GOF")
    premier, second = sorted((a, b), key=lambda d: d.pk)
    return Doublon.objects.create(
        organisme=a.organisme, premier=premier, second=second, score=90, raisons=["date"]
    )


def cellule(*dossiers) -> Habilitation:
    """Un référent identitovigilance, dans la maison de chacun de ces dossiers."""
    compte = CompteFactory()
    for d in dossiers:
        for sejour in d.sejours.all():
            AffectationFactory(
                compte=compte, role="IDENTITOVIG", etablissement=sejour.etablissement
            )
    return Habilitation(compte)


def proposer(doublon, retenu, par=None):
    par = par or cellule(*doublon.dossiers)
    return services.proposer(par, doublon.pk, retenu_id=retenu.pk, motif=MOTIF)


def fusionner(retenu, absorbe):
    """(doublon, fusion), proposée par l’un et approuvée par l’autre."""
    doublon = paire(retenu, absorbe)
    approbateur = cellule(retenu, absorbe)
    proposer(doublon, retenu)
    demande = services.approuver(approbateur, doublon.pk)
    doublon.refresh_from_db()
    retenu.refresh_from_db()
    absorbe.refresh_from_db()
    return doublon, demande


def defusionner(doublon):
    retenu = doublon.fusions.en_vigueur().get().retenu
    services.proposer_defusion(cellule(retenu), doublon.pk, motif="Ce sont deux sœurs, vues ici.")
    services.approuver(cellule(retenu), doublon.pk)
    doublon.refresh_from_db()


def vivre(dossier, auteur=None, *, rang=0):
    """Une ligne au moins de chaque table, propre à ce dossier."""
    auteur = auteur or CompteFactory()
    d = {"dossier": dossier}
    sejour = dossier.sejours.first()
    courte = TransmissionFactory(**d, auteur=auteur)
    courte.lectures.create(compte=CompteFactory())
    TransmissionFactory(**d, auteur=auteur, reserve="psychologues")
    Mesure.objects.create(
        **d, code="poids", valeur=60 + rang, mesuree_le=timezone.now(), auteur=auteur
    )
    VigilanceFactory(**d)
    Habitude.objects.create(**d, rubrique="nuit", texte=f"Veilleuse allumée ({rang}).")
    Habitude.objects.create(**d, rubrique=f"repas{rang}", texte="Mange seule.")
    Absence.objects.create(
        **d, sejour=sejour, motif="famille", debut=timezone.now(), saisie_par=auteur
    )
    ContactFactory(**d, ordre_appel=1)
    ContactFactory(**d, ordre_appel=2, personne_confiance=True)
    CorrespondantFactory(**d, structure_identifiant="4C1", professionnel=None)
    CorrespondantFactory(**d, structure_identifiant=f"4C2{rang}", professionnel=None)
    DocumentFactory(**d)
    MembreEquipeFactory(**d, compte=auteur)
    BrisDeGlaceFactory(**d, etablissement=sejour.etablissement)
    Interdiction.objects.create(**d, compte=CompteFactory(), origine="personne", decidee_par=auteur)
    acces_portail(auteur, dossier, "ANI", qualite="PROCHE")
    acces_portail(CompteFactory(), dossier, "ANI", qualite="USAGER")
    for objet, clos in (("a", None), ("b", timezone.now()), (f"c{rang}", None)):
        Brouillon.objects.create(
            **d, compte=auteur, formulaire="transmission", objet=objet, clos_le=clos,
            chemin=f"/dossiers/{dossier.pk}/transmissions/", extrait="Elle a bien",
            saisies={"texte": ["Elle a bien"]},
        )  # fmt: skip
    MessageSortant.objects.create(type="essai", dossier=dossier)
    Evenement.objects.create(type="essai", dossier=dossier, acteur=auteur)
    ControlePiece.objects.create(
        **d, usager=dossier.usager, resultat="conforme", piece="cni", fait_par=auteur,
        statut_avant="PROV", statut_apres="VALI",
    )  # fmt: skip
    dossier.gir, dossier.gir_le = 2 + rang % 4, date(2025, 1, 1) + timedelta(days=rang)
    dossier.save()
    return auteur
