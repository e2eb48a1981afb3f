"""What a project says, declared once: forms, pages, comparison, print and export read it here.

The content of a version is `{"trame": code, "cadre": {field: value}, genre: [element]}`, an element
being `{"id": uuid, field: value}`. The id of an element never changes: it is how a version is
compared with another, and what traces are linked to. A value is a text, or a list of texts; dates
are ISO. Pure: neither clock nor database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accompagnement.projets.trames import Trame

Contenu = Mapping[str, Any]
Valeur = str | list[str]

# How a field is typed in and read.
LIGNE, PROSE, JOUR, CODE, CODES, COMPTE, LIEN, LIENS, VOLET, PICTO = (
    "ligne", "prose", "jour", "code", "codes", "compte", "lien", "liens", "volet", "picto",
)  # fmt: skip
MULTIPLES = {CODES, LIENS}
RUBRIQUE = "r_"
CADRE = "cadre"


@dataclass(frozen=True)
class Champ:
    nom: str
    libelle: str
    sorte: str = PROSE
    aide: str = ""
    requis: bool = False
    liste: str = ""  # code list of CODE and CODES, genre of LIEN and LIENS

    @property
    def multiple(self) -> bool:
        return self.sorte in MULTIPLES


@dataclass(frozen=True)
class Genre:
    """A kind of element; `titre` is the field that names one."""

    code: str
    libelle: str  # « Objectif »
    feminin: bool
    titre: str
    champs: tuple[Champ, ...] = field(default_factory=tuple)
    icone: str = "objectif"
    suivi: bool = False  # lives from a version to the next, with a state

    def accorder(self, mot: str) -> str:
        """« ajouté », « ajoutée »."""
        return f"{mot}e" if self.feminin else mot

    def nom_de(self, element: Mapping[str, Any]) -> str:
        return str(element.get(self.titre) or element.get("description") or self.libelle)


PERIODE = (Champ("date_debut", "Début", JOUR), Champ("date_fin", "Fin", JOUR))

GENRES: Mapping[str, Genre] = {
    g.code: g
    for g in (
        Genre("participant", "Participant", False, "nom", (
            Champ("nom", "Nom", LIGNE, requis=True),
            Champ("qualite", "En qualité de", CODE, liste="qualite_accord"),
            Champ("part", "Sa part dans le projet", LIGNE, "Par exemple : est venue à la réunion."),
        ), "residents"),
        Genre("attente", "Attente", True, "titre", (
            Champ("titre", "En deux mots", LIGNE, "Par exemple : manger avec les autres."),
            Champ("origine", "Qui le dit", CODE, requis=True, liste="origine_attente"),
            Champ("qui", "Son nom", LIGNE, "Quand ce n’est pas la personne elle-même."),
            Champ("description", "Ses mots", PROSE, "Tels qu’ils ont été dits.", requis=True),
            Champ("mode", "Recueillie", CODE, liste="mode_recueil"),
            Champ("le", "Le", JOUR),
            Champ("commentaire", "Ce que l’équipe en comprend", PROSE),
        ), "message"),
        Genre("besoin", "Besoin", False, "description", (
            Champ("description", "Besoin", PROSE, requis=True),
            Champ("type", "Nomenclature SERAFIN-PH", CODE, liste="besoin_serafin"),
            Champ("attente", "Répond à l’attente", LIEN, liste="attente"),
            Champ("analyse", "Analyse de l’équipe", PROSE),
            Champ("commentaire", "Commentaire", PROSE),
        ), "main"),
        Genre("objectif", "Objectif", False, "titre", (
            Champ("titre", "Objectif", LIGNE, "Ce que la personne fera ou vivra.", requis=True),
            Champ("besoin", "Répond au besoin", LIENS, liste="besoin"),
            Champ("domaine", "Volet", VOLET),
            Champ("description", "Précisions", PROSE),
            Champ("avis_usager", "Ce qu’en dit la personne", PROSE),
            Champ("resultat_attendu", "Résultat attendu", LIGNE),
            Champ("critere", "Comment on saura que c’est atteint", LIGNE,
                  "Par exemple : 3 repas sur 5."),
            Champ("strategie", "Façon de s’y prendre", PROSE),
            Champ("referent", "Référent", COMPTE),
            Champ("date_debut", "Début", JOUR),
            Champ("date_fin", "Échéance", JOUR),
            Champ("falc", "En facile à lire", PROSE,
                  "Pour la personne : une idée par ligne, mots de tous les jours, « je »."),
            Champ("pictogramme", "Pictogramme", PICTO),
        ), "objectif", suivi=True),
        Genre("action", "Action", True, "titre", (
            Champ("titre", "Action", LIGNE, requis=True),
            Champ("objectif", "Pour l’objectif", LIENS, requis=True, liste="objectif"),
            Champ("referent", "Responsable", COMPTE),
            Champ("periodicite", "Quand", LIGNE, "Par exemple : le mardi à 14 h."),
            *PERIODE,
            Champ("description", "Précisions", PROSE),
            Champ("avis_usager", "Ce qu’en dit la personne", PROSE),
            Champ("resultat_attendu", "Résultat attendu", LIGNE),
        ), "coche", suivi=True),
        Genre("moyen", "Moyen", False, "titre", (
            Champ("titre", "Moyen ou matériel", LIGNE, requis=True),
            Champ("action", "Pour l’action", LIEN, liste="action"),
            Champ("type", "Nature", LIGNE, "Matériel, véhicule, personne, lieu…"),
            Champ("description", "Précisions", PROSE),
            *PERIODE,
        ), "soins", suivi=True),
        Genre("prestation", "Prestation", True, "titre", (
            Champ("titre", "Prestation", LIGNE, requis=True),
            Champ("action", "Pour l’action", LIEN, liste="action"),
            Champ("type", "Prestation directe SERAFIN-PH", CODE,
                  liste="prestation_directe_serafin"),
            Champ("type_indirect", "Prestation indirecte SERAFIN-PH", CODE,
                  liste="prestation_indirecte_serafin"),
        ), "liste", suivi=True),
    )
}  # fmt: skip
SUIVIS = tuple(code for code, g in GENRES.items() if g.suivi)
DU_CADRE = (
    Champ("titre", "Titre du projet", LIGNE, requis=True),
    Champ("type", "Type de projet", CODE, requis=True, liste="type_projet"),
    Champ("description", "En quelques mots", PROSE),
    Champ("communication", "Comment communiquer avec la personne", CODES,
          liste="modalite_communication"),
    Champ("communication_detail", "Ce qui aide à se comprendre", PROSE),
    Champ("histoire", "Histoire de vie", PROSE, "Ce que la personne veut bien en dire."),
    Champ("referent", "Référent du projet", COMPTE),
    Champ("date_debut", "Début", JOUR, requis=True),
    Champ("date_fin", "Fin prévue", JOUR),
    Champ("revision", "À revoir le", JOUR, "Au plus tard un an après ; avant si la vie change.",
          requis=True),
)  # fmt: skip


def champs_du_cadre(trame: Trame) -> tuple[Champ, ...]:
    """The sections that the template of the establishment adds come before the dates."""
    rubriques = tuple(Champ(f"{RUBRIQUE}{c}", mot, PROSE, aide) for c, mot, aide in trame.rubriques)
    return (*DU_CADRE[:6], *rubriques, *DU_CADRE[6:])


def vide(trame: Trame) -> dict[str, Any]:
    return {"trame": trame.code, CADRE: {}, **{code: [] for code in GENRES}}


def elements(contenu: Contenu, genre: str) -> list[dict[str, Any]]:
    return contenu.get(genre, [])


def trouver(contenu: Contenu, genre: str, cle: str) -> dict[str, Any] | None:
    return next((e for e in elements(contenu, genre) if e["id"] == str(cle)), None)


def suivis(contenu: Contenu) -> Iterator[tuple[str, dict[str, Any]]]:
    """(genre, element) of what lives from a version to the next."""
    for genre in SUIVIS:
        for element in elements(contenu, genre):
            yield genre, element


def nettoyer(champs: tuple[Champ, ...], valeurs: Mapping[str, Any]) -> dict[str, Valeur]:
    """Only what is said: an empty field is not kept."""
    propres: dict[str, Valeur] = {}
    for champ in champs:
        valeur = valeurs.get(champ.nom)
        if champ.multiple:
            if dits := [str(v) for v in valeur or ()]:
                propres[champ.nom] = dits
        elif valeur not in (None, "") and (texte := str(valeur).strip()):
            propres[champ.nom] = texte
    return propres


def avec(contenu: Contenu, genre: str, element: Mapping[str, Any]) -> dict[str, Any]:
    """The content with this element, at its place when it was there, else the last."""
    lignes = list(elements(contenu, genre))
    rang = next((n for n, e in enumerate(lignes) if e["id"] == element["id"]), None)
    if rang is None:
        lignes.append(dict(element))
    else:
        lignes[rang] = dict(element)
    return {**contenu, genre: lignes}


def sans(contenu: Contenu, genre: str, cle: str) -> dict[str, Any]:
    """The content without this element nor the links to it."""
    cle = str(cle)
    reste = {**contenu, genre: [e for e in elements(contenu, genre) if e["id"] != cle]}
    for code, autre in GENRES.items():
        liens = [c for c in autre.champs if c.sorte in (LIEN, LIENS) and c.liste == genre]
        if liens:
            reste[code] = [_delie(e, liens, cle) for e in elements(reste, code)]
    return reste


def _delie(element: Mapping[str, Any], liens, cle: str) -> dict[str, Any]:
    libre = dict(element)
    for champ in liens:
        valeur = libre.get(champ.nom)
        if champ.multiple and valeur and cle in valeur:
            libre[champ.nom] = [v for v in valeur if v != cle]
            if not libre[champ.nom]:
                del libre[champ.nom]
        elif valeur == cle:
            del libre[champ.nom]
    return libre


def manques(contenu: Contenu) -> list[str]:
    """Why this version cannot be settled yet, in sentences."""
    fautes = [
        f"Complétez « {c.libelle} »."
        for c in DU_CADRE
        if c.requis and not contenu[CADRE].get(c.nom)
    ]
    if not any(e.get("origine") == "usager" for e in elements(contenu, "attente")):
        fautes.append(
            "Recueillez au moins une attente de la personne, au besoin par l’observation."
        )
    if not elements(contenu, "objectif"):
        fautes.append("Écrivez au moins un objectif.")
    return fautes
