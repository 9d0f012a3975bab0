"""The one place that knows why someone may see a patient. Imports no model."""
