"""The committed OpenAPI document is the one that the code describes."""

import pytest
import yaml
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from openapi_spec_validator import OpenAPIV31SpecValidator

from rehab.domain.definitions import DEFINITIONS
from tests.contract.client import DOCUMENT, document
from tests.contract.routes import routes


@pytest.fixture(scope="module")
def generated() -> dict:
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence(), translation.override("en"):
        schema = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, "the generator warned: make schema says about what"
    return yaml.safe_load(OpenApiYamlRenderer().render(schema, renderer_context={}))


def test_docs_openapi_is_what_make_schema_writes(generated):
    assert document() == generated, "run `make schema` and commit docs/openapi.yaml"


def test_the_document_is_valid_openapi_3_1(generated):
    assert generated["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document()).validate()


def test_every_route_of_the_api_is_described():
    described = set(document()["paths"])
    for route in routes():
        address = str(route.address({name: f"{{{name}}}" for name in route.parameters}))
        if address.startswith("/api/v1/"):
            assert address in described, f"{address} is not in {DOCUMENT.name}"


def test_every_call_says_how_it_refuses_the_signed_out():
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            assert "401" in operation["responses"], f"{method} {path}"


def test_every_call_has_a_name_of_its_own():
    names = [
        call["operationId"] for calls in document()["paths"].values() for call in calls.values()
    ]
    assert len(names) == len(set(names))


def test_every_figure_of_progress_is_defined_in_the_words_of_the_domain():
    page = (DOCUMENT.parent / "api.md").read_text("utf-8")
    for figure, defined in DEFINITIONS.items():
        assert f"| `{figure}` | {defined.meaning['en']} |" in page
