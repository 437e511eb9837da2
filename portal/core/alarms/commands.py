"""The subcommand for alarms: health."""

import click

from portal.config import settings_or_exit
from portal.core.alarms.names import AlarmName
from portal.core.alarms.services import find_alarms
from portal.core.alarms.sources import Sources


@click.command()
def health() -> None:
    """Look for every alarm now and say of each whether it is on, why, and what to do: exit 1 where one is on."""
    found = find_alarms(Sources(settings_or_exit()))
    for name in AlarmName:
        those = [each for each in found.alarms if each.name is name]
        for alarm in those:
            click.echo(f"{name}: ON: {alarm.why}\n    {alarm.what_to_do}")
        if not those:
            click.echo(f"{name}: {'not known' if name in found.unknown else 'off'}")
    if found.alarms:
        on = len({each.name for each in found.alarms})
        raise click.ClickException(f"{on} {'alarm is' if on == 1 else 'alarms are'} on")


COMMANDS = (health,)
