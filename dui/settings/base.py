"""What every environment shares. No secret, no address: see production.py, demo.py, test.py."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from kombu import Exchange, Queue
from psycopg.conninfo import conninfo_to_dict

from dui.environnement import envbool, envint, envstr
from dui.settings.annuaire import *
from dui.settings.insi import *
from dui.settings.psc import *

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(envstr("DUI_VAR", str(BASE_DIR / "var"))).resolve()
# web, travailleur or commande: only the web must answer within seconds.
PROCESSUS = envstr("DUI_PROCESSUS", "commande")

DEBUG = False
# Accounts listed on a page, codes shown on screen: only ever true in the demo and the tests.
DEMONSTRATION = False
INSTALLED_APPS = [
    # Our own site only (habilitations/administration): nothing registers itself.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "guardian",
    "simple_history",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "dui.socle",
    "habilitations",
    "dui.coque",
    "admission",
    "accompagnement",
    "soins",
    "coordination",
    "administratif",
    "relation_usager",
]
MIDDLEWARE = [
    "dui.memoire.au_large",
    "dui.traces.IdentifiantRequete",
    "dui.coque.middleware.EnTetes",  # static files and refused hosts too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dui.coque.middleware.Lisible",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "habilitations.middleware.ConnexionRequise",
    "habilitations.middleware.Verrou",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "habilitations.middleware.Reprise",
    "dui.coque.middleware.MethodeRefusee",
    "dui.coque.middleware.Lieu",
    "habilitations.middleware.AccesDeclare",
    "habilitations.psc.middleware.SuiviPSC",
    "habilitations.debit.Debit",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "dui.urls"
WSGI_APPLICATION = "dui.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dui.coque.contexte.coque",
            ],
            "builtins": ["dui.socle.templatetags.composants", "dui.socle.templatetags.jetons"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def base_de_donnees(url: str, *, reserve: bool) -> dict:
    """Django's entry for a libpq URL; the folder of a unix socket comes as `?host=`."""
    serveur = conninfo_to_dict(url)
    delai = envint("DUI_DELAI_REQUETE", 10 if PROCESSUS == "web" else 300)
    reglages = {
        "statement_timeout": f"{delai}s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "60s" if PROCESSUS == "web" else "300s",
    }
    entree: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": serveur.pop("dbname", ""),
        "USER": serveur.pop("user", ""),
        "PASSWORD": serveur.pop("password", ""),
        "HOST": serveur.pop("host", ""),
        "PORT": serveur.pop("port", ""),
        "ATOMIC_REQUESTS": True,
        # A connection lost with the server is replaced before it is used.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **serveur,  # sslmode, sslrootcert…
            "application_name": f"dui-{PROCESSUS}",
            "options": " ".join(f"-c {nom}={valeur}" for nom, valeur in reglages.items()),
        },
    }
    if reserve:  # a pool excludes CONN_MAX_AGE
        entree["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    else:
        entree["CONN_MAX_AGE"] = 60
    return entree


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without a host, no mail leaves: what it would say waits on the home page anyway.
EMAIL_HOST = envstr("DUI_SMTP_HOTE", "")
EMAIL_PORT = envint("DUI_SMTP_PORT", 25)
EMAIL_USE_TLS = envbool("DUI_SMTP_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = envstr("DUI_COURRIEL", "dui@localhost")

AUTH_USER_MODEL = "socle.Compte"
AUTHENTICATION_BACKENDS = [
    "habilitations.backends.CompteBackend",
    "habilitations.backends.PolitiqueBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "habilitations.moyens.mots_de_passe.LongueurMaximale"},
    {"NAME": "habilitations.moyens.mots_de_passe.Previsible"},
]
LOGIN_URL = "/connexion/"
LOGIN_REDIRECT_URL = "/"
OTP_TOTP_ISSUER = "DUI"
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # our own backend answers in place of guardian's
    "security.W002",  # the content security policy already forbids frames
    "security.W021",  # the preload list is the decision of the owner of the domain
]

# Seconds without a gesture before the session locks, where no DelaiVerrouillage says otherwise.
DELAI_VERROUILLAGE = 15 * 60
DUREE_DU_PASSAGE = 12  # hours during which two factors proven on a workstation allow a short code
COOKIE_POSTE = "dui_poste"
WEBAUTHN_DOMAINE = "localhost"  # what passkeys are bound to: changing it makes them all useless
# Append-only, outside the database: each night the last seal of the journal is written there.
DOSSIER_ANCRES = Path(envstr("DUI_ANCRES", str(VAR / "ancres")))
JOURNAL_EXPORT_MAXIMUM = 50_000  # rows of one export

# Failed sign-ins of one account within a day, over all addresses: each time there are so many
# more, the journal says it, and so does the next sign-in.
ESSAIS_SIGNALES = 50
# Token buckets: `capacite` requests at once, filled again in `secondes`, by account (by address
# before anybody is known). Without Valkey care goes on: only what takes data out is refused.
DEBITS: dict[str, dict[str, Any]] = {
    "connexion": {"capacite": 60, "secondes": 300},  # a whole house behind one address
    "relais": {"capacite": 120, "secondes": 300},  # short codes, on the workstations of the house
    "e_cps": {"capacite": 20, "secondes": 900},  # each one makes a telephone ring
    "recherche": {"capacite": 120, "secondes": 60},  # each key pressed is one
    "impression": {"capacite": 60, "secondes": 300},
    "export": {"capacite": 20, "secondes": 600, "ferme_si_panne": True},
    "depot": {"capacite": 20, "secondes": 600},
    "bris_de_glace": {"capacite": 5, "secondes": 600},  # the breaking itself
    "bris_de_glace_recherche": {"capacite": 15, "secondes": 600},  # whose dossier to open
    "acte": {"capacite": 60, "secondes": 300},
    "insi": {"capacite": 30, "secondes": 300},  # the person is here: never a search in bulk
    "portail": {"capacite": 120, "secondes": 60},
    "flux_agenda": {"capacite": 60, "secondes": 600},  # calendars of a house ask every hour
}
ENVOI, LECTURE = ("POST",), ("GET", "HEAD")
DEBITS_DES_PAGES = [  # (name of the page, methods, bucket); the first that matches
    ("connexion*", ENVOI, "connexion"),
    ("psc_e_cps", ENVOI, "e_cps"),
    ("psc_*", ENVOI, "connexion"),
    ("activation", ENVOI, "connexion"),
    ("relais", ENVOI, "relais"),
    ("recherche", LECTURE, "recherche"),
    ("bris_de_glace:ouvrir", ENVOI, "bris_de_glace"),
    ("bris_de_glace:chercher", ENVOI, "bris_de_glace_recherche"),
    ("bris_de_glace:*", ENVOI, "acte"),
    ("*:annuaire*", LECTURE, "recherche"),
    ("identites:rechercher", ENVOI, "recherche"),
    ("administratif:identite_insi_*", ENVOI, "insi"),
    ("identites:carte", ENVOI, "depot"),
    ("*importation_nouvelle", ENVOI, "depot"),
    ("equipe_importation_modele", LECTURE, "export"),
    ("administratif:identite_insi_brute", LECTURE, "export"),
    ("*rejets*", LECTURE, "export"),
    ("*export*", (*LECTURE, *ENVOI), "export"),
    ("*_csv", LECTURE, "export"),
    ("relation_usager:document", LECTURE, "export"),
    ("*imprimable*", LECTURE, "impression"),
    ("*_pdf", LECTURE, "impression"),
    ("relation_usager:*", (*LECTURE, *ENVOI), "portail"),
    ("coordination:agenda_flux", LECTURE, "flux_agenda"),
]
DEBITS_MOTIF = "Trop de demandes en peu de temps : cet accès reprend dans un instant."

FLUX_AGENDA_PASSE_JOURS, FLUX_AGENDA_AVENIR_JOURS = 30, 180  # of a subscribed calendar
VISITE_EN_RETARD_MINUTES = 30  # after its hour, a visit that nobody noted is late
VISITE_AU_PLUS_HEURES = 12  # longer, its hours are a slip: « 14:00 to 13:00 » is not a day
DELAI_ACTIVATION = 72 * 3600  # seconds during which a code of first sign-in can be used
SESSION_COOKIE_NAME = "dui_session"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "dui_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "habilitations.connexion.vues.csrf_refuse"
LIEU_COOKIE_NAME = "dui_lieu"  # where this workstation stands
SECURE_REFERRER_POLICY = "same-origin"
# A message may name a person or quote a value: in the session, never in a cookie of the browser,
# which would outlive it and greet the next one to sign in.
MESSAGE_STORAGE = "dui.socle.annonces.Annonces"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
USE_TZ = True  # stored in UTC, shown in the establishment's own zone
TIME_ZONE = "Europe/Paris"
FORMAT_MODULE_PATH = "dui.formats"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "documents"  # encrypted files, served by a view only
TAILLE_MAXIMALE_DOCUMENT = 25 * 2**20
PIXELS_MAXIMAUX = 50_000_000  # of an image, before anything decodes it
COTE_MAXIMAL_PHOTO = 1600  # pixels of the longer side of a photo, as it is kept
# tcp://host:3310 or unix:///path of a ClamAV daemon; empty: files are not scanned.
ANTIVIRUS = envstr("DUI_ANTIVIRUS", "")
ANTIVIRUS_DELAI = envint("DUI_ANTIVIRUS_DELAI", 10)
# When it does not answer: refuse the file, or accept it and say so in the journal.
ANTIVIRUS_OBLIGATOIRE = envbool("DUI_ANTIVIRUS_OBLIGATOIRE", True)
FILE_UPLOAD_HANDLERS = [
    "dui.socle.televersement.Plafond",  # refuses while receiving, before the disk fills
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

CELERY_TASK_DEFAULT_QUEUE = "defaut"
CELERY_TASK_QUEUES = [
    Queue(nom, Exchange(nom), routing_key=nom) for nom in ("defaut", "dmp", "mssante", "pdf")
]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker that comes back is always found again
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above TASK_TIME_LIMIT, or a task still running would be delivered twice.
    "visibility_timeout": 900,
    # Without these two, the task of a killed worker waits for a sweep that runs every 100 s or so.
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_TIMEZONE = "Europe/Paris"
# Written later than this after it was done, an act says so.
SAISIE_APRES_COUP_MINUTES = 60

CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "relever-les-messages": {"task": "dui.socle.tasks.relever", "schedule": 60},
    "sceller-le-journal": {"task": "dui.socle.tasks.sceller", "schedule": 60},
    "renouveler-pro-sante-connect": {"task": "habilitations.psc.tasks.renouveler", "schedule": 60},
    "actualiser-l-annuaire": {
        "task": "dui.socle.annuaire.taches.actualiser",
        "schedule": crontab(minute=20, hour="5,13"),
    },
    "relever-les-ecarts-avec-l-annuaire": {
        "task": "dui.socle.annuaire.taches.relever_les_ecarts",
        "schedule": crontab(minute=30, hour=6),
    },
    "chercher-les-doublons": {
        "task": "administratif.doublons.taches.chercher",
        "schedule": crontab(minute=50, hour=3),
    },
    "clore-les-presences": {
        "task": "accompagnement.presences.taches.clore_les_jours",
        "schedule": crontab(minute=20, hour=3),
    },
    "garder-les-feuilles-d-evacuation": {
        "task": "accompagnement.presences.taches.garder_les_feuilles",
        "schedule": crontab(minute=30, hour=4),
    },
    "suivre-les-fusions": {
        "task": "administratif.doublons.taches.rattraper",
        "schedule": 60,
    },
    "ancrer-le-journal": {"task": "dui.socle.tasks.ancrer", "schedule": crontab(minute=10, hour=2)},
    "verifier-le-journal": {
        "task": "dui.socle.tasks.verifier_le_journal",
        "schedule": crontab(minute=40, hour=2),
    },
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "dui.traces.FormatJson"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own handlers would print tracebacks, hence perhaps names, in clear.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
