"""Geometry of the charts: pure functions, from measures to strings ready for SVG attributes.

Numbers come out as strings with a point, because a French template would write a comma.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil, floor, log10

from django.utils import timezone

from dui.formats.calendrier import JOURS, MOIS

LARGEUR, HAUTEUR = 352, 150
GAUCHE, HAUT, BAS = 34, 12, 24
MARGE_VALEUR = 44  # room for the last value, written at the right of its point
ECART_ABSCISSES = 44  # two labels never closer than this
GRADUATIONS_MAX = 5


@dataclass(frozen=True)
class Seuil:
    """A threshold; a value `dessus` (or below, when False) is out of bounds."""

    valeur: float
    libelle: str = "seuil"
    dessus: bool = True


@dataclass(frozen=True)
class Graphe:
    titre: str
    resume: str  # the whole chart in one sentence, for those who do not see it
    derniere: str
    lignes: list[dict]
    largeur: str = str(LARGEUR)
    hauteur: str = str(HAUTEUR)
    x0: str = str(GAUCHE)
    x1: str = str(LARGEUR - MARGE_VALEUR)
    y_abscisses: str = str(HAUTEUR - 6)
    graduations: list[dict] = field(default_factory=list)
    abscisses: list[dict] = field(default_factory=list)
    seuils: list[dict] = field(default_factory=list)
    trace: str = ""
    points: list[dict] = field(default_factory=list)
    barres: list[dict] = field(default_factory=list)
    dernier: dict | None = None
    conclusion: str = ""
    ton: str = "vert"
    icone: str = ""


def nombre(valeur: float, decimales: int = 1) -> str:
    """53,0 — as French writes it."""
    texte = f"{valeur:.{decimales}f}"
    if float(texte) == 0:
        texte = texte.removeprefix("-")
    return texte.replace("-", "−").replace(".", ",")


def rond(valeur: float) -> str:
    """54 or 2,5 — a graduation, without useless zeros."""
    return nombre(valeur, 3).rstrip("0").rstrip(",")


def _px(valeur: float) -> str:
    return f"{valeur:.1f}"


def pas_ronds(etendue: float) -> Iterator[float]:
    """1, 2, 2.5, 3, 5 × 10ⁿ in ascending order, from about a tenth of the extent."""
    puissance = 10 ** (floor(log10(etendue)) - 1)
    while True:
        yield from (m * puissance for m in (1, 2, 2.5, 3, 5))
        puissance *= 10


def graduations(bas: float, haut: float) -> list[float]:
    """Round values that enclose [bas, haut], evenly spaced, five at most."""
    if haut - bas < 1e-6 * max(1.0, abs(haut)):
        marge = max(1.0, abs(haut) * 0.05)
        bas, haut = bas - marge, haut + marge
    for pas in pas_ronds(haut - bas):
        premier, dernier = floor(bas / pas + 1e-9), ceil(haut / pas - 1e-9)
        if dernier - premier < GRADUATIONS_MAX:
            return [round(n * pas, 10) for n in range(premier, dernier + 1)]
    raise AssertionError  # the steps grow without end


def _local(quand: date | datetime) -> date | datetime:
    """In the establishment's zone, as the ward reads it."""
    aware = isinstance(quand, datetime) and timezone.is_aware(quand)
    return timezone.localtime(quand) if aware else quand  # type: ignore[arg-type]


def _instant(quand: date | datetime) -> float:
    if not isinstance(quand, datetime):
        quand = datetime(quand.year, quand.month, quand.day, 12)
    return quand.timestamp()


class _Echelle:
    """Time to x, value to y."""

    def __init__(self, instants: Sequence[float], valeurs: Sequence[float], droite: float):
        self.t0, self.t1 = min(instants), max(instants)
        self.ticks = graduations(min(valeurs), max(valeurs))
        self.x0, self.x1 = float(GAUCHE), droite

    def x(self, instant: float) -> float:
        if self.t1 == self.t0:
            return (self.x0 + self.x1) / 2
        return self.x0 + (instant - self.t0) / (self.t1 - self.t0) * (self.x1 - self.x0)

    def y(self, valeur: float) -> float:
        bas, haut = self.ticks[0], self.ticks[-1]
        return HAUTEUR - BAS - (valeur - bas) / (haut - bas) * (HAUTEUR - BAS - HAUT)


def _jour(quand: date | datetime) -> date:
    return quand.date() if isinstance(quand, datetime) else quand


