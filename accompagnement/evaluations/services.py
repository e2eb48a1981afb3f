"""The writes of the evaluations. One function = one act = one transaction."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accompagnement.evaluations import catalogue, lectures, pieces
from accompagnement.evaluations.moteur import VERSION, ReponsesRefusees, evaluer, pathos
from accompagnement.evaluations.table_pathos import table
from accompagnement.models import Evaluation
from dui.socle import evenements, gir
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Dossier

AGGIR = "aggir"
DEJA_SERVI = "Cette saisie a déjà servi. Rouvrez la page, vos réponses sont gardées."
INCOMPLETE = "Il manque des réponses : enregistrez le brouillon, ou complétez avant de valider."
A_UN_VALIDEUR = (
    "Cette grille se valide par le médecin coordonnateur, ou par qui en a reçu le droit : "
    "enregistrez le brouillon, il le trouvera."
)
CHANGEE = "Un collègue a complété ce brouillon entre-temps. Relisez-le avant d’enregistrer."


class ReponsesInvalides(ValidationError):
    """{answer: message}: what the engine refused, for the form to show at its place."""

    def __init__(self, refus: ReponsesRefusees):
        self.fautes = refus.fautes
        super().__init__("Des réponses se contredisent ou sortent de leurs bornes.")


def peut_valider(habilitation, dossier, grille: str) -> bool:
    """Whoever fills in a scale validates it; AGGIR and PATHOS ask for the right to validate."""
    action = Action.SAISIR
    if grille in catalogue.donnees("reglages")["a_valider"]:
        action = Action.VALIDER
    return habilitation.peut_pour(dossier, Bloc.EVA, action)


@transaction.atomic
def commencer(
    habilitation, dossier, *, grille, cle_saisie, version_grille="", valider=False, **saisie
) -> Evaluation:
    """A new draft, validated at once when asked. The same `cle_saisie` twice is one act."""
    dossier = _ouvrir(habilitation, dossier)
    if deja := Evaluation.objects.filter(cle_saisie=cle_saisie).first():
        if (deja.auteur_id, deja.dossier_id) != (habilitation.compte.pk, dossier.pk):
            raise ValidationError(DEJA_SERVI)
        return deja
    maisons = lectures.maisons(habilitation, dossier)
    definition = catalogue.commencable(maisons, grille, version_grille)
    evaluation = Evaluation(
        dossier=dossier,
        grille=grille,
        version_grille=definition.version,
        auteur=habilitation.compte,
        fonction=habilitation.fonction_pour(dossier),
        cle_saisie=cle_saisie,
    )
    return _remplir(habilitation, evaluation, saisie, valider=valider)


@transaction.atomic
def completer(
    habilitation, evaluation_id, dossier, *, revision_lue, valider=False, **saisie
) -> Evaluation:
    """Go on with a draft, one's own or a colleague's."""
    dossier = _ouvrir(habilitation, dossier)
    brouillons = Evaluation.objects.a_remplir(habilitation, dossier)
    evaluation = brouillons.select_for_update(of=("self",)).filter(pk=evaluation_id).first()
    if evaluation is None:  # validated or given up since the page was opened
        raise ConflitDeVersion("Ce brouillon n’est plus là : il a été validé ou abandonné.")
    if evaluation.revision != revision_lue:
        raise ConflitDeVersion(CHANGEE, actuel=evaluation)
    evaluation.revision += 1
    evaluation.dossier = dossier
    return _remplir(habilitation, evaluation, saisie, valider=valider)


@transaction.atomic
def corriger(
    habilitation, evaluation_id, dossier, *, version_lue, motif, cle_saisie, **saisie
) -> Evaluation:
    """A new validated version takes its place; the former stays readable, with the reason."""
    dossier = _ouvrir(habilitation, dossier)
    validees = Evaluation.objects.visibles(habilitation, Action.SAISIR).filter(dossier=dossier)
    ancienne = (
        validees.filter(etat=Evaluation.Etat.VALIDEE)
        .select_for_update(of=("self",))
        .get(pk=evaluation_id)
    )
    if not peut_corriger(habilitation, dossier, ancienne):
        raise PermissionDenied("Seul l’auteur, ou qui valide les grilles, corrige celle-ci.")
    if not ancienne.courante or ancienne.version != version_lue:
        return _deja_corrigee(ancienne, cle_saisie)
    if Evaluation.objects.filter(cle_saisie=cle_saisie).exists():
        raise ValidationError(DEJA_SERVI)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi : le motif reste dans l’historique."})
    ancienne.courante = False
    ancienne.save(update_fields=["courante"])
    nouvelle = Evaluation(
        dossier=dossier,
        grille=ancienne.grille,
        version_grille=ancienne.version_grille,
        auteur=habilitation.compte,
        fonction=habilitation.fonction_pour(dossier),
        evaluateurs=ancienne.evaluateurs,
        version=ancienne.version + 1,
        remplace=ancienne,
        motif_correction=motif.strip(),
        cle_saisie=cle_saisie,
    )
    return _remplir(habilitation, nouvelle, saisie, valider=True)


@transaction.atomic
def abandonner(habilitation, evaluation_id, dossier) -> None:
    """A draft begun by mistake leaves; its event stays. A validated one never leaves."""
    dossier = _ouvrir(habilitation, dossier)
    evaluation = (
        Evaluation.objects.a_remplir(habilitation, dossier)
        .select_for_update(of=("self",))
        .get(pk=evaluation_id)
    )
    _noter(habilitation, "evaluation.abandonnee", evaluation)
    evaluation.delete()


def peut_corriger(habilitation, dossier, evaluation) -> bool:
    if not peut_valider(habilitation, dossier, evaluation.grille):
        return False
    sienne = evaluation.auteur_id == habilitation.compte.pk
    return sienne or habilitation.peut_pour(dossier, Bloc.EVA, Action.VALIDER)


# ---------------------------------------------------------------- inside


def _ouvrir(habilitation, dossier) -> Dossier:
    ouverts = Dossier.objects.pour_ecrire(habilitation, Bloc.EVA).select_related("usager")
    return ouverts.get(pk=dossier.pk)


def _deja_corrigee(ancienne, cle_saisie) -> Evaluation:
    """By this very act, sent twice; by any other, it is a conflict."""
    suivante = Evaluation.objects.filter(remplace=ancienne).first()
    if suivante and suivante.cle_saisie == cle_saisie:
        return suivante
    raise ConflitDeVersion(
        "Cette évaluation a été corrigée entre-temps. Relisez la version en vigueur.",
        actuel=suivante or ancienne,
    )


def _remplir(habilitation, evaluation, saisie, *, valider) -> Evaluation:
    evaluation.faite_le = _faite_le(evaluation, saisie["faite_le"])
    evaluation.auto_evaluation = saisie.get("auto_evaluation", False)
    evaluation.avec = saisie.get("avec", "")
    evaluation.commentaire = saisie.get("commentaire", "")
    evaluation.reponses = {c: v for c, v in saisie["reponses"].items() if v}
    evaluation.origines = _origines(evaluation, saisie.get("origines", {}))
    resultat = _calculer(evaluation)
    evaluation.resultat, evaluation.score = resultat.en_donnees(), resultat.score
    evaluation.version_moteur = VERSION
    _signer(habilitation, evaluation)
    if valider:
        _valider(habilitation, evaluation, resultat)
    evaluation.pieces = pieces.ranger(habilitation, evaluation, **saisie.get("pieces", {}))
    evaluation.full_clean(validate_unique=False)
    evaluation.save()
    if evaluation.validee:
        _reporter_le_gir(habilitation, evaluation)
    geste = "corrigee" if evaluation.remplace_id else "validee" if valider else "gardee"
    _noter(habilitation, f"evaluation.{geste}", evaluation)
    return evaluation


def _origines(evaluation, nouvelles) -> dict:
    """Where an answer came from, as long as it is that answer."""
    connues = (evaluation.remplace or evaluation).origines | nouvelles
    return {c: o for c, o in connues.items() if evaluation.reponses.get(c) == o["reponse"]}


def _calculer(evaluation):
    """The result of these answers, PATHOS against the imported table."""
    definition = catalogue.definition(evaluation.grille, evaluation.version_grille)
    try:
        resultat = evaluer(definition, evaluation.reponses)
        if definition.moteur == "pathos":
            return pathos.avec_avertissement(resultat, table())
    except ReponsesRefusees as refus:
        raise ReponsesInvalides(refus) from refus
    return resultat


def _faite_le(evaluation, faite_le):
    if faite_le > timezone.now():
        raise ValidationError({"faite_le": "Cette date est dans le futur."})
    if timezone.localdate(faite_le) < evaluation.dossier.usager.date_naissance:
        raise ValidationError({"faite_le": "Cette date précède la naissance."})
    return faite_le


def _signer(habilitation, evaluation) -> None:
    """Each professional who wrote in it, once."""
    if any(e["compte"] == habilitation.compte.pk for e in evaluation.evaluateurs):
        return
    moi = {
        "compte": habilitation.compte.pk,
        "nom": habilitation.compte.signature,
        "fonction": habilitation.fonction_pour(evaluation.dossier),
    }
    evaluation.evaluateurs = [*evaluation.evaluateurs, moi]


def _valider(habilitation, evaluation, resultat) -> None:
    if not peut_valider(habilitation, evaluation.dossier, evaluation.grille):
        raise ValidationError(A_UN_VALIDEUR)
    if not resultat.complet:
        raise ValidationError(INCOMPLETE)
    evaluation.etat = Evaluation.Etat.VALIDEE
    evaluation.validee_le = timezone.now()
    evaluation.validee_par = habilitation.compte
    evaluation.fonction_validation = habilitation.fonction_pour(evaluation.dossier)


def _reporter_le_gir(habilitation, evaluation) -> None:
    """A validated AGGIR gives the record its GIR, unless a later one is known; corrected, what it
    had given goes with it."""
    if evaluation.grille != AGGIR:
        return
    dossier, ancienne = evaluation.dossier, evaluation.remplace
    if ancienne and _gir(ancienne) == (dossier.gir, dossier.gir_le):
        en_vigueur = Evaluation.objects.filter(dossier=dossier).en_vigueur().de_la_grille(AGGIR)
        evaluation = en_vigueur.plus_recentes()[0]
    elif not gir.plus_recent(dossier, timezone.localdate(evaluation.faite_le)):
        return
    valeur, le = _gir(evaluation)
    gir.ecrire(habilitation.compte, dossier, gir=valeur, le=le)


def _gir(evaluation):
    return int(evaluation.score), timezone.localdate(evaluation.faite_le)


def _noter(habilitation, type_, evaluation) -> None:
    charge = {"evaluation": str(evaluation.pk), "grille": evaluation.grille}
    evenements.noter(habilitation, type_, dossier=evaluation.dossier, charge=charge)
