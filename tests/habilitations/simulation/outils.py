from django.urls import reverse

from tests.habilitations.factories import AffectationFactory
from tests.socle.factories import CompteFactory, DossierFactory, UsagerFactory

ADRESSE = "/equipe/voir-comme/"


def resident(nom, unite):
    return DossierFactory(usager=UsagerFactory(nom_naissance=nom), sejour__unite=unite)


def soignante(unite, role="AS", **champs):
    champs = {"portee": "unite", "compte": CompteFactory(first_name="Nadia")} | champs
    return AffectationFactory(role=role, unite=unite, **champs).compte


def role_dans(role, lieu) -> dict:
    sorte = "unite" if lieu._meta.model_name == "unite" else "etablissement"
    return {"role": role, "lieu": f"{sorte}:{lieu.pk}"}


def comme(compte) -> dict:
    return {"compte": compte.pk}


def dossier_vu(dossier) -> str:
    return reverse("voir_comme_dossier", args=[dossier.pk])


def noms(reponse) -> set[str]:
    return {d.usager.nom_naissance for d in reponse.context["page"].lignes}
