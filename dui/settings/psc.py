"""Pro Santé Connect: open where a client is configured, absent elsewhere."""

from dui.environnement import envfichier, envint, envstr

PSC_DECOUVERTE = envstr("DUI_PSC_DECOUVERTE", "")
PSC_OUVERT = bool(PSC_DECOUVERTE)
PSC_CLIENT = envstr("DUI_PSC_CLIENT") if PSC_OUVERT else ""
PSC_SECRET = envfichier("DUI_PSC_SECRET_FICHIER") if PSC_OUVERT else ""
# Seconds: for an answer, for a sign-in to come back, between two confirmations of a session.
PSC_DELAI = envint("DUI_PSC_DELAI", 5)
PSC_DUREE_FLOT = envint("DUI_PSC_DUREE_FLOT", 300)
PSC_RENOUVELLEMENT = envint("DUI_PSC_RENOUVELLEMENT", 240)
# e-CPS on another device: requests sent to one professional in a quarter of an hour.
PSC_DEMANDES_MAX = envint("DUI_PSC_DEMANDES_MAX", 5)
