"""What a calendar outside may know: hours, rooms of the house, and one of three words."""

from coordination.agenda.ical import Entree
from coordination.models import FluxAgenda, Intervenant, RendezVous, Reservation
from dui.socle.enums import Bloc
from habilitations.politique import Habilitation

# Never a label that somebody typed: it may name a person or an illness.
TITRES = {
    RendezVous.Nature.RENDEZ_VOUS: "Rendez-vous",
    RendezVous.Nature.ACTIVITE: "Activité",
    RendezVous.Nature.VISITE: "Visite",
}


def abonnement_de(habilitation) -> FluxAgenda | None:
    return FluxAgenda.objects.filter(compte=habilitation.compte).first()


def du_jeton(jeton: str):
    """The account that still works here, or None: a closed account has no calendar."""
    flux = FluxAgenda.objects.du_jeton(jeton).select_related("compte").first()
    if flux is None or not Habilitation(flux.compte).peut(Bloc.AGE):
        return None
    return flux.compte


def entrees(compte, debut, fin) -> list[Entree]:
    """Of the houses where the account still reads an agenda."""
    siens = Intervenant.objects.filter(compte=compte).values("rendez_vous")
    maisons = Habilitation(compte).etablissements(Bloc.AGE)
    lignes = RendezVous.objects.filter(pk__in=siens, etablissement__in=maisons)
    lignes = lignes.entre(debut, fin).dans_l_ordre()
    salles: dict = {}
    prises = Reservation.objects.filter(rendez_vous__in=lignes, ressource__nature="salle")
    for p in prises.select_related("ressource").order_by("ressource__nom"):
        salles.setdefault(p.rendez_vous_id, []).append(p.ressource.nom)
    return [
        Entree(
            identifiant=f"{r.pk}@dui",
            titre=TITRES[RendezVous.Nature(r.nature)],
            debut=r.debut,
            fin=r.fin,
            lieu=", ".join(salles.get(r.pk, [])),
            version=r.version,
            annulee=r.statut == RendezVous.Statut.ANNULE,
        )
        for r in lignes
    ]
