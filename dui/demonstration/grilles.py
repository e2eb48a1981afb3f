"""What houses do with grids of their own: one written by the EHPAD, SERAFIN-PH needs at the IME,
and two looks at the same resident, her own among them."""

from datetime import timedelta
from io import BytesIO

from django.utils import timezone
from PIL import Image, ImageDraw

from accompagnement.evaluations import catalogue, pieces
from accompagnement.evaluations.importees import services
from accompagnement.evaluations.importees.controle import controlee
from accompagnement.evaluations.moteur import VERSION, evaluer
from accompagnement.models import Evaluation
from dui.demonstration.evaluations import UNITE
from dui.demonstration.tirage import alea
from dui.socle.models import Compte, Sejour
from habilitations.politique import Habilitation

COULEURS = (("3", "Bien"), ("2", "Plutôt bien"), ("1", "Plutôt mal"), ("0", "Mal"))
THEMES = (("repas", "Les repas"), ("nuits", "Les nuits"), ("visites", "Les visites, les amitiés"))
MAISON = {
    "code": "ma_semaine",
    "nom": "Ma semaine ici",
    "version": "2026-01",
    "moteur": "echelle",
    "domaine": "qualite_vie",
    "publics": ["PA"],
    "mode": "avec la personne, ou par elle-même",
    "rappel_jours": 30,
    "source": ["Grille écrite par l’équipe de la maison"],
    "licence": {"statut": "propre à l’établissement", "detail": "Écrite par l’équipe."},
    "items": [
        {
            "code": code,
            "libelle": libelle,
            "type": "choix",
            "obligatoire": True,
            "options": [{"valeur": v, "points": int(v), "libelle": mot} for v, mot in COULEURS],
        }
        for code, libelle in THEMES
    ]
    + [{"code": "mots", "libelle": "Ses mots", "type": "texte", "obligatoire": False}],
    "score": {"methode": "somme", "min": 0, "max": 9, "sens": "haut = bien-être"},
    "bandes": [
        {"min": 0, "max": 4, "libelle": "Une semaine difficile, à reprendre en équipe"},
        {"min": 5, "max": 9, "libelle": "Une semaine plutôt bonne"},
    ],
}


GEVA = {
    "demande.contexte": "Renouvellement de l’orientation, avec la famille et l’éducatrice.",
    "familial.famille": "Vit en semaine à l’internat ; chez ses parents du vendredi au dimanche.",
}


def ecrire(graine: int) -> int:
    lignes = [*_au_clos(graine), *_a_l_ime(graine), *_geva(graine)]
    Evaluation.objects.bulk_create(lignes)
    return len(lignes)


def _au_clos(graine):
    """Everybody of the unit says their week; three of them are seen by a carer too."""
    sejours = list(_sejours(unite__nom=UNITE))
    if not sejours:
        return
    maison = sejours[0].etablissement
    definition = controlee(MAISON)
    services.publier(None, services.garder(None, definition), etablissements=[maison])
    ide, aide = _compte(maison, "IDE"), _compte(maison, "AS")
    for n, sejour in enumerate(sejours):
        a = alea(graine, "ma_semaine", sejour.dossier.numero)
        dites = {code: a.choice("3322110") for code, _ in THEMES}
        le = _il_y_a(a.randint(2, 45))
        yield _evaluation(sejour.dossier, definition, dites, le, ide, "IDE", auto=True)
        if n < 3:
            vues = dites | {"visites": "0" if dites["visites"] != "0" else "2"}
            le += timedelta(days=1)
            yield _evaluation(sejour.dossier, definition, vues, le, aide, "AS")


def _a_l_ime(graine):
    definition = catalogue.definition("serafin_besoins")
    for sejour in _sejours(etablissement__domaine="PH")[:20]:
        auteur = _compte(sejour.etablissement, "EDUCATEUR")
        a = alea(graine, "serafin", sejour.dossier.numero)
        codes = [i.code for i in definition.items if i.type == "choix"]
        reponses = {c: a.choice("0001122") for c in codes if a.random() < 0.9}
        le = _il_y_a(a.randint(20, 420))
        yield _evaluation(sejour.dossier, definition, reponses, le, auteur, "Éducateur")


def _geva(graine):
    """Two GEVA of the IME, begun: what the house wrote, the certificate that came by post."""
    definition = catalogue.definition("geva")
    for sejour in _sejours(etablissement__domaine="PH")[:2]:
        auteur = _compte(sejour.etablissement, "PSYCHOLOGUE")
        jours = alea(graine, "geva", sejour.dossier.numero).randint(3, 20)
        piece = pieces.Piece("Certificat médical MDPH", _page(), "image/jpeg")
        le = _il_y_a(jours)
        evaluation = _evaluation(sejour.dossier, definition, GEVA, le, auteur, "Psychologue")
        evaluation.etat, evaluation.validee_le, evaluation.validee_par = "brouillon", None, None
        evaluation.fonction_validation = ""
        evaluation.pieces = pieces.ranger(Habilitation(auteur), evaluation, nouvelle=piece)
        yield evaluation


def _page() -> bytes:
    """A sheet that went through a scanner: its lines, not its words."""
    page = Image.new("L", (827, 1169), 250)
    trait = ImageDraw.Draw(page)
    trait.rectangle((90, 90, 420, 120), fill=60)
    for n in range(34):
        fin = 740 if n % 6 else 520
        trait.rectangle((90, 190 + n * 26, fin, 200 + n * 26), fill=150)
    trait.ellipse((560, 1060, 720, 1120), outline=70, width=4)
    sortie = BytesIO()
    page.rotate(0.8, fillcolor=250).save(sortie, "JPEG", quality=80)
    return sortie.getvalue()


def _sejours(**ou):
    en_cours = Sejour.objects.en_cours().filter(**ou).select_related("dossier", "etablissement")
    return en_cours.order_by("dossier__numero")


def _il_y_a(jours: int):
    return timezone.now().replace(hour=14, minute=20, second=0) - timedelta(days=jours)


def _compte(etablissement, role) -> Compte:
    ici = Compte.objects.filter(affectations__etablissement=etablissement)
    return (ici.filter(affectations__role=role).order_by("pk").first()) or ici.order_by("pk")[0]


def _evaluation(dossier, definition, reponses, le, auteur, fonction, *, auto=False) -> Evaluation:
    resultat = evaluer(definition, reponses)
    return Evaluation(
        dossier=dossier,
        grille=definition.code,
        version_grille=definition.version,
        etat=Evaluation.Etat.VALIDEE,
        auteur=auteur,
        fonction=fonction,
        evaluateurs=[{"compte": auteur.pk, "nom": auteur.signature, "fonction": fonction}],
        auto_evaluation=auto,
        faite_le=le,
        ecrite_le=le + timedelta(minutes=10),
        reponses=reponses,
        resultat=resultat.en_donnees(),
        score=resultat.score,
        version_moteur=VERSION,
        validee_le=le + timedelta(minutes=12),
        validee_par=auteur,
        fonction_validation=fonction,
    )
