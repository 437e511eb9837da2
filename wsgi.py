"""The app for the web server."""

from portal.app import create_app

app = create_app()
