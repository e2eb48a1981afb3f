"""One mapped row → what may be imported, or why not. Pure: no ORM, no clock."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from admission.importation import elements
from admission.importation.elements import ValeurRefusee
from admission.importation.examen import Contexte, Examen, Rejet, controler_cellules
from admission.importation.lecture import Cellule
from admission.importation.valeurs_brutes import ErreurDeCalcul, Formule
from dui.socle import identite

ENTREE_FUTURE = timedelta(days=366)


@dataclass(frozen=True)
class ContactLu:
    nom: str
    prenom: str = ""
    lien: str = ""
    telephone: str = ""
    medecin: bool = False


@dataclass(frozen=True)
class LigneValide:
    ligne: int
    nom_naissance: str
    prenoms: str
    sexe: str
    date_naissance: date
    naissance_incomplete: str = ""
    nom_utilise: str = ""
    prenom_utilise: str = ""
    civilite: str = ""
    lieu_naissance_cog: str = identite.COG_INCONNU
    commune_naissance: str = ""
    matricule: str = ""
    oid: str = ""
    telephone: str = ""
    courriel: str = ""
    numero_dossier: str = ""
    unite: str = ""
    chambre: str = ""
    lit: str = ""
    entree_le: date | None = None
    gir: int | None = None
    contacts: tuple[ContactLu, ...] = ()
    avertissements: tuple[str, ...] = ()

    @property
    def premier_prenom(self) -> str:
        return self.prenoms.split(" ")[0]


def _nom_naissance(texte: str) -> str:
    nom = identite.forme_ins(texte)
    elements.controler_mariage(nom)
    if not identite.nom_naissance_admis(nom):
        raise ValeurRefusee(
            "Le nom contient un caractère non admis.",
            "Lettres, espace, trait d’union et apostrophe seulement.",
        )
    return nom


def _prenoms(texte: str) -> str:
    prenoms = identite.forme_ins(texte.replace(",", " "))
    if not identite.prenom_admis(prenoms):
        raise ValeurRefusee(
            "Les prénoms contiennent un caractère non admis.",
            "Lettres, espace, trait d’union et apostrophe seulement.",
        )
    return prenoms


def _noms(examen: Examen, sexe: str) -> dict[str, str]:
    noms = {
        "nom_naissance": examen.lire("nom_naissance", _nom_naissance, ""),
        "prenoms": examen.lire("prenoms", _prenoms, ""),
        "nom_utilise": examen.lire("nom_utilise", elements.nom_affiche, ""),
        "prenom_utilise": examen.lire("prenom_utilise", elements.nom_affiche, ""),
    }
    if not examen.texte("nom_naissance") and noms["nom_utilise"] and sexe == "M":
        # Lists that only fill « nom de jeune fille » for married women.
        noms["nom_naissance"] = examen.lire("nom_utilise", _nom_naissance, "")
        examen.avertir("Nom de naissance absent : le nom utilisé est repris.")
    elif not examen.texte("nom_naissance"):
        examen.rejeter("nom_naissance", "Le nom de naissance manque.", "Complétez la cellule.")
    if not examen.texte("prenoms"):
        examen.rejeter("prenoms", "Le prénom de naissance manque.", "Complétez la cellule.")
    if identite.cle_comparaison(noms["nom_utilise"]) == noms["nom_naissance"]:
        noms["nom_utilise"] = ""
    noms["prenom_utilise"] = noms["prenom_utilise"] or _avec_ses_accents(
        examen.texte("prenoms"), noms["prenoms"].split(" ")[0]
    )
    return noms


def _avec_ses_accents(tapes: str, premier: str) -> str:
    """« HÉLÈNE, Marie » → Hélène: strict traits lose the accents, what one reads keeps them."""
    accentue = re.split(r"[\s,]", tapes.strip(), maxsplit=1)[0].title()
    meme = identite.cle_comparaison(accentue) == identite.cle_comparaison(premier)
    return accentue if meme and not accentue.isascii() else ""


def _sexe(examen: Examen) -> tuple[str, str]:
    civilite = examen.lire("civilite", elements.civilite, "")
    deduit = elements.SEXE_DE_CIVILITE.get(civilite, "")
    sexe = examen.lire("sexe", elements.sexe, "") or ("" if examen.texte("sexe") else deduit)
    if not sexe and not examen.texte("sexe"):
        examen.rejeter("sexe", "Le sexe manque.", "Écrivez M ou F.")
    if sexe in ("M", "F") and deduit and sexe != deduit:
        examen.rejeter("sexe", "Le sexe et la civilité se contredisent.", "Corrigez l’un des deux.")
    if not examen.texte("civilite"):
        mot = examen.texte("sexe")
        civilite = elements.civilite(mot) if len(mot) > 1 else ""
    return sexe, civilite


def _date(
    examen: Examen, code: str, lire: Callable[..., identite.DateLue]
) -> identite.DateLue | None:
    valeur = examen.valeurs.get(code, "")
    contexte = examen.contexte
    if isinstance(valeur, Formule | ErreurDeCalcul) or not examen.texte(code):
        return None
    brut = valeur if isinstance(valeur, date) else examen.texte(code)
    try:
        lue = lire(brut, aujourd_hui=contexte.aujourd_hui, siecle=contexte.siecle)
    except identite.DateIllisible as refus:
        examen.rejeter(code, str(refus), "Corrigez la date dans le fichier.")
        return None
    examen.avertir(lue.remarque)
    return lue


def _naissance(examen: Examen) -> identite.DateLue | None:
    lue = _date(examen, "date_naissance", identite.lire_naissance)
    if lue is None and not examen.texte("date_naissance"):
        examen.rejeter(
            "date_naissance",
            "La date de naissance manque.",
            "Complétez-la ; « 00/00/1931 » quand seule l’année est connue.",
        )
    return lue


def _entree(examen: Examen, naissance: date | None) -> date | None:
    lue = _date(examen, "entree_le", identite.lire_date)
    if lue is None:
        return None
    if lue.incomplete:
        examen.rejeter("entree_le", "La date d’entrée est incomplète.", "Écrivez JJ/MM/AAAA.")
    elif lue.date > examen.contexte.aujourd_hui + ENTREE_FUTURE:
        examen.rejeter(
            "entree_le", "L’entrée est prévue dans plus d’un an.", "Vérifiez l’année d’entrée."
        )
    elif naissance and lue.date < naissance:
        examen.rejeter("entree_le", "L’entrée précède la naissance.", "Vérifiez les deux dates.")
    return lue.date


def _lieu(examen: Examen) -> tuple[str, str]:
    commune = examen.texte("commune_naissance")
    code = examen.lire("cog_naissance", elements.cog, "")
    if not code and not examen.texte("cog_naissance"):
        code = elements.cog_du_pays(examen.texte("pays_naissance"))
        if code == identite.COG_INCONNU:
            examen.avertir("Code du lieu de naissance absent : noté inconnu (99999).")
    return code, commune


def _oid(examen: Examen) -> str:
    oid = examen.texte("oid").removeprefix("urn:oid:")
    if not oid or oid in identite.OID_ASSURE:
        return ""
    if oid not in identite.OID_INS:
        examen.rejeter("oid", "Cette nature de matricule n’est pas un INS.", "Retirez l’OID.")
    elif oid in identite.OID_DE_TEST and not examen.contexte.accepte_test:
        examen.rejeter(
            "oid",
            "Ce matricule est une identité de test.",
            "Retirez la ligne : les identités de test n’entrent pas dans une base réelle.",
        )
    return oid


def _matricule(examen: Examen, sexe: str, naissance: identite.DateLue | None) -> tuple[str, str]:
    """(number, OID) to keep: a number without nature is checked, then left to the INSi."""
    texte, oid = examen.texte("matricule"), _oid(examen)
    if not texte:
        return "", ""
    if re.search(r"\dE[+-]?\d", texte.upper()):
        examen.rejeter(
            "matricule",
            "Le tableur a arrondi le numéro.",
            "Mettez la colonne au format Texte, puis exportez de nouveau.",
        )
        return "", ""
    matricule = identite.lire_matricule(texte)
    if matricule is None:
        examen.rejeter(
            "matricule",
            "Ce n’est pas un numéro de sécurité sociale.",
            "15 caractères, clé comprise.",
        )
        return "", ""
    _controler_cle(examen, matricule, oid)
    if naissance:
        ecarts = identite.incoherences(
            matricule, sexe=sexe, naissance=naissance.date, incomplete=naissance.incomplete
        )
        if ecarts:
            examen.avertir(f"Le numéro de sécurité sociale contredit {' et '.join(ecarts)}.")
    if not oid:
        examen.avertir(
            "Numéro contrôlé, non repris : le matricule INS viendra du téléservice INSi."
        )
        return "", ""
    return str(matricule), oid


def _controler_cle(examen: Examen, matricule: identite.Matricule, oid: str) -> None:
    if matricule.cle_juste:
        return
    connu = str(matricule) in identite.MATRICULES_DE_TEST_A_CLE_FAUSSE
    if examen.contexte.accepte_test and (connu or oid in identite.OID_DE_TEST):
        examen.avertir("La clé de cette identité de test est fausse.")
        return
    examen.rejeter(
        "matricule",
        f"La clé est fausse : {matricule.cle} au lieu de {matricule.cle_attendue}.",
        "Vérifiez le numéro sur la carte Vitale.",
    )


def _telephone(examen: Examen, code: str) -> str:
    numero, reste = examen.lire(code, elements.telephone, ("", ""))
    if reste:
        examen.avertir("Une cellule de téléphone contient autre chose : seul le numéro est repris.")
    return numero[:20]


def _contact(examen: Examen, rang: int) -> ContactLu | None:
    nom, prenom, lien = (examen.texte(f"contact{rang}_{x}") for x in ("nom", "prenom", "lien"))
    telephone = _telephone(examen, f"contact{rang}_telephone")
    if not (nom or prenom or telephone):
        return None
    if not nom:
        examen.avertir("Un contact n’a pas de nom : à préciser.")
    if not prenom:
        nom, prenom = elements.separer_nom(nom)
    return ContactLu(nom or "À préciser", prenom, lien, telephone)


def _contacts(examen: Examen) -> tuple[ContactLu, ...]:
    contacts = [c for c in (_contact(examen, 1), _contact(examen, 2)) if c]
    telephone = _telephone(examen, "medecin_telephone")
    if medecin := elements.medecin(examen.texte("medecin_nom")):
        nom, prenom = elements.separer_nom(medecin)
        contacts.append(ContactLu(nom, prenom, "", telephone, medecin=True))
    return tuple(contacts)


def valider(
    ligne: int, valeurs: dict[str, Cellule], contexte: Contexte
) -> LigneValide | list[Rejet]:
    examen = Examen(ligne, valeurs, contexte)
    controler_cellules(examen)
    if examen.rejets:
        return examen.rejets
    sexe, civilite = _sexe(examen)
    noms = _noms(examen, sexe)
    naissance = _naissance(examen)
    matricule, oid = _matricule(examen, sexe, naissance)
    cog, commune = _lieu(examen)
    entree = _entree(examen, naissance.date if naissance else None)
    sejour: dict[str, Any] = {
        "telephone": _telephone(examen, "telephone"),
        "courriel": examen.lire("courriel", elements.courriel, ""),
        "gir": examen.lire("gir", elements.gir, None),
        "chambre": examen.lire("chambre", elements.chambre, ""),
        "lit": examen.texte("lit"),
        "unite": examen.texte("unite"),
        "numero_dossier": examen.texte("numero_dossier"),
        "contacts": _contacts(examen),
    }
    if examen.rejets or naissance is None:
        return examen.rejets
    return LigneValide(
        ligne,
        sexe=sexe,
        civilite=civilite,
        date_naissance=naissance.date,
        naissance_incomplete=naissance.incomplete,
        lieu_naissance_cog=cog,
        commune_naissance=commune,
        matricule=matricule,
        oid=oid,
        entree_le=entree,
        avertissements=tuple(examen.avertissements),
        **(noms | sejour),
    )
