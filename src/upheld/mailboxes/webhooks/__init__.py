"""Mail that a provider hands over by a web request. Reading and checking the request is django-anymail's; here its
mail becomes a stored one, before the provider hears that we have it."""
