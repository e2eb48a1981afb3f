"""The writes of meals. One function = one act = one transaction."""

from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accompagnement.models import Alimentation, Invites, RepasServi
from accompagnement.repas import lectures, listes, titres
from dui.socle import codes, evenements, registres
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion, refuser_si_autre
from dui.socle.lignes import Bilan, deja_corrigee, exiger_un_motif, remplacer
from dui.socle.models import Dossier, Sejour

CHANGEE = "Un collègue a changé ce régime entre-temps."
AVANT_LE_REPAS = "Ce repas n’a pas encore commencé."
DEJA_CORRIGE = "Ce repas a été corrigé entre-temps. Relisez la version en vigueur."
PRECISION = "Écrivez en quelques mots ce qui s’est passé."
PAS_OUVERTE = "Cette unité ne vous est pas ouverte."
CIBLE = "alimentation"


@transaction.atomic
def noter_repas(habilitation, *, unite, jour, repas, lignes, cle_saisie, transmettre=False):
    """`lignes`: {stay: (departure or « pris », detail)}, those the page showed and no other. Two
    carers at once: the second waits, then finds each meal already written, by whom and when."""
    if timezone.now() < lectures.debut(jour, repas):
        raise ValidationError(AVANT_LE_REPAS)
    sejours = Sejour.objects.visibles_selon(habilitation, Bloc.AVQ, Action.SAISIR)
    sejours = {s.pk: s for s in sejours.filter(unite=unite, pk__in=list(lignes)).order_by("pk")}
    dossiers = _verrouiller(habilitation, {s.dossier_id for s in sejours.values()})
    deja = RepasServi.objects.du_service(jour, repas.code).filter(sejour__in=list(sejours))
    deja = {s.sejour_id: s for s in deja.select_related("auteur", "dossier__usager").order_by("pk")}
    prevues = lectures.alimentations(habilitation, list(dossiers), jour)
    bilan = Bilan()
    for pk, sejour in sejours.items():
        if sejour.dossier_id not in dossiers:
            continue
        if ecrit := deja.get(pk):
            bilan.constater(habilitation, ecrit, _ecart(*lignes[pk]), cle_saisie)
            continue
        ecart, precision = lignes[pk]
        sejour.dossier = dossiers[sejour.dossier_id]
        servi = RepasServi(dossier=sejour.dossier, sejour=sejour, unite=unite, jour=jour)
        servi.repas, servi.cle_saisie = repas.code, cle_saisie
        servi.auteur, servi.fonction = habilitation.compte, habilitation.fonction
        if prevue := prevues.get(sejour.dossier_id):
            servi.texture, servi.boisson = prevue.texture, prevue.boisson
            servi.regimes = prevue.regimes
        bilan.ecrits.append(_dire(servi, ecart, precision))
    RepasServi.objects.bulk_create(bilan.ecrits)
    _noter(habilitation, bilan, unite, jour, repas)
    if transmettre:
        _transmettre(habilitation, bilan, repas, cle_saisie)
    return bilan


def _verrouiller(habilitation, ids) -> dict:
    ouverts = Dossier.objects.pour_ecrire(habilitation, Bloc.AVQ).filter(pk__parmi=list(ids))
    return {d.pk: d for d in ouverts.order_by("pk").select_related("usager")}


def _ecart(ecart, precision) -> tuple[str, str]:
    """What departs, and its detail; nothing when it was eaten."""
    return ("", "") if ecart == listes.PRIS else (ecart, precision.strip())


def _dire(servi, ecart, precision) -> RepasServi:
    """« pris », or a departure with what it means."""
    if ecart == listes.PRIS:
        servi.issue, servi.motif, servi.precision = RepasServi.Issue.PRIS, "", ""
        return servi
    if ecart not in codes.codes("ecart_repas"):
        raise ValidationError("Cet écart n’est pas dans la liste.")
    servi.precision = precision.strip()
    if listes.texte_requis(ecart) and not servi.precision:
        raise ValidationError({"precision": PRECISION})
    servi.issue, servi.motif = listes.propriete("ecart_repas", ecart, "issue"), ecart
    return servi


def _noter(habilitation, bilan, unite, jour, repas) -> None:
    if not bilan.ecrits:
        return
    charge = {"unite": str(unite.pk), "jour": jour.isoformat(), "repas": repas.code}
    charge |= {"servis": len(bilan.ecrits), "ecarts": len(bilan.ecarts)}
    evenements.noter(habilitation, "repas.servi", charge=charge)
    for s in bilan.ecarts:
        charge = {"repas": str(s.pk), "motif": s.motif}
        evenements.noter(habilitation, "repas.ecart", dossier=s.dossier, charge=charge)


