"""Photographs for care: joined to a transmission, as long as the person agrees."""
