"""The indicators: counts of cases, time limits kept, and the questionnaire."""
