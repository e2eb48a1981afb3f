"""Who is in the invented directory: structures, professionals, activities, MSSanté addresses."""

from dataclasses import dataclass, field
from functools import cache

from dui.demonstration import textes
from dui.demonstration.entourage import MEDECINS
from dui.demonstration.structure import finess, telephone_fixe
from dui.demonstration.tirage import Urne, alea
from dui.socle.identite import forme_ins

# commune: (postal code, INSEE code)
COMMUNES = {
    "Saumur": ("49400", "49328"),
    "Angers": ("49000", "49007"),
    "Longué-Jumelles": ("49160", "49180"),
    "Doué-en-Anjou": ("49700", "49125"),
    "Cholet": ("49300", "49099"),
    "Nantes": ("44000", "44109"),
    "Tours": ("37000", "37261"),
}
# code: (label, how many in the demo, mode, sector, sector label, what the place is called)
METIERS = {
    "10": ("Médecin", 14, "L", "SA07", "Cabinet individuel", "Cabinet médical"),
    "21": ("Pharmacien", 8, "L", "SA33", "Pharmacie d’officine", "Pharmacie"),
    "60": ("Infirmier", 12, "L", "SA08", "Cabinet de groupe", "Cabinet infirmier"),
    "70": ("Masseur-Kinésithérapeute", 9, "L", "SA08", "Cabinet de groupe", "Cabinet de kiné"),
    "91": ("Orthophoniste", 5, "L", "SA07", "Cabinet individuel", "Cabinet d’orthophonie"),
    "80": ("Pédicure-Podologue", 4, "L", "SA07", "Cabinet individuel", "Cabinet de pédicurie"),
    "40": ("Chirurgien-Dentiste", 4, "L", "SA07", "Cabinet individuel", "Cabinet dentaire"),
    "93": ("Psychologue", 3, "L", "SA07", "Cabinet individuel", "Cabinet"),
}  # fmt: skip
SPECIALITES = (
    ("SM54", "Médecine Générale"),
    ("SM54", "Médecine Générale"),
    ("SM54", "Médecine Générale"),
    ("SM18", "Gériatrie"),
    ("SM04", "Cardiologie et maladies vasculaires"),
    ("SM15", "Dermatologie et vénéréologie"),
)
VOIES = ("DU PORT", "DE LA LOIRE", "DES TANNEURS", "VOLTAIRE", "DU CHATEAU", "DES VIGNES")
NOMS_DES_LIEUX = ("du Port", "des Tanneurs", "de la Loire", "Voltaire", "du Château", "des Vignes")
HOPITAUX = (
    ("CENTRE HOSPITALIER DE SAUMUR", "Saumur", "SA01", "Etablissement public de santé"),
    (
        "CENTRE HOSPITALIER UNIVERSITAIRE D’ANGERS",
        "Angers",
        "SA01",
        "Etablissement public de santé",
    ),
    ("HAD DU VAL DE LOIRE", "Saumur", "SA01", "Etablissement public de santé"),
    ("LABORATOIRE BIOLOIRE", "Saumur", "SA25", "Laboratoire de biologie médicale"),
)


@dataclass(frozen=True)
class Structure:
    nom: str
    finess: str
    technique: str
    commune: str
    numero: str
    voie: str
    telephone: str
    secteur: str
    secteur_libelle: str
    finess_ej: str = ""

    @property
    def identifiant(self) -> str:
        return f"1{self.finess}" if self.finess else f"4{self.technique}"

    @property
    def code_postal(self) -> str:
        return COMMUNES[self.commune][0]


@dataclass(frozen=True)
class Activite:
    rpps: str
    civilite: str
    nom: str
    prenom: str
    profession: str
    profession_libelle: str
    savoir_faire: str
    savoir_faire_libelle: str
    mode: str
    structure: Structure
    numero: int  # of the practitioner, then of the activity, in the API

    @property
    def idnps(self) -> str:
        return f"8{self.rpps}"

    @property
    def mssante(self) -> str:
        prenom, nom = (forme_ins(t).lower().replace(" ", "-") for t in (self.prenom, self.nom))
        return f"{prenom}.{nom}@demonstration.mssante.example.org".replace("'", "")


@dataclass
class Annuaire:
    activites: list[Activite] = field(default_factory=list)
    etablissements: list[Structure] = field(default_factory=list)

    @property
    def structures(self) -> list[Structure]:
        vues = {a.structure.identifiant: a.structure for a in self.activites}
        return list((vues | {s.identifiant: s for s in self.etablissements}).values())


def rpps(numero: int) -> str:
    """Eleven figures, the last by Luhn's rule, in a range that is not given to anybody."""
    dix = f"8998{numero:06d}"
    somme = sum(
        sum(divmod(int(c) * (2 if r % 2 else 1), 10)) for r, c in enumerate(reversed(dix), 1)
    )
    return f"{dix}{-somme % 10}"


@cache
def de_la_demonstration() -> Annuaire:
    annuaire, numero = Annuaire(), 0
    for rang, (nom, commune, secteur, libelle) in enumerate(HOPITAUX):
        annuaire.etablissements.append(
            _lieu(nom, finess(900 + rang), "", commune, secteur, libelle, rang)
        )
    medecins = iter(MEDECINS[1:])  # the first one holds an account of the house
    for code, metier in METIERS.items():
        for rang in range(metier[1]):
            numero += 1
            personne = next(medecins, None) if code == "10" else None
            annuaire.activites += _professionnel(annuaire, code, rang, numero, personne)
    return annuaire


def _professionnel(annuaire, code, rang, numero, personne) -> list[Activite]:
    libelle, _, mode, secteur, secteur_libelle, lieu = METIERS[code]
    a = alea(1, "annuaire", code, rang)
    prenom, nom, sexe = personne or _nom(a)
    commune = a.choice(list(COMMUNES)) if rang > 1 else "Saumur"
    qui = (rpps(numero), "MME" if sexe == "F" else "M", nom, prenom.upper(), code, libelle)
    savoir = SPECIALITES[rang % len(SPECIALITES)] if code == "10" else ("", "")
    place = f"{lieu} {NOMS_DES_LIEUX[numero % len(NOMS_DES_LIEUX)]}".upper()
    officine = finess(1000 + numero) if code == "21" else ""
    technique = f"C8998{numero:06d}"
    cabinet = _lieu(place, officine, technique, commune, secteur, secteur_libelle, numero)
    lignes = [Activite(*qui, *savoir, mode, cabinet, numero)]
    if savoir[1] == "Gériatrie" or (code == "70" and rang % 4 == 1):
        hopital = annuaire.etablissements[rang % 2]
        lignes.append(Activite(*qui, *savoir, "S", hopital, numero + 10_000))
    return lignes


def _nom(a) -> tuple[str, str, str]:
    listes = textes.listes("noms.txt")
    sexe = a.choice("FM")
    prenom = a.choice(listes[f"{sexe} 1970"].split())
    return prenom, Urne.par_rang(listes["courants"].split()).tirer(a), sexe


def _lieu(nom, finess_, technique, commune, secteur, libelle, rang) -> Structure:
    a = alea(1, "lieu", rang, nom)
    return Structure(
        nom=nom,
        finess=finess_,
        technique=technique,
        commune=commune,
        numero=str(a.randint(1, 90)),
        voie=VOIES[rang % len(VOIES)],
        telephone=telephone_fixe(a).replace(" ", ""),
        secteur=secteur,
        secteur_libelle=libelle,
    )
