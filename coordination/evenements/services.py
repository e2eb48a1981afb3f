"""The life of an event: declare, complete, analyse, act, close. One function = one act."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coordination.evenements import regles
from coordination.models import EtapeEvenement, EvenementIndesirable, PersonneConcernee
from dui.socle import codes, evenements, taches
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion, refuser_si_autre
from dui.socle.gestes import un_a_la_fois
from dui.socle.models import Dossier, Tache
from habilitations import destinataires
from habilitations.lieux import sejour_ici

FUTUR = "L’heure est dans le futur. Corrigez l’heure ou le jour."
CHANGE = "Un collègue a complété cette fiche entre-temps. Relisez-la avant d’enregistrer."
CLOS = "Cet événement est clos : rouvrez l’analyse pour le compléter."
SOURCE = EvenementIndesirable.SOURCE
ANNONCES = ("famille", "medecin")
RECIT = (
    "circonstances", "mesures", "consequences", "gravite", "lieu", "lieu_precis", "constate_le",
    "survenu_le", "famille", "medecin",
)  # fmt: skip
TEXTES = ("qui", "le", "par", "consignes", "motif")


@transaction.atomic
def declarer(
    habilitation, dossier, *, type, cle_saisie, lieu_de_travail=None, anonyme=False, **champs
) -> EvenementIndesirable:
    """About a record, or (`lieu_de_travail`) about the house. The same `cle_saisie` is one act.
    `anonyme`: neither the row, nor its history, nor the event says who declared."""
    un_a_la_fois(habilitation)
    if dossier is not None:
        dossier = Dossier.objects.pour_ecrire(habilitation, Bloc.EI).get(pk=dossier.pk)
    if deja := EvenementIndesirable.objects.filter(cle_saisie=cle_saisie).first():
        declarant = None if anonyme else habilitation.compte
        qui = {"declarant": declarant, "dossier": dossier}
        refuser_si_autre(deja, **qui, type=type, **_dits(deja.type, champs))
        return deja
    maison, unite = _lieu(habilitation, dossier, lieu_de_travail)
    evenement = EvenementIndesirable(
        dossier=dossier,
        etablissement=maison,
        unite=unite,
        type=type,
        cle_saisie=cle_saisie,
        declarant=None if anonyme else habilitation.compte,
        fonction="" if anonyme else _fonction(habilitation, dossier),
    )
    if anonyme:
        evenement._history_user = None
    personnes = champs.pop("personnes", ())
    _remplir(habilitation, evenement, champs)
    evenement.save()
    _noter_les_personnes(habilitation, evenement, personnes)
    EtapeEvenement.objects.create(
        evenement=evenement, etape="declare", par=evenement.declarant, le=evenement.declare_le
    )
    _noter(habilitation, evenement, "evenement.declare", anonyme=anonyme)
    return evenement


def _lieu(habilitation, dossier, lieu):
    if dossier is not None and (sejour := sejour_ici(habilitation, dossier)):
        return sejour.etablissement, sejour.unite
    maisons = habilitation.etablissements(Bloc.EI, Action.SAISIR)
    if lieu is None or not maisons.filter(pk=lieu.etablissement.pk).exists():
        raise ValidationError("Dites dans quel établissement cela s’est passé.")
    return lieu.etablissement, lieu.unite


def _fonction(habilitation, dossier) -> str:
    return habilitation.fonction_pour(dossier) if dossier else habilitation.fonction


def _dits(type_, champs) -> dict:
    """What `_remplir` would keep of it, to tell a double click from other words."""
    noms = [*RECIT]
    for nom in ANNONCES:
        noms += {"oui": [f"{nom}_qui"], "non": [f"{nom}_motif"]}.get(champs.get(nom, ""), [])
    faits = regles.nettoyes(_parties(type_), champs.get("faits", {}))
    return {nom: champs[nom] for nom in noms if nom in champs} | {"faits": faits}


def _parties(type_):
    return regles.parties_de(codes.codes("type_evenement")[type_].proprietes)


def _remplir(habilitation, evenement, champs) -> None:
    """The answers, checked against what the type asks for."""
    type_ = codes.codes("type_evenement").get(evenement.type)
    if type_ is None:
        raise ValidationError("Ce type d’événement n’existe pas.")
    demandees = _parties(evenement.type)
    faits = regles.nettoyes(demandees, champs.pop("faits", {}))
    fautes = {c.nom: regles.REPONDEZ for c in regles.manquants(demandees, faits)}
    fautes |= {
        c.nom: f"« {dict(c.choix)[c.seul]} » va seul."
        for c in regles.contradictions(demandees, faits)
    }
    for nom, valeur in champs.items():
        setattr(evenement, nom, valeur)
    evenement.faits = faits
    fautes |= _dates(evenement)
    for nom in ANNONCES:
        fautes |= _annonce(habilitation, evenement, nom, type_.proprietes.get(nom))
    if fautes:
        raise ValidationError(fautes)
    evenement.full_clean(exclude=["dossier", "etablissement", "unite", "declarant"])


def _dates(evenement) -> dict[str, str]:
    maintenant, fautes = timezone.now(), {}
    if evenement.constate_le > maintenant:
        fautes["constate_le"] = FUTUR
    if evenement.survenu_le and evenement.survenu_le > evenement.constate_le:
        fautes["survenu_le"] = "On constate un événement après qu’il survient."
    for nom in ANNONCES:
        le = getattr(evenement, f"{nom}_le")
        if le and le > maintenant:
            fautes[f"{nom}_le"] = FUTUR
    return fautes


def _annonce(habilitation, evenement, nom, exigence) -> dict[str, str]:
    """Told: who, when, by whom. Not yet: why. Nothing, when nothing is asked nor said."""
    reponse = getattr(evenement, nom)
    vides = {"oui": ("motif",), "non": ("qui", "le", "par", "consignes"), "": TEXTES}[reponse]
    for suffixe in vides:
        attribut = f"{nom}_{suffixe}"
        if hasattr(evenement, attribut):
            setattr(evenement, attribut, None if suffixe == "le" else "")
    if not reponse:
        return {nom: regles.REPONDEZ} if exigence == regles.EXIGEE else {}
    if reponse == "non":
        motif = getattr(evenement, f"{nom}_motif").strip()
        return {} if motif else {f"{nom}_motif": "Dites pourquoi pas encore."}
    fautes = {}
    if not getattr(evenement, f"{nom}_qui").strip():
        fautes[f"{nom}_qui"] = "Dites qui a été prévenu."
    if getattr(evenement, f"{nom}_le") is None:
        fautes[f"{nom}_le"] = "Dites quand."
    if nom == "famille" and not evenement.famille_par and evenement.declarant_id:
        evenement.famille_par = habilitation.compte.signature  # without a name, none is guessed
    return fautes


def _noter_les_personnes(habilitation, evenement, personnes) -> None:
    """`personnes`: (quality, dossier or None, name); another record must open to who names it."""
    for qualite, dossier, nom in personnes:
        if dossier is not None:
            dossier = Dossier.objects.visibles(habilitation, Bloc.ID, Action.RESUME).get(pk=dossier)
        PersonneConcernee.objects.create(
            evenement=evenement, qualite=qualite, dossier=dossier, nom="" if dossier else nom
        )


@transaction.atomic
def completer(habilitation, evenement_id, *, version_lue, **champs) -> EvenementIndesirable:
    """What was not known at once: the hour, the family told since, the consequences."""
    evenement = verrouiller(habilitation, evenement_id)
    if evenement.version != version_lue:
        raise ConflitDeVersion(CHANGE, actuel=evenement)
    if evenement.clos:
        raise ValidationError(CLOS)
    champs.pop("personnes", None)
    _remplir(habilitation, evenement, champs)
    evenement.version += 1
    evenement.save()
    _noter(habilitation, evenement, "evenement.complete")
    return evenement


@transaction.atomic
def avancer(habilitation, evenement_id, *, vers, note="", causes=(), **textes) -> None:
    """Declared → analysed → acted upon → closed; closing asks for the right to validate."""
    action = Action.VALIDER if vers == "clos" else Action.SAISIR
    evenement = verrouiller(habilitation, evenement_id, action)
    if evenement.etat == vers:
        return  # a double click
    if not regles.peut_passer(evenement.etat, vers, regles.SUITES):
        raise ValidationError(f"Cet événement est déjà « {evenement.get_etat_display()} ».")
    if vers == "clos":
        _refuser_la_cloture(evenement, textes.get("bilan", ""))
    evenement.etat = vers
    connues = codes.codes("cause_evenement")
    if causes:
        evenement.causes = [c for c in causes if c in connues]
    for nom in ("analyse", "bilan"):
        if textes.get(nom, "").strip():
            setattr(evenement, nom, textes[nom].strip())
    evenement.version += 1
    evenement.save()
    _etape(habilitation, evenement, vers, note)
    _noter(habilitation, evenement, f"evenement.{vers}")


def _refuser_la_cloture(evenement, bilan) -> None:
    if not bilan.strip():
        raise ValidationError({"bilan": "Écrivez le bilan : ce qui a été fait, ce qui a changé."})
    restent = evenement.plan.a_faire().count()
    if restent:
        mot = "Une action reste" if restent == 1 else f"{restent} actions restent"
        raise ValidationError({"bilan": f"{mot} à faire : terminez-la ou annulez-la d’abord."})
    if "non" in (evenement.famille, evenement.medecin):
        raise ValidationError({"bilan": "La famille ou le médecin n’est pas encore prévenu."})


@transaction.atomic
def ajouter_une_action(habilitation, evenement_id, *, a, **champs) -> Tache:
    """An action of the plan: an owner who reads it, and a date."""
    evenement = verrouiller(habilitation, evenement_id)
    if evenement.clos:
        raise ValidationError(CLOS)
    destinataires.refuser_qui_ne_lit_pas(a, evenement.dossier, Bloc.EI)
    return taches.creer(
        habilitation,
        dossier=evenement.dossier,
        bloc=Bloc.EI,
        source=(SOURCE, evenement.pk),
        action=Action.SAISIR,
        **a.champs,
        **champs,
    )


def verrouiller(habilitation, evenement_id, action=Action.SAISIR) -> EvenementIndesirable:
    visibles = EvenementIndesirable.objects.visibles(habilitation, action)
    visibles = visibles.visibles(habilitation)  # one follows what one reads
    return visibles.select_for_update(of=("self",)).get(pk=evenement_id)


def _etape(habilitation, evenement, etape, note="") -> None:
    EtapeEvenement.objects.create(
        evenement=evenement, etape=etape, note=note.strip(), par=habilitation.compte
    )


def _noter(habilitation, evenement, type_, *, anonyme=False) -> None:
    charge = {"evenement": str(evenement.pk), "type": evenement.type}
    evenements.noter(habilitation, type_, dossier=evenement.dossier, charge=charge, anonyme=anonyme)
