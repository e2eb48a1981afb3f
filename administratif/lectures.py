"""Reads of this block. Each costs the same number of queries whatever the volume."""

from django.utils import timezone

from administratif import regles
from administratif.enums import ModeSortie
from administratif.historique import Changement, dire, recit
from dui.socle import codes, registres
from dui.socle.enums import Recueil, Sexe
from dui.socle.models import Contact, Dossier, Place, Sejour, Usager


def contacts(habilitation, dossier, action="resume") -> list[Contact]:
    """Those one may call, in order; each with its labels."""
    lignes = list(
        Contact.objects.visibles(habilitation, action)
        .filter(dossier=dossier, actif=True)
        .dans_l_ordre()
    )
    for contact in lignes:
        contact.lien, contact.details = _lien(contact), _details(contact)
        contact.numeros = [numero(n) for n in (contact.telephone, contact.telephone_2) if n]
    return lignes


def numero_de_l_annuaire(texte: str) -> dict[str, str] | None:
    """Published without spaces, or in a form of their own."""
    try:
        return numero(regles.telephone(texte))
    except ValueError:
        return numero(texte)


def numero(texte: str) -> dict[str, str] | None:
    return {"texte": texte, "tel": regles.composer(texte)} if texte else None


def _lien(contact) -> str:
    if contact.relation:
        return codes.libelle("relation_contact", contact.relation)
    return codes.libelle("role_contact", contact.role).lower() if contact.role else ""


def _details(contact) -> str:
    """What one must know before dialling."""
    faits = [
        "personne de confiance" if contact.personne_confiance else "",
        "représentant légal" if contact.representant_legal else "",
        contact.disponibilite,
    ]
    return ", ".join(f for f in faits if f)


def anciens_contacts(habilitation, dossier) -> list[Contact]:
    lignes = Contact.objects.visibles(habilitation).filter(dossier=dossier, actif=False)
    return list(lignes.order_by("nom", "prenom", "pk"))


def sejours(habilitation, dossier) -> list[Sejour]:
    requete = Sejour.objects.visibles(habilitation).filter(dossier=dossier)
    requete = requete.select_related("etablissement", "unite", "place")
    lignes = list(requete.order_by("-entree_le", "pk"))
    for sejour in lignes:
        sejour.mode_en_mots = mode_de_sortie(sejour.mode_sortie) if sejour.mode_sortie else ""
    return lignes


def places_libres(sejour):
    """Of the establishment, not held by anybody today."""
    tenues = Sejour.objects.en_cours().filter(place__isnull=False).values("place")
    places = Place.objects.filter(unite__etablissement=sejour.etablissement_id)
    places = places.exclude(pk__in=tenues).select_related("unite")
    return places.order_by("unite__ordre", "unite__nom", "ordre", "chambre", "lit")


# ---------------------------------------------------------------- history


def historique_contacts(habilitation, dossier) -> list[Changement]:
    visibles = Contact.objects.visibles(habilitation).filter(dossier=dossier)
    formats = {
        "role": lambda v: codes.libelle("role_contact", v),
        "relation": lambda v: codes.libelle("relation_contact", v) if v else dire(v),
    }
    lignes = _lignes(Contact, visibles)
    libelles = _libelles(Contact, exclus={"dossier", "version"})
    return _recents(recit(lignes, libelles, objet=_nom_contact, formats=formats))


def _nom_contact(ligne) -> str:
    return f"{ligne.prenom} {ligne.nom.upper()}".strip()


def historique_identite(habilitation, dossier) -> list[Changement]:
    """Traits, used names, GIR, and the stays for those who may read them."""
    usager = _lignes(Usager, Usager.objects.filter(pk=dossier.usager_id))
    vus = _lignes(Dossier, Dossier.objects.filter(pk=dossier.pk))
    sejours = list(_lignes(Sejour, Sejour.objects.visibles(habilitation).filter(dossier=dossier)))
    exclus = {"version", "recherche", "portrait", "interroge_insi_le", "oid_ins"}
    formats = {"matricule_ins": _sans_le_dire, "recueil": _recueil, "sexe": _sexe}
    recits = recit(
        usager, _libelles(Usager, exclus=exclus), objet=lambda x: "Identité", formats=formats
    )
    recits += recit(vus, {"gir": "GIR", "gir_le": "GIR évalué le"}, objet=lambda x: "Dossier")
    places = {p.pk: str(p) for p in Place.objects.filter(pk__in={s.place_id for s in sejours})}
    libelles = {
        "place_id": "place",
        "place_depuis": "dans cette place depuis",
        "sortie_le": "date de sortie",
        "mode_sortie": "mode de sortie",
        "sortie_prevue_le": "sortie prévue le",
    }
    formats = {"place_id": lambda v: places.get(v, dire(v)), "mode_sortie": mode_de_sortie}
    recits += recit(sejours, libelles, objet=lambda x: "Séjour", formats=formats)
    return _recents(recits)


def _sans_le_dire(matricule) -> str:
    """A matricule of the past is not one that may be shown (dui.socle.ins)."""
    return "un matricule" if matricule else dire(matricule)


def _recueil(code) -> str:
    return Recueil(code).label if code else dire(code)


def _sexe(code) -> str:
    return Sexe(code).label


def mode_de_sortie(code: str) -> str:
    return dict(ModeSortie.choices).get(code, code) if code else dire(code)


def _lignes(modele, visibles):
    lignes = modele.history.filter(id__in=visibles.values("pk")).select_related("history_user")
    return lignes.order_by("id", "history_date", "history_id")


def _libelles(modele, *, exclus) -> dict[str, str]:
    champs = [c for c in modele._meta.concrete_fields if c.name not in exclus | {"id"}]
    return {c.name: str(c.verbose_name) for c in champs}


def _recents(recits, maximum=100) -> list[Changement]:
    return sorted(recits, key=lambda r: r.le, reverse=True)[:maximum]


# ---------------------------------------------------------------- emergency sheet


def fiche(habilitation, dossier) -> dict:
    """The sections that this account may read on this very dossier, and whether some are missing.

    A sheet that left out the allergies because of its author's role must say so: whoever reads it
    in the ambulance would take silence for « none ».
    """
    colonnes: dict[str, list[dict]] = {"tete": [], "gauche": [], "droite": []}
    manque = []
    for entree in registres.sections_fiche:
        if not habilitation.peut_pour(dossier, entree.bloc, entree.action):
            manque.append(entree.nom)
        elif donnees := entree.contexte(habilitation, dossier):
            colonnes[entree.colonne].append({"gabarit": entree.gabarit, "donnees": donnees})
    return {"colonnes": colonnes, "incomplete": bool(manque), "imprime_le": timezone.now()}
