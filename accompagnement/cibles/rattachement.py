"""The target that a transmission opens or continues; called by the service that writes it."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from accompagnement.cibles import catalogue, regles
from accompagnement.models import Cible
from dui.socle import evenements
from dui.socle.enums import Action

CLOSE_ENTRE_TEMPS = "Cette cible est close. Rouvrez-la, ou choisissez-en une autre."
RESERVEE = "Cette cible est réservée : ce qui s’y écrit l’est aussi."
SANS_NOM = "Choisissez une cible ou donnez-lui un nom."


@dataclass(frozen=True)
class Suivi:
    """What the form asks for: continue this target, or open one."""

    cible: Cible | None = None
    ouvrir: bool = False
    intitule: str = ""
    relance_le: date | None = None


SANS_SUIVI = Suivi()


def rattacher(habilitation, dossier, suivi: Suivi, *, code: str, reserve: str) -> Cible | None:
    if suivi.cible:
        cible = _verrouiller(habilitation, dossier, suivi.cible.pk)
        if reserve != cible.reserve and cible.reserve:
            raise ValidationError({"reserve": RESERVEE})
    elif suivi.ouvrir:
        return _ouvrir(habilitation, dossier, suivi, code, reserve)
    else:
        cible = _la_seule_ouverte(habilitation, dossier, code, reserve)
    if cible:
        donner_des_nouvelles(cible, reserve=reserve, relance_le=suivi.relance_le)
    return cible


def _verrouiller(habilitation, dossier, cible_id) -> Cible:
    cibles = Cible.objects.visibles(habilitation).filter(dossier=dossier)
    cible = cibles.select_for_update(of=("self",)).filter(pk=cible_id).first()
    if cible is None or not cible.ouverte:
        raise ValidationError({"cible": CLOSE_ENTRE_TEMPS})
    return cible


def _la_seule_ouverte(habilitation, dossier, code, reserve) -> Cible | None:
    """The usual gesture, without choosing: « Douleur » goes to the pain that is followed, when
    there is one and only one."""
    if not code:
        return None
    cibles = Cible.objects.visibles(habilitation, Action.SAISIR).ouvertes()
    siennes = cibles.filter(dossier=dossier, code=code, reserve__in={"", reserve})
    trouvees = list(siennes.select_for_update(of=("self",)).order_by("pk")[:2])
    return trouvees[0] if len(trouvees) == 1 else None


def _ouvrir(habilitation, dossier, suivi, code, reserve) -> Cible:
    if not code and not suivi.intitule:
        raise ValidationError({"intitule": SANS_NOM})
    maintenant = timezone.now()
    delai = catalogue.delai_de_relance(code)
    cible = Cible.objects.create(
        dossier=dossier,
        code=code,
        intitule=suivi.intitule,
        reserve=reserve,
        ouverte_le=maintenant,
        ouverte_par=habilitation.compte,
        nouvelles_le=maintenant,
        relance_le=suivi.relance_le,
        a_relancer_le=regles.echeance(timezone.localdate(), delai, suivi.relance_le),
    )
    evenements.noter(habilitation, "cible.ouverte", dossier=dossier, charge=charge(cible))
    return cible


def donner_des_nouvelles(cible: Cible, *, reserve: str, relance_le: date | None = None) -> None:
    """What only a profession reads is no news for the others: nothing tells them of it."""
    if reserve != cible.reserve:
        return
    cible.nouvelles_le = timezone.now()
    fixer_la_relance(
        cible, relance_le or regles.relance_encore_due(cible.relance_le, timezone.localdate())
    )


def fixer_la_relance(cible: Cible, relance_le: date | None) -> None:
    cible.relance_le = relance_le
    nouvelles = timezone.localdate(cible.nouvelles_le)
    delai = catalogue.delai_de_relance(cible.code)
    cible.a_relancer_le = regles.echeance(nouvelles, delai, relance_le)
    cible.version += 1
    cible.save()


def gardee(cible: Cible | None, reserve: str) -> Cible | None:
    """By a correction: opened to the whole team, it leaves a target that is not."""
    return cible if cible and cible.reserve in {"", reserve} else None


def resserrer(cible: Cible, reserve: str) -> None:
    """Nothing in it is open to the whole team any more: its name closes too."""
    if not cible.reserve and not cible.transmissions.filter(reserve="").exists():
        cible.reserve = reserve
        cible.version += 1
        cible.save()


def charge(cible: Cible) -> dict:
    """Of a business event: identifiers and codes, never what was written."""
    return {"cible": str(cible.pk), "code": cible.code}
