"""The forms of a version are drawn from what `contenu` declares; those of its life are plain."""

import uuid

from django import forms
from django.utils import timezone

from accompagnement.projets import contenu as contenus
from accompagnement.projets import echeances, trames
from accompagnement.projets.contenu import GENRES, Champ
from accompagnement.projets.empreintes import empreinte
from dui.socle import arbres, champs, codes

CHOISIR = ("", "Choisir…")
LONGUEUR_LIGNE, LONGUEUR_PROSE = 300, 8000
HAUTES = {"histoire", "description"}


def ligne(label, **options) -> forms.CharField:
    options.setdefault("max_length", LONGUEUR_LIGNE)
    return forms.CharField(
        label=label, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options
    )


def prose(label, lignes=3, **options) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGUEUR_PROSE, widget=forms.Textarea({"rows": lignes}), **options
    )


def liste(label, choix, **options) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[CHOISIR, *choix], **options)


def cases(label, choix, **options) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choix, widget=forms.CheckboxSelectMultiple, **options
    )


def _en_arbre(nomenclature):
    """A tree in a list: each code under its branch."""
    for noeud in arbres.parcourir(arbres.arbre(nomenclature)):
        retrait = "\u00a0\u00a0" * len(noeud.chemin)
        yield noeud.code, f"{retrait}{noeud.code} {noeud.libelle}"


class DeclareForm(forms.Form):
    """A frame or an element: `lu` says what was read, for the conflict."""

    lu = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, declares, contenu, comptes, valeurs=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.declares, self.contenu = declares, contenu
        self.comptes = {str(pk): nom for pk, nom in comptes}
        self.trame = trames.trame(contenu["trame"])
        for champ in declares:
            self.fields[champ.nom] = self._champ(champ)
        self.initial["lu"] = empreinte(valeurs)
        for champ in declares:
            if valeurs and champ.nom in valeurs:
                self.initial[champ.nom] = self._lu(champ, valeurs[champ.nom])

    def _champ(self, champ: Champ) -> forms.Field:
        communs = {"required": champ.requis, "help_text": champ.aide}
        match champ.sorte:
            case contenus.LIGNE:
                return ligne(champ.libelle, **communs)
            case contenus.PROSE:
                return prose(champ.libelle, 4 if champ.nom in HAUTES else 2, **communs)
            case contenus.JOUR:
                return champs.jour(champ.libelle, **communs)
            case contenus.CODES:
                return cases(champ.libelle, codes.choix(champ.liste), **communs)
            case contenus.LIENS:
                return cases(champ.libelle, self._elements(champ.liste), **communs)
        if champ.sorte == contenus.PICTO:
            return self._pictogrammes(champ)
        return liste(champ.libelle, list(self._choix(champ)), **communs)

    def _pictogrammes(self, champ: Champ) -> forms.ChoiceField:
        choix = trames.reglages()["pictogrammes"]
        pose = forms.ChoiceField(
            label=champ.libelle,
            required=False,
            choices=list(choix.items()),
            widget=forms.RadioSelect,
            initial=next(iter(choix)),
        )
        pose.icones = {nom: nom for nom in choix}
        return pose

    def _choix(self, champ: Champ):
        match champ.sorte:
            case contenus.COMPTE:
                return self.comptes.items()
            case contenus.LIEN:
                return self._elements(champ.liste)
            case contenus.VOLET:
                return self.trame.volets
        if champ.liste.endswith("_serafin"):
            return _en_arbre(champ.liste)
        return codes.choix(champ.liste)

    def _elements(self, genre):
        return [
            (e["id"], GENRES[genre].nom_de(e)[:120]) for e in contenus.elements(self.contenu, genre)
        ]

    def _lu(self, champ: Champ, valeur):
        if champ.sorte == contenus.JOUR:
            return timezone.datetime.fromisoformat(valeur).date()
        if champ.sorte == contenus.COMPTE:
            cle, _, nom = valeur.partition("|")
            self._garder_le_compte(champ, cle, nom)
            return cle
        return valeur

    def _garder_le_compte(self, champ, cle, nom):
        """Who has left stays the reference until somebody chooses another."""
        if cle not in self.comptes:
            self.comptes[cle] = nom
            self.fields[champ.nom].choices = [CHOISIR, *self.comptes.items()]

    @property
    def valeurs(self) -> dict:
        dites = {}
        for champ in self.declares:
            valeur = self.cleaned_data.get(champ.nom)
            if champ.sorte == contenus.COMPTE and valeur:
                valeur = f"{valeur}|{self.comptes[valeur]}"
            dites[champ.nom] = valeur.isoformat() if hasattr(valeur, "isoformat") else valeur
        return dites

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("date_debut"), donnees.get("date_fin")
        if debut and fin and fin < debut:
            self.add_error("date_fin", "La fin précède le début.")
        return donnees

    def reprendre_le_conflit(self, actuel) -> None:
        """What is typed stays; saved again, it replaces what a colleague wrote, knowingly."""
        donnees = self.data.copy()
        donnees["lu"] = empreinte(actuel)
        self.data = donnees


