"""Merge two records of one person, and undo it: what belongs to one goes to the other.

Every foreign key to a record or to a person moves, whatever the block, but those of RESTENT: the
registry of models is walked, so that a new table cannot be forgotten (tests/architecture). Where
moving a row needs a choice, its block says it here (`regle`). Each change is written in the
register of moves (`Deplacement`), which alone lets a frozen row change record and from which all
of it is undone.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    F,
    ForeignKey,
    Max,
    Model,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.utils import timezone
from psycopg.errors import DeadlockDetected, LockNotAvailable

from dui.socle.models import Brouillon, Compte, Deplacement, Dossier, Fusion, Usager

# What does not move, and why.
RESTENT = {
    "socle.entreejournal.dossier": "scellée : elle dit le dossier qui a été lu ce jour-là",
    "socle.evenement.dossier": "un fait passé, en ajout seul",
    "socle.controlepiece.dossier": "la pièce a été comparée aux traits de l’ancienne identité",
    "socle.controlepiece.usager": "la pièce a été comparée aux traits de l’ancienne identité",
    "socle.appelinsi.dossier": "la question posée à INSi portait les traits de l’ancienne identité",
    "socle.appelinsi.usager": "la question posée à INSi portait les traits de l’ancienne identité",
    "socle.attenteinsi.dossier": "une réponse d’INSi attend peu, pour les traits de l’ancienne",
    "socle.verificationdemandee.dossier": "la vérification porte sur l’ancienne identité",
    "socle.ressemblance.usager": "l’identité reçue ressemblait à l’ancienne ; la page suit l’alias",
    "socle.homonymeconfirme.usager": "la cellule a jugé l’ancienne identité",
    "socle.dossier.usager": "l’ancien dossier garde ses traits : on le cherche par eux",
    "socle.doublon.premier": "la paire nomme les deux dossiers",
    "socle.doublon.second": "la paire nomme les deux dossiers",
    "socle.fusion.retenu": "la fusion nomme les deux dossiers",
    "socle.fusion.absorbe": "la fusion nomme les deux dossiers",
}
MOTIF = "Fusion de deux dossiers"
DEFAITE = "Fusion défaite"


def nom_du_lien(champ: ForeignKey) -> str:
    return f"{champ.model._meta.label_lower}.{champ.name}"


def liens() -> Iterator[ForeignKey]:
    """Every foreign key of the product to a record or a person; histories keep theirs."""
    for modele in apps.get_models(include_auto_created=True):
        for champ in modele._meta.concrete_fields:
            vise = isinstance(champ, ForeignKey) and champ.related_model in (Dossier, Usager)
            if vise and champ.db_constraint:
                yield champ


def liens_mobiles() -> list[ForeignKey]:
    return [champ for champ in liens() if nom_du_lien(champ) not in RESTENT]


@dataclass
class Passage:
    """One merge being done: what the rules of the blocks receive."""

    habilitation: Any
    fusion: Fusion
    retenu: Dossier
    absorbe: Dossier
    laissees: dict[str, int] = field(default_factory=dict)  # {model: rows left on the alias}

    def changer(self, ligne: Model, **champs) -> None:
        """These columns of one row, written down first; in its history too when it has one."""
        colonnes = {ligne._meta.get_field(nom).attname: v for nom, v in champs.items()}
        avant = {nom: getattr(ligne, nom) for nom in colonnes}
        _inscrire(self.fusion, type(ligne), [ligne.pk], avant, colonnes)
        for nom, valeur in colonnes.items():
            setattr(ligne, nom, valeur)
        if hasattr(ligne, "history"):
            ligne._history_user = self.habilitation.compte
            ligne._change_reason = MOTIF
            ligne.save()
        else:
            type(ligne)._base_manager.filter(pk=ligne.pk).update(**colonnes)


@dataclass(frozen=True)
class Regle:
    """`avant(passage)` settles what cannot simply move and gives the keys that stay behind;
    `apres_defusion(passage)` copies what must hold on both sides."""

    avant: Callable[[Passage], Iterable] = lambda passage: ()
    apres_defusion: Callable[[Passage], None] = lambda passage: None


_regles: dict[str, Regle] = {}


def regler(modele: str, regle: Regle) -> None:
    """In `AppConfig.ready()` of the block that owns the model (« app.modele »)."""
    _regles[modele.lower()] = regle


def regle_de(modele: type[Model]) -> Regle:
    return _regles.get(modele._meta.label_lower, Regle())


# ---------------------------------------------------------------- holding a record


TENU_AILLEURS = (LockNotAvailable, DeadlockDetected)  # somebody writes there: later


def absorbe_par(dossier_id) -> Any:
    """The record in which this one was merged, or None. Held until the end of the transaction: no
    merge begins while somebody writes, and who waited for one sees it."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT fusionne_dans_id FROM socle_dossier WHERE id = %s FOR KEY SHARE", [dossier_id]
        )
        ligne = curseur.fetchone()
    return ligne[0] if ligne else None


