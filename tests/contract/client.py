"""A signed-in API client that holds every answer against the committed OpenAPI document."""

from functools import cache
from pathlib import Path
from re import sub
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from rest_framework.test import APIClient

from patients.models import User
from tests.people import token_of

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
HERE = "urn:openapi"
BODILESS = {204, 304}


class ContractClient(APIClient):
    """Answers that the document does not describe fail the test that asked for them."""

    def request(self, **kwargs: Any) -> Any:
        response = super().request(**kwargs)
        if response.resolver_match and response.resolver_match.route.startswith("api/v1/"):
            check(response)
        return response


def api_client(user: User | None = None) -> ContractClient:
    """A phone signed in as this user, or signed out, speaking English."""
    client = ContractClient()
    client.credentials(HTTP_ACCEPT_LANGUAGE="en")
    if user is not None:
        client.credentials(HTTP_X_SESSION_TOKEN=token_of(user), HTTP_ACCEPT_LANGUAGE="en")
    return client


@cache
def document() -> dict[str, Any]:
    return yaml.safe_load(DOCUMENT.read_text("utf-8"))


def check(response: Any) -> None:
    """Raise AssertionError unless the document describes this answer."""
    path, method = template_of(response.resolver_match.route), response.wsgi_request.method.lower()
    call = f"{method.upper()} {path}"
    operation = document()["paths"].get(path, {}).get(method)
    assert operation is not None, f"{call} is not in docs/openapi.yaml"
    described = operation["responses"].get(str(response.status_code))
    assert described is not None, (
        f"{call} may not answer {response.status_code}: {response.content!r}"
    )
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if response.status_code in BODILESS:
        assert not response.content, f"{call} answers {response.status_code} with a body"
        return
    assert kind in described.get("content", {}), (
        f"{call} may not answer {response.status_code} as {kind}"
    )
    if not kind.endswith("json"):
        return
    place = f"#/paths/{_escaped(path)}/{method}/responses/{response.status_code}"
    place += f"/content/{_escaped(kind)}/schema"
    faults = [
        f"{fault.json_path}: {fault.message}"
        for fault in _validator(place).iter_errors(response.json())
    ]
    assert not faults, f"{call} {response.status_code} is not as described: {faults[:5]}"


def template_of(route: str) -> str:
    """Turn a Django route into a path of the document: <uuid:patient_id> is {patient_id}."""
    return "/" + sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


@cache
def _validator(place: str) -> Draft202012Validator:
    resource = Resource.from_contents(document(), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(HERE, resource)
    return Draft202012Validator(
        {"$ref": f"{HERE}{place}"}, registry=registry, format_checker=FormatChecker()
    )


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
