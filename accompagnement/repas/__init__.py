"""Meals: who eats what, one gesture « tout le monde a mangé, sauf… », the count for the kitchen."""
