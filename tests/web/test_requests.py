"""The app's request: what is uploaded stays in memory."""

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


def test_the_portal_itself_reads_requests_so(app: Flask) -> None:
    assert app.request_class is PortalRequest
