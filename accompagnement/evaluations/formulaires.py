"""The form of a grid is drawn from its definition: one field an answer, none required, because a
draft is kept as it is. The engine alone judges the answers; the form shows its refusals."""

import uuid
from dataclasses import dataclass, field

from django import forms
from django.utils import timezone

from accompagnement.evaluations.formulaires_pieces import PiecesMixin
from accompagnement.evaluations.moteur import Definition
from accompagnement.evaluations.moteur import aggir as moteur_aggir
from accompagnement.evaluations.moteur.definitions import Item, decimal
from accompagnement.evaluations.moteur.echelles import SCORE, TEXTE_MAX
from accompagnement.evaluations.moteur.resultats import texte
from accompagnement.evaluations.table_pathos import table
from dui.socle import champs
from dui.socle.refus import refuser

PREFIXE, CONFIRME = "r_", "c_"
SANS_REPONSE = ("", "Sans réponse")
OUI_NON = (("oui", "Oui"), ("non", "Non"), SANS_REPONSE)
EN_BREF = (("oui", "Ne fait pas"), ("tout", "Fait seul"), ("", "À détailler"))
COURT = 14  # a longer label does not fit in a segment of a tablet


@dataclass
class Question:
    """What is coded together: an item, the adverbs of a variable, a couple."""

    titre: str = ""
    aide: str = ""
    champs: list = field(default_factory=list)


@dataclass
class Partie:
    titre: str
    questions: list[Question] = field(default_factory=list)
    repliee: bool = False


