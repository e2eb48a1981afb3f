"""The writes of this block. One function = one act = one transaction."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dui.socle import evenements
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion, DejaServi
from dui.socle.models import Dossier
from soins import constantes
from soins.models import Mesure, Vigilance

DEJA_CORRIGEE = "Cette mesure a été corrigée entre-temps. Relisez la valeur en vigueur."


# ---------------------------------------------------------------- vital signs


@transaction.atomic
def noter_mesures(habilitation, dossier, *, mesuree_le, valeurs, cle_saisie) -> list[Mesure]:
    """A set of values taken together: {code: Decimal}. The same `cle_saisie` is one act."""
    # The lock makes a double click wait for the first one, then find its rows.
    dossier = _dossier(habilitation, dossier, Bloc.CST)
    deja = list(Mesure.objects.filter(cle_saisie=cle_saisie).order_by("code"))
    if deja:
        return _meme_saisie(habilitation, dossier, deja, valeurs)
    _refuser(valeurs, dossier=dossier, mesuree_le=mesuree_le)
    mesures = Mesure.objects.bulk_create(
        Mesure(
            dossier=dossier,
            code=code,
            valeur=valeur,
            mesuree_le=mesuree_le,
            auteur=habilitation.compte,
            cle_saisie=cle_saisie,
        )
        for code, valeur in valeurs.items()
    )
    evenements.noter(
        habilitation,
        "constantes.notees",
        dossier=dossier,
        charge={"saisie": str(cle_saisie), "codes": sorted(valeurs)},
    )
    return mesures


def _dossier(habilitation, dossier, bloc) -> Dossier:
    ouverts = Dossier.objects.pour_ecrire(habilitation, bloc).select_related("usager")
    return ouverts.get(pk=dossier.pk)


def _meme_saisie(habilitation, dossier, deja, valeurs) -> list[Mesure]:
    premiere = deja[0]
    if (premiere.auteur_id, premiere.dossier_id) != (habilitation.compte.pk, dossier.pk):
        raise DejaServi
    if {m.code: m.valeur for m in deja} != valeurs:
        raise DejaServi
    return deja


def _refuser(valeurs, *, dossier, mesuree_le) -> None:
    """Every impossible value, each at its field."""
    if not valeurs:
        raise ValidationError("Aucune valeur : notez-en au moins une.")
    if trouvees := constantes.fautes(valeurs, dossier=dossier, mesuree_le=mesuree_le):
        raise ValidationError(trouvees)


@transaction.atomic
def corriger_mesure(habilitation, mesure_id, *, valeur, mesuree_le, motif, cle_saisie) -> Mesure:
    """A new version takes its place; the former stays in the history with the reason."""
    ancienne = _verrouiller(habilitation, mesure_id)
    if deja := _deja_corrigee(ancienne, cle_saisie):
        return deja
    try:
        _refuser({ancienne.code: valeur}, dossier=ancienne.dossier, mesuree_le=mesuree_le)
    except ValidationError as refus:
        fautes = refus.message_dict
        if ancienne.code in fautes:
            fautes["valeur"] = fautes.pop(ancienne.code)
        raise ValidationError(fautes) from refus
    nouvelle = _remplacer(
        habilitation, ancienne, motif, cle_saisie, valeur=valeur, mesuree_le=mesuree_le
    )
    _noter_mesure(habilitation, "constante.corrigee", nouvelle)
    return nouvelle


@transaction.atomic
def annuler_mesure(habilitation, mesure_id, *, motif, cle_saisie) -> Mesure:
    """The value should not be there (wrong person, wrong device): it leaves lists and charts."""
    ancienne = _verrouiller(habilitation, mesure_id)
    if deja := _deja_corrigee(ancienne, cle_saisie):
        return deja
    derniere = _remplacer(
        habilitation,
        ancienne,
        motif,
        cle_saisie,
        valeur=ancienne.valeur,
        mesuree_le=ancienne.mesuree_le,
        annulation=True,
        courante=False,
    )
    _noter_mesure(habilitation, "constante.annulee", derniere)
    return derniere


def _verrouiller(habilitation, mesure_id) -> Mesure:
    return (
        Mesure.objects.visibles(habilitation, Action.SAISIR)
        .select_for_update(of=("self",))
        .select_related("dossier__usager")
        .get(pk=mesure_id)
    )


def _deja_corrigee(ancienne, cle_saisie) -> Mesure | None:
    """The same gesture sent twice gives its first answer; somebody else's is a conflict."""
    if ancienne.courante:
        return None
    suivante = Mesure.objects.filter(remplace=ancienne).first()
    if suivante and suivante.cle_saisie == cle_saisie:
        return suivante
    raise ConflitDeVersion(DEJA_CORRIGEE, actuel=suivante or ancienne)


