"""Ce que fait la personne devant la page, et ce qu’elle lit."""

import html
import re
from datetime import date

from django.urls import reverse

from tests.identite.outils import dossier_au_statut
from tests.outils import formulaire_de

PERSONNES = {
    "ADRUN": ("ZOE", "F", date(1975, 12, 31), "63220"),
    "CORSE": ("ANTHONY", "M", date(1980, 3, 2), "2B020"),
    "ECETINSI": ("PIERRE-ALAIN MURIEL FLORIANT", "M", date(2009, 7, 14), "63220"),
    "HERMANN": ("GATIEN", "M", date(1981, 3, 24), "63220"),
    "PROVISOIRE": ("MATRICULE", "M", date(2009, 7, 1), "63220"),
    "HOUILLES": ("PIERRE", "M", date(1993, 1, 27), "99999"),
    "HOMONYME": ("MARIE", "F", date(1938, 5, 4), "99999"),
}


def personne(nom, statut="PROV", **champs):
    """A dossier whose person the local INSi knows, or answers for by a scenario."""
    prenoms, sexe, naissance, lieu = PERSONNES.get(nom, ("ZOE", "F", date(1975, 12, 31), "99999"))
    traits = {
        "nom_naissance": nom,
        "prenoms": prenoms,
        "premier_prenom": prenoms.split()[0],
        "sexe": sexe,
        "civilite": "",
        "date_naissance": naissance,
        "lieu_naissance_cog": lieu,
        "commune_naissance": "",
    }
    return dossier_au_statut(statut, **traits | champs)


def adresse(nom, dossier, *autres):
    return reverse(f"administratif:identite{nom}", args=[dossier.pk, *autres])


def cliquer(client, page, action, **champs):
    """Post the page's form that leads there, as it stands."""
    adresse_, lus = formulaire_de(client.get(page), action)
    return client.post(adresse_, lus | champs, follow=True)


def interroger(client, dossier):
    """The button of the identity page, then the page of the answer."""
    return cliquer(client, adresse("", dossier), adresse("_insi_interroger", dossier))


def decider(client, dossier, decision, **champs):
    action, lus = formulaire_de(
        client.get(adresse("_insi", dossier)), adresse("_insi_decider", dossier)
    )
    return client.post(action, lus | {"decision": decision} | champs, follow=True)


def texte(reponse) -> str:
    """What is read, without the tags."""
    corps = reponse.content.decode().partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", corps)).split())
