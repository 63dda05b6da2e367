"""Papers: what they carry inside, what stands on them, and that they are the same each time."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from tests.rendering import samples

from egovdocs.rendering import NotValidError, embedded_xml, render_paper, render_pdf
from egovdocs.sandbox.authority import Authority
from egovdocs.schemas import DocumentType
from egovdocs.signing import Indication, TrustStore, ValidationPolicy, ValidationReport, sign, validate

VERIFY = "https://egov.example.kz/verify/KZ29LAM00002781"
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
SIGNED = b"<signed>\r\n \xd2\x9a\xd0\xb0\xd0\xb7\xd0\xb0\xd2\x9b</signed>\n\n"


def render(sample: tuple[DocumentType, bytes], **more: Any) -> bytes:
    given = {
        "signatures": [samples.signature()],
        "verify_url": VERIFY,
        "language": "ru",
        "service": samples.medical_licence(),
    }
    return render_pdf(*sample, SIGNED, **(given | more))


def words(pdf: bytes) -> str:
    """The text of all pages, blanks and line ends evened out."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("sample", [samples.licence, samples.refusal, samples.receipt, samples.request])
def test_the_signed_document_is_inside_byte_for_byte(sample: Any, tmp_path: Path) -> None:
    pdf = render(sample())
    assert embedded_xml(pdf) == SIGNED
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, file], check=True, capture_output=True)
    assert (tmp_path / f"{sample.__name__}.xml").read_bytes() == SIGNED


def test_it_is_a_source_file_of_the_document() -> None:
    reader = PdfReader(BytesIO(render(samples.licence())))
    [file] = reader.attachment_list
    assert file.associated_file_relationship == "/Source"
    assert file.subtype == "/text/xml"
    assert file.size == len(SIGNED)
    assert reader.root_object["/AF"][0].get_object() == file.pdf_object  # type: ignore[index]
    assert reader.root_object["/Lang"] == "ru"
    assert reader.metadata is not None
    assert reader.metadata.title == "Лицензия"
    assert reader.metadata.creation_date == samples.SIGNED_AT


@pytest.mark.parametrize("sample", [samples.licence, samples.refusal, samples.receipt, samples.request])
def test_the_same_document_gives_the_same_bytes(sample: Any) -> None:
    assert render(sample()) == render(sample())


def test_many_at_once_do_not_mix() -> None:
    expected = {sample: render(sample()) for sample in (samples.licence, samples.refusal, samples.receipt)}
    found: list[bool] = []

    def work(sample: Any) -> None:
        found.extend(render(sample()) == expected[sample] for _ in range(2))

    threads = [threading.Thread(target=work, args=(sample,)) for sample in expected for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 12


def test_the_licence_says_everything_in_both_languages() -> None:
    said = words(render(samples.licence(conditions="Только в дневном стационаре")))
    document = """
        Мемлекеттік лицензия | Государственная лицензия | KZ29LAM00002781
        13 марта 2026 г. | 2026 ж. 13 наурыз
        ТОО «Ұлытау Жүрек Клиникасы» | 940140000385
        Маңғыстау облысы, г. Актау | Мангистауская область, г. Актау
        Медициналық қызмет | Медицинская деятельность | Только в дневном стационаре | Неотчуждаемая, класс 1
        Қосанова Әйгүл Һамитқызы | Басқарма басшысы | Ақтау қ. | Қағаз құжатпен маңызы бірдей.
        Приложение к лицензии | 001 | 002 | Жалпы дәрігерлік практика | Общая врачебная практика | Клиника № 2
    """
    expected = [text.strip() for line in document.strip().splitlines() for text in line.split("|")]
    expected += [*samples.REQUEST.values(), VERIFY, hashlib.sha256(SIGNED).hexdigest()]
    for text in expected:
        assert text in said, text


def test_each_page_of_a_duplicate_says_so_and_each_appendix_is_complete() -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(render(samples.licence(duplicate="3")))).pages]
    assert len(pages) > 1
    assert all("ТЕЛНҰСҚА № 3 / ДУБЛИКАТ № 3" in page for page in pages)
    for page in pages[1:]:
        for said in ("KZ29LAM00002781", "ТОО «Ұлытау Жүрек Клиникасы»", "Қосанова Әйгүл Һамитқызы", "Актау"):
            assert said in page
    assert "ДУБЛИКАТ" not in words(render(samples.licence()))


