from django.urls import path

from admission import views

app_name = "admission"

urlpatterns = [
    path("", views.importations, name="importations"),
    path("nouvelle/", views.importation_nouvelle, name="importation_nouvelle"),
    path("<uuid:importation_id>/", views.importation, name="importation"),
    path("<uuid:importation_id>/colonnes/", views.correspondance, name="correspondance"),
    path("<uuid:importation_id>/avancement/", views.avancement, name="avancement"),
    path("<uuid:importation_id>/importer/", views.importer, name="importer"),
    path("<uuid:importation_id>/relancer/", views.relancer, name="relancer"),
    path("<uuid:importation_id>/annuler/", views.annuler, name="annuler"),
    path("<uuid:importation_id>/rejets.csv", views.rejets, name="rejets"),
]
