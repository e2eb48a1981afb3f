"""Search the local copy: the beginning of the name first, then any part of it.

Every path walks an index in the order of the page: no count, no sort of a town, no scan. Pages
follow one another by the key of the last line.
"""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.lookups import GreaterThan

from dui.socle import codes
from dui.socle.models import BalAnnuaire, ExerciceAnnuaire, StructureAnnuaire

PROFESSIONNELS, STRUCTURES = "professionnels", "structures"
LETTRES, TRIGRAMME = 2, 3
MOTS_MAX, PROCHES = 6, 400  # words read; rows looked at by parts of a name
CURSEUR = signing.Signer(salt="annuaire")


@dataclass(frozen=True)
class Criteres:
    nom: str = ""
    ville: str = ""
    profession: str = ""
    numero: str = ""
    quoi: str = PROFESSIONNELS
    apres: str = ""

    @property
    def chiffres(self) -> str:
        return re.sub(r"[^0-9A-Za-z]", "", self.numero).upper()

    @property
    def suffisants(self) -> bool:
        """A profession alone would list the whole country."""
        lettres = max(len(self.nom.strip()), len(self.ville.strip()))
        return bool(self.chiffres) or lettres >= LETTRES


@dataclass
class Resultats:
    """`lignes`: what begins as typed; `proches`: what only holds it (first page only)."""

    lignes: list = field(default_factory=list)
    proches: list = field(default_factory=list)
    suite: str = ""

    @property
    def toutes(self) -> list:
        return [*self.lignes, *self.proches]


def chercher(criteres: Criteres) -> Resultats:
    if not criteres.suffisants:
        return Resultats()
    structures = criteres.quoi == STRUCTURES
    modele = StructureAnnuaire if structures else ExerciceAnnuaire
    requete = modele.objects.filter(actif=True)
    if structures:
        requete = requete.exclude(recherche=" ").exclude(recherche="")
    elif criteres.profession:
        requete = requete.filter(profession=criteres.profession)
    if criteres.chiffres:
        trouve = Resultats(_par_numero(requete, criteres))
    else:
        trouve = _par_nom(requete, criteres)
    _completer(trouve.toutes, structures)
    return trouve


def _par_numero(requete, criteres: Criteres) -> list:
    """The whole number of the professional or of the place."""
    numero, taille = criteres.chiffres, settings.ANNUAIRE_RESULTATS
    if requete.model is StructureAnnuaire:
        requete = requete.filter(Q(finess=numero) | Q(identifiant=numero))
        return list(requete.order_by("identifiant")[:taille])
    du_lieu = Q(structure=f"1{numero}") if len(numero) == 9 else Q(rpps=numero)
    return list(requete.filter(du_lieu | Q(idnps=numero)).order_by("recherche", "cle")[:taille])


def _par_nom(requete, criteres: Criteres) -> Resultats:
    cle = requete.model._meta.pk.name
    if criteres.ville.strip():
        requete = requete.filter(lieu__startswith=_normalise(criteres.ville))
    mots = _mots(criteres.nom)
    debut = requete.filter(recherche__startswith=_normalise(" ".join(mots))) if mots else requete
    ordre = ("lieu", "recherche", cle) if criteres.ville.strip() else ("recherche", cle)
    if curseur := _lire_curseur(criteres.apres, len(ordre)):
        debut = debut.filter(_apres(ordre, curseur))
    taille = settings.ANNUAIRE_RESULTATS
    lignes = list(debut.order_by(*ordre)[: taille + 1])
    suite = _curseur(lignes[taille - 1], ordre) if len(lignes) > taille else ""
    lignes = lignes[:taille]
    if suite or curseur or len(lignes) == taille:
        return Resultats(lignes, suite=suite)
    return Resultats(lignes, _proches(requete, mots, lignes, taille - len(lignes)))


def _proches(requete, mots: list[str], deja: list, nombre: int) -> list:
    """Every word somewhere in the name, in any order. Bounded before it is sorted."""
    indexables = [m for m in mots if len(m) >= TRIGRAMME]
    if not indexables:
        return []
    for mot in mots:
        requete = requete.filter(recherche__contains=_normalise(mot))
    connus = {x.pk for x in deja}
    vues = [x for x in requete.order_by()[:PROCHES] if x.pk not in connus]
    return sorted(vues, key=lambda x: (x.recherche, x.pk))[:nombre]


