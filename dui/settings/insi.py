"""INSi: open where an address is configured, absent elsewhere. Read by dui/socle/insi.py."""

from dui.environnement import envint, envou, envstr

INSI_URL = envstr("DUI_INSI_URL", "")
INSI_OUVERT = bool(INSI_URL)
# PEM files: certificate of organisation (CN INSI-AUTO or INSI-MANU), its key, and the authorities
# of the server.
INSI_CERTIFICAT = envstr("DUI_INSI_CERTIFICAT") if INSI_OUVERT else ""
INSI_CLE = envstr("DUI_INSI_CLE") if INSI_OUVERT else ""
INSI_MOT_DE_PASSE = envou("DUI_INSI_MOT_DE_PASSE", "")
INSI_AUTORITES = envstr("DUI_INSI_AUTORITES", "")
# Authorisation number of the software; emitter of the calls (the unit of the certificate when
# empty); identifier of this installation.
INSI_IDAM = envstr("DUI_INSI_IDAM") if INSI_OUVERT else ""
INSI_EMETTEUR = envstr("DUI_INSI_EMETTEUR", "")
INSI_INSTANCE = envstr("DUI_INSI_INSTANCE", "")
INSI_SCHEMAS = envstr("DUI_INSI_SCHEMAS", "")  # folder of the official XSD
# Seconds: to connect, for each read, for a whole operation.
INSI_DELAI_CONNEXION = envint("DUI_INSI_DELAI_CONNEXION", 5)
INSI_DELAI_LECTURE = envint("DUI_INSI_DELAI_LECTURE", 10)
INSI_DELAI = envint("DUI_INSI_DELAI", 20)
# Test matricules are refused.
INSI_PRODUCTION = envstr("DUI_ENV", "production") == "production"
# Minutes during which an answer waits for a person; identities that one batch verifies.
INSI_ATTENTE = envint("DUI_INSI_ATTENTE", 30)
INSI_LOT = envint("DUI_INSI_LOT", 500)
