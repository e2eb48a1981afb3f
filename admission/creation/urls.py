from django.urls import path

from admission.creation import vues

app_name = "identites"

urlpatterns = [
    path("", vues.rechercher, name="rechercher"),
    path("creer/", vues.creer, name="creer"),
    path("accueillir/", vues.accueillir, name="accueillir"),
]
