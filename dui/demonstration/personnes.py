"""An accompanied person: identity, traits that pick the texts, people around."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from dui.demonstration import lieux, noms
from dui.demonstration.entourage import entourage
from dui.demonstration.tirage import identifiant
from dui.socle.identite import cle_nir

OID_DEMONSTRATION = "1.2.250.1.213.1.4.11"
LOISIRS = ["belote", "jardin", "musique", "mots_croises", "lecture", "messe", "chorale"]
LOISIRS += ["peinture", "tricot"]


@dataclass
class Personne:
    rang: int
    genre: str
    id: str
    dossier: str
    sejour: str
    nom: str
    prenoms: str
    prenom: str
    sexe: str
    naissance: date
    traits: set = field(default_factory=set)
    incomplete: str = ""
    cog: str = ""
    commune: str = ""
    pays: str = ""
    nom_utilise: str = ""
    prenom_utilise: str = ""
    matricule: str = ""
    statut: str = "QUAL"  # QUAL RECUP VALI PROV
    attributs: set = field(default_factory=set)
    situation: str = ""
    portrait: int = 0
    gir: int | None = None
    contacts: list = field(default_factory=list)
    maison: object = None
    unite: object = None
    place: object = None
    entree: date = None
    sortie: date = None
    mode_sortie: str = ""
    deces: date = None
    intensite: float = 1.0
    corps: dict = field(default_factory=dict)
    adresse: tuple = ()

    @property
    def feminin(self) -> bool:
        return self.sexe == "F"

    @property
    def civilite(self) -> str:
        return "" if self.genre == "ime" else ("MME" if self.feminin else "M")

    @property
    def appelee(self) -> str:
        """Mme DURAND, M. LE GOFF; a child is called by the first name."""
        if self.genre == "ime":
            return self.prenom_utilise or self.prenom
        return f"{'Mme' if self.feminin else 'M.'} {(self.nom_utilise or self.nom).upper()}"


AGES = {"ehpad": (87.0, 6.5, 62, 107), "ime": (13.0, 3.6, 6, 20), "ssiad": (82.0, 7.5, 60, 101)}
PART_DES_FEMMES = {"ehpad": 0.73, "ime": 0.36, "ssiad": 0.62}
GIR = {
    "ehpad": ((1, 12), (2, 30), (3, 21), (4, 26), (5, 7), (6, 4)),
    "ssiad": ((1, 10), (2, 35), (3, 25), (4, 30)),
}
MOBILITES = {
    1: (("alite", 55), ("fauteuil", 45)),
    2: (("fauteuil", 62), ("deambulateur", 30), ("alite", 8)),
    3: (("deambulateur", 60), ("fauteuil", 25), ("canne", 15)),
    4: (("deambulateur", 50), ("canne", 40), ("autonome", 10)),
    5: (("canne", 45), ("autonome", 55)),
    6: (("autonome", 75), ("canne", 25)),
}


def pondere(a: Random, choix):
    return a.choices([c for c, _ in choix], [p for _, p in choix])[0]


def creer(a: Random, rang: int, genre: str, jour: date, **imposes) -> Personne:
    """A person drawn at random; `imposes` are the facts that the scenario decides."""
    sexe = imposes.pop("sexe", None) or ("F" if a.random() < PART_DES_FEMMES[genre] else "M")
    age, traits = imposes.pop("age", None), imposes.pop("traits", "")
    naissance = imposes.pop("naissance", None) or _naissance(a, genre, jour, age)
    p = Personne(
        rang, genre, identifiant(a), identifiant(a), identifiant(a), "", "", "", sexe, naissance
    )
    _nommer(p, a)
    if "prenom" in imposes:
        p.prenoms = imposes["prenom"]
    if "nom" in imposes:
        p.nom_utilise = p.pays = ""
    for champ in ("nom", "prenom", "prenoms", "cog", "commune", "gir"):
        if champ in imposes:
            setattr(p, champ, imposes.pop(champ))
    if p.cog[:2] == "99":
        p.pays = p.commune
    _dater(p, a, jour, certaine="portrait" in imposes)
    _identite(p, a, imposes.pop("statut", None))
    if genre == "ime":
        _traits_ime(p, a, jour)
    else:
        p.gir = p.gir or pondere(a, GIR[genre])
        _traits_adulte(p, a, fixes=traits)
    for champ, valeur in imposes.items():
        setattr(p, champ, valeur)
    _deriver(p)
    p.corps = _corps(p, a, jour)
    p.contacts = entourage(p, a)
    return p


def _naissance(a, genre, jour, age=None):
    moyenne, ecart, mini, maxi = AGES[genre]
    age = age or min(max(a.gauss(moyenne, ecart), mini), maxi)
    return jour - timedelta(days=int(age * 365.25) + a.randint(0, 20))


def _nommer(p, a):
    annee, ailleurs = p.naissance.year, a.random() < 0.09
    if ailleurs:
        p.nom, hommes, femmes, p.cog, p.pays = noms.origine(a)
        p.prenom = a.choice(femmes if p.feminin else hommes)
        p.commune = p.pays
        if p.genre == "ime":  # born here, of parents from there
            p.prenom = noms.prenom(a, p.sexe, annee)
    if not ailleurs or p.genre == "ime":
        p.commune, p.cog = lieux.commune(a)
        p.pays = ""
        p.nom = p.nom or noms.nom_de_famille(a)
        p.prenom = p.prenom or noms.prenom(a, p.sexe, annee)
    p.prenoms = p.prenom if ailleurs else noms.prenoms_de_naissance(a, p.prenom, p.sexe, annee)
    if p.feminin and p.genre != "ime" and a.random() < 0.38:
        p.nom_utilise = noms.nom_de_famille(a)
    if p.genre != "ime" and not ailleurs and " " in p.prenoms and a.random() < 0.04:
        p.prenom_utilise = p.prenoms.split()[1]


def _dater(p, a, jour, certaine):
    """Unknown day or month: seen with people born abroad, in the form the INS rules give."""
    tire = a.random()
    if certaine or not ((p.pays and tire < 0.35) or tire < 0.004):
        return
    if a.random() < 0.5:
        p.incomplete, p.naissance = "jour", p.naissance.replace(day=1)
    else:
        p.incomplete, p.naissance = "jour_mois", date(p.naissance.year, 12, 31)
    if p.naissance > jour:
        p.incomplete, p.naissance = "", jour


def _identite(p, a, statut):
    p.statut = statut or pondere(a, (("QUAL", 82), ("RECUP", 8), ("VALI", 6), ("PROV", 4)))
    if p.statut in ("QUAL", "RECUP"):
        p.matricule = matricule(p, a)
    elif p.statut == "PROV" and not statut and a.random() < 0.2:
        p.attributs.add("douteuse")


def matricule(p, a) -> str:
    return lieux.matricule(a, sexe=p.sexe, naissance=p.naissance, cog=p.cog, cle=cle_nir)


def _traits_ime(p, a, jour):
    age = (jour - p.naissance).days / 365.25
    t = p.traits
    t.add("enfant" if age < 12 else "ado")
    t.add("autisme" if a.random() < 0.45 else a.choice(("di", "di", "trisomie")))
    t.add("nonverbal" if a.random() < (0.45 if "autisme" in t else 0.15) else "verbal")
    if a.random() < 0.16:
        t.add("epilepsie")
    if age >= 10 and a.random() < 0.25:
        t.add("internat")


def _traits_adulte(p, a, fixes=""):
    """`fixes`: traits that the scenario decides; nothing drawn may contradict them."""
    t = set(fixes.split())
    gir = p.gir
    if not t & {"alite", "fauteuil", "deambulateur", "canne", "autonome"}:
        t.add(pondere(a, MOBILITES[gir]))
    if "fige" in t:  # decided to the last detail
        p.traits |= t
        return
    if "oriente" not in t:
        severe, trouble = {1: (0.55, 0.3), 2: (0.32, 0.4), 3: (0.08, 0.42)}.get(gir, (0, 0.22))
        tire = a.random()
        if tire < severe:
            t |= {"trouble", "severe"}
        elif tire < severe + trouble or "lilas" in t:
            t.add("trouble")
    for trait, chance in (
        ("hta", 0.55), ("anticoag", 0.32), ("cardiaque", 0.24), ("bpco", 0.1), ("diabete", 0.2),
        ("arthrose", 0.5), ("sourd", 0.34), ("malvoyant", 0.12), ("dentier", 0.45),
        ("parkinson", 0.06), ("avc", 0.1), ("famille", 0.75),
    ):  # fmt: skip
        if a.random() < chance:
            t.add(trait)
    if "diabete" in t and a.random() < 0.45:
        t.add("insuline")
    if gir <= 2 and a.random() < 0.3:
        t |= {"fausse_route", "mixe", "gelifiee"}
    elif gir <= 4 and a.random() < 0.12:
        t.add("hache")
    if gir <= 2 or a.random() < 0.2:
        t.add("incontinent")
    if gir == 1 and a.random() < 0.2:
        t.add("escarre")
    if a.random() < 0.14:
        t.add("denutri")
    if "severe" not in t:
        t |= set(a.sample(LOISIRS, a.choice((1, 2, 2, 3))))
        if not p.feminin:
            t.discard("tricot")
    if p.genre == "ssiad":
        t.add("domicile")
        if a.random() < 0.4:
            t.add("conjoint")
    if "fin_vie" in t:
        t -= {"diabete", "insuline", "denutri", "hache", "deambulateur", "canne", "autonome"}
    p.traits |= t


def _deriver(p):
    """What follows from the rest."""
    t = p.traits
    t.add("femme" if p.feminin else "homme")
    if p.genre == "ime":
        return
    if not t & {"alite"}:
        t.add("leve")
    if t & {"deambulateur", "canne", "autonome"}:
        t.add("marche")
    if "marche" not in t:
        t.add("peu_mobile")
    if "severe" not in t:
        t.add("parle")
    if "fin_vie" not in t:
        t.add("mange")
    if p.gir and p.gir <= 2 and "autonome" not in t and "canne" not in t:
        t.add("dependant")


def _corps(p, a, jour):
    age = (jour - p.naissance).days / 365.25
    if p.genre == "ime":
        taille = 78 + 5.6 * age + a.gauss(0, 4) if age < 16 else a.gauss(168, 7)
        poids = round((taille / 100) ** 2 * (14.5 + age / 3), 1)
        enfant = {"pas": 108, "pad": 65, "fc": 88, "spo2": 98}
        return {"taille": round(taille), "poids": poids, **enfant}
    taille = a.gauss(156 if p.feminin else 169, 6)
    imc = min(max(a.gauss(20.5 if "denutri" in p.traits else 25, 3.2), 16.5), 38)
    return {
        "taille": round(taille),
        "poids": round((taille / 100) ** 2 * imc, 1),
        "pas": round(a.gauss(138 if "hta" in p.traits else 126, 7)),
        "pad": round(a.gauss(76, 5)),
        "fc": round(a.gauss(74, 7)),
        "spo2": 92 if "bpco" in p.traits else a.choice((95, 96, 96, 97, 97, 98)),
        "glycemie": 1.5 if "diabete" in p.traits else 1.0,
    }
