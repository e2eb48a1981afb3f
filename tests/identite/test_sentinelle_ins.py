"""Sentinelle : le matricule ne sort que d'une identité qualifiée, et jamais sans sa nature.

Les producteurs sont lus dans les adresses : une page, une impression, un PDF ou un export de plus
est vérifié le jour où il est routé.
"""

import ast
import re

import pytest

from dui.socle import pdf
from dui.socle.models import Usager
from habilitations.models import Role
from tests.architecture.arbre import gabarits, modules
from tests.habilitations.maison import Maison
from tests.habilitations.parcours import A_PARCOURIR, repondre_en_entier
from tests.identite.outils import FAITS
from tests.outils import connecter

pytestmark = pytest.mark.django_db
MATRICULE, OID = "297022A02077878", "1.2.250.1.213.1.4.8"
ECRIT = re.compile(r"2\s*97\s*02\s*2A\s*020\s*778")
# Who receives a matricule, compares it or takes it away; `dui/socle/ins.py` alone gives it.
PERMIS = {
    "dui/socle/ins.py",
    "dui/socle/models/usagers.py",
    "administratif/doublons/detection.py",  # two records of one matricule
    "administratif/doublons/empechements.py",
    "administratif/identification/services.py",
    "administratif/insi/demandes.py",  # a verification: to INSi alone, and with the OID
    "administratif/services/gestes.py",
    "administratif/services/identite.py",
    "dui/socle/quarantaine.py",
    "admission/quarantaine.py",
    "admission/creation/lectures.py",
    "admission/creation/vues.py",
    "admission/services/ecriture.py",
    "admission/services/passage.py",
}


def test_le_code_ne_lit_le_matricule_que_la_ou_on_le_recoit():
    """Attributs, arguments et chaînes : `values("matricule_ins")` compte aussi."""
    fautes = {
        chemin
        for chemin, arbre in modules().items()
        for noeud in ast.walk(arbre)
        if chemin not in PERMIS
        and not chemin.startswith("dui/demonstration/")
        and _parle_du_matricule(noeud)
    }
    masquer = {"administratif/lectures.py"}  # the history says that it changed, never its value
    assert fautes <= masquer, "Demandez-le à dui.socle.ins.transmissible"
    assert not [nom for nom, texte in gabarits().items() if "matricule_ins" in texte]


def _parle_du_matricule(noeud) -> bool:
    if isinstance(noeud, ast.Attribute):
        return noeud.attr == "matricule_ins"
    if isinstance(noeud, ast.keyword):
        return "matricule_ins" in (noeud.arg or "")
    return isinstance(noeud, ast.Constant) and "matricule_ins" in str(noeud.value)


def producteurs():
    """Every page, print, PDF and export that tells of a dossier, a list or a journal."""
    return [a for a in A_PARCOURIR if a.methode == "GET"]


def lire(client, adresse, objets) -> str:
    reponse = repondre_en_entier(client, adresse, objets)
    contenu = reponse.getvalue() if reponse.streaming else reponse.content
    return contenu.decode("utf-8", "replace")


@pytest.fixture
def maison(monkeypatch):
    monkeypatch.setattr(pdf, "depuis_html", lambda html: html.encode())
    return Maison("DURAND")


def devenir(maison, statut):
    """A matricule received from a list or a code stays in the base, whatever the status."""
    usager = Usager.objects.get(pk=maison.dossier.usager_id)
    faits = {"ins_recuperee": False, "identite_validee": False, "matricule_ins": MATRICULE}
    faits |= {nom.removeprefix("usager__"): v for nom, v in FAITS[statut].items()}
    for nom, valeur in (faits | {"oid_ins": OID}).items():
        setattr(usager, nom, valeur)
    usager.save()  # the history page then has a matricule to hide


@pytest.mark.lent
@pytest.mark.parametrize("qui", ["tous", "personne"])
def test_aucun_producteur_ne_donne_le_matricule_d_une_identite_non_qualifiee(qui, maison):
    """Qui tient tous les rôles voit tout ce que l’un d’eux voit. Une identité validée est la plus
    proche d’une qualifiée : les deux autres statuts ne relisent que ce qui parle."""
    roles = Role.objects.all() if qui == "tous" else [Role.objects.get(pk="USAGER")]
    compte = maison.compte(*roles)
    objets, client = maison.siens(compte), connecter(compte)
    siens = [a for a in producteurs() if qui == "tous" or a.acces[0] not in ("dossier", "bloc")]
    devenir(maison, "QUAL")
    parlants = [a for a in siens if montre(lire(client, a, objets), a.nom)]
    assert "dossier" in {a.nom for a in parlants} or qui == "personne"
    for statut, relus in (("VALI", siens), ("PROV", parlants), ("RECUP", parlants)):
        devenir(maison, statut)
        textes = {a.nom: lire(client, a, objets) for a in relus}
        assert not {nom for nom, texte in textes.items() if ECRIT.search(texte)}, statut


def montre(texte, nom) -> bool:
    """Whether it gives the matricule; never without telling what it is."""
    montres = ECRIT.findall(texte)
    assert len(montres) == len(re.findall(ECRIT.pattern + r"\s*78 \(NIR\)", texte)), nom
    return bool(montres)
