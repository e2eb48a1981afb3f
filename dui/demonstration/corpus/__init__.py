"""The texts of the demo, one sentence a line, in files anybody can read and correct."""
