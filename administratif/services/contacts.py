from django.core.exceptions import ValidationError
from django.db import transaction

from administratif.services.communs import exiger, garder, lire_version, noter
from dui.socle.enums import Action, Bloc
from dui.socle.models import Contact, Dossier

MONTER, DESCENDRE = "monter", "descendre"


@transaction.atomic
def ajouter_contact(habilitation, dossier, **champs) -> Contact:
    """At the end of the call order. The same one twice (double click) is one act."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.ENT).get(pk=dossier.pk)
    if deja := Contact.objects.filter(dossier=dossier, actif=True, **champs).first():
        return deja
    contact = Contact(dossier=dossier, ordre_appel=len(_actifs(dossier)) + 1, **champs)
    _une_seule_confiance(contact)
    garder(habilitation, contact, nouveau=True)
    noter(habilitation, "contact.ajoute", contact, dossier, role=contact.role)
    return contact


@transaction.atomic
def modifier_contact(habilitation, contact_id, *, version_lue, **champs) -> Contact:
    contact = _lire(habilitation, contact_id)
    lire_version(contact, version_lue)
    for nom, valeur in champs.items():
        setattr(contact, nom, valeur)
    _une_seule_confiance(contact)
    garder(habilitation, contact)
    noter(habilitation, "contact.modifie", contact, contact.dossier)
    return contact


@transaction.atomic
def deplacer_contact(habilitation, contact_id, *, sens) -> list[Contact]:
    """One step earlier or later in the order; numbers become 1, 2, 3… again."""
    contact = _lire(habilitation, contact_id)
    rang = _actifs(contact.dossier)
    ici = next((i for i, c in enumerate(rang) if c.pk == contact.pk), None)
    if ici is None:
        raise ValidationError("Ce contact n’est plus dans l’ordre d’appel.")
    la = ici - 1 if sens == MONTER else ici + 1
    if 0 <= la < len(rang):
        rang[ici], rang[la] = rang[la], rang[ici]
    _renumeroter(habilitation, rang)
    noter(habilitation, "contact.deplace", contact, contact.dossier)
    return rang


@transaction.atomic
def retirer_contact(habilitation, contact_id, *, version_lue, motif) -> Contact:
    """No longer called; the page keeps it, and can put it back."""
    contact = _lire(habilitation, contact_id)
    lire_version(contact, version_lue)
    motif = exiger(motif, "motif", "Dites pourquoi : la fiche reste dans l’historique.")
    contact.actif = False
    garder(habilitation, contact, motif=motif)
    _renumeroter(habilitation, _actifs(contact.dossier))
    noter(habilitation, "contact.retire", contact, contact.dossier)
    return contact


@transaction.atomic
def remettre_contact(habilitation, contact_id) -> Contact:
    contact = _lire(habilitation, contact_id)
    if contact.actif:
        return contact
    contact.actif, contact.ordre_appel = True, len(_actifs(contact.dossier)) + 1
    _une_seule_confiance(contact)
    garder(habilitation, contact)
    noter(habilitation, "contact.remis", contact, contact.dossier)
    return contact


def _lire(habilitation, contact_id) -> Contact:
    """The dossier first: two contacts moved at the same instant would wait for each other."""
    visibles = Contact.objects.visibles(habilitation, Action.SAISIR)
    dossier_id = visibles.values_list("dossier", flat=True).get(pk=contact_id)
    Dossier.objects.pour_ecrire(habilitation, Bloc.ENT).get(pk=dossier_id)
    return visibles.select_for_update(of=("self",)).select_related("dossier").get(pk=contact_id)


def _actifs(dossier) -> list[Contact]:
    return list(Contact.objects.filter(dossier=dossier, actif=True).dans_l_ordre())


def _renumeroter(habilitation, rang) -> None:
    for numero, contact in enumerate(rang, start=1):
        if contact.ordre_appel != numero:
            contact.ordre_appel = numero
            garder(habilitation, contact)


def _une_seule_confiance(contact) -> None:
    """The person designates one trusted person (CASF L. 311-5-1)."""
    if not (contact.personne_confiance and contact.actif):
        return
    autres = Contact.objects.filter(
        dossier=contact.dossier, personne_confiance=True, actif=True
    ).exclude(pk=contact.pk)
    if deja := autres.dans_l_ordre().first():
        raise ValidationError(
            {"personne_confiance": f"{deja} l’est déjà. Retirez-lui d’abord cette qualité."}
        )
