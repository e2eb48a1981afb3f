"""Pure rules of vital signs: what is refused, what alerts, what a loss of weight is.

No ORM, no clock. Thresholds are data: the properties of the code list « constante ».
"""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

AGE_ADULTE = 18
# NEWS2 and the thresholds of hypertension do not hold for a child.
AGE_SEUILS_ADULTES = 16
SEUILS_ADULTES = frozenset({"pas", "pad", "fc", "fr", "spo2"})
NIVEAUX = ("attention", "alerte")
COMPARER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
DIXIEME = Decimal("0.1")


class Releve(NamedTuple):
    """A value and when it was taken, in the local time of the ward."""

    le: datetime
    valeur: Decimal


@dataclass(frozen=True)
class Regle:
    op: str
    valeur: Decimal
    niveau: str


@dataclass(frozen=True)
class Alerte:
    code: str
    niveau: str
    titre: str
    detail: str

    @property
    def ton(self) -> str:
        return "rouge" if self.niveau == "alerte" else "ambre"


Intervalle = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Constante:
    code: str
    libelle: str
    court: str
    unite: str
    icone: str
    decimales: int
    rejet: Intervalle
    rejet_adulte: Intervalle
    regles: tuple[Regle, ...] = ()
    calculee: bool = False

    def ecrire(self, valeur: Decimal) -> str:
        """53,4 kg — with its decimals, so that columns align."""
        return f"{nombre(valeur, self.decimales)} {self.unite}"


def lire_constante(code: str, libelle: str, proprietes: Mapping[str, Any]) -> Constante:
    rejet = _intervalle(proprietes["rejet"])
    return Constante(
        code=code,
        libelle=libelle,
        court=proprietes.get("court", libelle),
        unite=proprietes["unite_affichee"],
        icone=proprietes.get("icone", "coeur"),
        decimales=proprietes["decimales"],
        rejet=rejet,
        rejet_adulte=_intervalle(proprietes.get("rejet_adulte", proprietes["rejet"])),
        regles=tuple(
            Regle(a["op"], _decimal(a["valeur"]), a["niveau"]) for a in proprietes["alertes"]
        ),
        calculee="calcul" in proprietes,
    )


def _decimal(valeur: float | int | str) -> Decimal:
    return Decimal(str(valeur))


def _intervalle(bornes: Mapping[str, Any]) -> Intervalle:
    return _decimal(bornes["min"]), _decimal(bornes["max"])


def nombre(valeur: Decimal, decimales: int) -> str:
    return f"{valeur:.{decimales}f}".replace(".", ",")


# ---------------------------------------------------------------- what is refused


def refus(constante: Constante, valeur: Decimal, *, age: int) -> str:
    """Why the value cannot be true, in words for the person who types; empty when it can."""
    bas, haut = constante.rejet_adulte if age >= AGE_ADULTE else constante.rejet
    if not bas <= valeur <= haut:
        de, a = nombre(bas, _utiles(bas)), nombre(haut, _utiles(haut))
        return f"Attendu entre {de} et {a} {constante.unite}. Vérifiez la valeur et l’unité."
    if _utiles(valeur) > constante.decimales:
        if constante.decimales == 0:
            return "Écrivez un nombre entier."
        pluriel = "s" if constante.decimales > 1 else ""
        return f"{constante.decimales} chiffre{pluriel} après la virgule au plus."
    return ""


def _utiles(valeur: Decimal) -> int:
    """Decimals that mean something: 53,40 has one."""
    exposant = valeur.normalize().as_tuple().exponent
    return max(0, -exposant) if isinstance(exposant, int) else 0


def refus_pression(pas: Decimal, pad: Decimal) -> str:
    if pad >= pas:
        return "La diastolique est plus basse que la systolique : les deux sont-elles inversées ?"
    return ""


# ---------------------------------------------------------------- what alerts


def alerter(constante: Constante, serie: Sequence[Releve], *, age: int) -> Alerte | None:
    """The worst alert that the last value of the series raises, the rest being its past."""
    if not serie:
        return None
    ordonnee = sorted(serie, key=lambda r: r.le)
    if constante.code == "imc":
        return alerter_imc(ordonnee[-1].valeur, age=age)
    trouvees = [
        alerte
        for regle in _regles(constante, age)
        if (alerte := _appliquer(constante, regle, ordonnee)) is not None
    ]
    return max(trouvees, key=lambda a: NIVEAUX.index(a.niveau), default=None)


def _regles(constante: Constante, age: int) -> tuple[Regle, ...]:
    if constante.code in SEUILS_ADULTES and age < AGE_SEUILS_ADULTES:
        return ()
    return constante.regles


