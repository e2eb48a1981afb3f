"""The grids that an establishment brings: read, checked, published, withdrawn."""
