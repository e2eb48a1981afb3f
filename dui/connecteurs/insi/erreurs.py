"""What may go wrong, by layer. `message` is in French, for the person who waits; `code` is for the
journal. Neither ever quotes a trait nor an answer; what was exchanged is in `echanges`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dui.connecteurs.insi.codes import Code, Geste, code

if TYPE_CHECKING:
    from dui.connecteurs.insi.reponse import Echange


class ErreurINSi(Exception):
    """Nothing was learnt: the identity stays as it is."""

    couche = ""

    def __init__(self, motif: str, precision: str = ""):
        self.ligne: Code = code(self.couche, motif)
        self.precision = precision
        self.echanges: tuple[Echange, ...] = ()
        super().__init__(self.code)

    @property
    def code(self) -> str:
        """« couche:code », then what the other side said of it, if it did."""
        return ":".join(filter(None, (self.couche, self.ligne.code, self.precision)))

    @property
    def message(self) -> str:
        return self.ligne.message

    @property
    def geste(self) -> Geste:
        return self.ligne.geste

    @property
    def reessayable(self) -> bool:
        return self.geste is Geste.REESSAYER


class AppelInterdit(ErreurINSi):
    """Refused here, before any network."""

    couche = "garde"


class LectureRefusee(ErreurINSi):
    """A carte Vitale reading that names nobody to ask about."""

    couche = "vitale"


class EchecDeTransport(ErreurINSi):
    """Silence, cut, refused certificate, HTTP status."""

    couche = "transport"


class FauteDuService(ErreurINSi):
    """A SOAP fault."""

    couche = "faute"


class ReponseRefusee(ErreurINSi):
    """An answer came, and nothing in it may be believed."""

    couche = "reponse"
