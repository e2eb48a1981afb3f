from datetime import date

from dui.socle.models import Usager
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory

OID = "1.2.250.1.213.1.4.8"
INSI = {
    "traits": {
        "nom_naissance": "ADRUN",
        "prenoms": "ZOE",
        "premier_prenom": "ZOE",
        "sexe": "F",
        "date_naissance": date(1975, 12, 31),
        "lieu_naissance_cog": "63220",
    },
    "matricule": "275126322074974",
    "oid": OID,
}
PIECE = {"version_lue": 1, "piece": "PA", "differents": []}
FAITS = {
    "PROV": {},
    "RECUP": {"usager__ins_recuperee": True},
    "VALI": {"usager__identite_validee": True},
    "QUAL": {"usager__ins_recuperee": True, "usager__identite_validee": True},
}


def dossier_au_statut(statut, *, matricule="297022A02077878", oid=OID, **usager):
    """A dossier whose identity has this status; INSi gave its matricule when the status says so."""
    faits = FAITS[statut]
    if "usager__ins_recuperee" in faits:
        faits = faits | {"usager__matricule_ins": matricule, "usager__oid_ins": oid}
    return DossierFactory(**faits, **{f"usager__{nom}": v for nom, v in usager.items()})


def de(en_tant_que, dossier, role="SECRETAIRE"):
    return en_tant_que(dossier, role=role).habilitation


def relu(dossier):
    return Usager.objects.get(pk=dossier.usager_id)


def poster(client, adresse, **champs):
    """Fill the page's form as a browser would, then send it."""
    action, lus = formulaire_de(client.get(adresse))
    return client.post(action, lus | champs)
