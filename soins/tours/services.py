"""The writes of the round. One function = one act = one transaction."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dui.socle import codes, evenements, registres
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.lignes import Bilan, deja_corrigee, exiger_un_motif, remplacer
from dui.socle.models import Dossier
from soins.models import ActePlanifie, ActeRealise
from soins.tours import lectures, listes, titres

UN_JOUR = timedelta(days=1)  # the night's round ends on the next day
FUTUR = "Cette heure n’est pas encore passée."
AVANT_LE_TOUR = "Ce tour n’a pas encore commencé."
DEJA_CORRIGE = "Cet acte a été corrigé entre-temps. Relisez la version en vigueur."


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
            bilan.constater(habilitation, ecrit, _ecart(*lignes[pk]), cle_saisie)
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


def _ecart(ecart, precision) -> tuple[str, str]:
    """What departs, and its detail; nothing when it was done."""
    return ("", "") if ecart == listes.FAIT else (ecart, precision.strip())


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
    visibles = ActeRealise.objects.visibles(habilitation, Action.SAISIR)
    ancien = visibles.select_for_update(of=("self",)).select_related("acte").get(pk=realise_id)
    if suivant := deja_corrigee(ancien, version_lue, cle_saisie, DEJA_CORRIGE):
        return suivant
    exiger_un_motif(motif)
    if fait_le > timezone.now():
        raise ValidationError({"fait_le": FUTUR})
    if abs(timezone.localdate(fait_le) - ancien.jour) > UN_JOUR:
        raise ValidationError({"fait_le": f"Cet acte est du {ancien.jour:%d/%m/%Y}."})
    dossier = _verrouiller(habilitation, [ancien.dossier_id])[ancien.dossier_id]
    ancien.acte.dossier = dossier
    nouveau = _realiser(habilitation, ancien.acte, ecart, precision)
    nouveau.moment, nouveau.fait_le = ancien.moment, fait_le
    remplacer(ancien, nouveau, habilitation, motif=motif, cle_saisie=cle_saisie)
    charge = {"acte": nouveau.pk, "code": nouveau.code, "motif": nouveau.motif}
    evenements.noter(habilitation, "acte.corrige", dossier=dossier, charge=charge)
    return nouveau


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