def _transmettre(habilitation, bilan, repas, cle_saisie: UUID) -> None:
    """A line of transmission where the departure is worth being handed over (data)."""
    dits = [s for s in bilan.ecarts if listes.propriete("ecart_repas", s.motif, "transmettre")]
    for redacteur in registres.redacteurs:
        for s in dits:
            if habilitation.peut_pour(s.dossier, redacteur.bloc, redacteur.action):
                redacteur.ecrire(
                    habilitation,
                    s.dossier,
                    cible=CIBLE,
                    donnees=titres.phrase(s),
                    survenu_le=min(titres.instant(s.jour, repas), timezone.now()),
                    cle_saisie=uuid5(cle_saisie, str(s.sejour_id)),
                )


@transaction.atomic
def corriger_repas(habilitation, servi_id, *, ecart, precision, motif, version_lue, cle_saisie):
    visibles = RepasServi.objects.visibles(habilitation, Action.SAISIR)
    ancien = visibles.select_for_update(of=("self",)).get(pk=servi_id)
    if suivant := deja_corrigee(ancien, version_lue, cle_saisie, DEJA_CORRIGE):
        return suivant
    exiger_un_motif(motif)
    dossier = _verrouiller(habilitation, [ancien.dossier_id])[ancien.dossier_id]
    memes = ("sejour_id", "repas", "texture", "boisson", "regimes")
    nouveau = RepasServi(dossier=dossier, **{nom: getattr(ancien, nom) for nom in memes})
    _dire(nouveau, ecart, precision)
    remplacer(ancien, nouveau, habilitation, motif=motif, cle_saisie=cle_saisie)
    charge = {"repas": str(nouveau.pk), "motif": nouveau.motif}
    evenements.noter(habilitation, "repas.corrige", dossier=dossier, charge=charge)
    return nouveau


# ---------------------------------------------------------------- what one may eat, guests


@transaction.atomic
def changer_alimentation(habilitation, dossier, *, cle_saisie, lue, **champs) -> Alimentation:
    """From its day on, the one before no longer holds; nothing is erased. `lue`: the one in force
    that was on the page, or None."""
    dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.NUT).get(pk=dossier.pk)
    if deja := Alimentation.objects.filter(cle_saisie=cle_saisie).order_by("pk").first():
        refuser_si_autre(deja, auteur=habilitation.compte, dossier=dossier, **champs)
        return deja
    en_vigueur = Alimentation.objects.filter(dossier=dossier).au(timezone.localdate()).first()
    if en_vigueur and en_vigueur.pk != lue:
        raise ConflitDeVersion(CHANGEE, actuel=en_vigueur)
    if en_vigueur and champs["debut"] < en_vigueur.debut:
        depuis = f"{en_vigueur.debut:%d/%m/%Y}"
        raise ValidationError({"debut": f"Le régime d’aujourd’hui vaut depuis le {depuis}."})
    nouvelle = Alimentation(dossier=dossier, cle_saisie=cle_saisie, **champs)
    nouvelle.auteur, nouvelle.fonction = habilitation.compte, habilitation.fonction_pour(dossier)
    nouvelle.full_clean()
    nouvelle.save()
    charge = {"alimentation": str(nouvelle.pk), "texture": nouvelle.texture}
    evenements.noter(habilitation, "alimentation.changee", dossier=dossier, charge=charge)
    return nouvelle


@transaction.atomic
def noter_invites(habilitation, *, unite, jour, nombres: dict[str, int]) -> int:
    """{meal: guests}: what is written replaces what was; the total."""
    maisons = habilitation.etablissements(Bloc.AGE, Action.SAISIR)
    if unite not in habilitation.unites or unite.etablissement not in maisons:
        raise ValidationError(PAS_OUVERTE)
    if jour < timezone.localdate():
        raise ValidationError("Les invités se comptent pour aujourd’hui ou pour un jour à venir.")
    qui = {"saisi_par": habilitation.compte, "saisi_le": timezone.now()}
    for repas, nombre in nombres.items():
        cle = {"unite": unite, "jour": jour, "repas": repas}
        Invites.objects.update_or_create(**cle, defaults={"nombre": nombre} | qui)
    charge = {"unite": str(unite.pk), "jour": jour.isoformat(), "invites": sum(nombres.values())}
    evenements.noter(habilitation, "repas.invites", charge=charge)
    return sum(nombres.values())
