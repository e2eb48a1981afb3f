"""Who of the invented directory follows whom: the attending physician first, then by drawing."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from dui.demonstration.annuaire.personnes import Activite, Structure, de_la_demonstration
from dui.demonstration.tirage import alea, identifiant

# profession: (role, chances out of a hundred)
SOUVENT = {
    "21": ("PHARMACIEN", 90),
    "70": ("KINESITHERAPEUTE", 55),
    "80": ("PEDICURE", 45),
    "91": ("ORTHOPHONISTE", 20),
    "40": ("DENTISTE", 35),
    "60": ("INFIRMIER", 25),
}


@cache
def par_profession() -> dict[str, list[Activite]]:
    par: dict[str, list[Activite]] = {}
    for a in de_la_demonstration().activites:
        if a.mode == "L":
            par.setdefault(a.profession, []).append(a)
    return par


def cle(graine, activite: Activite) -> str:
    return identifiant(alea(graine, "annuaire", activite.rpps))


def professionnels(graine):
    """Rows of Professionnel, without account: (id, None, civilité, nom, prénom…)."""
    for activites in par_profession().values():
        for a in activites:
            yield (
                *(cle(graine, a), None, a.civilite, a.nom, a.prenom.title(), a.profession),
                *(a.savoir_faire_libelle or a.profession_libelle, a.rpps, "", a.mssante, 0),
            )


def du_dossier(graine, p, jour: date, traitant: tuple[str, str]):
    """Rows of Correspondant, from « dossier » on. `traitant`: (key, MSSanté address) of the one
    who holds an account here."""
    a = alea(graine, "correspondants", p.dossier)
    depuis = min(p.entree + timedelta(days=a.randint(0, 20)), jour)
    medecin = next((c for c in p.contacts if c.relation == "MEDECIN_TRAITANT"), None)
    if medecin:
        yield _traitant(graine, p, depuis, medecin, traitant)
    for profession, (role, chances) in SOUVENT.items():
        if a.random() * 100 < chances:
            choisie = a.choice(par_profession()[profession])
            yield _ligne(p, cle(graine, choisie), role, choisie.structure, depuis, choisie.mssante)
    if a.random() < 0.3:
        hopital = a.choice(de_la_demonstration().etablissements)
        adresse = f"secretariat.{hopital.finess}@demonstration.mssante.example.org"
        yield _ligne(p, None, "HOPITAL", hopital, depuis, adresse)


def _traitant(graine, p, depuis, medecin, traitant):
    """The one that the call order already names, at the same number."""
    connu = next((m for m in par_profession()["10"] if m.nom == medecin.nom), None)
    qui, adresse = (cle(graine, connu), connu.mssante) if connu else traitant
    cabinet = (connu or par_profession()["10"][0]).structure
    ici = replace(cabinet, telephone=medecin.telephone or cabinet.telephone)
    return _ligne(p, qui, "MEDECIN_TRAITANT", ici, depuis, adresse)


def _ligne(p, professionnel, role: str, lieu: Structure, depuis: date, mssante: str):
    return (
        *(p.dossier, professionnel, role, lieu.nom, lieu.identifiant),
        *(f"{lieu.numero} RUE {lieu.voie}", lieu.code_postal, lieu.commune, lieu.telephone),
        *(mssante, depuis, p.sortie),
    )
