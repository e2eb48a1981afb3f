"""Reads of this block. Each costs the same number of queries whatever the volume."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import FloatField, Q
from django.db.models.functions import Cast, Extract
from django.utils import timezone
from django.utils.http import urlencode

from dui.socle import registres
from dui.socle.models import Dossier
from dui.socle.pagination import Tranche, lire_curseur
from habilitations.lieux import presents
from soins import constantes, regles
from soins.models import Mesure
from soins.regles import Alerte, Releve

PESEES = timedelta(days=280)  # the rules look one and a half windows of six months back
PRESSIONS = timedelta(days=14)
FRAICHEUR = timedelta(days=3)  # an abnormal value does not alert for ever
FRAICHEUR_POIDS = timedelta(days=60)


@dataclass
class Etat:
    """The vital signs of one person: last value of each code, weights, blood pressures."""

    dossier: Dossier
    dernieres: dict[str, Mesure]
    poids: list[Releve]
    pressions: list[tuple] = field(default_factory=list)  # (moment, systolic, diastolic)

    @property
    def age(self) -> int:
        return self.dossier.usager.age()

    @property
    def imc(self):
        poids, taille = self.dernieres.get("poids"), self.dernieres.get("taille")
        return regles.imc(poids.valeur, taille.valeur) if poids and taille else None


def etat(habilitation, dossier) -> Etat:
    """One query, shared by the sections of one page."""
    if not hasattr(dossier, "_constantes"):
        dossier._constantes = _lire_etat(habilitation, dossier)
    return dossier._constantes


def _lire_etat(habilitation, dossier) -> Etat:
    mesures = Mesure.objects.visibles(habilitation).filter(dossier=dossier)
    maintenant = timezone.now()
    lues = mesures.en_vigueur().filter(
        Q(code="poids", mesuree_le__gte=maintenant - PESEES)
        | Q(code__in=["pas", "pad"], mesuree_le__gte=maintenant - PRESSIONS)
        | Q(pk__in=mesures.dernieres().values("pk"))
    )
    dernieres, poids, tensions = {}, [], defaultdict(dict)
    for m in lues.order_by("mesuree_le", "pk"):
        dernieres[m.code], age = m, maintenant - m.mesuree_le
        if m.code == "poids" and age <= PESEES:
            poids.append(Releve(timezone.localtime(m.mesuree_le), m.valeur))
        elif m.code in ("pas", "pad") and age <= PRESSIONS:
            tensions[m.mesuree_le, m.cle_saisie][m.code] = m.valeur
    pressions = [
        (le, paire["pas"], paire["pad"]) for (le, _), paire in tensions.items() if len(paire) == 2
    ]
    return Etat(dossier, dernieres, poids, pressions)


@dataclass(frozen=True)
class AlerteDatee:
    alerte: Alerte
    le: object  # datetime

    @property
    def icone(self) -> str:
        if self.alerte.code != "poids":
            return "thermometre" if self.alerte.code == "temperature" else "coeur"
        return "baisse" if self.alerte.titre.startswith("Perte") else "hausse"

    @property
    def geste(self) -> str:
        grave = self.alerte.niveau == "alerte"
        return "Avis médical à demander." if grave else "À surveiller."


def alertes(dernieres: dict[str, Releve], poids: list[Releve], *, age: int) -> list[AlerteDatee]:
    """What the last values of one person say, the worst first."""
    connues, maintenant, trouvees = constantes.toutes(), timezone.now(), []
    for code, derniere in dernieres.items():
        fraicheur = FRAICHEUR_POIDS if code == "poids" else FRAICHEUR
        if code not in connues or derniere.le < maintenant - fraicheur:
            continue
        serie = poids if code == "poids" else [derniere]
        if alerte := regles.alerter(connues[code], serie, age=age):
            trouvees.append(AlerteDatee(alerte, derniere.le))
    return sorted(trouvees, key=lambda a: regles.NIVEAUX.index(a.alerte.niveau), reverse=True)


def alertes_du_dossier(habilitation, dossier) -> list[AlerteDatee]:
    lu = etat(habilitation, dossier)
    dernieres = {code: Releve(m.mesuree_le, m.valeur) for code, m in lu.dernieres.items()}
    return alertes(dernieres, lu.poids, age=lu.age)


def alertes_du_lieu(habilitation, lieu) -> list[dict]:
    """[{sejour, alertes}] of the place, the worst first, then by room."""
    ici = presents(habilitation, lieu)
    trouvees = alertes_des_dossiers(habilitation, [s.dossier for s in ici])
    lignes = [
        {"sejour": s, "dossier": s.dossier, "alertes": trouvees[s.dossier_id]}
        for s in ici
        if s.dossier_id in trouvees
    ]
    return sorted(lignes, key=lambda x: x["alertes"][0].alerte.niveau != "alerte")


def alertes_des_dossiers(habilitation, dossiers) -> dict:
    """{dossier id: [AlerteDatee]} for a board: two queries whatever its length, once a request."""
    ids = frozenset(d.pk for d in dossiers)
    dernieres, poids = habilitation.une_fois(
        ("constantes", ids), lambda: _dernieres_et_poids(habilitation, list(ids))
    )
    return {
        d.pk: trouvees
        for d in dossiers
        if (trouvees := alertes(dernieres[d.pk], poids[d.pk], age=d.usager.age()))
    }


def _dernieres_et_poids(habilitation, dossier_ids):
    maintenant = timezone.now()
    mesures = Mesure.objects.visibles(habilitation).des_dossiers(dossier_ids)
    dernieres, poids = defaultdict(dict), defaultdict(list)
    # Every code by its name: the index then reads the last days, not the whole life.
    codes = [code for code in constantes.toutes() if code != "poids"]
    fraiches = mesures.filter(code__in=codes, mesuree_le__gte=maintenant - FRAICHEUR)
    for dossier_id, code, releve in _releves(fraiches.dernieres()):
        dernieres[dossier_id][code] = releve
    pesees = mesures.en_vigueur().filter(code="poids", mesuree_le__gte=maintenant - PESEES)
    for dossier_id, serie in _series(pesees):
        poids[dossier_id] = serie
        dernieres[dossier_id]["poids"] = serie[-1]
    return dernieres, poids


# Seconds, not dates; lists, not rows: reading a thousand of them costs more than the query.
INSTANT = Cast(Extract("mesuree_le", "epoch", tzinfo=UTC), FloatField())


def _releves(mesures):
    """(dossier id, code, Releve)"""
    fuseau = timezone.get_current_timezone()
    lignes = mesures.values_list("dossier_id", "code", INSTANT, "valeur")
    for dossier_id, code, secondes, valeur in lignes:
        yield dossier_id, code, Releve(datetime.fromtimestamp(secondes, fuseau), valeur)


def _series(mesures):
    """(dossier id, [Releve]), the oldest first."""
    fuseau, ordre = timezone.get_current_timezone(), ("mesuree_le", "pk")
    lignes = mesures.values_list("dossier_id").annotate(
        instants=ArrayAgg(INSTANT, order_by=ordre), valeurs=ArrayAgg("valeur", order_by=ordre)
    )
    for dossier_id, instants, valeurs in lignes:
        paires = zip(instants, valeurs, strict=True)
        yield dossier_id, [Releve(datetime.fromtimestamp(s, fuseau), v) for s, v in paires]


# ---------------------------------------------------------------- last values, in words


def dernieres_en_mots(habilitation, dossier) -> list[dict]:
    """[{court, texte, le, alerte, icone}]: the pair of the blood pressure is one line."""
    lu, connues, lignes = etat(habilitation, dossier), constantes.toutes(), []
    for code, constante in connues.items():
        mesure = lu.dernieres.get(code)
        if mesure is None or (code == "pad" and "pas" in lu.dernieres):
            continue
        serie = lu.poids if code == "poids" else [Releve(mesure.mesuree_le, mesure.valeur)]
        lignes.append(
            {
                "court": "Pression" if code == "pas" else constante.court,
                "texte": _ecrire(lu, constante, mesure),
                "unite": constante.unite,
                "le": mesure.mesuree_le,
                "icone": constante.icone,
                "alerte": regles.alerter(constante, serie, age=lu.age),
            }
        )
    return lignes


def releves(habilitation, dossier, depuis) -> dict:
    """{code: registres.Releve}: one query."""
    mesures = Mesure.objects.visibles(habilitation).filter(dossier=dossier)
    recentes = mesures.filter(mesuree_le__gte=depuis).dernieres().select_related("auteur")
    connues = constantes.toutes()
    return {
        m.code: registres.Releve(
            m.valeur,
            f"{regles.nombre(m.valeur, connues[m.code].decimales)} {connues[m.code].unite}",
            m.mesuree_le,
            m.auteur.signature,
        )
        for m in recentes
        if m.code in connues
    }


def _ecrire(lu: Etat, constante, mesure) -> str:
    texte = regles.nombre(mesure.valeur, constante.decimales)
    pad = lu.dernieres.get("pad")
    if constante.code == "pas" and pad and pad.mesuree_le == mesure.mesuree_le:
        texte += f"/{regles.nombre(pad.valeur, 0)}"
    return texte


# ---------------------------------------------------------------- the list, set by set

TAILLE = 30


def saisies(habilitation, dossier, request, codes=()) -> Tranche:
    """Sets of values taken together, the latest first, by keyset: two queries."""
    mesures = Mesure.objects.visibles(habilitation).filter(dossier=dossier).en_vigueur()
    if codes:
        mesures = mesures.filter(code__in=codes)
    groupes = mesures.values_list("mesuree_le", "cle_saisie").distinct()
    curseur = lire_curseur(request.GET.get("avant", ""))
    if curseur:
        le, cle = curseur
        groupes = groupes.filter(Q(mesuree_le__lt=le) | Q(mesuree_le=le, cle_saisie__lt=cle))
    cles = list(groupes.order_by("-mesuree_le", "-cle_saisie")[: TAILLE + 1])
    filtre = {"code": request.GET["code"]} if request.GET.get("code") else {}
    anciens = ""
    if len(cles) > TAILLE:
        cles = cles[:TAILLE]
        le, cle = cles[-1]
        anciens = "?" + urlencode(filtre | {"avant": f"{le.isoformat()}_{cle}"})
    recents = "?" + urlencode(filtre) if curseur else ""
    return Tranche(_lignes(mesures, cles), anciens, recents)


def _lignes(mesures, cles) -> list[dict]:
    par_cle: dict = {}
    for m in mesures.filter(cle_saisie__in=[c for _, c in cles]).select_related("auteur"):
        par_cle.setdefault(m.cle_saisie, []).append(m)
    rang = {code: i for i, code in enumerate(constantes.toutes())}
    lignes = []
    for le, cle in cles:
        ensemble = sorted(par_cle[cle], key=lambda m: rang.get(m.code, 99))
        lignes.append(
            {
                "mesuree_le": le,
                "ecrite_le": ensemble[0].ecrite_le,
                "auteur": ensemble[0].auteur,
                "mesures": _cellules(ensemble),
            }
        )
    return lignes


def _cellules(ensemble) -> list[dict]:
    """Each value and what is written before it: a blood pressure reads « Pression 128/74 mmHg »."""
    cellules, presents = [], {m.code for m in ensemble}
    for mesure in ensemble:
        court, texte = constantes.en_mots(mesure)
        avant = f"{' · ' if cellules else ''}{court} "
        if {"pas", "pad"} <= presents and mesure.code == "pas":
            avant = avant.replace(court, "Pression")
            texte = regles.nombre(mesure.valeur, 0)
        elif {"pas", "pad"} <= presents and mesure.code == "pad":
            avant = "/"
        corrigee = mesure.remplace_id is not None
        cellules.append(
            {"pk": mesure.pk, "court": court, "texte": texte, "avant": avant, "corrigee": corrigee}
        )
    return cellules


def corrections(habilitation, dossier, mesure=None) -> list[dict]:
    """What was corrected or cancelled, and why; of one measure and its versions when given."""
    lignes = (
        Mesure.objects.visibles(habilitation)
        .filter(dossier=dossier, remplace__isnull=False)
        .select_related("remplace", "auteur")
        .order_by("-ecrite_le", "-pk")
    )
    du_code = list(lignes.filter(code=mesure.code)) if mesure else list(lignes[:100])
    lignes = _versions(du_code, mesure) if mesure else du_code
    return [
        {
            "court": constantes.en_mots(m)[0],
            "mesuree_le": m.mesuree_le,
            "avant": constantes.en_mots(m.remplace)[1],
            "apres": constantes.en_mots(m)[1],
            "annulation": m.annulation,
            "motif": m.motif_correction,
            "auteur": m.auteur,
            "le": m.ecrite_le,
        }
        for m in lignes
    ]


def _versions(corrections, mesure) -> list:
    """The chain that holds `mesure`, whichever link it is."""
    chaine, change = {mesure.pk, mesure.remplace_id} - {None}, True
    while change:
        avant = len(chaine)
        for m in corrections:
            if m.pk in chaine or m.remplace_id in chaine:
                chaine |= {m.pk, m.remplace_id}
        change = len(chaine) > avant
    return [m for m in corrections if m.pk in chaine]


def serie(habilitation, dossier, code) -> list[Releve]:
    mesures = Mesure.objects.visibles(habilitation).filter(dossier=dossier)
    recentes = mesures.serie(code, timezone.now() - PRESSIONS).values_list("mesuree_le", "valeur")
    return [Releve(timezone.localtime(le), valeur) for le, valeur in recentes]
