"""The e-government gateway (ШЭП): its SOAP messages, the client and the endpoint."""
