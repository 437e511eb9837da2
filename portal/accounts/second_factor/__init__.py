"""The second factor: codes from an app and recovery codes."""
