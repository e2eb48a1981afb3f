"""What was received and waits for its author: on the server, encrypted, for a while."""

import json
from dataclasses import asdict
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from administratif.identification import regles
from dui.connecteurs.insi import Beneficiaire
from dui.socle import lieux_naissance
from dui.socle.enums import Sexe
from dui.socle.models import AttenteInsi

Sorte = AttenteInsi.Sorte


def garder(habilitation, dossier, sorte, *, version, contenu, nature="") -> AttenteInsi:
    """One of a kind for an account and a dossier: the last. What is too old leaves too."""
    miennes = Q(compte=habilitation.compte, dossier=dossier)
    AttenteInsi.objects.filter(miennes | Q(expire_le__lte=timezone.now())).delete()
    attente = AttenteInsi(
        dossier=dossier,
        compte=habilitation.compte,
        sorte=sorte,
        nature=nature,
        version=version,
        expire_le=timezone.now() + timedelta(minutes=settings.INSI_ATTENTE),
    )
    attente.enfermer(json.dumps(contenu).encode())
    attente.save()
    return attente


def courante(habilitation, dossier, sorte) -> AttenteInsi | None:
    miennes = AttenteInsi.objects.pour(habilitation, dossier).filter(sorte=sorte)
    return miennes.order_by("-recue_le", "pk").first()


def contenu(attente: AttenteInsi) -> dict:
    """Empty once it is decided: nothing is kept longer than it serves."""
    brut = attente.relire()
    return json.loads(brut) if brut else {}


def trancher(attente: AttenteInsi, decision) -> None:
    attente.decision = decision
    attente.enfermer(b"")
    attente.save()


def ecrire_carte(beneficiaires) -> dict:
    return {"beneficiaires": [asdict(b) for b in beneficiaires]}


def beneficiaires(attente: AttenteInsi) -> list[Beneficiaire]:
    return [Beneficiaire(**b) for b in contenu(attente).get("beneficiaires", ())]


def locaux(usager) -> dict:
    return {nom: getattr(usager, nom) for nom in regles.TRAITS}


def traits_recus(recu: dict, usager) -> dict:
    """The values of our columns. A place that INSi does not say stays ours; the name of the town
    goes with its code."""
    traits = dict(recu["traits"])
    traits["date_naissance"] = date.fromisoformat(traits["date_naissance"])
    cog = traits["lieu_naissance_cog"] or usager.lieu_naissance_cog
    traits["lieu_naissance_cog"] = cog
    if cog != usager.lieu_naissance_cog:
        traits["commune_naissance"] = lieux_naissance.libelle(cog, traits["date_naissance"])
    return traits


def autre_personne(usager, ecarts) -> bool:
    """Another day of birth or another sex than those we are sure of: the wrong card was read, or
    the wrong line of it. A search by traits never answers that (the client refuses it)."""
    surs = set() if usager.naissance_incomplete else {"date_naissance"}
    surs |= set() if usager.sexe == Sexe.I else {"sexe"}
    return bool(surs & set(ecarts))
