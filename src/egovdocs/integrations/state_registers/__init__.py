"""The state registers of persons (ГБД ФЛ), of legal entities (ГБД ЮЛ) and of powers of attorney (ЕНИС)."""
