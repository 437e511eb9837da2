"""The statements that a school may begin with, in plain words of our own; what it changes is the school's."""

from portal.progress.models import Rung, Skill


def _l(text: str) -> str:
    """Mark a text for the catalogues and return it as it is: it is stored, and translated where it is shown."""
    return text


DEFAULTS: tuple[tuple[Skill, Rung, str], ...] = (
    (Skill.READING, Rung.ALFA_A, _l("Ik kan korte woorden lezen, zoals: bus, huis en kaas.")),
    (Skill.READING, Rung.ALFA_B, _l("Ik kan een korte zin lezen.")),
    (Skill.READING, Rung.ALFA_C, _l("Ik kan een kort bericht lezen en begrijpen.")),
    (Skill.READING, Rung.A1, _l("Ik kan in een bericht lezen op welke dag en hoe laat iets is.")),
    (Skill.READING, Rung.A1, _l("Ik kan lezen wat iets kost in de winkel.")),
    (Skill.READING, Rung.A2, _l("Ik kan een gewone brief van school of gemeente begrijpen.")),
    (Skill.READING, Rung.A2, _l("Ik kan op internet vinden wat ik zoek, zoals een adres of een prijs.")),
    (Skill.READING, Rung.B1, _l("Ik kan een kort nieuwsbericht lezen en vertellen wat er staat.")),
    (Skill.READING, Rung.B1, _l("Ik kan een uitleg lezen en daarna doen wat er staat.")),
    (Skill.READING, Rung.B2, _l("Ik kan in een lange tekst vinden wat de schrijver ervan vindt.")),
    (Skill.LISTENING, Rung.A1, _l("Ik kan getallen, tijden en prijzen verstaan.")),
    (Skill.LISTENING, Rung.A1, _l("Ik kan een korte vraag over mijzelf begrijpen.")),
    (Skill.LISTENING, Rung.A2, _l("Ik kan begrijpen wat de dokter of de juf tegen mij zegt.")),
    (Skill.LISTENING, Rung.A2, _l("Ik kan aan de telefoon een korte boodschap verstaan.")),
    (Skill.LISTENING, Rung.B1, _l("Ik kan een gesprek op het werk volgen.")),
    (Skill.LISTENING, Rung.B1, _l("Ik kan op de radio horen waar het nieuws over gaat.")),
    (Skill.LISTENING, Rung.B2, _l("Ik kan een discussie volgen, ook als mensen snel praten.")),
    (Skill.WRITING, Rung.ALFA_A, _l("Ik kan mijn naam schrijven.")),
    (Skill.WRITING, Rung.ALFA_B, _l("Ik kan woorden schrijven die ik hoor.")),
    (Skill.WRITING, Rung.ALFA_C, _l("Ik kan een korte zin over mijzelf schrijven.")),
    (Skill.WRITING, Rung.A1, _l("Ik kan een formulier invullen met mijn naam en adres.")),
    (Skill.WRITING, Rung.A1, _l("Ik kan een kort bericht sturen, zoals: ik kom later.")),
    (Skill.WRITING, Rung.A2, _l("Ik kan een e-mail schrijven om een afspraak te maken.")),
    (Skill.WRITING, Rung.A2, _l("Ik kan in een paar zinnen schrijven wat ik vandaag deed.")),
    (Skill.WRITING, Rung.B1, _l("Ik kan in een e-mail uitleggen wat er mis is en wat ik wil.")),
    (Skill.WRITING, Rung.B1, _l("Ik kan schrijven wat ik van iets vind en waarom.")),
    (Skill.WRITING, Rung.B2, _l("Ik kan een duidelijk verslag schrijven voor mijn werk of studie.")),
    (Skill.SPEAKING, Rung.A1, _l("Ik kan zeggen wie ik ben en waar ik woon.")),
    (Skill.SPEAKING, Rung.A1, _l("Ik kan vragen wat iets kost.")),
    (Skill.SPEAKING, Rung.A2, _l("Ik kan vertellen over mijn familie en mijn werk.")),
    (Skill.SPEAKING, Rung.A2, _l("Ik kan bellen om te zeggen dat ik ziek ben.")),
    (Skill.SPEAKING, Rung.B1, _l("Ik kan vertellen wat ik heb meegemaakt.")),
    (Skill.SPEAKING, Rung.B1, _l("Ik kan zeggen wat ik vind en waarom.")),
    (Skill.SPEAKING, Rung.B2, _l("Ik kan voor een groep uitleg geven over mijn werk of studie.")),
    (Skill.CONVERSATION, Rung.A1, _l("Ik kan iemand groeten en vragen hoe het gaat.")),
    (Skill.CONVERSATION, Rung.A1, _l("Ik kan vragen of iemand langzamer praat.")),
    (Skill.CONVERSATION, Rung.A2, _l("Ik kan met mijn buren praten over gewone dingen.")),
    (Skill.CONVERSATION, Rung.A2, _l("Ik kan samen een afspraak maken.")),
    (Skill.CONVERSATION, Rung.B1, _l("Ik kan een probleem bespreken en samen iets bedenken.")),
    (Skill.CONVERSATION, Rung.B1, _l("Ik kan meepraten over het nieuws.")),
    (Skill.CONVERSATION, Rung.B2, _l("Ik kan met collega's praten zonder naar woorden te zoeken.")),
)