class EvaluationForm(PiecesMixin):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version_grille = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    faite_le = champs.instant("Faite le")
    auto_evaluation = forms.BooleanField(label="Remplie par la personne elle-même", required=False)
    avec = forms.CharField(
        label="Avec",
        required=False,
        max_length=200,
        help_text="Qui d’autre a participé : collègue, proche, aidant.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    commentaire = forms.CharField(
        label="Commentaire", required=False, max_length=4000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args, definition: Definition, evaluation=None, propositions=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.definition, self.propositions = definition, propositions or {}
        self.fields["faite_le"].initial = timezone.localtime
        self.fields["version_grille"].initial = definition.version
        self.parties = PAR_MOTEUR[definition.moteur](self, definition)
        self._proposer()
        if evaluation:
            self._reprendre(evaluation)

    def _proposer(self):
        """Under each answer that a recent value gives: one box, to confirm it."""
        for question in (q for partie in self.parties for q in partie.questions):
            for nom in list(question.champs):
                code = nom.removeprefix(PREFIXE)
                if proposition := self.propositions.get(code):
                    self.fields[f"{CONFIRME}{code}"] = proposition.champ()
                    question.champs.append(f"{CONFIRME}{code}")

    def clean(self):
        self._confirmer()
        self._detailler()
        return self.cleaned_data

    def _detailler(self):
        """« Fait seul » says yes to the four adverbs; it contradicts a no."""
        bref = [n for n in self.fields if n.endswith(".non") and self.cleaned_data.get(n) == "tout"]
        for nom in bref:
            debut = nom.removesuffix("non")
            adverbes = [n for n in self.fields if n.startswith(debut) and n != nom]
            if any(self.cleaned_data.get(n) == "non" for n in adverbes):
                self.add_error(nom, "« Fait seul » contredit un adverbe coché non.")
                continue
            self.cleaned_data |= dict.fromkeys(adverbes, "oui") | {nom: ""}

    def _confirmer(self):
        """A confirmed value is the answer; it never replaces another one in silence."""
        for code, proposition in self.propositions.items():
            if not self.cleaned_data.get(f"{CONFIRME}{code}"):
                continue
            if self.cleaned_data.get(f"{PREFIXE}{code}") not in ("", None, proposition.reponse):
                self.add_error(f"{PREFIXE}{code}", "Cette réponse n’est pas la valeur confirmée.")
            self.cleaned_data[f"{PREFIXE}{code}"] = proposition.reponse

    @property
    def origines(self) -> dict[str, dict]:
        confirmees = (c for c in self.propositions if self.cleaned_data.get(f"{CONFIRME}{c}"))
        return {c: self.propositions[c].origine for c in confirmees}

    def _reprendre(self, evaluation):
        self.initial |= {
            f"{PREFIXE}{c}": v
            for c, v in evaluation.reponses.items()
            if not (c.endswith(".non") and v == "non")  # says nothing: the adverbs do
        }
        for nom in ("revision", "auto_evaluation", "avec", "commentaire"):
            self.initial[nom] = getattr(evaluation, nom)
        self.initial["faite_le"] = timezone.localtime(evaluation.faite_le)

    def poser(self, code: str, champ: forms.Field):
        """A field of an answer; gives what the template draws."""
        champ.required = False
        self.fields[f"{PREFIXE}{code}"] = champ
        return f"{PREFIXE}{code}"

    def dessinees(self):
        """The parts with their bound fields."""
        for partie in self.parties:
            questions = [
                Question(q.titre, q.aide, [self[nom] for nom in q.champs]) for q in partie.questions
            ]
            yield Partie(partie.titre, questions, partie.repliee)

    @property
    def reponses(self) -> dict[str, str]:
        noms = (n for n in self.fields if n.startswith(PREFIXE))
        return {n.removeprefix(PREFIXE): self.cleaned_data.get(n) or "" for n in noms}

    @property
    def saisie(self) -> dict:
        noms = ("faite_le", "auto_evaluation", "avec", "commentaire")
        communes = {n: self.cleaned_data[n] for n in noms}
        donnees = self.cleaned_data
        pieces = {"retirees": donnees["retirees"], "nouvelle": donnees["piece"]}
        return communes | {
            "reponses": self.reponses,
            "origines": self.origines,
            "pieces": pieces,
        }

    def refuser(self, erreur) -> None:
        """What the service refused, each answer at its place."""
        if fautes := getattr(erreur, "fautes", None):
            for code, faute in fautes.items():
                nom = f"{PREFIXE}{code}"
                self.add_error(nom if nom in self.fields else None, faute)
        else:
            refuser(self, erreur)


class CorrectionForm(EvaluationForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    motif = forms.CharField(
        label="Motif de la correction",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, evaluation, **kwargs):
        super().__init__(*args, evaluation=evaluation, **kwargs)
        self.initial["version"] = evaluation.version


# ---------------------------------------------------------------- one builder for each engine


def _radios(label, choix) -> forms.ChoiceField:
    champ = forms.ChoiceField(label=label, choices=choix, widget=forms.RadioSelect, initial="")
    libelles = [str(mot) for _, mot in choix]
    champ.serre = len(choix) <= 4 and all(len(mot) <= COURT for mot in libelles)
    return champ


def _echelle(formulaire, definition) -> list[Partie]:
    parties: dict[str, Partie] = {}
    exclusifs = {c for groupe in definition.score.get("exclusif", ()) for c in groupe}
    for item in definition.items:
        partie = parties.setdefault(item.groupe, Partie(item.groupe or "Réponses"))
        vidable = not item.obligatoire or item.code in exclusifs
        nom = formulaire.poser(item.code, _champ_d_item(item, vidable=vidable))
        partie.questions.append(Question(champs=[nom]))
    return list(parties.values())


def _champ_d_item(item: Item, *, vidable: bool) -> forms.Field:
    if item.type == "choix":
        choix = [(o.valeur, o.libelle) for o in item.options]
        champ = _radios(item.libelle, [*choix, SANS_REPONSE] if vidable else choix)
        champ.help_text = item.aide
        return champ
    if item.type == "texte":
        champ = forms.CharField(
            label=item.libelle, max_length=TEXTE_MAX, widget=forms.Textarea({"rows": 3})
        )
    else:
        champ = _nombre(item.libelle, item.min, item.max)
    champ.help_text = item.aide or champ.help_text
    return champ


def _nombre(label, bas, haut) -> forms.CharField:
    attributs = {"inputmode": "decimal", "autocomplete": "off", "class": "entree--court"}
    aide = f"De {texte(bas)} à {texte(haut)}.".replace("-", "−")
    return forms.CharField(
        label=label, max_length=12, help_text=aide, widget=forms.TextInput(attrs=attributs)
    )


def _score_seul(formulaire, definition) -> list[Partie]:
    score = definition.score
    champ = _nombre("Score total", *(decimal(score[b]) for b in ("min", "max")))
    nom = formulaire.poser(SCORE, champ)
    aide = "Cette grille est protégée : relevez le total sur la feuille de son éditeur."
    return [Partie("Score", [Question("", aide, [nom])])]


def _aggir(formulaire, definition) -> list[Partie]:
    titres = {
        "calcul": Partie("Variables du calcul"),
        "discriminante": Partie("Autres variables discriminantes"),
        "illustrative": Partie("Variables illustratives", repliee=True),
    }
    adverbes = definition.brut["adverbes"]
    for variable in definition.brut["variables"]:
        for observe in moteur_aggir.observes(variable):
            noms = [formulaire.poser(f"{observe.nom}.non", _en_bref(variable))]
            for adverbe in adverbes:
                question = variable["questions"][adverbe["code"]]
                champ = _radios(f"{adverbe['libelle']} : {question}", OUI_NON)
                noms.append(formulaire.poser(f"{observe.nom}.{adverbe['code']}", champ))
            titre = f"{variable['libelle']} : {observe.libelle.lower()}"
            titre = titre if observe.libelle else variable["libelle"]
            question = Question(titre, variable["definition"], noms)
            titres[variable["famille"]].questions.append(question)
    return list(titres.values())


def _en_bref(variable) -> forms.ChoiceField:
    """One gesture for the two ends; the four adverbs for what lies between."""
    champ = _radios("En bref", EN_BREF)
    champ.help_text = (
        f"Ne fait pas : {variable['ne_fait_pas'].lower()}. "
        "Fait seul : spontanément, totalement, correctement et habituellement."
    )
    return champ


def _pathos(formulaire, definition) -> list[Partie]:
    etats, partie = table(), Partie("Couples état et profil")
    profils = [("", "Choisir…")] + [
        (p["code"], f"{p['code']} – {p['libelle']}") for p in definition.brut["profils"]
    ]
    for n in range(1, definition.brut["couples_max"] + 1):
        noms = [
            formulaire.poser(f"{n}.etat", _etat(etats)),
            formulaire.poser(
                f"{n}.profil", forms.ChoiceField(label="Profil de soins", choices=profils)
            ),
            formulaire.poser(
                f"{n}.commentaire", forms.CharField(label="Commentaire", max_length=200)
            ),
        ]
        partie.questions.append(Question(f"Couple {n}", champs=noms))
    return [partie]


def _etat(etats) -> forms.Field:
    """A list when the table is imported; else the number of the guide."""
    if not etats:
        aide = "Numéro de l’état dans le guide : la table n’est pas importée."
        attributs = {"inputmode": "numeric", "autocomplete": "off", "class": "entree--court"}
        return forms.CharField(
            label="État pathologique",
            max_length=60,
            help_text=aide,
            widget=forms.TextInput(attrs=attributs),
        )
    choix = [("", "Choisir…")] + [(e.numero, f"{e.numero} – {e.libelle}") for e in etats.values()]
    return forms.ChoiceField(label="État pathologique", choices=choix)


PAR_MOTEUR = {
    "echelle": _echelle,
    "score_seul": _score_seul,
    "aggir": _aggir,
    "pathos": _pathos,
}
