"""Activities and visits as evidence for the objective they served (registry `sources_preuves`)."""

from coordination.models import Participation
from dui.socle.enums import Bloc
from dui.socle.registres import SourcePreuves, Trace


def _notees(habilitation, dossier):
    """What became of it is written; a cancelled meeting says nothing of an objective."""
    siennes = Participation.objects.visibles(habilitation).filter(dossier=dossier)
    notees = siennes.exclude(presence__in=["prevue", "annulee"]).filter(ecrite_le__isnull=False)
    return notees.select_related("rendez_vous", "ecrite_par")


def _trace(habilitation, dossier, participation) -> Trace:
    r = participation.rendez_vous
    mots = [f"{r.libelle}, {participation.get_presence_display().lower()}"]
    if participation.note and habilitation.peut_pour(dossier, r.bloc):
        mots.append(participation.note)
    auteur = participation.ecrite_par
    return Trace(
        cle=r.pk,
        survenu_le=r.debut,
        texte=" : ".join(mots),
        auteur=auteur.signature if auteur else "",
        titre=r.get_nature_display(),
    )


def lire(habilitation, dossier, cles) -> dict:
    lues = _notees(habilitation, dossier).filter(rendez_vous__in=list(cles)).order_by("pk")
    return {p.rendez_vous_id: _trace(habilitation, dossier, p) for p in lues}


def recentes(habilitation, dossier, nombre) -> list[Trace]:
    """Those that an objective was named for."""
    lues = _notees(habilitation, dossier).exclude(objectif="")
    lues = lues.order_by("-rendez_vous__debut", "pk")[:nombre]
    return [_trace(habilitation, dossier, p) for p in lues]


SOURCE = SourcePreuves("rendez_vous", "Activité", lire, recentes, Bloc.AGE, ordre=20)
