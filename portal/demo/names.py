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


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


COUNTRIES = (
    Country(
        "Syrië",
        "Syrische",
        "ar",
        _words("Aleppo, Homs, Damascus, Daraa, Qamishli, Idlib"),
        _words("Amina, Rania, Hala, Samar, Nour, Rim, Lina, Hiba, Dima, Yara, Maysa, Ghada, Sawsan"),
        _words("Omar, Khaled, Bassel, Yusuf, Anas, Tarek, Mazen, Firas, Nabil, Ziad, Hussam, Wael"),
        _words("Haddad, al Masri, Khoury, al Ahmad, Darwish, Sabbagh, al Halabi, Kanaan, Najjar, Shamsi, Barakat"),
        22,
        True,
    ),
    Country(
        "Eritrea",
        "Eritrese",
        "ti",
        _words("Asmara, Keren, Mendefera, Dekemhare, Barentu"),
        _words("Selam, Feven, Rahwa, Senait, Luwam, Yordanos, Helen, Saba, Merhawit, Tsega"),
        _words("Samuel, Yonas, Filmon, Mikal, Robel, Tesfay, Kidane, Daniel, Abel, Henok"),
        _words("Tekle, Gebremeskel, Haile, Berhane, Weldu, Kifle, Tesfamariam, Araya, Habte, Ghebre"),
        13,
        True,
    ),
    Country(
        "Turkije",
        "Turkse",
        "tr",
        _words("Konya, Ankara, Kayseri, Trabzon, İzmir, Gaziantep"),
        _words("Ayşe, Zeynep, Elif, Gülşen, Şirin, Emine, Derya, Çiğdem, Nazlı, Büşra"),
        _words("Emre, Burak, Mehmet, Kerem, Hüseyin, Cem, Onur, Yiğit, Serkan, Ümit"),
        _words("Yıldız, Öztürk, Şahin, Çelik, Aydın, Kılıç, Doğan, Güneş, Arslan, Demirci"),
        10,
    ),
    Country(
        "Oekraïne",
        "Oekraïense",
        "uk",
        _words("Charkiv, Odesa, Lviv, Dnipro, Tsjernihiv, Poltava"),
        _words("Oksana, Iryna, Nataliia, Olena, Kateryna, Yuliia, Sofiia, Halyna, Viktoriia"),
        _words("Andrii, Taras, Mykola, Serhii, Bohdan, Oleh, Dmytro, Ihor"),
        _words("Kovalenko, Shevchuk, Bondar, Melnyk, Tkachenko, Lysenko, Hrytsenko, Moroz, Savchuk, Petrenko"),
        12,
    ),
    Country(
        "Afghanistan",
        "Afghaanse",
        "en",
        _words("Kabul, Herat, Mazar-i-Sharif, Kandahar, Ghazni"),
        _words("Zahra, Parwana, Shabnam, Laila, Fariba, Mursal, Nilofar"),
        _words("Ahmad, Farid, Hamid, Nasir, Jawad, Idris, Rahim"),
        _words("Rahimi, Sadat, Noori, Karimi, Popal, Wardak, Amiri, Safi"),
        8,
        True,
    ),
    Country(
        "Marokko",
        "Marokkaanse",
        "ar",
        _words("Nador, Al Hoceima, Tanger, Oujda, Fès"),
        _words("Fatima, Khadija, Naima, Hanane, Salma, Loubna, Ikram"),
        _words("Rachid, Said, Younes, Karim, Brahim, Mustapha, Jamal"),
        _words("el Idrissi, Bouzid, el Amrani, Benali, Azzouzi, el Khattabi, Tahiri, Ouali"),
        8,
    ),
    Country(
        "Somalië",
        "Somalische",
        "en",
        _words("Mogadishu, Hargeisa, Kismayo, Baidoa"),
        _words("Hodan, Sahra, Ifrah, Halimo, Ayaan, Ubax"),
        _words("Abdi, Liban, Mahad, Warsame, Guled, Sharif"),
        _words("Warsame, Farah, Jama, Abdullahi, Hirsi, Osman, Nuur"),
        6,
        True,
    ),
    Country(
        "Iran",
        "Iraanse",
        "en",
        _words("Teheran, Shiraz, Isfahan, Tabriz, Mashhad"),
        _words("Shirin, Nasrin, Mahsa, Roya, Azadeh, Parisa"),
        _words("Reza, Arash, Kaveh, Babak, Siavash, Mehdi"),
        _words("Hosseini, Tehrani, Moradi, Jafari, Rostami, Ebrahimi, Shirazi"),
        6,
        True,
    ),
    Country(
        "Polen",
        "Poolse",
        "en",
        _words("Łódź, Kraków, Gdańsk, Wrocław, Lublin"),
        _words("Agnieszka, Małgorzata, Zofia, Katarzyna, Joanna"),
        _words("Łukasz, Paweł, Michał, Grzegorz, Tomasz"),
        _words("Wójcik, Kowalczyk, Zieliński, Woźniak, Krawczyk, Dąbrowski"),
        5,
    ),
    Country(
        "Colombia",
        "Colombiaanse",
        "en",
        _words("Bogotá, Medellín, Cali, Barranquilla"),
        _words("Luz, María José, Paola, Ximena, Valentina"),
        _words("Andrés, Julián, Camilo, Sebastián, José Luis"),
        _words("de la Cruz, Peña, Muñoz, Rodríguez, Ospina, García Vélez"),
        4,
    ),
    Country(
        "Thailand",
        "Thaise",
        "en",
        _words("Udon Thani, Chiang Mai, Khon Kaen"),
        _words("Siriporn, Malee, Ploy, Kanya, Nok"),
        _words("Somchai, Anan, Niran"),
        _words("Srisai, Wongsa, Kaewmanee, Chaiyasit, Boonmee"),
        3,
    ),
    Country(
        "China",
        "Chinese",
        "en",
        _words("Wenzhou, Chengdu, Xiamen"),
        _words("Li Na, Xiaoling, Mei, Yan"),
        _words("Wei, Jun, Hao, Zhiming"),
        _words("Chen, Wang, Zhao, Lin, Huang, Xu"),
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
STREETS = _words(
    "Lijsterbesstraat, Merwedekade, Zonnebloemweg, Kastanjelaan, Westersingel, Havenstraat, Molenpad, Beukenlaan, "
    "Oude Haven, Stationsplein, Tulpstraat, Rozengracht, Noorderdijk, Spoorlaan, Gildestraat, Prinses Irenestraat"
)
STAFF = _words(
    "Marijke van Veen, Joost Bakker, Sanne de Wit, Karim Azzaoui, Ellen Postma, Tjeerd Hoekstra, Fenna Dijkstra, "
    "Ruud Smeets, Yasmin Kaya, Bas Verhoeven, Carla Mulder, Wim Scholten, Nadia Rossi, Pieter Blom, Ingrid Vos, "
    "Hanna Kuiper, Mo Chaouch, Lotte Prins, Gerard Kok, Ilse Brouwer, Dewi Santoso, Frank Peters, Anouk Jansen, "
    "Stefan Wolters, Roos Willems, Emiel Bosch, Tineke Maas, Achmed Talbi, Julia Hermans, Kees van Loon"
)
EDUCATION = _words(
    "geen onderwijs, basisonderwijs, enkele jaren middelbare school, middelbare school, beroepsopleiding, universiteit"
)
WORK = _words(
    "kok in een restaurant, naaister, verpleegkundige, bouwvakker, winkelmedewerker, leraar wiskunde, chauffeur, "
    "boer, elektricien, kapper, boekhouder, apotheker, schoonmaakwerk, timmerman"
)
DIPLOMAS = _words("diploma middelbare school, bachelor economie, vakdiploma kapper, rijbewijs B, diploma verpleegkunde")
RESIDENCE = _words("verblijfsvergunning asiel, verblijfsvergunning gezin, EU-burger, tijdelijke bescherming")
