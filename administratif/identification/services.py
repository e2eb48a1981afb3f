"""What changes the trust put in an identity. Each act goes through `dui.socle.statuts`, keeps its
author, its source and its reason in the history, and an event without any trait."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from administratif.identification import pieces, regles
from administratif.services.communs import exiger, lire_version, noter
from administratif.services.gestes import conclure, ouvrir, passer
from dui.socle.enums import Action, Bloc, Confiance, Recueil
from dui.socle.identite import lire_matricule
from dui.socle.models import ControlePiece, HomonymeConfirme, ReglagePiece, Usager
from dui.socle.statuts import Cause, Garde

POURQUOI = "Dites pourquoi : c’est ce que relira la cellule d’identitovigilance."


# ---------------------------------------------------------------- proof documents


@transaction.atomic
def controler_piece(
    habilitation, dossier, *, version_lue, piece, differents, condition=False, commentaire=""
) -> ControlePiece:
    """A document was compared with the strict traits, one by one. `differents`: those that are not
    the same on the document; the identity is then not validated."""
    usager = ouvrir(habilitation, dossier, Bloc.ID)
    lire_version(usager, version_lue)
    choisie = _piece_proposee(habilitation, dossier, usager, piece)
    if choisie.condition and choisie.valide and not (condition or differents):
        raise ValidationError({"condition": f"À confirmer pour cette pièce : {choisie.condition}"})
    avant = usager.statut_identite
    if differents:
        _incoherente(habilitation, dossier, usager)
    else:
        passer(usager, Cause.PIECE_CONTROLEE, Garde(confiance_elevee=choisie.valide))
        conclure(habilitation, dossier, usager, Cause.PIECE_CONTROLEE, choisie.libelle, piece=piece)
    return _tracer(
        habilitation,
        dossier,
        usager,
        avant,
        resultat="different" if differents else "conforme",
        piece=choisie.code,
        confiance=choisie.confiance,
        differents=[d for d in differents if d in regles.TRAITS],
        motif=commentaire[:200],
    )


def _piece_proposee(habilitation, dossier, usager, code) -> pieces.Piece:
    permises = pieces.pour(habilitation, dossier, usager)
    choisie = next((p for p in permises if p.code == code), None)
    if choisie is None:
        raise ValidationError({"piece": "Choisissez la pièce présentée."})
    return choisie


def _incoherente(habilitation, dossier, usager) -> None:
    """What INSi gave and what the document shows are two persons: the matricule goes."""
    if usager.ins_recuperee and not usager.identite_validee:
        passer(usager, Cause.PIECE_INCOHERENTE)
        conclure(habilitation, dossier, usager, Cause.PIECE_INCOHERENTE)
    else:
        noter(habilitation, "identite.piece_differente", usager, dossier)


def _tracer(habilitation, dossier, usager, avant, **champs) -> ControlePiece:
    return ControlePiece.objects.create(
        dossier=dossier,
        usager=usager,
        statut_avant=avant,
        statut_apres=usager.statut_identite,
        fait_par=habilitation.compte,
        **champs,
    )


@transaction.atomic
def annuler_controle(habilitation, dossier, *, version_lue, motif) -> Usager:
    """The comparison was a mistake: the identity is no longer validated."""
    usager = ouvrir(habilitation, dossier, Bloc.IDV, Action.VALIDER)
    lire_version(usager, version_lue)
    motif = exiger(motif, "motif", POURQUOI)
    avant = usager.statut_identite
    passer(usager, Cause.CONTROLE_ANNULE)
    conclure(habilitation, dossier, usager, Cause.CONTROLE_ANNULE, motif)
    _tracer(habilitation, dossier, usager, avant, resultat="annule", motif=motif[:200])
    return usager


@transaction.atomic
def regler_piece(habilitation, etablissement, *, code, proposee, confiance) -> ReglagePiece:
    """What the organisme offers, and how far it trusts it; never more than the national list."""
    lieux = habilitation.etablissements(Bloc.PAR, Action.ADMINISTRER)
    organisme = lieux.get(pk=etablissement.pk).organisme
    if code not in {p.code for p in pieces.toutes(organisme.pk)}:
        raise ValidationError("Cette pièce n’est pas dans la liste.")
    reglage, _ = ReglagePiece.objects.update_or_create(
        organisme=organisme,
        code=code,
        defaults={
            "proposee": proposee,
            "confiance": Confiance(confiance),
            "modifie_par": habilitation.compte,
        },
    )
    charge = {"proposee": proposee, "confiance": str(confiance)}
    noter(habilitation, "identite.piece_reglee", reglage, None, code=code, **charge)
    return reglage


# ---------------------------------------------------------------- attributes

SIGNALER = (Bloc.IDV, Action.SAISIR)
JUGER = (Bloc.IDV, Action.VALIDER)
ATTRIBUTS = {
    Cause.DOUTE: SIGNALER,
    Cause.HOMONYME: SIGNALER,
    Cause.DOUTE_LEVE: JUGER,
    Cause.HOMONYME_LEVE: JUGER,
    Cause.FICTIVE: JUGER,
}


@transaction.atomic
def changer_attribut(habilitation, dossier, *, version_lue, cause, motif) -> Usager:
    """Doubtful, fictitious, homonym: whoever may report is not always who may judge."""
    cause = Cause(cause)
    usager = ouvrir(habilitation, dossier, *ATTRIBUTS[cause])
    lire_version(usager, version_lue)
    motif = exiger(motif, "motif", POURQUOI)
    avant = usager.faits_identite
    passer(usager, cause)
    if usager.faits_identite == avant:
        raise ValidationError("C’est déjà le cas.")
    if cause == Cause.HOMONYME_LEVE:
        HomonymeConfirme.objects.filter(usager=usager).delete()
    return conclure(habilitation, dossier, usager, cause, motif)


# ---------------------------------------------------------------- INSi


@transaction.atomic
def accepter_insi(
    habilitation, dossier, *, version_lue, traits, matricule, oid, recueil=Recueil.INSI
) -> Usager:
    """The traits that INSi answered, shown beside ours and accepted. Nothing is half stored: on a
    validated identity that they contradict, only the trace of it is kept."""
    usager = ouvrir(habilitation, dossier, Bloc.ID)
    lire_version(usager, version_lue)
    usager.interroge_insi_le = timezone.now()
    locaux = {nom: getattr(usager, nom) for nom in regles.TRAITS}
    ecarts = regles.divergences(locaux, traits) if usager.identite_validee else []
    if ecarts:
        usager = Usager.objects.get(pk=usager.pk)
        usager.interroge_insi_le = timezone.now()
        passer(usager, Cause.INSI_DIVERGENTE)
        return conclure(habilitation, dossier, usager, Cause.INSI_DIVERGENTE, traits=ecarts)
    passer(usager, Cause.INSI_TROUVEE)
    for nom, valeur in traits.items():
        setattr(usager, nom, valeur)
    if locaux["date_naissance"] != traits["date_naissance"]:
        usager.naissance_incomplete = ""  # else the mark of an uncertain date stays
    usager.matricule_ins, usager.oid_ins, usager.recueil = matricule, oid, recueil
    lu = lire_matricule(matricule)
    cle_juste = bool(lu and lu.cle_juste)  # an answer of INSi is never refused on its key
    return conclure(habilitation, dossier, usager, Cause.INSI_TROUVEE, cle_juste=cle_juste)


@transaction.atomic
def noter_appel_insi(habilitation, dossier, *, cause) -> Usager:
    """An answer that gives no traits (01, 02), or the verification of what we hold."""
    usager = ouvrir(habilitation, dossier, Bloc.ID)
    usager.interroge_insi_le = timezone.now()
    passer(usager, Cause(cause))
    return conclure(habilitation, dossier, usager, Cause(cause))
