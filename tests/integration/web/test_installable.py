"""The service worker and the manifest: for everybody, about nobody."""

from django.test import Client


def test_the_worker_serves_the_whole_site_and_is_asked_for_anew(db):
    answer = Client().get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in answer["Cache-Control"]
    said = answer.content.decode()
    assert "{%" not in said
    assert "caches" not in said
    assert "/shell/icon-192.png" in said


def test_the_manifest_names_the_product_in_the_language_of_whoever_asks(db):
    for language, name in (("en", "Rehab record"), ("zh-hans", "康复记录")):
        answer = Client().get("/manifest.webmanifest", headers={"Accept-Language": language})
        assert answer["Content-Type"] == "application/manifest+json"
        assert (answer.json()["name"], answer.json()["display"]) == (name, "standalone")


def test_every_page_leads_to_the_manifest(db):
    assert 'rel="manifest" href="/manifest.webmanifest"' in (
        Client().get("/accounts/login/").content.decode()
    )
