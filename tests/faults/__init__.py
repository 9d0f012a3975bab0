"""What must hold while parts of the service die."""
