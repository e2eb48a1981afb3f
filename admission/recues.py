"""A line of a list as an identity received from outside, and its contacts."""

from dataclasses import asdict

from admission.importation.elements import role_et_relation
from admission.importation.regles import ContactLu, LigneValide
from dui.socle.models import Contact, Dossier
from dui.socle.recue import Recue

SOURCE = "import"
TRAITS = (
    *("nom_naissance", "prenoms", "sexe", "date_naissance", "naissance_incomplete"),
    *("lieu_naissance_cog", "commune_naissance", "nom_utilise", "prenom_utilise"),
)


def recue_de(ligne: LigneValide) -> Recue:
    autres = {
        "civilite": ligne.civilite,
        "telephone": ligne.telephone,
        "courriel": ligne.courriel,
        "gir": ligne.gir,
        "entree_le": ligne.entree_le.isoformat() if ligne.entree_le else "",
        "contacts": [asdict(c) for c in ligne.contacts],
    }
    traits = {nom: getattr(ligne, nom) for nom in TRAITS}
    return Recue(**traits, matricule=ligne.matricule, oid=ligne.oid, autres=autres)


def contact(lu: ContactLu, dossier: Dossier, ordre: int) -> Contact:
    role, relation = role_et_relation(lu.lien, premier=ordre == 1)
    if lu.medecin:
        role, relation, ordre = "PROV", "MEDECIN_TRAITANT", 9
    return Contact(
        dossier=dossier,
        nom=lu.nom[:100],
        prenom=lu.prenom[:100],
        role=role,
        relation=relation,
        ordre_appel=ordre,
        telephone=lu.telephone,
        commentaire="" if relation else lu.lien,
    )
