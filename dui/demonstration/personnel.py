"""Who works there: a team for each unit, by shift, and the jobs of the house."""

from dataclasses import dataclass, field

from dui.demonstration import noms, textes
from dui.demonstration.tirage import alea, identifiant

MATIN, SOIR, NUIT, JOUR = "matin", "soir", "nuit", "jour"
# role: (label of the job for a man, for a woman, code of profession)
METIERS = {
    "DIRECTEUR": ("Directeur", "Directrice", ""),
    "MEDCO": ("Médecin coordonnateur", "Médecin coordonnatrice", "10"),
    "MEDECIN": ("Médecin", "Médecin", "10"),
    "PHARMACIEN": ("Pharmacien", "Pharmacienne", "21"),
    "IDEC": ("Cadre de santé", "Cadre de santé", "60"),
    "IDE": ("Infirmier", "Infirmière", "60"),
    "AS": ("Aide-soignant", "Aide-soignante", "35"),
    "ASH": ("Agent hôtelier", "Agente hôtelière", ""),
    "PSYCHOLOGUE": ("Psychologue", "Psychologue", "93"),
    "REEDUCATEUR": ("Kinésithérapeute", "Kinésithérapeute", "70"),
    "ORTHOPHONISTE": ("Orthophoniste", "Orthophoniste", "91"),
    "PSYCHOMOTRICIEN": ("Psychomotricien", "Psychomotricienne", "96"),
    "ERGOTHERAPEUTE": ("Ergothérapeute", "Ergothérapeute", "94"),
    "DIETETICIEN": ("Diététicien", "Diététicienne", "95"),
    "AES": ("Accompagnant éducatif et social", "Accompagnante éducative et sociale", "53"),
    "EDUCATEUR": ("Éducateur spécialisé", "Éducatrice spécialisée", "51"),
    "ANIMATEUR": ("Animateur", "Animatrice", ""),
    "ASS_SOCIAL": ("Assistant social", "Assistante sociale", "41"),
    "SECRETAIRE": ("Secrétaire, admissions", "Secrétaire, admissions", ""),
    "COMPTA": ("Comptable", "Comptable", ""),
    "DIM": ("Médecin DIM", "Médecin DIM", "10"),
    "QUALITE": ("Référent qualité", "Référente qualité", ""),
    "IDENTITOVIG": ("Référent identitovigilance", "Référente identitovigilance", ""),
    "DPO": ("Délégué à la protection des données", "Déléguée à la protection des données", ""),
    "ADMIN_SI": ("Administrateur du logiciel", "Administratrice du logiciel", ""),
    "INTERVENANT": ("Kinésithérapeute libéral", "Kinésithérapeute libérale", "70"),
    "EVALUATEUR": ("Évaluateur externe", "Évaluatrice externe", ""),
}
# Jobs that share the rights of a role.
ROLE_DU_METIER = {"AES": "AS"} | dict.fromkeys(
    ("ORTHOPHONISTE", "PSYCHOMOTRICIEN", "ERGOTHERAPEUTE", "DIETETICIEN"), "REEDUCATEUR"
)
# How the author's job is printed beside a transmission (default: the role's own).
FONCTIONS = {
    "EDUCATEUR": ("Éducateur", "Éducatrice"),
    "ANIMATEUR": ("Animateur", "Animatrice"),
    "PSYCHOLOGUE": ("Psychologue", "Psychologue"),
    "REEDUCATEUR": ("Kiné", "Kiné"),
    "MEDCO": ("Médecin coordonnateur", "Médecin coordonnatrice"),
    "IDEC": ("Cadre", "Cadre"),
    "ASS_SOCIAL": ("Assistant social", "Assistante sociale"),
}


