"""Payments of state fees: the payment gateway (ПШЭП), or the embedded bank in its place."""
