"""What was read, in a few letters: two people may edit two objectives of one draft at once."""

import hashlib
import json


def empreinte(valeur) -> str:
    """Empty for what does not exist yet."""
    if not valeur:
        return ""
    texte = json.dumps(valeur, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(texte.encode()).hexdigest()[:16]
