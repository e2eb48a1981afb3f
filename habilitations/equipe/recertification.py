"""Once a year, each affectation is looked at: still right, or ended."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from dui.socle.enums import Bloc
from dui.socle.evenements import noter
from dui.socle.journal import consigner
from habilitations.equipe import lectures, services
from habilitations.models import Affectation, Revue

DELAI = timedelta(days=365)


def a_revoir(habilitation, *, lieu=None, recherche=""):
    """Affectations in force, each with its last review; the oldest reviewed come first, those
    never reviewed before them. What began within the year is recent enough."""
    derniere = Revue.objects.filter(affectation=OuterRef("pk")).order_by("-le")
    en_cours = lectures.equipe(habilitation, lieu=lieu, recherche=recherche)
    en_cours = en_cours.filter(debut__lte=timezone.localdate())
    return en_cours.annotate(
        revue_le=Subquery(derniere.values("le")[:1]),
        revue_par=Subquery(derniere.values("par__last_name")[:1]),
    ).order_by(F("revue_le").asc(nulls_first=True), "debut", "pk")


def en_retard(affectations):
    """Neither reviewed nor begun for twelve months."""
    limite = timezone.now() - DELAI
    sans_revue = Q(revue_le=None) | Q(revue_le__lt=limite)
    return affectations.filter(sans_revue, debut__lte=limite.date())


def sans_geste(affectation, habilitation) -> str:
    """Why this account does not decide of this one; empty when it does."""
    if affectation.compte_id == habilitation.compte.pk:
        return "C’est la vôtre : quelqu’un d’autre la revoit."
    if not lectures.donnable(lectures.perimetres(habilitation), affectation):
        return "Vous ne donnez pas ce rôle : qui le donne la revoit."
    return ""


def decidees(affectations, habilitation):
    """Those of which this account decides: the others are somebody else's to review."""
    donnables = Q(pk__in=[])
    for p in lectures.perimetres(habilitation):
        lieu = Q(unite=p.unite) if p.unite else Q(etablissement=p.etablissement)
        portees = [v for v in Affectation.Portee.values if p.donne_la_portee(v)]
        donnables |= lieu & Q(role__in=p.attribution.roles, portee__in=portees)
    return affectations.filter(donnables).exclude(compte=habilitation.compte)


def avancement(affectations) -> dict[str, int]:
    total = affectations.count()
    return {"total": total, "faites": total - en_retard(affectations).count()}


@transaction.atomic
def revoir(habilitation, affectation_id, *, decision: str) -> Revue:
    """Twice the same day is one review; « terminée » also ends the affectation tonight."""
    visibles = lectures.affectations(habilitation).select_for_update(of=("self",))
    affectation = visibles.get(pk=affectation_id)
    if affectation.compte == habilitation.compte:
        raise PermissionDenied("Personne ne confirme ses propres droits.")
    if not lectures.donnable(lectures.perimetres(habilitation), affectation):
        raise PermissionDenied(services.PAS_A_VOUS)
    if decision not in Revue.Decision.values:
        raise ValidationError("Confirmez ou terminez.")
    jour = timezone.localdate()
    deja = affectation.revues.filter(decision=decision, le__date=jour).first()
    if deja:
        return deja
    if decision == Revue.Decision.TERMINEE and (not affectation.fin or affectation.fin > jour):
        services.terminer(habilitation, affectation.pk, fin=jour)
    revue = Revue.objects.create(
        affectation=affectation, decision=decision, par=habilitation.compte
    )
    charge = {"affectation": str(affectation.pk), "decision": decision}
    noter(habilitation, "affectation.revue", charge=charge)
    consigner(
        habilitation, "habilitation", bloc=Bloc.PAR, cible="affectation.revue", contexte=charge
    )
    return revue


def lignes_csv(habilitation):
    yield [
        "Personne",
        "Identifiant",
        "Rôle",
        "Établissement",
        "Unité",
        "Début",
        "Fin",
        "Dernière revue",
        "Par",
    ]
    for a in a_revoir(habilitation).iterator(chunk_size=500):
        yield [
            str(a.compte),
            a.compte.username,
            a.role.libelle,
            a.etablissement.nom,
            a.unite.nom if a.unite else "",
            f"{a.debut:%d/%m/%Y}",
            f"{a.fin:%d/%m/%Y}" if a.fin else "",
            f"{timezone.localtime(a.revue_le):%d/%m/%Y}" if a.revue_le else "jamais",
            a.revue_par or "",
        ]
