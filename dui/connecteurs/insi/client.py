"""The seam: what the rest of the product asks of INSi."""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dui.connecteurs.insi import messages, reponse, traits, validation, vitale
from dui.connecteurs.insi.erreurs import AppelInterdit, EchecDeTransport, ErreurINSi, ReponseRefusee
from dui.connecteurs.insi.messages import Logiciel, Message, Tampon, tamponner
from dui.connecteurs.insi.rapprochement import avertissements, confirme, premier_prenom
from dui.connecteurs.insi.reponse import Echange, Rendu, Reponse, Verification
from dui.connecteurs.insi.strategie import TROUVE, aides, appels, conclure
from dui.connecteurs.insi.traits import IdentiteAVerifier, Traits
from dui.connecteurs.insi.transport import Acces, Liaison, Recu, Transport
from dui.connecteurs.insi.vitale import Beneficiaire


@dataclass(frozen=True)
class Reglages:
    """`idam`: authorisation number of the software (CNDA). `emetteur`: the unit of the certificate
    when empty. `schemas`: folder of the official XSD, if the establishment has them. `production`:
    test matricules are refused, and the verification needs those schemas."""

    acces: Acces
    idam: str
    emetteur: str = ""
    instance: str = ""
    nom: str = "DUI"
    version: str = "1.0"
    schemas: Path | None = None
    production: bool = True


class ClientInsi:
    """Four questions. Each either answers, or raises an ErreurINSi that says in French what to do
    (`message`), what it was (`code`), whether to try later (`reessayable`), and holds what was
    exchanged before it failed (`echanges`). None of them ever changes an identity: the caller
    shows, a person accepts. Called outside any transaction, for as long as `acces.total` seconds:
    in a request when the person waits for it, else from the outbox.

        client = ClientInsi(Reglages(Acces(url=…, certificat=…, cle=…), idam=…))
        reponse = client.rechercher(Traits("ADRUN", ("ZOE",), "F", "1975-12-31", "63220"))
        reponse.geste      # proposer, reformuler, preciser, ecarter, configurer
        reponse.identite   # whole, or None
        reponse.aides      # « Est-ce bien le nom de naissance ? … »
        reponse.echanges   # every call made, raw answers included: to be traced, all of them
    """

    def __init__(
        self,
        reglages: Reglages,
        *,
        tamponner: Callable[[], Tampon] = tamponner,
    ):
        self.reglages, self.tamponner = reglages, tamponner
        self.transport = Transport(reglages.acces)

    # ------------------------------------------------------------ search

    def rechercher(self, demande: Traits) -> Reponse:
        """By traits: one call per first name, then the list; the first « 00 » ends it."""
        traits.garder(demande)
        with self._fil() as fil:
            rendus: list[Rendu] = []
            for appel in appels(demande):
                rendus.append(fil.chercher(lambda t, a=appel: messages.recherche(a, self._qui, t)))
                if rendus[-1].code == TROUVE:
                    break
            code = conclure(rendu.code for rendu in rendus)
            fin = rendus[-1]
            trouve = fin.identite
            return Reponse(
                code=code,
                identite=trouve,
                premier_prenom=premier_prenom(trouve, demande.prenoms) if trouve else "",
                motif=fin.motif,
                avertissements=avertissements(demande, trouve) if trouve else (),
                aides=aides(demande, code),
                echanges=tuple(fil.echanges),
            )

    def rechercher_vitale(
        self, lu: Beneficiaire, attributs: frozenset[str] = frozenset()
    ) -> Reponse:
        """From a reading (`vitale.lire_carte`), for the beneficiary that a person chose; the
        attributes are those of the identity, if it exists already."""
        traits.garder_les_attributs(attributs)
        vitale.garder(lu)
        with self._fil() as fil:
            rendu = fil.chercher(lambda t: messages.recherche_vitale(lu, self._qui, t))
            trouve = rendu.identite
            return Reponse(
                code=rendu.code,
                identite=trouve,
                premier_prenom=premier_prenom(trouve) if trouve else "",
                motif=rendu.motif,
                avertissements=() if not trouve or trouve.matricule.cle_juste else ("cle_fausse",),
                echanges=tuple(fil.echanges),
            )

    # ------------------------------------------------------------ verification

    def verifier(self, identite: IdentiteAVerifier) -> Verification:
        """Does INSi confirm this matricule with these traits? By the operation of verification
        where its contract is installed; otherwise, in production, by a search whose answer is
        compared: « nobody », « several » and « somebody else » are then a no."""
        traits.garder_le_matricule(identite, production=self.reglages.production)
        if not self.sait_verifier:
            return self._verifier_par_recherche(identite)
        with self._fil() as fil:
            rendu = fil.verifier(lambda t: messages.verification(identite, self._qui, t))
            return Verification(rendu.code == TROUVE, False, tuple(fil.echanges))

    def verifier_en_lot(
        self, identites: Iterable[IdentiteAVerifier]
    ) -> Iterator[tuple[IdentiteAVerifier, Verification | ErreurINSi]]:
        """One after the other, each with its own outcome; an error that would meet every other one
        (service or settings) ends the run, and the caller starts again from the first not seen.
        Only by the operation of verification: a mass search is not allowed."""
        if not self.sait_verifier:
            raise AppelInterdit("verification_en_masse")
        for identite in identites:
            issue = self._issue(identite)
            yield identite, issue
            if isinstance(issue, ErreurINSi) and not _propre_a_l_identite(issue):
                return

    def _issue(self, identite: IdentiteAVerifier) -> Verification | ErreurINSi:
        try:
            return self.verifier(identite)
        except ErreurINSi as erreur:
            return erreur

    @property
    def sait_verifier(self) -> bool:
        officiel = validation.contrat_de_verification(self.reglages.schemas)
        return officiel or not self.reglages.production

    def _verifier_par_recherche(self, identite: IdentiteAVerifier) -> Verification:
        try:
            trouvee = self.rechercher(identite.traits)
        except ReponseRefusee as refus:
            if refus.ligne.code != "autre_personne":
                raise
            return Verification(False, True, refus.echanges)
        return Verification(confirme(identite, trouvee.identite), True, trouvee.echanges)

    # ------------------------------------------------------------ who speaks

    @contextmanager
    def _fil(self) -> Iterator["_Fil"]:
        with self.transport.ouvrir() as liaison:
            fil = _Fil(self, liaison)
            try:
                yield fil
            except ErreurINSi as erreur:
                erreur.echanges = tuple(fil.echanges)
                raise

    @property
    def _qui(self) -> Logiciel:
        r = self.reglages
        emetteur = r.emetteur or self.transport.unite_du_certificat
        instance = r.instance or str(uuid.uuid5(uuid.NAMESPACE_OID, f"{r.idam}:{emetteur}"))
        return Logiciel(emetteur, r.idam, instance, r.nom, r.version)


