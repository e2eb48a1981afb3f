"""What must be known before acting: reads of the vigilances."""

from django.utils import timezone

from dui.socle.enums import Action
from soins.models import Vigilance


def du_dossier(habilitation, dossier) -> dict[str, list[Vigilance]]:
    """In force and lifted, from one query."""
    toutes = list(
        Vigilance.objects.visibles(habilitation, Action.RESUME)
        .filter(dossier=dossier)
        .select_related("saisie_par")
        .par_gravite()
    )
    jour = timezone.localdate()
    en_cours = [v for v in toutes if v.fin is None or v.fin > jour]
    levees = sorted((v for v in toutes if v not in en_cours), key=lambda v: v.fin, reverse=True)
    return {"en_cours": en_cours, "levees": levees}


def historique(habilitation, dossier) -> list[dict]:
    """Who changed what, the latest first, from one query."""
    visibles = Vigilance.objects.visibles(habilitation, Action.RESUME).filter(dossier=dossier)
    lignes = list(
        Vigilance.history.filter(id__in=visibles.values("pk"))
        .select_related("history_user")
        .order_by("id", "history_date", "history_id")
    )
    recit, precedente = [], None
    for ligne in lignes:
        avant = precedente if precedente and precedente.id == ligne.id else None
        recit.append(
            {
                "le": ligne.history_date,
                "libelle": ligne.libelle,
                "quoi": _changement(avant, ligne),
                "motif": ligne.history_change_reason or "",
                "qui": ligne.history_user.signature if ligne.history_user else "",
            }
        )
        precedente = ligne
    return sorted(recit, key=lambda x: x["le"], reverse=True)


def _changement(avant, apres) -> str:
    if avant is None:
        return "Ajoutée"
    if apres.fin and not avant.fin:
        return "Levée"
    noms = {
        "type": "nature",
        "libelle": "libellé",
        "precision": "précision",
        "gravite": "gravité",
        "depuis": "date",
    }
    changes = [mot for nom, mot in noms.items() if getattr(avant, nom) != getattr(apres, nom)]
    return f"Modifiée : {', '.join(changes)}" if changes else "Relue"
