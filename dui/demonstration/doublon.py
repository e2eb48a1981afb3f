"""Somebody known twice: Mme PERRIN came to the home care service under the name she uses, typed as
her birth name. The cellule finds the pair; two accounts hold the role, for a merge takes two."""

from datetime import timedelta

from django.utils import timezone

from administratif.doublons import detection
from dui.demonstration.tirage import alea, identifiant
from dui.socle.models import Compte, Dossier, Etablissement, Sejour, Usager
from habilitations.models import Affectation, Role

MEMES = (
    *("prenoms", "premier_prenom", "sexe", "civilite", "date_naissance"),
    *("naissance_incomplete", "lieu_naissance_cog", "commune_naissance", "portrait"),
)
SECONDE = "laurence.baudry"


def ajouter() -> None:
    connue = Dossier.objects.filter(usager__nom_naissance="PERRIN", usager__nom_utilise="MOREAU")
    dossier = connue.select_related("usager", "organisme").order_by("pk").first()
    domicile = Etablissement.objects.filter(domaine="DOM").order_by("pk").first()
    if dossier is None or domicile is None:
        return
    _ouvrir(dossier, domicile)
    _un_second_referent()
    detection.chercher(dossier.organisme)


def _ouvrir(dossier, domicile) -> None:
    usager = dossier.usager
    entree = dossier.ouvert_le - timedelta(days=400)
    a = alea(1, "doublon")  # a reset gives the same
    double = Usager.objects.create(
        id=identifiant(a),
        nom_naissance=usager.nom_utilise,
        **{nom: getattr(usager, nom) for nom in MEMES},
    )
    autre = Dossier.objects.create(
        id=identifiant(a),
        organisme=dossier.organisme,
        usager=double,
        numero=f"{entree.year}-SSIAD-1",
        ouvert_le=entree,
        clos_le=dossier.ouvert_le,
    )
    Sejour.objects.create(
        id=identifiant(a),
        dossier=autre,
        etablissement=domicile,
        modalite=Sejour.Modalite.DOMICILE,
        entree_le=entree,
        sortie_le=dossier.ouvert_le,
    )


def _un_second_referent() -> None:
    """A role that one adds to another job."""
    compte = Compte.objects.filter(username=SECONDE).first()
    role = Role.objects.get(pk="IDENTITOVIG")
    for maison in Etablissement.objects.order_by("pk") if compte else ():
        Affectation.objects.create(
            compte=compte,
            role=role,
            etablissement=maison,
            portee=Affectation.Portee.ETABLISSEMENT,
            debut=timezone.localdate() - timedelta(days=30),
        )
