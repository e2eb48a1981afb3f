"""The whole invented world, but for the traces: houses, staff, persons and their stays."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dui.demonstration import magnolia, noms, personnel, personnes, rythme, structure
from dui.demonstration.tirage import alea

# Persons accompanied in the houses that have no rooms, by unit.
SANS_CHAMBRE = {"ime": 14, "ssiad": 20}
CLOS_PAR_MAISON = {"ehpad": 12, "ime": 5, "ssiad": 6}
ACTIFS_PAR_EHPAD = 80
AN = timedelta(days=365)
HOMONYMES = 0.01
# A published test identity, known to the INSi of the demo: provisional, still to be asked about.
CONNUE_D_INSI = {
    "nom": "TCHITCHI",
    "prenom": "Catarina",
    "prenoms": "Catarina Bella",
    "sexe": "F",
    "naissance": date(1936, 6, 21),
    "cog": "63220",
    "commune": "Mazoires",
    "statut": "PROV",
    "gir": 4,
    "portrait": 0,
}


@dataclass(frozen=True)
class Taille:
    """`ehpad`: how many of them; the institute and the home service come on top."""

    ehpad: int
    jours: int = 365
    part: float = 1.0  # of the places that are taken: the tests make a small world


TAILLES = {"s": Taille(1), "m": Taille(12), "l": Taille(62)}


@dataclass
class Monde:
    graine: object
    maintenant: datetime  # naive, in the time zone of the houses
    taille: Taille
    maisons: list
    employes: list
    service: personnel.Service
    personnes: list = field(default_factory=list)

    @property
    def jour(self) -> date:
        return self.maintenant.date()

    @property
    def debut(self) -> date:
        return self.jour - timedelta(days=self.taille.jours)

    def alea(self, *chemin):
        return alea(self.graine, *chemin)

    def employe(self, nom: str):
        return next(e for e in self.employes if f"{e.prenom} {e.nom}" == nom)


def creer(taille: Taille, *, graine, maintenant: datetime) -> Monde:
    maisons = structure.construire(graine, ehpad=taille.ehpad)
    employes = personnel.recruter(graine, maisons)
    monde = Monde(graine, maintenant, taille, maisons, employes, personnel.Service.de(employes))
    for maison in maisons:
        presents = list(_presents(monde, maison))
        fins = {i for i, p in enumerate(presents) if "fin_vie" in p.traits}
        poids = rythme.intensites(len(presents), monde.alea("intensites", maison.rang), fins)
        for p, intensite in zip(presents, poids, strict=True):
            p.intensite = min(intensite, 7.0) * RYTHME[maison.genre]
        monde.personnes += presents + list(_partis(monde, maison, presents))
    _rendre_les_matricules_uniques(monde)
    return monde


def _rendre_les_matricules_uniques(monde):
    pris = set()
    for rang, p in enumerate(monde.personnes):
        a = monde.alea("matricule", rang)
        while p.matricule in pris:
            p.matricule = personnes.matricule(p, a)
        if p.matricule:
            pris.add(p.matricule)


# Ordinary transmissions a day; episodes come on top.
RYTHME = {"ehpad": 1.05, "ime": 1.0, "ssiad": 0.75}


def _presents(monde, maison):
    if maison.vitrine:
        yield from _magnolia(monde, maison)
    deja = {}
    for unite in maison.unites[1 if maison.vitrine else 0 :]:
        for rang, place in enumerate(_places(monde, maison, unite)):
            a = monde.alea("personne", maison.rang, unite.nom, rang)
            if place and a.random() < 0.025:
                continue  # a free room
            p = personnes.creer(
                a, rang, maison.genre, monde.jour, **_imposes(maison, unite, rang, a)
            )
            _homonyme(p, deja, a)
            _installer(p, a, monde, maison, unite, place)
            yield p


def _places(monde, maison, unite):
    nombre = SANS_CHAMBRE.get(maison.genre)
    places = unite.places if nombre is None else [None] * nombre
    return places[: max(2, int(len(places) * monde.taille.part))]


def _imposes(maison, unite, rang, a) -> dict:
    if unite.nom == "Les Lilas":
        mobilite = a.choice(("deambulateur", "deambulateur", "canne", "autonome", "fauteuil"))
        return {"gir": a.choice((1, 2, 2, 3)), "traits": f"lilas trouble {mobilite}"}
    if maison.vitrine and unite.nom == "Glycine" and rang == 1:
        return {"nom": noms.TRES_LONG, "sexe": "F", "prenom": "Marie-Charlotte"}
    if maison.vitrine and unite.nom == "Glycine" and rang == 2:
        return dict(CONNUE_D_INSI)
    if maison.genre == "ime":
        ages = {"Les Mouettes": (6, 11), "Les Cormorans": (12, 15), "Les Sternes": (16, 19)}
        mini, maxi = next(v for k, v in ages.items() if unite.nom.startswith(k))
        return {"age": a.uniform(mini, maxi + 0.9)}
    return {"traits": "fin_vie alite oriente famille", "gir": 1} if a.random() < 0.02 else {}


def _homonyme(p, deja, a):
    """One in a hundred shares name and first name with somebody of the same house."""
    if deja and a.random() < HOMONYMES:
        autre = a.choice([*deja.values()])
        if autre.sexe == p.sexe and not (p.attributs or autre.attributs):
            p.nom, p.prenom, p.prenoms = autre.nom, autre.prenom, autre.prenoms
            p.attributs.add("homonyme")
            autre.attributs.add("homonyme")
    deja[len(deja)] = p


def _installer(p, a, monde, maison, unite, place):
    p.maison, p.unite, p.place = maison, unite, place
    moyenne = 900 if maison.genre == "ehpad" else 1100
    anciennete = int(min(20 + a.expovariate(1 / moyenne), 4000))
    naissance = (monde.jour - p.naissance).days
    p.entree = monde.jour - timedelta(days=min(anciennete, max(naissance - 5 * 365, 30)))
    if "fin_vie" in p.traits:
        p.entree = min(p.entree, monde.jour - timedelta(days=200))
    if maison.genre == "ssiad":
        p.adresse = structure.adresse_privee(a)


def _magnolia(monde, maison):
    unite = maison.unites[0]
    places = {place.chambre: place for place in unite.places}
    for rang, r in enumerate(magnolia.residents(monde.jour)):
        a = monde.alea("magnolia", rang)
        p = personnes.creer(a, rang, "ehpad", monde.jour, **r.imposes())
        p.maison, p.unite, p.place = maison, unite, places[r.chambre]
        p.entree = monde.jour - timedelta(days=a.randint(210, 1900))
        if r.cle == "DURAND Marie":
            p.entree, p.contacts = date(2023, 3, 14), magnolia.contacts_de_marie()
            p.corps |= {"poids": 53.4, "taille": 160, "pas": 132, "pad": 77, "fc": 68, "spo2": 96}
        if r.nom == "DURAND":
            p.attributs = {"homonyme"}
        yield p
    yield _attendu(monde, maison, unite, places["27"])


def _attendu(monde, maison, unite, place):
    """M. PRIGENT comes tomorrow: his record is open, his room is ready."""
    a = monde.alea("attendu")
    p = personnes.creer(
        a, 99, "ehpad", monde.jour, nom="PRIGENT", prenom="Louis", sexe="M", gir=4,
        naissance=date(1940, 6, 21), traits="canne oriente cardiaque famille fige", portrait=14,
    )  # fmt: skip
    p.maison, p.unite, p.place = maison, unite, place
    p.entree = monde.jour + timedelta(days=1)
    return p


def _partis(monde, maison, presents):
    """Closed records: people who left before somebody came to the same room."""
    arrives = [p for p in presents if p.entree > monde.debut - AN and p.entree < monde.jour]
    nombre = int(CLOS_PAR_MAISON[maison.genre] * monde.taille.part) or 1
    for rang, suivant in enumerate(arrives[:nombre]):
        a = monde.alea("parti", maison.rang, rang)
        p = personnes.creer(a, 1000 + rang, maison.genre, monde.jour, **_age_de(maison, a))
        p.maison, p.unite, p.place = maison, suivant.unite, suivant.place
        p.sortie = suivant.entree - timedelta(days=a.randint(2, 12))
        p.entree = p.sortie - timedelta(days=a.randint(90, 1600))
        if maison.genre == "ehpad" and a.random() < 0.75:
            p.mode_sortie, p.deces = "deces", p.sortie
        else:
            p.mode_sortie = "transfert" if maison.genre == "ehpad" else "autre"
        yield p


def _age_de(maison, a):
    return {"age": a.uniform(16, 19.9)} if maison.genre == "ime" else {}
