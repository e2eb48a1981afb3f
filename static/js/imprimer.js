// imprimer
