"""Reads of this block. Each costs the same number of queries whatever the volume."""

from django.utils import timezone

from dui.socle import codes, registres
from dui.socle.models import Contact, Dossier, Sejour


def contacts(habilitation, dossier, action="resume") -> list[Contact]:
    """Those one may call, in order; each with its labels."""
    lignes = list(
        Contact.objects.visibles(habilitation, action)
        .filter(dossier=dossier, actif=True)
        .dans_l_ordre()
    )
    for contact in lignes:
        contact.lien, contact.details = _lien(contact), _details(contact)
    return lignes


def _lien(contact) -> str:
    if contact.relation:
        return codes.libelle("relation_contact", contact.relation)
    return codes.libelle("role_contact", contact.role).lower() if contact.role else ""


def _details(contact) -> str:
    """What one must know before dialling."""
    faits = [
        "personne de confiance" if contact.personne_confiance else "",
        "représentant légal" if contact.representant_legal else "",
        contact.disponibilite,
    ]
    return ", ".join(f for f in faits if f)


def anciens_contacts(habilitation, dossier) -> list[Contact]:
    lignes = Contact.objects.visibles(habilitation).filter(dossier=dossier, actif=False)
    return list(lignes.order_by("nom", "prenom", "pk"))


def sejours(habilitation, dossier) -> list[Sejour]:
    requete = Sejour.objects.visibles(habilitation).filter(dossier=dossier)
    requete = requete.select_related("etablissement", "unite", "place")
    return list(requete.order_by("-entree_le", "pk"))


# ---------------------------------------------------------------- emergency sheet


def fiche(habilitation, dossier) -> dict:
    """The sections that this account may read on this very dossier, and whether some are missing.

    A sheet that left out the allergies because of its author's role must say so: whoever reads it
    in the ambulance would take silence for « none ».
    """
    sections, manque = [], []
    for entree in registres.sections_fiche:
        if not _ouvert(habilitation, dossier, entree.bloc, entree.action):
            manque.append(entree.nom)
        elif donnees := entree.contexte(habilitation, dossier):
            sections.append({"nom": entree.nom, "gabarit": entree.gabarit, "donnees": donnees})
    return {"sections": sections, "incomplete": bool(manque), "imprime_le": timezone.now()}


def _ouvert(habilitation, dossier, bloc, action) -> bool:
    if not habilitation.peut(bloc, action):
        return False
    return Dossier.objects.visibles(habilitation, bloc, action).filter(pk=dossier.pk).exists()
