"""« Qui je suis », when two records of one person become one."""

from django.core.exceptions import ValidationError

from accompagnement.models import Habitude

ENTRE = " / "
TAILLE = Habitude._meta.get_field("texte").max_length or 0
TROP_LONGUE = (
    "« Qui je suis » dit la même rubrique dans les deux dossiers, et les deux textes ne tiennent "
    "pas ensemble : demandez à l’équipe d’en raccourcir un."
)


def reunir(passage) -> list[int]:
    """One text for each heading: both are kept, or nothing is merged."""
    siennes = Habitude.objects.filter(dossier=passage.absorbe).order_by("pk")
    gardees = Habitude.objects.filter(dossier=passage.retenu).order_by("pk")
    la = {h.rubrique: h for h in gardees.select_for_update(of=("self",))}
    communes = [h for h in siennes.select_for_update(of=("self",)) if h.rubrique in la]
    for habitude in communes:
        _joindre(passage, la[habitude.rubrique], habitude.texte)
    return [h.pk for h in communes]


def _joindre(passage, gardee: Habitude, texte: str) -> None:
    if gardee.texte.strip() == texte.strip():
        return
    ensemble = f"{gardee.texte}{ENTRE}{texte}"
    if len(ensemble) > TAILLE:
        raise ValidationError(TROP_LONGUE)
    passage.changer(gardee, texte=ensemble, version=gardee.version + 1)