def test_the_licence_fits_its_page_and_each_appendix_its_own() -> None:
    clause = {"ru": "Данный документ равнозначен бумажному. " * 5, "kk": "Осы құжат маңызы бірдей. " * 7}
    assert len(PdfReader(BytesIO(render(samples.licence(sites=3, clause=clause)))).pages) == 4


def test_the_certificate_says_everything_in_both_languages_on_one_page() -> None:
    pdf = render(
        samples.certificate(conditions="Участок № 4, врач Ахметова"), service=samples.clinic_attachment()
    )
    said = words(pdf)
    document = """
        Бекіту туралы анықтама (талон) | Справка (талон) о прикреплении | 2026-000007-36
        13 марта 2026 г. | 2026 ж. 13 наурыз | ҚОЖАБЕКОВА ЖАНСАЯ НҰРЛАНҚЫЗЫ | 010515600417
        Участок № 4, врач Ахметова
        Центр семейного здоровья «Кайсар» | «Қайсар» отбасылық денсаулық орталығы
        Смена места жительства | Тұрғылықты жерінің өзгеруі | Бас дәрігер | Главный врач | № 370-II
        Вид запроса: Бекіту / Прикрепление
    """
    expected = [text.strip() for line in document.strip().splitlines() for text in line.split("|")]
    for text in (*expected, *samples.REQUEST.values()):
        assert text in said, text
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_what_a_certificate_of_any_service_certifies_stands_above_who_signed_it(tmp_path: Path) -> None:
    schema = tmp_path / "course-certificate" / "outcome.xsd"
    schema.parent.mkdir()
    text = samples.clinic_attachment().outcome.schema_path.read_text("utf-8")
    schema.write_text(
        text.replace('name="clinic" type="cert:Clinic"', 'name="course" type="cert:Course"')
        .replace('complexType name="Clinic"', 'complexType name="Course"')
        .replace('name="code" type="cert:Code"', 'name="hours" type="xs:positiveInteger"')
    )
    _, content = samples.certificate()
    told = content.replace(b"cert:clinic>", b"cert:course>").replace(
        b"<cert:code>qaisar</cert:code>", b"<cert:hours>987</cert:hours>"
    )
    said = words(render((DocumentType(schema), told)))
    places = [said.index(each) for each in ("987", "Центр семейного здоровья", "Смена места", "Бас дәрігер")]
    assert places == sorted(places)


def test_what_a_licence_of_another_form_says_stands_above_who_signed_it(tmp_path: Path) -> None:
    document_type, content = samples.licence()
    folder = tmp_path / "other-licence"
    shutil.copytree(document_type.schema_path.parent, folder)
    schema = folder / "outcome.xsd"
    schema.write_text(
        schema.read_text("utf-8")
        .replace('name="place" type="lic', 'name="course" type="lic')
        .replace('lang="ru">Лицензия<', 'lang="ru">Лицензия медсестры<', 1)
    )
    told = content.replace(b"lic:place>", b"lic:course>")
    said = words(render((DocumentType(schema), told)))
    assert said.index("Ақтау қ.") < said.index("Басқа мәліметтер")
    assert "Лицензия медсестры" in said
    assert "Лицензия Лицензия" not in words(render((document_type, content)))


def test_a_request_tables_its_files_with_the_checksums_that_are_signed() -> None:
    said = words(render(samples.request(), service=samples.medical_licence()))
    assert "Приложенные документы" in said
    kinds = samples.medical_licence().attachments_for("issue", "portal")
    for text in (*(f"скан {kind.code}.pdf" for kind in kinds if kind.required), "ab" * 32):
        assert "".join(text.split()) in "".join(said.split())
    document_type, content = samples.request()
    bare = re.sub(rb"<req:attachments>.*</req:attachments>", b"", content, flags=re.DOTALL)
    assert "Приложенные документы" not in words(render((document_type, bare)))


