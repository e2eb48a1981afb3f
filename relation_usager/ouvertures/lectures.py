"""Who has the portal of a dossier, who had it, and to whom it may be opened."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from dui.socle import codes
from dui.socle.enums import Action, Bloc
from dui.socle.identite import cle_comparaison
from dui.socle.models import Compte, Contact, Evenement
from habilitations.models import AccesNominatif, Activation, Droit
from relation_usager import mots
from relation_usager.services import SUR_ACCORD

OUVERT, FERME = "portail.acces_ouvert", "portail.acces_ferme"


@dataclass
class Ouverture:
    """The rows of one account on one dossier, as one thing. `cle`: one of them, for addresses."""

    compte: Compte
    cle: int
    qualite: str
    motif: str
    fin: date | None
    blocs: list[str] = field(default_factory=list)
    ouvert: Evenement | None = None
    ferme: Evenement | None = None
    activation: Activation | None = None

    @property
    def en_qualite_de(self) -> str:
        return mots.QUALITES_DITES.get(self.qualite, self.qualite)

    @property
    def parties(self) -> str:
        return ", ".join(filter(None, (mots.bloc(b) for b in self.blocs)))


@dataclass(frozen=True)
class Candidat:
    """The person, or somebody of the entourage, in the strongest capacity they hold."""

    prenom: str
    nom: str
    qualite: str
    lien: str = ""
    contact_id: UUID | None = None

    @property
    def en_qualite_de(self) -> str:
        return mots.QUALITES_DITES[self.qualite]

    @property
    def cle(self) -> tuple[str, str]:
        return cle_comparaison(self.prenom), cle_comparaison(self.nom)

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom.upper()}".strip()


def cle_de(compte) -> tuple[str, str]:
    return cle_comparaison(compte.first_name), cle_comparaison(compte.last_name)


def _lignes(dossier) -> QuerySet[AccesNominatif]:
    """Of the portal only: a derogation of a professional has no capacity."""
    lignes = AccesNominatif.objects.filter(content_object=dossier, qualite__in=mots.QUALITES_DITES)
    return lignes.select_related("user", "permission").order_by(
        "user__last_name", "user__first_name", "user", "permission__codename"
    )


def ouvertures_du_dossier(dossier) -> tuple[list[Ouverture], list[Ouverture]]:
    """(open, closed), by name, with who opened and closed them and the code that waits."""
    jour, ouverts, fermes = timezone.localdate(), {}, {}
    for ligne in _lignes(dossier):
        en_cours = ligne.fin is None or ligne.fin >= jour
        ouverture = (ouverts if en_cours else fermes).setdefault(
            ligne.user_id,
            Ouverture(ligne.user, ligne.pk, ligne.qualite, ligne.motif, ligne.fin),
        )
        ouverture.blocs.append(ligne.permission.codename.partition("_")[2])
    for compte_id in ouverts:
        fermes.pop(compte_id, None)
    _completer(dossier, ouverts | fermes)
    return list(ouverts.values()), list(fermes.values())


def _completer(dossier, ouvertures: dict[int, Ouverture]) -> None:
    evenements = Evenement.objects.filter(
        dossier__in=dossier.et_ses_anciens(), type__in=(OUVERT, FERME)
    )
    for evenement in evenements.select_related("acteur").order_by("survenu_le", "pk"):
        if ouverture := ouvertures.get(evenement.charge.get("compte")):
            setattr(ouverture, "ouvert" if evenement.type == OUVERT else "ferme", evenement)
    for activation in Activation.objects.utilisables().filter(compte__in=ouvertures).order_by("pk"):
        ouvertures[activation.compte_id].activation = activation


def ouverture(dossier, cle: int) -> Ouverture | None:
    """The one in force that one of its rows names."""
    ligne = _lignes(dossier).en_cours().filter(pk=cle).first()
    ouverts = ouvertures_du_dossier(dossier)[0] if ligne else []
    return next((a for a in ouverts if a.compte.pk == ligne.user_id), None)


def candidats(habilitation, dossier) -> list[Candidat]:
    """The person first, then the entourage in call order, less those who already have it."""
    ouverts = {cle_de(a.compte) for a in ouvertures_du_dossier(dossier)[0]}
    return [c for c in _possibles(habilitation, dossier) if c.cle not in ouverts]


def candidat(habilitation, dossier, contact_id: UUID | None) -> Candidat | None:
    """Even when it is open: the service says so better than a missing page."""
    possibles = _possibles(habilitation, dossier)
    return next((c for c in possibles if c.contact_id == contact_id), None)


def _possibles(habilitation, dossier) -> list[Candidat]:
    roles = codes.codes("role_contact")
    contacts = Contact.objects.visibles(habilitation).filter(dossier=dossier, actif=True)
    proches = [
        Candidat(c.prenom, c.nom, _qualite(c), _lien(c), c.pk)
        for c in contacts.dans_l_ordre()
        if c.role not in roles or not roles[c.role].proprietes.get("professionnel")
    ]
    return ([] if dossier.usager.date_deces else [_personne(dossier)]) + proches


def _personne(dossier) -> Candidat:
    usager = dossier.usager
    prenom = usager.prenom_utilise or usager.premier_prenom.title()
    return Candidat(prenom, usager.nom_utilise or usager.nom_naissance, "USAGER")


def _qualite(contact) -> str:
    """What the measure says comes first: a curator, even noted as representative, reads no care."""
    lien = codes.codes("relation_contact").get(contact.relation)
    if lien and (qualite := lien.proprietes.get("qualite_portail")):
        return qualite
    if contact.representant_legal:
        return "REP_LEGAL"
    return "PERS_CONF" if contact.personne_confiance else "PROCHE"


def _lien(contact) -> str:
    return codes.libelle("relation_contact", contact.relation) if contact.relation else ""


def parties(qualite: str) -> tuple[list[str], list[tuple[str, str]]]:
    """(what always opens, [(block, name)] of what needs the person's word)."""
    droits = Droit.objects.filter(role=qualite, action=Action.VOIR).order_by("bloc")
    toujours, sur_accord = [], []
    for bloc, note in droits.values_list("bloc", "note"):
        nom = mots.bloc(bloc) or Bloc(bloc).label
        if note in SUR_ACCORD:
            sur_accord.append((bloc, nom))
        else:
            toujours.append(nom)
    return toujours, sur_accord


def compte_connu(dossier, candidat: Candidat) -> Compte | None:
    """Somebody of this name who has the portal of this dossier; who had it too, unless two people
    of the record bear this name: an account closed to a son must not open for his father."""
    jour = timezone.localdate()
    siennes = [x for x in _lignes(dossier) if x.user.is_active and cle_de(x.user) == candidat.cle]
    ouvertes = [x for x in siennes if x.fin is None or x.fin >= jour]
    if not ouvertes and siennes and _porteurs(dossier, candidat) > 1:
        return None
    return next((x.user for x in (*ouvertes, *siennes)), None)


def _porteurs(dossier, candidat: Candidat) -> int:
    """How many people of the record bear this name, those who were taken off it included."""
    contacts = [Candidat(c.prenom, c.nom, "") for c in Contact.objects.filter(dossier=dossier)]
    return [c.cle for c in (_personne(dossier), *contacts)].count(candidat.cle)


def compte_du_portail(identifiant: str, candidat: Candidat) -> Compte | None:
    """An account of the portal, of another dossier, whose identifier was given by its holder."""
    comptes = get_user_model().objects.filter(
        username=identifiant.strip().lower(),
        is_active=True,
        pk__in=AccesNominatif.objects.filter(qualite__in=mots.QUALITES_DITES).values("user"),
    )
    compte = comptes.first()
    return compte if compte and cle_de(compte) == candidat.cle else None


def reste_ouvert(compte) -> bool:
    return AccesNominatif.objects.en_cours().filter(user=compte).exists()
