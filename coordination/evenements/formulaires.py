"""The one page of a declaration, drawn from what its type asks for."""

from uuid import uuid4

from django import forms
from django.utils import timezone

from coordination.evenements import regles
from coordination.models import EvenementIndesirable, PersonneConcernee
from dui.socle import champs, codes

TITRES = {"famille": "Famille", "medecin": "Médecin"}
ANNONCES = tuple(TITRES)
TECHNIQUES = ("cle_saisie", "version", "autre", "autre_qualite", "temoin_nom")
AUTRE = "autre"


def texte(label, aide="", lignes=2, requis=False):
    zone = forms.Textarea(attrs={"rows": lignes})
    return forms.CharField(
        label=label, help_text=aide, required=requis, max_length=8000, widget=zone
    )


def ligne(label, aide="", maximum=120):
    return forms.CharField(
        label=label, help_text=aide, required=False, max_length=maximum, widget=forms.TextInput()
    )


def une_parmi(label, choix, *, requis=False, icones=None):
    champ = forms.ChoiceField(label=label, choices=choix, required=requis, widget=forms.RadioSelect)
    champ.icones = icones or {}
    champ.error_messages["required"] = regles.REPONDEZ
    return champ


class EvenementForm(forms.Form):
    """`type_`: the code list entry; `dossier` is None for what happens to the house."""

    cle_saisie = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    constate_le = champs.instant("Constaté le")
    survenu_le = champs.instant("Survenu le", requis=False, aide="si vous le savez")
    lieu_precis = ligne("Précision", "chambre 12, devant la serre…")
    circonstances = texte("Circonstances", "ce qui a été vu, sans interpréter", requis=True)
    mesures = texte("Mesures immédiates", "ce qui a été fait tout de suite")
    consequences = texte("Conséquences", "pour la personne, pour les autres", 2)

    def __init__(self, *args, type_, contacts=(), medecins=(), presents=(), objet=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.type_, self.objet = type_, objet
        self.demandees = regles.parties_de(type_.proprietes)
        lieux = codes.choix("lieu_evenement")
        self.fields["lieu"] = une_parmi("Où", lieux)
        gravites = [(str(v), libelle) for v, libelle in EvenementIndesirable.Gravite.choices]
        self.fields["gravite"] = une_parmi("Gravité", gravites, requis=True)
        for partie in self.demandees:
            for champ in partie.champs:
                self.fields[champ.nom] = _question(champ)
                if not champ.libelle.startswith(partie.titre):
                    self.fields[champ.nom].partie = partie.titre
        if not type_.proprietes.get("maison"):
            self._annonces(contacts, medecins)
            self._autres(presents)
        self.fields["anonyme"] = forms.BooleanField(
            label="Déclarer sans mon nom",
            required=False,
            help_text="Ni la fiche ni ce qui en sort ne disent qui a déclaré ; "
            "le journal des accès, lui, garde sa trace.",
        )
        if objet:
            del self.fields["anonyme"]
        self._remplir(objet)

    def _annonces(self, contacts, medecins):
        oui_non = [("oui", "Oui"), ("non", "Pas encore")]
        for nom, question, connus in (
            ("famille", "Famille ou proche prévenu ?", contacts),
            ("medecin", "Médecin prévenu ?", medecins),
        ):
            exige = self.type_.proprietes.get(nom) == regles.EXIGEE
            self.fields[nom] = une_parmi(question, oui_non, requis=exige)
            choix = [(c, c) for c in connus] + ([(AUTRE, "Quelqu’un d’autre")] if connus else [])
            if choix:
                self.fields[f"{nom}_connu"] = une_parmi("Qui", choix)
            self.fields[f"{nom}_qui"] = ligne("Nom" if connus else "Qui")
            self.fields[f"{nom}_le"] = champs.instant("Quand", requis=False)
            if nom == "famille":
                self.fields["famille_par"] = ligne("Par", "vous si rien n’est écrit, sauf anonymat")
            else:
                self.fields["medecin_consignes"] = ligne("Ses consignes", maximum=300)
            self.fields[f"{nom}_motif"] = ligne("Sinon, pourquoi pas encore", maximum=200)
            for suffixe in ("connu", "qui", "le", "par", "consignes", "motif"):
                if champ := self.fields.get(f"{nom}_{suffixe}"):
                    champ.partie = TITRES[nom]

    def _autres(self, presents):
        self.fields["autre"] = forms.ChoiceField(
            label="Une autre personne accompagnée",
            required=False,
            choices=[("", "Aucune"), *presents],
        )
        qualites = PersonneConcernee.Qualite.choices
        self.fields["autre_qualite"] = forms.ChoiceField(
            label="À quel titre", required=False, choices=qualites, initial="temoin"
        )
        self.fields["temoin_nom"] = ligne("Témoin, professionnel ou visiteur", "nom et qualité")

    def _remplir(self, objet):
        maintenant = timezone.localtime
        depart = {"cle_saisie": uuid4, "constate_le": maintenant}
        depart |= {f"{nom}_le": maintenant for nom in ANNONCES}
        if objet:
            depart = {n: getattr(objet, n) for n in self.fields if hasattr(objet, n)}
            depart |= objet.faits | {"gravite": str(objet.gravite), "version": objet.version}
            for nom in ANNONCES:
                depart[f"{nom}_le"] = depart.get(f"{nom}_le") or maintenant
                depart |= self._qui(nom, depart.get(f"{nom}_qui"))
        for nom, valeur in depart.items():
            if nom in self.fields:
                self.fields[nom].initial = valeur

    def _qui(self, nom, qui) -> dict:
        """Who was told, ticked when proposed, else written."""
        champ = self.fields.get(f"{nom}_connu")
        if qui and champ and qui in dict(champ.choices):
            return {f"{nom}_connu": qui, f"{nom}_qui": ""}
        return {f"{nom}_connu": AUTRE if qui else ""}

    def clean(self):
        donnees = super().clean()
        for nom in ANNONCES:
            connu = donnees.get(f"{nom}_connu", "")
            if connu not in ("", AUTRE):
                donnees[f"{nom}_qui"] = donnees.get(f"{nom}_qui") or connu
        return donnees

    @property
    def saisie(self) -> dict:
        """What the service takes."""
        donnees = dict(self.cleaned_data)
        noms = {c.nom for p in self.demandees for c in p.champs}
        faits = {nom: donnees.pop(nom) for nom in noms if nom in donnees}
        personnes = [*self._concernees(donnees)]
        for nom in (*TECHNIQUES, "famille_connu", "medecin_connu"):
            donnees.pop(nom, None)
        donnees["gravite"] = int(donnees["gravite"])
        return donnees | {"faits": faits, "personnes": personnes}

    def _concernees(self, donnees):
        if donnees.get("autre"):
            yield donnees["autre_qualite"] or "temoin", donnees["autre"], ""
        if donnees.get("temoin_nom"):
            yield "temoin", None, donnees["temoin_nom"]

    def parties(self):
        """[(title, [(kind, bound field)])], as the page draws them."""
        for partie in self.demandees:
            yield partie.titre, [(_dessin(c), self[c.nom]) for c in partie.champs]

    def annonces(self):
        for nom in ANNONCES:
            if nom in self.fields:
                autres = [n for n in self.fields if n.startswith(f"{nom}_")]
                par_nom = {n.removeprefix(f"{nom}_"): self[n] for n in autres}
                yield {"titre": TITRES[nom], "reponse": self[nom], "champs": par_nom}


def _question(champ: regles.Champ) -> forms.Field:
    if champ.sorte == "texte":
        question = ligne(champ.libelle, champ.aide, 300)
    elif champ.sorte == "une":
        question = une_parmi(champ.libelle, champ.choix)
    else:
        cases = forms.CheckboxSelectMultiple
        question = forms.MultipleChoiceField(label=champ.libelle, choices=champ.choix, widget=cases)
    question.required = champ.exige
    question.error_messages["required"] = regles.REPONDEZ
    return question


def _dessin(champ: regles.Champ) -> str:
    if champ.sorte == "une" and len(champ.choix) < 4:
        return "segment"
    return "champ" if champ.sorte == "texte" else "puces"


class AvancerForm(forms.Form):
    """The gesture that leads an event to its next state, with what it writes."""

    vers = forms.ChoiceField(choices=EvenementIndesirable.Etat.choices, widget=forms.HiddenInput)
    causes = forms.MultipleChoiceField(
        label="Causes retenues", required=False, widget=forms.CheckboxSelectMultiple
    )
    analyse = texte("Analyse", "l’enchaînement des faits, ce qui a manqué", 4)
    bilan = texte("Bilan", "ce qui a été fait, ce qui a changé", 3)
    note = ligne("Note", maximum=300)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["causes"].choices = codes.choix("cause_evenement")


class FiltresForm(forms.Form):
    """Filters of the register, by GET."""

    type = forms.ChoiceField(label="Type", required=False)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *EvenementIndesirable.Etat.choices]
    )
    du = champs.jour("Du", required=False)
    au = champs.jour("Au", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", "Tous"), *codes.choix("type_evenement")]

    def filtrer(self, requete):
        if not self.is_valid():
            return requete
        choisi = self.cleaned_data
        bornes = {"du": "constate_le__date__gte", "au": "constate_le__date__lte"}
        filtres = {bornes.get(n, n): v for n, v in choisi.items() if v}
        return requete.filter(**filtres)

    @property
    def actifs(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())
