"""Words in which schools write what the record keeps as one of a few: act, route, who pays, level, and so on."""

from enum import StrEnum

from portal.imports.workbooks.vocabulary import plain
from portal.learners.record.models import Gender, MaritalStatus
from portal.learners.trajectories.models import Act, Funding, Route, TargetGroup
from portal.progress.models import Rung

_CHOICES: dict[str, dict[StrEnum, str]] = {
    "learner.gender": {
        Gender.FEMALE: "v/vrouw/f/female/woman/mevrouw/mevr/mw/vrouwelijk/w",
        Gender.MALE: "m/man/male/de heer/dhr/heer/mannelijk",
        Gender.OTHER: "x/anders/other/overig/non binair/genderneutraal",
    },
    "learner.marital_status": {
        MaritalStatus.SINGLE: "alleenstaand/ongehuwd/single/alleen/vrijgezel/unmarried",
        MaritalStatus.MARRIED: "gehuwd/getrouwd/married/ja",
        MaritalStatus.PARTNERSHIP: "samenwonend/geregistreerd partnerschap/partnerschap/partnership/partner",
        MaritalStatus.DIVORCED: "gescheiden/divorced",
        MaritalStatus.WIDOWED: "weduwe/weduwnaar/verweduwd/widowed/widow/widower",
    },
    "trajectory.act": {
        Act.WI2013: "wi2013/2013/wet 2013/wet inburgering 2013/oude wet/oud/old/w2013/wi 13/13",
        Act.WI2021: "wi2021/2021/wet 2021/wet inburgering 2021/nieuwe wet/nieuw/new/w2021/wi 21/21/wi2022/2022",
        Act.VOLUNTARY: "vrijwillig/voluntary/vrij/geen/geen wet/niet plichtig/zelfbetaler/none/vrijwillige inburgering",
    },
    "trajectory.route": {
        Route.B1: "b1/b1 route/b1route/route b1/b1 traject",
        Route.EDUCATION: "onderwijs/onderwijsroute/education/education route/or/onderwijs route/o route",
        Route.Z: "z/z route/zroute/zelfredzaamheid/zelfredzaamheidsroute/self reliance/self reliance route/route z",
        Route.OTHER: "overig/anders/other/geen/none/a2/alfabetisering/staatsexamen/nt2",
    },
    "trajectory.target_group": {
        TargetGroup.ASYLUM: "asiel/asielmigrant/statushouder/vluchteling/asylum/asielstatushouder/refugee/as",
        TargetGroup.FAMILY: "gezin/gezinsmigrant/gezinshereniging/family/gezinsvormer/partner/gm/gezinsmigrant partner",
        TargetGroup.OTHER: "overig/anders/other/eu/kennismigrant/oudkomer",
    },
    "trajectory.funding": {
        Funding.DUO_LOAN: "duo/lening/duo lening/loan/sociale lening/lening duo/duo loan",
        Funding.MUNICIPALITY: "gemeente/municipality/gemeentelijk/pip/inkoop gemeente",
        Funding.EMPLOYER: "werkgever/employer/bedrijf",
        Funding.SELF: "zelf/zelfbetaler/eigen betaling/self/eigen rekening/particulier/eigen middelen",
    },
    "level": {
        Rung.ALFA_A: "alfa a/alfabetisering a/literacy a",
        Rung.ALFA_B: "alfa b/alfabetisering b/literacy b",
        Rung.ALFA_C: "alfa c/alfabetisering c/literacy c",
        Rung.A0: "a0/0/pre a1/nul/onder a1/geen",
        Rung.A1: "a1",
        Rung.A2: "a2",
        Rung.B1: "b1",
        Rung.B2: "b2",
        Rung.C1: "c1",
    },
}
WORDS: dict[str, dict[str, StrEnum]] = {
    key: {plain(word): choice for choice, words in choices.items() for word in words.split("/")}
    for key, choices in _CHOICES.items()
}
_LANGUAGES = {
    "nl": "nederlands/dutch/nl",
    "en": "engels/english/en",
    "ar": "arabisch/arabic/ar",
    "tr": "turks/turkish/tr",
    "uk": "oekraiens/ukrainian/uk/ua",
    "ti": "tigrinya/tigrigna/ti",
}
LANGUAGES: dict[str, str] = {plain(word): code for code, words in _LANGUAGES.items() for word in words.split("/")}
YES = frozenset(map(plain, ("ja", "j", "yes", "y", "x", "1", "true", "waar", "wel")))
NO = frozenset(map(plain, ("nee", "n", "no", "0", "false", "onwaar", "niet", "neen")))
PASSED = frozenset(
    map(plain, ("geslaagd", "behaald", "gehaald", "voldoende", "passed", "pass", "v", "g", "goed", *YES))
)
FAILED = frozenset(
    map(plain, ("gezakt", "niet behaald", "niet gehaald", "onvoldoende", "failed", "fail", "o", "niet geslaagd", *NO))
)
NOT_YET = frozenset(map(plain, ("nog niet", "gepland", "volgt", "open", "not yet", "planned", "bezig")))
