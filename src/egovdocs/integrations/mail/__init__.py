"""E-mail: letters are sent over SMTP, or written to a folder."""
