"""Plan, change, cancel. One function = one act = one transaction.

A series is locked before its meetings, meetings before the dossiers of those who take part, each in
the order of their keys: two people who change them at once wait for each other, never in a circle.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from coordination.agenda import rattaches, regles
from coordination.agenda.contenu import CECI, SUITE, Contenu
from coordination.agenda.trajets import COLONNES
from coordination.models import Participation, RendezVous, Reservation, Ressource, Serie
from dui.socle import evenements
from dui.socle.enums import Action
from dui.socle.erreurs import ConflitDeVersion, DejaServi, refuser_si_autre
from dui.socle.gestes import un_a_la_fois
from dui.socle.models import Dossier

CHANGE = "Ce rendez-vous a changé depuis que vous l’avez lu."
PASSE = "Ce rendez-vous est réalisé ou annulé : il ne change plus."
PAS_TOUS = "Des personnes qui participent ne vous sont pas ouvertes : demandez à leur équipe."
PLUS_LA = "Une ressource choisie n’est plus proposée par cet établissement."
CHAMPS = [
    "type", "libelle", "lieu", "debut", "fin", "prestation", "hors_prestation", "transport",
    "transport_professionnel", "repas_inclus", "commentaire", "unite", "detache", "statut", "motif",
    "compte_rendu", "version", *COLONNES,
]  # fmt: skip


@transaction.atomic
def planifier(
    habilitation,
    *,
    etablissement,
    nature,
    contenu: Contenu,
    cle_saisie,
    repetition=None,
    unite=None,
) -> RendezVous:
    """One meeting, or all those of a repetition; the same `cle_saisie` twice is one act."""
    un_a_la_fois(habilitation)
    jours = regles.dates(repetition, contenu.jour) if repetition else [contenu.jour]
    plages = [contenu.plage(etablissement.fuseau, jour=jour) for jour in jours]
    if deja := RendezVous.objects.filter(cle_saisie=cle_saisie).first():
        _refuser_un_autre_acte(habilitation, deja, etablissement, contenu, plages[0], repetition)
        return deja
    bloc = RendezVous.BLOCS[nature]
    dossiers = tenir_les_dossiers(habilitation, bloc, contenu.dossiers)
    if not dossiers and etablissement not in habilitation.etablissements(bloc, Action.SAISIR):
        raise PermissionDenied("Votre rôle n’écrit pas dans l’agenda de cet établissement.")
    _refuser_les_ressources_d_ailleurs(etablissement, contenu.ressources)
    serie = _serie(habilitation, etablissement, jours[0], repetition) if repetition else None
    seances = [
        RendezVous(
            etablissement=etablissement,
            unite=unite,
            nature=nature,
            serie=serie,
            debut=debut,
            fin=fin,
            cree_par=habilitation.compte,
            cle_saisie=None if rang else cle_saisie,
            **contenu.champs,
        )
        for rang, (debut, fin) in enumerate(plages)
    ]
    bulk_create_with_history(seances, RendezVous, default_user=habilitation.compte)
    _garnir(habilitation, seances, contenu, dossiers)
    for dossier in dossiers:
        _noter(habilitation, "rendez_vous.planifie", dossier, seances)
    return seances[0]


@transaction.atomic
def modifier(
    habilitation, rendez_vous_id, *, version_lue, portee, contenu: Contenu
) -> tuple[RendezVous, int]:
    """The meeting, and how many changed. A change of day moves the others by as many days; those
    changed apart, past, done or cancelled stay as they are."""
    dossiers = contenu.dossiers
    rendez_vous = tenir(habilitation, rendez_vous_id, avec=dossiers)
    if rendez_vous.version != version_lue:
        raise ConflitDeVersion(CHANGE, actuel=rendez_vous)
    if not rendez_vous.ouvert:
        raise ValidationError(PASSE)
    _refuser_les_ressources_d_ailleurs(rendez_vous.etablissement, contenu.ressources)
    seances, fuseau = _de_la_portee(rendez_vous, portee), rendez_vous.etablissement.fuseau
    decalage = contenu.jour - _jour(rendez_vous, fuseau)
    for seance in seances:
        seance.debut, seance.fin = contenu.plage(fuseau, jour=_jour(seance, fuseau) + decalage)
        seance.version += 1
        seance.detache = seance.detache or bool(seance.serie_id and portee == CECI)
        for nom, valeur in contenu.champs.items():
            setattr(seance, nom, valeur)
    rattaches.enregistrer(habilitation, RendezVous, seances, CHAMPS)
    _garnir(habilitation, seances, contenu, dossiers)
    for dossier in dossiers:
        _noter(habilitation, "rendez_vous.modifie", dossier, seances)
    return next(s for s in seances if s.pk == rendez_vous.pk), len(seances)


@transaction.atomic
def annuler(habilitation, rendez_vous_id, *, portee, motif) -> int:
    """Cancelled for everybody, once for each; how many meetings this very act cancelled."""
    rendez_vous = tenir(habilitation, rendez_vous_id)
    seances = [s for s in _de_la_portee(rendez_vous, portee) if s.ouvert]
    for seance in seances:
        seance.statut, seance.motif = RendezVous.Statut.ANNULE, motif
        seance.version += 1
    rattaches.enregistrer(habilitation, RendezVous, seances, CHAMPS)
    Reservation.objects.filter(rendez_vous__in=seances).delete()
    par_dossier: dict = {}
    for p in rattaches.decommander(habilitation, seances, motif):
        par_dossier.setdefault(p.dossier_id, []).append(p.rendez_vous)
    concernes = Dossier.objects.filter(pk__in=par_dossier).order_by("pk")
    for dossier in concernes:
        _noter(habilitation, "rendez_vous.annule", dossier, par_dossier[dossier.pk])
    return len(seances)


# ---------------------------------------------------------------- inside


def _refuser_un_autre_acte(habilitation, deja, maison, contenu, plage, repetition) -> None:
    """Sent twice, it is one. « Back », then one word changed: it is not."""
    dits = contenu.champs | {"cree_par": habilitation.compte, "etablissement": maison}
    refuser_si_autre(deja, **dits, debut=plage[0], fin=plage[1])
    if rattaches.de(deja) != rattaches.voulus(contenu):
        raise DejaServi
    if (deja.serie and deja.serie.regle) != (repetition and repetition.en_donnees()):
        raise DejaServi


def tenir(habilitation, rendez_vous_id, *, avec=()) -> RendezVous:
    """The meeting, locked, when the account may write it for all who take part, and `avec`."""
    return tenir_tous(habilitation, [rendez_vous_id], avec=avec)[0]


def tenir_tous(habilitation, cles, *, avec=()) -> list[RendezVous]:
    cles = set(cles)
    visibles = RendezVous.objects.visibles(habilitation).filter(pk__in=cles)
    if visibles.count() != len(cles):
        raise RendezVous.DoesNotExist
    tenus = rattaches.verrouiller(cles)
    participants = Participation.objects.filter(rendez_vous__in=tenus).tenues()
    avec_quelqu_un = set(participants.values_list("rendez_vous", flat=True))
    for bloc in sorted({r.bloc for r in tenus}):
        siens = [r for r in tenus if r.bloc == bloc]
        ici = participants.filter(rendez_vous__in=siens)
        dossiers = Dossier.objects.filter(participations__in=ici)
        tenir_les_dossiers(habilitation, bloc, [*dossiers, *avec])
        maisons = {r.etablissement_id for r in siens if r.pk not in avec_quelqu_un}
        ouvertes = habilitation.etablissements(bloc, Action.SAISIR)
        if maisons - set(ouvertes.values_list("pk", flat=True)):
            raise PermissionDenied("Votre rôle n’écrit pas dans cet agenda.")
    return tenus


def tenir_les_dossiers(habilitation, bloc, dossiers, action=Action.SAISIR) -> list[Dossier]:
    """Locked in one order by everybody; all of them open, or nothing is written."""
    cles = {d.pk for d in dossiers}
    tenus = Dossier.objects.pour_ecrire(habilitation, bloc, action).filter(pk__in=cles)
    trouves = list(tenus.order_by("pk"))
    if len(trouves) != len(cles):
        raise PermissionDenied(PAS_TOUS)
    return trouves


def _serie(habilitation, etablissement, premier, repetition) -> Serie:
    return Serie.objects.create(
        etablissement=etablissement,
        premier=premier,
        regle=repetition.en_donnees(),
        creee_par=habilitation.compte,
    )


def _de_la_portee(rendez_vous, portee) -> list[RendezVous]:
    if portee == CECI or not rendez_vous.serie_id:
        return [rendez_vous]
    depuis = rendez_vous.debut if portee == SUITE else timezone.now()
    autres = RendezVous.objects.filter(serie=rendez_vous.serie_id, detache=False, debut__gte=depuis)
    autres = autres.modifiables().exclude(pk=rendez_vous.pk)
    tenues = autres.select_for_update(of=("self",)).order_by("pk")
    return [rendez_vous, *tenues]


def _jour(rendez_vous, fuseau):
    return rendez_vous.debut.astimezone(regles.ZoneInfo(fuseau)).date()


def _garnir(habilitation, seances, contenu: Contenu, dossiers) -> None:
    rattaches.inviter(habilitation, seances, dossiers)
    rattaches.confier(seances, contenu.comptes, contenu.externes)
    rattaches.reserver(seances, contenu.ressources)


def _refuser_les_ressources_d_ailleurs(etablissement, ressources) -> None:
    cles = {r.pk for r in ressources}
    ici = Ressource.objects.filter(pk__in=cles, etablissement=etablissement, active=True)
    if ici.count() != len(cles):
        raise ValidationError({"ressources": PLUS_LA})


def _noter(habilitation, quoi, dossier, seances) -> None:
    cles = [str(getattr(s, "pk", s)) for s in seances]
    evenements.noter(habilitation, quoi, dossier=dossier, charge={"rendez_vous": cles})
