"""« Qui je suis » and the vigilances of a person: what a replacement reads in thirty seconds."""

from datetime import timedelta

from dui.demonstration import noms, textes
from dui.demonstration.moteur import Plume

HABITUDES = {
    "ehpad": "habitudes_ehpad.txt",
    "ime": "habitudes_ime.txt",
    "ssiad": "habitudes_ssiad.txt",
}
METIERS = (
    ("instituteur", "institutrice"), ("agriculteur", "agricultrice"), ("maçon", "couturière"),
    ("menuisier", "vendeuse"), ("vigneron", "vigneronne"), ("boulanger", "boulangère"),
    ("cheminot", "employée de poste"), ("mécanicien", "ouvrière en confection"),
    ("comptable", "comptable"), ("facteur", "factrice"), ("coiffeur", "coiffeuse"),
    ("jardinier", "fleuriste"), ("infirmier", "infirmière"), ("cuisinier", "cuisinière"),
    ("chauffeur routier", "secrétaire"), ("professeur d’allemand", "professeure de piano"),
    ("gendarme", "sage-femme"), ("ouvrier d’ardoisière", "ouvrière en chaussure"),
)  # fmt: skip
MOIS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre")  # fmt: skip
NOMBRES = ("sans enfant", "un enfant", "deux enfants", "trois enfants", "quatre enfants")
AU_PAYS = {"Portugal": "au", "Maroc": "au", "Viêt Nam": "au", "Sénégal": "au"}


def a_commune(commune: str, pays: str = "") -> str:
    if pays:
        return f"{AU_PAYS.get(pays, 'en')} {pays}"
    for article, forme in (("Les ", "aux "), ("Le ", "au ")):
        if commune.startswith(article):
            return forme + commune[len(article) :]
    return f"à {commune}"


def _mots(p, a) -> dict:
    metier = a.choice(METIERS)[p.feminin]
    enfants = sum(c.mot in ("fille", "fils") for c in p.contacts)
    if not enfants and any(c.mot.startswith("petit") for c in p.contacts):
        enfants = 2
    if enfants:
        enfants = min(enfants + a.choice((0, 0, 1)), 4)
    annee = p.naissance.year
    frere = a.choice(("son frère", "sa sœur", "ses deux frères", "sa petite sœur"))
    parents = "ses parents" if sum(c.legal for c in p.contacts) > 1 else "sa mère"
    return {
        "Metier": metier[0].upper() + metier[1:],
        "metier": metier,
        "conjoint": noms.prenom(a, "M" if p.feminin else "F", annee),
        "enfants": NOMBRES[enfants],
        "Enfants": NOMBRES[enfants].capitalize(),
        "petits": a.choice(
            ("deux petits-enfants", "cinq petits-enfants", "trois arrière-petits-enfants")
        )
        if enfants
        else "une nièce très présente",
        "a_commune": a_commune(p.commune, p.pays),
        "a_ville": a_commune(_ville(p)),
        "depuis": f"{MOIS[p.entree.month - 1]} {p.entree.year}",
        "annee": str(p.entree.year - 1),
        "famille_ime": f"{parents} et {frere}",
        "Fratrie": a.choice(("Deux sœurs", "Un grand frère", "Enfant unique", "Trois frères")),
        "voisin": a.choice(("sa voisine de table", "un voisin du salon", "deux voisines"))
        if p.maison.vitrine
        else "deux amis",
    }


def _ville(p) -> str:
    if p.adresse:
        return p.adresse[2]
    return next((c.ville for c in p.contacts if c.ville), "Saumur")


def habitudes(p, a) -> list[tuple[str, str]]:
    """(section, sentence), in the order of the page."""
    traits = frozenset(p.traits)
    plume = Plume(a, p.feminin, textes.lexique("lexique.txt"), _mots(p, a))
    lignes = []
    for rubrique, phrases in textes.rubriques(HABITUDES[p.genre]).items():
        possibles = [t for si, sauf, t in phrases if si <= traits and not sauf & traits]
        if possibles and a.random() < (0.97 if rubrique == "histoire" else 0.85):
            lignes.append((rubrique, plume.ecrire(a.choice(possibles))[:400]))
    return lignes


# ---------------------------------------------------------------- vigilances

INFORMATION, ATTENTION, DANGER = 1, 2, 3
ALLERGIES = (
    ("Allergie : pénicilline", "Œdème du visage, {annee}"),
    ("Allergie : aspirine", "Bronchospasme, {annee}"),
    ("Allergie : produits iodés", "Urticaire après scanner, {annee}"),
    ("Allergie : latex", "Rougeurs aux mains, {annee}"),
    ("Allergie : sulfamides", "Éruption étendue, {annee}"),
)
ALLERGIES_ENFANTS = (
    ("Allergie : arachide", "Trousse d’urgence à l’infirmerie"),
    ("Allergie : œuf", "Éviction, cantine prévenue"),
)
# trait: (type, label, precision, severity)
SELON_LES_TRAITS = (
    ("fausse_route", "fausse_route", "Fausse route", "Eau gélifiée, menton baissé", DANGER),
    ("anticoag", "anticoagulant", "Anticoagulant", "Choc à la tête : avis médical", ATTENTION),
    ("insuline", "diabete", "Diabète sous insuline", "", ATTENTION),
    ("mixe", "regime", "Texture mixée", "", INFORMATION),
    ("hache", "regime", "Texture hachée", "", INFORMATION),
    ("escarre", "escarre", "Escarre au talon", "Décharge jour et nuit", ATTENTION),
    ("fin_vie", "fin_de_vie", "Fin de vie : soins de confort", "", ATTENTION),
    ("epilepsie", "epilepsie", "Épilepsie", "Protocole d’urgence à l’infirmerie", DANGER),
    ("lilas", "fugue", "Sortie inopinée possible", "", ATTENTION),
)  # fmt: skip


def vigilances(p, a) -> list[tuple]:
    """(type, label, precision, severity, since when)."""
    lues: list[tuple] = []
    annee = max(p.naissance.year + a.randint(25, 60), 1975)
    if a.random() < 0.17 and "fige" not in p.traits:
        libelle, precision = a.choice(ALLERGIES_ENFANTS if p.genre == "ime" else ALLERGIES)
        lues.append(("allergie", libelle, precision.format(annee=annee), DANGER))
    for trait, *vigilance in SELON_LES_TRAITS:
        if trait in p.traits:
            lues.append(tuple(vigilance))
    if p.genre != "ime":
        if (p.traits & {"deambulateur", "parkinson"} and (p.gir or 4) <= 3) or (
            "marche" in p.traits and a.random() < 0.2
        ):
            lues.append(("chute", "Chute : risque élevé", "", ATTENTION))
        if a.random() < 0.28 and "fige" not in p.traits:
            lues.append(("directives", "Directives anticipées", "Copie au dossier", INFORMATION))
    depuis = p.entree + timedelta(days=1)
    return [(*v, depuis) for v in lues]


VIGILANCES_DE_MARIE = (
    ("allergie", "Allergie : pénicilline", "Œdème du visage, 2011", DANGER),
    ("directives", "Directives anticipées", "Écrites le 4 février 2025, au dossier", INFORMATION),
    ("chute", "Chute : risque élevé", "Fracture du col fémoral droit opérée en 2024", ATTENTION),
    (
        "anticoagulant",
        "Anticoagulant : apixaban",
        "Toute chute avec choc : avis médical",
        ATTENTION,
    ),
)
