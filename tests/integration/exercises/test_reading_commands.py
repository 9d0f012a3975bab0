"""content_report and check_passages, over small sheets and small documents of our own."""

import shutil

import pytest
import yaml
from django.core.management import CommandError, call_command

from exercises.domain.passages import group_digest
from exercises.sheets.reading import CONTENT

OWN = "本产品自己写的一句很长的话用来试一试会不会被当成抄来的句子"
WORDS = {"zh-Hans": "见别处。", "en": "Elsewhere."}


def document(code, *, long_sentence="别的话。"):
    """A document with all the headings of the real one, and a sentence or two below each."""
    pieces = next(each for each in maps() if each["code"] == code)["pieces"]
    lines = []
    for piece in pieces:
        if piece.get("inline"):
            lines[-1] += piece["opens"] + "还有一句。"
        else:
            lines += [f" {piece['opens']} ", "头一句。第二", f"句！{long_sentence}"]
    return "\n".join(lines)


def maps():
    return yaml.safe_load((CONTENT / "documents.yaml").read_text(encoding="utf-8"))


def rows(code, sentences):
    return [
        {
            "source": code,
            "section": section,
            "sentences": list(range(1, len(found) + 1)),
            "digest": group_digest(found),
            "none_because": WORDS,
        }
        for section, found in sentences.items()
    ]


@pytest.fixture
def documents(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    for number, each in enumerate(maps()):
        (folder / f"{number}.txt").write_text(document(each["code"]), encoding="utf-8")
    return folder


@pytest.fixture
def sheets(tmp_path, documents):
    """The shipped sheets, with tables of a second reader for the small documents."""
    from exercises.sheets.library import read_shelf
    from exercises.sheets.rereading import find_documents

    without = shutil.ignore_patterns("left_behind", "reading")
    root = shutil.copytree(CONTENT, tmp_path / "content", ignore=without)
    (root / "reading").mkdir()
    for code, read in find_documents(documents, read_shelf(root, "documents")).items():
        table = yaml.safe_dump(rows(code, read.sections), allow_unicode=True)
        (root / "reading" / f"{code}.yaml").write_text(table, encoding="utf-8")
    return root


def check(documents, sheets, *options):
    call_command("check_passages", str(documents), f"--folder={sheets}", *options)


def test_documents_that_are_read_and_not_copied_pass(documents, sheets, capsys):
    check(documents, sheets)
    assert "cover every sentence that must be read" in capsys.readouterr().out


def test_a_copied_passage_is_named_with_its_place(documents, sheets):
    page = document("atrophy-encyclopaedia-page", long_sentence=f"{OWN}。")
    (documents / "4.txt").write_text(page, encoding="utf-8")
    sheet = sheets / "stop_reasons.yaml"
    reasons = yaml.safe_load(sheet.read_text(encoding="utf-8"))
    reasons[0]["labels"]["zh-Hans"] = f"开头{OWN}"
    sheet.write_text(yaml.safe_dump(reasons, allow_unicode=True), encoding="utf-8")

    with pytest.raises(CommandError, match=rf"stop_reasons.yaml: .*: labels.zh_hans: .*{OWN}"):
        check(documents, sheets)


def test_a_sentence_that_nobody_read_is_named(documents, sheets):
    path = sheets / "reading" / "sci-osteoporosis-review.yaml"
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    kept = [row for row in table if row["section"] != "2.2"]
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")

    with pytest.raises(
        CommandError, match=r"sci-osteoporosis-review\.yaml: 2\.2: .*3 of 3 are in no row"
    ):
        check(documents, sheets)


def test_mechanisms_need_no_reader(documents, sheets):
    path = sheets / "reading" / "sci-osteoporosis-review.yaml"
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    kept = [row for row in table if row["section"] != "1.2"]
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")

    check(documents, sheets)


def test_a_document_that_changed_is_noticed(documents, sheets):
    path = documents / "1.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("头一句", "新一句"), encoding="utf-8")

    with pytest.raises(CommandError, match=r"digest: is not [0-9a-f]{12}"):
        check(documents, sheets)


def test_a_document_that_is_not_there_is_named(documents, sheets):
    (documents / "1.txt").unlink()
    with pytest.raises(CommandError, match="sci-osteoporosis-review"):
        check(documents, sheets)


def test_a_sentence_that_does_not_exist_is_named(documents, sheets):
    path = sheets / "reading" / "sci-osteoporosis-review.yaml"
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    table[0]["sentences"].append(99)
    path.write_text(yaml.safe_dump(table, allow_unicode=True), encoding="utf-8")

    with pytest.raises(CommandError, match="has no such sentence"):
        check(documents, sheets)


def test_numbered_sentences_are_printed_for_the_second_reader(documents, sheets, capsys):
    check(documents, sheets, "--print", "--source=sci-osteoporosis-review")
    printed = capsys.readouterr().out
    assert "sci-osteoporosis-review 2.2 (3 sentences, must be read)" in printed
    assert "sci-osteoporosis-review 1.2 (3 sentences, may be read)" in printed
    assert f"   2 {group_digest(['第二句！'])} 第二句！" in printed
    assert "denervated" not in printed


def test_empty_digests_are_filled_in_and_others_stay(documents, sheets, capsys):
    path = sheets / "reading" / "sci-osteoporosis-review.yaml"
    before = path.read_text(encoding="utf-8")
    table = yaml.safe_load(before)
    right, table[0]["digest"], table[1]["digest"] = table[0]["digest"], "", "000000000000"
    text = yaml.safe_dump(table, allow_unicode=True).replace("digest: ''", 'digest: ""')
    path.write_text(text, encoding="utf-8")

    check(documents, sheets, "--fill")

    filled = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [row["digest"] for row in filled[:2]] == [right, "000000000000"]
    assert "rows" in capsys.readouterr().out


def test_the_report_shows_that_everything_has_its_place(capsys):
    call_command("content_report")
    printed = capsys.readouterr().out

    assert "140 of 140 items of the documents have their place" in printed
    assert "0 items for patients without a source" in printed
    for heading in ("by document and audience", "kind of evidence", "category", "by language"):
        assert heading in printed


def test_the_report_fails_when_an_item_is_missing(sheets):
    path = sheets / "source_map.yaml"
    text = path.read_text(encoding="utf-8")
    more = text + text.splitlines()[-1].replace("slug: ", "slug: never-written-") + "\n"
    path.write_text(more, encoding="utf-8")

    with pytest.raises(CommandError, match=r"never-written-.*has no place"):
        call_command("content_report", f"--folder={sheets}")
