"""Reads of the worklist of duplicates: whom the pair is about, never what was written of care."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.utils import timezone
from django.utils.text import capfirst

from administratif.doublons import detection
from administratif.doublons.empechements import empechements, proposer_la_gardee
from administratif.doublons.regles import REGLES
from dui.socle import fusion
from dui.socle.enums import Action, Bloc
from dui.socle.identite import cle_comparaison
from dui.socle.models import Compte, Dossier, Doublon, Evenement, Fusion, Sejour
from habilitations import fusions

LISTEES = 40
NON_MONTRE = "présent, non montré tant que l’identité n’est pas qualifiée"
Etat = Doublon.Etat


# ---------------------------------------------------------------- the worklist


def file_de_travail(habilitation, etat: str) -> list[Doublon]:
    """The likeliest first; a proposal that waits says who made it."""
    attente = Fusion.objects.filter(doublon=OuterRef("pk")).en_attente().order_by("pk")
    lignes = (
        Doublon.objects.visibles(habilitation)
        .entre_actifs()
        .filter(etat=etat)
        .select_related("premier__usager", "second__usager")
        .annotate(proposee_par=Subquery(attente.values("propose_par")[:1]))
    )
    trouvees = list(lignes.order_by("-score", "-trouve_le", "pk")[: REGLES.page + 1])
    for doublon in trouvees:
        doublon.pourquoi = pourquoi(doublon)
        doublon.de_moi = doublon.proposee_par == habilitation.compte.pk
        doublon.expiree = etat in (Etat.PROPOSEE,) and doublon.proposee_par is None
    return trouvees


def a_juger(habilitation):
    """The oldest first: pairs to examine, those that a merge undone left so, and what a colleague
    proposed (`proposee`: its sens)."""
    d_une_collegue = (
        Fusion.objects.filter(doublon=OuterRef("pk"))
        .en_attente()
        .exclude(propose_par=habilitation.compte)
        .order_by("pk")
    )
    attendent = Doublon.objects.visibles(habilitation).entre_actifs()
    attendent = attendent.annotate(proposee=Subquery(d_une_collegue.values("sens")[:1]))
    seules = Q(etat__in=(Etat.A_EXAMINER, Etat.DEFUSIONNEE))
    attendent = attendent.filter(seules | Q(proposee__isnull=False))
    return attendent.select_related("second").order_by("trouve_le", "pk")


def nombres(habilitation) -> dict[str, int]:
    lignes = Doublon.objects.visibles(habilitation).entre_actifs().order_by()
    return dict(lignes.values_list("etat").annotate(nombre=Count("pk")))


def pourquoi(doublon) -> str:
    if doublon.nature == Doublon.Nature.COLLISION:
        return doublon.texte
    return capfirst(", ".join(REGLES.libelles[r] for r in doublon.raisons if r in REGLES.libelles))


# ---------------------------------------------------------------- a pair


@dataclass
class Cote:
    """One of the two records, as the cellule may see it."""

    dossier: Dossier
    suivi: bool  # in a house of this account: its stays may be shown
    sejours: list[Sejour] = field(default_factory=list)
    derniere: datetime | None = None
    lignes: dict[str, int] = field(default_factory=dict)

    @property
    def usager(self):
        return self.dossier.usager


@dataclass(frozen=True)
class Trait:
    libelle: str
    valeurs: list[str]
    verdict: str  # identique, different, absent

    @property
    def signal(self) -> tuple[str, str, str]:
        return SIGNAUX[self.verdict]


SIGNAUX = {
    "identique": ("Identique", "vert", "coche"),
    "different": ("Différent", "ambre", "alerte"),
    "absent": ("Inconnu d’un côté", "gris", "info"),
}


def trouver(habilitation, doublon_id) -> Doublon | None:
    paires = Doublon.objects.visibles(habilitation).select_related(
        "premier__usager", "second__usager", "juge_par", "signale_par"
    )
    collisions = Doublon.objects.collisions_de(OuterRef("premier"), OuterRef("second"))
    paires = paires.annotate(collision=Exists(collisions), **_DERNIERES)
    return paires.filter(pk=doublon_id).first()


def _derniere(cote: str) -> Subquery:
    evenements = Evenement.objects.filter(dossier=OuterRef(cote)).order_by("-survenu_le")
    return Subquery(evenements.values("survenu_le")[:1])


_DERNIERES = {f"derniere_{cote}": _derniere(cote) for cote in ("premier", "second")}


def paire(habilitation, doublon: Doublon) -> dict[str, Any]:
    cotes = _cotes(habilitation, doublon)
    demandes = doublon.fusions.select_related("propose_par", "decide_par", "retenu")
    demandes = list(demandes.order_by("-propose_le"))
    attend = next((d for d in demandes if not d.decision), None)
    faite = next((d for d in demandes if _en_vigueur(d)), None)
    contexte: dict[str, Any] = {
        "doublon": doublon,
        "cotes": cotes,
        "pourquoi": pourquoi(doublon),
        "blocs": _blocs(cotes),
        "demandes": demandes,
        "demande": attend if attend and attend.expire_le > timezone.now() else None,
        "expiree": bool(attend and attend.expire_le <= timezone.now()),
        "faite": faite,
    }
    if doublon.second is None:
        return contexte
    conseillee = proposer_la_gardee(*doublon.dossiers)
    autre = next(d for d in doublon.dossiers if d != conseillee)
    refus = [] if faite else empechements(conseillee, autre, collision=doublon.collision)
    return contexte | {
        "traits": _comparer(*doublon.dossiers),
        "conseillee": conseillee,
        "empechements": refus,
        "gains": fusions.gains(*doublon.dossiers) if not faite else [],
        "a_savoir": _a_savoir(cotes),
        "ecrites": _ecrites(faite) if faite else [],
    }


def _en_vigueur(demande: Fusion) -> bool:
    faite = demande.decision == Fusion.Decision.APPROUVEE and demande.defaite_le is None
    return faite and demande.sens == Fusion.Sens.FUSION


def _cotes(habilitation, doublon) -> list[Cote]:
    sejours = Sejour.objects.filter(dossier__in=doublon.dossiers)
    sejours = list(sejours.select_related("etablissement", "unite").order_by("-entree_le", "pk"))
    maisons = {
        a.etablissement_id
        for a in habilitation.affectations
        if any((d["bloc"], d["action"]) == (Bloc.IDV, Action.VALIDER) for d in a.droits)
    }
    lignes = _lignes(doublon.dossiers)
    dernieres = {
        doublon.premier_id: doublon.derniere_premier,
        doublon.second_id: doublon.derniere_second,
    }
    cotes = []
    for dossier in doublon.dossiers:
        siens = [s for s in sejours if s.dossier_id == dossier.pk]
        suivi = any(s.etablissement_id in maisons for s in siens)
        par_bloc = {bloc: n for bloc, cle, n in lignes if cle == dossier.pk}
        cote = Cote(dossier, suivi, siens if suivi else [])
        if suivi:
            cote.lignes, cote.derniere = par_bloc, dernieres.get(dossier.pk)
        cotes.append(cote)
    return cotes


def _lignes(dossiers) -> list[tuple[str, Any, int]]:
    """(block, dossier, number of rows), in one query over every table of a block."""
    par_table = []
    for champ in fusion.liens_mobiles():
        if bloc := getattr(champ.model, "BLOC", None):
            lignes = champ.model._base_manager.filter(**{f"{champ.name}__in": dossiers}).order_by()
            comptees = lignes.values(bloc_dit=Value(str(bloc)), dossier_dit=F(champ.attname))
            par_table.append(comptees.annotate(n=Count("pk")).values_list(
                "bloc_dit", "dossier_dit", "n"
            ))  # fmt: skip
    totaux: dict[tuple, int] = {}
    for bloc, dossier, nombre in par_table[0].union(*par_table[1:], all=True):
        totaux[bloc, dossier] = totaux.get((bloc, dossier), 0) + nombre
    return [(bloc, dossier, nombre) for (bloc, dossier), nombre in totaux.items()]


def _blocs(cotes) -> list[tuple[str, list[int]]]:
    codes = {code for cote in cotes for code in cote.lignes}
    ordonnes = [bloc for bloc in Bloc if bloc.value in codes]
    return [(bloc.label, [c.lignes.get(bloc.value, 0) for c in cotes]) for bloc in ordonnes]


def _a_savoir(cotes) -> list[str]:
    """What the merge leaves to somebody: said before, not discovered after."""
    avis = []
    jour = timezone.localdate()
    en_cours = [s.etablissement for c in cotes for s in c.sejours if s.est_en_cours(jour)]
    if len(en_cours) > len(set(en_cours)):
        avis.append(
            "Deux séjours sont en cours dans la même maison : les deux restent, le secrétariat "
            "clôt celui qui est de trop."
        )
    elif len(en_cours) > 1:
        avis.append("Deux séjours sont en cours, dans deux maisons : les deux équipes le liront.")
    if all(c.lignes.get(Bloc.ENT) for c in cotes):
        avis.append(
            "Les contacts des deux dossiers sont gardés, ceux du dossier réuni à la suite : "
            "l’équipe retire ce qui est en double et vérifie la personne de confiance."
        )
    return avis


def _comparer(a: Dossier, b: Dossier) -> list[Trait]:
    u, v = a.usager, b.usager
    lignes = [
        ("Nom de naissance", u.nom_naissance, v.nom_naissance),
        ("Prénoms de naissance", u.prenoms, v.prenoms),
        ("Premier prénom", u.premier_prenom, v.premier_prenom),
        ("Sexe", u.get_sexe_display(), v.get_sexe_display()),
        ("Date de naissance", u.naissance_affichee, v.naissance_affichee),
        ("Lieu de naissance", _lieu(u), _lieu(v)),
        ("Nom utilisé", u.nom_utilise, v.nom_utilise),
        ("Prénom utilisé", u.prenom_utilise, v.prenom_utilise),
        ("Décès", _jour(u.date_deces), _jour(v.date_deces)),
    ]
    traits = [Trait(nom, [x, y], _verdict(x, y)) for nom, x, y in lignes if x or y]
    lues = [detection.identite(usager) for usager in (u, v)]
    numeros = [f"{lue.matricule} {lue.oid}".strip() for lue in lues]
    if any(numeros):
        valeurs = [_ins(*x) for x in zip((u, v), numeros, strict=True)]
        traits.append(Trait("INS", valeurs, _verdict(*numeros)))
    return traits


def _ins(usager, numero: str) -> str:
    """The number only when it may leave; compared all the same, two of them are two persons."""
    return usager.ins_affiche or (NON_MONTRE if numero else "")


def _verdict(x: str, y: str) -> str:
    if not (x and y):
        return "absent"
    return "identique" if cle_comparaison(x) == cle_comparaison(y) else "different"


def _lieu(usager) -> str:
    return " ".join(
        p for p in (usager.commune_naissance, f"({usager.lieu_naissance_cog})") if p != "()"
    ).strip()


def _jour(jour: date | None) -> str:
    return f"{jour:%d/%m/%Y}" if jour else ""


@dataclass(frozen=True)
class LigneEcrite:
    quoi: str
    le: datetime | None
    par: str


def _ecrites(faite: Fusion) -> list[LigneEcrite]:
    """What stays with the kept record if the merge is undone: kind, date, author, never text."""
    ecrites = fusion.ecrites_depuis(faite)
    comptes = Compte.objects.in_bulk({e.par for e in ecrites if e.par})
    lignes = [
        LigneEcrite(str(e.modele._meta.verbose_name), e.le, str(comptes.get(e.par, "")))
        for e in ecrites
    ]
    return sorted(lignes, key=lambda x: (x.le is None, x.le or timezone.now()))[:LISTEES]
