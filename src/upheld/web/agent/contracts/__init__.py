"""The pages of contracts: what organizations are entitled to, until when, and what of it is used."""
