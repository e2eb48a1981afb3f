"""The gallery: every component in every state, on invented data (development and demo only)."""

from datetime import date, timedelta
from types import SimpleNamespace

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dui.socle.enums import StatutIdentite
from dui.socle.graphes import Seuil, courbe, intervalles

CIBLES = {
    "alimentation": "repas",
    "hydratation": "hydratation",
    "sommeil": "nuit",
    "douleur": "coeur",
    "chute": "marche",
}


class FormulaireExemple(forms.Form):
    poids = forms.DecimalField(
        label="Poids", help_text="en kilogrammes, une décimale", localize=True
    )
    pouls = forms.IntegerField(label="Pouls", min_value=20, max_value=250)
    medecin = forms.ChoiceField(label="Médecin", choices=[("petit", "Dr Hélène Petit")])
    dossier = forms.CharField(
        label="Numéro de dossier", widget=forms.TextInput(attrs={"readonly": True})
    )
    mutuelle = forms.CharField(label="Mutuelle", required=False)
    inactif = forms.CharField(label="Inactif", disabled=True, required=False)
    piece = forms.FileField(label="Pièce jointe", required=False)
    donnees = forms.CharField(
        label="Données",
        help_text="vu, mesuré, entendu",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    prevenue = forms.BooleanField(label="Famille prévenue", required=False)
    appui = forms.ChoiceField(
        label="Appui possible", choices=[("o", "Oui"), ("n", "Non")], widget=forms.RadioSelect
    )
    cible = forms.ChoiceField(
        choices=[(c, c.capitalize()) for c in CIBLES], widget=forms.RadioSelect
    )
    pour = forms.MultipleChoiceField(
        label="À l’attention de",
        required=False,
        choices=[("ide", "Infirmières"), ("medco", "Médecin"), ("cadre", "Cadre")],
        widget=forms.CheckboxSelectMultiple,
    )
    importance = forms.ChoiceField(
        choices=[("courante", "Courante"), ("importante", "Importante")], widget=forms.RadioSelect
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cible"].icones = CIBLES
        self.fields["importance"].icones = {"importante": "urgence"}


REFUSE = {
    "poids": "53,4",
    "pouls": "680",
    "medecin": "petit",
    "dossier": "T-2023-0117",
    "donnees": "",
    "prevenue": "on",
    "appui": "o",
    "cible": "alimentation",
    "pour": ["ide", "medco"],
    "importance": "importante",
}


def personne(nom: str, naissance: date, portrait: int, sexe: str = "F"):
    return SimpleNamespace(
        nom_affiche=nom,
        usage_affiche="",
        date_naissance=naissance,
        naissance_affichee=f"{naissance:%d/%m/%Y}",
        portrait=portrait,
        sexe=sexe,
    )


def bandeau_exemple(usager, **autres):
    valeurs = {
        "usager": usager,
        "dossier": None,
        "chambre": "12",
        "unite": "Magnolia",
        "gir": 3,
        "ins": "2 45 03 49 007 118 69 (NIR)",
        "statut_identite": StatutIdentite.QUALIFIEE,
        "vignettes": [
            ("rouge", "urgence", "Allergie : pénicilline", True),
            ("ambre", "homonyme", "Homonyme : Marie-Thérèse, ch. 30", False),
            ("bleu", "volontes", "Directives anticipées", False),
            ("gris", "marche", "Chute : risque élevé", False),
        ],
        "decede": None,
    }
    return SimpleNamespace(**valeurs | autres)


def graphes_exemple(jour: date) -> dict:
    poids = [56.8, 57.1, 56.6, 56.9, 56.2, 56.7, 56.5, 56.6, 56.4, 55.0, 53.4]
    pesees = [(jour - timedelta(days=18 * (10 - n)), p) for n, p in enumerate(poids)]
    hautes = [134, 131, 138, 162, 142, 136, 130, 133, 137, 129, 132, 135, 128]
    pressions = [(jour - timedelta(days=12 - n), 78 - n % 5, h) for n, h in enumerate(hautes)]
    return {
        "poids": courbe(
            pesees,
            titre="Poids",
            unite="kg",
            seuils=[Seuil(53.6, "seuil −5 %", dessus=False)],
            conclusion="3,0 kg de moins en un mois",
            ton="rouge",
            icone="baisse",
        ),
        "pression": intervalles(
            pressions,
            titre="Pression artérielle",
            unite="mmHg",
            seuils=[Seuil(150)],
            conclusion="Dans l’objectif, sauf une mesure",
        ),
    }


def semaine_exemple(jour: date) -> dict:
    repas = [{"texte": "¾"}, {"texte": "Tout"}, {"texte": "Tout"}, {"texte": "¾"}]
    repas += [
        {"texte": "½", "ton": "ambre", "icone": "baisse"},
        {"texte": "¼", "ton": "ambre", "icone": "baisse"},
        {"texte": "⅓", "ton": "rouge", "icone": "baisse"},
    ]
    litres = ["1,2 L", "1,1 L", "1,3 L", "", "1,1 L", "1,0 L", "0,6 L"]
    return {
        "jours": [jour - timedelta(days=6 - n) for n in range(7)],
        "lignes": [
            {"icone": "repas", "libelle": "Repas", "cases": repas},
            {
                "icone": "hydratation",
                "libelle": "Boissons",
                "cases": [{"texte": t} for t in litres],
            },
        ],
    }


@require_safe
def composants(request):
    marie = personne("DURAND Marie", date(1945, 3, 28), 2)
    robert = personne("CHEVALIER Robert", date(1942, 1, 3), 4, "M")
    longue = personne("DE LA ROCHEFOUCAULD-MONTBEL Marie-Antoinette", date(1931, 12, 30), 0)
    contexte = {
        "marie": marie,
        "robert": robert,
        "longue": longue,
        "bandeau": bandeau_exemple(marie),
        "bandeau_long": bandeau_exemple(
            longue,
            ins="",
            statut_identite=StatutIdentite.PROVISOIRE,
            decede=timezone.localdate(),
            vignettes=[],
        ),
        "statuts": list(StatutIdentite),
        "libre": FormulaireExemple(
            initial=REFUSE | {"pouls": 68, "inactif": "Sans objet"}, auto_id="libre_%s"
        ),
        "refuse": FormulaireExemple(REFUSE, auto_id="refuse_%s"),
        "semaine": semaine_exemple(timezone.localdate()),
        "graphes": graphes_exemple(timezone.localdate()),
        "maintenant": timezone.now(),
        "hier": timezone.now() - timedelta(days=1),
        "avant": timezone.now() - timedelta(days=40, hours=3),
        "exemples_messages": [
            Message(constants.SUCCESS, "Transmission de Mme DURAND enregistrée."),
            Message(constants.ERROR, "Envoi rejeté : adresse inconnue."),
        ],
        "onglets_exemple": [
            {"url": "#onglets", "libelle": mot, "courant": mot == "Synthèse"}
            for mot in ("Synthèse", "Transmissions", "Soins", "Projet")
        ],
        "filtres_exemple": [
            {"url": "#filtres", "libelle": "Tous", "nombre": 24, "courant": True},
            {"url": "#filtres", "libelle": "En alerte", "icone": "urgence", "nombre": 3},
            {"url": "#filtres", "libelle": "Absents", "icone": "sortie", "nombre": 0},
        ],
        "vues_exemple": [
            {"url": "#vues", "libelle": "Liste", "icone": "liste", "courant": True},
            {"url": "#vues", "libelle": "Cartes", "icone": "cartes"},
        ],
        "etapes_exemple": [
            {"libelle": "Reçue", "etat": "fait"},
            {"libelle": "Avis médical", "etat": "fait"},
            {"libelle": "Liste d’attente", "etat": "courante"},
            {"libelle": "Admission", "etat": "a_venir"},
        ],
        "travail": {
            "libelle": "Import des dossiers",
            "fait": 3120,
            "total": 5000,
            "reste": "14 min",
            "rejets": 18,
            "termine": False,
            "url": "",
        },
    }
    return render(request, "coque/composants.html", contexte)


composants.acces = ("public",)
composants.login_required = False
