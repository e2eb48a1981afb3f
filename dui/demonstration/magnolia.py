"""The unit of the screenshots: its residents, their last days, relative to the day of the visit."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dui.demonstration.entourage import Contact
from dui.demonstration.textes import _fragment, _lignes, _options

HEURE = time(14, 12)  # of the last scene: the visit starts after it

# room|name|first name|sex|born|GIR|portrait|traits
RESIDENTS = """
10|AUBERT|Lucien|M|1938-11-02|2|4|deambulateur oriente anticoag cardiaque famille
11|BENALI|Fatima|F|1941-09-17|4|10|canne oriente famille tricot
12|DURAND|Marie|F|1945-03-28|3|2|deambulateur oriente hta anticoag chorale mots_croises famille sourd
13|CHEVALIER|Robert|M|1942-01-03|3|7|deambulateur trouble diabete insuline belote
14|DA SILVA|Maria|F|1936-06-19|2|6|alite oriente famille
15|ESTÈVE|Paulette|F|1940-05-11|4|9|deambulateur oriente arthrose
16|FONTAINE|Georges|M|1946-02-23|5|1|canne oriente jardin
17|GARNIER|Odette|F|1933-12-30|1|5|alite trouble escarre mixe
18|HAMON|Yves|M|1939-08-08|2|8|fauteuil oriente cardiaque bpco famille
19|JOUBERT|Simone|F|1935-04-14|4|11|canne oriente chorale
20|KOWALSKI|Stanisław|M|1940-11-26|3|13|deambulateur oriente diabete insuline
21|LE GOFF|Annick|F|1943-07-05|4|12|deambulateur oriente lecture
22|MERCIER|Denise|F|1938-10-12|3|3|deambulateur oriente anticoag
23|NGUYEN|Thi Lan|F|1944-03-01|5|12|autonome oriente famille
24|OLLIVIER|Henri|M|1937-01-20|2|14|fauteuil trouble
25|PERRIN|Jeanne|F|1942-09-09|3|9|deambulateur oriente famille
26|QUÉRÉ|Marguerite|F|1930-02-15|2|10|fauteuil trouble
28|SCHMITT|Gisèle|F|1941-06-27|4|3|canne oriente belote
29|TESSIER|Raymonde|F|1936-11-18|3|6|deambulateur trouble famille
30|DURAND|Marie-Thérèse|F|1939-07-14|4|11|canne oriente chorale
31|VASSEUR|Albert|M|1934-05-04|1|8|alite oriente fin_vie famille
32|WEBER|Colette|F|1940-08-29|3|5|deambulateur oriente cardiaque
33|YILMAZ|Emine|F|1934-11-19|3|10|deambulateur oriente hache famille
34|ZIMMER|Hélène|F|1937-10-06|4|1|canne oriente musique
""".strip().split("\n")
NAISSANCES = {  # place of birth that the story says
    "BENALI Fatima": ("Algérie", "99352"),
    "DURAND Marie": ("Saumur", "49328"),
    "DA SILVA Maria": ("Portugal", "99139"),
    "KOWALSKI Stanisław": ("Pologne", "99122"),
    "NGUYEN Thi Lan": ("Viêt Nam", "99243"),
    "YILMAZ Emine": ("Turquie", "99208"),
}
POIDS_DE_MARIE = {0: 53.4, 17: 55.0, 31: 56.4, 38: 56.6, 58: 56.5, 79: 56.7, 100: 56.2, 121: 56.9}
POIDS_DE_MARIE |= {142: 56.6, 163: 57.1, 184: 56.8, 214: 57.0, 245: 57.4, 276: 57.2, 306: 57.6}
TENSIONS_DE_MARIE = (
    (1, 128, 74), (2, 135, 77), (3, 132, 78), (4, 129, 74), (5, 137, 79), (6, 133, 75),
    (7, 130, 76), (8, 136, 78), (9, 142, 82), (10, 162, 88), (11, 138, 80), (12, 131, 76),
    (13, 134, 78),
)  # fmt: skip
QUI_EST_MARIE = {
    "histoire": "Institutrice à Saumur, veuve de Jean, deux enfants. Ici depuis mars 2023.",
    "ce_qui_compte": "Qu’on frappe avant d’entrer, la chorale du mardi, les mots croisés.",
    "journee": "Levée à 7:45, café avant la toilette.",
    "repas": "N’aime pas le poisson. Texture normale.",
    "sens": "Lunettes de près. Entend mal à gauche : parler du côté droit.",
    "deplacement": "Déambulateur, avec une personne.",
    "nuit": "Porte fermée, veilleuse. Se lève une fois vers 4 h.",
    "toilette": "Fait seule le visage et le haut du corps. Pudique.",
}


@dataclass
class ResidentDeMagnolia:
    chambre: str
    nom: str
    prenom: str
    sexe: str
    naissance: date
    gir: int
    portrait: int
    traits: str

    @property
    def cle(self):
        return f"{self.nom} {self.prenom}"

    def imposes(self) -> dict:
        faits = {
            "nom": self.nom,
            "prenom": self.prenom,
            "sexe": self.sexe,
            "naissance": self.naissance,
            "gir": self.gir,
            "portrait": self.portrait,
            "traits": self.traits + " fige",
            "statut": "QUAL",
            "prenoms": self.prenom,
        }
        if self.cle in NAISSANCES:
            faits["commune"], faits["cog"] = NAISSANCES[self.cle]
        if self.cle == "DURAND Marie":
            faits["prenoms"] = "Marie Louise Jeanne"
        if self.cle == "PERRIN Jeanne":
            faits["nom_utilise"] = "MOREAU"
        if self.cle == "KOWALSKI Stanisław":
            faits["prenom_utilise"] = "Staś"
        return faits


def residents(jour: date) -> list[ResidentDeMagnolia]:
    """Mme YILMAZ has her birthday on the day of the visit."""
    lus = []
    for ligne in RESIDENTS:
        chambre, nom, prenom, sexe, ne, gir, portrait, traits = ligne.split("|")
        naissance = date.fromisoformat(ne)
        if nom == "YILMAZ":
            naissance = date(jour.year - 92, jour.month, min(jour.day, 28))
        lus.append(
            ResidentDeMagnolia(
                chambre, nom, prenom, sexe, naissance, int(gir), int(portrait), traits
            )
        )
    return lus


def contacts_de_marie() -> list[Contact]:
    return [
        Contact("MME", "MOREL", "Isabelle", "ECON", "DAUC", "fille", "06 39 98 01 12",
                courriel="isabelle.morel@example.org", code_postal="49400", ville="Saumur",
                disponibilite="jour et nuit", confiance=True),
        Contact("M", "DURAND", "Pierre", "NOK", "SONC", "fils", "06 39 98 01 45",
                code_postal="44000", ville="Nantes", disponibilite="avant 22:00"),
        Contact("MME", "PETIT", "Hélène", "PROV", "MEDECIN_TRAITANT", "médecin traitant",
                "02 61 91 00 34", code_postal="49400", ville="Saumur"),
    ]  # fmt: skip


def reference(maintenant: datetime) -> datetime:
    """The last 14:12: the scenes stop there, ordinary life goes on after."""
    ce_jour = datetime.combine(maintenant.date(), HEURE)
    return ce_jour if ce_jour <= maintenant else ce_jour - timedelta(days=1)


@dataclass
class SceneDeMagnolia:
    quand: datetime
    personne: str
    auteur: str
    fragment: object
    partagee: bool


_ENTETE = re.compile(r"J(?:-(\d+))? (\d\d):(\d\d)")


def scenes(maintenant: datetime) -> list[SceneDeMagnolia]:
    jour, lues = reference(maintenant).date(), []
    for ligne in _lignes("magnolia.txt"):
        tete, _, texte = ligne.partition(" : ")
        quand, personne, auteur, cible, options = (c.strip() for c in tete.split("|"))
        recul, heures, minutes = _ENTETE.fullmatch(quand).groups()
        le = datetime.combine(
            jour - timedelta(days=int(recul or 0)), time(int(heures), int(minutes))
        )
        fragment = _fragment(texte, cible, (), (), _options([options.replace("@", "")]))
        lues.append(SceneDeMagnolia(le, personne, auteur, fragment, "@" in options))
    return lues
