"""The payment gateway (ПШЭП)."""
