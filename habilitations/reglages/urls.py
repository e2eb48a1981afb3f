from django.urls import path

from habilitations.reglages import vues

urlpatterns = [
    path("habilitations/matrice/", vues.matrice, name="matrice"),
    path("habilitations/matrice.csv", vues.matrice_csv, name="matrice_csv"),
    path("habilitations/matrice/<slug:role>/", vues.matrice_role, name="matrice_role"),
    path(
        "habilitations/matrice/<slug:role>/origine/", vues.matrice_origine, name="matrice_origine"
    ),
]
