"""How the admin writes dates: one package per language, each with what differs from Django's own."""
