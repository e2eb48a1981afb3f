"""Reads of the shell's pages. Each costs the same number of queries whatever the volume."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.models import Contact, Dossier, Sejour, Usager
from habilitations.lieux import Lieu, presents

RESULTATS = 12
A_COMPLETER = 10
PAGES_A_COMPLETER = {Bloc.ID: "administratif:identite", Bloc.ENT: "administratif:entourage"}


def sections(entrees, habilitation, objet) -> dict[str, list[dict]]:
    """{column: [{gabarit, donnees}]}: the sections this account may read, empty ones left out."""
    colonnes: dict[str, list[dict]] = {}
    for entree in entrees:
        donnees = entree.contexte(habilitation, objet)
        if donnees:
            section = {"nom": entree.nom, "gabarit": entree.gabarit, "donnees": donnees}
            colonnes.setdefault(entree.colonne, []).append(section)
    return colonnes


def presences(habilitation, lieu) -> dict:
    """{attendus, presents, absents} of the place, from the « presence » column of the blocks."""
    sejours = presents(habilitation, lieu)
    absents = _absents(habilitation, sejours)
    return {
        "attendus": len(sejours),
        "presents": len(sejours) - len(absents),
        "absents": list(absents.values()),
    }


def occupation(habilitation, lieu) -> dict | None:
    """Places, persons and absent ones of each unit of the establishment."""
    if not lieu.etablissement:
        return None
    maison = Lieu(lieu.etablissement, None)
    sejours = presents(habilitation, maison)
    absents = _absents(habilitation, sejours)
    lignes = []
    for unite in lieu.etablissement.unites.annotate(nombre=Count("places")).order_by(
        "ordre", "nom", "pk"
    ):
        ici = [s for s in sejours if s.unite_id == unite.pk]
        lignes.append(
            {
                "unite": unite,
                "places": unite.nombre,
                "personnes": len(ici),
                "absents": sum(s.dossier_id in absents for s in ici),
                "libres": max(unite.nombre - len(ici), 0),
            }
        )
    return {"lignes": lignes} if lignes else None


def _de_la_semaine(habilitation, lieu) -> list[Sejour]:
    """One read for the two sections of the home page that tell who comes and who leaves."""
    sejours = Sejour.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME)
    ici = sejours.filter(etablissement=lieu.etablissement).de_la_semaine(timezone.localdate())
    ici = ici.select_related("dossier__usager", "place", "unite")
    cle = ("semaine", lieu.etablissement and lieu.etablissement.pk)
    return habilitation.une_fois(cle, lambda: list(ici))


def aujourdhui(habilitation, lieu) -> dict:
    """Arrivals, exits and birthdays of the day in this place."""
    jour = timezone.localdate()
    ici = [s for s in _de_la_semaine(habilitation, lieu) if lieu.unite in (None, s.unite)]
    sorties = [s for s in ici if jour == (s.sortie_le or s.sortie_prevue_le)]
    return {
        "entrees": [s for s in ici if s.entree_le == jour],
        "sorties": sorties,
        "fetes": [s for s in ici if s.dossier.usager.fete_le(jour) and s.est_en_cours()],
    }


def mouvements(habilitation, lieu) -> dict | None:
    """Arrivals and exits expected from tomorrow, within a week."""
    jour, semaine = timezone.localdate(), _de_la_semaine(habilitation, lieu)
    ouverts = habilitation.ouverts(semaine, Bloc.ADM)
    lignes: list[dict] = []
    for sejour in (s for s in semaine if s.dossier_id in ouverts):
        entree = sejour.entree_le > jour
        le = sejour.entree_le if entree else sejour.sortie_prevue_le
        if le and le > jour and not sejour.sortie_le:
            lignes.append({"sejour": sejour, "entree": entree, "le": le})
    return {"lignes": sorted(lignes, key=lambda x: x["le"])[:20]} if lignes else None


def a_completer(habilitation, lieu) -> dict | None:
    """For the secretary: who lacks an identity that can be used, or somebody to call."""
    sejours = Sejour.objects.visibles(habilitation).au_tableau(
        unite=lieu.unite, etablissement=lieu.etablissement
    )
    appeler = Contact.objects.filter(dossier=OuterRef("dossier"), actif=True).exclude(telephone="")
    a_voir = sejours.annotate(joignable=Exists(appeler)).filter(
        Q(joignable=False)
        | Q(dossier__usager__ins_recuperee=False)
        | Q(dossier__usager__identite_validee=False)
    )
    trouves = list(a_voir[: A_COMPLETER + 1])
    ouverts = {b: habilitation.ouverts(trouves, b) for b in PAGES_A_COMPLETER}
    lignes = [
        {
            "sejour": s,
            "usager": s.dossier.usager,
            "manque": _manque(s),
            "url": reverse(_ou_completer(s, ouverts), args=[s.dossier_id]),
        }
        for s in trouves
    ]
    nombre = f"plus de {A_COMPLETER}" if len(lignes) > A_COMPLETER else str(len(lignes))
    return {"lignes": lignes[:A_COMPLETER], "nombre": nombre} if lignes else None


def _ou_completer(sejour, ouverts) -> str:
    """The page that says what is missing, when this account opens it."""
    usager = sejour.dossier.usager
    bloc = Bloc.ENT if usager.identite_validee and usager.ins_recuperee else Bloc.ID
    return PAGES_A_COMPLETER[bloc] if sejour.dossier_id in ouverts[bloc] else "dossier"


def _manque(sejour) -> list[str]:
    usager, manque = sejour.dossier.usager, []
    if not usager.identite_validee:
        manque.append("pièce d’identité à contrôler")
    if not usager.ins_recuperee:
        manque.append("INS à rechercher")
    if not sejour.joignable:
        manque.append("personne à prévenir sans téléphone")
    return manque


def _absents(habilitation, sejours) -> dict:
    for colonne in registres.colonnes_residents.permis(habilitation):
        if colonne.nom == "presence":
            return colonne.valeurs(habilitation, sejours)
    return {}


def chercher(habilitation, texte) -> list[dict]:
    """Exact paths first (room, file number, date of birth), then each typed word in the names;
    those of a merged record lead to the one that was kept."""
    dossiers = Dossier.objects.visibles(habilitation, Bloc.ID, Action.RESUME)
    dossiers = dossiers.filter(_condition(texte)).select_related("usager")
    trouves = list(dossiers.order_by("usager__recherche", "pk")[:RESULTATS])
    sejours = {
        s.dossier_id: s
        for s in Sejour.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME)
        .en_cours()
        .des_dossiers(d.pk for d in trouves)
        .select_related("etablissement", "unite", "place")
        .order_by("entree_le", "pk")
    }
    resultats = [{"dossier": d, "usager": d.usager, "sejour": sejours.get(d.pk)} for d in trouves]
    return sorted(resultats, key=lambda r: r["sejour"] is None)


def _condition(texte: str) -> Q:
    if jour := _date(texte):
        return Q(pk__in=Dossier.objects.filter(usager__date_naissance=jour).gardes())
    chambre = texte.removeprefix("ch.").removeprefix("ch ").strip()
    if chambre.isdigit():
        en_cours = Sejour.objects.en_cours().filter(place__chambre=chambre)
        autres = en_cours.values("dossier")
    else:
        nommes = Usager.objects.ressemblant(texte).values("pk")
        autres = Dossier.objects.filter(usager__in=nommes).gardes()
    # « numero = … OR … IN » would read every dossier of the base.
    return Q(pk__in=Dossier.objects.filter(numero=texte).gardes().union(autres, all=True))


def _date(texte: str):
    for forme in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(texte, forme).date()
        except ValueError:
            continue
    return None
