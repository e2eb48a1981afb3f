"""The correspondents of a record, with their labels; two queries whatever their number."""

from administratif.lectures import numero_de_l_annuaire
from dui.socle import codes
from dui.socle.models import Correspondant

ROLES = "role_correspondant"


def correspondants(habilitation, dossier, action="voir") -> list[Correspondant]:
    """In the order of the roles: the attending physician first."""
    requete = Correspondant.objects.visibles(habilitation, action).filter(dossier=dossier)
    return _lire(requete.en_cours())


def anciens(habilitation, dossier) -> list[Correspondant]:
    requete = Correspondant.objects.visibles(habilitation).filter(dossier=dossier).termines()
    return sorted(_lire(requete), key=lambda c: c.fin or c.debut, reverse=True)


def _lire(requete) -> list[Correspondant]:
    roles = codes.codes(ROLES)
    rang = {code: n for n, code in enumerate(roles)}
    lignes = list(requete.select_related("professionnel").order_by("debut", "pk"))
    for c in lignes:
        c.role_en_mots = codes.libelle(ROLES, c.role)
        c.numero = numero_de_l_annuaire(c.telephone)
        c.metier = c.professionnel.libelle_fonction if c.professionnel else ""
        c.urgence = bool(roles[c.role].proprietes.get("urgence")) if c.role in roles else False
    return sorted(lignes, key=lambda c: rang.get(c.role, len(rang)))


def pour_l_urgence(habilitation, dossier) -> dict | None:
    """For the emergency sheet: whom the hospital calls. None hides the section."""
    lignes = [c for c in correspondants(habilitation, dossier, "resume") if c.urgence]
    return {"correspondants": lignes} if lignes else None
