"""Token buckets, shared by every process: how often one source may ask for one thing.

A bucket of `capacite` tokens fills again in `secondes`; each request takes one. The count lives in
Valkey, by one atomic script whose clock is the server's: workers never disagree.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.utils.crypto import salted_hmac

# One refusal in a row is worth a line of the journal, not each of the thousand that follow.
SCRIPT = """
local t = redis.call('TIME')
local maintenant = tonumber(t[1]) + tonumber(t[2]) / 1e6
local capacite, secondes = tonumber(ARGV[1]), tonumber(ARGV[2])
local seau = redis.call('HMGET', KEYS[1], 'jetons', 'le', 'refus')
local ecoule = maintenant - (tonumber(seau[2]) or maintenant)
local jetons = math.min(capacite, (tonumber(seau[1]) or capacite) + ecoule * capacite / secondes)
local attente, premier = 0, 0
if jetons >= 1 then
  jetons = jetons - 1
  redis.call('HDEL', KEYS[1], 'refus')
else
  attente = math.ceil((1 - jetons) * secondes / capacite)
  if not seau[3] then premier = 1 end
  redis.call('HSET', KEYS[1], 'refus', 1)
end
redis.call('HSET', KEYS[1], 'jetons', tostring(jetons), 'le', tostring(maintenant))
redis.call('EXPIRE', KEYS[1], math.ceil(secondes) + 1)
return {attente, premier}
"""
SANS_REPONSE = 10  # seconds to wait when nothing can be counted


@dataclass(frozen=True)
class Limite:
    """`ferme_si_panne`: without Valkey, refuse (an export) rather than let through (care)."""

    capacite: int
    secondes: int
    ferme_si_panne: bool = False


@dataclass(frozen=True)
class Verdict:
    """`attente`: seconds to wait, 0 when the request goes through."""

    attente: int = 0
    premier_refus: bool = False
    compte: bool = True  # False: Valkey did not answer

    def __bool__(self) -> bool:
        return self.attente == 0


@cache
def _serveur(url: str) -> redis.Redis:
    # kombu's spelling of a unix socket is not redis-py's.
    url = url.replace("redis+socket://", "unix://", 1)
    return redis.Redis.from_url(url, socket_connect_timeout=0.3, socket_timeout=0.3)


def limite(nom: str) -> Limite | None:
    reglage: dict[str, Any] | None = settings.DEBITS.get(nom)
    return Limite(**reglage) if reglage else None


def prendre(nom: str, source: str) -> Verdict:
    """Take a token of the bucket `nom` for `source` (an account, an address)."""
    voulue = limite(nom)
    if voulue is None:
        return Verdict()
    cle = f"debit:{nom}:{salted_hmac('debit', source).hexdigest()[:32]}"
    try:
        script = _serveur(settings.DEBITS_URL).register_script(SCRIPT)
        attente, premier = script(keys=[cle], args=[voulue.capacite, voulue.secondes])
    except redis.RedisError:
        ferme = voulue.ferme_si_panne
        return Verdict(SANS_REPONSE if ferme else 0, premier_refus=ferme, compte=False)
    return Verdict(int(attente), premier_refus=bool(premier))
