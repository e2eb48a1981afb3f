"""The national directory of professionals and structures: import, refresh, search."""
