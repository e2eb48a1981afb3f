"""Reads of the evaluations: the same number of queries whatever their number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from accompagnement.evaluations import catalogue, pieces, rappels
from accompagnement.evaluations.moteur import Definition
from accompagnement.evaluations.moteur import aggir as moteur_aggir
from accompagnement.evaluations.table_pathos import table
from accompagnement.models import Evaluation
from dui.socle import graphes
from dui.socle.enums import Action, Bloc
from dui.socle.graphes import Graphe
from dui.socle.models import Document

SUIVI_MAX = 60
A_VALIDER_MAX = 100


@dataclass
class Ligne:
    """A grid on the list: what was found last, and when it is due again. One that is offered
    here no more is read, not begun."""

    definition: Definition
    derniere: Evaluation | None = None
    prevue_le: date | None = None
    proposee: bool = True

    @property
    def en_retard(self) -> bool:
        return bool(self.prevue_le and self.prevue_le < timezone.localdate())

    @property
    def resultat(self) -> str:
        return en_mots(self.definition, self.derniere) if self.derniere else ""


@dataclass
class Famille:
    titre: str
    lignes: list[Ligne] = field(default_factory=list)

    @property
    def proposees(self) -> list[Ligne]:
        return [x for x in self.lignes if x.proposee]


def liste(habilitation, dossier) -> list[Famille]:
    """The grids of the house by family, with the last result of each."""
    siennes = Evaluation.objects.visibles(habilitation).filter(dossier=dossier)
    dernieres = {e.grille: e for e in _allegees(siennes.en_vigueur().dernieres())}
    return _familles(habilitation, dossier, dernieres)


def a_commencer(habilitation, dossier) -> list[Famille]:
    """For whoever fills in grids without reading those of others."""
    return _familles(habilitation, dossier, {})


def suivies(familles: list[Famille]) -> list[Ligne]:
    """Those with a result: what is due first, then the last done."""
    lignes = [x for famille in familles for x in famille.lignes if x.derniere]
    lignes.sort(key=lambda x: x.derniere.faite_le, reverse=True)
    return sorted(lignes, key=lambda x: not x.en_retard)


def brouillons(habilitation, dossier) -> list[Evaluation]:
    lignes = _allegees(Evaluation.objects.a_remplir(habilitation, dossier).plus_recentes())
    for e in lignes:
        e.nom_grille = catalogue.definition(e.grille, e.version_grille).nom
    return lignes


def a_valider(habilitation) -> list[Evaluation]:
    """Complete drafts of the grids that ask for the right to validate, the oldest first."""
    grilles = catalogue.donnees("reglages")["a_valider"]
    brouillons = Evaluation.objects.visibles(habilitation, Action.VALIDER).brouillons()
    completes = brouillons.filter(grille__in=grilles, resultat__complet=True)
    lignes = _allegees(
        completes.select_related("dossier__usager").order_by("faite_le", "pk")[:A_VALIDER_MAX]
    )
    for e in lignes:
        e.nom_grille = catalogue.definition(e.grille, e.version_grille).nom
    return lignes


def _allegees(lignes):
    return list(lignes.defer("reponses", "commentaire").select_related("auteur"))


def _familles(habilitation, dossier, dernieres: Mapping[str, Evaluation]) -> list[Famille]:
    reglages = catalogue.donnees("reglages")
    publics = _publics(habilitation, dossier)
    ici = maisons(habilitation, dossier)
    domaine = ici[0].domaine if ici else ""
    proposees = catalogue.proposees(ici)
    toutes = {c: catalogue.definition(c, e.version_grille) for c, e in dernieres.items()}
    familles: dict[str, Famille] = {}
    for code, definition in (toutes | proposees).items():
        concernee = not publics or bool(publics & set(definition.brut["publics"]))
        if code not in dernieres and not concernee:
            continue
        domaine = definition.brut["domaine"]
        famille = familles.setdefault(domaine, Famille(reglages["domaines"][domaine]))
        derniere = dernieres.get(code)
        prevue = _prevue(derniere, domaine) if derniere else None
        famille.lignes.append(Ligne(definition, derniere, prevue, code in proposees))
    ordre = list(reglages["domaines"])
    return _les_siennes_d_abord([familles[d] for d in ordre if d in familles], publics)


def _les_siennes_d_abord(familles, publics) -> list[Famille]:
    """Most grids are for old age: where nobody is old, what is made for who lives there leads."""
    if not publics or "PA" in publics:
        return familles

    def autre(ligne) -> bool:
        return not set(ligne.definition.brut["publics"]) <= publics

    for famille in familles:
        famille.lignes.sort(key=autre)
    return sorted(familles, key=lambda f: autre(f.lignes[0]))


def maisons(habilitation, dossier) -> list:
    """Where the grids of this person come from: the houses of the stays; else one's own."""
    ici = {s.etablissement for s in habilitation.sejours_ouverts(dossier)}
    return list(ici or habilitation.etablissements(Bloc.EVA, Action.SAISIR))


