"""Grids answered in the showcase unit: the AGGIR that gave each GIR, and the risk of pressure
sores every three months. The engine computes them, as it would on the ward."""

from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import product

from django.utils import timezone

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.moteur import VERSION, evaluer
from accompagnement.evaluations.moteur import aggir as moteur_aggir
from accompagnement.models import Evaluation, PmpValide
from dui.demonstration.tirage import alea
from dui.socle.models import Compte, Dossier, Sejour

UNITE = "Magnolia"
TRIMESTRE = timedelta(days=91)
ADVERBES = {"A": ("oui",) * 4, "C": ("non",) * 4}


def ecrire(graine: int) -> int:
    """For each resident of the unit: two AGGIR, the last one dating the GIR; three Norton."""
    sejours = Sejour.objects.en_cours().filter(unite__nom=UNITE, dossier__gir__isnull=False)
    lignes: list[Evaluation] = []
    comptes: dict = {}
    for sejour in sejours.select_related("dossier", "etablissement").order_by("dossier__numero"):
        if sejour.etablissement_id not in comptes:
            comptes[sejour.etablissement_id] = [
                _compte(sejour.etablissement_id, role) for role in ("IDE", "MEDCO")
            ]
        auteur, medecin = comptes[sejour.etablissement_id]
        if auteur and medecin:
            a = alea(graine, "evaluations", sejour.dossier.numero)
            lignes += _du_resident(a, sejour, auteur, medecin)
    for etablissement, (_, medecin) in comptes.items():
        if medecin:
            _pmp(etablissement, medecin)
    Evaluation.objects.bulk_create(lignes)
    return len(lignes)


def _compte(etablissement_id, role) -> Compte | None:
    ici = Compte.objects.filter(
        affectations__etablissement=etablissement_id, affectations__role=role
    )
    return ici.order_by("pk").first()


def _du_resident(a, sejour, auteur, medecin):
    dossier, aujourdhui = sejour.dossier, timezone.now().replace(hour=13, minute=0, second=0)
    entree = aujourdhui - timedelta(days=(timezone.localdate() - sejour.entree_le).days)
    premiere = entree + timedelta(days=20)
    if premiere >= aujourdhui - timedelta(days=2):
        return
    age = (aujourdhui - premiere).days
    derniere = aujourdhui - timedelta(days=a.randint(1, min(age, 400) or 1))
    avant = min(6, dossier.gir + (a.random() < 0.6))
    for gir, le in ((avant, premiere), (dossier.gir, derniere)):
        yield _evaluation(dossier, "aggir", _aggir(a, gir), le, auteur, medecin)
    Dossier.objects.filter(pk=dossier.pk).update_sans_historique(
        motif="données inventées", gir_le=timezone.localdate(derniere)
    )
    yield _evaluation(dossier, "pathos", _pathos(a, dossier.gir), derniere, medecin, medecin)
    le = max(premiere, aujourdhui - 3 * TRIMESTRE + timedelta(days=a.randint(-20, 20)))
    while le < aujourdhui:
        yield _evaluation(dossier, "norton", _norton(a, dossier.gir), le, auteur, auteur)
        le += TRIMESTRE


def _evaluation(dossier, grille, reponses, le, auteur, valideur) -> Evaluation:
    definition = catalogue.definition(grille)
    resultat = evaluer(definition, reponses)
    fonction = "IDE"
    return Evaluation(
        dossier=dossier,
        grille=grille,
        version_grille=definition.version,
        etat=Evaluation.Etat.VALIDEE,
        auteur=auteur,
        fonction=fonction,
        evaluateurs=[{"compte": auteur.pk, "nom": auteur.signature, "fonction": fonction}],
        faite_le=le,
        ecrite_le=le + timedelta(minutes=12),
        reponses=reponses,
        resultat=resultat.en_donnees(),
        score=resultat.score,
        version_moteur=VERSION,
        validee_le=le + timedelta(minutes=15),
        validee_par=valideur,
        fonction_validation=fonction if valideur == auteur else "Médecin coordonnateur",
    )


@cache
def _lettres_par_gir() -> dict[int, list[tuple[str, ...]]]:
    algorithme = catalogue.definition("aggir").brut["algorithme"]
    noms = algorithme["ordre_variables"]
    par_gir: dict[int, list] = {g: [] for g in range(1, 7)}
    for lettres in product("ABC", repeat=len(noms)):
        _, gir, _ = moteur_aggir.classer(algorithme, dict(zip(noms, lettres, strict=True)))
        par_gir[gir].append(lettres)
    return par_gir


def _aggir(a, gir: int) -> dict[str, str]:
    """Adverbs that give letters that give this GIR; each part of a variable as the whole."""
    brut = catalogue.definition("aggir").brut
    noms = brut["algorithme"]["ordre_variables"]
    lettres = dict(zip(noms, a.choice(_lettres_par_gir()[gir]), strict=True))
    reponses = {}
    for variable in brut["variables"]:
        lettre = lettres.get(variable["code"]) or ("C" if gir < 5 else a.choice("AB"))
        for observe in moteur_aggir.observes(variable):
            if lettre == "C":
                reponses[f"{observe.nom}.non"] = "oui"
                continue
            mots = ADVERBES.get(lettre) or a.sample(("oui", "oui", "oui", "non"), 4)
            noms_ = (f"{observe.nom}.{x['code']}" for x in brut["adverbes"])
            reponses |= dict(zip(noms_, mots, strict=True))
    return reponses


def _pathos(a, gir: int) -> dict[str, str]:
    """A few couples, the heavier the more dependent; without the guide, states are numbers."""
    lourds, legers = ("T2", "CH", "P2", "R2", "M2"), ("S1", "S1", "P2", "R2", "S0")
    reponses = {}
    etats = a.sample(range(1, 51), a.randint(2, 5))
    for n, etat in enumerate(sorted(etats), start=1):
        profils = lourds if a.random() < (7 - gir) / 9 else legers
        reponses |= {f"{n}.etat": str(etat), f"{n}.profil": a.choice(profils)}
    return reponses


def _pmp(etablissement, medecin) -> None:
    coupe = timezone.localdate() - timedelta(days=210)
    PmpValide.objects.create(
        etablissement_id=etablissement,
        valeur=Decimal("212.40"),
        coupe_le=coupe,
        valide_le=coupe + timedelta(days=35),
        medecin="Dr Arnaud Lefèvre, agence régionale de santé",
        saisi_par=medecin,
    )


def _norton(a, gir: int) -> dict[str, str]:
    moyenne = 1.3 + gir * 0.45
    items = catalogue.definition("norton").items
    return {i.code: str(min(4, max(1, round(a.gauss(moyenne, 0.6))))) for i in items}
