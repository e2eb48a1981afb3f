"""When things are written in a house: three changes of shift make most of the day."""

from datetime import datetime, time, timedelta

from dui.demonstration.tirage import Urne

PICS = ((6 * 60 + 30, 45), (13 * 60 + 30, 45), (20 * 60 + 30, 45))  # start and length, minutes
PART_DES_PICS = 0.60
RETARDS = 0.11
RETARD_MINUTES = (62, 150)  # not more: « à midi » must stay true
IMPORTANTES = 0.05
COMMENTEES = 0.06

# Moment of the day by its last minute (excluded).
MOMENTS = (
    (5 * 60 + 30, "nuit"),
    (7 * 60 + 20, "fin_nuit"),
    (11 * 60 + 45, "matin"),
    (14 * 60 + 30, "midi"),
    (18 * 60, "apresmidi"),
    (20 * 60 + 15, "soir"),
    (21 * 60 + 30, "coucher"),
    (24 * 60, "nuit"),
)
_MINUTES_MOMENT = tuple(
    next(nom for fin, nom in MOMENTS if minute < fin) for minute in range(24 * 60)
)
# Where the scenes of an episode fall.
FENETRES = {
    "nuit": (1 * 60 + 30, 4 * 60 + 30),
    "fin_nuit": (6 * 60 + 30, 7 * 60 + 10),
    "matin": (8 * 60 + 30, 11 * 60 + 30),
    "midi": (12 * 60 + 40, 14 * 60 + 10),
    "apresmidi": (14 * 60 + 45, 17 * 60 + 30),
    "soir": (18 * 60 + 20, 20 * 60),
    "coucher": (20 * 60 + 30, 21 * 60 + 10),
}
# Weight of an ordinary minute outside the peaks, by hour.
HORS_PICS = {
    "PA": (2, 2, 2, 2, 2, 3, 4, 5, 7, 9, 9, 8, 7, 6, 7, 7, 7, 6, 6, 6, 4, 4, 3, 2),
    "PH": (0, 0, 0, 0, 0, 0, 2, 0, 0, 6, 7, 6, 4, 8, 7, 8, 8, 2, 1, 1, 2, 1, 0, 0),
    "DOM": (0, 0, 0, 0, 0, 0, 0, 9, 10, 10, 9, 8, 4, 2, 2, 3, 6, 8, 8, 5, 0, 0, 0, 0),
}
# Peaks of each domain; an institute has only the one of noon, a home service has rounds.
PICS_DU_DOMAINE = {"PA": PICS, "PH": PICS[1:2], "DOM": ()}
AVEC_PICS = {"PA": PART_DES_PICS, "PH": 0.2, "DOM": 0.0}


def _poids_des_minutes(domaine):
    heures = HORS_PICS[domaine]
    ordinaires = [heures[m // 60] for m in range(24 * 60)]
    part = AVEC_PICS[domaine]
    total = sum(ordinaires)
    poids = [(1 - part) * p / total for p in ordinaires]
    pics = PICS_DU_DOMAINE[domaine]
    duree = sum(longueur for _, longueur in pics)
    for debut, longueur in pics:
        for minute in range(debut, debut + longueur):
            poids[minute] += part / duree
    return poids


_URNES = {d: Urne(range(24 * 60), _poids_des_minutes(d)) for d in HORS_PICS}


def minute_du_jour(alea, domaine: str) -> int:
    return _URNES[domaine].tirer(alea)


def moment(minute: int) -> str:
    return _MINUTES_MOMENT[minute]


def minute_du_moment(alea, nom: str) -> int:
    debut, fin = FENETRES[nom]
    return debut + int(alea.random() * (fin - debut))


def retard(alea, nom: str) -> int:
    """Minutes between what happened and what was written: one in ten is late, by day."""
    if nom not in ("nuit", "matin") and alea.random() < RETARDS * 1.35:
        return alea.randint(*RETARD_MINUTES)
    return int(alea.random() * alea.random() * 40)


def intensites(nombre: int, alea, fins_de_vie=()) -> list[float]:
    """Zipf among the residents, mean 1; the end of life weighs five times as much."""
    poids = [1 / (rang + 8) ** 0.6 for rang in range(nombre)]
    alea.shuffle(poids)
    moyenne = sum(poids) / nombre if nombre else 1
    return [p / moyenne * (5 if rang in fins_de_vie else 1) for rang, p in enumerate(poids)]


def nombre_du_jour(alea, intensite: float) -> int:
    """Poisson, by Knuth: means are small."""
    if intensite <= 0:
        return 0
    from math import exp

    seuil, produit, nombre = exp(-intensite), alea.random(), 0
    while produit > seuil:
        nombre, produit = nombre + 1, produit * alea.random()
    return nombre


def instant(jour, minute: int, fuseau) -> datetime:
    return datetime.combine(jour, time(0), tzinfo=fuseau) + timedelta(minutes=minute)
