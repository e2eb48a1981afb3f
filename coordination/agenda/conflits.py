"""Who or what is already taken at that hour: said before saving. Only a resource forbids."""

from dataclasses import dataclass
from typing import Any

from coordination.agenda.regles import se_croisent
from coordination.models import Intervenant, Participation, RendezVous, Reservation
from dui.socle import registres
from dui.socle.templatetags.dates import quand_texte

AU_PLUS = 12


@dataclass(frozen=True)
class Conflit:
    """`bloquant`: a resource; nobody can be in two places, but a person may well leave early."""

    qui: str
    texte: str
    quand: Any
    bloquant: bool = False

    @property
    def cle(self) -> str:
        return f"{self.qui}|{self.texte}|{self.quand:%Y%m%d%H%M}"


def chercher(
    habilitation, plages, *, dossiers, comptes=(), ressources=(), sauf=()
) -> list[Conflit]:
    """Of these hours, for these persons, professionals and resources. `sauf`: the meetings being
    changed. A constant number of queries, however many the hours."""
    plages = [p for p in plages if p]
    if not plages:
        return []
    debut, fin = min(p[0] for p in plages), max(p[1] for p in plages)
    voisins = RendezVous.objects.entre(debut, fin).tenus().exclude(pk__in=list(sauf))
    trouves = [
        *_personnes(habilitation, voisins, dossiers),
        *_absences(habilitation, debut, fin, dossiers),
        *_professionnels(voisins, comptes),
        *_ressources(debut, fin, ressources, sauf),
    ]
    croises = {c for plage, c in trouves if any(se_croisent(plage, p) for p in plages)}
    ordre = sorted(croises, key=lambda c: (not c.bloquant, c.quand, c.qui))
    return ordre[:AU_PLUS]


def _personnes(habilitation, voisins, dossiers):
    lignes = Participation.objects.visibles(habilitation).tenues()
    lignes = lignes.filter(dossier__in=dossiers, rendez_vous__in=voisins)
    for p in lignes.select_related("rendez_vous", "dossier__usager").order_by("pk"):
        r = p.rendez_vous
        yield (
            (r.debut, r.fin),
            Conflit(
                p.dossier.usager.nom_affiche,
                f"a déjà « {r.libelle} », {quand_texte(r.debut)}",
                r.debut,
            ),
        )


def _absences(habilitation, debut, fin, dossiers):
    noms = {d.pk: d.usager.nom_affiche for d in dossiers}
    for source in registres.sources_agenda.permis(habilitation):
        for o in source.occupations(habilitation, list(noms), debut, fin):
            suite = f"jusqu’au {quand_texte(o.fin)}" if o.fin else "sans retour prévu"
            yield (
                (o.debut, o.fin or fin),
                Conflit(noms[o.dossier_id], f"{o.libelle}, {suite}", o.debut),
            )


def _professionnels(voisins, comptes):
    """Without saying whom they see: who plans may not know that person."""
    lignes = Intervenant.objects.filter(compte__in=comptes, rendez_vous__in=voisins)
    for i in lignes.select_related("rendez_vous", "compte").order_by("pk"):
        r = i.rendez_vous
        yield (
            (r.debut, r.fin),
            Conflit(i.compte.signature, f"est déjà pris, {quand_texte(r.debut)}", r.debut),
        )


def _ressources(debut, fin, ressources, sauf):
    lignes = Reservation.objects.filter(ressource__in=ressources, debut__lt=fin, fin__gt=debut)
    lignes = lignes.exclude(rendez_vous__in=list(sauf))
    for r in lignes.select_related("ressource").order_by("pk"):
        yield (
            (r.debut, r.fin),
            Conflit(r.ressource.nom, f"déjà pris, {quand_texte(r.debut)}", r.debut, bloquant=True),
        )
