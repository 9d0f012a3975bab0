"""An address that does not exist answers in the language of its door."""

from django.test import Client


def test_below_api_it_is_a_problem_and_elsewhere_a_page(db):
    problem = Client().get("/api/v1/nothing")
    assert (problem.status_code, problem["Content-Type"]) == (404, "application/problem+json")
    page = Client().get("/nothing")
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")
