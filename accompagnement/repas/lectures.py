"""What the pages of meals show: who is expected, what each may eat, what was eaten."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accompagnement.models import Absence, Alimentation, Invites, RepasServi
from accompagnement.presences import lectures as presences
from accompagnement.presences.reglages import drapeaux
from accompagnement.presences.regles import HORS_SEJOUR, PRESENT, Statut
from accompagnement.repas import listes
from accompagnement.repas.regles import Compte, Couvert, Repas, attendu, denombrer, repas_courant
from dui.socle import codes
from dui.socle.enums import Action, Bloc
from dui.socle.models import Sejour
from habilitations.lieux import Lieu
from habilitations.pages import vignettes_de

JOURS_AFFICHES = 7


@dataclass
class Convive:
    """One person of the service."""

    sejour: Sejour
    statut: Statut
    attendu: bool
    alimentation: Alimentation | None = None
    servi: RepasServi | None = None
    vignettes: list = field(default_factory=list)

    @property
    def dossier(self):
        return self.sejour.dossier

    @property
    def absent(self) -> bool:
        return not self.attendu and not self.statut.prevue

    @property
    def a_confirmer(self) -> bool:
        """A planned absence that nobody confirmed: perhaps at table."""
        return not self.attendu and self.statut.prevue

    @property
    def sans_plateau(self) -> bool:
        """Nothing by mouth: a common gesture never says that they ate."""
        a = self.alimentation
        return bool(a and listes.propriete("texture_repas", a.texture, "sans_plateau"))

    @property
    def un_par_un(self) -> bool:
        return self.a_confirmer or self.sans_plateau

    @property
    def a_noter(self) -> bool:
        return self.servi is None and not self.absent


@dataclass
class Service:
    unite: Any
    jour: date
    repas: Repas
    debut: datetime
    convives: list[Convive]

    @property
    def a_venir(self) -> bool:
        return timezone.now() < self.debut

    @property
    def a_noter(self) -> list[Convive]:
        return [c for c in self.convives if c.a_noter]

    @property
    def compte(self) -> Compte:
        servis = [c.servi for c in self.convives if c.servi]
        ordinaires = [c for c in self.a_noter if not c.un_par_un]
        return Compte(len(servis) + len(ordinaires), len(servis), sum(s.ecart for s in servis))


def en_ce_moment() -> tuple[date, Repas]:
    maintenant = timezone.localtime().replace(tzinfo=None)
    return repas_courant(list(listes.repas().values()), maintenant)


def debut(jour: date, repas: Repas) -> datetime:
    return timezone.make_aware(repas.bornes(jour)[0])


def service(habilitation, unite, jour: date, repas: Repas) -> Service:
    lieu = Lieu(unite.etablissement, unite)
    lignes = _lignes(habilitation, lieu, jour, [repas], bloc=Bloc.AVQ)
    ids = [x.sejour.dossier_id for x in lignes]
    prevues = alimentations(habilitation, ids, jour)
    servis = RepasServi.objects.visibles(habilitation).du_service(jour, repas.code)
    servis = servis.des_dossiers(ids).select_related("auteur").order_by("pk")
    par_sejour = {s.sejour_id: s for s in servis}
    vignettes = vignettes_de(habilitation, [x.dossier for x in lignes])
    convives = []
    for x in lignes:
        (statut,) = x.journees[0]
        servi = par_sejour.get(x.sejour.pk)
        compris = listes.compris(x.sejour.modalite)
        if not servi and (statut.code == HORS_SEJOUR or repas.code not in compris):
            continue
        convive = Convive(x.sejour, statut, statut.code == PRESENT)
        convive.alimentation, convive.servi = prevues.get(x.sejour.dossier_id), servi
        convive.vignettes = [v for v in vignettes[x.sejour.dossier_id] if _au_repas(v)]
        convives.append(convive)
    return Service(unite, jour, repas, debut(jour, repas), convives)


def _au_repas(vignette) -> bool:
    return bool(listes.propriete("type_vigilance", vignette.type, "au_repas"))


def _lignes(habilitation, lieu, jour, repas, *, bloc, action=Action.VOIR):
    """Where a person is goes with the identity, as everywhere."""
    sejours = Sejour.objects.visibles_selon(habilitation, bloc, action)
    absences = Absence.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME)
    return presences.lignes(sejours, absences, lieu, [jour], repas)


def alimentations(habilitation, ids, jour: date) -> dict:
    """{dossier: what they may eat that day}; nothing for those whose diet is closed to me."""
    visibles = Alimentation.objects.visibles(habilitation, Action.RESUME)
    return {a.dossier_id: nommer(a) for a in visibles.des_dossiers(ids).au(jour)}


def nommer(alimentation):
    """Adds what is said of it: « Mixée », « Boissons : épaissie », « Sans sel, Diabète »."""
    a = alimentation
    a.texture_en_mots = codes.libelle("texture_repas", a.texture)
    a.boisson_en_mots = codes.libelle("texture_boisson", a.boisson)
    ordre = listes.dans_l_ordre("regime_alimentaire", a.regimes)
    a.regimes_en_mots = ", ".join(listes.court("regime_alimentaire", r) for r in ordre)
    a.texture_modifiee = bool(listes.propriete("texture_repas", a.texture, "modifiee"))
    a.boisson_modifiee = bool(listes.propriete("texture_boisson", a.boisson, "modifiee"))
    return a


# ---------------------------------------------------------------- kitchen


def cuisine(habilitation, lieu, jour: date) -> dict:
    """How many places at each meal of a day, without a name: by unit, texture, drink and diet."""
    repas = list(listes.repas().values())
    cles = [r.code for r in repas]
    couverts = _couverts(habilitation, lieu, jour, repas)
    invites = _invites(habilitation, lieu, jour)
    residents = [sum(c.repas == r for c in couverts) for r in cles]
    de_passage = [sum(n for (_, r), n in invites.items() if r == cle) for cle in cles]
    return {
        "repas": repas,
        "residents": residents,
        "invites": de_passage,
        "total": [a + b for a, b in zip(residents, de_passage, strict=True)],
        "unites": _par_unite(habilitation, lieu, couverts, invites, cles),
        "groupes": [
            ("Textures", _nommees("texture_repas", couverts, cles, lambda c: [c.texture])),
            ("Boissons", _nommees("texture_boisson", couverts, cles, lambda c: [c.boisson])),
            ("Régimes", _nommees("regime_alimentaire", couverts, cles, lambda c: c.regimes)),
            ("Plateaux particuliers", _plateaux(couverts, cles)),
        ],
    }


def _couverts(habilitation, lieu, jour, repas) -> list[Couvert]:
    lignes = _lignes(habilitation, lieu, jour, repas, bloc=Bloc.NUT, action=Action.RESUME)
    prevues = alimentations(habilitation, [x.sejour.dossier_id for x in lignes], jour)
    motifs, couverts = drapeaux(), []
    for x in lignes:
        compris, a = listes.compris(x.sejour.modalite), prevues.get(x.sejour.dossier_id)
        dit = (a.texture, a.boisson, tuple(a.regimes)) if a else ("", "", ())
        if a and listes.propriete("texture_repas", a.texture, "sans_plateau"):
            continue
        for un, statut in zip(repas, x.journees[0], strict=True):
            if attendu(statut, un.code, compris, motifs):
                couverts.append(Couvert(un.code, x.sejour.unite_id, *dit))
    return couverts


def _nommees(nomenclature, couverts, cles, de) -> list[tuple[str, list[int]]]:
    lignes = denombrer(couverts, cles, de)
    ordre = listes.dans_l_ordre(nomenclature, [c for c in lignes if c])
    nommees = [(codes.libelle(nomenclature, c), lignes[c].nombres) for c in ordre]
    return nommees + ([("Non renseignée", lignes[""].nombres)] if "" in lignes else [])


def _plateaux(couverts, cles) -> list[tuple[str, list[int]]]:
    """What a tray adds up, when it is not the ordinary one: « Mixée, sans sel, eau gélifiée »."""
    lignes = denombrer(couverts, cles, lambda c: [(c.texture, c.boisson, c.regimes)])
    nommes = {cle: _plateau(*cle) for cle in lignes}
    reunis: dict[str, list[int]] = {}
    for cle, mot in nommes.items():
        avant = reunis.get(mot, [0] * len(cles))
        reunis[mot] = [a + b for a, b in zip(avant, lignes[cle].nombres, strict=True)]
    return sorted(((m, n) for m, n in reunis.items() if m), key=lambda x: (-max(x[1]), x[0]))


def _plateau(texture, boisson, regimes) -> str:
    mots = []
    if listes.propriete("texture_repas", texture, "modifiee"):
        mots.append(codes.libelle("texture_repas", texture))
    ordre = listes.dans_l_ordre("regime_alimentaire", regimes)
    mots += [listes.court("regime_alimentaire", r) for r in ordre]
    if listes.propriete("texture_boisson", boisson, "modifiee"):
        mots.append(f"boisson {codes.libelle('texture_boisson', boisson).lower()}")
    return " · ".join(mots)


def _invites(habilitation, lieu, jour) -> dict:
    unites = [lieu.unite] if lieu.unite else habilitation.unites_de(lieu.etablissement)
    lignes = Invites.objects.filter(unite__in=[u.pk for u in unites], jour=jour)
    return {(i.unite_id, i.repas): i.nombre for i in lignes.order_by("pk")}


def _par_unite(habilitation, lieu, couverts, invites, cles) -> list[tuple[str, list[int]]]:
    if lieu.unite:
        return []
    lignes = denombrer(couverts, cles, lambda c: [c.unite])
    connues = [(u.pk, u.nom) for u in habilitation.unites_de(lieu.etablissement)]
    trouvees = []
    for pk, nom in [*connues, (None, "Sans unité")]:
        ici = lignes[pk].nombres if pk in lignes else [0] * len(cles)
        nombres = [n + invites.get((pk, r), 0) for n, r in zip(ici, cles, strict=True)]
        if any(nombres):
            trouvees.append((nom, nombres))
    return trouvees


def invites_de(unite, jour: date) -> dict[str, int]:
    lignes = Invites.objects.filter(unite=unite, jour=jour).order_by("pk")
    return dict(lignes.values_list("repas", "nombre"))


# ---------------------------------------------------------------- one person


def du_dossier(habilitation, dossier) -> dict:
    """What they may eat today and what is planned, the former ones, and a week of meals."""
    visibles = Alimentation.objects.visibles(habilitation).filter(dossier=dossier)
    lues = visibles.select_related("auteur").order_by("-debut", "-ecrit_le", "pk")
    toutes = [nommer(a) for a in lues]
    aujourdhui = timezone.localdate()
    en_vigueur = next((a for a in toutes if a.debut <= aujourdhui), None)
    return {
        "en_vigueur": en_vigueur,
        "a_venir": [a for a in toutes if a.debut > aujourdhui],
        "anciennes": [a for a in toutes if a.debut <= aujourdhui and a != en_vigueur],
        **semaine(habilitation, dossier),
    }


def en_vigueur(habilitation, dossier) -> Alimentation | None:
    trouvees = alimentations(habilitation, [dossier.pk], timezone.localdate())
    return trouvees.get(dossier.pk)


def semaine(habilitation, dossier) -> dict:
    aujourdhui = timezone.localdate()
    jours = [aujourdhui - timedelta(days=n) for n in reversed(range(JOURS_AFFICHES))]
    servis = RepasServi.objects.visibles(habilitation).filter(dossier=dossier).en_vigueur()
    servis = list(servis.filter(jour__gte=jours[0]).select_related("auteur").order_by("pk"))
    par_case = defaultdict(list)
    for s in servis:
        par_case[s.repas, s.jour].append(nommer_servi(s))
    lignes = [
        {
            "icone": "repas",
            "libelle": r.libelle,
            "cases": [_case(par_case.get((r.code, jour), [])) for jour in jours],
        }
        for r in listes.repas().values()
    ]
    rang = {r: i for i, r in enumerate(listes.repas())}
    ecarts = [s for s in servis if s.ecart]
    ecarts.sort(key=lambda s: (s.jour, rang.get(s.repas, 0)), reverse=True)
    return {"jours": jours, "lignes": lignes if servis else [], "ecarts": ecarts}


def _case(servis) -> dict:
    if not servis:
        return {}
    servi = servis[-1]
    ton = "ambre" if servi.ecart else "vert"
    return {"texte": servi.bref, "ton": ton, "icone": "refus" if servi.ecart else "fait"}


def nommer_servi(servi):
    """Adds what is said of it: « Déjeuner », « Refusé »."""
    servi.libelle = codes.libelle("repas", servi.repas)
    servi.quoi = codes.libelle("ecart_repas", servi.motif) if servi.ecart else "A mangé"
    servi.bref = servi.get_issue_display()
    return servi


def versions(habilitation, servi) -> list[RepasServi]:
    memes = RepasServi.objects.visibles(habilitation).filter(
        sejour=servi.sejour_id, jour=servi.jour, repas=servi.repas
    )
    return [nommer_servi(s) for s in memes.select_related("auteur").order_by("-version", "-pk")]
