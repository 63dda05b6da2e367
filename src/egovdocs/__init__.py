"""Public services from the first form to the archive, as signed XML documents."""
