"""Traces written as the application does, at a chosen hour."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from dui.socle.models import EntreeJournal


def adresse(nom, dossier):
    return reverse(nom, args=[dossier.pk])


def contenu(reponse) -> str:
    return b"".join(reponse.streaming_content).decode()


def noter(compte=None, dossier=None, action="voir", bloc="TRA", le=None, **champs):
    """Une trace, telle que l’application l’écrit, à une heure choisie."""
    champs = {"cible": "", "titre_acces": "affectation", "contexte": {}} | champs
    entree = EntreeJournal(acteur=compte, dossier=dossier, action=action, bloc=bloc, **champs)
    entree.horodatage = le or timezone.now()
    entree._meta.get_field("horodatage").auto_now_add = False
    try:
        entree.save()
    finally:
        entree._meta.get_field("horodatage").auto_now_add = True
    return entree


def a(heure, minute=0, jour=date(2026, 3, 2)):
    return datetime(jour.year, jour.month, jour.day, heure, minute, tzinfo=ZoneInfo("Europe/Paris"))
