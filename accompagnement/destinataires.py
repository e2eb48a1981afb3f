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


def fonctions(habilitation) -> dict[str, str]:
    """{role: its short name}, in order, read once a request."""

    def lire():
        return dict(Role.objects.order_by("ordre", "code").values_list("code", "fonction_courte"))

    return habilitation.une_fois(("fonctions",), lire)


def choix(habilitation) -> list[tuple[str, str]]:
    return [(code, nom) for code, nom in fonctions(habilitation).items() if code in PROPOSES]
