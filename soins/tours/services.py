"""The writes of the round. One function = one act = one transaction."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dui.socle import codes, evenements, registres
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Dossier
from soins.models import ActePlanifie, ActeRealise
from soins.tours import lectures, listes, titres

UN_JOUR = timedelta(days=1)  # the night's round ends on the next day
FUTUR = "Cette heure n’est pas encore passée."
AVANT_LE_TOUR = "Ce tour n’a pas encore commencé."
DEJA_CORRIGE = "Cet acte a été corrigé entre-temps. Relisez la version en vigueur."
DITES_POURQUOI = "Dites pourquoi : le motif reste dans l’historique."


@dataclass
class Bilan:
    """What one validation wrote, and what a colleague had written before it."""

    ecrits: list[ActeRealise] = field(default_factory=list)
    deja: list[ActeRealise] = field(default_factory=list)
    # (what is in force, the departure marked here, its detail): read, never dropped in silence
    contredits: list[tuple[ActeRealise, str, str]] = field(default_factory=list)

    @property
    def ecarts(self) -> list[ActeRealise]:
        return [r for r in self.ecrits if r.ecart]


@transaction.atomic
def valider_tour(
    habilitation, *, unite, jour, moment, lignes, fait_le, cle_saisie, transmettre=False
) -> Bilan:
    """`lignes`: {planned act: (departure or « fait », detail)}, those the page showed and no other.
    Two carers at once: the second waits, then finds each act already written, by whom and when."""
    _refuser_le_futur(jour, moment, fait_le)
    actes = ActePlanifie.objects.visibles(habilitation, Action.SAISIR).filter(pk__in=list(lignes))
    actes = {a.pk: a for a in actes.prevus(jour, moment.code).order_by("pk")}
    dossiers = _verrouiller(habilitation, {a.dossier_id for a in actes.values()})
    deja = ActeRealise.objects.du_tour(jour, moment.code).filter(acte__in=list(actes))
    deja = {r.acte_id: r for r in deja.select_related("auteur", "dossier__usager").order_by("pk")}
    bilan = Bilan()
    for pk, acte in actes.items():
        if acte.dossier_id not in dossiers:
            continue
        if ecrit := deja.get(pk):
            _constater(habilitation, bilan, ecrit, lignes[pk], cle_saisie)
            continue
        ecart, precision = lignes[pk]
        acte.dossier = dossiers[acte.dossier_id]
        realise = _realiser(habilitation, acte, ecart, precision)
        realise.unite, realise.jour, realise.moment = unite, jour, moment.code
        realise.fait_le, realise.cle_saisie = fait_le, cle_saisie
        bilan.ecrits.append(realise)
    ActeRealise.objects.bulk_create(bilan.ecrits)
    _noter(habilitation, bilan, unite, jour, moment)
    if transmettre:
        _transmettre(habilitation, bilan, cle_saisie)
    return bilan


def _refuser_le_futur(jour, moment, fait_le) -> None:
    if timezone.now() < lectures.instants(jour, moment)[0]:
        raise ValidationError(AVANT_LE_TOUR)
    if fait_le > timezone.now():
        raise ValidationError({"heure": FUTUR})


def _verrouiller(habilitation, ids) -> dict:
    ouverts = Dossier.objects.pour_ecrire(habilitation, Bloc.AVQ).filter(pk__parmi=list(ids))
    return {d.pk: d for d in ouverts.order_by("pk").select_related("usager")}


def _constater(habilitation, bilan, ecrit, dit, cle_saisie) -> None:
    """The same gesture sent twice is one; where mine differs from a colleague's, it is said."""
    if ecrit.cle_saisie == cle_saisie and ecrit.auteur_id == habilitation.compte.pk:
        return
    bilan.deja.append(ecrit)
    ecart, precision = dit[0], dit[1].strip()
    if ecart != listes.FAIT and (ecrit.motif != ecart or precision not in ("", ecrit.precision)):
        bilan.contredits.append((ecrit, ecart, precision))


def _realiser(habilitation, acte, ecart, precision) -> ActeRealise:
    realise = ActeRealise(
        dossier=acte.dossier,
        acte=acte,
        code=acte.code,
        auteur=habilitation.compte,
        fonction=habilitation.fonction,
        precision=precision.strip(),
    )
    return _dire(realise, ecart)


def _dire(realise, ecart) -> ActeRealise:
    """« fait », or a departure with what it means."""
    if ecart == listes.FAIT:
        realise.issue, realise.motif, realise.precision = ActeRealise.Issue.FAIT, "", ""
        return realise
    if ecart not in codes.codes("ecart_acte"):
        raise ValidationError("Cet écart n’est pas dans la liste.")
    if listes.texte_requis(ecart) and not realise.precision:
        raise ValidationError({"precision": "Écrivez en quelques mots ce qui s’est passé."})
    realise.issue, realise.motif = listes.issue(ecart), ecart
    return realise


