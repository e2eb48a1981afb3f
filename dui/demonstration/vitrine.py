"""What the page of the accounts reads: named people by house, portal accounts, current codes."""

import time
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from dui.demonstration.personnel import MOTIFS
from dui.socle.models import Compte, Professionnel
from habilitations.models import AccesNominatif, Affectation, Role

SIEGE = ("QUALITE", "DPO", "IDENTITOVIG", "ADMIN_SI", "DIM", "EVALUATEUR")
DU_PORTAIL = {
    "USAGER": "Son propre dossier, en clair, et qui l’a ouvert",
    "PERS_CONF": "Ce que sa mère partage avec sa personne de confiance",
    "REP_LEGAL": "Le dossier de son enfant : projet, documents, agenda",
    "ASSISTANT_JUR": "Les documents et les droits, sans le soin",
    "PROCHE": "La vie sociale, si la personne l’a accepté",
}


@dataclass
class Carte:
    compte: Compte
    nom: str
    fonction: str
    motif: str
    portrait: object

    @property
    def etiquette(self) -> str:
        return f"Entrer : {self.nom}, {self.fonction}"


def groupes() -> list[tuple[str, list[Carte]]]:
    """(house, cards): the house of the screenshots first, the head office, then the portal."""
    affectations = (
        Affectation.objects.en_cours()
        .filter(compte__first_name__in={nom.split(" ", 1)[0] for nom in MOTIFS})
        .select_related("compte", "role", "etablissement", "unite")
        .order_by("compte", "etablissement__nom")
    )
    professionnels = Professionnel.objects.filter(compte__in=affectations.values("compte"))
    fiches = {p.compte_id: p for p in professionnels}
    par_lieu: dict[str, dict[int, Carte]] = {}
    for a in affectations:
        motif = MOTIFS.get(a.compte.get_full_name())
        if motif:
            lieu = "Toute l’association" if a.role_id in SIEGE else a.etablissement.nom
            cartes = par_lieu.setdefault(lieu, {})
            cartes.setdefault(a.compte_id, _carte(a, fiches[a.compte_id], motif))
    ordonnes = sorted(par_lieu.items(), key=lambda g: min(g[1]) + 1000 * (g[0][0] == "T"))
    lus = [(lieu, list(cartes.values())) for lieu, cartes in ordonnes]
    return [*lus, ("Portail : la personne et ses proches", _portail())]


def _carte(affectation, fiche, motif) -> Carte:
    fonction = fiche.libelle_fonction
    if affectation.unite:
        fonction = f"{fonction}, {affectation.unite.nom}"
    return Carte(affectation.compte, str(fiche), fonction, motif, fiche)


def _portail() -> list[Carte]:
    acces = (
        AccesNominatif.objects.en_cours()
        .select_related("user", "content_object__usager")
        .order_by("user", "pk")
    )
    roles = dict(Role.objects.values_list("code", "libelle"))
    cartes: dict[int, Carte] = {}
    for a in acces:
        if a.user_id not in cartes:
            libelle = roles.get(a.qualite, "Proche").split("(")[0].strip()
            concerne = a.content_object.usager
            fonction = (
                "La personne elle-même"
                if a.qualite == "USAGER"
                else f"{libelle}, {concerne.nom_usuel}"
            )
            portrait = concerne if a.qualite == "USAGER" else a.user
            motif = DU_PORTAIL.get(a.qualite, "")
            cartes[a.user_id] = Carte(a.user, a.user.get_full_name(), fonction, motif, portrait)
    return list(cartes.values())


@dataclass
class Essai:
    """What one types to sign in for real."""

    compte: Compte
    code: str
    reste: int


def essai(identifiant: str) -> Essai | None:
    appareil = (
        TOTPDevice.objects.filter(user__username=identifiant, confirmed=True)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if appareil is None:
        return None
    code = totp(appareil.bin_key, appareil.step, appareil.t0, appareil.digits, appareil.drift)
    reste = appareil.step - int(time.time()) % appareil.step
    return Essai(appareil.user, f"{code:0{appareil.digits}d}", reste)


def compte_d_essai(compte_id: int) -> Compte | None:
    return Compte.objects.filter(pk=compte_id, is_active=True, is_superuser=False).first()


def premiere_page(compte) -> str:
    if Affectation.objects.en_cours().filter(compte=compte).exists():
        return reverse("accueil")
    try:
        return reverse("relation_usager:accueil")
    except NoReverseMatch:
        return "/portail/"
