"""WeChat's proofs of the domain: uploaded or pasted, served at the root of this host and of no other."""

import io

import pytest

from apps.wechat import services
from apps.wechat.errors import BadAccount
from tests.cast import Branch
from tests.make import actor, client_at, key
from tests.wechat import desk
from tests.wechat.desk import GUIDE

NAME, TEXT = "MP_verify_AbCdEf0123456789.txt", "AbCdEf0123456789"


def test_an_uploaded_file_is_served_exactly_and_checked_at_once(office, lotus_db: Branch) -> None:
    client, sent = desk.admin(lotus_db), io.BytesIO(f"{TEXT}\n".encode())
    sent.name = NAME
    assert desk.post(client, "file", file=sent).status_code == 303
    served = client_at(lotus_db).get(f"/{NAME}")
    assert (served.status_code, served.content, served["Content-Type"]) == (
        200, TEXT.encode(), "text/plain; charset=utf-8",
    )  # fmt: skip
    page = client.get(GUIDE).content.decode()
    assert desk.stand_of(page, "domains") == "good" and f'href="/{NAME}"' in page


def test_both_parts_can_be_pasted_and_a_file_removed(office, lotus_db: Branch) -> None:
    client = desk.admin(lotus_db)
    assert desk.post(client, "file", file_name=NAME, content=TEXT).status_code == 303
    assert client_at(lotus_db).get(f"/{NAME}").status_code == 200
    assert desk.post(client, "file/remove", file_name=NAME).status_code == 303
    assert client_at(lotus_db).get(f"/{NAME}").status_code == 404
    assert desk.post(client, "file/remove", file_name=NAME).status_code == 404
    assert desk.stand_of(client.get(GUIDE).content.decode(), "domains") == "todo"


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [("mp_verify_AbCdEf0123456789.txt", TEXT, "file_name"), ("MP_verify_short.txt", TEXT, "file_name"),
     ("../etc/passwd", TEXT, "file_name"), (NAME, "<script>", "content"), (NAME, "", "content")],
)  # fmt: skip
def test_another_name_or_content_is_refused_at_its_field(
    office, lotus_db: Branch, name: str, content: str, field: str
) -> None:
    answer = desk.post(desk.admin(lotus_db), "file", file_name=name, content=content)
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and f'id="{field.replace("_", "-").replace("content", "file-content")}-error"' in page
    )
    assert not desk.read().verify_files


def test_no_more_than_five_are_kept(office) -> None:
    for number in range(5):
        services.keep_domain_file(
            file_name=f"MP_verify_{number:016d}.txt", content="a", by=actor("bai"), key=key()
        )  # fmt: skip
    with pytest.raises(BadAccount):
        services.keep_domain_file(file_name=NAME, content=TEXT, by=actor("bai"), key=key())


@pytest.mark.parametrize(
    "path", [f"/{NAME}x", f"/x{NAME}", "/MP_verify_AbCdEf012345678.txt", f"/{NAME}/", f"/{NAME}%0a"]
)
def test_nothing_but_the_exact_name_is_served(office, lotus_db: Branch, path: str) -> None:
    services.keep_domain_file(file_name=NAME, content=TEXT, by=actor("bai"), key=key())
    assert client_at(lotus_db).get(path).status_code in {404, 301}
    assert TEXT.encode() not in client_at(lotus_db).get(path, follow=True).content


def test_another_branchs_file_is_not_found(office, lotus_db: Branch, maple: Branch) -> None:
    services.keep_domain_file(file_name=NAME, content=TEXT, by=actor("bai"), key=key())
    assert client_at(maple).get(f"/{NAME}").status_code == 404
    assert client_at(lotus_db).get(f"/{NAME}").status_code == 200