def _noter(habilitation, bilan, unite, jour, moment) -> None:
    if not bilan.ecrits:
        return
    charge = {"unite": str(unite.pk), "jour": jour.isoformat(), "moment": moment.code}
    charge |= {"actes": len(bilan.ecrits), "ecarts": len(bilan.ecarts)}
    evenements.noter(habilitation, "tour.valide", charge=charge)
    for r in bilan.ecarts:
        evenements.noter(
            habilitation,
            "acte.ecart",
            dossier=r.dossier,
            charge={"acte": r.pk, "code": r.code, "motif": r.motif},
        )


def _transmettre(habilitation, bilan, cle_saisie: UUID) -> None:
    """One line of transmission for each departure, by the block that writes them."""
    for redacteur in registres.redacteurs:
        for r in bilan.ecarts:
            if habilitation.peut_pour(r.dossier, redacteur.bloc, redacteur.action):
                redacteur.ecrire(
                    habilitation,
                    r.dossier,
                    cible=codes.codes("acte_quotidien")[r.code].proprietes["cible"],
                    donnees=titres.phrase(r),
                    survenu_le=r.fait_le,
                    cle_saisie=uuid5(cle_saisie, str(r.acte_id)),
                )


@transaction.atomic
def corriger_acte(
    habilitation, realise_id, *, ecart, precision, fait_le, motif, version_lue, cle_saisie
) -> ActeRealise:
    """A new version takes its place; the former stays in the history with the reason."""
    visibles = ActeRealise.objects.visibles(habilitation, Action.SAISIR)
    ancien = visibles.select_for_update(of=("self",)).select_related("acte").get(pk=realise_id)
    if not ancien.courante or ancien.version != version_lue:
        return _deja_corrige(ancien, cle_saisie)
    if not motif.strip():
        raise ValidationError({"motif": DITES_POURQUOI})
    if fait_le > timezone.now():
        raise ValidationError({"fait_le": FUTUR})
    if abs(timezone.localdate(fait_le) - ancien.jour) > UN_JOUR:
        raise ValidationError({"fait_le": f"Cet acte est du {ancien.jour:%d/%m/%Y}."})
    dossier = _verrouiller(habilitation, [ancien.dossier_id])[ancien.dossier_id]
    ancien.acte.dossier = dossier
    nouveau = _realiser(habilitation, ancien.acte, ecart, precision)
    nouveau.unite_id, nouveau.jour, nouveau.moment = ancien.unite_id, ancien.jour, ancien.moment
    nouveau.fait_le, nouveau.cle_saisie = fait_le, cle_saisie
    nouveau.fonction = habilitation.fonction_pour(dossier)
    nouveau.version, nouveau.remplace = ancien.version + 1, ancien
    nouveau.motif_correction = motif.strip()
    ancien.courante = False
    ancien.save(update_fields=["courante"])
    nouveau.save()
    charge = {"acte": nouveau.pk, "code": nouveau.code, "motif": nouveau.motif}
    evenements.noter(habilitation, "acte.corrige", dossier=dossier, charge=charge)
    return nouveau


def _deja_corrige(ancien, cle_saisie) -> ActeRealise:
    """By this very gesture, sent twice; by any other, it is a conflict."""
    suivant = ActeRealise.objects.filter(remplace=ancien).first()
    if suivant and suivant.cle_saisie == cle_saisie:
        return suivant
    raise ConflitDeVersion(DEJA_CORRIGE, actuel=suivant or ancien)


# ---------------------------------------------------------------- the plan


@transaction.atomic
def planifier(habilitation, dossier, **champs) -> ActePlanifie:
    """The same one twice (double click) is one act of the plan."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.PLS).get(pk=dossier.pk)
    if deja := ActePlanifie.objects.filter(dossier=dossier, **champs).first():
        return deja
    acte = ActePlanifie(dossier=dossier, saisi_par=habilitation.compte, **champs)
    return _garder(habilitation, acte, "acte.planifie")


@transaction.atomic
def modifier_plan(habilitation, acte_id, dossier, *, version_lue, **champs) -> ActePlanifie:
    """From now on; what was done stays as it was written. An end takes the act off the plan."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.PLS).get(pk=dossier.pk)
    siens = ActePlanifie.objects.filter(dossier=dossier).select_for_update(of=("self",))
    acte = siens.get(pk=acte_id)
    if acte.version != version_lue:
        raise ConflitDeVersion("Cet acte a changé depuis que vous l’avez lu.", actuel=acte)
    for nom, valeur in champs.items():
        setattr(acte, nom, valeur)
    acte.version += 1
    return _garder(habilitation, acte, "acte.plan_modifie")


def _garder(habilitation, acte, type_) -> ActePlanifie:
    acte.full_clean()
    acte._history_user = habilitation.compte
    acte.save()
    charge = {"acte": acte.pk, "code": acte.code}
    evenements.noter(habilitation, type_, dossier=acte.dossier, charge=charge)
    return acte