def _mots(texte: str) -> list[str]:
    return re.sub(r"[-'’]", " ", texte).split()[:MOTS_MAX]


def _normalise(texte: str) -> Func:
    propre = " ".join(_mots(texte)).replace("\0", "")
    return Func(Value(propre), function="dui_normaliser", output_field=TextField())


# ------------------------------------------------------------------ keyset


def _rangee(*valeurs) -> Func:
    return Func(*valeurs, function="ROW", output_field=TextField())


def _apres(ordre: tuple[str, ...], valeurs: list[str]) -> GreaterThan:
    """(a, b, c) > (…): one comparison of rows, which one index answers."""
    return GreaterThan(_rangee(*map(F, ordre)), _rangee(*map(Value, valeurs)))


def _curseur(ligne, ordre: tuple[str, ...]) -> str:
    return CURSEUR.sign_object([getattr(ligne, nom) for nom in ordre], compress=True)


def _lire_curseur(texte: str, longueur: int) -> list[str] | None:
    try:
        lu = CURSEUR.unsign_object(texte)
    except (signing.BadSignature, ValueError):
        return None
    return lu if isinstance(lu, list) and len(lu) == longueur else None


# ------------------------------------------------------------------ what goes with the lines


def _completer(lignes: list, structures: bool) -> None:
    """Labels, places and MSSanté addresses of a page: two queries whatever its length."""
    if structures:
        _completer_les_structures(lignes)
        return
    lieux = {
        s.identifiant: s
        for s in StructureAnnuaire.objects.filter(
            identifiant__in={x.structure for x in lignes if x.structure}
        ).order_by("identifiant")
    }
    bals, mots = _bals(lignes), _libelles()
    for x in lignes:
        x.lieu_d_exercice = lieux.get(x.structure)
        x.profession_en_mots = mots("profession", x.profession)
        x.specialite = mots("savoir_faire", x.savoir_faire)
        x.mode_en_mots = mots("mode", x.mode)
        x.bals = [
            b
            for b in bals
            if (b.idnps == x.idnps and b.structure in ("", x.structure))
            or (b.idnps == "" and b.structure == x.structure)
        ]


def _bals(lignes: list) -> list[BalAnnuaire]:
    """The person's own addresses first, then those of the place."""
    personnes = {x.idnps for x in lignes}
    lieux = {x.structure for x in lignes if x.structure}
    de_ceux_ci = Q(idnps__in=personnes) | Q(idnps="", structure__in=lieux)
    bals = list(BalAnnuaire.objects.filter(de_ceux_ci).order_by("adresse", "cle"))
    return sorted(bals, key=lambda b: (b.idnps == "", b.structure == "", b.adresse))


def _completer_les_structures(lignes: list) -> None:
    lieux = {x.identifiant for x in lignes}
    bals = BalAnnuaire.objects.filter(idnps="", structure__in=lieux).order_by("adresse", "cle")
    par_lieu: dict[str, list] = {}
    for b in bals:
        par_lieu.setdefault(b.structure, []).append(b)
    mots = _libelles()
    for x in lignes:
        x.bals = par_lieu.get(x.identifiant, [])
        x.secteur_en_mots = mots("secteur", x.secteur)


def _libelles():
    """Labels by list and code. Each list is read at most once: one that no file has brought yet
    gives the codes."""
    lues: dict[str, dict] = {}

    def mots(nom: str, code: str) -> str:
        if not code:
            return ""
        if nom not in lues:
            lues[nom] = codes.codes(f"annuaire_{nom}")
        trouve = lues[nom].get(code)
        return trouve.libelle if trouve else code

    return mots


def exercice(cle: str) -> ExerciceAnnuaire | None:
    """One line of the directory, ready to be shown or chosen."""
    return _un(ExerciceAnnuaire, cle)


def structure(identifiant: str) -> StructureAnnuaire | None:
    return _un(StructureAnnuaire, identifiant)


def _un(modele, cle: str):
    if not cle or "\0" in cle:
        return None
    trouve = modele.objects.filter(pk=cle[:120], actif=True).first()
    if trouve:
        _completer([trouve], modele is StructureAnnuaire)
    return trouve
