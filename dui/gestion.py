"""`./run manage …`: a management command on the data and the settings of the demo.

The servers of a demo that is running are used; otherwise they live as long as the command.
"""

import os
import signal
import subprocess
import sys
import time

from dui.emplacement import RACINE, Emplacement, Occupe
from dui.processus import die_with_parent


def avant_la_commande():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    die_with_parent()


def executer(arguments):
    commande = [sys.executable, str(RACINE / "manage.py"), *arguments]
    # Ctrl-C reaches the command by the terminal; here it is only waited for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.run(commande, preexec_fn=avant_la_commande).returncode


def adresses_d_une_demo(emplacement):
    """Those of a running demo; none once the folder is ours, after another command if need be."""
    averti = False
    while True:
        try:
            emplacement.prendre()
            return {}
        except Occupe as occupe:
            if adresses := occupe.par.get("adresses"):
                return adresses
        if not averti:
            print(f"{emplacement.dossier} sert à une autre commande : attente…", file=sys.stderr)
            averti = True
        time.sleep(0.2)


def main(arguments):
    os.environ.setdefault("DUI_ENV", "demo")
    dossier = None
    if arguments[:1] == ["--var"] and len(arguments) > 1:
        _, dossier, *arguments = arguments
    emplacement = Emplacement(dossier)
    os.environ["DUI_VAR"] = str(emplacement.dossier)
    if adresses := adresses_d_une_demo(emplacement):
        os.environ.update(adresses)
        return executer(arguments)
    try:
        # A command may empty the tables: the next demo prepares everything again.
        emplacement.marque.unlink(missing_ok=True)
        emplacement.demarrer_serveurs()
        return executer(arguments)
    finally:
        emplacement.rendre()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
