"""Reads that pages and registries share: handover, recipients, news of a record."""

from collections import defaultdict
from datetime import timedelta
from uuid import uuid4

from django.db.models import OuterRef, Subquery, Value, prefetch_related_objects
from django.utils import timezone

from accompagnement import destinataires, suites
from accompagnement.cellules import ligne_de_releve
from accompagnement.cibles import catalogue
from accompagnement.cibles.lectures import situer
from accompagnement.models import Absence, Cible, Habitude, Lecture, Transmission
from accompagnement.photos import lectures as photos
from dui.socle import codes
from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier
from dui.socle.templatetags.dates import quand_texte
from habilitations import reserves
from habilitations.connexion.services import PREMIERE_RELEVE
from habilitations.lieux import presents

PLAFOND_RELEVE = 600
A_RELANCER, EN_RETARD, MONTREES_A_L_ACCUEIL = "a_relancer", "en_retard", 6
PERIODES = {"8": "8 h", "24": "24 h", "72": "72 h"}


def debut_de_releve(habilitation, demande: str):
    """The instant from which a handover runs: a number of hours, else my last shift."""
    if demande in PERIODES:
        return timezone.now() - timedelta(hours=int(demande))
    return depuis_mon_poste(habilitation)


def depuis_mon_poste(habilitation):
    """The end of my former shift; a day, for who never took one."""
    connue = next((a.releve_depuis for a in habilitation.affectations), None)
    return connue or timezone.now() - PREMIERE_RELEVE


def releve(habilitation, lieu, depuis) -> dict:
    """{importantes, par_resident, nombre, depuis}: everything a shift must know."""
    recentes = _lire(_recentes(habilitation, lieu, depuis), habilitation, lieu)
    destinataires.nommer(habilitation, recentes)
    importantes = _par_urgence(
        t
        for t in recentes
        if t.importance != Transmission.Importance.COURANTE
        or destinataires.m_attend(habilitation, t)
    )
    return {
        "importantes": importantes,
        "a_lire": [t for t in importantes if t.a_lire],
        "par_resident": _par_resident(recentes, _chambres(habilitation, lieu)),
        "nombre": len(recentes),
        "tronquee": len(recentes) == PLAFOND_RELEVE,
        "depuis": depuis,
    }


def releve_en_bref(habilitation, lieu, depuis) -> dict:
    """{importantes, nombre, depuis, a_relancer, en_retard}: for the home page, which reads none
    of the ordinary ones."""
    recentes = _recentes(habilitation, lieu, depuis)
    importances, a_relancer, en_retard = _en_une_requete(habilitation, lieu, recentes)
    importantes = []
    if set(importances) - {Transmission.Importance.COURANTE}:
        importantes = recentes.importantes().select_related("auteur", "dossier__usager")
        importantes = _lire(importantes, habilitation, lieu)
    return {
        "importantes": _par_urgence(importantes),
        "nombre": len(importances),
        "depuis": depuis,
        "a_relancer": a_relancer,
        "en_retard": en_retard,
    }


def _en_une_requete(habilitation, lieu, recentes) -> tuple[list[str], list[Cible], list[dict]]:
    """How important the recent ones are, the targets to relaunch and the follow-ups that are late:
    the home page counts its queries."""
    champs = ("pk", "dossier_id")
    sejours = {s.dossier_id: s for s in presents(habilitation, lieu)}
    cibles = Cible.objects.visibles(habilitation).des_dossiers(sejours).a_relancer().par_urgence()
    lignes = recentes.values_list("importance", *champs, "cible", Value(""))[:PLAFOND_RELEVE]
    dues = cibles.values_list(Value(A_RELANCER), *champs, "code", "intitule")[:MONTREES_A_L_ACCUEIL]
    retards = suites.en_retard(habilitation, sejours)
    retards = retards.values_list(Value(EN_RETARD), *champs, Value(""), "titre")
    importances, a_relancer, en_retard = [], [], []
    toutes = lignes.union(dues, retards[:MONTREES_A_L_ACCUEIL], all=True)
    for sorte, pk, dossier_id, code, intitule in toutes:
        if sorte == EN_RETARD:
            en_retard.append({"titre": intitule, "sejour": sejours[dossier_id]})
        elif sorte == A_RELANCER:
            cible = Cible(pk=pk, dossier_id=dossier_id, code=code, intitule=intitule)
            a_relancer.append(situer(cible, sejours[dossier_id]))
        else:
            importances.append(sorte)
    return importances, a_relancer, en_retard


def _recentes(habilitation, lieu, depuis):
    mes_lectures = Lecture.objects.filter(transmission=OuterRef("pk"), compte=habilitation.compte)
    return (
        Transmission.objects.visibles(habilitation)
        .pour_releve(**_ou(habilitation, lieu), depuis=depuis)
        .annotate(lu_le=Subquery(mes_lectures.values("lu_le")))
        .order_by("-survenu_le", "-id")
    )