def etiquette_jour(quand: date | datetime) -> str:
    return f"{JOURS[quand.weekday()]} {quand.day}"


def etiquettes_temps(quands: Sequence[date | datetime]) -> list[tuple[date | datetime, str]]:
    """Candidate labels under the axis: hours, days, months or years according to the extent."""
    debut, fin = quands[0], quands[-1]
    if isinstance(debut, datetime) and fin - debut < timedelta(days=2):
        return [(q, f"{q:%H:%M}") for q in quands]
    jours = (_jour(fin) - _jour(debut)).days
    if jours <= 31:
        return [(q, etiquette_jour(q)) for q in quands]
    pas_annee = jours > 800
    candidats = []
    mois = _jour(debut).replace(day=1)
    while mois <= _jour(fin):
        if mois >= _jour(debut) and (mois.month == 1 or not pas_annee):
            candidats.append((mois, str(mois.year) if pas_annee else MOIS[mois.month - 1]))
        mois = (mois + timedelta(days=32)).replace(day=1)
    return candidats or [(debut, etiquette_jour(debut)), (fin, etiquette_jour(fin))]


def _abscisses(quands, echelle: _Echelle) -> list[dict]:
    """Labels that do not touch each other; the one of the last measure comes first."""
    gardees: list[tuple[float, str]] = []
    for quand, texte in reversed(etiquettes_temps(quands)):
        x = min(max(echelle.x(_instant(quand)), echelle.x0), echelle.x1)
        # The label of the right edge is written leftwards: it needs more room.
        ecart = ECART_ABSCISSES + 22 * bool(gardees and gardees[-1][0] > LARGEUR - 24)
        if not gardees or gardees[-1][0] - x >= ecart:
            gardees.append((x, texte))
    return [
        {"x": _px(x), "texte": texte, "ancre": "end" if x > LARGEUR - 24 else "middle"}
        for x, texte in reversed(gardees)
    ]


def _graduations(echelle: _Echelle) -> list[dict]:
    return [
        {
            "y": _px(echelle.y(t)),
            "y_texte": _px(echelle.y(t) + 4),
            "x": _px(GAUCHE - 8),
            "texte": rond(t),
        }
        for t in echelle.ticks
    ]


def _au_dessus(y: float) -> float:
    """Where to write about a line: above it, below when the frame is too near."""
    return y - 6 if y >= HAUT + 10 else y + 15


def _seuils(seuils: Sequence[Seuil], echelle: _Echelle, decimales: int, *, droite: bool):
    return [
        {
            "y": _px(echelle.y(s.valeur)),
            "y_texte": _px(_au_dessus(echelle.y(s.valeur))),
            "x": _px(echelle.x1 if droite else echelle.x0 + 4),
            "ancre": "end" if droite else "start",
            "texte": f"{s.libelle} : {nombre(s.valeur, decimales)}",
        }
        for s in seuils
    ]


def _hors(valeur: float, seuils: Sequence[Seuil]) -> bool:
    return any(valeur > s.valeur if s.dessus else valeur < s.valeur for s in seuils)


def _date(quand: date | datetime) -> str:
    heure = f" {quand:%H:%M}" if isinstance(quand, datetime) else ""
    return f"{quand:%d/%m/%Y}{heure}"


def _resume(titre: str, textes: Sequence[str], quands, unite: str) -> str:
    if len(textes) == 1:
        return f"{titre} : {textes[0]} {unite}, le {_date(quands[0])}."
    return (
        f"{titre}, {len(textes)} mesures du {_date(quands[0])} au {_date(quands[-1])} : "
        f"de {textes[0]} à {textes[-1]} {unite}."
    )


