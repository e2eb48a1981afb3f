// brouillon
