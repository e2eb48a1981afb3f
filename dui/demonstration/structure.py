"""The houses: one organisme, its establishments, their units and rooms."""

from dataclasses import dataclass, field

from dui.demonstration import textes
from dui.demonstration.tirage import alea, identifiant

ORGANISME = "Association Rives de Loire"
AUTRES_EHPAD = textes.listes("noms.txt")["autres EHPAD"].split("|")
VILLES = ("49400 Saumur", "49100 Angers", "49300 Cholet", "49160 Longué-Jumelles", "49150 Baugé")


def finess(racine: int) -> str:
    """Nine figures, the last one by Luhn's rule; 99 as order number: no real one looks so."""
    huit = f"4999{racine:04d}"
    somme = sum(sum(divmod(int(c) * (2 if rang % 2 else 1), 10)) for rang, c in enumerate(huit))
    return f"{huit}{-somme % 10}"


@dataclass
class Place:
    id: str
    chambre: str
    ordre: int


@dataclass
class Unite:
    id: str
    nom: str
    ordre: int
    places: list = field(default_factory=list)


@dataclass
class Maison:
    """An establishment; `genre` is the kind of corpus: ehpad, ime, ssiad."""

    rang: int
    genre: str
    id: str
    nom: str
    finess: str
    domaine: str
    categorie: str
    mot: str
    telephone: str
    adresse: str
    unites: list = field(default_factory=list)

    @property
    def vitrine(self) -> bool:
        """The house of the screenshots."""
        return self.rang == 0


GENRES = {
    "ehpad": ("PA", "500", "resident"),
    "ime": ("PH", "183", "jeune"),
    "ssiad": ("DOM", "354", "beneficiaire"),
}


def telephone_fixe(alea) -> str:
    """02 61 91: numbers that the regulator keeps for fiction."""
    return f"02 61 91 {alea.randint(0, 99):02d} {alea.randint(0, 99):02d}"


def telephone_mobile(alea) -> str:
    """06 39 98: idem."""
    return f"06 39 98 {alea.randint(0, 99):02d} {alea.randint(0, 99):02d}"


RUES = ("rue du Port", "rue des Vignes", "chemin du Moulin", "rue de l’Église", "allée des Roses")


def adresse_privee(alea) -> tuple[str, str, str]:
    code, ville = alea.choice(VILLES).split(" ", 1)
    return f"{alea.randint(1, 120)} {alea.choice(RUES)}", code, ville


def _maison(graine, rang, genre, nom, unites):
    """`unites`: (name, rooms) by floor."""
    a = alea(graine, "maison", rang)
    domaine, categorie, mot = GENRES[genre]
    maison = Maison(
        rang,
        genre,
        identifiant(a),
        nom,
        finess(1 + rang),
        domaine,
        categorie,
        mot,
        "02 61 91 00 12" if rang == 0 else telephone_fixe(a),
        f"{a.randint(1, 90)} {a.choice(RUES)}, " + (VILLES[0] if rang == 0 else a.choice(VILLES)),
    )
    for ordre, (nom_unite, chambres) in enumerate(unites):
        unite = Unite(identifiant(a), nom_unite, ordre)
        for numero in chambres:
            unite.places.append(Place(identifiant(a), str(numero), numero))
        maison.unites.append(unite)
    return maison


def _ehpad(graine, rang, nom):
    if rang == 0:
        unites = [
            ("Magnolia", range(10, 35)),
            ("Glycine", range(101, 134)),
            ("Les Lilas", range(201, 225)),
        ]
    else:
        unites = [("Loire", range(1, 29)), ("Vienne", range(101, 129)), ("Thouet", range(201, 227))]
    return _maison(graine, rang, "ehpad", f"EHPAD {nom}", unites)


def construire(graine, *, ehpad: int) -> list[Maison]:
    """Les Tilleuls, the institute, the home service, then as many other houses as asked."""
    ime = [
        ("Les Mouettes (6-12 ans)", ()),
        ("Les Cormorans (12-16 ans)", ()),
        ("Les Sternes (16-20 ans)", ()),
    ]
    maisons = [
        _ehpad(graine, 0, "Les Tilleuls"),
        _maison(graine, 1, "ime", "IME Les Goélands", ime),
        _maison(
            graine,
            2,
            "ssiad",
            "SSIAD Val de Loire",
            [("Tournée Saumur", ()), ("Tournée Longué", ())],
        ),
    ]
    for rang in range(3, 2 + ehpad):
        numero, tour = (rang - 3) % len(AUTRES_EHPAD), (rang - 3) // len(AUTRES_EHPAD)
        nom = AUTRES_EHPAD[numero] + (f" {tour + 1}" if tour else "")
        maisons.append(_ehpad(graine, rang, nom))
    return maisons
