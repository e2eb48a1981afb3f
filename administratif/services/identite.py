from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from administratif.services.communs import exiger, garder, lire_version, noter
from administratif.services.gestes import ouvrir, passer
from dui.socle import gir as socle_gir
from dui.socle.enums import Action, Bloc, Recueil, StatutIdentite
from dui.socle.models import Dossier, Usager
from dui.socle.statuts import Cause

USAGE = (
    *("civilite", "nom_utilise", "prenom_utilise", "telephone", "courriel"),
    *("langue", "nationalite", "situation_familiale"),
)
TRAITS = (
    *("nom_naissance", "prenoms", "premier_prenom", "sexe", "date_naissance"),
    *("naissance_incomplete", "lieu_naissance_cog", "commune_naissance"),
)
STRICTS = frozenset(TRAITS) - {"commune_naissance"}  # the town is a label beside the code
CELLULE = (Bloc.IDV, Action.VALIDER)
VERROUILLES = (
    "Les traits de cette identité viennent d’INSi : la cellule d’identitovigilance seule les "
    "corrige. Vous pouvez signaler un doute."
)
CONFIRMER = "L’identité redeviendra provisoire et l’INS sera retirée : confirmez-le."


@transaction.atomic
def modifier_usage(habilitation, dossier, *, version_lue, **champs) -> Usager:
    """How one calls and reaches the person. No effect on the trust put in the identity."""
    usager = ouvrir(habilitation, dossier, Bloc.ENT)
    lire_version(usager, version_lue)
    for nom in USAGE:
        setattr(usager, nom, champs[nom])
    garder(habilitation, usager)
    noter(habilitation, "identite.usage_modifie", usager, dossier)
    return usager


def peut_corriger(habilitation, dossier, usager) -> bool:
    """Traits that INSi gave are read only, but for the cellule (RNIV, r. 26)."""
    return not usager.traits_verrouilles or habilitation.peut_pour(dossier, *CELLULE)


@transaction.atomic
def corriger_traits(
    habilitation, dossier, *, version_lue, motif, confirmer=False, **traits
) -> Usager:
    """A strict trait that changes makes the identity provisional again (RNIV)."""
    usager = ouvrir(habilitation, dossier, Bloc.ID)
    lire_version(usager, version_lue)
    if not peut_corriger(habilitation, dossier, usager):
        raise PermissionDenied(VERROUILLES)
    motif = exiger(motif, "motif", "Dites d’où vient la correction : pièce présentée, INSi…")
    changes = [nom for nom in TRAITS if getattr(usager, nom) != traits[nom]]
    if not changes:
        raise ValidationError("Aucun trait n’a changé.")
    stricts = [nom for nom in changes if nom in STRICTS]
    provisoire = usager.statut_identite == StatutIdentite.PROVISOIRE
    if stricts and not provisoire and not confirmer:
        raise ValidationError({"confirmer": CONFIRMER})
    for nom in TRAITS:
        setattr(usager, nom, traits[nom])
    if stricts and not provisoire:
        passer(usager, Cause.TRAIT_MODIFIE)
    if stricts:  # a matricule that was scanned or imported spoke of other traits
        usager.matricule_ins = usager.oid_ins = ""
        usager.recueil = Recueil.SAISIE
    garder(habilitation, usager, motif=motif)
    noter(habilitation, "identite.traits_corriges", usager, dossier, traits=changes)
    return usager


@transaction.atomic
def noter_gir(habilitation, dossier, *, gir, gir_le, gir_lu) -> Dossier:
    dossier = (
        Dossier.objects.visibles(habilitation, Bloc.EVA, Action.VALIDER)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=dossier.pk)
    )
    if dossier.gir != gir_lu:
        raise ValidationError(f"Le GIR {dossier.gir} vient d’être noté : relisez avant d’écrire.")
    if not dossier.usager.date_naissance <= gir_le <= timezone.localdate():
        raise ValidationError(
            {"gir_le": "L’évaluation se situe entre la naissance et aujourd’hui."}
        )
    socle_gir.ecrire(habilitation.compte, dossier, gir=gir, le=gir_le)
    noter(habilitation, "gir.note", dossier, dossier, gir=gir)
    return dossier
