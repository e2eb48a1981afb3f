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
from tests.habilitations.adresses import Maison
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


@pytest.mark.lent
@pytest.mark.parametrize(
    ("statut", "qui"),
    [("PROV", "tous"), ("RECUP", "tous"), ("VALI", "tous"), ("QUAL", "tous"),
     ("VALI", "personne"), ("QUAL", "personne")],
)  # fmt: skip
def test_aucun_producteur_ne_donne_le_matricule_d_une_identite_non_qualifiee(
    statut, qui, monkeypatch
):
    """Un matricule reçu d’une liste ou d’un code reste dans la base, même provisoire ou validée.
    Qui tient tous les rôles voit tout ce que l’un d’eux voit."""
    monkeypatch.setattr(pdf, "depuis_html", lambda html: html.encode())
    maison = Maison("DURAND")
    faits = {nom.removeprefix("usager__"): v for nom, v in FAITS[statut].items()}
    usager = Usager.objects.get(pk=maison.dossier.usager_id)
    for nom, valeur in (faits | {"matricule_ins": MATRICULE, "oid_ins": OID}).items():
        setattr(usager, nom, valeur)
    usager.save()  # the history page then has a matricule to hide
    roles = Role.objects.all() if qui == "tous" else [Role.objects.get(pk="USAGER")]
    compte = maison.compte(*roles)
    objets = maison.siens(compte)
    client = connecter(compte)
    textes = {a.nom: lire(client, a, objets) for a in producteurs()}
    parlants = {nom for nom, texte in textes.items() if ECRIT.search(texte)}
    if statut != "QUAL":
        assert not parlants
        return
    assert "dossier" in parlants or qui == "personne"
    for nom in parlants:
        montres = ECRIT.findall(textes[nom])
        assert len(montres) == len(re.findall(ECRIT.pattern + r"\s*78 \(NIR\)", textes[nom])), nom
