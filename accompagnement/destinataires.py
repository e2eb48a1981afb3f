"""For whom a transmission is: roles at work in the establishment of the person."""

from habilitations.models import Role

PROPOSES = (
    "IDE",
    "AS",
    "MEDCO",
    "MEDECIN",
    "IDEC",
    "PSYCHOLOGUE",
    "REEDUCATEUR",
    "EDUCATEUR",
    "ANIMATEUR",
    "ASS_SOCIAL",
)


def choix() -> list[tuple[str, str]]:
    roles = Role.objects.filter(code__in=PROPOSES).order_by("ordre")
    return [(r.code, r.fonction_courte) for r in roles]