@dataclass
class Employe:
    numero: int
    metier: str
    civilite: str
    prenom: str
    nom: str
    fonction: str
    libelle: str
    code: str
    identifiant: str
    maison: object = None
    unite: object = None
    equipe: str = JOUR
    portrait: int = 0
    id: str = ""
    autres_maisons: tuple = ()
    vitrine: bool = False

    @property
    def role(self) -> str:
        return ROLE_DU_METIER.get(self.metier, self.metier)

    @property
    def portee(self) -> str:
        if self.role in ("INTERVENANT", "MEDECIN"):  # their own patients only
            return "equipe"
        return "unite" if self.unite and self.role in ("AS", "ASH") else "etablissement"


# What each kind of house needs beyond the named people: role, number by unit, by house, shift.
EFFECTIFS = {
    "ehpad": (
        ("AS", 3, 0, MATIN),
        ("AS", 2, 0, SOIR),
        ("AS", 1, 0, NUIT),
        ("ASH", 1, 0, MATIN),
        ("IDE", 0, 3, MATIN),
        ("IDE", 0, 2, SOIR),
        ("IDE", 0, 1, NUIT),
        ("IDEC", 0, 1, JOUR),
        ("MEDCO", 0, 1, JOUR),
        ("PSYCHOLOGUE", 0, 1, JOUR),
        ("REEDUCATEUR", 0, 1, JOUR),
        ("DIETETICIEN", 0, 1, JOUR),
        ("ORTHOPHONISTE", 0, 1, JOUR),
        ("ANIMATEUR", 0, 1, JOUR),
        ("SECRETAIRE", 0, 1, JOUR),
        ("DIRECTEUR", 0, 1, JOUR),
    ),
    "ime": (
        ("EDUCATEUR", 3, 0, JOUR),
        ("EDUCATEUR", 0, 2, NUIT),
        ("EDUCATEUR", 0, 2, SOIR),
        ("IDE", 0, 1, JOUR),
        ("ORTHOPHONISTE", 0, 1, JOUR),
        ("PSYCHOMOTRICIEN", 0, 1, JOUR),
        ("ERGOTHERAPEUTE", 0, 1, JOUR),
        ("PSYCHOLOGUE", 0, 1, JOUR),
        ("ASS_SOCIAL", 0, 1, JOUR),
        ("MEDCO", 0, 1, JOUR),
        ("SECRETAIRE", 0, 1, JOUR),
        ("DIRECTEUR", 0, 1, JOUR),
    ),
    "ssiad": (
        ("AS", 3, 0, MATIN),
        ("AS", 2, 0, SOIR),
        ("IDE", 0, 2, MATIN),
        ("IDE", 0, 1, SOIR),
        ("IDEC", 0, 1, JOUR),
        ("SECRETAIRE", 0, 1, JOUR),
        ("PSYCHOLOGUE", 0, 1, JOUR),
        ("ASS_SOCIAL", 0, 1, JOUR),
    ),
}
# Named accounts by house (« siege » for the whole organisme), and what each one shows.
NOMMES = {
    lieu: [texte for _, _, texte in lignes]
    for lieu, lignes in textes.rubriques("equipes.txt").items()
}
MOTIFS = {
    ligne.split("|")[0]: ligne.split("|")[-1] for lignes in NOMMES.values() for ligne in lignes
}


class Registre:
    """Hires, and keeps identifiers unique."""

    def __init__(self, graine, premier_numero=1):
        self.graine, self.suivant, self.pris, self.tous = graine, premier_numero, {}, []

    def _identifiant(self, prenom, nom):
        from dui.socle.identite import forme_ins

        base = f"{forme_ins(prenom)}.{forme_ins(nom)}".lower().replace(" ", "-").replace("'", "")
        self.pris[base] = self.pris.get(base, 0) + 1
        return base if self.pris[base] == 1 else f"{base}{self.pris[base]}"

    def embaucher(self, metier, prenom, nom, feminin, **reste):
        libelle, code = METIERS[metier][feminin], METIERS[metier][2]
        courante = "AES" if metier == "AES" else ROLE_DU_METIER.get(metier, metier)
        fonctions = (
            FONCTIONS.get(metier) or (libelle if metier in ROLE_DU_METIER else courante,) * 2
        )
        employe = Employe(
            numero=self.suivant,
            metier=metier,
            civilite="MME" if feminin else "M",
            prenom=prenom,
            nom=nom,
            fonction="AES" if metier == "AES" else fonctions[feminin],
            libelle=libelle,
            code=code,
            identifiant=self._identifiant(prenom, nom),
            id=identifiant(alea(self.graine, "employe", self.suivant)),
            **reste,
        )
        self.suivant += 1
        self.tous.append(employe)
        return employe

    def au_hasard(self, role, **reste):
        a = alea(self.graine, "embauche", self.suivant)
        feminin = a.random() < (0.55 if role in ("MEDCO", "DIRECTEUR", "EDUCATEUR") else 0.86)
        annee = a.randint(1962, 2003)
        prenom = noms.prenom(a, "F" if feminin else "M", annee)
        return self.embaucher(role, prenom, noms.nom_de_famille(a).title(), feminin, **reste)