def _propre_a_l_identite(erreur: ErreurINSi) -> bool:
    """A refusal about this very identity, or one unreadable answer: the next one may do better."""
    if isinstance(erreur, AppelInterdit):
        return erreur.geste is reponse.Geste.INTERDIRE
    return isinstance(erreur, ReponseRefusee)


class _Fil:
    """The calls of one operation, over one connection; nothing of them is lost on the way."""

    def __init__(self, client: ClientInsi, liaison: Liaison):
        self._client, self._liaison = client, liaison
        self.echanges: list[Echange] = []

    def chercher(self, preparer: Callable[[Tampon], Message]) -> Rendu:
        production = self._client.reglages.production
        return self._demander(preparer, lambda lu: reponse.lire(lu, production=production))

    def verifier(self, preparer: Callable[[Tampon], Message]) -> Rendu:
        return self._demander(preparer, reponse.lire_verification)

    def _demander(
        self, preparer: Callable[[Tampon], Message], lire: Callable[[Any], Rendu]
    ) -> Rendu:
        tampon = self._client.tamponner()
        message = preparer(tampon)
        validation.verifier(message, self._client.reglages.schemas)
        debut = time.monotonic()
        try:
            self._liaison.poster(message.octets, message.action)
            rendu = lire(_resultat(self._liaison.recu, message.message_id))
        except ErreurINSi as erreur:
            self._garder(message, tampon, erreur.code, debut)
            raise
        self._garder(message, tampon, rendu.code, debut)
        return rendu

    def _garder(self, message: Message, tampon: Tampon, code: str, debut: float) -> None:
        recu = self._liaison.recu
        self.echanges.append(
            Echange(
                operation=message.operation,
                message_id=message.message_id,
                le=tampon.le,
                certificat=self._client.transport.nom_du_certificat,
                requete=message.octets,
                statut=recu.statut,
                reponse=recu.corps,
                code=code,
                duree_ms=round((time.monotonic() - debut) * 1000),
            )
        )


def _resultat(recu: Recu, message_id: str) -> Any:
    """Faults come with a status 400 or 500; such a status without a fault is a failure."""
    if recu.statut != 200 and not reponse.est_une_faute(recu.corps):
        raise EchecDeTransport("http_5xx" if recu.statut >= 500 else "http", str(recu.statut))
    return reponse.ouvrir(recu.corps, message_id)
