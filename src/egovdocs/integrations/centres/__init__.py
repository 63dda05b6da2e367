"""The information systems of public service centres (ИИС ЦОН), which call the site through the gateway."""
