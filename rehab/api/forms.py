"""Bodies of the plain calls: a field that a form does not have is refused, never lost unsaid."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

UNKNOWN = _("This call has no field of this name.")


class Form(serializers.Serializer):
    # No docstring: the OpenAPI document would repeat it for every form.
    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            refused = {name: [ErrorDetail(str(UNKNOWN), code="unknown_field")] for name in unknown}
            raise serializers.ValidationError(refused)
        return super().to_internal_value(data)
