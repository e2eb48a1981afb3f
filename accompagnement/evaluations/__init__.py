"""Evaluation grids: the definitions are data, the engine is pure, the rest records and shows."""
