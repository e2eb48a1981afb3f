"""The people around somebody, in the order in which they are called, and what the texts say of
them: [proche], [conjoint], [medecin]."""

from dataclasses import dataclass

from dui.demonstration import noms
from dui.demonstration.structure import telephone_fixe, telephone_mobile

# relation: (word, code, sex, years of difference with the person)
FAMILLE = (
    ("fille", "DAUC", "F", 28, 40),
    ("fils", "SONC", "M", 28, 34),
    ("nièce", "NIECE", "F", 30, 8),
    ("neveu", "NEPHEW", "M", 30, 6),
    ("sœur", "SIS", "F", -3, 5),
    ("petite-fille", "GRNDDAU", "F", 55, 5),
    ("petit-fils", "GRNDSO", "M", 55, 3),
)
VILLES = (
    ("49400", "Saumur"),
    ("49000", "Angers"),
    ("44000", "Nantes"),
    ("37000", "Tours"),
    ("75012", "Paris"),
    ("35000", "Rennes"),
    ("49160", "Longué-Jumelles"),
)
QUAND = ("", "", "", "après 18:00", "avant 22:00", "jour et nuit", "le matin", "pas le mercredi")
MEDECINS = (
    ("Hélène", "PETIT", "F"),
    ("Jean-Marc", "BODIN", "M"),
    ("Sophie", "LANDREAU", "F"),
    ("Gilles", "MÉTAYER", "M"),
    ("Anne-Laure", "PASQUIER", "F"),
    ("Philippe", "VIGNERON", "M"),
)


@dataclass
class Contact:
    civilite: str
    nom: str
    prenom: str
    role: str
    relation: str
    mot: str  # fille, fils…: how a text names it
    telephone: str = ""
    telephone_2: str = ""
    courriel: str = ""
    code_postal: str = ""
    ville: str = ""
    disponibilite: str = ""
    confiance: bool = False
    legal: bool = False
    commentaire: str = ""

    @property
    def feminin(self):
        return self.civilite == "MME"


def _proche(p, a, mot, code, sexe, ecart, role="NOK"):
    annee = p.naissance.year + ecart + a.randint(-3, 4)
    nom = p.nom_utilise or p.nom
    if sexe == "F" and a.random() < 0.5 and mot != "mère":
        nom = noms.nom_de_famille(a)
    code_postal, ville = a.choice(VILLES)
    return Contact(
        "MME" if sexe == "F" else "M",
        nom,
        noms.prenom(a, sexe, annee),
        role,
        code,
        mot,
        telephone_mobile(a),
        telephone_fixe(a) if a.random() < 0.25 else "",
        code_postal=code_postal,
        ville=ville,
        disponibilite=a.choice(QUAND),
    )


def medecin(a) -> Contact:
    prenom, nom, sexe = a.choice(MEDECINS)
    return Contact(
        "MME" if sexe == "F" else "M",
        nom,
        prenom,
        "PROV",
        "MEDECIN_TRAITANT",
        "médecin traitant",
        "02 61 91 00 34" if nom == "PETIT" else telephone_fixe(a),
    )


def entourage(p, a) -> list[Contact]:
    if p.genre == "ime":
        return _parents(p, a)
    contacts = []
    if p.genre == "ssiad" and "conjoint" in p.traits:
        sexe = "M" if p.feminin else "F"
        mot, code = ("époux", "HUSB") if p.feminin else ("épouse", "WIFE")
        contacts.append(_proche(p, a, mot, code, sexe, 0, "CAREGIVER"))
        contacts[0].nom = p.nom_utilise or p.nom
    poids = [f[4] for f in FAMILLE]
    for _ in range(a.choice((1, 2, 2, 3)) if "famille" in p.traits else a.choice((0, 1))):
        mot, code, sexe, ecart, _ = a.choices(FAMILLE, poids)[0]
        contacts.append(_proche(p, a, mot, code, sexe, ecart))
    if contacts:
        contacts[0].role = "ECON" if contacts[0].role == "NOK" else contacts[0].role
        contacts[0].confiance = a.random() < 0.55
    if a.random() < 0.16 or not contacts:
        contacts.append(_protecteur(p, a))
    contacts.append(medecin(a))
    return contacts


def _protecteur(p, a):
    mot, code = a.choice((("tuteur", "TUTEUR"), ("curateur", "CURATEUR")))
    return Contact(
        "M" if a.random() < 0.5 else "MME",
        noms.nom_de_famille(a),
        "",
        "GUARD",
        code,
        mot,
        telephone_fixe(a),
        disponibilite="du lundi au vendredi, 9:00 à 17:00",
        legal=code == "TUTEUR",
        commentaire="Association tutélaire du Saumurois",
    )


def _parents(p, a):
    mere = _proche(p, a, "mère", "MTH", "F", -30, "GUARD")
    pere = _proche(p, a, "père", "FTH", "M", -32, "GUARD")
    for parent in (mere, pere):
        parent.legal, parent.nom = True, p.nom
        parent.code_postal, parent.ville = mere.code_postal, mere.ville
    if a.random() < 0.18:
        return [mere, medecin(a)]
    return [mere, pere, medecin(a)]


# ---------------------------------------------------------------- what the texts say of them


def mots(p, *, voisins=()) -> dict:
    """The names that a text about this person may use."""
    famille = [c for c in p.contacts if c.role != "PROV" and c.prenom]
    tuteur = next((c for c in p.contacts if not c.prenom), None)
    docteur = next((c for c in p.contacts if c.relation.startswith("MEDECIN")), None)
    lu = {"M": p.appelee, "prenom": p.prenom}
    proches = [f"{_possessif(c.mot)} {c.mot} {c.prenom}" for c in famille]
    ami = proches or ([f"son {tuteur.mot}"] if tuteur else [])
    lu["proche"] = proches[0] if proches else "un bénévole"
    lu["proche_ou_ami"] = ami[0] if ami else "un proche"
    lu["medecin"] = f"Dr {docteur.nom.title()}" if docteur else "médecin de garde"
    for mot in ("proche", "proche_ou_ami", "medecin"):
        lu[mot[0].upper() + mot[1:]] = lu[mot][0].upper() + lu[mot][1:]
    lu["Medecin"] = f"Le {lu['medecin']}"
    if voisins:
        lu["voisin"] = voisins[0]
    return lu


def _possessif(mot):
    return "son" if mot in ("fils", "neveu", "petit-fils", "époux", "épouse", "père") else "sa"