def tenir(*cles) -> dict[Any, Dossier]:
    """Both records and their persons, locked in the same order by everybody: who writes there has
    finished, who begins waits."""
    dossiers = Dossier.objects.filter(pk__in=cles).order_by("pk")
    trouves = {d.pk: d for d in dossiers.select_for_update(of=("self",))}
    personnes = Usager.objects.filter(pk__in={d.usager_id for d in trouves.values()})
    usagers = {u.pk: u for u in personnes.order_by("pk").select_for_update(of=("self",))}
    for dossier in trouves.values():
        dossier.usager = usagers[dossier.usager_id]
    return trouves


# ---------------------------------------------------------------- merging


def fusionner(passage: Passage) -> None:
    """In the transaction of the service, both records held."""
    for champ in liens_mobiles():
        _noter_l_existant(passage, champ)
    for champ in liens_mobiles():
        _deplacer(passage, champ)
    _completer(passage)
    passage.changer(passage.absorbe, fusionne_dans=passage.retenu.pk)


def _ancre(champ: ForeignKey, dossier: Dossier):
    return dossier.pk if champ.related_model is Dossier else dossier.usager_id


def _lignes(champ: ForeignKey, dossier: Dossier):
    return champ.model._base_manager.filter(**{champ.attname: _ancre(champ, dossier)})


def _cles(requete) -> list:
    return list(requete.order_by("pk").values_list("pk", flat=True))


def _noter_l_existant(passage: Passage, champ: ForeignKey) -> None:
    """What the kept record held that day: the rest of it is written since."""
    if cles := _cles(_lignes(champ, passage.retenu)):
        ici = {champ.attname: _ancre(champ, passage.retenu)}
        _inscrire(passage.fusion, champ.model, cles, ici, ici)


def _deplacer(passage: Passage, champ: ForeignKey) -> None:
    restent = set(regle_de(champ.model).avant(passage))
    if restent:
        passage.laissees[champ.model._meta.label_lower] = len(restent)
    cles = [cle for cle in _cles(_lignes(champ, passage.absorbe)) if cle not in restent]
    if not cles:
        return
    avant = {champ.attname: _ancre(champ, passage.absorbe)}
    apres = {champ.attname: _ancre(champ, passage.retenu)}
    _inscrire(passage.fusion, champ.model, cles, avant, apres)
    champ.model._base_manager.filter(pk__in=cles).update(**apres)


def _completer(passage: Passage) -> None:
    """What the record itself says: the latest GIR, and open if one of the two is."""
    retenu, absorbe, champs = passage.retenu, passage.absorbe, {}
    plus_recent = absorbe.gir_le and (retenu.gir_le is None or absorbe.gir_le > retenu.gir_le)
    if plus_recent or (absorbe.gir and not retenu.gir):
        champs = {"gir": absorbe.gir, "gir_le": absorbe.gir_le}
    if retenu.clos_le and absorbe.clos_le is None:
        champs["clos_le"] = None
    if champs:
        passage.changer(retenu, **champs)


def _inscrire(fusion, modele, cles, avant: dict, apres: dict) -> None:
    Deplacement.objects.create(
        fusion=fusion,
        modele=modele._meta.label_lower,
        cles=[str(cle) for cle in cles],
        avant=_en_json(avant),
        apres=_en_json(apres),
    )


def _en_json(champs: dict) -> dict:
    return json.loads(json.dumps(champs, default=str))


def rattraper(passage: Passage) -> int:
    """Rows that another door than a page wrote on the alias after the merge: they follow."""
    avant = passage.fusion.deplacements.count()
    for champ in liens_mobiles():
        _deplacer(passage, champ)
    return passage.fusion.deplacements.count() - avant


# ---------------------------------------------------------------- undoing


def defusionner(passage: Passage) -> None:
    """`passage.fusion.defait` backwards: each row that still says what the merge made it say."""
    retenu, absorbe = passage.retenu, passage.absorbe
    for inscrit in passage.fusion.defait.deplacements.order_by("-pk"):
        if inscrit.avant != inscrit.apres:
            _remettre(passage.fusion, inscrit)
    for modele in {champ.model for champ in liens_mobiles()}:
        regle_de(modele).apres_defusion(passage)
    retenu.refresh_from_db()
    absorbe.refresh_from_db()


