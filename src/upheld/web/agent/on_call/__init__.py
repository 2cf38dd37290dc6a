"""Rotas, pages and their acknowledgement."""
