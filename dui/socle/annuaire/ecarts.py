"""What the national directory now says otherwise than we do of the professionals we know by RPPS.

Found at night, never applied: a person accepts or ignores. What an account may do does not come
from the directory.
"""

from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from dui.socle.annuaire import etat
from dui.socle.identite import cle_comparaison
from dui.socle.models import BalAnnuaire, EcartAnnuaire, ExerciceAnnuaire, Professionnel

LOT = 500
SEPARATEUR = "|"  # between name and first name
Nature, Etat = EcartAnnuaire.Nature, EcartAnnuaire.Etat


@transaction.atomic
def relever() -> int:
    """How many discrepancies wait to be judged. Nothing is said on a copy that is missing or old:
    who is absent from it may well practise."""
    copie = etat.constat()
    if copie["copie_le"] is None or copie["ancienne"]:
        return 0
    connus = Professionnel.objects.exclude(rpps="").order_by("pk")
    trouves = {}
    lot: list[Professionnel] = []
    for professionnel in connus.iterator(chunk_size=LOT):
        lot.append(professionnel)
        if len(lot) == LOT:
            trouves |= _comparer_lot(lot)
            lot = []
    trouves |= _comparer_lot(lot)
    return _garder(trouves)


def _comparer_lot(lot: list[Professionnel]) -> dict:
    """{(professional, nature): (what we hold, what the directory says)}; two queries."""
    numeros = [p.rpps for p in lot]
    exercices, bals = defaultdict(list), defaultdict(set)
    for e in ExerciceAnnuaire.objects.filter(rpps__in=numeros).order_by("cle"):
        exercices[e.rpps].append(e)
    siennes = BalAnnuaire.objects.filter(idnps__in=[f"8{n}" for n in numeros])
    for b in siennes.order_by("adresse", "cle"):
        bals[b.idnps[1:]].add(b.adresse.lower())
    return {
        (p.pk, nature): valeurs
        for p in lot
        for nature, valeurs in comparer(p, exercices[p.rpps], bals[p.rpps])
    }


def comparer(professionnel, exercices, adresses) -> Iterator[tuple[str, tuple[str, str]]]:
    """The differences of one professional with the lines of the directory. Pure."""
    actifs = [e for e in exercices if e.actif]
    if not actifs:
        yield Nature.FIN.value, (f"{professionnel}", "inactif" if exercices else "absent")
        return
    nous = f"{professionnel.nom}{SEPARATEUR}{professionnel.prenom}"
    eux = f"{actifs[0].nom}{SEPARATEUR}{actifs[0].prenom.title()}"
    if _cle(nous) != _cle(eux):
        yield Nature.NOM.value, (nous, eux)
    professions = [e.profession for e in actifs if e.profession]
    if professionnel.profession and professions and professionnel.profession not in professions:
        yield Nature.PROFESSION.value, (professionnel.profession, professions[0])
    adresse = professionnel.mssante.lower()
    if adresse and adresse not in adresses:
        yield Nature.MSSANTE.value, (professionnel.mssante, min(adresses, default=""))


def _cle(nom: str) -> str:
    """« MARTIN|Anne » and « Martin|ANNE » are the same name."""
    return cle_comparaison(nom.replace(SEPARATEUR, " "))


def _garder(trouves: dict) -> int:
    """What was already judged the same way is not asked again; what has gone is no longer asked."""
    juges = set(
        EcartAnnuaire.objects.filter(etat__in=[Etat.IGNORE, Etat.ACCEPTE])
        .order_by("pk")
        .values_list("professionnel", "nature", "chez_nous", "annuaire")
    )
    attendus = {cle: valeurs for cle, valeurs in trouves.items() if (*cle, *valeurs) not in juges}
    for ecart in EcartAnnuaire.objects.a_juger().select_for_update(of=("self",)).order_by("pk"):
        cle, valeurs = (ecart.professionnel_id, ecart.nature), (ecart.chez_nous, ecart.annuaire)
        if attendus.get(cle) == valeurs:
            del attendus[cle]
        else:
            ecart.etat = Etat.DISPARU
            ecart.save(update_fields=["etat"])
    EcartAnnuaire.objects.bulk_create(
        EcartAnnuaire(
            professionnel_id=cle[0],
            nature=cle[1],
            chez_nous=valeurs[0],
            annuaire=valeurs[1],
            releve_le=timezone.now(),
        )
        for cle, valeurs in attendus.items()
    )
    return EcartAnnuaire.objects.a_juger().count()
