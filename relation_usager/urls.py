from django.urls import path

from relation_usager import views

app_name = "relation_usager"
DOSSIER = "<uuid:dossier_id>/"

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path(DOSSIER, views.nouvelles, name="nouvelles"),
    path(f"{DOSSIER}contacts/", views.contacts, name="contacts"),
    path(f"{DOSSIER}documents/", views.documents, name="documents"),
    path(f"{DOSSIER}documents/<uuid:document_id>/", views.document, name="document"),
    path(f"{DOSSIER}acces/", views.acces, name="acces"),
]
