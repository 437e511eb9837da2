"""The app's request: what is uploaded stays in memory, and no parameter holds a NUL."""

from io import BytesIO

from flask import Flask, request

from portal.web.requests import PortalRequest

FIELD = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nAmina\r\n'
UPLOAD = b'--x\r\nContent-Disposition: form-data; name="workbook"; filename="lijst.xlsx"\r\n\r\n'


def test_a_large_upload_lies_in_no_temporary_file() -> None:
    app = Flask(__name__)
    app.request_class = PortalRequest
    body = FIELD + UPLOAD + bytes(900_000) + b"\r\n--x--\r\n"
    with app.test_request_context("/", method="POST", data=body, content_type="multipart/form-data; boundary=x"):
        uploaded = request.files["workbook"]
        assert isinstance(uploaded.stream, BytesIO)
        assert (uploaded.filename, len(uploaded.stream.read())) == ("lijst.xlsx", 900_000)
        assert request.form["name"] == "Amina"


def test_no_parameter_holds_a_nul() -> None:
    app = Flask(__name__)
    app.request_class = PortalRequest
    body = FIELD.replace(b"Amina", b"Am\0ina") + UPLOAD.replace(b"lijst", b"li\0jst") + b"x\r\n--x--\r\n"
    sent = {"data": body, "content_type": "multipart/form-data; boundary=x"}
    with app.test_request_context("/?wa%00t=%00een&wat=twee", method="POST", **sent):
        assert request.args.getlist("wat") == ["een", "twee"]
        assert (request.form["name"], request.files["workbook"].filename) == ("Amina", "lijst.xlsx")


def test_the_portal_itself_reads_requests_so(app: Flask) -> None:
    assert app.request_class is PortalRequest