def _publics(habilitation, dossier) -> set[str]:
    """The publics of the houses where the person stays; empty, hence all, when nowhere."""
    par_domaine = catalogue.donnees("reglages")["publics"]
    sejours = habilitation.sejours_ouverts(dossier)
    return {p for s in sejours for p in par_domaine[s.etablissement.domaine]}


def _prevue(evaluation, domaine) -> date | None:
    jours = rappels.delais(domaine).get(evaluation.grille)
    return timezone.localdate(evaluation.faite_le) + timedelta(days=jours) if jours else None


def en_mots(definition: Definition, evaluation) -> str:
    """« GIR 2 », « 5 / 20 : risque élevé », « Stade 2… »: one line."""
    resultat = evaluation.resultat
    if not resultat.get("complet"):
        return "Incomplète : pas de score"
    if definition.moteur == "aggir":
        return f"GIR {resultat['score']}"
    score = resultat["score"].replace(".", ",").replace("-", "−")
    if not score:
        return resultat["conclusion"]
    sur = definition.score["max"]
    chiffre = f"{score} / {sur}".replace(".", ",")
    return f"{chiffre} : {resultat['conclusion'].lower()}" if resultat["conclusion"] else chiffre


# ---------------------------------------------------------------- one evaluation


@dataclass
class Feuille:
    """All that a page, a print or a PDF shows of one evaluation."""

    evaluation: Evaluation
    definition: Definition
    en_mots: str
    lignes: list[tuple[str, str]]
    manquants: list[str]
    pourquoi: dict | None
    releves: list[dict] = field(default_factory=list)
    pieces: list[Document] = field(default_factory=list)


def feuille(evaluation) -> Feuille:
    definition = catalogue.definition(evaluation.grille, evaluation.version_grille)
    libelles = _libelles(definition)
    manquants = evaluation.resultat.get("manquants", [])
    return Feuille(
        evaluation=evaluation,
        definition=definition,
        en_mots=en_mots(definition, evaluation),
        lignes=PAR_MOTEUR[definition.moteur](definition, evaluation.reponses),
        manquants=[libelles.get(c, c) for c in manquants],
        pourquoi=_pourquoi(definition, evaluation) if definition.moteur == "aggir" else None,
        releves=[
            o | {"libelle": libelles.get(c, c), "le": datetime.fromisoformat(o["le"])}
            for c, o in evaluation.origines.items()
        ],
        pieces=pieces.de(evaluation),
    )


def _libelles(definition) -> dict[str, str]:
    if definition.moteur == "aggir":
        return {v["code"]: v["libelle"] for v in definition.brut["variables"]}
    if definition.moteur == "pathos":
        return {"1.etat": "État pathologique", "1.profil": "Profil de soins"}
    return {i.code: i.libelle for i in definition.items} or {"score": "Score total"}


def _reponses_echelle(definition, reponses):
    for item in definition.items:
        reponse = reponses.get(item.code, "")
        option = item.option(reponse)
        chiffres = reponse if item.type == "texte" else reponse.replace(".", ",")
        yield item.libelle, option.libelle if option else chiffres


def _reponse_seule(definition, reponses):
    yield "Score total", reponses.get("score", "").replace(".", ",")


def _reponses_aggir(definition, reponses):
    """The letter of each part of a variable, and the words behind it."""
    adverbes = definition.brut["adverbes"]
    for variable in definition.brut["variables"]:
        for observe in moteur_aggir.observes(variable):
            lettre = moteur_aggir.observee(observe, reponses) or "sans code"
            mots = ", ".join(_mots(observe, adverbes, reponses))
            titre = f"{variable['libelle']} : {observe.libelle.lower()}"
            reponse = f"{lettre} : {mots}" if mots else lettre
            yield titre if observe.libelle else variable["libelle"], reponse


def _mots(observe, adverbes, reponses):
    if reponses.get(f"{observe.nom}.non") == "oui":
        yield "ne fait pas"
        return
    for adverbe in adverbes:
        if reponse := reponses.get(f"{observe.nom}.{adverbe['code']}"):
            signe = "" if reponse == "oui" else "non "
            yield f"{signe}{adverbe['libelle'].lower()}"