def _remplacer(habilitation, ancienne, motif, cle_saisie, **champs) -> Mesure:
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi : le motif reste dans l’historique."})
    if Mesure.objects.filter(cle_saisie=cle_saisie, code=ancienne.code).exists():
        raise DejaServi
    ancienne.courante = False
    ancienne.save(update_fields=["courante"])
    return Mesure.objects.create(
        dossier=ancienne.dossier,
        code=ancienne.code,
        auteur=habilitation.compte,
        remplace=ancienne,
        motif_correction=motif.strip(),
        cle_saisie=cle_saisie,
        **champs,
    )


def _noter_mesure(habilitation, type_, mesure) -> None:
    charge = {"mesure": str(mesure.pk), "code": mesure.code}
    evenements.noter(habilitation, type_, dossier=mesure.dossier, charge=charge)


# ---------------------------------------------------------------- vigilances


@transaction.atomic
def ajouter_vigilance(
    habilitation, dossier, *, type, libelle, gravite, precision="", depuis=None
) -> Vigilance:
    """The same one twice (double click) is one act."""
    dossier = _dossier(habilitation, dossier, Bloc.ANT)
    champs = {"type": type, "libelle": libelle, "gravite": gravite, "precision": precision}
    champs["depuis"] = depuis or timezone.localdate()
    if deja := Vigilance.objects.filter(dossier=dossier, fin=None, **champs).first():
        return deja
    vigilance = Vigilance(dossier=dossier, saisie_par=habilitation.compte, **champs)
    return _garder_vigilance(habilitation, vigilance, "vigilance.ajoutee")


@transaction.atomic
def modifier_vigilance(habilitation, vigilance_id, *, version_lue, motif="", **champs) -> Vigilance:
    vigilance = _vigilance_lue(habilitation, vigilance_id, version_lue)
    for nom in ("type", "libelle", "gravite", "precision", "depuis"):
        setattr(vigilance, nom, champs[nom])
    vigilance.version += 1
    return _garder_vigilance(habilitation, vigilance, "vigilance.modifiee", motif)


@transaction.atomic
def lever_vigilance(habilitation, vigilance_id, *, version_lue, motif) -> Vigilance:
    """From today on it is no longer shown; the page keeps it, with the reason."""
    vigilance = _vigilance_lue(habilitation, vigilance_id, version_lue)
    if vigilance.fin:
        raise ValidationError("Cette vigilance est déjà levée.")
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi elle est levée."})
    vigilance.fin = timezone.localdate()
    vigilance.version += 1
    return _garder_vigilance(habilitation, vigilance, "vigilance.levee", motif.strip())


def _vigilance_lue(habilitation, vigilance_id, version_lue) -> Vigilance:
    vigilance = (
        Vigilance.objects.visibles(habilitation, Action.SAISIR)
        .select_for_update(of=("self",))
        .get(pk=vigilance_id)
    )
    if vigilance.version != version_lue:
        raise ConflitDeVersion(
            "Cette vigilance a changé depuis que vous l’avez lue.", actuel=vigilance
        )
    return vigilance


def _garder_vigilance(habilitation, vigilance, type_, motif="") -> Vigilance:
    if vigilance.depuis > timezone.localdate():
        raise ValidationError({"depuis": "Une vigilance vaut à partir d’aujourd’hui au plus tard."})
    if vigilance.depuis < vigilance.dossier.usager.date_naissance:
        raise ValidationError({"depuis": "Cette date précède la naissance."})
    vigilance.full_clean()
    vigilance._history_user = habilitation.compte
    vigilance._change_reason = motif[:100]
    vigilance.save()
    charge = {"vigilance": str(vigilance.pk), "type": vigilance.type}
    evenements.noter(habilitation, type_, dossier=vigilance.dossier, charge=charge)
    return vigilance
