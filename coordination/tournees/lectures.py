"""Visits at home: the route of one professional, the whole day of a service."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from coordination.agenda import lectures
from coordination.models import Domicile, Intervenant, RendezVous
from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte
from habilitations.detenteurs import comptes_ayant

VISITE = RendezVous.Nature.VISITE


def _du_jour(habilitation, jour, *, action=Action.VOIR):
    minuit = datetime.combine(jour, time(0), tzinfo=timezone.get_current_timezone())
    visites = RendezVous.objects.visibles(habilitation, action, Bloc.AVQ).filter(nature=VISITE)
    return visites.filter(debut__gte=minuit, debut__lt=minuit + timedelta(days=1))


def _visites(habilitation, requete) -> list[RendezVous]:
    """In the order of the route, each with its person, its home and whether it is late."""
    lignes = [
        r for r in lectures.complets(habilitation, requete, bloc=Bloc.AVQ) if len(r.siennes) == 1
    ]
    for r in lignes:
        r.participation = r.siennes[0]
        r.dossier = r.participation.dossier
    domiciles = Domicile.objects.visibles(habilitation).des_dossiers(r.dossier.pk for r in lignes)
    chez = {d.dossier_id: d for d in domiciles.order_by("pk")}
    for r in lignes:
        r.domicile = chez.get(r.dossier.pk)
        r.telephone = (r.domicile and r.domicile.telephone) or r.dossier.usager.telephone
        r.appel = "".join(c for c in r.telephone if c.isdigit() or c == "+")
        r.en_retard = r.ouvert and r.debut + retard_admis() < timezone.now()
        r.sans_personne = not r.pros
    return lignes


def retard_admis() -> timedelta:
    return timedelta(minutes=settings.VISITE_EN_RETARD_MINUTES)


def tournee(habilitation, compte, jour) -> list[RendezVous]:
    siennes = Intervenant.objects.filter(compte=compte).values("rendez_vous")
    lignes = _visites(habilitation, _du_jour(habilitation, jour).filter(pk__in=siennes))
    tenues = [r for r in lignes if not (r.annule and r.participation.presence == "annulee")]
    prochaine = next((r for r in tenues if r.ouvert), None)
    for r in tenues:
        r.prochaine = r is prochaine
    return tenues


@dataclass
class Route:
    """What one professional does that day; `compte`: None for the visits nobody has."""

    qui: str
    visites: list = field(default_factory=list)

    @property
    def titre(self) -> str:
        return self.qui or "À confier : personne n’est prévu"

    @property
    def resume(self) -> str:
        retard = f", {self.en_retard} en retard" if self.en_retard else ""
        return f"{self.faites} sur {len(self.visites)}{retard}"

    @property
    def faites(self) -> int:
        return sum(r.statut == RendezVous.Statut.REALISE for r in self.visites)

    @property
    def en_retard(self) -> int:
        return sum(r.en_retard for r in self.visites)


def suivi(habilitation, etablissement, jour) -> list[Route]:
    """The visits nobody has first, then those who are late."""
    requete = _du_jour(habilitation, jour).filter(etablissement=etablissement)
    routes: dict[str, Route] = {}
    for r in _visites(habilitation, requete):
        routes.setdefault(r.avec, Route(r.avec)).visites.append(r)
    return sorted(routes.values(), key=lambda t: (bool(t.qui), -t.en_retard, t.qui))


def intervenants(etablissement) -> list[Compte]:
    """Who may note a visit in this house."""
    comptes = comptes_ayant(Bloc.AVQ, Action.SAISIR, etablissement)
    return list(comptes.order_by("last_name", "first_name", "pk"))


def la_visite(habilitation, dossier, rendez_vous_id) -> RendezVous | None:
    visites = RendezVous.objects.visibles(habilitation, Action.SAISIR, Bloc.AVQ)
    visites = visites.filter(pk=rendez_vous_id, nature=VISITE, participations__dossier=dossier)
    trouvees = _visites(habilitation, visites)
    return trouvees[0] if trouvees else None


def domicile(habilitation, dossier) -> Domicile | None:
    return Domicile.objects.visibles(habilitation).filter(dossier=dossier).first()
