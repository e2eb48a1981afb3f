"""What residents said of photographs, and one photograph: a heel drawn, for want of a real one."""

from datetime import timedelta
from io import BytesIO

from django.db import connection
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter

from accompagnement.models import DecisionPhotos, Transmission
from accompagnement.photos import services
from dui.demonstration.copie import Table, copier
from dui.demonstration.tirage import alea, identifiant
from dui.socle.models import Sejour
from habilitations.models import Affectation
from habilitations.politique import Habilitation

NOTENT = ("SECRETAIRE", "ASS_SOCIAL", "MEDCO")
PRECISIONS = ("", "", "Les plaies, jamais le visage.", "À demander chaque fois.")
CIBLE = "peau"


def ecrire(graine: int) -> None:
    table = Table(
        DecisionPhotos, "id", "dossier", "sens", "qui", "qualite", "le", "precision", "note_par",
        "fonction", "note_le", "cle_saisie",
    )  # fmt: skip
    notent = _qui_note()
    sejours = Sejour.objects.en_cours().filter(etablissement__in=notent)
    for sejour in sejours.select_related("dossier__usager").order_by("dossier__numero"):
        a = alea(graine, "photos", sejour.dossier.numero)
        if (tirage := a.random()) < 0.7:
            _decision(table, a, sejour, notent, "accord" if tirage < 0.6 else "refus")
    with connection.cursor() as curseur:
        copier(curseur.cursor, [(table.ordre, table.prendre())])
    _photographier()


def _qui_note() -> dict:
    """{house: (account, function)}"""
    ici = Affectation.objects.en_cours().filter(role__in=NOTENT).select_related("role")
    return {
        a.etablissement_id: (a.compte_id, a.role.fonction_courte)
        for a in ici.filter(etablissement__isnull=False).order_by("-role_id", "-pk")
    }


def _decision(table, a, sejour, notent, sens):
    compte, fonction = notent[sejour.etablissement_id]
    jours = min(a.randint(2, 300), (timezone.localdate() - sejour.entree_le).days)
    le = timezone.now() - timedelta(days=max(jours, 0), minutes=a.randint(5, 300))
    table.ajouter(
        identifiant(a), sejour.dossier_id, sens, sejour.dossier.usager.nom_affiche, "personne",
        timezone.localdate(le), a.choice(PRECISIONS) if sens == "accord" else "", compte, fonction,
        le, identifiant(a),
    )  # fmt: skip


def _photographier():
    """On the last transmissions about skin, of those who agree."""
    accords = DecisionPhotos.objects.filter(sens="accord").values("dossier")
    lignes = Transmission.objects.en_vigueur().filter(cible=CIBLE, reserve="")
    lignes = lignes.filter(donnees__icontains="rougeur").exclude(donnees__icontains="disparu")
    lignes = lignes.filter(dossier__in=accords).select_related("auteur", "dossier")
    image = _talon()
    for transmission in lignes.order_by("-survenu_le", "pk")[:6]:
        services.joindre(Habilitation(transmission.auteur), transmission, image)


def _talon() -> bytes:
    """Skin, a redness that fades, and the ruler that measures it."""
    peau = Image.new("RGB", (1200, 900), (226, 190, 168))
    trait = ImageDraw.Draw(peau)
    for rayon, teinte in ((260, (219, 160, 142)), (190, (205, 120, 108)), (110, (184, 84, 80))):
        trait.ellipse((560 - rayon, 400 - rayon * 0.8, 560 + rayon, 400 + rayon * 0.8), fill=teinte)
    peau = peau.filter(ImageFilter.GaussianBlur(38))
    trait = ImageDraw.Draw(peau)
    trait.rectangle((140, 700, 1060, 800), fill=(250, 250, 246))
    for millimetre in range(91):
        haut = {0: 46, 5: 32}.get(millimetre % 10, 18)
        trait.line((150 + millimetre * 10, 700, 150 + millimetre * 10, 700 + haut), (40, 40, 40), 2)
    sortie = BytesIO()
    peau.save(sortie, "JPEG", quality=85)
    return sortie.getvalue()