def _remettre(fusion, inscrit: Deplacement) -> None:
    modele = apps.get_model(inscrit.modele)
    lignes = modele._base_manager.filter(pk__in=inscrit.cles, **_en_valeurs(modele, inscrit.apres))
    cles = _cles(lignes)
    if not cles:
        return
    _inscrire(fusion, modele, cles, inscrit.apres, inscrit.avant)
    valeurs = _en_valeurs(modele, inscrit.avant)
    lien = {champ.attname for champ in liens_mobiles() if champ.model is modele}
    sans_trace = modele is not Dossier and lien.issuperset(valeurs)  # a record says that it is back
    if not hasattr(modele, "history") or sans_trace:
        modele._base_manager.filter(pk__in=cles).update(**valeurs)
        return
    for ligne in modele._base_manager.filter(pk__in=cles).order_by("pk"):
        for nom, valeur in valeurs.items():
            setattr(ligne, nom, valeur)
        ligne._history_user, ligne._change_reason = fusion.decide_par, DEFAITE
        ligne.save()


def _en_valeurs(modele, champs: dict) -> dict:
    """From JSON to what a filter or an update takes; a null is asked for as such."""
    colonnes = {c.attname: c for c in modele._meta.concrete_fields}
    return {nom: colonnes[nom].to_python(valeur) for nom, valeur in champs.items()}


@dataclass(frozen=True)
class Ecrite:
    """A row that stays with the kept record when a merge is undone: when, by whom, never what."""

    modele: type[Model]
    cle: str
    le: datetime | None
    par: int | None


def ecrites_depuis(fusion: Fusion) -> list[Ecrite]:
    """What the kept record holds that neither of the two held at the merge: a person decides.
    One query, whatever the number of tables."""
    connues: dict[str, set[str]] = {}
    for modele, cles in fusion.deplacements.order_by("pk").values_list("modele", "cles"):
        connues.setdefault(modele, set()).update(cles)
    premiere, *autres = (_resumees(champ, fusion.retenu) for champ in liens_mobiles())
    lignes = premiere.union(*autres, all=True)
    return [
        Ecrite(apps.get_model(modele), cle, le, par)
        for modele, cle, le, par in lignes
        if cle not in connues.get(modele, ())
    ]


def _resumees(champ: ForeignKey, dossier: Dossier):
    dates = [c for c in champ.model._meta.concrete_fields if isinstance(c, DateField)]
    comptes = [c for c in champ.model._meta.concrete_fields if _est_un_compte(c)]
    le = F(dates[0].name) if dates else Value(None)
    par = F(comptes[0].attname) if comptes else Value(None)
    return (
        _lignes(champ, dossier)
        .order_by()
        .values_list(
            Value(champ.model._meta.label_lower, output_field=TextField()),
            Cast("pk", TextField()),
            Cast(le, DateTimeField()),
            Cast(par, BigIntegerField()),
        )
    )


def _est_un_compte(champ) -> bool:
    return isinstance(champ, ForeignKey) and champ.related_model is Compte


# ---------------------------------------------------------------- rules of the kernel


def _brouillons(passage: Passage) -> Iterator:
    """A draft keeps its text and reopens at the kept record; traces of saved ones may collide."""
    cle = ("compte_id", "objet")
    prises = set(Brouillon.objects.filter(dossier=passage.retenu).values_list(*cle).order_by("pk"))
    ancien, nouveau = str(passage.absorbe.pk), str(passage.retenu.pk)
    siens = Brouillon.objects.filter(dossier=passage.absorbe).order_by("pk")
    for brouillon in siens.select_for_update(of=("self",)):
        champs = {
            nom: getattr(brouillon, nom).replace(ancien, nouveau) for nom in ("chemin", "requete")
        }
        if tuple(getattr(brouillon, c) for c in cle) in prises:
            if brouillon.clos_le:
                yield brouillon.pk
                continue
            champs["objet"] = str(brouillon.pk)
        passage.changer(brouillon, **champs)


def _contacts(passage: Passage) -> tuple:
    """Both lists are kept, those of the alias are called after the others."""
    dernier = passage.retenu.contacts.filter(actif=True).aggregate(m=Max("ordre_appel"))["m"]
    for contact in passage.absorbe.contacts.select_for_update(of=("self",)).order_by("pk"):
        if dernier and contact.actif:
            passage.changer(
                contact, ordre_appel=contact.ordre_appel + dernier, version=contact.version + 1
            )
    return ()


def _correspondants(passage: Passage) -> tuple:
    """The same one in the same role on both sides: the second is noted as ended."""
    cle = ("professionnel_id", "structure_identifiant", "role")
    en_cours = passage.retenu.correspondants.filter(fin=None)
    deja = set(en_cours.values_list(*cle).order_by("pk"))
    siens = passage.absorbe.correspondants.filter(fin=None).order_by("pk")
    for c in siens.select_for_update(of=("self",)):
        if tuple(getattr(c, nom) for nom in cle) in deja:
            fin = max(c.debut, timezone.localdate())
            passage.changer(c, fin=fin, version=c.version + 1)
    return ()


regler("socle.Brouillon", Regle(_brouillons))
regler("socle.Contact", Regle(_contacts))
regler("socle.Correspondant", Regle(_correspondants))