def _ou(habilitation, lieu) -> dict:
    """Somebody without a unit is in every handover of the house: nobody else would read it."""
    unites = [lieu.unite] if lieu.unite else habilitation.unites_de(lieu.etablissement)
    return {"unites": [u.pk for u in unites], "etablissement": lieu.etablissement}


def du_lieu(habilitation, lieu, depuis):
    """Everything written here since then, for the thread of the ward."""
    lignes = Transmission.objects.visibles(habilitation)
    lignes = lignes.pour_releve(**_ou(habilitation, lieu), depuis=depuis)
    return lignes.select_related("auteur", "cible_suivie", "dossier__usager")


def situer_le_fil(habilitation, lieu, transmissions) -> None:
    nommer_les_cibles(transmissions)
    destinataires.nommer(habilitation, transmissions)
    suites.ajouter_aux_lignes(habilitation, transmissions)
    photos.ajouter_aux_lignes(transmissions)
    chambres = _chambres(habilitation, lieu)
    for t in transmissions:
        t.chambre = chambres.get(t.dossier_id, "")


def _lire(recentes, habilitation, lieu) -> list[Transmission]:
    """With author, person and room. The persons of the place are in memory and the authors are few:
    a copy of each for every line would cost more than the lines."""
    lignes = list(recentes[:PLAFOND_RELEVE])
    dossiers = {s.dossier_id: s.dossier for s in presents(habilitation, lieu)}
    for t in lignes:
        if t.dossier_id in dossiers:
            t.dossier = dossiers[t.dossier_id]
    prefetch_related_objects(lignes, "auteur", "dossier__usager")
    _situer(lignes, habilitation, _chambres(habilitation, lieu))
    return lignes


def _situer(transmissions, habilitation, chambres) -> None:
    for t in transmissions:
        t.chambre = chambres.get(t.dossier_id, "")
        t.a_lire = not t.lu_le and t.auteur_id != habilitation.compte.pk
        t.lu_a = f"Lu à {timezone.localtime(t.lu_le):%H:%M}" if t.lu_le else ""


def _par_urgence(importantes) -> list[Transmission]:
    rang = {Transmission.Importance.URGENTE: 0}
    return sorted(importantes, key=lambda t: (not t.a_lire, rang.get(t.importance, 1)))


def les_urgentes_d_abord(importantes) -> list[Transmission]:
    """On paper, for others: what the one who prints has read or written counts no less."""
    return sorted(importantes, key=lambda t: t.importance != Transmission.Importance.URGENTE)


def _chambres(habilitation, lieu) -> dict:
    """{dossier id: room}, in the order of the ward."""
    return {s.dossier_id: str(s.place or "") for s in presents(habilitation, lieu)}


def _par_resident(transmissions, chambres) -> list[dict]:
    groupes = defaultdict(list)
    for t in transmissions:
        groupes[t.dossier_id].append(t)
    rang = {dossier_id: i for i, dossier_id in enumerate(chambres)}
    ordre = sorted(groupes, key=lambda d: (rang.get(d, len(rang)), str(d)))
    return [
        {
            "dossier": groupes[d][0].dossier,
            "chambre": chambres.get(d, ""),
            "transmissions": groupes[d],
            "lignes": map(ligne_de_releve, groupes[d]),  # drawn by the page, if it draws them
            "alerte": any(t.importance != "courante" for t in groupes[d]),
        }
        for d in ordre
    ]


def dernieres_par_dossier(habilitation, sejours) -> dict:
    """{dossier id: its last transmission of the last 30 days}: one query for a whole board."""
    recentes = Transmission.objects.en_vigueur().ouvertes_a(habilitation)
    recentes = recentes.filter(
        dossier=OuterRef("pk"), survenu_le__gte=timezone.now() - timedelta(days=30)
    )
    # One step of the index for each person, not the whole month of each.
    derniere = Subquery(recentes.order_by("-survenu_le", "-id").values("pk")[:1])
    ici = [s.dossier_id for s in sejours]
    dernieres = Dossier.objects.filter(pk__parmi=ici).values(derniere=derniere)
    trouvees = Transmission.objects.visibles(habilitation).filter(pk__in=dernieres)
    return {t.dossier_id: t for t in trouvees}


def absences_par_dossier(habilitation, sejours) -> dict:
    """{dossier id: the absence in progress from the house of its stay, named}."""
    return {a.dossier_id: a for a in _reelles(absences_ici(habilitation, sejours))}


def absence_en_cours(habilitation, dossier) -> Absence | None:
    """Of one person, from whichever house: the last departure."""
    return next(reversed(_reelles(absences_ouvertes(habilitation, [dossier.pk]))), None)


def _reelles(absences) -> list[Absence]:
    return [a for a in absences if a.etat == Absence.Etat.REELLE]


def absences_ici(habilitation, sejours) -> list[Absence]:
    ouvertes = absences_ouvertes(habilitation, [s.dossier_id for s in sejours])
    return de_leur_maison(ouvertes, sejours)


def de_leur_maison(absences, sejours) -> list[Absence]:
    """Away from another house, one may be in this one. Each absence comes with its stay."""
    maisons = {(s.dossier_id, s.etablissement_id) for s in sejours}
    return [a for a in absences if (a.dossier_id, a.sejour.etablissement_id) in maisons]


