from django.urls import path

from administratif.doublons import vues

app_name = "doublons"
PAIRE = "identitovigilance/doublons/<uuid:doublon_id>/"

urlpatterns = [
    path("identitovigilance/doublons/", vues.liste, name="liste"),
    path("identitovigilance/doublons/chercher/", vues.chercher, name="chercher"),
    path(PAIRE, vues.paire, name="paire"),
    path(f"{PAIRE}ecarter/", vues.ecarter, name="ecarter"),
    path(f"{PAIRE}proposer/", vues.proposer, name="proposer"),
    path(f"{PAIRE}refuser/", vues.refuser, name="refuser"),
    path(f"{PAIRE}approuver/", vues.approuver, name="approuver"),
    path(f"{PAIRE}defusionner/", vues.defusionner, name="defusionner"),
    path(
        "dossiers/<uuid:dossier_id>/identite/collision/", vues.signaler_collision, name="collision"
    ),
]
