"""Licence numbers, assigned by the national licence register (ИС ГБД «Е-лицензирование»)."""