def absences_ouvertes(habilitation, dossier_ids) -> list[Absence]:
    """In progress, or planned and waiting since the departure to be confirmed. Once a request."""
    cle = ("absences", frozenset(dossier_ids))
    return habilitation.une_fois(cle, lambda: _absences(habilitation, dossier_ids))


def _absences(habilitation, dossier_ids) -> list[Absence]:
    absences = Absence.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME).ouvertes()
    lignes = absences.des_dossiers(dossier_ids).select_related("sejour").order_by("debut", "pk")
    return [nommer_absence(a) for a in lignes]


def qui_je_suis(habilitation, dossier) -> list[Habitude]:
    lignes = list(Habitude.objects.visibles(habilitation, "resume").filter(dossier=dossier))
    rubriques = codes.codes("rubrique_habitude")
    ordre = {code: i for i, code in enumerate(rubriques)}
    for ligne in lignes:
        ligne.code = rubriques.get(ligne.rubrique)
    return sorted(lignes, key=lambda ligne: ordre.get(ligne.rubrique, len(ordre)))


def nommer_les_cibles(transmissions) -> None:
    cibles = codes.codes("cible_transmission")
    for t in transmissions:
        t.code = cibles.get(t.cible)
        t.sujet = sujet(t)
        t.ton = "gris" if t.importance == Transmission.Importance.COURANTE else "rouge"


def sujet(transmission) -> str:
    """« Douleur », « Macrocible : Entrée »; empty for a narrative."""
    if moment := catalogue.moments().get(transmission.macrocible):
        return f"Macrocible : {moment.libelle}"
    return codes.libelle("cible_transmission", transmission.cible) if transmission.cible else ""


def nommer_absence(absence):
    """Adds the reason's code, a title and a sentence to an absence (or to None)."""
    if absence:
        absence.code = codes.codes("motif_absence").get(absence.motif)
        motif = absence.code.libelle if absence.code else absence.motif
        absence.titre = f"Absence en cours : {motif.lower()}"
        absence.phrase = _phrase(absence, motif)
    return absence


def _phrase(absence, motif) -> str:
    lieu = f" ({absence.lieu})" if absence.lieu else ""
    if absence.etat != Absence.Etat.REELLE:
        etat = absence.get_etat_display().lower()
        depart, retour = quand_texte(absence.debut), quand_texte(absence.retour_prevu)
        return f"{motif}{lieu}, {etat} : départ {depart}, retour {retour}."
    if absence.fin:
        depart, retour = quand_texte(absence.debut), quand_texte(absence.fin)
        return f"{motif}{lieu}, départ {depart}, retour {retour}."
    phrase = f"{motif}{lieu}, depuis {quand_texte(absence.debut)}"
    if absence.retour_prevu:
        return f"{phrase}, retour prévu {quand_texte(absence.retour_prevu)}."
    return f"{phrase}."


def semaine_de_la_cible(habilitation, dossier, cible) -> list[Transmission]:
    """Beside the form: what was already said, of this target when one is chosen."""
    lignes = Transmission.objects.visibles(habilitation).en_vigueur().filter(dossier=dossier)
    if isinstance(cible, Cible):
        lignes = lignes.filter(cible_suivie=cible)
    elif cible:
        lignes = lignes.filter(cible=cible)
    recentes = list(lignes.pour_fil()[:5])
    nommer_les_cibles(recentes)
    return recentes


def versions(habilitation, transmission) -> list[Transmission]:
    """The whole chain of a transmission, the version in force first."""
    dossier = Transmission.objects.visibles(habilitation).filter(dossier=transmission.dossier_id)
    tete = transmission
    while suivante := dossier.filter(remplace=tete).select_related("auteur").first():
        tete = suivante
    chaine = [tete]
    # Opened to everybody by a correction, it keeps its former versions for the profession.
    while (cle := chaine[-1].remplace_id) and (
        avant := dossier.filter(pk=cle).select_related("auteur").first()
    ):
        chaine.append(avant)
    nommer_les_cibles(chaine)
    photos.ajouter_aux_lignes(chaine)
    for v in chaine:
        v.titre_version = f"Version {v.version}" + (" (en vigueur)" if v.courante else "")
        v.ancre = f"version-{v.version}"
    return chaine


def accuses(habilitation, transmission) -> list[Lecture]:
    toutes = Lecture.objects.filter(transmission__in=versions(habilitation, transmission))
    return list(toutes.select_related("compte").order_by("lu_le", "pk"))


def a_corriger(ligne: Transmission) -> dict:
    local = timezone.localtime(ligne.survenu_le)
    champs = ("forme", "cible", "donnees", "actions", "resultat", "texte", "importance")
    return {c: getattr(ligne, c) for c in champs} | {
        "heure": f"{local:%H:%M}",
        "jour": local.date().isoformat(),
        "reserve": ligne.reserve or reserves.TOUTE_L_EQUIPE,
        "version_lue": ligne.version,
        "cle_saisie": uuid4(),
    }
