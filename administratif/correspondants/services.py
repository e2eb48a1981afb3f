from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from administratif.services.communs import exiger, garder, lire_version, noter
from dui.socle import codes
from dui.socle.annuaire import recherche
from dui.socle.enums import Action, Bloc, Civilite
from dui.socle.models import Correspondant, Dossier, Professionnel

ROLES = "role_correspondant"
DISPARU = "Cette ligne n’est plus dans l’annuaire : cherchez de nouveau."


@transaction.atomic
def ajouter_correspondant(
    habilitation, dossier, *, choix: str, role: str, debut: date, commentaire: str = ""
) -> Correspondant:
    """What is chosen in the directory is copied: it must not change under the reader's eyes.
    The same one twice (double click) is one act."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.ENT).get(pk=dossier.pk)
    champs = _lire_choix(choix)
    en_cours = Correspondant.objects.filter(dossier=dossier, role=role, fin=None)
    deja = en_cours.filter(
        professionnel=champs["professionnel"],
        structure_identifiant=champs["structure_identifiant"],
    )
    if correspondant := deja.first():
        return correspondant
    _un_seul(en_cours, role)
    correspondant = Correspondant(
        dossier=dossier, role=role, debut=debut, commentaire=commentaire, **champs
    )
    garder(habilitation, correspondant, nouveau=True)
    noter(habilitation, "correspondant.ajoute", correspondant, dossier, role=role)
    return correspondant


@transaction.atomic
def terminer_correspondant(
    habilitation, correspondant_id, *, version_lue: int, fin: date, motif: str
) -> Correspondant:
    """Never deleted: who followed the person, and until when, is part of the record."""
    visibles = Correspondant.objects.visibles(habilitation, Action.SAISIR)
    dossier_id = visibles.values_list("dossier", flat=True).get(pk=correspondant_id)
    Dossier.objects.pour_ecrire(habilitation, Bloc.ENT).get(pk=dossier_id)
    verrouilles = visibles.select_for_update(of=("self",)).select_related("professionnel")
    correspondant = verrouilles.get(pk=correspondant_id)
    if correspondant.fin:
        return correspondant
    lire_version(correspondant, version_lue)
    motif = exiger(motif, "motif", "Dites pourquoi : la ligne reste dans l’historique.")
    if fin < correspondant.debut:
        raise ValidationError({"fin": f"Le suivi a commencé le {correspondant.debut:%d/%m/%Y}."})
    correspondant.fin = fin
    garder(habilitation, correspondant, motif=motif)
    noter(habilitation, "correspondant.termine", correspondant, correspondant.dossier)
    return correspondant


def _un_seul(en_cours, role: str) -> None:
    code = codes.codes(ROLES).get(role)
    if code is None:
        raise ValidationError({"role": "Ce rôle n’existe pas."})
    deja = en_cours.select_related("professionnel").order_by("pk").first()
    if code.proprietes.get("unique") and deja:
        raise ValidationError(
            {"role": f"{deja} l’est déjà. Terminez d’abord son suivi : la date en sera gardée."}
        )


def _lire_choix(choix: str) -> dict:
    """« exercice:<key>|<address> » or « structure:<key>|<address> », read again in the copy."""
    quoi, _, reste = choix.partition(":")
    cle, _, mssante = reste.partition("|")
    lire = {"exercice": recherche.exercice, "structure": recherche.structure}.get(quoi)
    trouve = lire(cle) if lire else None
    if trouve is None or (mssante and mssante not in {b.adresse for b in trouve.bals}):
        raise ValidationError({"choix": DISPARU})
    lieu = trouve if quoi == "structure" else trouve.lieu_d_exercice
    return {
        "professionnel": _professionnel(trouve, mssante) if quoi == "exercice" else None,
        "structure": str(lieu) if lieu else "",
        "structure_identifiant": lieu.identifiant if lieu else "",
        "adresse": lieu.adresse if lieu else "",
        "code_postal": trouve.code_postal,
        "commune": trouve.commune,
        "telephone": trouve.telephone or (lieu.telephone if lieu else ""),
        "mssante": mssante,
    }


def _professionnel(exercice, mssante: str) -> Professionnel:
    """The one we know by this number, as we know them; else written down from the directory."""
    siennes = {b.adresse for b in exercice.bals if b.idnps}  # not those of the place
    cle = {"rpps": exercice.rpps} if exercice.rpps else {"identifiant_national": exercice.idnps}
    professionnel, _ = Professionnel.objects.get_or_create(
        **cle,
        defaults={
            "civilite": exercice.civilite if exercice.civilite in Civilite.values else "",
            "nom": exercice.nom,
            "prenom": exercice.prenom.title(),
            "profession": exercice.profession,
            "mssante": mssante if mssante in siennes else "",
            "libelle_fonction": (exercice.specialite or exercice.profession_en_mots)[:100],
        },
    )
    return professionnel
