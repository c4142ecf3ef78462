"""Typed profiles of the packs that ship with the package; generated from their vocabularies."""