def _reponses_pathos(definition, reponses):
    etats = table()
    for n in range(1, definition.brut["couples_max"] + 1):
        if numero := reponses.get(f"{n}.etat"):
            etat = etats.get(numero)
            libelle = f"{numero} – {etat.libelle}" if etat else numero
            suite = reponses.get(f"{n}.commentaire", "")
            profil = reponses.get(f"{n}.profil", "")
            yield f"Couple {n} : état {libelle}", f"{profil} {suite}".strip()


PAR_MOTEUR = {
    "echelle": lambda d, r: list(_reponses_echelle(d, r)),
    "score_seul": lambda d, r: list(_reponse_seule(d, r)),
    "aggir": lambda d, r: list(_reponses_aggir(d, r)),
    "pathos": lambda d, r: list(_reponses_pathos(d, r)),
}


def _pourquoi(definition, evaluation) -> dict | None:
    """The groups in the order they were computed, and the one that decided."""
    detail = evaluation.resultat.get("detail", {})
    if "groupes" not in detail:
        return None
    libelles, seuils = _libelles(definition), _seuils(definition)
    groupes = [g | {"seuils": seuils[g["groupe"]]} for g in detail["groupes"]]
    decisif = groupes[-1]
    contributions = [c | {"libelle": libelles[c["variable"]]} for c in decisif["contributions"]]
    return {
        "rang": detail["rang"],
        "gir": detail["gir"],
        "groupes": groupes,
        "decisif": decisif if decisif["seuil"] is not None else None,
        "contributions": contributions,
        "modalites": [(libelles[c], m) for c, m in detail["modalites"].items()],
    }


def _seuils(definition) -> dict[str, str]:
    return {
        g["groupe"]: ", ".join(f"{s['min']} (rang {s['rang']})" for s in g["seuils"])
        for g in definition.brut["algorithme"]["groupes"]
    }


def retenus(habilitation, dossier, grille: str) -> list[dict[str, str]]:
    """What the last one in force retained ({code, libelle, reponse}): SERAFIN-PH needs, for the
    projects that answer them."""
    siennes = Evaluation.objects.visibles(habilitation).filter(dossier=dossier)
    derniere = siennes.en_vigueur().de_la_grille(grille).plus_recentes().first()
    return derniere.resultat.get("detail", {}).get("retenus", []) if derniere else []


# ---------------------------------------------------------------- over time


def suivi(habilitation, dossier, grille) -> tuple[Definition | None, list[Evaluation]]:
    """Validated ones of this grid, the last first, each in the words of its own version."""
    siennes = Evaluation.objects.visibles(habilitation).filter(dossier=dossier)
    trouvees = _allegees(siennes.en_vigueur().de_la_grille(grille).plus_recentes()[:SUIVI_MAX])
    for e in trouvees:
        e.en_mots = en_mots(catalogue.definition(e.grille, e.version_grille), e)
    if trouvees:
        return catalogue.definition(grille, trouvees[0].version_grille), trouvees
    return catalogue.proposees(maisons(habilitation, dossier)).get(grille), []


def courbe(definition, evaluations) -> Graphe | None:
    """The scores of one scale: a version with other bounds is another scale. What the person says
    of herself is not drawn in line with what others see."""
    tracables = [e for e in evaluations if e.score is not None and _memes_bornes(definition, e)]
    points = [
        (e.faite_le, float(e.score))
        for e in [x for x in tracables if not x.auto_evaluation] or tracables
    ]
    decimales = 0 if all(v == int(v) for _, v in points) else 1
    return graphes.courbe(
        points,
        titre=definition.nom,
        decimales=decimales,
        conclusion=_sens(definition),
        ton="gris",
        icone="info",
    )


def _memes_bornes(definition, evaluation) -> bool:
    autre = catalogue.definition(evaluation.grille, evaluation.version_grille)
    if definition.moteur == "aggir" or autre == definition:
        return True
    return all(definition.score.get(b) == autre.score.get(b) for b in ("min", "max"))


def _sens(definition) -> str:
    """« Haut : douleur »: which way is worse, in the words of the definition."""
    sens = definition.brut.get("score", definition.brut).get("sens", "")
    return sens.replace(" = ", " : ").capitalize()


def versions(habilitation, evaluation) -> list[Evaluation]:
    """Every version, the one in force first: one query a version, and there are few."""
    chaine, suivante = [], evaluation
    visibles = Evaluation.objects.visibles(habilitation).select_related("auteur")
    while plus := visibles.filter(remplace=suivante).first():
        suivante = plus
    while suivante:
        chaine.append(suivante)
        precedente = suivante.remplace_id
        suivante = visibles.filter(pk=precedente).first() if precedente else None
    return chaine
