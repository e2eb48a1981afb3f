"""What an agenda reads: meetings with the persons one may know, in a constant number of queries."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from coordination.models import Intervenant, Participation, RendezVous, Reservation, Ressource
from dui.socle import codes, registres
from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte, Sejour
from habilitations.detenteurs import comptes_ayant

TONS = {"PLANIFIE": "gris", "VALIDE": "bleu", "REALISE": "vert", "ANNULE": "ambre"}
ICONES = {"PLANIFIE": "prevu", "VALIDE": "coche", "REALISE": "fait", "ANNULE": "refus"}
VISITE = RendezVous.Nature.VISITE


def complets(habilitation, requete, *, bloc=Bloc.AGE) -> list[RendezVous]:
    """In order, each with `noms` (the persons this account may know), `pros` and `salles`."""
    siennes = Participation.objects.visibles_selon(habilitation, bloc).inscrites()
    siennes = siennes.select_related("dossier__usager").order_by("dossier__usager__recherche", "pk")
    pros = Intervenant.objects.select_related("compte").order_by("pk")
    prises = Reservation.objects.select_related("ressource").order_by("ressource__nom")
    inscrits = Count("participations", filter=~Q(participations__motif="retiree"))
    lignes = list(
        requete.annotate(inscrits=inscrits)
        .select_related("etablissement", "unite")
        .dans_l_ordre()
        .prefetch_related(
            Prefetch("participations", siennes, to_attr="siennes"),
            Prefetch("intervenants", pros, to_attr="pros"),
            Prefetch("reservations", prises, to_attr="prises"),
        )
    )
    return [_habiller(r) for r in lignes]


def nommer_le_type(r: RendezVous) -> RendezVous:
    type_ = codes.codes("type_rendez_vous").get(r.type)
    r.icone = type_.proprietes.get("icone", "agenda") if type_ else "agenda"
    r.libelle_type = type_.libelle if type_ else ""
    return r


def _habiller(r: RendezVous) -> RendezVous:
    nommer_le_type(r)
    r.ton, r.icone_statut = TONS[r.statut], ICONES[r.statut]
    r.autres = r.inscrits - len(r.siennes)
    r.qui = en_noms([p.dossier.usager.nom_affiche for p in r.siennes], r.inscrits)
    r.avec = ", ".join(str(i) for i in r.pros)
    r.ou = ", ".join([*(p.ressource.nom for p in r.prises), *([r.lieu] if r.lieu else [])])
    r.motif_dit = codes.libelle("motif_rendez_vous", r.motif) if r.motif else ""
    r.annule, r.a_conclure = r.statut == "ANNULE", r.ouvert and r.fin <= timezone.now()
    return r


def en_noms(noms: list[str], tous: int | None = None) -> str:
    """« DURAND Marie et LE GOFF Yves », « DURAND Marie et 2 autres », « 12 personnes ». Those one
    may not know are only counted."""
    tous = len(noms) if tous is None else tous
    if not tous:
        return ""
    if not noms or len(noms) > 2:
        return f"{tous} personne{'s' if tous > 1 else ''}"
    if reste := tous - len(noms):
        return f"{', '.join(noms)} et {reste} autre{'s' if reste > 1 else ''}"
    return " et ".join(noms)


def un(habilitation, rendez_vous_id) -> RendezVous | None:
    visibles = RendezVous.objects.visibles(habilitation).filter(pk=rendez_vous_id)
    trouves = complets(habilitation, visibles)
    return trouves[0] if trouves else None


def deja_envoye(habilitation, cle) -> bool:
    """This very form was already saved: it is no clash with itself."""
    miens = RendezVous.objects.visibles(habilitation).filter(cree_par=habilitation.compte)
    return cle is not None and miens.filter(cle_saisie=cle).exists()


def ouvert_a_l_ecriture(habilitation, r) -> bool:
    """For all who take part, as the services ask: nobody fills in a form to be refused."""
    visibles = RendezVous.objects.visibles(habilitation, Action.SAISIR, r.bloc)
    ouvertes = Participation.objects.visibles_selon(habilitation, r.bloc, Action.SAISIR)
    fermees = Participation.objects.filter(rendez_vous=r).tenues().exclude(pk__in=ouvertes)
    return visibles.filter(~Exists(fermees), pk=r.pk).exists()


def taire_les_notes(habilitation, r) -> bool:
    """What happened is read in the block of the meeting, for each person; is any of it?"""
    lues = Participation.objects.visibles_selon(habilitation, r.bloc).filter(rendez_vous=r)
    lisibles = set(lues.values_list("pk", flat=True))
    for p in r.siennes:
        p.note = p.note if p.pk in lisibles else ""
    seul = not r.inscrits and habilitation.etablissements(r.bloc).contains(r.etablissement)
    return bool(lisibles) or seul


# ---------------------------------------------------------------- of whom


def de_la_personne(habilitation, dossier):
    siennes = Participation.objects.visibles(habilitation).filter(dossier=dossier).inscrites()
    return RendezVous.objects.visibles(habilitation).filter(pk__in=siennes.values("rendez_vous"))


def du_compte(habilitation, compte):
    siens = Intervenant.objects.filter(compte=compte).values("rendez_vous")
    return RendezVous.objects.visibles(habilitation).filter(pk__in=siens)


def de_la_ressource(habilitation, ressource):
    prises = Reservation.objects.filter(ressource=ressource).values("rendez_vous")
    return RendezVous.objects.visibles(habilitation).filter(pk__in=prises)


def du_lieu(habilitation, lieu):
    """Visits at home are read in the rounds: a service makes twenty of them a morning."""
    visibles = RendezVous.objects.visibles(habilitation).exclude(nature=VISITE)
    visibles = visibles.filter(etablissement=lieu.etablissement)
    if not lieu.unite:
        return visibles
    la = Sejour.objects.filter(unite=lieu.unite, dossier=OuterRef("dossier")).en_cours()
    siens = Participation.objects.filter(Exists(la), rendez_vous=OuterRef("pk"))
    return visibles.filter(Q(unite=lieu.unite) | Q(Exists(siens)))


# ---------------------------------------------------------------- by day


@dataclass
class Tournee:
    """The visits of one professional on one day, in one card."""

    debut: datetime
    fin: datetime
    nombre: int
    faites: int
    jour: date


@dataclass
class Case:
    """A day of the agenda. `occupations`: what other blocks know of the person."""

    jour: date
    cartes: list = field(default_factory=list)
    tournee: Tournee | None = None
    occupations: list = field(default_factory=list)

    @property
    def passe(self) -> bool:
        return self.jour < timezone.localdate()

    @property
    def aujourdhui(self) -> bool:
        return self.jour == timezone.localdate()


def par_jour(lignes, periode, *, tournees=False, occupations=()) -> list[Case]:
    """`tournees`: the visits become one card a day (the agenda of a professional)."""
    cases = {jour: Case(jour) for jour in periode.jours}
    for r in lignes:
        case = cases.get(max(timezone.localdate(r.debut), periode.jours[0]))
        if case is None:
            continue
        if tournees and r.nature == VISITE:
            _compter(case, r)
        else:
            case.cartes.append(r)
    for o in occupations:
        debut = timezone.localdate(o.debut)
        fin = timezone.localdate(o.fin) if o.fin else periode.jours[-1]
        for jour, case in cases.items():
            if debut <= jour <= fin:
                case.occupations.append(o)
    return list(cases.values())


def _compter(case: Case, r: RendezVous) -> None:
    t = case.tournee = case.tournee or Tournee(r.debut, r.fin, 0, 0, case.jour)
    t.nombre, t.fin = t.nombre + 1, max(t.fin, r.fin)
    t.faites += r.statut == RendezVous.Statut.REALISE


def occupations(habilitation, dossier, periode) -> list:
    trouvees = []
    for source in registres.sources_agenda.permis_pour(habilitation, dossier):
        trouvees += source.occupations(habilitation, [dossier.pk], *periode.instants)
    return trouvees


# ---------------------------------------------------------------- lists of choices


def ressources(etablissement) -> list[Ressource]:
    if etablissement is None:
        return []
    lignes = Ressource.objects.filter(etablissement=etablissement, active=True)
    return list(lignes.order_by("nature", "nom"))


def professionnels(habilitation, etablissement) -> list[Compte]:
    """Whose agenda opens in this house: the account's own first."""
    if etablissement is None:
        return []
    comptes = comptes_ayant(Bloc.AGE, Action.RESUME, etablissement)
    lignes = list(comptes.order_by("last_name", "first_name", "pk"))
    return sorted(lignes, key=lambda c: c.pk != habilitation.compte.pk)
