"""For whom a transmission is: the team of the person, their referent, or roles at work in the
establishment."""

from habilitations.models import Role
from habilitations.prise_en_charge import lectures as equipes

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
EQUIPE, REFERENT = "@equipe", "@referent"
DE_LA_PERSONNE = {EQUIPE: "Son équipe", REFERENT: "Son référent"}


def fonctions(habilitation) -> dict[str, str]:
    """{role: its short name}, in order, read once a request."""

    def lire():
        return dict(Role.objects.order_by("ordre", "code").values_list("code", "fonction_courte"))

    return habilitation.une_fois(("fonctions",), lire)


def choix(habilitation) -> list[tuple[str, str]]:
    metiers = [(code, nom) for code, nom in fonctions(habilitation).items() if code in PROPOSES]
    return [*DE_LA_PERSONNE.items(), *metiers]


def metiers(habilitation) -> list[tuple[str, str]]:
    return [(code, nom) for code, nom in choix(habilitation) if code not in DE_LA_PERSONNE]


def nommer(habilitation, transmissions) -> None:
    """`a_l_attention`: for whom each is, in words."""
    noms = DE_LA_PERSONNE
    if any(set(t.destinataires) - DE_LA_PERSONNE.keys() for t in transmissions):
        noms = noms | fonctions(habilitation)
    for t in transmissions:
        t.a_l_attention = ", ".join(noms.get(d, d) for d in t.destinataires)


def m_attend(habilitation, transmission) -> bool:
    """Addressed to the team of the person, which I am in, or to their referent, which I am."""
    demandes = set(transmission.destinataires) & DE_LA_PERSONNE.keys()
    if not demandes:
        return False
    miens = equipes.les_miens(habilitation)
    referent = miens.get(transmission.dossier_id)
    return referent is not None and (EQUIPE in demandes or referent)
