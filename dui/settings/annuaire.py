"""The national directory: files brought by a command; the API where a key is given."""

from dui.environnement import envfichier, envint, envstr

ANNUAIRE_API = envstr("DUI_ANNUAIRE_API", "")
ANNUAIRE_OUVERT = bool(ANNUAIRE_API)
ANNUAIRE_CLE = envfichier("DUI_ANNUAIRE_CLE_FICHIER") if ANNUAIRE_OUVERT else ""
ANNUAIRE_DELAI = envint("DUI_ANNUAIRE_DELAI", 30)  # seconds for an answer
ANNUAIRE_APPELS_PAR_SECONDE = 12  # the gateway allows 17 to an application
ANNUAIRE_ATTENTE_MAX = 120  # seconds one waits when told to come back later, before giving up
ANNUAIRE_PAGES_MAX = 4_000  # of one refresh
ANNUAIRE_RETARD_MAX = 30  # days: the API tells no older change
ANNUAIRE_RECUL = 2  # days before the date of a file from which changes are asked again
ANNUAIRE_AGE_MAX = 10  # days after which the copy is shown as old

# Files. A full one that shrinks by more is refused, unless told otherwise.
ANNUAIRE_BAISSE_MAX = envint("DUI_ANNUAIRE_BAISSE_MAX", 20)  # percent of the lines
ANNUAIRE_REJETS_MAX = 100_000  # lines rejected before the file is refused
ANNUAIRE_TAILLE_MAX = 8 * 2**30  # bytes, once unzipped
ANNUAIRE_LOT = 20_000  # lines kept in one transaction: what a stop makes one read again
ANNUAIRE_RESULTATS = 20  # lines of a page of search