def _appliquer(constante: Constante, regle: Regle, serie: Sequence[Releve]) -> Alerte | None:
    if regle.op.startswith("variation_"):
        return _variation(constante, regle, serie)
    valeur = serie[-1].valeur
    if not COMPARER[regle.op](valeur, regle.valeur):
        return None
    sens = "bas" if regle.op.startswith("<") else "haut"
    seuil = nombre(regle.valeur, max(_utiles(regle.valeur), constante.decimales))
    return Alerte(
        code=constante.code,
        niveau=regle.niveau,
        titre=f"{constante.court} : {constante.ecrire(valeur)}",
        detail=f"Seuil {sens} : {seuil} {constante.unite}.",
    )


def seuil_haut(constante: Constante, *, age: int) -> Decimal | None:
    """The first threshold met when the value rises: the line of a chart."""
    return min((r.valeur for r in _regles(constante, age) if r.op in (">", ">=")), default=None)


# ---------------------------------------------------------------- weight


def references(serie: Sequence[Releve], jours: int) -> list[Releve]:
    """The earlier values of the last `jours` days (30 stand for a month, which may count 31).

    People are weighed once a month: when nothing was measured in the first half of the window,
    the last value before it counts, up to one and a half windows back.
    """
    dernier, avant = serie[-1], serie[:-1]
    jours = jours * 31 // 30
    ages = [((dernier.le.date() - r.le.date()).days, r) for r in avant]
    dedans = [r for age, r in ages if age <= jours]
    if not any(jours <= 2 * age for age, _ in ages if age <= jours):
        anciens = [r for age, r in ages if jours < age <= jours * 3 // 2]
        return anciens[-1:] + dedans
    return dedans


def reference_de_perte(serie: Sequence[Releve], jours: int) -> Releve | None:
    """The heaviest weight of the window: a loss is counted from it."""
    return max(references(serie, jours), key=lambda r: r.valeur, default=None) if serie else None


def perte_pct(reference: Decimal, valeur: Decimal) -> Decimal:
    return (100 * (reference - valeur) / reference).quantize(DIXIEME)


def _variation(constante: Constante, regle: Regle, serie: Sequence[Releve]) -> Alerte | None:
    _, unite, fenetre = regle.op.split("_")
    jours, dernier = int(fenetre.removesuffix("j")), serie[-1]
    choisir = max if regle.valeur < 0 else min
    reference = choisir(references(serie, jours), key=lambda r: r.valeur, default=None)
    if reference is None:
        return None
    ecart = dernier.valeur - reference.valeur
    mesure = 100 * ecart / reference.valeur if unite == "pct" else ecart
    if (mesure > regle.valeur) if regle.valeur < 0 else (mesure < regle.valeur):
        return None
    return _alerte_variation(constante, regle, reference, dernier)


def _alerte_variation(
    constante: Constante, regle: Regle, reference: Releve, dernier: Releve
) -> Alerte:
    perte = regle.valeur < 0
    ecart = abs(dernier.valeur - reference.valeur)
    if "_pct_" in regle.op:
        quantite = f"{nombre(100 * ecart / reference.valeur, 1)} %"
    else:
        quantite = constante.ecrire(ecart)
    duree = duree_en_mots((dernier.le.date() - reference.le.date()).days)
    mot = "Perte" if perte else "Prise"
    return Alerte(
        code=constante.code,
        niveau=regle.niveau,
        titre=f"{mot} de {constante.libelle.lower()} : {quantite} en {duree}",
        detail=(
            f"{constante.ecrire(dernier.valeur)} contre {constante.ecrire(reference.valeur)} "
            f"le {reference.le:%d/%m}."
        ),
    )


def duree_en_mots(jours: int) -> str:
    """un jour, 12 jours, 3 semaines, un mois, six mois… as one says a delay."""
    if jours < 14:
        return "un jour" if jours <= 1 else f"{jours} jours"
    if jours < 27:
        return f"{round(jours / 7)} semaines"
    mois = round(jours / 30.4)
    mots = {1: "un", 2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six"}
    return f"{mots.get(mois, str(mois))} mois"


def imc(poids: Decimal, taille: Decimal) -> Decimal:
    """kg and cm."""
    return (poids / (taille / 100) ** 2).quantize(DIXIEME)


def alerter_imc(valeur: Decimal, *, age: int) -> Alerte | None:
    """HAS 2019 and 2021: another scale from 70 years on; none for a child."""
    if age < AGE_ADULTE:
        return None
    severe, modere = ("20", "22") if age >= 70 else ("17", "18.5")
    if valeur >= Decimal(modere):
        return None
    niveau, seuil = ("alerte", severe) if valeur < Decimal(severe) else ("attention", modere)
    return Alerte(
        code="imc",
        niveau=niveau,
        titre=f"IMC : {nombre(valeur, 1)}",
        detail=f"Critère de dénutrition : sous {nombre(Decimal(seuil), _utiles(Decimal(seuil)))}.",
    )
