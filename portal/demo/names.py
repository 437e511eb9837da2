"""Words from which made-up people are put together: given and family names, places and papers, by country of birth.

Nobody here exists; the parts are common, the combinations are drawn.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """Where a made-up person was born, and how people are named there."""

    name: str
    nationality: str
    language: str
    places: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    weight: int
    is_refugee: bool = False


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


COUNTRIES = (
    Country(
        "Syrië",
        "Syrische",
        "ar",
        _names("Aleppo, Homs, Damascus, Daraa, Qamishli, Idlib"),
        _names("Amina, Rania, Hala, Samar, Nour, Rim, Lina, Hiba, Dima, Yara, Maysa, Ghada, Sawsan"),
        _names("Omar, Khaled, Bassel, Yusuf, Anas, Tarek, Mazen, Firas, Nabil, Ziad, Hussam, Wael"),
        _names("Haddad, al Masri, Khoury, al Ahmad, Darwish, Sabbagh, al Halabi, Kanaan, Najjar, Shamsi, Barakat"),
        22,
        True,
    ),
    Country(
        "Eritrea",
        "Eritrese",
        "ti",
        _names("Asmara, Keren, Mendefera, Dekemhare, Barentu"),
        _names("Selam, Feven, Rahwa, Senait, Luwam, Yordanos, Helen, Saba, Merhawit, Tsega"),
        _names("Samuel, Yonas, Filmon, Mikal, Robel, Tesfay, Kidane, Daniel, Abel, Henok"),
        _names("Tekle, Gebremeskel, Haile, Berhane, Weldu, Kifle, Tesfamariam, Araya, Habte, Ghebre"),
        13,
        True,
    ),
    Country(
        "Turkije",
        "Turkse",
        "tr",
        _names("Konya, Ankara, Kayseri, Trabzon, İzmir, Gaziantep"),
        _names("Ayşe, Zeynep, Elif, Gülşen, Şirin, Emine, Derya, Çiğdem, Nazlı, Büşra"),
        _names("Emre, Burak, Mehmet, Kerem, Hüseyin, Cem, Onur, Yiğit, Serkan, Ümit"),
        _names("Yıldız, Öztürk, Şahin, Çelik, Aydın, Kılıç, Doğan, Güneş, Arslan, Demirci"),
        10,
    ),
    Country(
        "Oekraïne",
        "Oekraïense",
        "uk",
        _names("Charkiv, Odesa, Lviv, Dnipro, Tsjernihiv, Poltava"),
        _names("Oksana, Iryna, Nataliia, Olena, Kateryna, Yuliia, Sofiia, Halyna, Viktoriia"),
        _names("Andrii, Taras, Mykola, Serhii, Bohdan, Oleh, Dmytro, Ihor"),
        _names("Kovalenko, Shevchuk, Bondar, Melnyk, Tkachenko, Lysenko, Hrytsenko, Moroz, Savchuk, Petrenko"),
        12,
    ),
    Country(
        "Afghanistan",
        "Afghaanse",
        "en",
        _names("Kabul, Herat, Mazar-i-Sharif, Kandahar, Ghazni"),
        _names("Zahra, Parwana, Shabnam, Laila, Fariba, Mursal, Nilofar"),
        _names("Ahmad, Farid, Hamid, Nasir, Jawad, Idris, Rahim"),
        _names("Rahimi, Sadat, Noori, Karimi, Popal, Wardak, Amiri, Safi"),
        8,
        True,
    ),
    Country(
        "Marokko",
        "Marokkaanse",
        "ar",
        _names("Nador, Al Hoceima, Tanger, Oujda, Fès"),
        _names("Fatima, Khadija, Naima, Hanane, Salma, Loubna, Ikram"),
        _names("Rachid, Said, Younes, Karim, Brahim, Mustapha, Jamal"),
        _names("el Idrissi, Bouzid, el Amrani, Benali, Azzouzi, el Khattabi, Tahiri, Ouali"),
        8,
    ),
    Country(
        "Somalië",
        "Somalische",
        "en",
        _names("Mogadishu, Hargeisa, Kismayo, Baidoa"),
        _names("Hodan, Sahra, Ifrah, Halimo, Ayaan, Ubax"),
        _names("Abdi, Liban, Mahad, Warsame, Guled, Sharif"),
        _names("Warsame, Farah, Jama, Abdullahi, Hirsi, Osman, Nuur"),
        6,
        True,
    ),
    Country(
        "Iran",
        "Iraanse",
        "en",
        _names("Teheran, Shiraz, Isfahan, Tabriz, Mashhad"),
        _names("Shirin, Nasrin, Mahsa, Roya, Azadeh, Parisa"),
        _names("Reza, Arash, Kaveh, Babak, Siavash, Mehdi"),
        _names("Hosseini, Tehrani, Moradi, Jafari, Rostami, Ebrahimi, Shirazi"),
        6,
        True,
    ),
    Country(
        "Polen",
        "Poolse",
        "en",
        _names("Łódź, Kraków, Gdańsk, Wrocław, Lublin"),
        _names("Agnieszka, Małgorzata, Zofia, Katarzyna, Joanna"),
        _names("Łukasz, Paweł, Michał, Grzegorz, Tomasz"),
        _names("Wójcik, Kowalczyk, Zieliński, Woźniak, Krawczyk, Dąbrowski"),
        5,
    ),
    Country(
        "Colombia",
        "Colombiaanse",
        "en",
        _names("Bogotá, Medellín, Cali, Barranquilla"),
        _names("Luz, María José, Paola, Ximena, Valentina"),
        _names("Andrés, Julián, Camilo, Sebastián, José Luis"),
        _names("de la Cruz, Peña, Muñoz, Rodríguez, Ospina, García Vélez"),
        4,
    ),
    Country(
        "Thailand",
        "Thaise",
        "en",
        _names("Udon Thani, Chiang Mai, Khon Kaen"),
        _names("Siriporn, Malee, Ploy, Kanya, Nok"),
        _names("Somchai, Anan, Niran"),
        _names("Srisai, Wongsa, Kaewmanee, Chaiyasit, Boonmee"),
        3,
    ),
    Country(
        "China",
        "Chinese",
        "en",
        _names("Wenzhou, Chengdu, Xiamen"),
        _names("Li Na, Xiaoling, Mei, Yan"),
        _names("Wei, Jun, Hao, Zhiming"),
        _names("Chen, Wang, Zhao, Lin, Huang, Xu"),
        3,
    ),
)

# Married names: a good share of learners carries one with a tussenvoegsel.
PREFIXED = (
    ("van der", "Berg"),
    ("van den", "Heuvel"),
    ("de", "Vries"),
    ("van", "Dijk"),
    ("ter", "Horst"),
    ("van 't", "Hof"),
    ("de", "Bruijn"),
    ("van de", "Ven"),
)
STREETS = _names(
    "Lijsterbesstraat, Merwedekade, Zonnebloemweg, Kastanjelaan, Westersingel, Havenstraat, Molenpad, Beukenlaan, "
    "Oude Haven, Stationsplein, Tulpstraat, Rozengracht, Noorderdijk, Spoorlaan, Gildestraat, Prinses Irenestraat"
)
STAFF = _names(
    "Marijke van Veen, Joost Bakker, Sanne de Wit, Karim Azzaoui, Ellen Postma, Tjeerd Hoekstra, Fenna Dijkstra, "
    "Ruud Smeets, Yasmin Kaya, Bas Verhoeven, Carla Mulder, Wim Scholten, Nadia Rossi, Pieter Blom, Ingrid Vos, "
    "Hanna Kuiper, Mo Chaouch, Lotte Prins, Gerard Kok, Ilse Brouwer, Dewi Santoso, Frank Peters, Anouk Jansen, "
    "Stefan Wolters, Roos Willems, Emiel Bosch, Tineke Maas, Achmed Talbi, Julia Hermans, Kees van Loon"
)
EDUCATION = _names(
    "geen onderwijs, basisonderwijs, enkele jaren middelbare school, middelbare school, beroepsopleiding, universiteit"
)
WORK = _names(
    "kok in een restaurant, naaister, verpleegkundige, bouwvakker, winkelmedewerker, leraar wiskunde, chauffeur, "
    "boer, elektricien, kapper, boekhouder, apotheker, schoonmaakwerk, timmerman"
)
DIPLOMAS = _names("diploma middelbare school, bachelor economie, vakdiploma kapper, rijbewijs B, diploma verpleegkunde")
RESIDENCE = _names("verblijfsvergunning asiel, verblijfsvergunning gezin, EU-burger, tijdelijke bescherming")
