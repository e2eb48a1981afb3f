"""The writes of a project: open it, build a version, settle it, open the next one."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accompagnement.gardes import refuser_hors_de_sa_vie
from accompagnement.models import ElementProjet, Habitude, Projet, SuiviProjet, VersionProjet
from accompagnement.projets import contenu as contenus
from accompagnement.projets import echeances, trames
from accompagnement.projets.empreintes import empreinte
from dui.socle import codes, evenements
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Contact, Dossier

DEJA_SERVI = "Cette saisie a déjà servi. Rouvrez la page, le texte est gardé."
CHANGE = "Un collègue a changé ce passage entre-temps. Relisez-le avant d’enregistrer le vôtre."
SUIVI = "Quelque chose est déjà noté de ce projet : terminez-le au lieu de l’abandonner."
PLUS_LA = "Cette version n’est plus en préparation : elle a été arrêtée ou abandonnée."
FINI = "Ce projet est terminé : il ne se change plus."
ALLONGEE = "La révision se fait au moins une fois par an : avancez la date, ou revoyez le projet."
TRANSITIONS = {
    Projet.Statut.EN_PREPARATION: (Projet.Statut.TERMINE,),
    Projet.Statut.EN_COURS: (Projet.Statut.EN_PAUSE, Projet.Statut.TERMINE),
    Projet.Statut.EN_PAUSE: (Projet.Statut.EN_COURS, Projet.Statut.TERMINE),
    Projet.Statut.TERMINE: (),
}


@transaction.atomic
def ouvrir(habilitation, dossier, *, etablissement, trame, cadre, cle_saisie) -> Projet:
    """A project in preparation and its first draft. One project is lived at a time in a house."""
    dossier = ouvrir_dossier(habilitation, dossier)
    if deja := Projet.objects.filter(cle_saisie=cle_saisie).first():
        return _meme_acte(deja, habilitation, dossier, deja.cree_par_id)
    ouverts = Projet.objects.filter(dossier=dossier, etablissement=etablissement).ouverts()
    if ouverts.exists():
        raise ValidationError("Un projet est déjà ouvert ici : complétez-le, ou terminez-le.")
    modele = trames.trame(trame)
    propre = contenus.nettoyer(contenus.champs_du_cadre(modele), cadre)
    projet = Projet(
        dossier=dossier,
        etablissement=etablissement,
        trame=modele.code,
        cree_par=habilitation.compte,
        cle_saisie=cle_saisie,
    )
    _reporter(projet, propre)
    projet.full_clean(validate_unique=False)
    projet.save()
    contenu = contenus.vide(modele) | {
        contenus.CADRE: _avec_l_histoire(habilitation, dossier, propre),
        "participant": _participants(habilitation, dossier),
    }
    _brouillon(habilitation, projet, contenu, numero=1, cle_saisie=cle_saisie)
    noter(habilitation, "projet.ouvert", projet)
    return projet


def _avec_l_histoire(habilitation, dossier, cadre) -> dict:
    """What « Qui je suis » already tells of a life need not be typed again."""
    if cadre.get("histoire") or not habilitation.peut_pour(dossier, Bloc.AVQ, Action.RESUME):
        return cadre
    connue = Habitude.objects.filter(dossier=dossier, rubrique="histoire").first()
    return cadre | {"histoire": connue.texte} if connue else cadre


def _participants(habilitation, dossier) -> list[dict]:
    """The person first, then those who speak with or for them, when one may know who they are."""
    lignes = [(str(dossier.pk), dossier.usager.nom_usuel, "personne")]
    contacts = Contact.objects.visibles(habilitation).filter(dossier=dossier, actif=True)
    for contact in contacts.dans_l_ordre():
        if contact.representant_legal:
            lignes.append((str(contact.pk), str(contact), "rep_legal"))
        elif contact.personne_confiance:
            lignes.append((str(contact.pk), str(contact), "confiance"))
    return [{"id": cle, "nom": nom, "qualite": qualite} for cle, nom, qualite in lignes]


@transaction.atomic
def ecrire_cadre(habilitation, projet_id, dossier, *, lu, valeurs) -> VersionProjet:
    version = _a_ecrire(habilitation, projet_id, dossier)
    ancien = version.contenu[contenus.CADRE]
    champs = contenus.champs_du_cadre(trames.trame(version.projet.trame))
    nouveau = contenus.nettoyer(champs, valeurs)
    _refuser_le_conflit(ancien, nouveau, lu)
    return _garder(version, {**version.contenu, contenus.CADRE: nouveau})


@transaction.atomic
def ecrire_element(habilitation, projet_id, dossier, *, genre, cle, lu, valeurs) -> VersionProjet:
    """A new element, or what was read replaced."""
    version = _a_ecrire(habilitation, projet_id, dossier)
    ancien = contenus.trouver(version.contenu, genre, cle)
    if ancien is None and _cle_prise(version, cle):
        raise ValidationError(DEJA_SERVI)
    nouveau = contenus.nettoyer(contenus.GENRES[genre].champs, valeurs) | {"id": str(cle)}
    _refuser_le_conflit(ancien, nouveau, lu)
    return _garder(version, contenus.avec(version.contenu, genre, nouveau))


def _cle_prise(version, cle) -> bool:
    """By another kind of element here, or by another project: traces are linked to it."""
    ici = any(contenus.trouver(version.contenu, genre, cle) for genre in contenus.GENRES)
    ailleurs = ElementProjet.objects.filter(pk=cle).exclude(projet=version.projet)
    return ici or ailleurs.exists()


@transaction.atomic
def retirer_element(habilitation, projet_id, dossier, *, genre, cle) -> VersionProjet:
    """From this draft; the versions that were settled keep it."""
    version = _a_ecrire(habilitation, projet_id, dossier)
    return _garder(version, contenus.sans(version.contenu, genre, cle))


def _refuser_le_conflit(ancien, nouveau, lu) -> None:
    """The same words sent twice are no conflict."""
    if ancien != nouveau and empreinte(ancien) != lu:
        raise ConflitDeVersion(CHANGE, actuel=ancien or {})


@transaction.atomic
def arreter(habilitation, projet_id, dossier, *, lu) -> VersionProjet:
    """From now on this version is the project: nobody changes it, and everybody may agree to it.
    What was agreed of the former one stays with the former one."""
    version = _a_ecrire(habilitation, projet_id, dossier)
    projet = version.projet
    if fautes := contenus.manques(version.contenu):
        raise ValidationError(fautes)
    if empreinte(version.contenu) != lu:
        raise ConflitDeVersion("Un collègue a complété ce projet entre-temps : relisez-le.")
    VersionProjet.objects.filter(projet=projet, courante=True).update(courante=False)
    version.etat, version.courante = VersionProjet.Etat.ARRETEE, True
    version.arretee_le, version.arretee_par = timezone.now(), habilitation.compte
    version.fonction_arret = habilitation.fonction_pour(dossier)
    version.save()
    _nommer_les_elements(version)
    _reporter(projet, version.contenu[contenus.CADRE])
    projet.revision_motif = ""
    if projet.statut == Projet.Statut.EN_PREPARATION:
        projet.statut = Projet.Statut.EN_COURS
        _poser_statut(habilitation, projet, projet.statut)
    projet.full_clean(validate_unique=False)
    projet.save()
    noter(habilitation, "projet.version_arretee", projet, version=version.numero)
    return version


def _nommer_les_elements(version) -> None:
    ElementProjet.objects.bulk_create(
        [
            ElementProjet(id=element["id"], projet=version.projet, genre=genre)
            for genre, element in contenus.suivis(version.contenu)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def preparer_une_version(
    habilitation, projet_id, dossier, *, motif, precision="", cle_saisie
) -> VersionProjet:
    """A draft that begins as the version in force; only one at a time."""
    projet = verrouiller(habilitation, projet_id, dossier)
    if deja := VersionProjet.objects.filter(cle_saisie=cle_saisie).first():
        return _meme_acte(deja, habilitation, dossier, deja.auteur_id)
    if projet.termine:
        raise ValidationError("Ce projet est terminé : ouvrez-en un autre.")
    if VersionProjet.objects.filter(projet=projet).brouillons().exists():
        raise ValidationError("Une version est déjà en préparation.")
    actuelle = VersionProjet.objects.filter(projet=projet).en_vigueur().get()
    dernier = VersionProjet.objects.filter(projet=projet).order_by("-numero").first()
    version = _brouillon(
        habilitation,
        projet,
        _repris(projet, actuelle.contenu, motif),
        numero=dernier.numero + 1,
        cle_saisie=cle_saisie,
        motif=motif,
        precision=precision.strip(),
    )
    noter(habilitation, "projet.version_ouverte", projet, version=version.numero)
    return version


def _repris(projet, contenu, motif) -> dict:
    """As it is, to be seen again within the delay of its template; a correction moves no date."""
    code = codes.codes("evenement_de_vie").get(motif)
    if code and not code.proprietes.get("revision", True):
        return contenu
    mois = trames.trame(projet.trame).revue_mois
    revision = echeances.ajouter_mois(timezone.localdate(), mois).isoformat()
    return {**contenu, contenus.CADRE: contenu[contenus.CADRE] | {"revision": revision}}


@transaction.atomic
def abandonner_la_version(habilitation, projet_id, dossier) -> None:
    """A draft begun by mistake leaves, with its project when nothing of it was ever settled."""
    version = _en_preparation(habilitation, projet_id, dossier)
    projet, premiere = version.projet, version.numero == 1
    if premiere and projet.suivis.exists():
        raise ConflitDeVersion(SUIVI)
    noter(habilitation, "projet.version_abandonnee", projet, version=version.numero)
    version.delete()
    if premiere:
        projet.delete()


@transaction.atomic
def changer_de_statut(habilitation, projet_id, dossier, *, statut, motif="", constat="", le):
    projet = verrouiller(habilitation, projet_id, dossier)
    if projet.statut == statut:
        return projet  # the same gesture sent twice
    if statut not in TRANSITIONS[Projet.Statut(projet.statut)]:
        raise ValidationError({"statut": "Ce projet ne peut pas passer à cet état."})
    refuser_hors_de_sa_vie(dossier, "le", le)
    projet.statut = statut
    if statut == Projet.Statut.TERMINE:
        projet.date_fin = le
    projet.full_clean(validate_unique=False)
    projet.save()
    _poser_statut(habilitation, projet, statut, motif=motif, constat=constat.strip(), le=le)
    noter(habilitation, "projet.statut", projet, statut=statut)
    return projet


@transaction.atomic
def avancer_la_revision(habilitation, projet_id, dossier, *, motif, le, constat="") -> Projet:
    """Life changed: the project is seen again sooner. Later is never an answer."""
    projet = verrouiller(habilitation, projet_id, dossier)
    if projet.termine:
        raise ValidationError(FINI)
    if le < timezone.localdate():
        raise ValidationError({"le": "Ce jour est déjà passé."})
    if projet.revision_le and le > projet.revision_le:
        raise ValidationError({"le": ALLONGEE})
    if (projet.revision_le, projet.revision_motif) == (le, motif):
        return projet
    projet.revision_le, projet.revision_motif = le, motif
    projet.save()
    if constat.strip():
        _poser_statut(habilitation, projet, "", constat=constat.strip())
    noter(habilitation, "projet.revision_avancee", projet, motif=motif)
    return projet


# ---------------------------------------------------------------- shared with services_suivi


def ouvrir_dossier(habilitation, dossier) -> Dossier:
    ouverts = Dossier.objects.pour_ecrire(habilitation, Bloc.PP).select_related("usager")
    return ouverts.get(pk=dossier.pk)


def verrouiller(habilitation, projet_id, dossier) -> Projet:
    ouvrir_dossier(habilitation, dossier)
    siens = Projet.objects.visibles(habilitation, Action.SAISIR).filter(dossier=dossier)
    return siens.select_for_update(of=("self",)).get(pk=projet_id)


def noter(habilitation, type_, projet, **charge) -> None:
    charge = {"projet": str(projet.pk)} | charge
    evenements.noter(habilitation, type_, dossier=projet.dossier, charge=charge)


# ---------------------------------------------------------------- inside


def _meme_acte(ligne, habilitation, dossier, auteur_id):
    """The same gesture sent twice is one; somebody else's is refused."""
    projet = ligne if isinstance(ligne, Projet) else ligne.projet
    if (auteur_id, projet.dossier_id) != (habilitation.compte.pk, dossier.pk):
        raise ValidationError(DEJA_SERVI)
    return ligne


