from django.urls import path

from administratif.annuaire.urls import urlpatterns as annuaire
from administratif.cellule.urls import urlpatterns as cellule
from administratif.correspondants.urls import urlpatterns as correspondants
from administratif.ecarts.urls import urlpatterns as ecarts
from administratif.identification import vues as identification
from administratif.identification import vues_pieces
from administratif.insi.urls import urlpatterns as insi
from administratif.views import entourage, fiche, identite, sejours

app_name = "administratif"
DOSSIER = "dossiers/<uuid:dossier_id>/"
ENTOURAGE = f"{DOSSIER}entourage/"
CONTACT = f"{ENTOURAGE}<uuid:contact_id>/"
IDENTITE = f"{DOSSIER}identite/"
SEJOUR = f"{DOSSIER}sejours/<uuid:sejour_id>/"

urlpatterns = [
    *annuaire,
    *cellule,
    *correspondants,
    *ecarts,
    *insi,
    path(ENTOURAGE, entourage.entourage, name="entourage"),
    path(f"{ENTOURAGE}ajouter/", entourage.ajouter, name="entourage_ajouter"),
    path(f"{CONTACT}modifier/", entourage.modifier, name="entourage_modifier"),
    path(f"{CONTACT}deplacer/", entourage.deplacer, name="entourage_deplacer"),
    path(f"{CONTACT}retirer/", entourage.retirer, name="entourage_retirer"),
    path(f"{CONTACT}remettre/", entourage.remettre, name="entourage_remettre"),
    path("pieces-identite/", vues_pieces.reglages, name="pieces_identite"),
    path(IDENTITE, identite.identite, name="identite"),
    path(f"{IDENTITE}usage/", identite.usage, name="identite_usage"),
    path(f"{IDENTITE}traits/", identite.traits, name="identite_traits"),
    path(f"{IDENTITE}valider/", identification.valider, name="identite_valider"),
    path(f"{IDENTITE}signaler/", identification.signaler, name="identite_signaler"),
    path(f"{IDENTITE}decider/", identification.juger, name="identite_juger"),
    path(f"{IDENTITE}gir/", identite.gir, name="identite_gir"),
    path(f"{SEJOUR}place/", sejours.place, name="identite_place"),
    path(f"{SEJOUR}sortie/", sejours.sortie, name="identite_sortie"),
    path(f"{SEJOUR}annuler-sortie/", sejours.annuler_sortie, name="identite_annuler_sortie"),
    path(f"{DOSSIER}fiche-urgence/", fiche.fiche_urgence, name="fiche_urgence"),
    path(f"{DOSSIER}fiche-urgence.pdf", fiche.fiche_urgence_pdf, name="fiche_urgence_pdf"),
]
