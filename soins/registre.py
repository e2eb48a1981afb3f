"""What this block offers to the others."""

from dui.socle import codes, registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import (
    OngletDossier,
    SectionAccueil,
    SectionFiche,
    SectionSynthese,
    SourceReleves,
    SourceVignettes,
    Vignette,
)
from soins import courbes, lectures, vigilances
from soins.models import Vigilance
from soins.tours import registre as tours

# Those who decide on an abnormal value; the others read it on the record.
ROLES_ALERTES = {"IDE", "IDEC", "MEDCO", "MEDECIN"}
TONS = {
    Vigilance.Gravite.DANGER: "rouge",
    Vigilance.Gravite.ATTENTION: "ambre",
    Vigilance.Gravite.INFORMATION: "gris",
}
TONS_DES_TYPES = {"directives": "bleu", "fin_de_vie": "violet"}


def enregistrer():
    registres.onglets_dossier.ajouter(
        OngletDossier("constantes", "Constantes", "soins:constantes", Bloc.CST, ordre=40)
    )
    registres.onglets_dossier.ajouter(
        OngletDossier(
            "vigilances", "Vigilances", "soins:vigilances", Bloc.ANT, Action.RESUME, ordre=45
        )
    )
    registres.sources_vignettes.ajouter(SourceVignettes("vigilances", vignettes, Bloc.ANT))
    registres.sources_vignettes.ajouter(
        SourceVignettes("alertes", vignettes_alertes, Bloc.CST, Action.VOIR, ordre=10, tableau=True)
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "alertes_constantes", "soins/_accueil_alertes.html", a_faire_d_abord, Bloc.CST, ordre=10
        )
    )
    registres.sources_releves.ajouter(SourceReleves("constantes", lectures.releves, Bloc.CST))
    _synthese()
    _fiche()
    tours.enregistrer()


def _synthese():
    for nom, contexte, ordre, colonne in (
        ("alertes", alertes, 10, "tete"),
        ("poids", poids, 20, "milieu"),
        ("pression", pression, 30, "droite"),
    ):
        registres.sections_synthese.ajouter(
            SectionSynthese(
                f"constantes_{nom}",
                f"soins/_synthese_{nom}.html",
                contexte,
                Bloc.CST,
                ordre=ordre,
                colonne=colonne,
            )
        )


def _fiche():
    registres.sections_fiche.ajouter(
        SectionFiche(
            "vigilances",
            "soins/_fiche_vigilances.html",
            vigilances_fiche,
            ordre=10,
            colonne="tete",
        )
    )
    registres.sections_fiche.ajouter(
        SectionFiche(
            "constantes", "soins/_fiche_constantes.html", constantes_fiche, Bloc.CST, ordre=30
        )
    )


# ---------------------------------------------------------------- badges


def vignette(vigilance, *, plein=False) -> Vignette:
    connu = codes.codes("type_vigilance").get(vigilance.type)
    return Vignette(
        ton=TONS_DES_TYPES.get(vigilance.type, TONS[vigilance.gravite]),
        icone=(connu.proprietes.get("icone") if connu else "") or "info",
        libelle=libelle_affiche(vigilance),
        plein=plein,
        type=vigilance.type,
    )


def libelle_affiche(vigilance) -> str:
    """« Allergie : pénicilline » even when only the product was typed."""
    if vigilance.type == "allergie" and "allergi" not in vigilance.libelle.lower():
        return f"Allergie : {vigilance.libelle}"
    return vigilance.libelle


def vignettes(habilitation, dossiers) -> dict:
    """{dossier id: [Vignette]} in one query; only the first danger is solid red."""
    en_cours = Vigilance.objects.visibles(habilitation, Action.RESUME).en_cours().par_gravite()
    par_dossier: dict = {}
    for v in en_cours.des_dossiers(d.pk for d in dossiers):
        lignes = par_dossier.setdefault(v.dossier_id, [])
        danger = v.gravite == Vigilance.Gravite.DANGER and v.type not in TONS_DES_TYPES
        lignes.append(vignette(v, plein=danger and not lignes))
    return par_dossier


def vignettes_alertes(habilitation, dossiers) -> dict:
    """What the last values say, on the board: the worst is red."""
    return {
        dossier_id: [
            Vignette(a.alerte.ton, a.icone, a.alerte.titre, alerte=a.alerte.niveau == "alerte")
            for a in trouvees
        ]
        for dossier_id, trouvees in lectures.alertes_des_dossiers(habilitation, dossiers).items()
    }


# ---------------------------------------------------------------- home, summary, sheet


def a_faire_d_abord(habilitation, lieu):
    if not habilitation.roles & ROLES_ALERTES:
        return None
    lignes = lectures.alertes_du_lieu(habilitation, lieu)
    return {"lignes": lignes} if lignes else None


def alertes(habilitation, dossier):
    trouvees = lectures.alertes_du_dossier(habilitation, dossier)
    return {"alertes": trouvees, "dossier": dossier} if trouvees else None


def poids(habilitation, dossier):
    return _avec_graphe(courbes.poids(lectures.etat(habilitation, dossier)), dossier)


def pression(habilitation, dossier):
    return _avec_graphe(courbes.pression(lectures.etat(habilitation, dossier)), dossier)


def _avec_graphe(graphe, dossier):
    return {"graphe": graphe, "dossier": dossier} if graphe else None


def vigilances_fiche(habilitation, dossier):
    """Allergies apart, and said even when there is none on record."""
    en_cours = vigilances.du_dossier(habilitation, dossier)["en_cours"]
    groupes: dict[str, list] = {"allergie": [], "risque": [], "volonte": []}
    for v in en_cours:
        volonte = v.type in TONS_DES_TYPES
        groupe = "allergie" if v.type == "allergie" else "volonte" if volonte else "risque"
        groupes[groupe].append(v)
    return {
        "allergies": groupes["allergie"],
        "risques": groupes["risque"],
        "volontes": groupes["volonte"],
    }


def constantes_fiche(habilitation, dossier):
    lignes = lectures.dernieres_en_mots(habilitation, dossier)
    return {"lignes": lignes} if lignes else None
