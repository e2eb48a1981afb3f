"""The unit of the screenshots: its residents, their last days, relative to the day of the visit."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dui.demonstration import textes
from dui.demonstration.entourage import Contact

HEURE = time(14, 12)  # of the last scene: the visit starts after it

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
    for ligne in textes.lignes("residents_magnolia.txt"):
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
    reserve: str


_ENTETE = re.compile(r"J(?:-(\d+))? (\d\d):(\d\d)")


def scenes(maintenant: datetime) -> list[SceneDeMagnolia]:
    jour, lues = reference(maintenant).date(), []
    for ligne in textes.lignes("magnolia.txt"):
        tete, _, texte = ligne.partition(" : ")
        quand, personne, auteur, cible, options = (c.strip() for c in tete.split("|"))
        recul, heures, minutes = _ENTETE.fullmatch(quand).groups()
        le = datetime.combine(
            jour - timedelta(days=int(recul or 0)), time(int(heures), int(minutes))
        )
        lues_ = textes.options([options.replace("@", "")])
        fragment = textes.fragment(texte, cible, (), (), lues_)
        reserve = lues_["effets"].get("reserve", "")
        lues.append(SceneDeMagnolia(le, personne, auteur, fragment, "@" in options, reserve))
    return lues
