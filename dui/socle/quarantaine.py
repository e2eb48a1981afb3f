"""Identities that come from outside: what is certain is filed, what is not waits for the cellule.

A producer (list, DMP, MSSanté, portability) registers itself in `sources` and calls `recevoir`.
Nothing here changes one of our identities.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from json import dumps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from dui.socle import evenements
from dui.socle.models import Dossier, IdentiteRecue, Ressemblance, Usager
from dui.socle.recue import Recue
from dui.socle.registres import Registre
from dui.socle.ressemblance import Traits, inversions, memes_traits, traits_de, traits_proches

Degre, Motif = Ressemblance.Degre, IdentiteRecue.Motif


@dataclass(frozen=True)
class SourceIdentites:
    """`creer(habilitation, etablissement, recue, vus=…, motif=…)` opens the dossier of an identity
    that the cellule takes for a new person. `vus`: the dossiers that it said were others'."""

    nom: str
    libelle: str
    creer: Callable[..., Any]
    ordre: int = 100


sources: Registre[SourceIdentites] = Registre()


@dataclass(frozen=True)
class Verdict:
    """`connu`: it is this person, for sure. `doute`: why it must wait, and whom it resembles.
    Neither: nobody here has these traits."""

    connu: UUID | None = None
    doute: str = ""
    ressemblances: tuple[tuple[UUID, str], ...] = ()


NOUVELLE = Verdict()


@dataclass(frozen=True)
class Voisin:
    """Somebody of the base, with what may be compared."""

    traits: Traits
    matricule: str = ""
    oid: str = ""


def voisins_de(usagers: QuerySet[Usager]) -> list[Voisin]:
    """Who was merged into another one is known by its former traits: it is that other one."""
    gardes = _gardes(usagers.values("pk"))
    return [
        Voisin(traits_de(u, reference=gardes.get(u.pk, u.pk)), u.matricule_ins, u.oid_ins)
        for u in usagers
    ]


def _gardes(usagers) -> dict[UUID, UUID]:
    """{person of a merged record: person of the one that was kept}."""
    fusionnes = Dossier.objects.fusionnes().filter(usager__in=usagers)
    return dict(fusionnes.order_by("pk").values_list("usager", "fusionne_dans__usager"))


def juger(recue: Any, voisins: Iterable[Voisin]) -> Verdict:
    """Pure. `recue`: the traits, `matricule` and `oid` of a Recue (or of whoever has them).

    One person with the same traits, whose matricule does not contradict, and nobody else with
    this matricule: it is her. Anything else that resembles is a doubt.
    """
    cherchee = traits_de(recue, reference="")
    porteurs, memes, proches = [], [], []
    for voisin in voisins:
        if recue.matricule and (voisin.matricule, voisin.oid) == (recue.matricule, recue.oid):
            porteurs.append(voisin)
        if memes_traits(voisin.traits, cherchee):
            memes.append(voisin)
        elif voisin not in porteurs and traits_proches(voisin.traits, cherchee):
            proches.append(voisin)
    personnes = {v.traits.reference for v in memes}
    autres_porteurs = [v for v in porteurs if v.traits.reference not in personnes]
    contredits = [v for v in memes if recue.matricule and v.matricule not in ("", recue.matricule)]
    degres = (
        *((v.traits.reference, Degre.MATRICULE.value) for v in autres_porteurs),
        *((v.traits.reference, Degre.MEMES.value) for v in memes),
        *((v.traits.reference, Degre.PROCHES.value) for v in proches),
    )
    for doute, present in (
        (Motif.AUTRES_TRAITS, bool(autres_porteurs)),
        (Motif.PLUSIEURS, len(personnes) > 1),
        (Motif.AUTRE_MATRICULE, bool(contredits)),
    ):
        if present:
            return Verdict(doute=doute.value, ressemblances=degres)  # type: ignore[arg-type]
    if memes:
        return Verdict(connu=memes[0].traits.reference)  # type: ignore[arg-type]
    if proches:
        return Verdict(doute=Motif.PROCHES.value, ressemblances=degres)  # type: ignore[arg-type]
    return NOUVELLE


@transaction.atomic
def recevoir(habilitation, etablissement, recue: Recue, *, source: str, repere="") -> Verdict:
    """The one call of a producer: the verdict, and when it is a doubt the identity waits."""
    verdict = examiner(recue, etablissement.organisme_id)
    if verdict.doute:
        deposer(habilitation, etablissement, recue, verdict, source=source, repere=repere)
    return verdict


def examiner(recue: Recue, organisme: UUID) -> Verdict:
    """Among the persons of one organisme: another one's are not its own to know."""
    condition = Q(date_naissance__in=inversions(recue.date_naissance))
    if recue.matricule:
        condition |= Q(matricule_ins=recue.matricule, oid_ins=recue.oid)
    siens = Usager.objects.filter(condition, dossiers__organisme=organisme)
    return juger(recue, voisins_de(siens.order_by("pk")))


def ressemblances(ligne: IdentiteRecue, recue: Recue) -> dict[UUID, str]:
    """{person: degree}: those of the day it came, and those who have appeared since."""
    verdict = examiner(recue, ligne.etablissement.organisme_id)
    gardes = _gardes(ligne.ressemblances.values("usager"))
    lignes = ligne.ressemblances.order_by("pk").values_list("usager", "degre")
    degres = {gardes.get(usager, usager): degre for usager, degre in lignes}
    if verdict.connu:
        degres[verdict.connu] = Degre.MEMES.value
    return degres | dict(verdict.ressemblances)


def deposer(
    habilitation, etablissement, recue: Recue, verdict: Verdict, *, source: str, repere=""
) -> IdentiteRecue:
    """In the producer's transaction. The same identity, received again while it waits, waits
    once."""
    if source not in {s.nom for s in sources}:
        raise LookupError(f"source d’identités inconnue : {source}")
    empreinte = _empreinte(recue)
    attend = IdentiteRecue.objects.en_attente().filter(
        etablissement=etablissement, empreinte=empreinte
    )
    if deja := attend.order_by("pk").first():
        return deja
    ligne = IdentiteRecue(
        etablissement=etablissement,
        source=source,
        repere=str(repere)[:80],
        motif=verdict.doute,
        empreinte=empreinte,
        recue_par=habilitation.compte,
    )
    ligne.sceller(recue)
    ligne.save()
    Ressemblance.objects.bulk_create(
        Ressemblance(recue=ligne, usager_id=usager, degre=degre)
        for usager, degre in verdict.ressemblances
    )
    charge = {"identite_recue": str(ligne.pk), "source": source, "motif": verdict.doute}
    evenements.noter(habilitation, "quarantaine.deposee", charge=charge)
    return ligne


def _empreinte(recue: Recue) -> str:
    """Of the identity alone, keyed: it tells the same one again and nothing else."""
    traits = {nom: v for nom, v in asdict(recue).items() if nom != "autres"}
    texte = dumps(traits, default=str, sort_keys=True)
    return salted_hmac("dui.quarantaine", texte, algorithm="sha256").hexdigest()
