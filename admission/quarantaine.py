"""The dossier of an identity that came with a list and that the cellule takes for a new person."""

from datetime import date

from admission.creation import services
from admission.importation.regles import ContactLu
from admission.recues import TRAITS, contact
from dui.socle.enums import Recueil
from dui.socle.models import Dossier, Usager
from dui.socle.recue import Recue

MOTIF = "Identité reçue d’une liste"


def creer(habilitation, etablissement, recue: Recue, *, vus, motif) -> Dossier:
    """By the way of the reception desk: its search, its lock, its warnings on both records."""
    autres = recue.autres
    libre = recue.matricule and not Usager.objects.filter(matricule_ins=recue.matricule).exists()
    entree = autres.get("entree_le")
    dossier = services.creer(
        habilitation,
        etablissement,
        vus=vus,
        entree_le=date.fromisoformat(entree) if entree else None,
        motif_homonyme=motif,
        recueil=Recueil.SAISIE,
        premier_prenom=recue.premier_prenom,
        matricule_ins=recue.matricule if libre else "",
        oid_ins=recue.oid if libre else "",
        **{nom: getattr(recue, nom) for nom in TRAITS},
        **{nom: autres.get(nom, "") for nom in ("civilite", "telephone", "courriel")},
    )
    if autres.get("gir"):
        dossier.gir = autres["gir"]
        _signer(habilitation, dossier)
    for ordre, donnees in enumerate(autres.get("contacts", []), start=1):
        _signer(habilitation, contact(ContactLu(**donnees), dossier, ordre))
    return dossier


def _signer(habilitation, objet) -> None:
    objet._history_user, objet._change_reason = habilitation.compte, MOTIF
    objet.save()
