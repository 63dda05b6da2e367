"""The provider's workstation, which signed requests are sent to through the gateway."""
