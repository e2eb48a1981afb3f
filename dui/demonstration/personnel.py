"""Who works there: a team for each unit, by shift, and the jobs of the house."""

from dataclasses import dataclass, field
from uuid import UUID

from dui.demonstration import noms
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
    id: UUID = None
    autres_maisons: tuple = ()
    vitrine: bool = False

    @property
    def role(self) -> str:
        return ROLE_DU_METIER.get(self.metier, self.metier)

    @property
    def portee(self) -> str:
        if self.role in ("INTERVENANT",):
            return "equipe"
        return "unite" if self.unite and self.role in ("AS", "ASH") else "etablissement"


# (first name, name, role, unit, shift, portrait, what this account shows)
TILLEULS = """
Claire Martin|IDE|Magnolia|soir|15|La journée d’une infirmière : relève, alertes, transmissions
Nadia Bensaïd|AS|Magnolia|soir|16|Une aide-soignante d’après-midi : ses résidents, des gestes rapides
Julien Picard|AS|Magnolia|soir|18|Un aide-soignant du soir
Solène Le Bris|AES|Magnolia|jour|13|L’accompagnement au quotidien, référente de Mme Durand
Élise Roux|IDE|Magnolia|matin|0|L’infirmière du matin
Aminata Diallo|AS|Magnolia|matin|17|Une remplaçante : accès borné dans le temps
Karim Haddad|IDE||nuit|0|L’infirmier de nuit, seul pour 82 résidents
Lucie Moreau|AS|Magnolia|nuit|0|La nuit vue par une aide-soignante
Paul Lefèvre|MEDCO||jour|14|Le médecin coordonnateur : toute la maison, le dossier médical
Anne Corre|IDEC||jour|0|La cadre de santé : équipes, événements, vue d’ensemble
Sophie Renaud|SECRETAIRE||jour|0|L’accueil et les admissions : identités, entourage, import de la liste
Hélène Vasseur-Blin|DIRECTEUR||jour|0|La direction : administratif et indicateurs, jamais le soin
Maud Tessier|PSYCHOLOGUE||jour|0|La psychologue
Mathieu Guérin|REEDUCATEUR||jour|0|Le kinésithérapeute salarié
Inès Carpentier|ANIMATEUR||jour|0|L’animatrice : la vie sociale, sans le dossier de soins
Brigitte Poirier|ASH|Magnolia|matin|0|L’agente hôtelière : peut signaler, ne lit pas
Yannick Thibault|ASS_SOCIAL||jour|0|L’assistant social
Patricia Humeau|COMPTA||jour|0|La comptabilité
François Delaunay|PHARMACIEN||jour|0|Le pharmacien d’officine lié à la maison
Hélène Petit|MEDECIN||jour|0|La médecin traitante de plusieurs résidents
Marc Guillou|INTERVENANT||jour|0|Un kinésithérapeute libéral : seulement ses patients
""".strip().split("\n")
# Jobs of the whole organisme.
SIEGE = """
Laurence Baudry|QUALITE|La référente qualité : événements et indicateurs, sans les dossiers
Thomas Retailleau|DPO|Le délégué à la protection des données : qui a consulté quoi
Céline Onillon|IDENTITOVIG|La référente identitovigilance : doublons, statuts d’identité
Vincent Rabouin|ADMIN_SI|L’administrateur : comptes et rôles, aucun dossier
Odile Samson|DIM|La médecin DIM
Étienne Marchal|EVALUATEUR|Un évaluateur externe : accès temporaire
""".strip().split("\n")
GOELANDS = """
Camille Froger|EDUCATEUR|Les Cormorans (12-16 ans)|jour|0|Une éducatrice en IME : les jeunes de son groupe
Bastien Ouvrard|EDUCATEUR|Les Sternes (16-20 ans)|jour|0|Un éducateur des grands : stages, autonomie
Lina Boutin|EDUCATEUR|Les Mouettes (6-12 ans)|jour|0|Une éducatrice des petits : pictogrammes, classe
Gwenaëlle Riou|IDE||jour|0|L’infirmière de l’IME
Denis Supiot|DIRECTEUR||jour|0|Le directeur de l’IME
Rachel Cadiou|PSYCHOLOGUE||jour|0|La psychologue de l’IME
""".strip().split("\n")
VAL_DE_LOIRE = """
Sandrine Naudin|IDEC||jour|0|L’infirmière coordinatrice du SSIAD : tournées et plans d’aide
Fatou Sarr|AS|Tournée Saumur|jour|0|Une aide-soignante en tournée
Nicolas Gasnier|IDE||jour|0|L’infirmier à domicile
""".strip().split("\n")

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
# What each named account shows, for the page of the accounts.
MOTIFS = {
    ligne.split("|")[0]: ligne.split("|")[-1]
    for ligne in (*TILLEULS, *SIEGE, *GOELANDS, *VAL_DE_LOIRE)
}
NOMMES = {0: TILLEULS, 1: GOELANDS, 2: VAL_DE_LOIRE}


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
        fonctions = FONCTIONS.get(metier) or (libelle if metier in ROLE_DU_METIER else courante,) * 2
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


MASCULINS = set(
    "Julien Karim Paul Mathieu Yannick François Marc Thomas Vincent Étienne Bastien Denis Nicolas".split()
)


def _nommer(registre, maison, lignes):
    unites = {u.nom: u for u in maison.unites}
    for ligne in lignes:
        qui, role, unite, equipe, portrait, _ = ligne.split("|")
        prenom, nom = qui.split(" ", 1)
        registre.embaucher(
            role,
            prenom,
            nom,
            prenom not in MASCULINS,
            maison=maison,
            unite=unites.get(unite),
            equipe=equipe,
            portrait=int(portrait),
            vitrine=True,
        )


def recruter(graine, maisons, premier_numero=1) -> list[Employe]:
    registre = Registre(graine, premier_numero)
    for maison in maisons:
        _nommer(registre, maison, NOMMES.get(maison.rang, ()))
    for ligne in SIEGE:
        qui, role, _ = ligne.split("|")
        prenom, nom = qui.split(" ", 1)
        registre.embaucher(
            role,
            prenom,
            nom,
            prenom not in MASCULINS,
            maison=maisons[0],
            autres_maisons=tuple(maisons[1:]),
            vitrine=True,
        )
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
        presents = self.listes.get((unite, role, equipe)) or self.listes.get((unite, role, ""))
        if not presents:
            return None
        debut = jour // 2 % len(presents)
        return presents[(debut + (alea.random() < 0.4)) % len(presents)]