class CadreForm(DeclareForm):
    def __init__(self, *args, contenu, **kwargs):
        declares = contenus.champs_du_cadre(trames.trame(contenu["trame"]))
        valeurs = contenu[contenus.CADRE]
        super().__init__(*args, declares=declares, contenu=contenu, valeurs=valeurs, **kwargs)

    def clean(self):
        donnees = super().clean()
        debut, revision = donnees.get("date_debut"), donnees.get("revision")
        if debut and revision:
            limite = echeances.ajouter_mois(debut, self.trame.revue_mois)
            base = max(limite, echeances.ajouter_mois(timezone.localdate(), self.trame.revue_mois))
            if revision < debut:
                self.add_error("revision", "La révision suit le début.")
            elif revision > base:
                self.add_error("revision", "Au plus tard un an après.")
        return donnees


class ElementForm(DeclareForm):
    def __init__(self, *args, genre, contenu, element=None, **kwargs):
        champs_ = GENRES[genre].champs
        super().__init__(*args, declares=champs_, contenu=contenu, valeurs=element, **kwargs)


class OuvertureForm(forms.Form):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, maisons, comptes, moi, **kwargs):
        super().__init__(*args, **kwargs)
        self.maisons = {str(m.pk): m for m in maisons}
        self.comptes = {str(pk): nom for pk, nom in comptes}
        trame = trames.pour(maisons[0] if maisons else None)
        jour = timezone.localdate()
        if len(maisons) != 1:
            self.fields["etablissement"] = liste(
                "Où", [(k, m.nom) for k, m in self.maisons.items()]
            )
        self.fields["trame"] = forms.ChoiceField(
            label="Trame",
            choices=[(t.code, t.libelle) for t in trames.toutes().values()],
            initial=trame.code,
            help_text="Elle propose les volets et les rubriques de ce type d’accompagnement.",
        )
        self.fields["titre"] = ligne("Titre du projet", max_length=200, initial=trame.titre)
        choix = list(self.comptes.items())
        self.fields["referent"] = liste("Référent du projet", choix, required=False)
        if str(moi) in self.comptes:
            self.fields["referent"].initial = str(moi)
        self.fields["date_debut"] = champs.jour("Début", initial=jour)
        revision = echeances.ajouter_mois(jour, trame.revue_mois)
        self.fields["revision"] = champs.jour("À revoir le", initial=revision)

    @property
    def etablissement(self):
        seule = next(iter(self.maisons.values())) if len(self.maisons) == 1 else None
        return seule or self.maisons[self.cleaned_data["etablissement"]]

    @property
    def cadre(self) -> dict:
        d = self.cleaned_data
        trame = trames.trame(d["trame"])
        referent = d["referent"]
        return {
            "titre": d["titre"],
            "type": trame.type,
            "referent": f"{referent}|{self.comptes[referent]}" if referent else "",
            "date_debut": d["date_debut"].isoformat(),
            "revision": d["revision"].isoformat(),
        }

    def clean(self):
        d = super().clean()
        if d.get("date_debut") and d.get("revision") and d.get("trame"):
            limite = echeances.ajouter_mois(d["date_debut"], trames.trame(d["trame"]).revue_mois)
            if not d["date_debut"] < d["revision"] <= limite:
                self.add_error("revision", "Après le début, et au plus tard un an après.")
        return d


class NouvelleVersionForm(forms.Form):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    precision = ligne("Précision", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"] = liste("Pourquoi", codes.choix("evenement_de_vie"))
        self.order_fields(["motif", "precision"])