MASCULINS = frozenset(textes.listes("noms.txt")["prénoms des agents hommes"].split())


def _nommer(registre, maison, lignes, **reste):
    unites = {u.nom: u for u in maison.unites}
    for ligne in lignes:
        qui, metier, unite, equipe, portrait, _ = ligne.split("|")
        prenom, nom = qui.split(" ", 1)
        registre.embaucher(
            metier,
            prenom,
            nom,
            prenom not in MASCULINS,
            maison=maison,
            unite=unites.get(unite),
            equipe=equipe,
            portrait=int(portrait),
            vitrine=True,
            **reste,
        )


def recruter(graine, maisons, premier_numero=1) -> list[Employe]:
    registre = Registre(graine, premier_numero)
    for maison in maisons:
        _nommer(registre, maison, NOMMES.get(str(maison.rang), ()))
    _nommer(registre, maisons[0], NOMMES["siege"], autres_maisons=tuple(maisons[1:]))
    for maison in maisons:
        pris = {e.metier for e in registre.tous if e.maison is maison}
        for role, par_unite, par_maison, equipe in EFFECTIFS[maison.genre]:
            unique = equipe == JOUR and par_maison == 1 and role in pris
            for unite in maison.unites:
                for _ in range(par_unite):
                    registre.au_hasard(role, maison=maison, unite=unite, equipe=equipe)
            for _ in range(0 if unique else par_maison):
                registre.au_hasard(role, maison=maison, equipe=equipe)
    return registre.tous


EN_SEMAINE = {"ANIMATEUR", "IDEC", "PSYCHOLOGUE", "MEDCO", "ASS_SOCIAL", *ROLE_DU_METIER}
EN_SEMAINE = EN_SEMAINE - {"AES"} | {"REEDUCATEUR"}


@dataclass
class Service:
    """Who is on duty: two days on, two days off, by role, unit and shift."""

    listes: dict = field(default_factory=dict)

    @classmethod
    def de(cls, employes):
        service = cls()
        for e in employes:
            if e.role == "INTERVENANT" or e.autres_maisons:
                continue
            cle = "AS" if e.metier == "AES" else e.metier
            for unite in [e.unite] if e.unite else e.maison.unites:
                for equipe in (MATIN, SOIR) if e.equipe == JOUR else (e.equipe,):
                    service.listes.setdefault((unite.id, cle, equipe), []).append(e)
                service.listes.setdefault((unite.id, cle, ""), []).append(e)
        return service

    def auteur(self, alea, unite, role, jour: int, minute: int):
        """The one on duty; anybody of the role otherwise; None when the unit has no such job."""
        if minute < 7 * 60 + 15 or minute >= 21 * 60 + 15:
            equipe, jour = NUIT, jour - (minute < 12 * 60)
        else:
            equipe = MATIN if minute < 13 * 60 + 50 else SOIR
        if role in EN_SEMAINE and jour % 7 in (0, 6):  # of an ordinal: Sunday, Saturday
            return None
        presents = self.listes.get((unite, role, equipe)) or self.listes.get((unite, role, ""))
        if not presents:
            return None
        debut = jour // 2 % len(presents)
        return presents[(debut + (alea.random() < 0.4)) % len(presents)]
