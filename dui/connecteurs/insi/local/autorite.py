"""Certificates made on the fly, as the IGC Santé makes them: an authority, a server, a client whose
CN is INSI-AUTO or INSI-MANU and whose unit is that of the establishment."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

UNITE = "1990000028"  # 1, then a FINESS number that nobody has
JOUR = timedelta(days=1)


@dataclass(frozen=True)
class Paire:
    certificat: Path
    cle: Path


class Autorite:
    """Its key never leaves the memory; `dossier` receives what it delivers."""

    def __init__(self, dossier: Path, nom: str = "AC LOCALE D’ESSAI"):
        dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._dossier = dossier
        self._cle = ec.generate_private_key(ec.SECP256R1())
        self._nom = _nom(nom)
        self._certificat = (
            self._preparer(self._nom, self._cle.public_key(), -JOUR, 365 * JOUR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usages(autorite=True), critical=True)
            .sign(self._cle, hashes.SHA256())
        )
        self.certificat = dossier / "autorite.pem"
        _ecrire(self.certificat, self._certificat.public_bytes(serialization.Encoding.PEM))

    def serveur(self) -> Paire:
        noms = x509.SubjectAlternativeName(
            [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        )
        return self._delivrer("serveur", _nom("localhost"), ExtendedKeyUsageOID.SERVER_AUTH, noms)

    def client(
        self, nom: str = "INSI-MANU", *, debut: timedelta = -JOUR, fin: timedelta = 365 * JOUR
    ) -> Paire:
        sujet = _nom(nom, UNITE)
        usage = ExtendedKeyUsageOID.CLIENT_AUTH
        return self._delivrer(f"client-{nom}", sujet, usage, None, debut, fin)

    def _delivrer(
        self,
        fichier: str,
        sujet: x509.Name,
        usage: x509.ObjectIdentifier,
        noms: x509.SubjectAlternativeName | None,
        debut: timedelta = -JOUR,
        fin: timedelta = 365 * JOUR,
    ) -> Paire:
        cle = ec.generate_private_key(ec.SECP256R1())
        brouillon = (
            self._preparer(sujet, cle.public_key(), debut, fin)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usages(autorite=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        )
        if noms:
            brouillon = brouillon.add_extension(noms, critical=False)
        signe = brouillon.sign(self._cle, hashes.SHA256())
        paire = Paire(self._dossier / f"{fichier}.pem", self._dossier / f"{fichier}.key")
        _ecrire(paire.certificat, signe.public_bytes(serialization.Encoding.PEM))
        _ecrire(
            paire.cle,
            cle.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        return paire

    def _preparer(
        self,
        sujet: x509.Name,
        cle: ec.EllipticCurvePublicKey,
        debut: timedelta,
        fin: timedelta,
    ) -> x509.CertificateBuilder:
        maintenant = datetime.now(UTC)
        emetteur = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._cle.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(sujet)
            .issuer_name(self._nom)
            .public_key(cle)
            .serial_number(x509.random_serial_number())
            .not_valid_before(maintenant + debut)
            .not_valid_after(maintenant + fin)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(cle), critical=False)
            .add_extension(emetteur, critical=False)
        )


def _nom(commun: str, unite: str = "") -> x509.Name:
    attributs = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "ÉTABLISSEMENT D’ESSAI")]
    if unite:
        attributs.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unite))
    return x509.Name([*attributs, x509.NameAttribute(NameOID.COMMON_NAME, commun)])


def _usages(*, autorite: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not autorite,
        key_cert_sign=autorite,
        crl_sign=autorite,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _ecrire(chemin: Path, octets: bytes) -> None:
    chemin.touch(0o600)
    chemin.write_bytes(octets)
