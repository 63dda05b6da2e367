"""The e-government gateway (ШЭП), the transport of the other integrations: signed SOAP messages over HTTP."""
