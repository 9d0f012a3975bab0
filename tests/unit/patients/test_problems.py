"""Every refusal of the API is a problem document."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.utils.translation import override
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, ParseError, Throttled, ValidationError

from config.problems import (
    domain_problem,
    page_not_found,
    problem_response,
    server_error,
)
from patients.domain.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotAllowed,
    NotVisible,
    TooManyAttempts,
)


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def answer(error):
    response = problem_response(error, {})
    assert response.content_type == "application/problem+json"
    assert response.status_code == response.data["status"]
    return response


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotVisible(), 404, "not_found"),
        (NotAllowed(), 403, "not_allowed"),
        (Conflict(), 409, "conflict"),
        (Invalid(), 422, "invalid"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "not_allowed"),
        (ParseError(), 400, "parse_error"),
        (NotAuthenticated(), 401, "not_authenticated"),
    ],
)
def test_each_refusal_has_its_status_and_code(error, status, code):
    problem = answer(error).data
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"]


def test_a_refusal_about_a_field_names_it():
    problem = answer(Invalid("Enter a name.", field="name", code="blank")).data
    assert problem["errors"] == [{"field": "name", "code": "blank", "detail": "Enter a name."}]


def test_params_are_filled_in_and_members_are_added():
    error = Invalid(
        errors=(
            FieldError(
                "dose.hold_seconds", "above_maximum", "At most %(limit)s.",
                params={"limit": 60}, members={"limit": 60},
            ),
        ),
        members={"record": "kept"},
    )  # fmt: skip
    problem = domain_problem(error)
    assert problem["record"] == "kept"
    assert problem["errors"] == [
        {
            "field": "dose.hold_seconds",
            "code": "above_maximum",
            "detail": "At most 60.",
            "limit": 60,
        }
    ]


def test_nested_validation_errors_are_flat():
    class Inner(serializers.Serializer):
        reps = serializers.IntegerField()

    class Outer(serializers.Serializer):
        items = Inner(many=True)

    form = Outer(data={"items": [{"reps": 1}, {"reps": "many"}]})
    assert not form.is_valid()
    problem = answer(ValidationError(form.errors)).data
    assert problem["status"] == 422
    assert [(each["field"], each["code"]) for each in problem["errors"]] == [
        ("items.1.reps", "invalid")
    ]


def test_an_error_about_the_whole_body_has_an_empty_field():
    problem = answer(ValidationError({"non_field_errors": ["No."]})).data
    assert problem["errors"] == [{"field": "", "code": "invalid", "detail": "No."}]


def test_too_many_attempts_say_when_to_try_again():
    assert answer(TooManyAttempts(retry_after_seconds=60)).headers["Retry-After"] == "60"
    assert answer(Throttled(wait=1.2)).headers["Retry-After"] == "2"


def test_unforeseen_errors_are_let_through():
    assert problem_response(RuntimeError(), {}) is None


def test_unknown_addresses_below_api_answer_with_problems():
    request = RequestFactory().get("/api/v1/nothing")
    assert page_not_found(request, Http404())["Content-Type"] == "application/problem+json"
    assert server_error(request).status_code == 500