def courbe(
    mesures: Sequence[tuple[date | datetime, float]],
    *,
    titre: str,
    unite: str = "",
    seuils: Sequence[Seuil] = (),
    decimales: int = 1,
    conclusion: str = "",
    ton: str = "vert",
    icone: str = "",
) -> Graphe | None:
    """A line through measures (weight, temperature); None when there is nothing to draw."""
    if not mesures:
        return None
    ordonnees = sorted(((_local(q), float(v)) for q, v in mesures), key=lambda m: _instant(m[0]))
    quands = [q for q, _ in ordonnees]
    valeurs = [v for _, v in ordonnees]
    instants = [_instant(q) for q in quands]
    bornes = [*valeurs, *(s.valeur for s in seuils)]
    echelle = _Echelle(instants, bornes, float(LARGEUR - MARGE_VALEUR))
    points = [(echelle.x(t), echelle.y(v)) for t, v in zip(instants, valeurs, strict=True)]
    textes = [nombre(v, decimales) for v in valeurs]
    x, y = points[-1]
    return Graphe(
        titre=titre,
        resume=_resume(titre, textes, quands, unite),
        derniere=f"{textes[-1]} {unite}".strip(),
        lignes=_lignes(quands, textes, unite),
        graduations=_graduations(echelle),
        abscisses=_abscisses(quands, echelle),
        seuils=_seuils(seuils, echelle, decimales, droite=False),
        trace=" ".join(f"{_px(a)},{_px(b)}" for a, b in points),
        points=[{"x": _px(a), "y": _px(b)} for a, b in points[:-1]],
        dernier={
            "x": _px(x),
            "y": _px(y),
            "x_texte": _px(x + 10),
            "y_texte": _px(y + 5),
            "texte": textes[-1],
        },
        conclusion=conclusion,
        ton=ton,
        icone=icone,
    )


def intervalles(
    mesures: Sequence[tuple[date | datetime, float, float]],
    *,
    titre: str,
    unite: str = "",
    seuils: Sequence[Seuil] = (),
    decimales: int = 0,
    conclusion: str = "",
    ton: str = "vert",
    icone: str = "",
) -> Graphe | None:
    """Bars from a low to a high value (diastolic, systolic); None when there is nothing."""
    if not mesures:
        return None
    ordonnees = sorted(((_local(q), a, b) for q, a, b in mesures), key=lambda m: _instant(m[0]))
    quands = [q for q, _, _ in ordonnees]
    instants = [_instant(q) for q in quands]
    paires = [(float(min(a, b)), float(max(a, b))) for _, a, b in ordonnees]
    bornes = [v for paire in paires for v in paire] + [s.valeur for s in seuils]
    echelle = _Echelle(instants, bornes, float(LARGEUR - 10))
    echelle.x0 += 10  # the first bar does not sit on the axis
    textes = [f"{nombre(haut, decimales)}/{nombre(bas, decimales)}" for bas, haut in paires]
    return Graphe(
        titre=titre,
        resume=_resume(titre, textes, quands, unite),
        derniere=f"{textes[-1]} {unite}".strip(),
        lignes=_lignes(quands, textes, unite),
        x1=_px(LARGEUR - 10),
        graduations=_graduations(echelle),
        abscisses=_abscisses(quands, echelle),
        seuils=_seuils(seuils, echelle, decimales, droite=True),
        barres=[
            _barre(echelle, t, paire, _hors(paire[1], seuils) or _hors(paire[0], seuils), decimales)
            for t, paire in zip(instants, paires, strict=True)
        ],
        conclusion=conclusion,
        ton=ton,
        icone=icone,
    )


def _barre(echelle: _Echelle, instant: float, paire, hors: bool, decimales: int) -> dict:
    bas, haut = paire
    y = echelle.y(haut)
    return {
        "x": _px(echelle.x(instant)),
        "y1": _px(y),
        "y2": _px(echelle.y(bas)),
        "hors": hors,
        "largeur": "5",
        "texte": nombre(haut, decimales) if hors else "",
        "y_texte": _px(max(y - 6, 10)),
    }


def _lignes(quands, textes: Sequence[str], unite: str) -> list[dict]:
    """The table behind the chart, last first."""
    paires = list(zip(quands, textes, strict=True))
    return [{"quand": _date(q), "valeur": f"{t} {unite}".strip()} for q, t in reversed(paires)]


def eclaircir(mesures: Sequence, maximum: int = 60) -> list:
    """At most `maximum` measures, evenly taken, the last always kept."""
    if len(mesures) <= maximum:
        return list(mesures)
    rangs = sorted({round(i * (len(mesures) - 1) / (maximum - 1)) for i in range(maximum)})
    return [mesures[r] for r in rangs]


def variation(mesures: Sequence[tuple[date, float]], jours: int) -> float | None:
    """The change over the last `jours` days: last value less the one measured before that date."""
    if len(mesures) < 2:
        return None
    ordonnees = sorted((_jour(q), float(v)) for q, v in mesures)
    limite = ordonnees[-1][0] - timedelta(days=jours)
    rang = bisect_left(ordonnees, (limite + timedelta(days=1), float("-inf"))) - 1
    if rang < 0:
        return None
    return ordonnees[-1][1] - ordonnees[rang][1]
