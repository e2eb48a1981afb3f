// recherche
