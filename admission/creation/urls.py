from django.urls import path

from admission.creation import vues, vues_carte

app_name = "identites"

urlpatterns = [
    path("", vues.rechercher, name="rechercher"),
    path("carte/", vues_carte.lire, name="carte"),
    path("creer/", vues.creer, name="creer"),
    path("accueillir/", vues.accueillir, name="accueillir"),
]
