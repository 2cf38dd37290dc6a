"""The pages of customers: contacts, organizations, their sites, domains and partners."""