def _en_preparation(habilitation, projet_id, dossier) -> VersionProjet:
    projet = verrouiller(habilitation, projet_id, dossier)
    brouillons = VersionProjet.objects.filter(projet=projet).brouillons()
    version = brouillons.select_for_update(of=("self",)).first()
    if version is None:
        raise ConflitDeVersion(PLUS_LA)
    version.projet = projet
    return version


def _a_ecrire(habilitation, projet_id, dossier) -> VersionProjet:
    """Left in preparation when its project ended, a draft may only be dropped."""
    version = _en_preparation(habilitation, projet_id, dossier)
    if version.projet.termine:
        raise ValidationError(FINI)
    return version


def _garder(version, contenu) -> VersionProjet:
    version.contenu = contenu
    version.save(update_fields=["contenu"])
    if version.numero == 1:  # nothing is in force yet: the lists read the draft
        _reporter(version.projet, contenu[contenus.CADRE])
        version.projet.full_clean(validate_unique=False)
        version.projet.save()
    return version


def _brouillon(habilitation, projet, contenu, *, numero, cle_saisie, **champs) -> VersionProjet:
    return VersionProjet.objects.create(
        projet=projet,
        numero=numero,
        contenu=contenu,
        auteur=habilitation.compte,
        fonction=habilitation.fonction_pour(projet.dossier),
        cle_saisie=cle_saisie,
        **champs,
    )


def _reporter(projet, cadre) -> None:
    """The columns that lists read."""
    projet.titre = cadre.get("titre", projet.titre)
    projet.type = cadre.get("type", projet.type)
    projet.date_debut = _jour(cadre.get("date_debut"))
    projet.date_fin = _jour(cadre.get("date_fin"))
    projet.revision_le = _jour(cadre.get("revision"))
    compte, _, _ = cadre.get("referent", "").partition("|")
    projet.referent_id = int(compte) if compte else None


def _jour(texte) -> date | None:
    return date.fromisoformat(texte) if texte else None


def _poser_statut(habilitation, projet, statut, *, motif="", constat="", le=None) -> None:
    SuiviProjet.objects.create(
        projet=projet,
        statut=statut,
        motif=motif,
        constat=constat,
        le=le or timezone.localdate(),
        auteur=habilitation.compte,
        fonction=habilitation.fonction_pour(projet.dossier),
    )
