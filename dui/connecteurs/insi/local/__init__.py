"""A local INSi: the same SOAP under mutual TLS, over a loopback socket, for the demo and the tests.
It knows published test identities and invented ones; it identifies nobody."""

from dui.connecteurs.insi.local.autorite import Autorite, Paire
from dui.connecteurs.insi.local.serveur import IDAM, Serveur, ouvrir

__all__ = ["IDAM", "Autorite", "Paire", "Serveur", "ouvrir"]
