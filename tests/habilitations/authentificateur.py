"""A security key made of software: signs what a browser would have it sign."""

import json
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGINE, DOMAINE = "http://localhost", "localhost"
PRESENT, VERIFIE, ATTESTE = 0x01, 0x04, 0x40


class Authentificateur:
    def __init__(self, origine=ORIGINE, drapeaux=PRESENT | VERIFIE):
        self.prive = ec.generate_private_key(ec.SECP256R1())
        self.identifiant = secrets.token_bytes(16)
        self.origine, self.drapeaux = origine, drapeaux
        self.poignee, self.compteur = b"", 0

    def creer(self, options: dict) -> str:
        options = options["publicKey"]
        self.poignee = websafe_decode(options["user"]["id"])
        publique = ES256.from_cryptography_key(self.prive.public_key())
        creance = AttestedCredentialData.create(Aaguid.NONE, self.identifiant, publique)
        donnees = self._donnees(ATTESTE, creance)
        attestation = AttestationObject.create("none", donnees, {})
        return self._reponse(
            clientDataJSON=self._client("webauthn.create", options), attestationObject=attestation
        )

    def signer(self, options: dict) -> str:
        self.compteur += 1
        donnees = self._donnees()
        client = self._client("webauthn.get", options["publicKey"])
        signature = self.prive.sign(donnees + sha256(client), ec.ECDSA(hashes.SHA256()))
        return self._reponse(
            clientDataJSON=client,
            authenticatorData=donnees,
            signature=signature,
            userHandle=self.poignee,
        )

    def _donnees(self, drapeaux=0, creance=b""):
        return AuthenticatorData.create(
            sha256(DOMAINE.encode()), self.drapeaux | drapeaux, self.compteur, creance
        )

    def _client(self, sorte, options):
        return CollectedClientData.create(
            type=sorte, challenge=options["challenge"], origin=self.origine
        )

    def _reponse(self, **champs) -> str:
        identifiant = websafe_encode(self.identifiant)
        response = {nom: websafe_encode(octets) for nom, octets in champs.items() if octets}
        commun = {"id": identifiant, "rawId": identifiant, "type": "public-key"}
        return json.dumps(commun | {"response": response})
