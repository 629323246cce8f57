"""Arabic numbers as they are written with the digits 0 to 9: Django's own take the comma, which parts a list."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