def test_the_refusal_says_why() -> None:
    said = words(render(samples.refusal()))
    for text in (
        "Дәлелді бас тарту",
        "Мотивированный отказ",
        "requirements-not-met",
        *samples.GROUND["wording"].values(),
        "По адресу объекта нет процедурного кабинета.",
        "№ 370-II",
        "Қосанова Әйгүл Һамитқызы",
        samples.PROVIDER["bin"],
    ):
        assert text in said, text


def test_who_signed_and_when_or_that_nobody_did() -> None:
    signature = samples.signature()
    assert signature.certificate is not None
    said = words(render(samples.receipt()))
    assert "ҚОСАНОВА ӘЙГҮЛ ҺАМИТҚЫЗЫ" in said
    assert "13 марта 2026 г., 14:05:00 (UTC+5)" in said
    assert f"{signature.certificate.serial_number:x}" in said
    assert "Куәландырушы орталық" in said
    assert "Документ не подписан" in words(render(samples.receipt(), signatures=()))


def test_every_kazakh_letter_is_in_the_embedded_font() -> None:
    pdf = render(samples.refusal(reason=KAZAKH))
    assert KAZAKH in words(pdf)
    fonts = [
        font.get_object()
        for page in PdfReader(BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    ]
    assert fonts
    assert all("GolosText" in font["/BaseFont"] and "/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_a_reason_longer_than_a_page() -> None:
    reason = "Обоснование отказа, и притом подробное. " * 99
    said = words(render(samples.refusal(reason=reason)))
    assert said.count("подробное") == 99  # a page may end between two words


def test_text_is_text_and_not_markup() -> None:
    said = words(render(samples.refusal(reason='<b>&amp;</b> <img src="file:///etc/passwd"/> </para>')))
    assert '<b>&amp;</b> <img src="file:///etc/passwd"/> </para>' in said


def test_what_no_block_knows_is_still_shown() -> None:
    said = words(render(samples.licence(replaces="KZ18LAA00032760")))
    assert "KZ18LAA00032760" in said
    assert "Категория лица: Заңды тұлға / Юридическое лицо" in said


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_reader_s_language(language: str) -> None:
    said = words(render(samples.receipt(), language=language))
    assert samples.receipt()[0].title[language] in said
    assert {"ru": "Кем выдан", "kk": "Кім берген", "en": "Issued by"}[language] in said


def test_a_paper_comes_only_of_a_valid_document() -> None:
    authority = Authority.create("Центр", algorithm="ec")
    key = authority.issue_employee(
        "Қосанова Әйгүл", "830717350867", "Управление", samples.PROVIDER["bin"], algorithm="ec"
    )
    policy = ValidationPolicy(trust=TrustStore([authority.certificate], [authority.crl()]))
    services = samples.services()
    signed = sign(samples.licence()[1], key.signer)
    report = validate(signed, policy)
    pdf = render_paper(signed, report, services=services, site_url="https://egov.example.kz", language="ru")
    assert embedded_xml(pdf) == signed
    assert VERIFY in words(pdf)

    failed = ValidationReport(Indication.TOTAL_FAILED, None)
    with pytest.raises(NotValidError):
        render_paper(signed, failed, services=services, site_url="https://egov.example.kz", language="ru")


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_receipt_leads_to_the_questions(language: str) -> None:
    said = words(
        render(samples.receipt(), language=language, questions_url="https://egov.example/questionnaire")
    )
    checksum = samples.REQUEST["sha256"]
    assert "https://egov.example/questionnaire" in said
    assert f"{checksum[:4]} {checksum[4:8]} {checksum[8:12]}" in said
    assert "/questionnaire" not in words(render(samples.receipt(), language=language))
