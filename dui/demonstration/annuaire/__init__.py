"""An invented national directory: its files for the local copy, its API over a loopback socket."""
